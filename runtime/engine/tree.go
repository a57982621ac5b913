package engine

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// A session's threads are found from thread 0 on: that a thread has ended says how many children it has; those of others
// are found by probing.

// maxPipeline is the most heads that a run has in flight: a gap among a thread's children is never longer.
const maxPipeline = 64

// ChildID is the number of a thread's child, from 0.
func ChildID(thread string, index int) string { return thread + "." + strconv.Itoa(index) }

// Reader is the part of a Store that reads what sessions have left there.
type Reader interface {
	Limits() Limits
	Heads(ctx context.Context, ids []ID) ([]*Head, error)
	Slots(ctx context.Context, id ID, from uint64) ([]Slot, []Mark, error)
	Program(ctx context.Context, hash string) ([]byte, error)
	Blob(ctx context.Context, session, digest string) ([]byte, error)
}

var _ Reader = Store(nil)

// ReadHeads reads any number of heads of one session, each once; nil for those that do not exist.
func ReadHeads(ctx context.Context, s Reader, session string, threads []string) ([]*Head, error) {
	batch := s.Limits().Batch
	heads := make([]*Head, 0, len(threads))
	for len(threads) > 0 {
		n := min(batch, len(threads))
		ids := make([]ID, n)
		for i, thread := range threads[:n] {
			ids[i] = ID{session, thread}
		}
		found, err := s.Heads(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("read %d heads of %s: %w", n, session, err)
		}
		heads, threads = append(heads, found...), threads[n:]
	}
	return heads, nil
}

// Walk visits the heads of a session, parents before their children. It only reads.
func Walk(ctx context.Context, s Reader, session string, visit func(*Head) error) error {
	todo := []string{Root}
	for len(todo) > 0 {
		n := min(s.Limits().Batch, len(todo))
		heads, err := ReadHeads(ctx, s, session, todo[:n])
		if err != nil {
			return err
		}
		todo = todo[n:]
		for _, h := range heads {
			if h == nil {
				continue
			}
			children, err := Children(ctx, s, h)
			if err != nil {
				return err
			}
			if err := visit(h); err != nil {
				return err
			}
			todo = append(todo, children...)
		}
	}
	return nil
}

func (e *Engine) walk(ctx context.Context, session string, visit func(*Head) error) error {
	return Walk(ctx, e.Store, session, visit)
}

// Children are the numbers of the threads that a thread has started. It only reads.
func Children(ctx context.Context, s Reader, h *Head) ([]string, error) {
	threads := make([]string, 0, h.Spawned)
	for i := range h.Spawned {
		threads = append(threads, ChildID(h.ID.Thread, i))
	}
	if h.Done && !h.Outside || IsOutside(h.ID.Thread) {
		return threads, nil
	}
	return probe(ctx, s, h, threads)
}

func (e *Engine) children(ctx context.Context, h *Head) ([]string, error) {
	return Children(ctx, e.Store, h)
}

// probe adds the children that the head does not know of yet.
func probe(ctx context.Context, s Reader, h *Head, threads []string) ([]string, error) {
	for from := h.Spawned; ; {
		to := from + max(maxPipeline, s.Limits().Batch)
		var ask []string
		for i := from; i < to; i++ {
			ask = append(ask, ChildID(h.ID.Thread, i))
		}
		heads, err := ReadHeads(ctx, s, h.ID.Session, ask)
		if err != nil {
			return nil, fmt.Errorf("look for the children of %s: %w", h.ID, err)
		}
		last := from - 1
		for i, head := range heads {
			if head != nil {
				threads, last = append(threads, ask[i]), from+i
			}
		}
		if to-last > maxPipeline {
			return threads, nil
		}
		from = to
	}
}

// CompareThreads orders thread numbers: parents before children, children by number.
func CompareThreads(a, b string) int {
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		if c := cmp.Or(len(x)-len(y), strings.Compare(x, y)); c != 0 {
			return c
		}
		if !moreA || !moreB {
			return cmp.Compare(len(restA), len(restB))
		}
		a, b = restA, restB
	}
}
