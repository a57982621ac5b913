package types

import "slices"

// Operations on types. Each is made on what is known and put off for what is a variable, until that is known.

// perVariable is base, which is what an operation makes of the known values, and what it makes of the variables of t that may be of the
// kinds that it is for.
func (t Type) perVariable(base Type, kinds Kinds, op operation, key string, args ...Type) Type {
	for _, v := range t.vars() {
		if v.mask.Has(kinds) {
			base = join(base, v.apply(op, key, args...))
		}
	}
	return base.doubt(t.trust)
}

// mixed marks the type of parts that are read one at a time: not each of their kinds need be that of this one.
func mixed(t Type) Type {
	if k := t.Kinds(); k&(k-1) != 0 {
		t.trust |= loose
	}
	return t
}

// elementType is the type of an element of those values that are Lists.
func elementType(t Type) Type {
	if t.unknown() {
		return Any
	}
	elem, known := t.elemPart()
	if !known {
		return Any
	}
	return t.perVariable(mixed(elem), List, elementOf, "")
}

// keyType is the type of a key of those values that are Hashes.
func keyType(t Type) Type {
	h, known := t.hashPart()
	switch {
	case t.unknown() || !known:
		return Any
	case h == nil:
		return t.perVariable(never, Hash, keyOf, "")
	}
	return t.perVariable(mixed(h.keys()), Hash, keyOf, "")
}

// valueType is the type of a value in those values that are Hashes.
func valueType(t Type) Type {
	h, known := t.hashPart()
	switch {
	case t.unknown() || !known:
		return Any
	case h == nil:
		return t.perVariable(never, Hash, valueOf, "")
	}
	return t.perVariable(mixed(h.values()), Hash, valueOf, "")
}

// fieldType is what get gives for a key that is known.
func fieldType(t Type, key string) Type {
	h, known := t.hashPart()
	switch {
	case t.unknown() || !known:
		return Any
	case h == nil:
		return t.perVariable(never, Hash, fieldOf, key)
	}
	var found Type
	f := h.field(key)
	switch {
	case f != nil && f.Certain:
		found = mixed(f.Type)
	case f != nil:
		found = join(f.Type, of(Null)).doubt(loose)
	case h.key.Kinds().Has(String):
		found = join(h.value, of(Null)).doubt(loose)
	default:
		found = of(Null)
	}
	return t.perVariable(found, Hash, fieldOf, key)
}

// changed is a Hash with one more key; constant: the key is that String.
func changed(t Type, key string, constant bool, keys, value Type) Type {
	h, known := t.hashPart()
	switch {
	case t.unknown() || !known:
		h = &hashParts{key: Any, value: Any}
	case h == nil && len(t.vars()) == 0:
		return of(Hash)
	case h == nil:
		h = &hashParts{key: never, value: never}
	}
	result := hashOf(h.set(key, constant, keys, value))
	if !constant {
		return t.perVariable(result, Hash, changedKey, "", keys, value)
	}
	return t.perVariable(result, Hash, changedKey, key, value)
}

func (h *hashParts) set(key string, constant bool, keys, value Type) *hashParts {
	fields := slices.Clone(h.fields)
	at := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	switch {
	case constant && at >= 0:
		fields[at].Type, fields[at].Certain = value, true
		return &hashParts{fields, h.key, h.value}
	case constant && len(fields) < maxFields:
		return &hashParts{append(fields, Field{key, value, true}), h.key, h.value}
	case constant:
		keys = of(String)
	}
	if keys.Kinds().Has(String) {
		for i := range fields {
			fields[i].Type = join(fields[i].Type, value)
		}
	}
	return &hashParts{fields, join(h.key, keys), join(h.value, value)}
}

// awaited is what await gives.
func awaited(t Type) Type {
	if t.unknown() {
		return Any
	}
	value := of(t.base() &^ (Future | List)).keep(t)
	if t.base().Has(Future) {
		future, known := t.futurePart()
		if !known {
			return Any
		}
		value = join(value, future.value)
	}
	if t.base().Has(List) {
		elem, known := t.elemPart()
		if !known {
			value = join(value, of(List))
		} else {
			value = join(value, listOf(settled(elem)))
		}
	}
	return t.perVariable(value, AnyKind, awaitedOf, "")
}

// settled is what a thread that returns such a value comes to: a future is awaited.
func settled(t Type) Type {
	if !t.Kinds().Has(Future) {
		return t
	}
	if t.unknown() {
		return Any
	}
	value := t.restrictBase(t.base() &^ Future)
	if t.base().Has(Future) {
		future, known := t.futurePart()
		if !known {
			return Any
		}
		value = join(value, future.value)
	}
	return t.perVariable(value, AnyKind, settledOf, "")
}

// keep is the type with the parts that another one has for its kinds; Lists and futures excepted.
func (t Type) keep(from Type) Type {
	if from.parts == nil {
		return t
	}
	k := t.Kinds()
	p := parts{}
	if k.Has(Hash) {
		p.hash = from.parts.hash
	}
	if k.Has(Function) {
		p.fns = from.parts.fns
	}
	if p.hash == nil && p.fns == nil {
		return t
	}
	return with(k, p)
}

// restrictBase is what is known of the type besides its variables, as far as it is of some kinds.
func (t Type) restrictBase(k Kinds) Type {
	k &= t.base()
	if t.parts == nil || k == 0 {
		return of(k)
	}
	p := *t.parts
	p.vars = nil
	p.dropAll(k)
	if !p.hasElem && p.hash == nil && p.future == nil && p.fns == nil {
		return of(k)
	}
	return with(k, p)
}

func (p *parts) dropAll(k Kinds) {
	if !k.Has(List) {
		p.elem, p.hasElem = Any, false
	}
	if !k.Has(Hash) {
		p.hash = nil
	}
	if !k.Has(Future) {
		p.future = nil
	}
	if !k.Has(Function) {
		p.fns = nil
	}
}

// restrict is what is of the type and of one of the kinds.
func restrict(t Type, k Kinds) Type {
	switch {
	case t.Kinds()&^k == 0:
		return t
	case t.unknown():
		return mixed(of(k)).doubt(t.trust)
	}
	if len(t.vars()) == 0 {
		return t.restrictBase(t.Kinds() & k).doubt(t.trust)
	}
	if len(t.parts.vars) == 1 && t.base() == 0 && t.parts.vars[0].mask.Has(k) {
		v := *t.parts.vars[0]
		v.mask &= k
		return ofVariable(v).doubt(t.trust)
	}
	p := *t.parts
	p.vars = nil
	for _, v := range t.parts.vars {
		if v.mask.Has(k) {
			p.vars = append(p.vars, v.masked(v.mask&k))
		}
	}
	if len(p.vars) == 0 {
		return t.restrictBase(k).doubt(t.trust)
	}
	p.base &= k
	p.dropAll(p.base)
	return with(t.Kinds()&k, p).doubt(t.trust)
}

// fuel bounds the work of finding out what a call gives: functions that are handed to each other could keep it going for ever.
type fuel struct{ left int }

const callFuel = 100

// call is what a call of such a value gives.
func call(t Type, args []Type, f *fuel) Type {
	if t.unknown() || t.base().Has(Function) && (t.parts == nil || t.parts.fns == nil) {
		return Any
	}
	result := never
	if t.base().Has(Function) {
		for _, fn := range t.parts.fns {
			result = join(result, fn.call(args, f))
		}
	}
	return t.perVariable(result, Function, resultOf, "", args...)
}

// call is the result for arguments by their position.
func (f *function) call(args []Type, left *fuel) Type {
	switch {
	case f.builtin >= 0:
		return builtinResult(f.builtin, args, left)
	case f.owner == nil:
		return f.sig.Result
	}
	return substitute(f.sig.Result, f.owner, args, left)
}

// substitute puts types in the place of a function's variables.
func substitute(t Type, o *owner, args []Type, left *fuel) Type {
	if !t.mentions(o) {
		return t
	}
	if left.left <= 0 {
		return Any
	}
	left.left--
	s := substitution{o, args, left}
	return s.in(t)
}

type substitution struct {
	owner *owner
	args  []Type
	left  *fuel
}

func (s *substitution) in(t Type) Type {
	if !t.mentions(s.owner) {
		return t
	}
	p := *t.parts
	p.vars = nil
	if p.hasElem {
		p.elem = s.in(p.elem)
	}
	if p.hash != nil {
		p.hash = s.inHash(p.hash)
	}
	if p.future != nil {
		p.future = &futureParts{s.in(p.future.value), p.future.threads}
	}
	if p.fns != nil {
		p.fns = s.inFunctions(p.fns)
	}
	var result Type
	if base := t.base(); p.hasElem || p.hash != nil || p.future != nil || p.fns != nil {
		p.base = base
		result = with(base, p)
	} else {
		result = of(base)
	}
	for _, v := range t.parts.vars {
		result = join(result, restrict(s.variable(v), v.mask))
	}
	return result.doubt(t.trust)
}

func (s *substitution) inHash(h *hashParts) *hashParts {
	fields := slices.Clone(h.fields)
	for i := range fields {
		fields[i].Type = s.in(fields[i].Type)
	}
	return &hashParts{fields, s.in(h.key), s.in(h.value)}
}

func (s *substitution) inFunctions(fns []*function) []*function {
	all := make([]*function, len(fns))
	for i, fn := range fns {
		other := *fn
		other.sig.Result = s.in(fn.sig.Result)
		other.sig.Params = slices.Clone(fn.sig.Params)
		for j := range other.sig.Params {
			other.sig.Params[j].Type = s.in(other.sig.Params[j].Type)
		}
		all[i] = &other
	}
	return all
}

// variable is what a variable comes to.
func (s *substitution) variable(v *variable) Type {
	if v.op == parameter {
		switch {
		case v.owner != s.owner:
			return ofVariable(*v)
		case v.index < len(s.args):
			return s.args[v.index]
		}
		return Any
	}
	of := restrict(s.variable(v.of), v.of.mask)
	args := make([]Type, len(v.args))
	for i, arg := range v.args {
		args[i] = s.in(arg)
	}
	switch v.op {
	case elementOf:
		return elementType(of)
	case keyOf:
		return keyType(of)
	case valueOf:
		return valueType(of)
	case fieldOf:
		return fieldType(of, v.key)
	case awaitedOf:
		return awaited(of)
	case settledOf:
		return settled(of)
	case resultOf:
		return call(of, args, s.left)
	case changedKey:
		if len(args) == 2 {
			return changed(of, "", false, args[0], args[1])
		}
		return changed(of, v.key, true, Any, args[0])
	}
	return Any
}
