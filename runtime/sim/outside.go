package sim

import (
	"context"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Calls of real Python are outside of the world: they take real time. A short one is waited for at once, so that the order of
// things stays the seed's. While a longer one is on its way, others go on, and the world's time passes as fast as the real
// one: then a call's timeout stops it when it should.

// shortCall is how long the world stands still for a call.
const shortCall = 500 * time.Millisecond

// outside are the calls on their way.
type outside struct {
	calls    int
	waiting  []*task   // for them
	patience time.Time // until when the world stands still for the latest one
	arrived  chan func()
	over     chan struct{} // closed when the world ends: nothing that arrives matters any more
}

func (o *outside) arrive(what func()) {
	select {
	case o.arrived <- what:
	case <-o.over:
	}
}

// wait lets things arrive: what has, and what comes while the world stands still.
func (o *outside) wait() {
	for o.calls > 0 {
		select {
		case arrival := <-o.arrived:
			arrival()
			continue
		default:
		}
		left := time.Until(o.patience)
		if left <= 0 || !o.waitFor(left) {
			return
		}
	}
}

// waitFor lets the next thing arrive, if it comes in time.
func (o *outside) waitFor(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case arrival := <-o.arrived:
		arrival()
		return true
	case <-timer.C:
		return false
	}
}

// callOutside makes a call of real Python. What it tells on the way arrives between two steps.
func (w *world) callOutside(ctx context.Context, python engine.Foreign, c engine.Call) (result engine.CallResult, err error) {
	t := w.current
	if t == nil {
		return python.Call(ctx, c)
	}
	if w.dead(t) {
		return result, context.Canceled
	}
	w.outside.calls++
	w.outside.waiting = append(w.outside.waiting, t)
	w.outside.patience = time.Now().Add(shortCall)
	begin, output := c.Begin, c.Output
	c.Begin = func() { w.outside.arrive(begin) }
	c.Output = func(s engine.Stream, line string) { w.outside.arrive(func() { output(s, line) }) }
	go func() {
		r, callErr := python.Call(ctx, c)
		w.outside.arrive(func() {
			result, err = r, callErr
			w.outside.calls--
			w.outside.waiting = slices.DeleteFunc(w.outside.waiting, func(other *task) bool { return other == t })
			w.ready = append(w.ready, t)
		})
	}()
	w.pause(t)
	w.dieIfDead(t)
	return result, err
}

// passReally waits for the next timer, or limit, or what arrives before.
func (w *world) passReally(limit time.Time) {
	next := limit
	if w.timers.Len() > 0 && w.timers[0].at.Before(limit) {
		next = w.timers[0].at
	}
	began := time.Now()
	if w.outside.waitFor(max(0, next.Sub(w.now))) {
		w.now = w.now.Add(min(time.Since(began), max(0, next.Sub(w.now))))
		return
	}
	w.now = next
	w.fireDue()
}
