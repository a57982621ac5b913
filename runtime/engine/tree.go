package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A session's threads are found from thread 0 on: that a thread has ended says how many children it has; those of others
// are found by probing.

// maxPipeline is the most heads that a run has in flight: a gap among a thread's children is never longer.
const maxPipeline = 64

// ChildID is the number of a thread's child, from 0.
func ChildID(thread string, index int) string { return thread + "." + strconv.Itoa(index) }

// walk visits the heads of a session, parents before their children.
func (e *Engine) walk(ctx context.Context, session string, visit func(*Head) error) error {
	todo := []string{Root}
	for len(todo) > 0 {
		n := min(e.Store.Limits().Batch, len(todo))
		heads, err := e.heads(ctx, session, todo[:n])
		if err != nil {
			return err
		}
		todo = todo[n:]
		for _, h := range heads {
			if h == nil {
				continue
			}
			children, err := e.children(ctx, h)
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

// children are the numbers of the threads that a thread has started.
func (e *Engine) children(ctx context.Context, h *Head) ([]string, error) {
	threads := make([]string, 0, h.Spawned)
	for i := range h.Spawned {
		threads = append(threads, ChildID(h.ID.Thread, i))
	}
	if h.Done && !h.Outside || IsOutside(h.ID.Thread) {
		return threads, nil
	}
	return e.probe(ctx, h, threads)
}

// probe adds the children that the head does not know of yet.
func (e *Engine) probe(ctx context.Context, h *Head, threads []string) ([]string, error) {
	for from := h.Spawned; ; {
		to := from + max(maxPipeline, e.Store.Limits().Batch)
		var ask []string
		for i := from; i < to; i++ {
			ask = append(ask, ChildID(h.ID.Thread, i))
		}
		heads, err := e.heads(ctx, h.ID.Session, ask)
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
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
}
