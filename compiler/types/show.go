package types

import "strings"

// kindNames are the kinds in the order in which a type shows them.
var kindNames = []struct {
	kind Kinds
	name string
}{
	{Bool, "Bool"}, {Int, "Int"}, {Float, "Float"}, {String, "String"}, {Symbol, "Symbol"}, {List, "List"}, {Hash, "Hash"},
	{Function, "Fn"}, {Future, "Future"}, {Null, "Null"},
}

// shownKinds is how many kinds a type shows that may be several.
const shownKinds = 4

// String is the type in Hark's notation: "Int", "List[String]", "Int?", "Future[Int]", "Fn[Int, Int]", "Any". What the notation
// cannot say is shown as nearly as it can: "Int | String", and "Never" for what never has a value.
func (t Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t Type) write(b *strings.Builder) {
	k := t.Kinds()
	switch {
	case k == AnyKind:
		b.WriteString("Any")
		return
	case k == 0:
		b.WriteString("Never")
		return
	}
	count := 0
	for _, row := range kindNames {
		if k.Has(row.kind) {
			count++
		}
	}
	if count > shownKinds {
		b.WriteString("Any")
		return
	}
	optional := count == 2 && k.Has(Null)
	first := true
	for _, row := range kindNames {
		if !k.Has(row.kind) || optional && row.kind == Null {
			continue
		}
		if !first {
			b.WriteString(" | ")
		}
		first = false
		b.WriteString(row.name)
		t.writeParts(b, row.kind)
	}
	if optional {
		b.WriteByte('?')
	}
}

func (t Type) writeParts(b *strings.Builder, kind Kinds) {
	switch kind {
	case List:
		if elem := t.Elem(); known(elem) {
			writeTypes(b, elem)
		}
	case Hash:
		if key, value := t.Key(), t.Value(); known(key) || known(value) {
			writeTypes(b, key, value)
		}
	case Future:
		if t.parts != nil && t.parts.future != nil && known(t.parts.future.value) {
			writeTypes(b, t.parts.future.value)
		}
	case Function:
		if sigs := t.Signatures(); len(sigs) == 1 {
			writeTypes(b, sigs[0].types()...)
		}
	}
}

// known says whether a type tells anything: of an empty List there is no element to tell of.
func known(t Type) bool { return !t.IsAny() && !t.IsNever() }

func writeTypes(b *strings.Builder, all ...Type) {
	b.WriteByte('[')
	for i, t := range all {
		if i > 0 {
			b.WriteString(", ")
		}
		if t.IsNever() {
			t = Any
		}
		t.write(b)
	}
	b.WriteByte(']')
}

// types are those of the parameters, then that of the result.
func (s *Signature) types() []Type {
	var all []Type
	for _, p := range s.Params {
		all = append(all, p.Type)
	}
	return append(all, s.Result)
}
