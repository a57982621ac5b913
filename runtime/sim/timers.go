package sim

import (
	"container/heap"
	"context"
	"slices"
	"time"
)

// The world's time stands still while any task can go on, unless a fault lets it pass, and then jumps to the next timer.

// sleep waits for a time, or for the context.
func (w *world) sleep(ctx context.Context, d time.Duration) error {
	t := w.current
	if t == nil || w.dead(t) {
		return nil
	}
	t.ctx = ctx
	w.asleep = append(w.asleep, t)
	stop := w.after(d, func() {
		if at := slices.Index(w.asleep, t); at >= 0 {
			w.asleep = slices.Delete(w.asleep, at, at+1)
			w.ready = append(w.ready, t)
		}
	})
	w.pause(t)
	stop()
	w.dieIfDead(t)
	return ctx.Err()
}

// wakeCancelled lets those go on whose sleep was cancelled.
func (w *world) wakeCancelled() {
	w.asleep = slices.DeleteFunc(w.asleep, func(t *task) bool {
		over := t.ctx.Err() != nil || w.dead(t)
		if over {
			w.ready = append(w.ready, t)
		}
		return over
	})
}

// after calls fire, between two steps, when the time has come.
func (w *world) after(d time.Duration, fire func()) (stop func()) {
	w.order++
	t := &timer{at: w.now.Add(d), order: w.order, fire: fire}
	heap.Push(&w.timers, t)
	return func() { t.fire = nil }
}

// advance jumps to the next timer that is not later than limit; if there is none, to limit.
func (w *world) advance(limit time.Time) {
	for w.timers.Len() > 0 && w.timers[0].fire == nil {
		heap.Pop(&w.timers)
	}
	if w.outside.calls > 0 {
		w.passReally(limit)
		return
	}
	if w.timers.Len() == 0 || w.timers[0].at.After(limit) {
		w.now = limit
		return
	}
	if at := w.timers[0].at; at.After(w.now) {
		w.now = at
	}
	w.fireDue()
}

// fireDue fires the first timer if its time has come.
func (w *world) fireDue() bool {
	if w.timers.Len() == 0 || w.timers[0].at.After(w.now) {
		return false
	}
	if t := heap.Pop(&w.timers).(*timer); t.fire != nil {
		t.fire()
	}
	return true
}

// leap lets time pass though there are tasks that could go on, so that what they hold by a lease ends.
func (w *world) leap(d time.Duration) {
	w.now = w.now.Add(d)
	for w.fireDue() {
	}
}

// timer is something to do at a time.
type timer struct {
	at    time.Time
	order uint64
	fire  func() // nil when it was stopped
}

// timers is a heap, earliest first, of the same time the one made first.
type timers []*timer

func (q timers) Len() int { return len(q) }

func (q timers) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].order < q[j].order
	}
	return q[i].at.Before(q[j].at)
}

func (q timers) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for container/heap.
func (q *timers) Push(x any) { *q = append(*q, x.(*timer)) }

// Pop is for container/heap.
func (q *timers) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}
