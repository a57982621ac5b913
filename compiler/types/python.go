package types

import (
	"slices"

	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Python gives the signature of a Python function, by module and path of attributes; false if its source is not known.
type Python func(module, name string) (Signature, bool)

// pythonTypes are the names of types whose values are of one kind here.
var pythonTypes = map[string]Kinds{
	"int": Int, "float": number, "bool": Bool, "str": String, "None": Null,
	"list": List, "List": List, "tuple": List, "Tuple": List, "Sequence": List, "Iterable": List, "Collection": List, "MutableSequence": List,
	"dict": Hash, "Dict": Hash, "Mapping": Hash, "MutableMapping": Hash, "OrderedDict": Hash, "TypedDict": Hash,
	"NoReturn": 0, "Never": 0,
}

// pythonOnly are the names of types whose values do not exist here.
var pythonOnly = map[string]bool{
	"bytes": true, "bytearray": true, "memoryview": true, "set": true, "frozenset": true, "Set": true, "FrozenSet": true, "complex": true,
	"Callable": true, "Path": true, "datetime": true, "date": true, "timedelta": true, "Decimal": true, "UUID": true,
}

// FromPython is the type of the values that a Python annotation allows, as Hark sees them: name is what stands before the brackets,
// with dots or not ("int", "typing.Optional", "|"), args what stands in them. What it does not know is Any; what has no values here
// is a type without any.
func FromPython(name string, args ...Type) Type {
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch name {
	case "|", "Union":
		return union(args)
	case "Optional":
		return join(union(args), of(Null))
	case "Annotated", "Final", "ClassVar":
		return union(args[:min(1, len(args))])
	}
	if pythonOnly[name] {
		return never.doubt(believed)
	}
	kind, known := pythonTypes[name]
	switch {
	case !known:
		return Any
	case kind == List && len(args) > 0:
		return listOf(union(args)).doubt(loose)
	case kind == Hash && len(args) == 2:
		return hashOf(&hashParts{key: args[0], value: args[1]})
	case kind == number:
		return of(number).doubt(loose) // an int is as good
	}
	return of(kind)
}

func union(args []Type) Type {
	if len(args) == 0 {
		return Any
	}
	all := never
	for _, t := range args {
		all = join(all, t)
	}
	return all
}

// pythonCall is a call of a Python function by the name of its import.
func (in *inferrer) pythonCall(f *frame, c *callInfo, b *resolve.Binding) {
	in.arguments(f, c, nil)
	key := named(b)
	if c.spawned {
		c.threads = []Callee{{Path: key.path, Name: key.name}}
	}
	for i, arg := range c.Args {
		in.crosses(f, c, arg.Value, c.args[i])
	}
	if fn := in.function(key); fn != nil {
		in.pythonArguments(f, c, b.Def.Name, fn)
		c.result = fn.sig.Result
	}
}

// notPython are the kinds that Python cannot take.
const notPython = Symbol | Function | Future

// sendable checks whether a value is of a kind that can be sent to Python.
func (in *inferrer) sendable(f *frame, e syntax.Expr, t Type, message func(got string) string) *finding {
	in.sending = true
	defer func() { in.sending = false }()
	return in.check(f, diag.NotForPython, e, t, AnyKind&^notPython, message)
}

// crosses checks a value that goes to Python.
func (in *inferrer) crosses(f *frame, c *callInfo, e syntax.Expr, t Type) {
	defer in.elsewhere(f, c.spawned)()
	p := in.sendable(f, e, t, func(got string) string { return "Python cannot take " + got })
	if p == nil {
		inner, sure := in.writtenIn(e), true
		if inner == 0 {
			inner, sure = hiddenFromPython(t)
		}
		if inner != 0 {
			p = in.report(f, diag.NotForPython, e.Span(), "Python cannot take "+nouns(inner)+", which is in this "+kindName(t.Kinds()), t)
			if !sure {
				p.lower()
			}
		}
	}
	in.spawnable(c, p)
}

// elementsCross checks the elements of a List that a function of the prelude gives to one of Python. There may be none.
func (in *inferrer) elementsCross(f *frame, c *callInfo, name string, t Type) {
	if name == "reduce" || name == "retry_call" || slices.ContainsFunc(t.functions(), func(fn *function) bool { return !fn.python }) {
		return
	}
	xs := c.ordered()[1]
	if elem := elementType(restrict(xs, List)); xs.Kinds() == List && judge(elem, AnyKind&^notPython) == certain {
		in.report(f, diag.NotForPython, c.argument(1).Span(), "Python cannot take "+nouns(elem.Kinds())+", of which this is a List", xs, elem).lower()
	}
}

// writtenIn are the kinds that Python cannot take of the first value that is certainly one of them, of those that are written out in a
// List or Hash at any depth.
func (in *inferrer) writtenIn(e syntax.Expr) Kinds {
	var all []syntax.Expr
	switch e := syntax.Unparen(e).(type) {
	case *syntax.ListLit:
		all = e.Elems
	case *syntax.HashLit:
		for _, pair := range e.Pairs {
			all = append(all, pair.Key, pair.Value)
		}
	}
	for _, inner := range all {
		if t := in.types[inner.ID()]; judge(t, AnyKind&^notPython) == certain {
			return t.Kinds()
		}
		if k := in.writtenIn(inner); k != 0 {
			return k
		}
	}
	return 0
}

func kindName(k Kinds) string {
	for _, row := range kindNames {
		if k.Has(row.kind) {
			return row.name
		}
	}
	return "value"
}

// hiddenFromPython are the kinds in a value, at any depth, that Python cannot take, and whether they certainly are there: a List may be
// empty.
func hiddenFromPython(t Type) (k Kinds, sure bool) {
	if t.parts == nil || t.trust&loose != 0 {
		return 0, false
	}
	if t.Kinds() == List && t.parts.hasElem {
		return badFor(t.parts.elem)
	}
	if t.Kinds() != Hash || t.parts.hash == nil {
		return 0, false
	}
	for _, field := range t.parts.hash.fields {
		if k, _ := badFor(field.Type); k != 0 && field.Certain {
			_, deep := hiddenFromPython(field.Type)
			return k, deep || field.Type.Kinds().Within(notPython)
		}
	}
	if k, _ := badFor(t.parts.hash.key); k != 0 {
		return k, false
	}
	return badFor(t.parts.hash.value)
}

func badFor(t Type) (Kinds, bool) {
	if !t.IsNever() && t.Kinds().Within(notPython) {
		return t.Kinds(), false
	}
	k, _ := hiddenFromPython(t)
	return k, false
}
