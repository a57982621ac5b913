package vm

import "slices"

// Traps are the places where a debug session wants machines to stop. The machines that are attached to them execute a private copy of
// the code, in which the instructions at these places are replaced: those without traps run at full speed, and so do
// attached ones elsewhere. Traps must not be changed while an attached machine runs.
type Traps struct {
	// Raises: stop too before an instruction raises an error; see Machine.Raised.
	Raises bool

	code *Code
	exec *execCode
	set  map[int]bool // by position
}

// NewTraps is a set of traps with none in it.
func NewTraps(code *Code) *Traps {
	copied := *code.exec
	copied.instrs = slices.Clone(copied.instrs)
	return &Traps{code: code, exec: &copied, set: map[int]bool{}}
}

// Set puts a trap at an instruction of a function.
func (t *Traps) Set(function, pc int) { t.change(function, pc, true) }

// Clear takes a trap away.
func (t *Traps) Clear(function, pc int) { t.change(function, pc, false) }

// Has says whether there is a trap at an instruction of a function.
func (t *Traps) Has(function, pc int) bool {
	return t.set[int(t.code.funcs[function].start)+pc]
}

func (t *Traps) at(pc int) bool { return t.set[pc] }

func (t *Traps) change(function, pc int, on bool) {
	f := &t.code.funcs[function]
	at := int(f.start) + pc
	if at >= int(f.end) || pc < 0 {
		return
	}
	t.set[at] = on
	t.patch(f, at)
	if pc > 0 {
		t.patch(f, at-1) // which may have been fused with this one
	}
}

// patch writes the instruction at a position as it is to be executed.
func (t *Traps) patch(f *funcInfo, at int) {
	if t.set[at] {
		t.exec.instrs[at].op = execTrap
		return
	}
	t.exec.instrs[at] = t.code.execInstr(at, f)
	if at+1 < int(f.end) && !t.set[at+1] {
		t.exec.fuse(at, t.code.execInstr(at+1, f))
	}
}

// Attach makes the machine stop at traps, or with nil at none.
func (m *Machine) Attach(traps *Traps) {
	m.traps = traps
	if traps == nil {
		m.execute(m.code.exec)
		return
	}
	m.execute(traps.exec)
}
