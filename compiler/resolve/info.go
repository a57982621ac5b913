package resolve

import (
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Info is what is known of one top-level item. It depends on the item's tree and on what the names mean that the item uses
// but does not bind, and on nothing else; positions in it are relative to the item, as the tree's are.
type Info struct {
	// Def is the name that the item gives to its file; nil for text that is no definition.
	Def *Def
	// Funcs are the item's functions: the definition's own first, then its lambdas in the order of their creation. An import
	// has none.
	Funcs []*Func
	// Attrs are the item's attributes, as far as they make sense.
	Attrs bytecode.Attrs

	bindings []*Binding               // by node ID
	lambdas  map[*syntax.Lambda]*Func // of Funcs, if they are many
	slots    map[*syntax.Call][]int
	problems []problem

	// What all this depends on besides the item's tree:

	faults  []source.Span // the errors of syntax in the item or beside it
	outside []string      // the names that it does not bind itself, so that the file says what they mean
	imports []string      // those of outside that are imports of the file
	guesses bool          // a name means nothing, so that others are compared with it
}

// Binding is what a name means at one place. n is
//
//   - an *syntax.Ident: what the use reads;
//   - the *syntax.Name of a parameter, of an assignment or of a catch: the Local that is written.
//
// It is nil for a name that means nothing (an undefined one) and for every other node. Equal meanings of one function share
// one Binding; do not change it.
func (in *Info) Binding(n syntax.Node) *Binding {
	if id := n.ID(); id < len(in.bindings) {
		return in.bindings[id]
	}
	return nil
}

// Func is what is known of a lambda of the item.
func (in *Info) Func(lambda *syntax.Lambda) *Func {
	if in.lambdas != nil {
		return in.lambdas[lambda]
	}
	for _, fn := range in.Funcs {
		if fn.Lambda == lambda {
			return fn
		}
	}
	return nil
}

func (in *Info) add(fn *Func) {
	in.Funcs = append(in.Funcs, fn)
	if len(in.Funcs) == few && in.lambdas == nil {
		in.lambdas = map[*syntax.Lambda]*Func{}
		for _, fn := range in.Funcs {
			in.lambdas[fn.Lambda] = fn
		}
	}
	if in.lambdas != nil {
		in.lambdas[fn.Lambda] = fn
	}
}

// Slots has, for each argument of a call as written, the index of the parameter that it is for; nil if they are in order.
// Arguments are evaluated in the order in which they are written. Only calls of Hark functions, of the running lambda by its name and of builtins
// have any: other calls carry the names of their arguments to the machine.
func (in *Info) Slots(call *syntax.Call) []int { return in.slots[call] }

// Kind says what a name stands for.
type Kind uint8

const (
	// Local is a parameter, an assigned name or a catch's name of the function in which the name is used: Func.Locals[Index].
	Local Kind = iota + 1
	// Capture is a value that the lambda took with it when it was created: Func.Captures[Index].
	Capture
	// Self is the running lambda, called by the name that it was assigned to.
	Self
	// Function is a Hark function of a file of the program or of the prelude: Def.Target's.
	Function
	// Import is a Python function: that of Def.Target, an import of this file or of one that this file imports it from.
	Import
	// Builtin is bytecode.Builtins[Index].
	Builtin
	// Missing is a name that is defined, but by an import of a file or name that is not there. It is diagnosed there.
	Missing
)

// State says whether a Local or Capture has a value at a place.
type State uint8

const (
	// Set: on every path.
	Set State = iota + 1
	// Maybe: on some paths.
	Maybe
	// Unset: on none, and the name has no other meaning. This is an error, so that no sound program has it.
	Unset
)

// Binding is the meaning of a name at a place.
type Binding struct {
	Kind Kind
	// State is that of a Local or Capture where it is read. It is Set for every other kind, and where a Local is written.
	State State
	// shared is the number of a name that all files have, from 1.
	shared int32
	// Index is the number of the Local, Capture or Builtin.
	Index int
	// Def is the name of the file or of the prelude, for Function, Import and Missing.
	Def *Def
	// Outer is what the name means when State is Maybe and there is no value: nil if reading it then is an error of kind Name.
	// It never is a Local and its State never is Unset.
	Outer *Binding
}

// Func is a function or a lambda.
type Func struct {
	// Def is the definition, nil for a lambda.
	Def *syntax.FuncDef
	// Lambda is the lambda, nil for a definition.
	Lambda *syntax.Lambda
	// Parent is the function that creates the lambda; nil for a definition.
	Parent *Func
	// Name is the definition's name, or the name that the lambda is directly assigned to; "" for other lambdas.
	Name string
	// Params is how many of Locals are parameters.
	Params int
	// Locals are the parameters in order, then every other name that the function itself binds, in order of the source.
	Locals []LocalVar
	// Captures are what the lambda takes with it, in the order of their first use.
	Captures []Captured
	// UsesSelf: the lambda, or one within it, calls it by its name.
	UsesSelf bool

	slots map[string]int // of Locals, for functions with many
}

// Block is the function's body; nil where it is missing.
func (f *Func) Block() *syntax.Block {
	if f.Lambda != nil {
		return f.Lambda.Body
	}
	return f.Def.Body
}

// ParamNodes are the parameters as written.
func (f *Func) ParamNodes() []*syntax.Param {
	if f.Lambda != nil {
		return f.Lambda.Params
	}
	return f.Def.Params
}

// LocalVar is a name that a function binds.
type LocalVar struct {
	Name string
	// Decl is where it is bound first, in the order of the source.
	Decl *syntax.Name
	// Writes is the number of assignments and catches that bind it; that of a parameter does not count its being one.
	Writes int32
	// Reads is the number of uses, those through a capture included.
	Reads int32
	// MaybeUnset: some use may find it without a value, so that it has to be marked as unset when the function starts.
	MaybeUnset bool
	// Catch: Decl is the name of a catch.
	Catch bool

	// suspect: it is read where it has no value, so that its assignments may be where they are by mistake.
	suspect bool
	// lambda is the value of the only assignment, if that is a lambda.
	lambda *syntax.Lambda
}

// Captured is a value that a lambda takes with it.
type Captured struct {
	Name string
	// From is what the name means in Parent where the lambda is created: a Local, a Capture or Self there. Where From may be
	// without a value, that of its Outer is taken; if there is none either, the capture has no value and reading it is an error.
	From *Binding
	// State is Set if the capture has a value in any case.
	State State
}
