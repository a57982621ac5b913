package bytecode

import (
	"fmt"
	"math/bits"
	"slices"
	"sort"
)

// Verification makes a program that came from anywhere safe to run: the machine's loop trusts every index in an instruction, and
// never reads a register that nothing was written to. It also finds out which registers have been written at each
// instruction, whatever way led there; exactly these belong to a machine's state.
//
// Jumps go forward; only LOOP goes back, to the function's first instruction, and only with all parameters set. So one pass from the
// first instruction to the last meets every way to an instruction before the instruction itself: the set at a jump's target is the
// intersection of the sets at the jumps. An error may be raised by any instruction that a handler covers.

// Limits of a program. They keep the work and the memory of verification in proportion to the program.
const (
	// NarrowRegisters is how many registers of a frame an instruction can name in a byte. A call keeps the registers from this
	// one on, and those below its operand a.
	NarrowRegisters = 256
	maxRegisters    = 1 << 16
	maxParams       = 255
	// maxFlow bounds instructions times words of a register set, per function.
	maxFlow = 1 << 26
)

// Facts is what verification finds out about a program.
type Facts struct {
	program *Program
	flows   []flow
}

// flow has the registers assigned at the beginning of each block of a function.
type flow struct {
	words  int
	blocks []block // ascending
}

type block struct {
	start    int
	assigned registerSet // nil if no way leads there
}

// registerSet has a bit for each register.
type registerSet []uint64

func (s registerSet) has(r int) bool { return s[r>>6]&(1<<(r&63)) != 0 }
func (s registerSet) add(r int)      { s[r>>6] |= 1 << (r & 63) }
func (s registerSet) remove(r int)   { s[r>>6] &^= 1 << (r & 63) }

// intersect leaves in s what t has too.
func (s registerSet) intersect(t registerSet) {
	for i := range s {
		s[i] &= t[i]
	}
}

// Verify checks a program. The error names the function and the instruction.
func Verify(p *Program) (*Facts, error) {
	if err := checkProgram(p); err != nil {
		return nil, err
	}
	facts := &Facts{program: p, flows: make([]flow, len(p.Funcs))}
	for i := range p.Funcs {
		v := &verifier{program: p, f: &p.Funcs[i]}
		if err := v.function(); err != nil {
			return nil, fmt.Errorf("function f%d '%s': %w", i, p.Funcs[i].Name, err)
		}
		facts.flows[i] = v.flow
	}
	return facts, nil
}

// Assigned are the registers that are certainly written when an instruction of a function begins, in ascending order;
// false if no way leads there.
func (facts *Facts) Assigned(fn, pc int) ([]int, bool) {
	set, ok := facts.before(fn, pc)
	return set.registers(), ok
}

// Kept are the registers that a call at pc keeps while it runs, in ascending order; false if no way leads there or there is no call.
func (facts *Facts) Kept(fn, pc int) ([]int, bool) {
	in := facts.program.Funcs[fn].Code[pc]
	set, ok := facts.before(fn, pc)
	if !ok || in.Op != CALL && in.Op != CALLV {
		return nil, false
	}
	set.lose(in)
	return set.registers(), true
}

// before is the set when an instruction begins, false if no way leads there.
func (facts *Facts) before(fn, pc int) (registerSet, bool) {
	fl := &facts.flows[fn]
	after := sort.Search(len(fl.blocks), func(i int) bool { return fl.blocks[i].start > pc })
	b := fl.blocks[after-1]
	if b.assigned == nil {
		return nil, false
	}
	set := slices.Clone(b.assigned)
	for _, in := range facts.program.Funcs[fn].Code[b.start:pc] {
		set.step(in)
	}
	return set, true
}

func (s registerSet) registers() []int {
	var all []int
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			all = append(all, i<<6+bits.TrailingZeros64(word))
		}
	}
	return all
}

// step is the effect of an instruction that does not raise.
func (s registerSet) step(in Instr) {
	row := &Ops[in.Op]
	s.lose(in)
	switch row.A {
	case Def, UseDef, Window, WindowV:
		s.add(int(in.A))
	}
	if row.D == WideDef {
		s.add(int(in.D))
	}
}

// lose takes away what a call makes of the registers in and above its window, whether it returns or raises.
func (s registerSet) lose(in Instr) {
	if row := &Ops[in.Op]; row.A != Window && row.A != WindowV {
		return
	}
	for r := int(in.A); r < min(NarrowRegisters, len(s)*64); r++ {
		s.remove(r)
	}
}

// verifier checks one function.
type verifier struct {
	program *Program
	f       *Func
	flow    flow
	// entering has the sets at instructions that have been jumped to.
	entering map[int]registerSet
	covering []int32 // the handler of each instruction, -1 for none
	now      registerSet
	live     bool // a way leads to the present instruction
}

func (v *verifier) function() error {
	if err := v.checkShape(); err != nil {
		return err
	}
	v.entering = map[int]registerSet{}
	v.coverHandlers()
	v.flow.words = (int(v.f.Registers) + 63) / 64
	v.now = make(registerSet, v.flow.words)
	for i := range v.f.Params {
		v.now.add(i)
	}
	v.live = true
	v.flow.blocks = append(v.flow.blocks, block{0, v.copyNow()})
	for pc, in := range v.f.Code {
		v.enter(pc)
		if err := v.checkInstr(pc, in); err != nil {
			return fmt.Errorf("instruction %d (%s): %w", pc, in.Op, err)
		}
		if v.live {
			v.follow(pc, in)
		}
	}
	if v.live {
		return fmt.Errorf("execution can run over the end")
	}
	return nil
}

func (v *verifier) copyNow() registerSet {
	if !v.live {
		return nil
	}
	return append(registerSet(nil), v.now...)
}

// enter merges what jumps to pc bring.
func (v *verifier) enter(pc int) {
	set, jumped := v.entering[pc]
	if !jumped {
		if pc > 0 && Ops[v.f.Code[pc-1].Op].Ends {
			v.flow.blocks = append(v.flow.blocks, block{pc, nil})
		}
		return
	}
	delete(v.entering, pc)
	if v.live {
		v.now.intersect(set)
	} else {
		copy(v.now, set)
	}
	v.live = true
	v.flow.blocks = append(v.flow.blocks, block{pc, v.copyNow()})
}

// jump records that pc can be reached with the registers now.
func (v *verifier) jump(pc int) {
	if set, ok := v.entering[pc]; ok {
		set.intersect(v.now)
		return
	}
	v.entering[pc] = v.copyNow()
}

// follow is what an instruction at pc does to the ways through the function.
func (v *verifier) follow(pc int, in Instr) {
	row := &Ops[in.Op]
	if h := v.covering[pc]; h >= 0 {
		v.raise(in, &v.f.Handlers[h])
	}
	v.now.step(in)
	if row.D == Target {
		v.jump(int(in.D))
	}
	v.live = !row.Ends
}

// raise records that the instruction can be left for its handler.
func (v *verifier) raise(in Instr, h *Handler) {
	set, ok := v.entering[int(h.Target)]
	if !ok {
		set = v.copyNow()
		v.entering[int(h.Target)] = set
	}
	had := set.has(int(h.Reg))
	set.intersect(v.now)
	set.lose(in)
	if had || !ok {
		set.add(int(h.Reg))
	}
}

// coverHandlers finds the first handler of each instruction, in time that does not depend on how handlers overlap:
// next[i] leads to the first instruction from i on that has none yet.
func (v *verifier) coverHandlers() {
	n := len(v.f.Code)
	v.covering = make([]int32, n)
	next := make([]int32, n+1)
	for i := range next {
		next[i] = int32(i)
	}
	find := func(i int32) int32 {
		root := i
		for next[root] != root {
			root = next[root]
		}
		for next[i] != root {
			i, next[i] = next[i], root
		}
		return root
	}
	for i := range v.covering {
		v.covering[i] = -1
	}
	for h := range v.f.Handlers {
		for i := find(int32(v.f.Handlers[h].Start)); i < int32(v.f.Handlers[h].End); i = find(i) {
			v.covering[i] = int32(h)
			next[i] = i + 1
		}
	}
}
