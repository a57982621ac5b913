package lambdalocal

import (
	"fmt"
	"time"
)

// maxHops is how long a chain of functions that invoke each other may get.
const maxHops = 16

// event is an invocation that was asked for.
type event struct {
	number   int
	f        *Function
	payload  []byte
	hops     int
	failures int
	// answer, of a synchronous one, takes what it came to.
	answer chan outcome
}

// id is the request id: that of the event, however often it is delivered.
func (e *event) id() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", e.number) }

// trace is the header that counts the functions of a chain.
func (e *event) trace() string {
	return fmt.Sprintf("Root=1-00000000-%024d;Parent=%016d;Sampled=0;Lineage=1:%08d:%d", e.number, e.number, 1, e.hops)
}

// delivery is an event on its way to an environment.
type delivery struct {
	*event
	due time.Duration
}

// outcome is what an invocation came to. Kind is "" for a good one.
type outcome struct {
	kind, detail string
	body         []byte
}

// accept puts an asynchronous event into the queue, or lets something else become of it. l.mu is held.
func (l *Lambda) accept(e *event) {
	l.events++
	e.number = l.events
	l.note("invoke", e, nil, string(e.payload))
	switch {
	case e.hops > maxHops && !e.f.Recursion:
		l.note("recursion", e, nil, "")
		return
	case e.answer == nil && l.percent(l.faults.Drop):
		l.note("drop", e, nil, "")
		return
	}
	d := &delivery{event: e, due: l.now}
	if e.answer == nil && l.percent(l.faults.Delay) {
		d.due += l.late()
	}
	l.queue = append(l.queue, d)
	if e.answer == nil && l.percent(l.faults.Double) {
		l.note("double", e, nil, "")
		again := &delivery{event: e, due: d.due}
		if l.percent(50) {
			again.due += l.late()
		}
		l.queue = append(l.queue, again)
	}
	l.dispatch()
}

// late is up to ten minutes.
func (l *Lambda) late() time.Duration { return time.Duration(l.random.Int64N(int64(10 * time.Minute))) }

// dispatch gives events that are due to environments. l.mu is held.
func (l *Lambda) dispatch() {
	defer l.changed.Broadcast()
	if l.closed {
		return
	}
	if l.faults.Shuffle {
		l.random.Shuffle(len(l.queue), func(i, j int) { l.queue[i], l.queue[j] = l.queue[j], l.queue[i] })
	}
	rest := l.queue[:0]
	for _, d := range l.queue {
		if d.due > l.now || !l.deliver(d) {
			rest = append(rest, d)
		}
	}
	clear(l.queue[len(rest):])
	l.queue = rest
}

// deliver gives an event to an environment, if one is free or there may be another one.
func (l *Lambda) deliver(d *delivery) bool {
	var free *environment
	count := 0
	for _, e := range l.environments {
		if e.f != d.f {
			continue
		}
		count++
		if e.free() && free == nil {
			free = e
		}
	}
	if (free == nil || l.percent(l.faults.Cold)) && count < d.f.Environments {
		e, err := l.newEnvironment(d.f)
		if err != nil {
			l.note("error", d.event, nil, err.Error())
			return true
		}
		free = e
	}
	if free == nil {
		return false
	}
	free.take(d)
	return true
}

// conclude is what follows the end of an invocation. l.mu is held.
func (l *Lambda) conclude(e *environment, o outcome) {
	d := e.current
	e.current = nil
	if e.deadline != nil {
		e.deadline.Stop()
	}
	what := o.kind
	if what == "" {
		what = "done"
	}
	l.note(what, d.event, e, o.detail)
	switch {
	case d.answer != nil:
		d.answer <- o
	case o.kind != "" && d.failures < 2:
		d.failures++
		l.note("retry", d.event, nil, "")
		l.queue = append(l.queue, &delivery{event: d.event, due: l.now + time.Duration(d.failures)*time.Minute})
	case o.kind != "":
		l.note("dead", d.event, nil, o.detail)
	}
}
