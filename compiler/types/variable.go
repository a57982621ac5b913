package types

import "slices"

// variable is a type that is known only where a function is called: that of an argument for one of its parameters, or what an operation
// makes of it. A function's result in terms of them is what makes "fn id(x) { x }" give an Int for an Int.
type variable struct {
	op operation
	// owner and index are of a parameter.
	owner *owner
	index int
	// of is what the operation is made on, key and args are what with.
	of   *variable
	key  string
	args []Type
	// mask are the kinds that are meant of all those that it may turn out to have.
	mask Kinds
	size int16
}

// owner is a function whose parameters are variables; what counts is which one it is.
type owner struct{ _ byte }

// operation is what makes one type of another.
type operation uint8

const (
	parameter  operation = iota
	elementOf            // of a List
	keyOf                // of a Hash
	valueOf              // of a Hash
	fieldOf              // of a Hash, by its key
	awaitedOf            // by await
	settledOf            // what a thread that returns it comes to
	resultOf             // of a function, called with args
	changedKey           // a Hash with one more key
)

// maxVariable is how large an expression of types is remembered; beyond that nothing is known.
const maxVariable = 12

// parameter is the type of a parameter of which nothing is known.
func (o *owner) parameter(index int) Type {
	return ofVariable(variable{op: parameter, owner: o, index: index, mask: AnyKind, size: 1})
}

// cell is a type that is one variable, in one piece of memory: there are many of them.
type cell struct {
	parts parts
	v     variable
	list  [1]*variable
}

// ofVariable is the type that is a variable.
func ofVariable(v variable) Type {
	if v.size > maxVariable {
		return mixed(of(v.mask))
	}
	if v.op == changedKey {
		v.mask &= Hash
	}
	c := &cell{v: v}
	c.list[0] = &c.v
	c.parts = parts{vars: c.list[:], size: v.size + 2, depth: 1, open: true}
	return Type{without: AnyKind &^ v.mask, parts: &c.parts}
}

// apply is the operation on a variable.
func (v *variable) apply(op operation, key string, args ...Type) Type {
	size := v.size + 1
	for _, arg := range args {
		size++
		if arg.parts != nil {
			size += arg.parts.size
		}
	}
	if size > maxVariable {
		return Any
	}
	return ofVariable(variable{op: op, of: v, key: key, args: slices.Clone(args), mask: AnyKind, size: size})
}

func (v *variable) masked(mask Kinds) *variable {
	if v.mask == mask {
		return v
	}
	other := *v
	other.mask = mask
	return &other
}

// same says whether two variables are the same but for their masks. owners has, for comparing across versions of a function, the owner
// of the one for that of the other.
func (v *variable) same(w *variable, owners *renaming) bool {
	if v == w {
		return true
	}
	if v.op != w.op || v.index != w.index || v.key != w.key || len(v.args) != len(w.args) {
		return false
	}
	if v.op == parameter {
		return owners.same(v.owner, w.owner)
	}
	if v.of.mask != w.of.mask || !v.of.same(w.of, owners) {
		return false
	}
	for i := range v.args {
		if !same(v.args[i], w.args[i], owners) {
			return false
		}
	}
	return true
}

// renaming says which owners correspond to each other; nil: each to itself.
type renaming struct{ pairs [][2]*owner }

func (r *renaming) same(a, b *owner) bool {
	if a == b || r == nil {
		return a == b
	}
	for _, pair := range r.pairs {
		if pair[0] == a || pair[1] == b {
			return pair[0] == a && pair[1] == b
		}
	}
	return false
}

func (r *renaming) add(a, b *owner) *renaming {
	if a == b {
		return r
	}
	var all [][2]*owner
	if r != nil {
		all = r.pairs
	}
	return &renaming{append(all[:len(all):len(all)], [2]*owner{a, b})}
}

// mentions says whether a parameter of a function occurs in the type.
func (t Type) mentions(o *owner) bool {
	p := t.parts
	if p == nil || !p.open {
		return false
	}
	for _, v := range p.vars {
		if v.mentions(o) {
			return true
		}
	}
	if p.hasElem && p.elem.mentions(o) || p.future != nil && p.future.value.mentions(o) {
		return true
	}
	if h := p.hash; h != nil && (h.key.mentions(o) || h.value.mentions(o) ||
		slices.ContainsFunc(h.fields, func(f Field) bool { return f.Type.mentions(o) })) {
		return true
	}
	return slices.ContainsFunc(p.fns, func(fn *function) bool {
		return fn.sig.Result.mentions(o) || slices.ContainsFunc(fn.sig.Params, func(p Param) bool { return p.Type.mentions(o) })
	})
}

func (v *variable) mentions(o *owner) bool {
	if v.op == parameter {
		return v.owner == o
	}
	return v.of.mentions(o) || slices.ContainsFunc(v.args, func(arg Type) bool { return arg.mentions(o) })
}

// equal says whether two types are the same.
func equal(a, b Type) bool { return same(a, b, nil) }

func same(a, b Type, owners *renaming) bool {
	if a.without != b.without || a.trust != b.trust {
		return false
	}
	x, y := a.parts, b.parts
	if x == y {
		return true
	}
	if x == nil || y == nil {
		return false
	}
	if x.hasElem != y.hasElem || x.base != y.base || !same(x.elem, y.elem, owners) || len(x.vars) != len(y.vars) {
		return false
	}
	for i, v := range x.vars {
		if v.mask != y.vars[i].mask || !v.same(y.vars[i], owners) {
			return false
		}
	}
	return sameHash(x.hash, y.hash, owners) && sameFuture(x.future, y.future, owners) && sameFunctions(x.fns, y.fns, owners)
}

func sameHash(x, y *hashParts, owners *renaming) bool {
	if x == y {
		return true
	}
	if x == nil || y == nil || len(x.fields) != len(y.fields) || !same(x.key, y.key, owners) || !same(x.value, y.value, owners) {
		return false
	}
	for i, f := range x.fields {
		g := y.fields[i]
		if f.Key != g.Key || f.Certain != g.Certain || !same(f.Type, g.Type, owners) {
			return false
		}
	}
	return true
}

func sameFuture(x, y *futureParts, owners *renaming) bool {
	if x == y {
		return true
	}
	if x == nil || y == nil || (x.threads == nil) != (y.threads == nil) || len(x.threads) != len(y.threads) {
		return false
	}
	for i := range x.threads {
		if x.threads[i] != y.threads[i] {
			return false
		}
	}
	return same(x.value, y.value, owners)
}

func sameFunctions(x, y []*function, owners *renaming) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !x[i].same(y[i], owners) {
			return false
		}
	}
	return true
}

func (f *function) same(g *function, owners *renaming) bool {
	return f.callee == g.callee && f.builtin == g.builtin && f.python == g.python && f.signed == g.signed && f.count == g.count &&
		f.raises == g.raises && slices.Equal(f.needs, g.needs) && slices.Equal(f.sent, g.sent) && f.sig.same(&g.sig, owners.add(f.owner, g.owner))
}

func (s *Signature) same(o *Signature, owners *renaming) bool {
	if s.Name != o.Name || len(s.Params) != len(o.Params) || !same(s.Result, o.Result, owners) {
		return false
	}
	for i, p := range s.Params {
		q := o.Params[i]
		if !same(p.Type, q.Type, owners) {
			return false
		}
		p.Type, q.Type = Any, Any
		if p != q {
			return false
		}
	}
	return true
}
