package bytecode

import "slices"

// Which registers an instruction and all that may follow it read before anything is written to them. A debugger that lets a function go on
// elsewhere asks for that: what is needed there has to be there already.

// Needed are the registers of a function that may be read, from an instruction on, before they are written, in ascending order.
// A handler counts as something that may follow each instruction that it covers.
func (facts *Facts) Needed(fn, pc int) []int {
	f := &facts.program.Funcs[fn]
	n := needs{program: facts.program, f: f, at: map[int]registerSet{}, now: make(registerSet, facts.flows[fn].words)}
	v := verifier{program: facts.program, f: f}
	v.coverHandlers()
	n.covering = v.covering
	for i := range f.Code {
		if Ops[f.Code[i].Op].D == Target {
			n.at[int(f.Code[i].D)] = nil
		}
	}
	for i := range f.Handlers {
		n.at[int(f.Handlers[i].Target)] = nil
	}
	for i := len(f.Code) - 1; i >= pc; i-- {
		n.before(i)
		if _, target := n.at[i]; target {
			n.at[i] = slices.Clone(n.now)
		}
	}
	return n.now.registers()
}

// needs goes through a function from its end. Jumps go forward, so that what their targets need is known.
type needs struct {
	program  *Program
	f        *Func
	covering []int32
	at       map[int]registerSet // at the targets of jumps and handlers
	now      registerSet
}

// before makes what is needed after an instruction what is needed before it.
func (n *needs) before(pc int) {
	in := n.f.Code[pc]
	row := &Ops[in.Op]
	if row.Ends {
		clear(n.now)
	}
	if row.D == Target {
		n.now.union(n.at[int(in.D)])
	}
	for i, kind := range row.operands() {
		switch kind {
		case Def, Window, WindowV, WideDef:
			n.now.remove(int(in.operand(i)))
		}
	}
	for i, kind := range row.operands() {
		n.read(int(in.operand(i)), n.count(in, kind))
	}
	if in.Op == LOOP {
		n.read(0, len(n.f.Params))
	}
	if h := n.covering[pc]; h >= 0 {
		n.raise(&n.f.Handlers[h])
	}
}

// raise adds what the handler of an instruction needs but for the error.
func (n *needs) raise(h *Handler) {
	needed := slices.Clone(n.at[int(h.Target)])
	if needed == nil {
		return
	}
	needed.remove(int(h.Reg))
	n.now.union(needed)
}

func (n *needs) read(first, count int) {
	for r := first; r < first+count; r++ {
		n.now.add(r)
	}
}

// count is how many registers an operand reads.
func (n *needs) count(in Instr, kind Operand) int {
	switch kind {
	case Use, UseDef, WideUse:
		return 1
	case Window:
		return int(in.B)
	case WindowV:
		return int(in.B) + 1
	case Items:
		return int(in.C)
	case Pairs:
		return 2 * int(in.C)
	case Captured:
		return len(n.program.Funcs[in.D].Captures)
	}
	return 0
}

// union adds to s what t has.
func (s registerSet) union(t registerSet) {
	for i := range t {
		s[i] |= t[i]
	}
}
