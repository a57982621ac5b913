package types

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Types as they are written: annotations of programs, and the signatures of builtins, in which a single capital letter is a variable.

var plainNames = map[string]Kinds{
	"Int": Int, "Float": Float, "Bool": Bool, "String": String, "Symbol": Symbol, "Null": Null, "List": List, "Hash": Hash,
	"Future": Future, "Fn": Function,
}

// reader reads types. letters are the variables of a signature; nil in programs, which have none.
type reader struct {
	owner   *owner
	letters []string
}

// annotation is the type that an annotation means; Any if it is not one.
func annotation(t *syntax.TypeExpr) Type {
	if t == nil {
		return Any
	}
	return (&reader{}).read(t)
}

func (r *reader) read(t *syntax.TypeExpr) Type {
	read := r.bare(t)
	if t.Optional && !read.unknown() {
		read = join(read, of(Null))
	}
	return read
}

func (r *reader) bare(t *syntax.TypeExpr) Type {
	if t.Name == nil {
		return Any
	}
	name := t.Name.Text
	kind, plain := plainNames[name]
	if !plain {
		if r.owner != nil && len(name) == 1 {
			return r.letter(name)
		}
		return Any
	}
	args := make([]Type, len(t.Args))
	for i, arg := range t.Args {
		args[i] = r.read(arg)
	}
	switch {
	case kind == List && len(args) == 1:
		return listOf(args[0])
	case kind == Hash && len(args) == 2:
		return hashOf(&hashParts{key: args[0], value: args[1]})
	case kind == Future && len(args) == 1:
		return futureOf(args[0], nil)
	case kind == Function && len(args) > 0:
		return fnType(args)
	}
	return of(kind)
}

// fnType is a function of which the types are known, the last being that of the result.
func fnType(args []Type) Type {
	sig := Signature{Result: args[len(args)-1]}
	for _, arg := range args[:len(args)-1] {
		sig.Params = append(sig.Params, Param{Type: arg})
	}
	return functionOf(&function{sig: sig, builtin: -1})
}

// letter is the variable that a capital letter means.
func (r *reader) letter(name string) Type {
	for i, known := range r.letters {
		if known == name {
			return r.owner.parameter(i)
		}
	}
	r.letters = append(r.letters, name)
	return r.letter(name)
}

// generic is a function whose types are written with letters, in several ways perhaps.
type generic []overload

// overload is one way of calling it.
type overload struct {
	sig     Signature // its types have the letters as variables
	owner   *owner
	letters []string
}

// readSignatures reads lines like "fn first(list: List[T]) -> T".
func readSignatures(text string) generic {
	var all generic
	for line := range strings.SplitSeq(text, "\n") {
		r := &reader{owner: &owner{}}
		head, result, _ := strings.Cut(strings.TrimPrefix(line, "fn "), ") -> ")
		name, params, _ := strings.Cut(head, "(")
		sig := Signature{Name: name}
		for _, param := range bytecode.SplitTypes(params) {
			name, written, _ := strings.Cut(param, ": ")
			written, rest := strings.CutSuffix(written, "...")
			sig.Params = append(sig.Params, Param{Name: name, Type: r.text(written), Rest: rest})
		}
		sig.Result = r.text(result)
		all = append(all, overload{sig, r.owner, r.letters})
	}
	return all
}

func (r *reader) text(written string) Type {
	t, _ := syntax.ParseType(written) // letters are no types there, but read as such
	return r.read(t)
}

// shown are the signatures with the letters as they are written.
func (g generic) shown() []Signature {
	all := make([]Signature, len(g))
	for i, o := range g {
		letters := make([]Type, len(o.letters))
		for j := range letters {
			letters[j] = Any
		}
		all[i] = Signature{Name: o.sig.Name, Params: make([]Param, len(o.sig.Params))}
		for j, p := range o.sig.Params {
			p.Type = substitute(p.Type, o.owner, letters, &fuel{callFuel})
			all[i].Params[j] = p
		}
		all[i].Result = substitute(o.sig.Result, o.owner, letters, &fuel{callFuel})
	}
	return all
}

// unify finds what the letters of a pattern have to be for a type to be like it. What is found is joined to what they are already.
func (o *overload) unify(pattern, t Type, letters []Type, left *fuel) {
	for _, v := range pattern.vars() {
		if v.op == parameter && v.owner == o.owner {
			t := t
			if pattern.base().Has(Null) { // "T?"
				t = restrict(t, AnyKind&^Null)
			}
			letters[v.index] = join(letters[v.index], t)
			return
		}
	}
	p := pattern.parts
	if p == nil || !p.open {
		return
	}
	if p.hasElem {
		o.unify(p.elem, elementType(restrict(t, List)), letters, left)
	}
	if p.hash != nil {
		hash := restrict(t, Hash)
		o.unify(p.hash.key, keyType(hash), letters, left)
		o.unify(p.hash.value, valueType(hash), letters, left)
	}
	if p.future != nil {
		o.unify(p.future.value, settled(t), letters, left)
	}
	for _, fn := range p.fns {
		o.unify(fn.sig.Result, call(restrict(t, Function), o.paramsOf(fn, letters, left), left), letters, left)
	}
}

// paramsOf are the types of a pattern's parameters, as far as the letters are known.
func (o *overload) paramsOf(fn *function, letters []Type, left *fuel) []Type {
	args := make([]Type, len(fn.sig.Params))
	for i, p := range fn.sig.Params {
		args[i] = substitute(p.Type, o.owner, letters, left)
	}
	return args
}

// takes says whether the overload is one for so many arguments.
func (o *overload) takes(n int) bool {
	params := o.sig.Params
	if len(params) > 0 && params[len(params)-1].Rest {
		return n >= len(params)-1
	}
	return n == len(params)
}

// param is the type of the parameter for an argument.
func (o *overload) param(i int) Type {
	return o.sig.Params[min(i, len(o.sig.Params)-1)].Type
}
