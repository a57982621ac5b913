package resolve

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// collect numbers the names that a function binds: parameters, then assignments and catches in the order of the source. Lambdas
// within it have their own.
func (r *resolver) collect(f *Func) {
	params := f.ParamNodes()
	f.Params = len(params)
	f.Locals = r.locals[:0] // until their number is known
	for _, param := range params {
		f.addParam(param)
	}
	collector{f}.block(f.Block())
	r.locals = f.Locals
	f.Locals = slices.Clone(f.Locals)
}

func (f *Func) addParam(param *syntax.Param) {
	if first := f.slot(param.Name.Text); first >= 0 { // an error; the place is kept so that parameters have their numbers
		f.Locals = append(f.Locals, LocalVar{Decl: f.Locals[first].Decl})
		return
	}
	f.add(param.Name)
}

func (f *Func) add(name *syntax.Name) int {
	slot := len(f.Locals)
	f.Locals = append(f.Locals, LocalVar{Name: name.Text, Decl: name})
	if f.slots != nil {
		f.slots[name.Text] = slot
	}
	return slot
}

// few is how many locals are searched one by one.
const few = 16

// slot is the number of the local of a name, -1 if there is none.
func (f *Func) slot(name string) int {
	if name == "" {
		return -1
	}
	if len(f.Locals) <= few {
		for i := range f.Locals {
			if f.Locals[i].Name == name {
				return i
			}
		}
		return -1
	}
	if f.slots == nil {
		f.slots = make(map[string]int, 2*len(f.Locals))
		for i := range f.Locals {
			if _, known := f.slots[f.Locals[i].Name]; !known {
				f.slots[f.Locals[i].Name] = i
			}
		}
	}
	if slot, ok := f.slots[name]; ok {
		return slot
	}
	return -1
}

// collector finds the names that a function binds in its body.
type collector struct{ fn *Func }

func (c collector) block(b *syntax.Block) {
	if b == nil {
		return
	}
	for _, e := range b.Exprs {
		c.expr(e)
	}
}

func (c collector) expr(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Assign:
		c.fn.write(e.Name, e.Value, false)
		c.expr(e.Value)
	case *syntax.Try:
		c.block(e.Body)
		c.fn.write(e.Name, nil, true)
		c.block(e.Catch)
	case *syntax.Call:
		c.expr(e.Callee)
		for _, arg := range e.Args {
			c.expr(arg.Value)
		}
	case *syntax.Binary:
		var some [8]*syntax.Binary
		chain := syntax.Spine(some[:0], e)
		c.expr(chain[0].X)
		for _, e := range chain {
			c.expr(e.Y)
		}
	case *syntax.If:
		for _, arm := range e.Arms {
			c.expr(arm.Cond)
			c.block(arm.Then)
		}
		c.block(e.Else)
	case *syntax.Async:
		c.expr(e.Operand)
	case *syntax.Await:
		c.expr(e.Operand)
	case *syntax.Unary:
		c.expr(e.X)
	case *syntax.Paren:
		c.expr(e.Inner)
	case *syntax.ListLit:
		for _, elem := range e.Elems {
			c.expr(elem)
		}
	case *syntax.HashLit:
		for _, pair := range e.Pairs {
			c.expr(pair.Key)
			c.expr(pair.Value)
		}
	}
}

// write notes that a name is bound, to value or, value being nil, by a catch.
func (f *Func) write(name *syntax.Name, value syntax.Expr, catch bool) {
	if name == nil || name.Text == "" {
		return
	}
	slot := f.slot(name.Text)
	if slot < 0 {
		slot = f.add(name)
		f.Locals[slot].Catch = catch
	}
	local := &f.Locals[slot]
	local.Writes++
	local.lambda = nil
	if value != nil && local.Writes == 1 && slot >= f.Params {
		local.lambda, _ = syntax.Unparen(value).(*syntax.Lambda)
	}
}

// read resolves a use of a name.
func (r *resolver) read(f *frame, id *syntax.Ident) *Binding {
	if id.Name == "" {
		return nil
	}
	b := r.meaning(f, id.Name)
	if b == nil {
		r.undefined(f, id)
		return nil
	}
	r.bind(id, b)
	switch b.Kind {
	case Local:
		f.Locals[b.Index].Reads++
		f.Locals[b.Index].MaybeUnset = f.Locals[b.Index].MaybeUnset || b.State == Maybe
		if b.State == Unset {
			r.unset(f, id, b)
		}
	case Capture:
		if b.State == Unset {
			r.unset(f, id, b)
		}
	}
	return b
}

// meaning is what a name means at this moment in a function; nil if nothing.
func (r *resolver) meaning(f *frame, name string) *Binding {
	slot := f.slot(name)
	if slot < 0 {
		return r.outer(f, name)
	}
	switch f.flow.state(slot) {
	case Set:
		return &f.set[slot]
	case Maybe:
		return r.maybe(f, slot)
	}
	if b := r.outer(f, name); b != nil && b.State != Unset {
		return b
	}
	return &Binding{Kind: Local, State: Unset, Index: slot}
}

// maybe is the meaning of a local that has a value on some paths only.
func (r *resolver) maybe(f *frame, slot int) *Binding {
	if f.maybe == nil {
		f.maybe = make([]*Binding, len(f.Locals))
	}
	if f.maybe[slot] == nil {
		b := &Binding{Kind: Local, State: Maybe, Index: slot}
		if outer := r.outer(f, f.Locals[slot].Name); outer != nil && outer.State != Unset {
			b.Outer = outer
		}
		f.maybe[slot] = b
	}
	return f.maybe[slot]
}

// outer is what a name means in a function that has no local of the name, or where that has no value yet: the lambda itself,
// what the name meant around the lambda when it was created, or what it means in the file.
func (r *resolver) outer(f *frame, name string) *Binding {
	if f.parent == nil {
		return r.global(name)
	}
	if name == f.self {
		f.UsesSelf = true
		return &self
	}
	if b := f.captures[name]; b != nil {
		return b
	}
	from := r.meaning(f.parent, name)
	if from == nil || from.Kind != Local && from.Kind != Capture && from.Kind != Self {
		return from
	}
	return r.capture(f, name, from)
}

// self is what a lambda's name means within it.
var self = Binding{Kind: Self, State: Set}

func (r *resolver) capture(f *frame, name string, from *Binding) *Binding {
	if from.Kind == Local {
		local := &f.parent.Locals[from.Index]
		local.Reads++
		local.MaybeUnset = local.MaybeUnset || from.State == Maybe
	}
	b := &Binding{Kind: Capture, State: certainty(from), Index: len(f.Captures)}
	f.Captures = append(f.Captures, Captured{Name: name, From: from, State: b.State})
	if f.captures == nil {
		f.captures = map[string]*Binding{}
	}
	f.captures[name] = b
	return b
}

// certainty is whether reading a binding gives a value, that of its outer meaning included.
func certainty(b *Binding) State {
	if b.State == Maybe && b.Outer != nil {
		return certainty(b.Outer)
	}
	return b.State
}

// global is what a name means in the file.
func (r *resolver) global(name string) *Binding {
	scope := r.file.Scope
	if i, own := scope.index[name]; own {
		if r.first(&r.ownNames, int(i)) {
			r.info.outside = append(r.info.outside, name)
			if scope.defs[i].Import != nil {
				r.info.imports = append(r.info.imports, name)
			}
		}
		return scope.own[i]
	}
	b := scope.shared[name]
	if b == nil || r.first(&r.sharedNames, int(b.shared)) {
		r.info.outside = append(r.info.outside, name)
	}
	return b
}

// first says whether this is the first time that the item comes upon the name with a number.
func (r *resolver) first(names *[]int, number int) bool {
	for len(*names) <= number {
		*names = append(*names, 0)
	}
	if (*names)[number] == r.round {
		return false
	}
	(*names)[number] = r.round
	return true
}

// unset reports a read of a name that certainly has no value yet.
func (r *resolver) unset(f *frame, id *syntax.Ident, b *Binding) {
	owner, at := f, b
	for at.Kind == Capture {
		owner, at = owner.parent, owner.Captures[at.Index].From
	}
	owner.Locals[at.Index].suspect = true
	message := "'" + id.Name + "' is read before it has a value"
	if owner != f {
		message = "'" + id.Name + "' has no value yet when this lambda is created"
	}
	r.report(diag.UnsetName, id.Span(), message).
		relate(owner.Locals[at.Index].Decl.Span(), "it is assigned here")
}
