package debugger

import (
	"context"
	"slices"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Steps back.
//
// A step back goes to an instant that is found, not undone: the thread is executed again from a seek point, with traps where the instant
// can be. What makes it fast is that a function never jumps back but to its beginning, and then counts a turn. So the frames of a
// machine, each with its function, where it is and how often it was replaced, happen once in the life of a thread, and as long as the
// outer ones are the same, all that happens is one call. Two seek points in the same call say that whatever lies between them belongs to
// it; a step back over it leaves it out, however long it took.

// backwards finds one instant of a thread.
type backwards struct {
	p  *past
	t  *replay.Thread
	at replay.Instant
}

// back makes a step back, and says where that ends. Where the thread begins it goes on to what started it.
func (p *past) back(ctx context.Context, m Motion, thread string) (to replay.Instant, beginning bool, err error) {
	from, begun := p.shown(thread)
	if !begun {
		return from, false, errGone
	}
	t, err := p.session.Thread(ctx, thread)
	if err != nil {
		return from, false, err
	}
	b := &backwards{p: p, t: t, at: from}
	at, found, err := b.step(ctx, m)
	switch {
	case err != nil:
		return from, false, err
	case found:
		return replay.Instant{Thread: thread, At: at}, false, nil
	}
	cause, err := p.session.Cause(ctx, replay.Instant{Thread: thread})
	if err != nil || m.Single || cause == nil || cause.Instant == nil {
		return replay.Instant{Thread: thread}, true, err
	}
	return *cause.Instant, false, nil
}

func (b *backwards) step(ctx context.Context, m Motion) (at uint64, found bool, err error) {
	machine, err := b.p.machine(ctx, b.at.Thread)
	switch {
	case err != nil:
		return 0, false, err
	case m.Kind == BackOut:
		return b.out(ctx, machine)
	case !m.Instruction && m.Kind == BackIn:
		return b.lineIn(ctx, machine)
	case !m.Instruction:
		return b.lineOver(ctx, machine)
	case b.at.At == 0:
		return 0, false, nil
	case m.Kind == BackIn:
		return b.at.At - 1, true, nil
	}
	before, err := b.t.At(ctx, b.at.At-1)
	if err != nil {
		return 0, false, err
	}
	if depth := machine.Depth(); before.Machine().Depth() > depth {
		return b.call(ctx, before.Machine(), b.at.At, depth)
	}
	return b.at.At - 1, true, nil
}

// out is where the function was called that runs, by the program if that is where it stands.
func (b *backwards) out(ctx context.Context, m *vm.Machine) (at uint64, found bool, err error) {
	frames := m.Frames(m.Depth())
	for i := 1; i < len(frames); i++ {
		if b.user(frames[i]) || !b.user(frames[0]) {
			return b.call(ctx, m, b.at.At, len(frames)-i)
		}
	}
	return 0, false, nil
}

func (b *backwards) user(f vm.Frame) bool {
	return f.Function >= 0 && b.p.program.funcs[f.Function].user
}

// lineOver is where the line began that was executed last, in the frame or in those that called it.
func (b *backwards) lineOver(ctx context.Context, m *vm.Machine) (at uint64, found bool, err error) {
	frames := m.Frames(m.Depth())
	before, traps := b.at.At, b.p.lineTraps(!b.user(frames[0]))
	for depth := len(frames); depth > 0; depth-- {
		begin, err := b.beginning(ctx, frames, before, depth)
		if err != nil {
			return 0, false, err
		}
		at, found, err := b.line(ctx, begin, before, depth, traps)
		if found || err != nil {
			return at, found, err
		}
		before = begin
	}
	return 0, false, nil
}

// beginning is the first instant of the frame at a depth, of a stack that stands as it is at the instant before.
func (b *backwards) beginning(ctx context.Context, frames []vm.Frame, before uint64, depth int) (uint64, error) {
	if depth == 1 {
		return 0, nil
	}
	at, found, err := b.callOf(ctx, frames, before, depth-1)
	if err != nil || !found {
		return 0, err
	}
	return at + 1, nil
}

// line is where the last line begins in a frame of a depth that exists from one instant to before another: the last place at which a
// step by lines would have stopped.
func (b *backwards) line(ctx context.Context, begin, before uint64, depth int, traps *vm.Traps) (at uint64, found bool, err error) {
	at, found, err = b.last(ctx, begin, before, depth, traps)
	for found && err == nil {
		earlier, more, err := b.last(ctx, begin, at, depth, traps)
		if err != nil || !more {
			return at, true, err
		}
		same, err := b.sameLine(ctx, earlier, at)
		if err != nil || !same {
			return at, true, err
		}
		at = earlier
	}
	return at, found, err
}

// sameLine says whether two instants of one frame, at which lines begin, are in the same turn and at the same line.
func (b *backwards) sameLine(ctx context.Context, earlier, later uint64) (bool, error) {
	var lines, tails [2]int
	for i, at := range []uint64{earlier, later} {
		c, err := b.t.At(ctx, at)
		if err != nil {
			return false, err
		}
		f := c.Machine().Frames(1)[0]
		lines[i], _, _ = b.p.program.at(Place{f.Function, f.PC})
		tails[i] = f.Tails
	}
	return lines[0] == lines[1] && tails[0] == tails[1], nil
}

// lineIn is where the line began that was executed last, in whatever function.
func (b *backwards) lineIn(ctx context.Context, m *vm.Machine) (at uint64, found bool, err error) {
	traps := b.p.lineTraps(!b.user(m.Frames(1)[0]))
	for before := b.at.At; ; before = at {
		at, found, err = b.last(ctx, 0, before, 0, traps)
		if !found || err != nil {
			return at, found, err
		}
		begins, err := b.beginsLine(ctx, at, traps)
		if begins || err != nil {
			return at, true, err
		}
	}
}

// beginsLine says whether a step by lines would stop at an instant, at which a line begins: it is not that of the place before in
// its frame.
func (b *backwards) beginsLine(ctx context.Context, at uint64, traps *vm.Traps) (bool, error) {
	c, err := b.t.At(ctx, at)
	if err != nil {
		return false, err
	}
	frames := c.Machine().Frames(c.Machine().Depth())
	begin, err := b.beginning(ctx, frames, at, len(frames))
	if err != nil {
		return false, err
	}
	earlier, found, err := b.last(ctx, begin, at, len(frames), traps)
	if !found || err != nil {
		return !found, err
	}
	same, err := b.sameLine(ctx, earlier, at)
	return !same, err
}

// lineTraps are traps where lines begin: of the program, or of the prelude too.
func (p *past) lineTraps(all bool) *vm.Traps {
	which := 0
	if all {
		which = 1
	}
	if p.lines[which] != nil {
		return p.lines[which]
	}
	traps := vm.NewTraps(p.code)
	for i := range p.program.funcs {
		for pc, begins := range p.program.funcs[i].begins {
			if begins && (all || p.program.funcs[i].user) {
				traps.Set(i, pc)
			}
		}
	}
	p.lines[which] = traps
	return traps
}

// call is the instant at which the frame of a depth stood at the call that it waits for in a machine, before an instant.
func (b *backwards) call(ctx context.Context, m *vm.Machine, before uint64, depth int) (at uint64, found bool, err error) {
	return b.callOf(ctx, m.Frames(m.Depth()), before, depth)
}

func (b *backwards) callOf(ctx context.Context, frames []vm.Frame, before uint64, depth int) (at uint64, found bool, err error) {
	f := frames[len(frames)-depth]
	if f.Function < 0 {
		return 0, false, nil
	}
	traps := vm.NewTraps(b.p.code)
	traps.Set(f.Function, f.PC)
	return b.last(ctx, 0, before, depth, traps)
}

// window is how many instructions are looked at first.
const window = 4 << 10

// last is the last instant from one on and before another at which the machine has a depth and stands at a trap; a depth of 0 is any. A
// call out of that depth that goes on over seek points is not looked into.
func (b *backwards) last(ctx context.Context, from, before uint64, depth int, traps *vm.Traps) (at uint64, found bool, err error) {
	for size := uint64(window); before > from; size *= 2 {
		low := from
		if before-from > size {
			low = max(from, b.t.SeekPoint(before-size+1))
		}
		skipped := before
		if depth > 0 && before-low > window {
			if low, skipped, err = b.narrow(ctx, low, before, depth); err != nil {
				return 0, false, err
			}
		}
		at, found, err = b.scan(ctx, low, skipped, depth, traps)
		if found || err != nil {
			return at, found, err
		}
		before = low
	}
	return 0, false, nil
}

// narrow leaves out what lies in the call that goes on just before an instant: what remains to be looked at goes up to the first instant
// that is known to be in it, from the last that is not.
func (b *backwards) narrow(ctx context.Context, low, before uint64, depth int) (from, to uint64, err error) {
	c, err := b.t.At(ctx, before-1)
	if err != nil {
		return low, before, err
	}
	inside := outer(c.Machine(), depth)
	if edits, err := b.t.Edits(ctx); inside == nil || err != nil || len(edits) > 0 { // which may let a function jump back
		return low, before, err
	}
	for to = before; ; {
		middle := b.t.SeekPoint(low + (to-low)/2 + 1)
		if middle <= low || middle >= to-1 {
			break
		}
		c, err := b.t.At(ctx, middle)
		if err != nil {
			return low, before, err
		}
		if slices.Equal(outer(c.Machine(), depth), inside) {
			to = middle + 1
		} else {
			low = middle
		}
	}
	c, err = b.t.At(ctx, low)
	if err != nil {
		return low, before, err
	}
	if slices.Equal(outer(c.Machine(), depth), inside) {
		to = low // all of it is in the call
	}
	return low, to, nil
}

// outer are the frames of a machine down to a depth, if there are deeper ones.
func outer(m *vm.Machine, depth int) []vm.Frame {
	if m.Depth() <= depth {
		return nil
	}
	return m.Frames(m.Depth())[m.Depth()-depth:]
}

// scan is last, by executing everything.
func (b *backwards) scan(ctx context.Context, from, before uint64, depth int, traps *vm.Traps) (at uint64, found bool, err error) {
	if before <= from {
		return 0, false, nil
	}
	c, err := b.t.At(ctx, from)
	if err != nil {
		return 0, false, err
	}
	m := c.Machine()
	m.Attach(traps)
	for {
		stop, err := c.RunTo(ctx, before-1)
		if err != nil {
			return 0, false, err
		}
		function, pc := m.Place()
		if function >= 0 && traps.Has(function, pc) && (depth == 0 || m.Depth() == depth) {
			at, found = m.Steps(), true
		}
		if stop != replay.Trapped {
			return at, found, nil
		}
	}
}
