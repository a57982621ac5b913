package vm

import (
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What a debugger sees of a machine that does not run, and may do to it.

// Frame is a function that runs or waits for its callee.
type Frame struct {
	// Function is an index into the program's Funcs, -1 for the thread's start outside of them.
	Function int
	// PC is the instruction that is next, or the call that it waits for; an index into the function's Code.
	PC int
	// Tails counts the frames that this one has replaced by tail calls, turns of a loop included.
	Tails int
}

// Still is a copy of the machine to look at while the machine itself is answered. It cannot run, and its values must not be
// looked into while the machine runs on: a List that grows in place belongs to both.
func (m *Machine) Still() *Machine {
	still := *m
	still.frames = slices.Clone(m.frames)
	registers := int(m.code.funcs[m.code.functionAt(m.pc)].registers)
	still.stack = slices.Clone(m.stack[:min(len(m.stack), m.base+registers)])
	return &still
}

// Depth is the number of frames.
func (m *Machine) Depth() int { return len(m.frames) }

// Children is the number of threads that the machine has started.
func (m *Machine) Children() int { return int(m.spawned) }

// Frames are the innermost frames, innermost first, at most limit.
func (m *Machine) Frames(limit int) []Frame {
	frames := make([]Frame, 0, min(limit, len(m.frames)))
	pc := m.pc
	for i := len(m.frames) - 1; i >= 0 && len(frames) < limit; i-- {
		f := m.code.functionAt(pc)
		at := pc - int(m.code.funcs[f].start)
		if f == m.code.stub() {
			f = -1
		}
		frames = append(frames, Frame{f, at, int(m.frames[i].tails)})
		pc = int(m.frames[i].ret) - 1
	}
	return frames
}

// find is frame number i, innermost first, with its base and its registers.
func (m *Machine) find(i int) (*frameView, error) {
	if i < 0 || i >= len(m.frames) || m.state != running {
		return nil, fmt.Errorf("frame %d of %d", i, len(m.frames))
	}
	f := &frameView{pc: m.pc, base: m.base}
	for top := len(m.frames) - 1; top > len(m.frames)-1-i; top-- {
		f.base -= int(m.frames[top].delta)
		f.pc = int(m.frames[top].ret) - 1
	}
	f.function = m.code.functionAt(f.pc)
	if f.function == m.code.stub() {
		f.registers = m.stubRegisters()
	} else {
		f.registers, _ = newLiveRegisters(m.code).at(f.function, f.pc, i == 0)
	}
	return f, nil
}

// Register is the value of a register of frame i, innermost first; false if nothing that still counts was written to it. The
// value may be unset.
func (m *Machine) Register(i, register int) (Value, bool) {
	f, err := m.find(i)
	if err != nil || !slices.Contains(f.registers, register) {
		return Value{}, false
	}
	return m.stack[f.base+register], true
}

// SetRegister changes a register of frame i that Register has a value for.
func (m *Machine) SetRegister(i, register int, v Value) error {
	f, err := m.find(i)
	if err != nil {
		return err
	}
	if !slices.Contains(f.registers, register) {
		return fmt.Errorf("register %d of frame %d has no value", register, i)
	}
	m.stack[f.base+register] = v
	return nil
}

// Captures are what the closure that runs in frame i has captured, in the order of its function's Captures.
func (m *Machine) Captures(i int) []Value {
	f, err := m.find(i)
	if err != nil || m.code.funcs[f.function].captures == 0 {
		return nil
	}
	return slices.Clone(m.stack[f.base-1].function().captures)
}

// Raised is the error that the next instruction raises, if the machine stopped for that (Traps.Raises), else nil. If it was Given
// it has been raised already.
func (m *Machine) Raised() *Error { return m.raised }

// Deliver makes an error from outside Raised that the machine has caught since it ran last. It is false if there is none.
func (m *Machine) Deliver() bool {
	if m.delivered == nil || m.state != running {
		return false
	}
	m.raised, m.given, m.delivered = m.delivered, true, nil
	return true
}

// Given says that Raised came from outside (Raise), and that the machine has caught it and stands where it goes on with it.
func (m *Machine) Given() bool { return m.given }

// Catches says whether an error raised by the next instruction would be caught.
func (m *Machine) Catches() bool {
	pc := m.pc
	for i := len(m.frames) - 1; i >= 0; i-- {
		f := m.code.functionAt(pc)
		if m.handler(f, pc-int(m.code.funcs[f].start)) != nil {
			return true
		}
		pc = int(m.frames[i].ret) - 1
	}
	return false
}

// Watch is a register to be watched, of the frame that is number Level from the outermost, 0.
type Watch struct {
	Level, Register int
}

// RunWatching is Run, and stops with Break after an instruction that wrote one of the registers, whatever it wrote. hit is which,
// -1 if the machine stopped for another reason. It ends early, with Fuel, when a watched frame has ended or was replaced by a tail call: a
// watch hits whatever frame has its level then, so that is for the caller to look at.
func (m *Machine) RunWatching(fuel uint64, watches []Watch) (outcome Outcome, hit int) {
	end := m.Spent() + min(fuel, maxFuel)
	before := make([]Value, len(watches))
	for m.Spent() < end {
		for i, w := range watches {
			before[i] = m.slot(w)
		}
		depth, tails := len(m.frames), m.frames[len(m.frames)-1].tails
		writes, level := m.writes()
		inner := innermost(watches, depth) + 1
		if inner > 0 && depth > inner { // what is further in writes no register that is watched, but with its return
			if outcome := m.RunAbove(end-m.Spent(), inner); outcome != Fuel || len(m.frames) > inner {
				return outcome, -1
			}
			writes, level = m.returnedTo()
		} else if outcome := m.Run(1); outcome != Fuel {
			return outcome, -1
		}
		for i, w := range watches {
			if w.Level < min(depth, len(m.frames)) && (w.Level == level && w.Register == writes || m.slot(w) != before[i]) {
				return Break, i
			}
		}
		if m.left(watches, depth, tails) {
			return Fuel, -1
		}
	}
	return Fuel, -1
}

// innermost is the level of the innermost frame that is watched, of those that there are; -1 for none.
func innermost(watches []Watch, depth int) int {
	level := -1
	for _, w := range watches {
		if w.Level < depth {
			level = max(level, w.Level)
		}
	}
	return level
}

// returnedTo is the register that got the result of a call that has just returned.
func (m *Machine) returnedTo() (register, level int) {
	level = len(m.frames) - 1
	if m.state != running || m.pc == 0 {
		return -1, level
	}
	if in := m.code.instrs[m.pc-1]; in.Op == bytecode.CALL || in.Op == bytecode.CALLV {
		return int(in.A), level
	}
	return -1, level
}

// Writes is which of the registers the next instruction writes if it succeeds, -1 for none: what RunWatching cannot see of one that asks
// for something. Registers that a tail call gives new values are not told.
func (m *Machine) Writes(watches []Watch) int {
	register, level := m.writes()
	return slices.IndexFunc(watches, func(w Watch) bool { return w.Level == level && w.Register == register })
}

// left says whether the frame that was innermost, at a depth, is gone or was replaced, if it was a watched one.
func (m *Machine) left(watches []Watch, depth int, tails uint32) bool {
	if now := len(m.frames); now > depth || now == depth && m.frames[now-1].tails == tails {
		return false
	}
	for _, w := range watches {
		if w.Level >= len(m.frames)-1 && w.Level < depth {
			return true
		}
	}
	return false
}

// slot is what lies in a watched register.
func (m *Machine) slot(w Watch) Value {
	base := 0
	for i := 0; i <= w.Level && i < len(m.frames); i++ {
		base += int(m.frames[i].delta)
	}
	if w.Level >= len(m.frames) || base+w.Register >= len(m.stack) {
		return Value{}
	}
	return m.stack[base+w.Register]
}

// writes is the register that the next instruction writes if it succeeds, -1 for none, and the level of its frame.
func (m *Machine) writes() (register, level int) {
	in, level := m.code.instrs[m.pc], len(m.frames)-1
	if in.Op == bytecode.RET && level > 0 {
		return int(m.code.instrs[m.frames[level].ret-1].A), level - 1
	}
	row := &bytecode.Ops[in.Op]
	switch {
	case row.A == bytecode.Def || row.A == bytecode.UseDef || in.Op == bytecode.CALLB || in.Op == bytecode.SPAWN:
		return int(in.A), level
	case row.D == bytecode.WideDef:
		return int(in.D), level
	}
	return -1, level
}
