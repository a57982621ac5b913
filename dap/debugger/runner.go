package debugger

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// portion is how many instructions a machine executes before it looks whether it may go on: well below a millisecond.
const portion = 100_000

// Run runs a machine for the engine. It returns what the machine asks for, however often the thread stood meanwhile.
func (l *Live) Run(ctx context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	t := l.enter(id, m)
	last := t.still
	for end := m.Steps() + fuel; ; {
		traps, plan, ok := l.admit(ctx, t)
		if !ok {
			return l.leave(t, vm.Fuel)
		}
		m.Attach(traps)
		began := m.Steps()
		outcome, stop := l.advance(t, m, plan)
		switch {
		case outcome == vm.Fault && m.Raised() == nil && l.stopsAtEnd(t, m, last):
		case stop.Reason != 0:
			l.arrive(t, m, plan, stop)
		case outcome != vm.Fuel && outcome != vm.Break || m.Steps() >= end:
			return l.leave(t, outcome)
		}
		if m.Steps() > began {
			last = nil
		}
	}
}

// enter takes a thread in that comes from outside.
func (l *Live) enter(id engine.ID, m *vm.Machine) *thread {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.threads[id.Thread]
	if t == nil {
		t = &thread{Thread: Thread{Name: id.Thread}} // it was ended from outside
	}
	t.machine, t.state, t.entered = m, stands, true
	l.changed.Broadcast()
	return t
}

// admit waits until the thread may go on; false if it never will.
func (l *Live) admit(ctx context.Context, t *thread) (traps *vm.Traps, p *plan, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held(t) && !l.closed && ctx.Err() == nil {
		l.await(ctx, t)
		if s := t.pending; s.Reason != 0 && !l.held(t) {
			t.pending = Stop{}
			l.stop(t, s)
		}
	}
	if l.closed || ctx.Err() != nil {
		return nil, nil, false
	}
	t.state, t.still = runs, nil
	return l.traps, t.plan, true
}

func (l *Live) held(t *thread) bool { return l.hold && l.going != t }

// await lets the thread stand until it may go on. Its place goes to others.
func (l *Live) await(ctx context.Context, t *thread) {
	t.state = stands
	if l.wanted == t {
		l.wanted = nil
		l.stop(t, Stop{Reason: OnPause})
	}
	l.changed.Broadcast()
	stopWaiting := context.AfterFunc(ctx, l.wake)
	defer stopWaiting()
	l.mu.Unlock()
	l.world.Executor.Outside(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for l.held(t) && !l.closed && ctx.Err() == nil {
			l.changed.Wait()
		}
	})
	l.mu.Lock()
}

// advance runs the machine for a portion, or until there is something to stop for.
func (l *Live) advance(t *thread, m *vm.Machine, p *plan) (vm.Outcome, Stop) {
	if p == nil {
		return l.judge(t, m, m.Run(portion))
	}
	for range portion / 10 {
		if p.reached(l.program, m) {
			return vm.Break, l.at(m, Stop{Reason: reasons[p.kind]})
		}
		if outcome := m.Run(1); outcome != vm.Fuel {
			return l.judge(t, m, outcome)
		}
	}
	return vm.Fuel, Stop{}
}

var reasons = map[planKind]Reason{over: AfterStep, into: AfterStep, out: AfterStep, first: AfterStep, entry: AtEntry}

// judge is what to stop for after an outcome.
func (l *Live) judge(t *thread, m *vm.Machine, outcome vm.Outcome) (vm.Outcome, Stop) {
	switch raised := m.Raised(); {
	case outcome != vm.Break:
		return outcome, Stop{}
	case raised == nil && t.stopped && m.Steps() == t.stoppedAt:
		return outcome, Stop{} // it stands there already; the next Run goes on from here
	case raised == nil:
		return outcome, l.at(m, Stop{Reason: AtBreakpoint})
	case m.Catches():
		return outcome, Stop{}
	default:
		return outcome, Stop{Reason: OnError, Error: raised}
	}
}

// at adds the breakpoints of the machine's place.
func (l *Live) at(m *vm.Machine, s Stop) Stop {
	f := m.Frames(1)[0]
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Breakpoints = l.breakpoints[Place{f.Function, f.PC}]
	if len(s.Breakpoints) == 0 && s.Reason == AtBreakpoint {
		return Stop{} // it was taken away meanwhile
	}
	return s
}

// stopsAtEnd stops at an error that came from outside and ended the thread. What is shown is where the thread waited.
func (l *Live) stopsAtEnd(t *thread, m *vm.Machine, last *vm.Machine) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	fault := m.Fault()
	source := l.threads[fault.Thread]
	seen := t.failed || l.failed[fault.Thread] && (source == nil || source != t)
	if !l.uncaught || seen || last == nil {
		return false
	}
	t.failed, t.still = true, last
	l.failed[t.Name] = true
	l.stop(t, Stop{Reason: OnError, Error: fault})
	return true
}

// arrive stops all threads because of this one. If others were faster it stands like any other: the end of its step is
// forgotten, anything else is told when they go on. So is the end of a step that was given up while the machine ran.
func (l *Live) arrive(t *thread, m *vm.Machine, p *plan, s Stop) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Reason == AfterStep && t.plan != p {
		return
	}
	t.state, t.stopped, t.stoppedAt = stands, true, m.Steps()
	if s.Reason == OnError {
		t.failed = true
		l.failed[t.Name] = true
	}
	if !l.held(t) {
		l.stop(t, s)
		return
	}
	if s.Reason != AfterStep {
		s.Thread, t.pending = t.ID, s
	}
}

// stop takes the permission to go on from all, and says why.
func (l *Live) stop(t *thread, s Stop) {
	l.halt()
	for _, other := range l.threads {
		other.plan = nil
	}
	if t != nil {
		s.Thread = t.ID
	}
	l.listener.Stopped(s)
	l.changed.Broadcast()
}

func (l *Live) halt() {
	l.hold, l.going, l.wanted = true, nil, nil
	l.clock.stand()
}

// leave returns the thread to the engine.
func (l *Live) leave(t *thread, outcome vm.Outcome) vm.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := t.machine
	switch outcome {
	case vm.Await, vm.Foreign, vm.Sleep:
		t.still = m.Still()
		t.wrote, t.written = l.pointOf(m, 0)
	case vm.Output:
		t.wrote, t.written = l.pointOf(m, 1)
	case vm.Spawn:
		l.spawned(t, m.Spawn())
	}
	t.state, t.machine = outside, nil
	if l.wanted == t && t.still != nil {
		l.stop(t, Stop{Reason: OnPause})
	}
	l.changed.Broadcast()
	return outcome
}

// manyFrames is how far the user's code is looked for.
const manyFrames = 20

// pointOf is where the innermost function of the user's is, or was some instructions ago.
func (l *Live) pointOf(m *vm.Machine, back int) (Point, bool) {
	for _, f := range m.Frames(manyFrames) {
		place := Place{f.Function, max(0, f.PC-back)}
		if _, _, user := l.program.at(place); user {
			return l.program.Point(place)
		}
		back = 0
	}
	return Point{}, false
}

// spawned gives a new thread its origin; a step into it follows it.
func (l *Live) spawned(t *thread, s vm.Spawned) {
	child := l.meet(s.Thread, s.Function.FunctionName())
	child.origin = s.Trace
	index, ok := s.Function.FunctionIndex()
	if t.plan == nil || t.plan.kind != into || !ok || !l.program.funcs[index].user && t.plan.user {
		return
	}
	t.plan, child.plan = nil, &plan{kind: first}
	if l.going == t {
		l.going = child
	}
}

// Provisional hands on a line of output.
func (l *Live) Provisional(line engine.Line) {
	l.mu.Lock()
	out := Line{Line: line}
	if t := l.threads[line.ID.Thread]; t != nil {
		out.Point, out.Known = t.wrote, t.written
	}
	l.mu.Unlock()
	l.listener.Wrote(out)
}

// Committed does nothing: the line was shown already.
func (l *Live) Committed(engine.Line) {}
