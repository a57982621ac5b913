package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Runs in a process that somebody will end at a known time. Before that the run gives its thread up, with a snapshot, and
// the next run goes on. What it does not know how to interrupt is a Python call: one that is still going on is cut off, and the
// next run begins by making it again, which gives it all the time there is; if that is not enough either, it fails with
// Timeout. A call that must not be cut off (#[at_most_once]), or that is to have some time (#[timeout]), begins only where
// there is as much; else the run is over before it.

// Term is the time of a run in a process that will be ended.
type Term struct {
	// End is when the run gives the thread up. Writing the snapshot comes after that.
	End time.Time
	// Dead is when the process is surely gone: the lease ends then, and is not renewed.
	Dead time.Time
}

// RunUntil is Run in a process that will be ended.
func (e *Engine) RunUntil(ctx context.Context, id ID, term Term) (err error) {
	defer func() { e.hub.returned(id.Session, err) }()
	return e.outcome(e.run(ctx, id, e.token(), term))
}

// lease is how long a claim holds.
func (t Term) lease(now time.Time, usual time.Duration) time.Time {
	if t.Dead.IsZero() {
		return now.Add(usual)
	}
	return t.Dead
}

var errCutOff = errors.New("the run's time is over")

// left is how much of the run's time is left; false if it has no end.
func (r *run) left() (time.Duration, bool) {
	if r.term.End.IsZero() {
		return 0, false
	}
	return r.term.End.Sub(r.e.Clock.Now()), true
}

// cede ends the run for the benefit of the next one. A run that has done nothing goes on: the next one would be no better off.
func (r *run) cede() error {
	if !r.acted {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	return r.preempt()
}

// over ends the run if its time is.
func (r *run) over() error {
	if left, ends := r.left(); ends && left <= 0 {
		return r.cede()
	}
	return nil
}

// makeRoom ends the run if there is not as much time left as the call is to have.
func (c *calling) makeRoom() error {
	left, ends := c.r.left()
	if !ends || left > 0 && left >= seconds(c.spec.Attrs.TimeoutSeconds) && !c.spec.Attrs.AtMostOnce {
		return nil
	}
	return c.r.cede()
}

// untilTheEnd cuts an attempt off at the end of the run's time. What it returns prevents that.
func (c *calling) untilTheEnd(cancel context.CancelCauseFunc) (stop func()) {
	left, ends := c.r.left()
	if !ends {
		return func() {}
	}
	return c.r.e.Clock.AfterFunc(left, func() { cancel(errCutOff) })
}

// cutOff is what an attempt came to that was cut off: it is made again by a fresh run, or has failed.
func (c *calling) cutOff() (attempted, error) {
	w := &c.r.wait
	if !w.cut && !c.spec.Attrs.AtMostOnce {
		w.cut = true
		return attempted{}, c.r.cede()
	}
	message := fmt.Sprintf("%s was cut off by the end of its process, which had been given %v to it alone", c.call.Alias,
		c.r.e.Clock.Now().Sub(c.r.begun).Round(time.Second/10))
	return attempted{fault: &vm.Error{Kind: vm.ErrTimeout, Message: message}, final: c.spec.Attrs.AtMostOnce}, nil
}
