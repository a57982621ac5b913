package types

// parts is what is known of the parts of values. What it says of a kind counts only if that kind is among those of its Type.
type parts struct {
	// elem is the type of a List's elements if hasElem; else it is not known.
	elem    Type
	hasElem bool
	hash    *hashParts
	future  *futureParts
	fns     []*function // the functions that a value may be; nil if they are not known

	// vars are types that are not known yet: the value is of one of these, or of the kinds of base.
	vars []*variable
	base Kinds

	size  int16 // the number of types in it, as a tree
	depth int8  // how deep they are nested
	open  bool  // there are variables somewhere in it
}

// hashParts is what is known of a Hash.
type hashParts struct {
	fields     []Field // String keys, in order
	key, value Type    // of what else is in it; never if there is nothing else
}

type futureParts struct {
	value   Type
	threads []Callee // nil if they are not known
}

// function is a function that a value may be.
type function struct {
	callee Callee
	sig    Signature
	// owner has the parameters whose types the signature leaves open; nil if it leaves none.
	owner *owner
	// builtin is the index of a builtin, -1 for others.
	builtin int
	// python: arguments cross to Python. signed: its signature is known; else count is the number of arguments that its import names,
	// -1 if it names none.
	python, signed bool
	count          int
	// needs are the kinds of which each argument has to be, or a call certainly faults; nil if nothing is known of any.
	needs []Kinds
	// sent says of which of them that is so because they are sent to Python; nil if of none.
	sent []bool
	// raises: whatever it is called with, it raises an error, as far as it comes to an end.
	raises bool
	// again is what happens on every path through a lambda.
	again recursion
	// value is it as a value, for what is defined by an item.
	value Type
}

// Limits keep every type small, whatever a program is: what is beyond them is not known.
const (
	maxSize    = 100
	maxDepth   = 6
	maxFields  = 64
	maxVars    = 4
	maxFns     = 4
	maxThreads = 8
)

// with is the type of some kinds with these parts, which are not changed any more. Parts of parts that make it too large are given up.
func with(k Kinds, p parts) Type {
	if p.hash != nil && len(p.hash.fields) > maxFields {
		p.hash = p.hash.fold()
	}
	t := Type{without: AnyKind &^ k, parts: &p}
	if p.measure(); p.size > maxSize || p.depth > maxDepth {
		if len(p.vars) > 0 {
			t = mixed(t)
		}
		p.cut()
		p.measure()
	}
	return t
}

func (p *parts) measure() {
	p.size, p.depth, p.open = 1, 0, len(p.vars) > 0
	p.count(p.elem)
	if p.hash != nil {
		p.count(p.hash.key)
		p.count(p.hash.value)
		for i := range p.hash.fields {
			p.count(p.hash.fields[i].Type)
		}
	}
	if p.future != nil {
		p.count(p.future.value)
	}
	for _, fn := range p.fns {
		p.count(fn.sig.Result)
		for i := range fn.sig.Params {
			p.count(fn.sig.Params[i].Type)
		}
	}
	for _, v := range p.vars {
		p.size += v.size
	}
	p.depth++
}

func (p *parts) count(t Type) {
	p.size++
	if t.parts != nil {
		p.size += t.parts.size
		p.depth = max(p.depth, t.parts.depth)
		p.open = p.open || t.parts.open
	}
}

// cut leaves of each part nothing but its kinds.
func (p *parts) cut() {
	p.elem = p.elem.cut()
	if h := p.hash; h != nil {
		fields := make([]Field, len(h.fields))
		for i, f := range h.fields {
			fields[i] = Field{Key: f.Key, Type: f.Type.cut(), Certain: f.Certain}
		}
		p.hash = &hashParts{fields: fields, key: h.key.cut(), value: h.value.cut()}
	}
	if p.future != nil {
		p.future = &futureParts{value: p.future.value.cut(), threads: p.future.threads}
	}
	var fns []*function
	for _, fn := range p.fns {
		fns = append(fns, fn.cut())
	}
	p.fns, p.vars = fns, nil
}

// cut leaves of a function what the kinds of its parameters and its result are.
func (f *function) cut() *function {
	other := *f
	other.owner = nil
	other.sig.Result = f.sig.Result.cut()
	other.sig.Params = append([]Param(nil), f.sig.Params...)
	for i := range other.sig.Params {
		other.sig.Params[i].Type = other.sig.Params[i].Type.cut()
	}
	return &other
}

// cut is the type of which nothing but the kinds is known.
func (t Type) cut() Type {
	plain := Type{without: t.without, trust: t.trust}
	if len(t.vars()) > 0 {
		return mixed(plain)
	}
	return plain
}

// fold is a Hash of which the keys are not told apart any more.
func (h *hashParts) fold() *hashParts {
	return &hashParts{key: h.keys(), value: h.values()}
}

// keys is the type of all keys.
func (h *hashParts) keys() Type {
	if len(h.fields) == 0 {
		return h.key
	}
	return join(of(String), h.key)
}

// values is the type of all values.
func (h *hashParts) values() Type {
	all := h.value
	for i := range h.fields {
		all = join(all, h.fields[i].Type)
	}
	return all
}

func (h *hashParts) field(key string) *Field {
	for i := range h.fields {
		if h.fields[i].Key == key {
			return &h.fields[i]
		}
	}
	return nil
}

func listOf(elem Type) Type {
	if elem.unknown() {
		return of(List)
	}
	return with(List, parts{elem: elem, hasElem: true})
}

func hashOf(h *hashParts) Type {
	if len(h.fields) == 0 && h.key.unknown() && h.value.unknown() {
		return of(Hash)
	}
	return with(Hash, parts{hash: h})
}

func futureOf(value Type, threads []Callee) Type {
	if threads == nil && value.unknown() {
		return of(Future)
	}
	return with(Future, parts{future: &futureParts{value, threads}})
}

// functionOf is a function as a value.
func functionOf(fn *function) Type {
	return with(Function, parts{fns: []*function{fn}})
}

// unknown says whether nothing at all is known, not even that it is some parameter's type.
func (t Type) unknown() bool { return t.without == 0 && (t.parts == nil || len(t.parts.vars) == 0) }

// base are the kinds that are known, besides those of variables.
func (t Type) base() Kinds {
	if t.parts != nil && len(t.parts.vars) > 0 {
		return t.parts.base
	}
	return t.Kinds()
}

// vars are the variables of which it is one.
func (t Type) vars() []*variable {
	if t.parts == nil {
		return nil
	}
	return t.parts.vars
}

// Elem is the type of a List's elements; Any if it is not known.
func (t Type) Elem() Type {
	if t.parts == nil || !t.parts.hasElem || !t.Kinds().Has(List) {
		return Any
	}
	return t.parts.elem
}

// Key is the type of a Hash's keys.
func (t Type) Key() Type {
	if t.parts == nil || t.parts.hash == nil || !t.Kinds().Has(Hash) {
		return Any
	}
	return t.parts.hash.keys()
}

// Value is the type of a Hash's values.
func (t Type) Value() Type {
	if t.parts == nil || t.parts.hash == nil || !t.Kinds().Has(Hash) {
		return Any
	}
	return t.parts.hash.values()
}

// Fields are the String keys that a Hash is known to have, in their order.
func (t Type) Fields() []Field {
	if t.parts == nil || t.parts.hash == nil || !t.Kinds().Has(Hash) {
		return nil
	}
	return t.parts.hash.fields
}

// Awaited is what await of such a value gives: for a future the type of its value, for a List that of the List of its values.
func (t Type) Awaited() Type { return awaited(t) }

// Threads are the functions that the threads behind a future run; nil if they are not known.
func (t Type) Threads() []Callee {
	if t.parts == nil || t.parts.future == nil || !t.Kinds().Has(Future) {
		return nil
	}
	return t.parts.future.threads
}

// callees are the functions that a value of kind Function may be; nil if they are not known.
func (t Type) callees() []Callee {
	var all []Callee
	for _, fn := range t.functions() {
		if fn.callee == (Callee{}) {
			return nil
		}
		all = append(all, fn.callee)
	}
	return all
}

// Signatures are the ways of calling the function that the value is, one for each that it may be; nil if it is not known, or no
// function.
func (t Type) Signatures() []Signature {
	var all []Signature
	for _, fn := range t.functions() {
		if fn.builtin >= 0 {
			all = append(all, builtinSignatures[fn.builtin].shown()...)
			continue
		}
		all = append(all, fn.sig)
	}
	return all
}

// functions are those that the value may be, nil if they are not known.
func (t Type) functions() []*function {
	if t.parts == nil || !t.Kinds().Has(Function) || len(t.parts.vars) > 0 && t.Kinds()&^t.parts.base != 0 {
		return nil
	}
	return t.parts.fns
}
