package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// builtinSignatures are those of bytecode.Builtins, by index.
var builtinSignatures = func() []generic {
	all := make([]generic, len(bytecode.Builtins))
	for i := range bytecode.Builtins {
		all[i] = readSignatures(bytecode.Builtins[i].Signature)
	}
	return all
}()

// preludeSignatures are those of the prelude's functions whose annotations cannot say how their types depend on each other.
var preludeSignatures = map[string]generic{
	"map":        readSignatures("fn map(f: Fn[T, R], xs: List[T]) -> List[R]"),
	"filter":     readSignatures("fn filter(f: Fn[T, Any], xs: List[T]) -> List[T]"),
	"reduce":     readSignatures("fn reduce(f: Fn[R, T, R], xs: List[T], init: R) -> R"),
	"sort_by":    readSignatures("fn sort_by(f: Fn[T, Any], xs: List[T]) -> List[T]"),
	"map_async":  readSignatures("fn map_async(f: Fn[T, R], xs: List[T]) -> List[Future[R]]"),
	"await_all":  readSignatures("fn await_all(xs: List[Any]) -> List[Any]"),
	"pmap":       readSignatures("fn pmap(f: Fn[T, R], xs: List[T], limit: Int) -> List[R]"),
	"retry_call": readSignatures("fn retry_call(f: Fn[R], times: Int) -> R"),
}

// result is what a call gives: what the overloads that take such arguments say.
func (g generic) result(args []Type, left *fuel) Type {
	result := never
	for i := range g {
		if o := &g[i]; o.takes(len(args)) && o.fits(args) {
			result = join(result, o.result(args, left))
		}
	}
	if result.IsNever() && !g.certainlyNone(args) {
		return Any
	}
	return result
}

// certainlyNone says whether one of the arguments is the cause that there is no result: it never has a value itself, or an element of
// a List that has none is asked for.
func (g generic) certainlyNone(args []Type) bool {
	for i := range g {
		if o := &g[i]; o.takes(len(args)) && o.fits(args) {
			return true
		}
	}
	return false
}

// fits says whether the arguments may be of the kinds of the parameters.
func (o *overload) fits(args []Type) bool {
	for i, arg := range args {
		k := o.param(i).Kinds()
		if k.Has(Future) && !k.Has(List) {
			k = AnyKind // what is no future counts as one that has ended
		}
		if !arg.Kinds().Has(k) && !arg.IsNever() {
			return false
		}
	}
	return true
}

func (o *overload) result(args []Type, left *fuel) Type {
	if o.sig.Result.parts == nil || !o.sig.Result.parts.open {
		return o.sig.Result
	}
	letters := make([]Type, len(o.letters))
	for i := range letters {
		letters[i] = never
	}
	o.plain(args, letters, left)
	for round := 0; ; round++ { // what a function gives may be what it is given the next time
		before := slices.Clone(letters)
		for i, arg := range args {
			if o.isFunction(i) {
				o.unify(o.param(i), arg, letters, left)
			}
		}
		if slices.EqualFunc(before, letters, equal) {
			break
		}
		if round == maxRounds {
			letters = make([]Type, len(letters))
			break
		}
	}
	result := substitute(o.sig.Result, o.owner, letters, left)
	for _, arg := range args {
		result = result.doubt(arg.trust &^ loose)
	}
	return result
}

// maxRounds is how often what depends on itself is looked at again; then it is given up.
const maxRounds = 4

// plain finds the letters as far as the arguments tell that are no functions. What functions are given is known afterwards.
func (o *overload) plain(args, letters []Type, left *fuel) {
	for i, arg := range args {
		if !o.isFunction(i) {
			o.unify(o.param(i), arg, letters, left)
		}
	}
}

func (o *overload) isFunction(i int) bool { return o.param(i).Kinds().Within(Function) }

// builtinResult is what a call of a builtin gives, as far as the types of its arguments tell.
func builtinResult(index int, args []Type, left *fuel) Type {
	if special := builtinSpecials[bytecode.Builtins[index].Name]; special != nil && bytecode.Builtins[index].Accepts(len(args)) {
		return special(args)
	}
	return builtinSignatures[index].result(args, left)
}

// builtinSpecials are the builtins of which more can be said than their signatures do.
var builtinSpecials = map[string]func(args []Type) Type{
	"get":      func(args []Type) Type { return getType(args[0]) },
	"set":      func(args []Type) Type { return changed(args[0], "", false, args[1], args[2]) },
	"hash":     func(args []Type) Type { return hashOfArguments(args) },
	"append":   func(args []Type) Type { return concatenated(args[0], listOf(args[1])) },
	"conc":     func(args []Type) Type { return conc(args[0], args[1]) },
	"zip":      func(args []Type) Type { return listOf(listOf(join(elementType(args[0]), elementType(args[1])))) },
	"items":    func(args []Type) Type { return listOf(listOf(join(keyType(args[0]), valueType(args[0])))) },
	"first_of": func(args []Type) Type { return listOf(join(of(Int), settled(elementType(args[0])))) },
	"min":      extreme,
	"max":      extreme,
	"with_timeout": func(args []Type) Type {
		return settled(args[0])
	},
	"reverse": func(args []Type) Type { return listOf(elementsOf(args[0])) },
	"rest":    func(args []Type) Type { return listOf(elementsOf(args[0])) },
	"sort":    func(args []Type) Type { return listOf(elementsOf(args[0])) },
	"abs":     func(args []Type) Type { return restrict(args[0], number) },
	"sleep":   func(args []Type) Type { return restrict(args[0], number) },
}

// elementsOf is the type of all the elements of Lists, from which another List is made.
func elementsOf(t Type) Type {
	elem := elementType(t)
	elem.trust = elem.trust&^loose | t.trust
	return elem
}

// getType is what get gives for a key that is not known.
func getType(hash Type) Type {
	return join(valueType(hash), of(Null)).doubt(loose)
}

func hashOfArguments(args []Type) Type {
	h := &hashParts{key: never, value: never}
	for i := 0; i+1 < len(args); i += 2 {
		h.key, h.value = join(h.key, args[i]), join(h.value, args[i+1])
	}
	return hashOf(h)
}

// concatenated is the List of the elements of two, either of which may be null.
func concatenated(a, b Type) Type {
	elem := never
	for _, t := range []Type{a, b} {
		if t = restrict(t, List); !t.IsNever() {
			elem = join(elem, elementsOf(t))
		}
	}
	return listOf(elem)
}

func conc(a, b Type) Type {
	elem := never
	if one := restrict(a, AnyKind&^List); !one.IsNever() {
		elem = one
	}
	for _, t := range []Type{a, b} {
		if t = restrict(t, List); !t.IsNever() {
			elem = join(elem, elementsOf(t))
		}
	}
	return listOf(elem)
}

// extreme is what min and max give: one of several arguments, or of a List's elements.
func extreme(args []Type) Type {
	if len(args) == 1 {
		return restrict(elementType(args[0]), number|String)
	}
	all := never
	for _, arg := range args {
		all = join(all, restrict(arg, number|String))
	}
	return all
}
