package engine

import (
	"context"
	"fmt"
	"sync"
)

// Runs in other processes. An executor may let a run happen in a process of its own, by an engine there on the same store.
// What the engine here would have heard of by itself it is told instead: that the run has returned, and what the record says
// since then. If that process died, what it may have left undone is done here at once, rather than by the sweep.

// Alone is the part of an Executor that concerns a run which has its process to itself: while it waits there is nothing to
// give back, and nobody to give it to.
type Alone struct{}

// Outside waits.
func (Alone) Outside(wait func()) { wait() }

// Yield goes on.
func (Alone) Yield() {}

// Together runs each job on a goroutine of its own, the last one on the caller's.
func (Alone) Together(jobs ...func()) {
	last := len(jobs) - 1
	if last < 0 {
		return
	}
	var all sync.WaitGroup
	for _, job := range jobs[:last] {
		all.Go(job)
	}
	jobs[last]()
	all.Wait()
}

// Token draws the name of a run (see RunAs).
func (e *Engine) Token() string { return e.token() }

// RunAs is Run under a token that was drawn before. Who knows that a run has died may let another one have the thread at
// once by giving it the same token; who has two tokens for one thread has it run once at a time.
func (e *Engine) RunAs(ctx context.Context, id ID, token string) (err error) {
	defer func() { e.hub.returned(id.Session, err) }()
	return e.outcome(e.run(ctx, id, token, Term{}))
}

// Invoke lets a run of a thread happen, as the engine of another process asks for it.
func (e *Engine) Invoke(id ID) error { return e.invoke(id) }

// Returned tells the engine of the end of an invocation whose run was not here: err is what went wrong in the outside world.
func (e *Engine) Returned(id ID, err error) { e.hub.returned(id.Session, err) }

// Noticed reads a thread's head after a run of it elsewhere, so that those who wait here for its end, or for the time when
// the sweep has to look at it, know.
func (e *Engine) Noticed(ctx context.Context, id ID) (*Head, error) {
	h, err := e.head(ctx, id)
	if err != nil {
		return nil, err
	}
	if h.Done {
		e.hub.finished(id)
		return h, nil
	}
	e.hub.due(h.Due)
	return h, nil
}

// Recover does what a run of the thread that has died may have left undone: waking those that wait for its end, or going on
// behind a wait that was released. It says whether the thread can be run; for that it takes the dead run's token, as the
// lease may still hold.
func (e *Engine) Recover(ctx context.Context, id ID) (runnable bool, err error) {
	h, err := e.Noticed(ctx, id)
	if err != nil {
		return false, err
	}
	if h.Done {
		return false, e.wakeAll(ctx, h)
	}
	if !h.Parked() {
		return true, nil
	}
	released, err := e.released(ctx, h, e.Clock.Now())
	if err != nil || !released {
		return false, err
	}
	return false, e.wake(ctx, id, h.Wait)
}

// LinesFrom reads the lines that a thread has committed with its slots from a number on and, if it has ended, with its end.
// It returns the number of the next slot. The lines of one call and the next, from that number on, are all of them, once.
func (e *Engine) LinesFrom(ctx context.Context, h *Head, from uint64) ([]Line, uint64, error) {
	slots, _, err := e.Store.Slots(ctx, h.ID, from)
	if err != nil {
		return nil, from, fmt.Errorf("read the log of %s: %w", h.ID, err)
	}
	records := make([]Data, 0, len(slots)+1)
	for _, s := range slots {
		records, from = append(records, s.Output), s.Number+1
	}
	if h.Done {
		records = append(records, h.Output)
	}
	var all []Line
	for _, record := range records {
		lines, err := e.Output(ctx, h.ID, record)
		if err != nil {
			return nil, from, err
		}
		all = append(all, lines...)
	}
	return all, from, nil
}
