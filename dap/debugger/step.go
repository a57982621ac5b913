package debugger

import "github.com/hark-lang/hark-ls/vm"

// Steps by line.
//
// A plan is looked at before each instruction of its thread. It survives that the thread is away: that its machine is stored and
// made again while it waits for a future. Frames are known by their depth, since a stack changes at its end only.
//
// Functions of the prelude are stepped through as if they were builtins: one stops in them only if one was there already. What
// they call in turn is stopped in.

// plan is where a thread is to stop.
type plan struct {
	kind planKind
	// depth, tails, function and line are those of the frame in which the step began; line -1 is none.
	depth, tails, function, line int
	user                         bool
	// began is the number of instructions executed at that time.
	began uint64
	// replaced: that frame has been replaced by a tail call. left: it has returned.
	replaced, left bool
	// instruction: it goes by instruction instead of by line.
	instruction bool
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

// newPlan begins a step where a machine is. A thread that has not begun has none: it steps to its first line.
func newPlan(kind planKind, p *Program, m *vm.Machine) *plan {
	if m == nil {
		return &plan{kind: first}
	}
	f := m.Frames(1)[0]
	line, _, user := p.at(Place{f.Function, f.PC})
	return &plan{kind: kind, depth: m.Depth(), tails: f.Tails, function: f.Function, line: line, user: user, began: m.Steps()}
}

// newStep is the plan of a motion that is a step.
func newStep(m Motion, p *Program, machine *vm.Machine) *plan {
	s := newPlan(planOf[m.Kind], p, machine)
	s.instruction = m.Instruction
	return s
}

// byInstruction is reached for a step that goes by instruction.
func (s *plan) byInstruction(depth int) bool {
	switch s.kind {
	case over:
		return depth <= s.depth
	case out:
		return depth < s.depth
	}
	return true
}

// reached says whether the machine is to stop before its next instruction.
func (s *plan) reached(p *Program, m *vm.Machine) bool {
	f := m.Frames(1)[0]
	line, begins, user := p.at(Place{f.Function, f.PC})
	user = user || !s.user && s.kind != first && s.kind != entry && f.Function >= 0
	switch s.kind {
	case entry, first:
		return begins && user || s.instruction
	}
	if m.Steps() == s.began {
		return false
	}
	if s.instruction {
		return s.byInstruction(m.Depth())
	}
	depth := m.Depth()
	if depth < s.depth && user {
		return true
	}
	s.left = s.left || depth < s.depth
	switch {
	case s.kind == out:
		return false
	case s.left:
		return begins && user
	case depth > s.depth:
		return s.kind == into && begins && user
	}
	return s.sameDepth(f, line, begins && user)
}

// sameDepth is reached in the frame in which the step began, or in what has replaced it.
func (s *plan) sameDepth(f vm.Frame, line int, begins bool) bool {
	if f.Tails != s.tails {
		turn := f.Function == s.function && f.PC == 0
		s.replaced = s.replaced || !turn
		s.tails, s.line = f.Tails, -1
	}
	if s.replaced && s.kind == over {
		return false
	}
	return begins && line != s.line
}
