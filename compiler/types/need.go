package types

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
)

// What a function needs: the kinds that its arguments have to be of, because on every path that comes to an end a fault would be certain
// otherwise. That is kept, by parameter, behind the types of the names, so that branches join it as they join these.

// need notes that a value has to be of some kinds here, if it is the argument for a parameter of the item's function.
func (in *inferrer) need(f *frame, t Type, k Kinds) {
	if f.fn.Lambda != nil || f.tries > 0 || len(t.vars()) != 1 || t.base() != 0 {
		return
	}
	v := t.vars()[0]
	if v.op != parameter || v.owner != in.out.owner || v.mask != AnyKind {
		return
	}
	at := len(f.fn.Locals) + v.index
	if both := f.locals[at].Kinds() & k; both != 0 {
		f.locals[at] = of(both)
	}
}

// needs are what the function needs at its end; nil if nothing.
func (in *inferrer) needs(f *frame) []Kinds {
	if f.dead {
		return nil
	}
	var all []Kinds
	for i := range f.fn.Params {
		k := f.locals[len(f.fn.Locals)+i].Kinds()
		if k != AnyKind && all == nil {
			all = make([]Kinds, f.fn.Params)
			for j := range all {
				all[j] = AnyKind
			}
		}
		if all != nil {
			all[i] = k
		}
	}
	return all
}

// elsewhere makes what is checked until back is called a matter of another thread, or of a call that there may not be: that is no error
// here, and nothing that the function needs.
func (in *inferrer) elsewhere(f *frame, elsewhere bool) (back func()) {
	if !elsewhere {
		return func() {}
	}
	f.tries++
	return func() { f.tries-- }
}

// neededArguments holds the arguments of a call against what the function needs.
func (in *inferrer) neededArguments(f *frame, c *callInfo, fn *function) {
	if fn.needs == nil {
		return
	}
	defer in.elsewhere(f, c.spawned)()
	for i, arg := range c.Args {
		slot := c.slot(i)
		k := fn.needs[slot]
		if k == AnyKind || !fn.sig.Params[slot].Type.unknown() {
			continue
		}
		p := in.check(f, diag.ArgumentType, arg.Value, c.args[i], k, func(got string) string {
			return "'" + fn.sig.Name + "' needs " + nouns(k) + " for '" + fn.sig.Params[slot].Name + "', not " + got
		})
		if p != nil {
			p.defined = []Callee{fn.callee}
		}
	}
}
