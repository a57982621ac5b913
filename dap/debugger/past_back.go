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
	hits, low, err := b.last(ctx, begin, before, depth, traps)
	for len(hits) > 0 && err == nil {
		here, earlier := hits[len(hits)-1], hits[:len(hits)-1]
		if len(earlier) == 0 {
			if earlier, low, err = b.last(ctx, begin, low, depth, traps); err != nil {
				return 0, false, err
			}
		}
		if len(earlier) == 0 || !b.sameLine(earlier[len(earlier)-1], here) {
			return here.at, true, nil
		}
		hits = earlier
	}
	return 0, false, err
}

// sameLine says whether two instants of one frame, at which lines begin, are in the same turn and at the same line.
func (b *backwards) sameLine(earlier, later hit) bool {
	line, _, _ := b.p.program.at(earlier.place)
	now, _, _ := b.p.program.at(later.place)
	return line == now && earlier.tails == later.tails
}

// lineIn is where the line began that was executed last, in whatever function.
func (b *backwards) lineIn(ctx context.Context, m *vm.Machine) (at uint64, found bool, err error) {
	traps := b.p.lineTraps(!b.user(m.Frames(1)[0]))
	hits, low, err := b.last(ctx, 0, b.at.At, 0, traps)
	for len(hits) > 0 && err == nil {
		here := hits[len(hits)-1]
		if begins, err := b.beginsLine(ctx, here, traps); begins || err != nil {
			return here.at, true, err
		}
		if hits = hits[:len(hits)-1]; len(hits) == 0 {
			hits, low, err = b.last(ctx, 0, low, 0, traps)
		}
	}
	return 0, false, err
}

// beginsLine says whether a step by lines would stop at an instant, at which a line begins: it is not that of the place before in
// its frame.
func (b *backwards) beginsLine(ctx context.Context, here hit, traps *vm.Traps) (bool, error) {
	c, err := b.t.At(ctx, here.at)
	if err != nil {
		return false, err
	}
	frames := c.Machine().Frames(c.Machine().Depth())
	begin, err := b.beginning(ctx, frames, here.at, len(frames))
	if err != nil {
		return false, err
	}
	hits, _, err := b.last(ctx, begin, here.at, len(frames), traps)
	if len(hits) == 0 || err != nil {
		return true, err
	}
	return !b.sameLine(hits[len(hits)-1], here), nil
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
	hits, _, err := b.last(ctx, 0, before, depth, traps)
	if len(hits) == 0 || err != nil {
		return 0, false, err
	}
	return hits[len(hits)-1].at, true, nil
}

// window is how many instructions are looked at first.
const window = 4 << 10

// hit is an instant at which a machine stands at a trap.
type hit struct {
	at    uint64
	place Place
	tails int
}

// last are instants from one on and before another at which the machine has a depth and stands at a trap, the last one last: all from
// low on, and at least one, if there are any. A depth of 0 is any. A call out of that depth that goes on over seek points is not looked
// into.
func (b *backwards) last(ctx context.Context, from, before uint64, depth int, traps *vm.Traps) (hits []hit, low uint64, err error) {
	for size := uint64(window); before > from; size *= 2 {
		low, to := from, before
		if before-from > size {
			low = max(from, b.t.SeekPoint(before-size+1))
		}
		if depth > 0 && size > window {
			if low, to, err = b.narrow(ctx, low, before, depth); err != nil {
				return nil, 0, err
			}
		}
		hits, err = b.scan(ctx, low, to, depth, traps)
		if len(hits) > 0 || err != nil {
			return hits, low, err
		}
		before = low
	}
	return nil, from, nil
}

// narrow leaves out what lies in the call that goes on at an instant: what remains to be looked at goes up to the first instant that is
// known to be in it, from the last that is not.
func (b *backwards) narrow(ctx context.Context, low, before uint64, depth int) (from, to uint64, err error) {
	inside, err := b.outer(ctx, before, depth)
	if err != nil || inside == nil {
		return low, before, err
	}
	if edits, err := b.t.Edits(ctx); err != nil || len(edits) > 0 { // which may let a function jump back
		return low, before, err
	}
	for to = before; ; {
		middle := b.t.SeekPoint(low + (to-low)/2 + 1)
		if middle <= low || middle >= to {
			break
		}
		frames, err := b.outer(ctx, middle, depth)
		if err != nil {
			return low, before, err
		}
		if slices.Equal(frames, inside) {
			to = middle
		} else {
			low = middle
		}
	}
	frames, err := b.outer(ctx, low, depth)
	if err == nil && slices.Equal(frames, inside) {
		to = low // all of it is in the call
	}
	return low, to, err
}

// maxStacks is how many stacks are kept, and maxStack how deep those are.
const maxStacks, maxStack = 10_000, 200

// outer are the frames at an instant down to a depth, if there are deeper ones.
func (b *backwards) outer(ctx context.Context, at uint64, depth int) ([]vm.Frame, error) {
	key := replay.Instant{Thread: b.at.Thread, At: at}
	frames, known := b.p.stacks[key]
	if !known {
		c, err := b.t.At(ctx, at)
		if err != nil {
			return nil, err
		}
		frames = c.Machine().Frames(c.Machine().Depth())
		if len(b.p.stacks) >= maxStacks || b.p.stacks == nil {
			b.p.stacks = map[replay.Instant][]vm.Frame{}
		}
		if len(frames) <= maxStack {
			b.p.stacks[key] = frames
		}
	}
	if len(frames) <= depth {
		return nil, nil
	}
	return frames[len(frames)-depth:], nil
}

// scan is last, by executing everything.
func (b *backwards) scan(ctx context.Context, from, before uint64, depth int, traps *vm.Traps) (hits []hit, err error) {
	if before <= from {
		return nil, nil
	}
	c, err := b.t.At(ctx, from)
	if err != nil {
		return nil, err
	}
	m := c.Machine()
	m.Attach(traps)
	for {
		stop, err := c.RunTo(ctx, before-1)
		if err != nil {
			return nil, err
		}
		function, pc := m.Place()
		if function >= 0 && traps.Has(function, pc) && (depth == 0 || m.Depth() == depth) {
			hits = append(hits, hit{m.Steps(), Place{function, pc}, m.Frames(1)[0].Tails})
		}
		if stop != replay.Trapped {
			return hits, nil
		}
	}
}
