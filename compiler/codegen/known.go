package codegen

import (
	"math"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// What is known of values: parameters that are never assigned, and that have been compared with a number on every way to where
// the compiler is, are numbers. So much pays for loops, which are functions with a counter among their parameters.

// learn notes what an evaluated condition, true or false, says.
func (f *function) learn(cond syntax.Expr) {
	for {
		e, ok := syntax.Unparen(cond).(*syntax.Binary)
		if !ok {
			return
		}
		if isLogical(e) {
			cond = e.X // the other side may not have been evaluated
			continue
		}
		if _, compares := comparisons[e.Op]; !compares || e.Op == syntax.Equal || e.Op == syntax.NotEq {
			return
		}
		x, y := e.X, e.Y
		if !isNumber(y) {
			x, y = y, x
		}
		if param, ok := f.fixedParam(x); ok && isNumber(y) {
			f.numbers = append(f.numbers, param)
		}
		return
	}
}

// fixedParam is the parameter that an expression names, if it never changes.
func (f *function) fixedParam(e syntax.Expr) (param int, ok bool) {
	ident, ok := syntax.Unparen(e).(*syntax.Ident)
	if !ok {
		return 0, false
	}
	b := f.info.Binding(ident)
	if b == nil || b.Kind != resolve.Local || b.Index >= f.fn.Params || f.fn.Locals[b.Index].Writes > 0 {
		return 0, false
	}
	return b.Index, true
}

func isNumber(e syntax.Expr) bool {
	_, ok := syntax.Unparen(e).(*syntax.NumberLit)
	return ok
}

// harmless says whether e is a sum of a number that is known to be one and a small Int, so that it has no effect and cannot fail.
func (f *function) harmless(e syntax.Expr) bool {
	sum, ok := e.(*syntax.Binary)
	if !ok || sum.Op != syntax.Plus && sum.Op != syntax.Minus {
		return false
	}
	if _, small := smallOf(sum.Y, math.MinInt32, math.MaxInt32); !small {
		return false
	}
	param, ok := f.fixedParam(sum.X)
	return ok && slices.Contains(f.numbers, param)
}
