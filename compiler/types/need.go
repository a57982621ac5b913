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
	before := f.locals[at]
	both := before.Kinds() & k
	if both == 0 || both == before.Kinds() {
		return
	}
	f.locals[at] = of(both).doubt(before.trust)
	if in.sending {
		f.locals[at].trust |= sent
	}
}

// needs are what the function needs at its end, and for which parameters that is so because they are sent to Python; nil if nothing.
func (in *inferrer) needs(f *frame) (all []Kinds, python []bool) {
	if f.dead {
		return nil, nil
	}
	for i := range f.fn.Params {
		t := f.locals[len(f.fn.Locals)+i]
		k := t.Kinds()
		if k != AnyKind && all == nil {
			all = make([]Kinds, f.fn.Params)
			for j := range all {
				all[j] = AnyKind
			}
		}
		if all != nil {
			all[i] = k
		}
		if t.trust&sent != 0 {
			if python == nil {
				python = make([]bool, f.fn.Params)
			}
			python[i] = true
		}
	}
	return all, python
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
		param := fn.sig.Params[slot].Name
		var p *finding
		if fn.sent != nil && fn.sent[slot] && (c.args[i].Kinds().Within(notPython) || k == AnyKind&^notPython) {
			p = in.sendable(f, arg.Value, c.args[i], func(got string) string {
				return "Python cannot take " + got + ", and '" + fn.sig.Name + "' passes '" + param + "' on to it"
			})
		} else {
			p = in.check(f, diag.ArgumentType, arg.Value, c.args[i], k, func(got string) string {
				return "'" + fn.sig.Name + "' needs " + nouns(k) + " for '" + param + "', not " + got
			})
		}
		if p != nil {
			p.defined = []Callee{fn.callee}
		}
	}
}
