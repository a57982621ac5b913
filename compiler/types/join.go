package types

// join is the type of what is of one type or of the other.
func join(a, b Type) Type {
	switch {
	case a.IsNever() && a.parts == nil:
		return b.doubt(a.trust)
	case b.IsNever() && b.parts == nil:
		return a.doubt(b.trust)
	case a.unknown():
		return a.cut()
	case b.unknown():
		return b.cut()
	case a.parts == b.parts:
		return Type{without: a.without & b.without, trust: a.trust | b.trust, parts: a.parts}
	}
	p := parts{
		hash:   joinPart(a, b, Type.hashPart, joinHash),
		future: joinPart(a, b, Type.futurePart, joinFuture),
		fns:    joinFunctions(a, b),
		base:   a.base() | b.base(),
	}
	p.elem, p.hasElem = joinElem(a, b)
	trust := a.trust | b.trust
	known := false
	if p.vars, known = joinVars(a.vars(), b.vars()); !known {
		return Any
	}
	kinds := a.Kinds() | b.Kinds()
	if !p.hasElem && p.hash == nil && p.future == nil && p.fns == nil && len(p.vars) == 0 {
		return of(kinds).doubt(trust)
	}
	return with(kinds, p).doubt(trust)
}

// doubt is the type with less trust in it.
func (t Type) doubt(more trust) Type {
	t.trust |= more
	return t
}

// joinElem is what is known of the elements of Lists that are of one type or of the other.
func joinElem(a, b Type) (Type, bool) {
	x, known := a.elemPart()
	y, knownToo := b.elemPart()
	if !known || !knownToo {
		return Any, false
	}
	elem := join(x, y)
	return elem, !elem.IsNever() || a.base().Has(List) || b.base().Has(List)
}

// elemPart is the type of the elements of those Lists that are no variable's: never if there are none, false if nothing is known.
func (t Type) elemPart() (Type, bool) {
	if !t.base().Has(List) {
		return never, true
	}
	if t.parts == nil || !t.parts.hasElem {
		return Any, false
	}
	return t.parts.elem, true
}

// joinPart is what is known of the values of a kind that are of one type or of the other, where each has at most one part that speaks of
// them: nil if nothing is known.
func joinPart[P any](a, b Type, part func(Type) (*P, bool), both func(x, y *P) *P) *P {
	x, known := part(a)
	y, knownToo := part(b)
	switch {
	case !known || !knownToo:
		return nil
	case x == nil || x == y:
		return y
	case y == nil:
		return x
	}
	return both(x, y)
}

func joinHash(x, y *hashParts) *hashParts {
	h := &hashParts{key: join(x.key, y.key), value: join(x.value, y.value)}
	for _, f := range x.fields {
		h.fields = append(h.fields, y.joinField(f))
	}
	for _, f := range y.fields {
		if x.field(f.Key) == nil {
			h.fields = append(h.fields, x.joinField(f))
		}
	}
	return h
}

// joinField is what is known of a key that one of two Hashes has; h is the other.
func (h *hashParts) joinField(f Field) Field {
	if other := h.field(f.Key); other != nil {
		return Field{Key: f.Key, Type: join(f.Type, other.Type), Certain: f.Certain && other.Certain}
	}
	f.Certain = false
	if h.key.Kinds().Has(String) {
		f.Type = join(f.Type, h.value)
	}
	return f
}

// hashPart is what is known of those Hashes that are no variable's: nil if there are none, false if nothing is known.
func (t Type) hashPart() (*hashParts, bool) {
	if !t.base().Has(Hash) {
		return nil, true
	}
	if t.parts == nil || t.parts.hash == nil {
		return nil, false
	}
	return t.parts.hash, true
}

func joinFuture(x, y *futureParts) *futureParts {
	return &futureParts{join(x.value, y.value), joinThreads(x.threads, y.threads)}
}

func (t Type) futurePart() (*futureParts, bool) {
	if !t.base().Has(Future) {
		return nil, true
	}
	if t.parts == nil || t.parts.future == nil {
		return nil, false
	}
	return t.parts.future, true
}

func joinThreads(a, b []Callee) []Callee {
	if a == nil || b == nil {
		return nil
	}
	all := a
	for _, c := range b {
		if !hasCallee(all, c) {
			all = append(all[:len(all):len(all)], c)
		}
	}
	if len(all) > maxThreads {
		return nil
	}
	return all
}

func hasCallee(all []Callee, c Callee) bool {
	for i := range all {
		if all[i] == c {
			return true
		}
	}
	return false
}

func joinFunctions(a, b Type) []*function {
	x, known := a.functionPart()
	y, knownToo := b.functionPart()
	if !known || !knownToo {
		return nil
	}
	all := x
	for _, fn := range y {
		if at := findFunction(all, fn); at < 0 {
			all = append(all[:len(all):len(all)], fn)
		} else if all[at] != fn {
			all = append(append(all[:at:at], newer(all[at], fn)), all[at+1:]...)
		}
	}
	if len(all) > maxFns {
		return nil
	}
	return all
}

// newer is what is known of a function of which two states are known: it is being found out about.
func newer(a, b *function) *function {
	if a.owner == b.owner || a.callee.Lambda == nil && a.callee.Name == "" {
		joined := *b
		joined.sig.Result = join(a.sig.Result, b.sig.Result)
		return &joined
	}
	return b
}

func (t Type) functionPart() ([]*function, bool) {
	if !t.base().Has(Function) {
		return nil, true
	}
	if t.parts == nil || t.parts.fns == nil {
		return nil, false
	}
	return t.parts.fns, true
}

// findFunction is the index of the same function, -1 if it is not there.
func findFunction(all []*function, fn *function) int {
	for i, other := range all {
		if other == fn || other.callee == fn.callee && other.builtin == fn.builtin && len(other.sig.Params) == len(fn.sig.Params) &&
			(fn.callee != (Callee{}) || fn.builtin >= 0 || equal(functionOf(other), functionOf(fn))) {
			return i
		}
	}
	return -1
}

// joinVars is false if there are too many.
func joinVars(a, b []*variable) ([]*variable, bool) {
	all := a
	for _, v := range b {
		all = addVar(all, v)
	}
	return all, len(all) <= maxVars
}

func addVar(all []*variable, v *variable) []*variable {
	for i, other := range all {
		switch {
		case other == v:
			return all
		case !other.same(v, nil):
			continue
		case other.mask|v.mask == other.mask:
			return all
		}
		all = append([]*variable(nil), all...)
		all[i] = v.masked(other.mask | v.mask)
		return all
	}
	return append(all[:len(all):len(all)], v)
}
