package sim

import (
	"context"
	"math/bits"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What is looked at when a session has ended.

// verdict compares what is stored with what was promised.
func (m *monitor) verdict(heads []*engine.Head, t *Transcript) {
	for _, h := range heads {
		known := m.threads[h.ID]
		if known == nil {
			m.fails(spawnsOnce, "there is a thread %s that nobody started", h.ID.Thread)
			continue
		}
		if h.Done && known.end != nil && !same(*known.end, h.Answer) {
			m.fails(decidesOnce, "the end of %s has changed", h.ID.Thread)
		}
		if t.Stuck == nil && len(t.Result.Stuck) == 0 && !h.Done {
			m.fails(comesToAnEnd, "%s has not ended", h.ID.Thread)
		}
		m.checkSlots(h.ID, known)
		m.checkLines(h.ID, t.Lines[h.ID.Thread])
	}
	m.checkCost(heads, t)
}

// checkSlots: what was logged is there.
func (m *monitor) checkSlots(id engine.ID, known *watched) {
	slots, _, err := m.store.Slots(context.Background(), id, 0)
	if err != nil || len(slots) != len(known.slots) {
		m.fails(decidesOnce, "the log of %s holds %d slots, and %d were stored (%v)", id.Thread, len(slots), len(known.slots), err)
		return
	}
	for _, s := range slots {
		if before := known.slots[s.Number]; before == nil || !same(before.slot.Answer, s.Answer) {
			m.fails(decidesOnce, "slot %d of %s holds another answer than before", s.Number, id.Thread)
		}
	}
}

// checkLines: a thread's own lines are numbered without a gap, and a call's are those of one attempt.
func (m *monitor) checkLines(id engine.ID, lines []engine.Line) {
	var printed uint64
	indexes := map[uint64]int{}
	attempts := map[uint64]int{}
	for _, l := range lines {
		if l.Stream == engine.Print {
			if l.Number != printed {
				m.fails(commitsOnce, "line %d of %s is where line %d should be", l.Number, id.Thread, printed)
			}
			printed++
			continue
		}
		if indexes[l.Call] == 0 {
			attempts[l.Call] = l.Attempt
		}
		if l.Index != indexes[l.Call] || l.Attempt != attempts[l.Call] {
			m.fails(commitsOnce, "line %d of attempt %d of call %d of %s is where line %d of attempt %d should be",
				l.Index, l.Attempt, l.Call, id.Thread, indexes[l.Call], attempts[l.Call])
		}
		indexes[l.Call]++
	}
}

// What a session may cost at most: so many requests for each thread, for each of its slots, and each time that it is given up;
// a fault may make all that be done again. Exact figures are in TestCost.
const (
	perThread = 8
	perSlot   = 2
	perRun    = 4 // park or preempt, claim, and what is read before the next
	// perLook is what the sweep does each time that it looks at a thread.
	perLook = 2
)

func (m *monitor) checkCost(heads []*engine.Head, t *Transcript) {
	steps := perThread + perRun*m.given
	for _, h := range heads {
		steps += perThread + perSlot*len(m.threads[h.ID].slots)
	}
	if spent := t.Requests.Writes + t.Requests.Reads; spent > steps*(1+m.w.faults) {
		m.fails(costsLinear, "%d requests for %d threads and %d faults: at most %d are to be expected", spent, len(heads), m.w.faults, steps*(1+m.w.faults))
	}
	// The sweep looks at a thread at most as often as the time of its waits doubles, and after each fault.
	looks := 4 + bits.Len(uint(t.Took/time.Minute)) + m.w.faults
	if swept := t.Swept.Writes; swept > perLook*looks*len(heads) {
		m.fails(costsLinear, "the sweep has written %d times about %d threads, and %d faults, in %v: at most %d times is to be expected",
			swept, len(heads), m.w.faults, t.Took, perLook*looks*len(heads))
	}
}
