package types

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// capture are the types of what a lambda takes with it, at the moment of its creation.
func (in *inferrer) capture(f *frame, e *syntax.Lambda) []Type {
	fn := in.info.Func(e)
	if fn == nil {
		return nil
	}
	all := make([]Type, len(fn.Captures))
	for i := range fn.Captures {
		all[i] = in.binding(f, fn.Captures[i].From)
	}
	return all
}

// lambda finds the types in a lambda and is that of the lambda itself. expected are the types of its arguments, where they are known: it
// is called with no others then.
func (in *inferrer) lambda(f *frame, e *syntax.Lambda, captures, expected []Type) Type {
	fn := in.info.Func(e)
	if fn == nil {
		return of(Function)
	}
	w := &lambdaWalk{in: in, outer: f, fn: fn, captures: captures, expected: expected}
	w.known = &function{callee: Callee{Path: in.file.Path, Name: fn.Name, Lambda: e}, owner: &owner{}, builtin: -1}
	if fn.UsesSelf {
		return functionOf(w.fixpoint())
	}
	return functionOf(w.walk(Any))
}

// lambdaWalk is a lambda while its types are found.
type lambdaWalk struct {
	in                 *inferrer
	outer              *frame
	fn                 *resolve.Func
	captures, expected []Type
	known              *function
}

// walk finds the types in the lambda, where self is what it is called by its own name.
func (w *lambdaWalk) walk(self Type) *function {
	in, fn := w.in, w.fn
	f := in.enter(fn, w.outer, w.captures)
	f.self = self
	sig := Signature{Name: fn.Name, Params: make([]Param, fn.Params)}
	for i, node := range fn.ParamNodes() {
		declared := annotation(node.Type)
		var param Type
		switch {
		case i < len(w.expected) && !w.expected[i].unknown():
			param = w.expected[i]
			f.dead = f.dead || param.IsNever()
		case !declared.unknown():
			param = declared.doubt(believed)
		default:
			param = w.known.owner.parameter(i)
		}
		if declared.unknown() && i < len(w.expected) {
			declared = w.expected[i].closed()
		}
		sig.Params[i] = Param{Name: fn.Locals[i].Name, Type: declared}
		f.locals[i] = param
		in.note(node.Name, param)
	}
	dead := f.dead
	sig.Result = in.block(f, fn.Block())
	f.pathEnds()
	now := *w.known
	if !dead {
		now.again = f.always()
	}
	now.sig, now.raises = sig, f.raises() && !dead
	in.setLambda(fn, &now)
	return &now
}

// closed is the type without variables of a caller, as it is shown.
func (t Type) closed() Type {
	if t.parts == nil || !t.parts.open {
		return t
	}
	return t.cut()
}

// maxNestedRounds is how many lambdas that call themselves may lie in each other for each to be looked at more than once.
const maxNestedRounds = 2

// fixpoint finds the types of a lambda that calls itself: what it gives is what it gives if it gives that.
func (w *lambdaWalk) fixpoint() *function {
	in := w.in
	findings, doubts := len(in.out.findings), len(in.out.doubts)
	result := never
	if in.rounds >= maxNestedRounds {
		result = Any
	}
	in.rounds++
	defer func() { in.rounds-- }()
	for round := 0; ; round++ {
		in.out.findings, in.out.doubts = in.out.findings[:findings], in.out.doubts[:doubts]
		known := w.walk(w.self(result))
		found := known.sig.Result
		if result.unknown() || equal(found, result) {
			return known
		}
		if result = join(result, found); round >= maxRounds {
			result = Any
		}
	}
}

// self is the lambda as it calls itself, if it gives this.
func (w *lambdaWalk) self(result Type) Type {
	self := *w.known
	self.sig = Signature{Name: w.fn.Name, Params: make([]Param, w.fn.Params), Result: result}
	for i := range self.sig.Params {
		self.sig.Params[i].Name = w.fn.Locals[i].Name
	}
	return functionOf(&self)
}
