package codegen

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A function that calls itself in tail position jumps to its start, with new values in its parameters' registers. An argument is
// computed straight into its parameter if nobody needs the parameter's old value any more; else it goes through a temporary.
// Arguments that only name a local, or a constant, wait until the others are computed, and are then moved all at once.
//
// An argument that surely cannot fail and has no effect, like "n - 1" where n is known to be a number, may be computed out of its
// turn: after the others, which often still need n.

// turn is an argument of such a call.
type turn struct {
	value syntax.Expr
	// param is the parameter, and its register, that the value is for.
	param int
	// waits: the value is in register from, or is a constant; it is moved when the others have been computed.
	waits bool
	from  int
	// reads and writes are the locals that evaluating it reads and assigns.
	reads, writes []int
}

// loop compiles a call of the running function by itself in tail position.
func (f *function) loop(e *syntax.Call) {
	turns := f.turns(e)
	for i := range turns {
		f.take(turns, i)
	}
	f.moves(turns)
	f.site(f.calleeName(e.Callee))
	f.emit(bytecode.LOOP, 0, 0, 0, 0)
}

// turns are the arguments in the order in which they are evaluated.
func (f *function) turns(e *syntax.Call) []turn {
	args := f.static(e)
	turns := make([]turn, 0, len(args.values))
	var late []turn
	for i, value := range args.values {
		t := turn{value: syntax.Unparen(value), param: args.slot(i), from: -1}
		f.touches(t.value, &t)
		if f.harmless(t.value) {
			late = append(late, t)
		} else {
			turns = append(turns, t)
		}
	}
	return append(turns, late...)
}

// take evaluates one argument, those before it having been.
func (f *function) take(turns []turn, i int) {
	t := &turns[i]
	if _, isLambda := t.value.(*syntax.Lambda); constant(t.value) && !isLambda {
		t.waits = true
		return
	}
	if ident, ok := t.value.(*syntax.Ident); ok {
		if local, ok := f.localOf(ident); ok && !assignedBy(turns[i+1:], local) {
			f.compile(ident, discard)
			t.waits, t.from = true, local
			return
		}
	}
	if !needed(turns, i) {
		f.compile(t.value, dest(t.param))
		return
	}
	t.waits, t.from = true, f.temp()
	f.compile(t.value, dest(t.from))
}

// needed says whether the parameter that an argument is for must not be written in its turn: it is still read, or assigned.
func needed(turns []turn, i int) bool {
	param := turns[i].param
	for j := range turns {
		t := &turns[j]
		if j < i && t.waits && t.from == param {
			return true
		}
		if j > i && (slices.Contains(t.reads, param) || slices.Contains(t.writes, param)) {
			return true
		}
	}
	return false
}

func assignedBy(turns []turn, local int) bool {
	return slices.ContainsFunc(turns, func(t turn) bool { return slices.Contains(t.writes, local) })
}

// moves brings the values that wait into their parameters, as if all at once.
func (f *function) moves(turns []turn) {
	pending := slices.DeleteFunc(slices.Clone(turns), func(t turn) bool { return !t.waits || t.from == t.param || t.from < 0 })
	for len(pending) > 0 {
		i := slices.IndexFunc(pending, func(t turn) bool { return !isSource(pending, t.param) })
		if i < 0 { // only circles are left: one of the values steps aside
			aside := f.temp()
			param := pending[0].param
			f.emit(bytecode.MOVE, aside, param, 0, 0)
			for j := range pending {
				if pending[j].from == param {
					pending[j].from = aside
				}
			}
			continue
		}
		f.emit(bytecode.MOVE, pending[i].param, pending[i].from, 0, 0)
		pending = slices.Delete(pending, i, i+1)
	}
	for _, t := range turns {
		if t.waits && t.from < 0 {
			f.compile(t.value, dest(t.param))
		}
	}
}

func isSource(pending []turn, register int) bool {
	return slices.ContainsFunc(pending, func(t turn) bool { return t.from == register })
}

// touches collects the locals that evaluating e reads and assigns.
func (f *function) touches(e syntax.Expr, t *turn) {
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			t.reads = appendLocal(t.reads, f.info.Binding(n))
		case *syntax.Assign:
			t.writes = appendLocal(t.writes, f.info.Binding(n.Name))
		case *syntax.Try:
			t.writes = appendLocal(t.writes, f.info.Binding(n.Name))
		case *syntax.Lambda:
			for _, captured := range f.info.Func(n).Captures {
				t.reads = appendLocal(t.reads, captured.From)
			}
			return false
		}
		return true
	})
}

func appendLocal(locals []int, b *resolve.Binding) []int {
	if b == nil || b.Kind != resolve.Local || slices.Contains(locals, b.Index) {
		return locals
	}
	return append(locals, b.Index)
}
