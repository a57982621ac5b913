package vm

import (
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Changes of a machine that a debugger makes. Each counts as an instruction, so that the states before and after it have different
// numbers. Whatever the change, the machine stays one that the verifier's promises hold for: nothing is read that was not written.

// EditKind says what is changed.
type EditKind uint8

const (
	// EditRegister gives a register of a frame another value.
	EditRegister EditKind = iota + 1
	// EditJump lets the innermost frame go on at another instruction of its function.
	EditJump
	// EditRestart ends the frames that are further in than one, and begins that one's function anew, with the arguments that it has.
	EditRestart
)

// Edit is a change of a machine that does not run.
type Edit struct {
	Kind EditKind
	// Frame counts from the innermost, 0. A jump has none.
	Frame int
	// Register and Value are for EditRegister. The register is one that Register has a value for.
	Register int
	Value    Value
	// PC is for EditJump: an index into the function's Code.
	PC int
}

// Edit makes a change. What the machine waited for, it asks for again if it is still at that instruction. After an error nothing has changed;
// its text is fit to be shown.
func (m *Machine) Edit(e Edit) error {
	f, err := m.edited(e)
	if err != nil {
		return err
	}
	switch e.Kind {
	case EditRegister:
		m.stack[f.base+e.Register] = e.Value
	case EditJump:
		m.jump(f, e.PC)
	case EditRestart:
		m.frames = m.frames[:len(m.frames)-e.Frame]
		m.base, m.pc = f.base, int(m.code.funcs[f.function].start)
	}
	m.effect, m.raised, m.delivered, m.given = effect{}, nil, nil, false
	if e.Kind != EditRegister {
		m.passTrap, m.passRaise = false, false // the machine is at another instruction
	}
	m.steps++
	return nil
}

// CanEdit says why a change cannot be made, nil if it can.
func (m *Machine) CanEdit(e Edit) error {
	_, err := m.edited(e)
	return err
}

// edited is the frame that a change concerns, if it is possible.
func (m *Machine) edited(e Edit) (*frameView, error) {
	if m.state != running {
		return nil, fmt.Errorf("thread %s has ended", m.start.Thread)
	}
	if e.Kind == EditJump {
		e.Frame = 0
	}
	f, err := m.find(e.Frame)
	if err != nil {
		return nil, fmt.Errorf("there is no %w", err)
	}
	switch e.Kind {
	case EditRegister:
		return f, m.canSet(f, e)
	case EditJump:
		return f, m.canJump(f, e.PC)
	case EditRestart:
		return f, m.canRestart(f)
	}
	return nil, fmt.Errorf("no change is of kind %d", e.Kind)
}

func (m *Machine) canSet(f *frameView, e Edit) error {
	if f.function == m.code.stub() || !slices.Contains(f.registers, e.Register) {
		return fmt.Errorf("register %d of frame %d has no value that could be changed", e.Register, e.Frame)
	}
	if e.Value.rep() == repFunction && e.Value.function().code != m.code {
		return fmt.Errorf("the function belongs to another program")
	}
	if e.Value.Kind() == KindUnset {
		return fmt.Errorf("what has no value cannot be assigned")
	}
	return nil
}

// canJump refuses to go where something is needed that is not there: a variable that has no value yet, or whose register belongs to another
// one now.
func (m *Machine) canJump(f *frameView, pc int) error {
	if f.function == m.code.stub() {
		return fmt.Errorf("thread %s is outside of the program's functions", m.start.Thread)
	}
	info := &m.code.funcs[f.function]
	if pc < 0 || pc >= int(info.end-info.start) {
		return fmt.Errorf("the function has no instruction %d", pc)
	}
	assigned, ok := m.code.facts.Assigned(f.function, pc)
	if !ok {
		return fmt.Errorf("no way leads to instruction %d", pc)
	}
	needed, here := m.code.facts.Needed(f.function, pc), f.pc-int(info.start)
	for _, r := range assigned {
		if !slices.Contains(needed, r) {
			continue
		}
		name := m.localName(f.function, pc, r)
		if !slices.Contains(f.registers, r) || m.localName(f.function, here, r) != name {
			return missingThere(name)
		}
	}
	return nil
}

func missingThere(name string) error {
	if name == "" {
		return fmt.Errorf("the execution cannot go on there: it is in the middle of an expression whose first part has not been computed")
	}
	return fmt.Errorf("the execution cannot go on there: %s is needed, and has no value yet", name)
}

// localName is the variable that a register holds at an instruction of a function, "" for none.
func (m *Machine) localName(function, pc, register int) string {
	if l := m.local(function, pc, register); l != nil {
		return l.Name
	}
	return ""
}

func (m *Machine) local(function, pc, register int) *bytecode.Local {
	locals := m.code.program.Funcs[function].Debug.Locals
	for i := range locals {
		if l := &locals[i]; int(l.Reg) == register && int(l.Start) <= pc && pc < int(l.End) {
			return l
		}
	}
	return nil
}

// jump lets the innermost frame go on at an instruction. Registers that are not needed there have no value.
func (m *Machine) jump(f *frameView, pc int) {
	assigned, _ := m.code.facts.Assigned(f.function, pc)
	for _, r := range assigned {
		if !slices.Contains(f.registers, r) {
			m.stack[f.base+r] = Value{}
		}
	}
	m.pc = int(m.code.funcs[f.function].start) + pc
}

// canRestart refuses to begin a function anew whose arguments are not all there any more.
func (m *Machine) canRestart(f *frameView) error {
	if f.function == m.code.stub() {
		return fmt.Errorf("thread %s is outside of the program's functions", m.start.Thread)
	}
	here := f.pc - int(m.code.funcs[f.function].start)
	for r, p := range m.code.program.Funcs[f.function].Params {
		l := m.local(f.function, here, r)
		if !slices.Contains(f.registers, r) || l != nil && !l.Param {
			return fmt.Errorf("the function cannot begin anew: its argument %s is gone, as nothing needs it any more", p.Name)
		}
	}
	return nil
}
