package codegen

import (
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// assembly is the code of a function while it is written. Jumps go to labels, which link replaces by instructions' indices.
type assembly struct {
	code []bytecode.Instr
	// spans are those of the instructions, span is that of the next one.
	spans    []source.Span
	span     source.Span
	handlers []bytecode.Handler
	// labels are the indices that labels stand for, by label.
	labels []int32
	// jumps are the instructions whose D is a label.
	jumps []int32
	// overflow: a register did not fit into its byte; the code is of no use.
	overflow bool
}

type label int32

// reset is an empty assembly in the same memory.
func (as *assembly) reset() assembly {
	return assembly{
		code: as.code[:0], spans: as.spans[:0], handlers: as.handlers[:0], labels: as.labels[:0], jumps: as.jumps[:0],
	}
}

func (as *assembly) pc() int { return len(as.code) }

func (as *assembly) emit(op bytecode.Op, a, b, c, d int) {
	if a|b|c > 255 {
		as.overflow = true
	}
	as.code = append(as.code, bytecode.Instr{Op: op, A: uint8(a), B: uint8(b), C: uint8(c), D: int32(d)})
	as.spans = append(as.spans, as.span)
}

func (as *assembly) newLabel() label {
	as.labels = append(as.labels, -1)
	return label(len(as.labels) - 1)
}

// place makes the label stand for the next instruction.
func (as *assembly) place(l label) { as.labels[l] = int32(as.pc()) }

func (as *assembly) jump(op bytecode.Op, a, b, c int, to label) {
	as.jumps = append(as.jumps, int32(as.pc()))
	as.emit(op, a, b, c, int(to))
}

// link replaces labels by indices. A jump to a jump goes where that one goes.
func (as *assembly) link() {
	for _, at := range as.jumps {
		as.code[at].D = as.labels[as.code[at].D]
	}
	for _, at := range as.jumps {
		// Jumps go forward, so this ends.
		to := as.code[at].D
		for as.code[to].Op == bytecode.JUMP {
			to = as.code[to].D
		}
		as.code[at].D = to
	}
}
