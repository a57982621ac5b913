package resolve

import "github.com/hark-lang/hark-ls/compiler/syntax"

// Uses yields what the item's names stand for in its file, the prelude and Python: the targets of its bindings, the same one several times
// perhaps.
func (in *Info) Uses(yield func(target *Def) bool) {
	var last *Binding
	for _, b := range in.bindings {
		if b == nil || b == last {
			continue
		}
		if last = b; !b.eachTarget(yield) {
			return
		}
	}
	for _, fn := range in.Funcs {
		for i := range fn.Captures {
			if !fn.Captures[i].From.eachTarget(yield) {
				return
			}
		}
	}
}

func (b *Binding) eachTarget(yield func(*Def) bool) bool {
	for ; b != nil; b = b.Outer {
		if b.Def != nil && b.Def.Target != nil && !yield(b.Def.Target) {
			return false
		}
	}
	return true
}

// OnlyLambda is the lambda that a name of a function stands for whenever it has a value; nil if that is not certain. Calls of it have been
// checked against it.
func OnlyLambda(fn *Func, b *Binding) *syntax.Lambda { return onlyLambda(fn, b) }
