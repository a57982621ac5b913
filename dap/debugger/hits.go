package debugger

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Hits says which passes of a place count: the zero value means all.
type Hits struct {
	op string
	n  uint64
}

// ParseHits reads the text of a hit count: "5" or "==5" the fifth only, ">3", ">=3", "<3", "<=3", "%2" every second. "" is all.
func ParseHits(text string) (Hits, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Hits{}, nil
	}
	h := Hits{op: "=="}
	for _, op := range []string{">=", "<=", "==", ">", "<", "%", "="} {
		if rest, ok := strings.CutPrefix(text, op); ok {
			h.op, text = op, rest
			break
		}
	}
	if h.op == "=" {
		h.op = "=="
	}
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	if err != nil || n == 0 && h.op != ">" && h.op != ">=" {
		return Hits{}, fmt.Errorf("the hit count %q is not a number from 1 on, nor one after >, >=, <, <=, == or %%: as 5, >3, %%2", text)
	}
	h.n = n
	return h, nil
}

// Count says whether a pass counts, by its number from 1 on.
func (h Hits) Count(number uint64) bool {
	switch h.op {
	case "==":
		return number == h.n
	case ">":
		return number > h.n
	case ">=":
		return number >= h.n
	case "<":
		return number < h.n
	case "<=":
		return number <= h.n
	case "%":
		return number%h.n == 0
	}
	return true
}

// matter is how many passes have to be remembered: all later ones are alike.
func (h Hits) matter() uint64 {
	if h.op == "%" {
		return ^uint64(0)
	}
	return h.n
}

// tally numbers the instants at which something was passed, in the order in which that happened first. It is used by several goroutines.
type tally struct {
	mu     sync.Mutex
	limit  uint64
	total  uint64
	passes map[string][]pass // by thread, ascending
}

type pass struct{ at, number uint64 }

func newTally(limit uint64) *tally { return &tally{limit: limit, passes: map[string][]pass{}} }

// number is that of an instant, and whether it is the first time that it is passed. Beyond the limit nothing is remembered: every number is
// then the one behind it.
func (t *tally) number(thread string, at uint64) (number uint64, first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.passes[thread]
	i := len(all)
	if i > 0 && all[i-1].at >= at {
		var known bool
		i, known = slices.BinarySearchFunc(all, at, func(p pass, at uint64) int {
			switch {
			case p.at < at:
				return -1
			case p.at > at:
				return 1
			}
			return 0
		})
		if known {
			return all[i].number, false
		}
	}
	if t.total >= t.limit {
		return t.limit + 1, true
	}
	t.total++
	t.passes[thread] = slices.Insert(all, i, pass{at, t.total})
	return t.total, true
}
