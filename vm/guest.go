package vm

import (
	"fmt"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Guests: machines that compute with the values of another one without leaving a trace in it, for a debugger's expressions.

// Extend makes a program executable that begins with the functions, imports and constants of the one that this code was made of, each
// under its index. Machines of either then compute with values of both, functions included, and these are equal where they
// are equal in one program.
func (c *Code) Extend(program *bytecode.Program) (*Code, error) {
	if len(program.Funcs) < len(c.program.Funcs) || len(program.Consts) < len(c.program.Consts) || len(program.Imports) < len(c.program.Imports) {
		return nil, fmt.Errorf("extend a program: the longer one has %d functions, not %d or more", len(program.Funcs), len(c.program.Funcs))
	}
	extended, err := Load(program)
	if err != nil {
		return nil, err
	}
	extended.family = c.family
	return extended, nil
}

// NewGuest is New for a machine that gets values of others: what it appends to them goes into buffers of its own, so that they stay as
// they are, as far as they can be seen and as far as their bytes are counted.
func NewGuest(code *Code, start Start) (*Machine, error) {
	m, err := New(code, start)
	if err == nil {
		m.own = map[address]bool{}
	}
	return m, err
}

// mine is a List or String that may be extended in place: in a guest one with a buffer of its own.
func (m *Machine) mine(v Value) Value {
	if m.own == nil || v.n == 0 || m.own[v.p] {
		return v
	}
	switch {
	case v.rep() == repList && v.extends():
		v = copyExtended(v, nil)
	case v.rep() == repString && v.extendsText():
		v = newStringCounted(append(make([]byte, 0, 2*v.bytes()), v.text()...), v.points())
	default:
		return v
	}
	m.own[v.p] = true
	return v
}

// Visible is the value of a register of the innermost frame: what lies there, whether it still counts or not. It is for those who
// know by the place that it does; Register finds out.
func (m *Machine) Visible(register int) Value {
	if at := m.base + register; m.state == running && at < len(m.stack) {
		return m.stack[at]
	}
	return Value{}
}

// Place is where the innermost frame is: Frames(1)[0] without its Tails.
func (m *Machine) Place() (function, pc int) {
	f := m.code.functionAt(m.pc)
	pc = m.pc - int(m.code.funcs[f].start)
	if f == m.code.stub() {
		return -1, pc
	}
	return f, pc
}

// Truthy is what "if" and "!" go by: all but false and null.
func (v Value) Truthy() bool { return v.truthy() }

// Assigned are the registers of a function that have a value, or are unset, whenever a thread comes to an instruction; false if none can.
func (c *Code) Assigned(function, pc int) ([]int, bool) {
	if function < 0 || function >= len(c.program.Funcs) || pc < 0 || pc >= len(c.program.Funcs[function].Code) {
		return nil, false
	}
	return c.facts.Assigned(function, pc)
}
