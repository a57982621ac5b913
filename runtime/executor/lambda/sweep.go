package lambda

import (
	"context"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// A schedule has the store swept once a minute, which is too rarely for those who sleep for a few seconds. So one of the processes that
// sweep has the watch: it stays as long as somebody becomes due soon, and looks again and again who else does. Who parks until a time so
// soon sends an event that makes a process take the watch, if none has it. When nobody sleeps, nobody stays.

const (
	// sweepApart is how often who is on watch looks at the index: it hears of nothing.
	sweepApart = 2 * time.Second
	// indexLag is by how much the index of what is due lags behind, usually.
	indexLag = time.Second
)

// sweep looks at what is due, and, on watch, wakes who is to be woken soon; as far as it gets. One that was sent for by an alarm does
// nothing if another process has the watch.
func (h *Handler) sweep(ctx context.Context, end time.Time, alarm bool) error {
	ctx, cancel := context.WithTimeout(ctx, end.Sub(h.clock.Now()))
	defer cancel()
	lookout := h.engine.Lookout()
	if !alarm {
		err := h.engine.Sweep(ctx)
		next, nextErr := lookout.Next(ctx)
		if err = first(err, nextErr); err != nil || next.IsZero() {
			return unlessOver(ctx, err)
		}
	}
	for {
		watch, err := h.engine.Watch(ctx, end)
		if watch == nil {
			return unlessOver(ctx, err)
		}
		failed := h.stay(ctx, lookout)
		err = first(failed, watch.Leave(context.WithoutCancel(ctx)))
		if err != nil || h.clock.Sleep(ctx, indexLag) != nil {
			return unlessOver(ctx, err)
		}
		// Who parked before that, and found the watch taken, is in the index by now.
		if next, err := lookout.Next(ctx); err != nil || next.IsZero() {
			return unlessOver(ctx, err)
		}
	}
}

// stay wakes who is to be woken, until there is nobody soon.
func (h *Handler) stay(ctx context.Context, lookout *engine.Lookout) error {
	for {
		next, err := lookout.Next(ctx)
		if err != nil || next.IsZero() {
			return err
		}
		left := next.Sub(h.clock.Now())
		if left <= 0 {
			if err := h.engine.Sweep(ctx); err != nil {
				return err
			}
			left = sweepApart / 4 // an index that lags behind shows who was woken
		}
		if h.clock.Sleep(ctx, min(left, sweepApart)) != nil {
			return nil
		}
	}
}

// unlessOver is an error, unless it is only that the time is over: the next one goes on.
func unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Alarm sends for a process to take the watch.
func (x *Executor) Alarm(ctx context.Context, p engine.Place, _ time.Time) error {
	return x.send(ctx, p, event{Sweep: true, Alarm: true})
}
