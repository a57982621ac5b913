package debugger

import "github.com/hark-lang/hark-ls/vm"

// Steps.
//
// A plan is where a thread is to stop. It survives that the thread is away: that its machine is stored and made again while it waits for a
// future. Frames are known by their depth, since a stack changes at its end only.
//
// A machine is run in stretches at full speed: each goes at most to the next instruction at which the plan could be reached. What
// frames further in do, of which a step knows only that they have returned, is one stretch, and so is the way to the next line.
//
// Functions of the prelude are stepped through as if they were builtins: one stops in them only if one was there already. What
// they call in turn is stopped in.

// plan is where a thread is to stop.
type plan struct {
	kind planKind
	// instruction: the step is by instruction.
	instruction bool
	// target is the call of the frame that the step goes into, nil for any.
	target *Place
	// depth, tails, function and line are those of the frame in which the step began; line -1 is none.
	depth, tails, function, line int
	user                         bool
	// began is the number of instructions executed at that time.
	began uint64
	// replaced: that frame has been replaced by a tail call. left: it has returned.
	replaced, left bool
}

type planKind uint8

const (
	over planKind = iota + 1
	into
	out
	// entry is the first line of the thread's own function.
	entry
	// first is the first line that is reached, wherever it is.
	first
)

var planOf = map[MotionKind]planKind{StepOver: over, StepIn: into, StepOut: out}

// newStep begins a step where a machine is. A thread that has not begun has none: it steps to its first line.
func newStep(motion Motion, p *Program, m *vm.Machine) *plan {
	if m == nil {
		return &plan{kind: first, instruction: motion.Instruction}
	}
	if m.Depth() == 0 { // it has only to say that it has ended: the step does
		return &plan{kind: over, began: m.Steps()}
	}
	f := m.Frames(1)[0]
	line, _, user := p.at(Place{f.Function, f.PC})
	s := &plan{
		kind: planOf[motion.Kind], instruction: motion.Instruction, depth: m.Depth(), tails: f.Tails, function: f.Function, line: line, user: user,
		began: m.Steps(),
	}
	if s.kind == into && motion.Into != nil {
		s.target = motion.Into
	}
	return s
}

// stretch is how a machine is to be run towards the end of a step.
type stretch struct {
	// single: one instruction. Else until floor frames are left, or, with lines, a line begins; anywhere: in the prelude too.
	single, lines, anywhere bool
	floor                   int
}

// next is how to run a machine that stands where the plan is not reached.
func (s *plan) next(m *vm.Machine) stretch {
	depth := m.Depth()
	if s.kind == entry || s.kind == first {
		return stretch{lines: true}
	}
	switch {
	case s.kind == out:
		return stretch{floor: min(s.depth, depth) - 1}
	case depth > s.depth && (s.kind == over || s.target != nil):
		return stretch{floor: s.depth}
	case s.instruction || s.target != nil:
		return stretch{single: true}
	case s.left:
		return stretch{lines: true, anywhere: !s.user, floor: depth - 1}
	case s.replaced && s.kind == over:
		return stretch{floor: s.depth - 1}
	}
	return stretch{lines: true, anywhere: !s.user, floor: s.depth - 1}
}

// reached says whether the machine is to stop before its next instruction. It has to be asked at the end of each stretch.
func (s *plan) reached(p *Program, m *vm.Machine) bool {
	if m.Depth() == 0 { // it has only to say that it has ended
		return false
	}
	f := m.Frames(1)[0]
	place := Place{f.Function, f.PC}
	line, begins, user := p.at(place)
	user = user || !s.user && s.kind != first && s.kind != entry && f.Function >= 0
	if s.kind == entry || s.kind == first {
		return begins && user || s.instruction
	}
	depth := m.Depth()
	if s.target != nil && depth == s.depth && f.Tails == s.tails && place == *s.target {
		s.target = nil
	}
	switch {
	case m.Steps() == s.began:
		return false
	case s.kind == out:
		return depth < s.depth && (user || s.instruction)
	case s.instruction:
		return s.kind == into || depth <= s.depth
	case depth < s.depth && user:
		return true
	}
	s.left = s.left || depth < s.depth
	switch {
	case s.left:
		return begins && user
	case depth > s.depth:
		return s.kind == into && s.target == nil && begins && user
	}
	return s.sameDepth(f, line, begins && user)
}

// sameDepth is reached in the frame in which the step began, or in what has replaced it.
func (s *plan) sameDepth(f vm.Frame, line int, begins bool) bool {
	if f.Tails != s.tails {
		turn := f.Function == s.function && f.Tails == s.tails+1
		s.replaced = s.replaced || !turn
		s.tails, s.line = f.Tails, -1
	}
	if s.replaced && s.kind == over {
		return false
	}
	return begins && line != s.line
}

// follows says whether a step goes along with a thread that is started where it is.
func (s *plan) follows(p *Program, spawned vm.Spawned) bool {
	if spawned.Function.Kind() != vm.KindFunction {
		return false // it is forgotten already: the machine has gone on
	}
	index, ok := spawned.Function.FunctionIndex()
	return s.kind == into && s.target == nil && ok && (p.funcs[index].user || !s.user)
}
