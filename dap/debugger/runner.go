package debugger

import (
	"context"
	"fmt"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// The Runner: how machines run under a Live. A machine belongs to its Runner's goroutine while its thread runs, to Live.mu while it stands.

// portion is what a machine may use before it looks whether it may go on: well below a millisecond.
const portion = 100_000

// Run runs a machine for the engine. It returns what the machine asks for, however often the thread stood meanwhile; Break if it is to be
// edited.
func (l *Live) Run(ctx context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	t := l.enter(id, m)
	last := t.still
	for end := m.Steps() + fuel; ; {
		plan, why := l.admit(ctx, t)
		switch why {
		case toEdit:
			return l.leave(t, m, vm.Break)
		case toEnd, toBear:
			return l.leave(t, m, vm.Fuel)
		}
		began := m.Steps()
		outcome, stop := l.advance(ctx, t, m, plan, end)
		switch {
		case outcome == vm.Fault && l.stopsAtEnd(t, m, last):
		case stop.Reason != 0:
			l.arrive(t, m, plan, stop, last)
		case outcome == vm.Fuel && m.Steps() < end || outcome == vm.Break:
		default:
			return l.leave(t, m, outcome)
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
	if t.edited || t.resumed && !t.entered {
		t.edited, t.stopped, t.stoppedAt = false, true, m.Steps()
	}
	t.machine, t.state, t.entered = m, stands, true
	l.changed.Broadcast()
	return t
}

// admission says what a thread that came may do.
type admission uint8

const (
	toRun admission = iota
	toEdit
	toEnd
	// toBear: it is to stand, and the engine has not stored all threads that it started, which it does after a Fuel.
	toBear
)

// admit waits until the thread may go on, or is to be changed, or never will go on.
func (l *Live) admit(ctx context.Context, t *thread) (*plan, admission) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held(t) && !l.closed && ctx.Err() == nil {
		if t.bore {
			t.bore = false
			return nil, toBear
		}
		l.await(ctx, t)
		if t.edit != nil {
			return nil, toEdit
		}
		if s := t.pending; s.Reason != 0 && !l.held(t) {
			t.pending = Stop{}
			if s.Reason != AtBreakpoint || l.stops.Has(standsAt(t.machine)) {
				l.stop(t, s)
			}
		}
	}
	if l.closed || ctx.Err() != nil {
		return nil, toEnd
	}
	t.state, t.still = runs, nil
	return t.plan, toRun
}

func standsAt(m *vm.Machine) Place {
	function, pc := m.Place()
	return Place{function, pc}
}

func (l *Live) held(t *thread) bool { return l.hold && l.going != t }

// await lets the thread stand until it may go on, or is to be changed. Its place goes to others.
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
		for l.held(t) && !l.closed && ctx.Err() == nil && t.edit == nil {
			l.changed.Wait()
		}
	})
	l.mu.Lock()
}

// advance runs the machine for a portion, or until there is something to stop for; never beyond end.
func (l *Live) advance(ctx context.Context, t *thread, m *vm.Machine, p *plan, end uint64) (vm.Outcome, Stop) {
	looked := l.news.Load()
	for limit := m.Spent() + portion; m.Spent() < limit && m.Steps() < end && l.news.Load() == looked; {
		if m.Deliver() {
			if stop := l.judge(ctx, t, m, p); stop.Reason != 0 {
				return vm.Break, stop
			}
		}
		if p != nil && m.Fault() == nil && p.reached(l.program, m) {
			return vm.Break, l.stepped(ctx, m, p)
		}
		outcome, stop := l.run(ctx, m, p, min(limit-m.Spent(), end-m.Steps()))
		if outcome == vm.Break && stop.Reason == 0 {
			stop = l.judge(ctx, t, m, p)
		}
		if stop.Reason != 0 || outcome != vm.Break && outcome != vm.Fuel {
			return outcome, stop
		}
	}
	return vm.Fuel, Stop{}
}

// run runs the machine towards the end of its plan, or, without one, on. A Stop is for what it has written.
func (l *Live) run(ctx context.Context, m *vm.Machine, p *plan, fuel uint64) (vm.Outcome, Stop) {
	var way stretch
	if p != nil {
		way = p.next(m)
	}
	lines := noLines
	if way.lines && !way.single {
		if lines = userLines; way.anywhere {
			lines = allLines
		}
	}
	m.Attach(l.stops.traps(m.Code(), lines))
	if watches := l.watches(m); len(watches) > 0 {
		return l.watch(ctx, m, p, fuel, watches)
	}
	if way.single {
		return m.RunAbove(1, 0), Stop{}
	}
	return m.RunAbove(fuel, way.floor), Stop{}
}

// watches are those of a machine that has to be watched. Those whose frames have returned are over.
func (l *Live) watches(m *vm.Machine) []*Watch {
	if !l.stops.Watched(m) {
		return nil
	}
	for _, w := range l.stops.gone(m) {
		if w.End(m) {
			l.listener.Logged(l.endOf(w, m))
		}
	}
	return l.stops.Watches(m)
}

// watch runs a machine some of whose registers are watched. With a plan it goes one instruction.
func (l *Live) watch(ctx context.Context, m *vm.Machine, p *plan, fuel uint64, watches []*Watch) (vm.Outcome, Stop) {
	if p != nil {
		fuel = 1
	}
	outcome, hit := m.RunWatching(fuel, Registers(watches))
	if hit < 0 {
		return outcome, Stop{}
	}
	stop := l.stops.AtWrite(ctx, m, watches[hit], l.futureNow)
	if stop.Reason == 0 {
		return vm.Fuel, stop
	}
	stop.Breakpoints = append(stop.Breakpoints, l.atPlace(ctx, m).Breakpoints...)
	return outcome, stop
}

// endOf tells of the end of a watch.
func (l *Live) endOf(w *Watch, m *vm.Machine) Log {
	log := Log{
		Text:    fmt.Sprintf("%s is watched no longer: %s has returned", w.Name, l.program.FunctionName(Place{Function: w.Function})),
		Instant: InstantOf(m),
	}
	function, pc := m.Place()
	log.Point, _ = l.program.Point(Place{function, pc})
	return log
}

var reasons = map[planKind]Reason{over: AfterStep, into: AfterStep, out: AfterStep, first: AfterStep, entry: AtEntry}

// stepped is the end of a step, with the breakpoints that it ended at.
func (l *Live) stepped(ctx context.Context, m *vm.Machine, p *plan) Stop {
	s := l.atPlace(ctx, m)
	s.Reason, s.Instant = reasons[p.kind], InstantOf(m)
	return s
}

// atPlace is what to stop for where the machine stands. What logpoints say is told.
func (l *Live) atPlace(ctx context.Context, m *vm.Machine) Stop {
	s, logs := l.stops.AtPlace(ctx, m, l.futureNow)
	for _, log := range logs {
		l.listener.Logged(log)
	}
	return s
}

// judge is what to stop for after a Break.
func (l *Live) judge(ctx context.Context, t *thread, m *vm.Machine, p *plan) Stop {
	switch raised := m.Raised(); {
	case raised != nil:
		return l.stops.AtError(m, l.seen(t, raised))
	case t.stopped && m.Steps() == t.stoppedAt:
		return Stop{} // it stands there already; the next Run goes on from here
	case p != nil && p.reached(l.program, m):
		return l.stepped(ctx, m, p)
	}
	return l.atPlace(ctx, m)
}

// seen says whether an error has ended another thread that was stopped at it.
func (l *Live) seen(t *thread, e *vm.Error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.Thread != "" && e.Thread != t.Name && l.failed[e.Thread]
}

// stopsAtEnd stops at an error that came from outside and ended the thread. What is shown is where the thread waited.
func (l *Live) stopsAtEnd(t *thread, m *vm.Machine, last *vm.Machine) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	fault := m.Fault()
	source := l.threads[fault.Thread]
	stop := l.stops.AtFault(m, t.failed || l.failed[fault.Thread] && (source == nil || source != t))
	if stop.Reason == 0 || m.Raised() != nil || last == nil {
		return false
	}
	t.failed, t.still = true, last
	l.failed[t.Name] = true
	stop.Instant = InstantOf(last)
	l.stop(t, stop)
	return true
}

// arrive stops all threads because of this one. If others were faster it stands like any other: the end of its step is
// forgotten, anything else is told when they go on. So is the end of a step that was given up while the machine ran.
func (l *Live) arrive(t *thread, m *vm.Machine, p *plan, s Stop, last *vm.Machine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Reason == AfterStep && t.plan != p {
		return
	}
	t.state, t.stopped, t.stoppedAt = stands, true, m.Steps()
	if s.Reason == OnError && !s.Caught {
		t.failed = true
		l.failed[t.Name] = true
	}
	if m.Given() && last != nil {
		t.still = last
		s.Instant = InstantOf(last)
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
	if l.closed {
		return
	}
	l.halt()
	for _, other := range l.threads {
		other.plan = nil
	}
	if t != nil {
		s.Thread = t.ID
		if m := t.shown(); s.Instant.Thread == "" && m != nil && t.state != runs {
			s.Instant = replay.Instant{Thread: t.Name, At: m.Steps()}
		} else if s.Instant.Thread == "" && m == nil {
			s.Instant = t.left
		}
		if t.state == stands && t.still == nil && t.machine != nil {
			t.stopped, t.stoppedAt = true, t.machine.Steps()
		}
	}
	l.told = s
	l.listener.Stopped(s)
	l.changed.Broadcast()
}

func (l *Live) halt() {
	l.hold, l.going, l.wanted = true, nil, nil
	l.news.Add(1)
	l.clock.stand()
}

// leave returns the thread's machine to the engine. It need not be the thread's any more, if the engine has begun another run of it.
func (l *Live) leave(t *thread, m *vm.Machine, outcome vm.Outcome) vm.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.machine != m {
		return outcome
	}
	switch outcome {
	case vm.Await, vm.Foreign, vm.Sleep:
		t.still = m.Still()
		t.wrote, t.written = l.pointOf(m, 0)
		t.wroteAt = InstantOf(m)
		t.intoCall = outcome == vm.Foreign && t.plan.goesIntoCall(m)
	case vm.Output:
		t.wrote, t.written = l.pointOf(m, 1)
		t.wroteAt = replay.Instant{Thread: t.Name, At: m.Steps() - 1}
	case vm.Spawn:
		t.bore = true
		l.spawned(t, m.Spawn())
	}
	t.state, t.machine, t.left = outside, nil, InstantOf(m)
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
	if t.plan == nil || !t.plan.follows(l.program, s) {
		return
	}
	t.plan, child.plan = nil, &plan{kind: first, instruction: t.plan.instruction}
	if l.going == t {
		l.going = child
	}
}

// Provisional hands on a line of output.
func (l *Live) Provisional(line engine.Line) {
	l.mu.Lock()
	out := Line{Line: line}
	if t := l.threads[line.ID.Thread]; t != nil {
		out.Point, out.Known, out.Instant = t.wrote, t.written, t.wroteAt
	}
	l.mu.Unlock()
	l.listener.Wrote(out)
}

// Committed does nothing: the line was shown already.
func (l *Live) Committed(engine.Line) {}
