package resolve

import (
	"fmt"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// An instruction has a byte for the number of a call's arguments, and they have to lie beside each other among the registers
// that a byte can name.

const (
	// MaxArguments is the greatest number of arguments, of parameters, and of names that a lambda takes with it.
	MaxArguments = 200
	// MaxLocals is the greatest number of names that a function binds.
	MaxLocals = 10_000
)

func (r *resolver) limitArguments(call *syntax.Call) {
	if len(call.Args) > MaxArguments && !r.isLiteral(call) {
		r.tooMany(call.Parens, "the call", "arguments", len(call.Args), MaxArguments)
	}
}

// isLiteral says whether a call only is another way of writing a List or a Hash, which may have any number of elements.
func (r *resolver) isLiteral(call *syntax.Call) bool {
	callee, ok := syntax.Unparen(call.Callee).(*syntax.Ident)
	if !ok || anyNamed(call) {
		return false
	}
	b := r.info.Binding(callee)
	if b == nil || b.Kind != Builtin {
		return false
	}
	name := bytecode.Builtins[b.Index].Name
	return name == "list" || name == "hash" && len(call.Args)%2 == 0
}

// limitFunction checks a function when all that it binds and captures is known.
func (r *resolver) limitFunction(fn *Func) {
	what, place := "the lambda", source.Span{}
	if fn.Def != nil {
		what, place = "'"+fn.Name+"'", fn.Def.Name.Span()
	} else {
		place = fn.Lambda.Parens
	}
	if fn.Params > MaxArguments {
		r.tooMany(place, what, "parameters", fn.Params, MaxArguments)
	}
	if len(fn.Captures) > MaxArguments {
		r.tooMany(place, what, "names of the function around it", len(fn.Captures), MaxArguments)
	}
	if len(fn.Locals) > MaxLocals {
		r.tooMany(place, what, "names of its own", len(fn.Locals), MaxLocals)
	}
}

func (r *resolver) tooMany(place source.Span, what, things string, n, most int) {
	r.report(diag.TooMany, place, fmt.Sprintf("%s has %d %s, more than %d", what, n, things, most))
}
