package debugger

import (
	"context"
	"slices"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Forwards: along the session's order, segment by segment, each by a machine that runs at full speed between traps. At every
// instant at which one of them stops, there may be something to stop for; the position from which a motion began is none.

// walk is a motion forwards.
type walk struct {
	p *past
	Motion
	// thread is the one that steps, and plan its step, nil for none.
	thread string
	plan   *plan
	// started is the position at which the motion began; raising as it was there.
	started replay.Instant
	raising bool
	// written are watched registers that the answers are written to that threads wait for.
	written map[string]*Watch
}

// arrival is where a motion came to.
type arrival struct {
	Stop
	// plan is what is left of the step of thread, at the end of what is recorded.
	plan   *plan
	thread string
}

// forwards moves until something stops the motion, and says what. If the context ends, the position is where the motion had come to.
func (p *past) forwards(ctx context.Context, m Motion, thread string) (arrival, error) {
	w := &walk{p: p, Motion: m, thread: thread, started: p.here, raising: p.raising}
	if err := w.begin(ctx); err != nil {
		return arrival{}, err
	}
	p.raising = false
	for {
		stop, err := w.segment(ctx)
		if err != nil || stop.Reason != 0 {
			p.raising = stop.Reason == OnError
			return arrival{Stop: stop}, err
		}
		p.passes(ctx)
		next := w.nextSegment()
		if next < 0 {
			return arrival{Stop: Stop{Reason: AtEnd, Instant: p.here}, plan: w.plan, thread: w.thread}, nil
		}
		p.index = next
		p.here = replay.Instant{Thread: p.order[next].Thread, At: p.order[next].First}
	}
}

// begin makes the plan of a step. A step of a thread that is not the one of the position begins where that is shown.
func (w *walk) begin(ctx context.Context) error {
	p := w.p
	if w.Single && w.thread != p.here.Thread {
		at, begun := p.shown(w.thread)
		if !begun {
			return errGone
		}
		if err := p.set(at); err != nil {
			return err
		}
		w.started, w.raising = at, false
	}
	if w.Kind == Continue {
		return nil
	}
	m, err := p.machine(ctx, w.thread)
	if err != nil {
		return err
	}
	w.plan = newStep(w.Motion, p.program, m)
	return nil
}

// nextSegment is the segment after the one that was passed, -1 for none.
func (w *walk) nextSegment() int {
	if w.Single && w.thread != w.p.here.Thread { // the step has gone over to a thread that was started
		return w.p.of[w.thread][0]
	}
	return w.p.next(w.p.index, w.Single)
}

// segment runs what is left of the segment of the position.
func (w *walk) segment(ctx context.Context) (Stop, error) {
	p := w.p
	last := p.order[p.index].Last
	c, err := p.going(ctx, p.here)
	if err != nil {
		return Stop{}, err
	}
	if stop := w.arrives(ctx, c.Machine()); stop.Reason != 0 {
		return stop, nil
	}
	for {
		stop, err := w.look(ctx, c, last)
		if err != nil || stop.Reason != 0 || p.here.At >= last {
			return stop, err
		}
		if w.Single && w.thread != p.here.Thread {
			return Stop{}, nil
		}
		if stop, err = w.advance(ctx, c, last); err != nil || stop.Reason != 0 {
			return stop, err
		}
	}
}

// halts says whether the position is that of an error that was told in the present, and is still to be stopped at.
func (p *past) halts() bool {
	return p.halt.Reason == OnError && p.halt.Instant == p.here && p.stops.wanted(p.halt.Error, p.halt.Caught)
}

// look says whether to stop where the machine stands.
func (w *walk) look(ctx context.Context, c *replay.Cursor, last uint64) (Stop, error) {
	p, m := w.p, c.Machine()
	if err := ctx.Err(); err != nil {
		return Stop{}, err
	}
	p.here.At = m.Steps()
	fresh := p.here != w.started
	if fresh && p.halts() {
		return p.halt, nil
	}
	if fresh {
		stop, logs := p.atPlace(ctx, m)
		p.log(ctx, logs)
		if w.plan != nil && p.here.Thread == w.thread && w.plan.reached(p.program, m) {
			stop.Reason, stop.Instant = AfterStep, p.here
			if w.plan.kind == entry {
				stop.Reason = AtEntry
			}
		}
		if stop.Reason != 0 {
			return stop, nil
		}
	}
	if p.here.At < last {
		return Stop{}, nil
	}
	w.await(m)
	if !fresh && w.raising {
		return Stop{}, nil
	}
	if stop := p.outsideError(m); stop.Reason != 0 {
		return stop, nil
	}
	return p.failure(ctx)
}

// await remembers which watched register the answer will be written to that a thread waits for.
func (w *walk) await(m *vm.Machine) {
	watches := w.p.stops.Watches(m)
	if i := m.Writes(Registers(watches)); i >= 0 {
		if w.written == nil {
			w.written = map[string]*Watch{}
		}
		w.written[w.p.here.Thread] = watches[i]
	}
}

// arrives is the stop for an answer that has just been written where somebody watches.
func (w *walk) arrives(ctx context.Context, m *vm.Machine) Stop {
	p := w.p
	watch := w.written[p.here.Thread]
	if watch == nil || p.here == w.started || m.Steps() != p.order[p.index].First {
		return Stop{}
	}
	delete(w.written, p.here.Thread)
	if !watch.Stands(m) || p.order[p.index].Fault != nil {
		return Stop{}
	}
	return p.stops.AtWrite(ctx, m, watch, p.futures(ctx))
}

// advance executes until the machine may have something to stop for.
func (w *walk) advance(ctx context.Context, c *replay.Cursor, last uint64) (Stop, error) {
	p, m := w.p, c.Machine()
	way, watches := w.way(m), p.stops.Watches(m)
	registers := Registers(watches)
	written, children := m.Writes(registers), m.Children()
	stop, err := w.raises(ctx, c, func() (replay.Stop, error) { return c.Step(ctx) })
	if err != nil || stop.Reason != 0 {
		return stop, err
	}
	w.follow(m, children)
	if last = p.untilEdit(ctx, c.Instant(), last); written < 0 && !way.single && c.Instant().At < last {
		stop, err = w.raises(ctx, c, func() (replay.Stop, error) {
			if len(watches) == 0 {
				return c.RunAbove(ctx, last, way.floor)
			}
			var hit replay.Stop
			hit, written, err = c.RunWatching(ctx, last, registers)
			return hit, err
		})
		w.follow(m, children)
	}
	if err != nil || stop.Reason != 0 || written < 0 || !watches[written].Stands(m) {
		return stop, err
	}
	p.here.At = m.Steps()
	return p.stops.AtWrite(ctx, m, watches[written], p.futures(ctx)), nil
}

// way is how to run a machine, which is attached to the traps for that: towards the end of the step if it is of the thread that
// makes it.
func (w *walk) way(m *vm.Machine) stretch {
	var way stretch
	lines := noLines
	if w.plan != nil && w.thread == w.p.here.Thread {
		way = w.plan.next(m)
		if lines = userLines; way.anywhere {
			lines = allLines
		}
		if !way.lines || way.single {
			lines = noLines
		}
	}
	m.Attach(w.p.stops.traps(w.p.code, lines))
	if w.p.stops.Watched(m) && w.plan != nil {
		way.single = true
	}
	return way
}

// raises executes something; if that stops because an error is about to be raised, it is judged, and if nobody wants to stop there
// it goes on.
func (w *walk) raises(ctx context.Context, c *replay.Cursor, run func() (replay.Stop, error)) (Stop, error) {
	for {
		stop, err := run()
		if err != nil {
			w.p.here.At = c.Instant().At
			return Stop{}, err
		}
		m := c.Machine()
		if stop != replay.Trapped || m.Raised() == nil {
			return Stop{}, nil
		}
		w.p.here.At = m.Steps()
		if w.p.here == w.started && w.raising {
			continue
		}
		if s := w.p.stops.AtError(m, w.p.told(m.Raised())); s.Reason != 0 {
			return s, nil
		}
	}
}

// follow has a step go on in a thread that was started since the machine had started so many, if it goes into that.
func (w *walk) follow(m *vm.Machine, children int) {
	if m.Children() == children || w.plan == nil || w.thread != w.p.here.Thread {
		return
	}
	spawned := m.Spawn()
	if w.plan.follows(w.p.program, spawned) && len(w.p.of[spawned.Thread]) > 0 {
		w.plan, w.thread = &plan{kind: first, instruction: w.Instruction}, spawned.Thread
	}
}

// log tells what logpoints say, after the output up to there.
func (p *past) log(ctx context.Context, logs []Log) {
	if len(logs) == 0 {
		return
	}
	p.passes(ctx)
	for _, l := range logs {
		p.logs(l)
	}
}

// outsideError says whether to stop where a thread waits for what will be an error: of a Python call, of a wait that took too long, of a
// thread that others ended. Where a thread fails by itself it stops there, and not again in those who await it.
func (p *past) outsideError(m *vm.Machine) Stop {
	next := p.endAfter(p.index)
	if next == nil || next.Fault == nil || p.told(next.Fault) {
		return Stop{}
	}
	stop := Stop{Reason: OnError, Error: next.Fault, Instant: p.here, Caught: m.Catches()}
	if !p.stops.wanted(next.Fault, stop.Caught) {
		return Stop{}
	}
	return stop
}

// failure says whether to stop at the position because it is the last of a thread that fails by itself.
func (p *past) failure(ctx context.Context) (Stop, error) {
	thread := p.here.Thread
	if p.ends[thread].stop != replay.Ended || p.endAfter(p.index) != nil {
		return Stop{}, nil
	}
	t, err := p.session.Thread(ctx, thread)
	if err != nil || t.Status() != replay.Failed {
		return Stop{}, err
	}
	c, err := t.At(ctx, p.here.At)
	if err != nil {
		return Stop{}, err
	}
	traps := vm.NewTraps(p.code)
	traps.Raises = true
	c.Machine().Attach(traps)
	stop, err := c.Step(ctx)
	if err != nil || stop != replay.Trapped || c.Machine().Raised() == nil {
		return Stop{}, err
	}
	return p.stops.AtError(c.Machine(), p.told(c.Machine().Raised())), nil
}

// told says whether an error was raised by another thread, which stopped there.
func (p *past) told(e *vm.Error) bool {
	if e.Thread == "" || e.Thread == p.here.Thread {
		return false
	}
	return slices.Contains(p.names, e.Thread) && p.ends[e.Thread].stop == replay.Ended
}
