package types

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Functions that always raise, and the code that is never reached because they are called. What counts is that each path comes to a
// "signal" of an error, be it by way of other functions; that a function calls itself without end is no such path, and is told elsewhere.

// end is why no path goes on.
type end struct {
	// raised: each of them has raised an error, if there is any.
	raised bool
	// told: each of them by a "signal" that stands there, which names tell of already.
	told bool
}

// noPath is the end where no path has come to yet.
var noPath = end{raised: true, told: true}

// both is why neither of two paths goes on.
func (e end) both(o end) end { return end{e.raised && o.raised, e.told && o.told} }

// leave notes that the path goes on no further, unless it has ended before.
func (f *frame) leave(why end) {
	if !f.dead {
		f.dead, f.end = true, why
	}
}

// raises says whether the function, at its end, has raised on every path.
func (f *frame) raises() bool { return f.dead && f.end.raised }

// alwaysRaise says whether a value is a function each call of which raises, whichever it is.
func (t Type) alwaysRaise() bool {
	fns := t.functions()
	for _, fn := range fns {
		if !fn.raises {
			return false
		}
	}
	return len(fns) > 0
}

// unreachable reports what stands behind the first of some expressions, if that never comes to its end although it was reached.
func (in *inferrer) unreachable(f *frame, dead bool, exprs []syntax.Expr) {
	if dead || !f.raises() || f.end.told {
		return
	}
	p := finding{Diagnostic: diag.New(diag.Unreachable, "this never runs: what comes before always raises an error")}
	p.Span = exprs[1].Span().Join(exprs[len(exprs)-1].Span())
	p.Related = []diag.Related{{Span: exprs[0].Span(), Message: "this raises"}}
	in.out.findings = append(in.out.findings, p)
}

// threadsRaise says whether all threads that a future may be of raise.
func (in *inferrer) threadsRaise(future Type) bool {
	threads := future.Threads()
	for _, c := range threads {
		if fn := in.function(key{c.Path, c.Name}); c.Lambda != nil || fn == nil || !fn.raises {
			return false
		}
	}
	return len(threads) > 0
}

// Unwritten is what a function that is still to be written says when it is called, after its name and perhaps its arguments.
const Unwritten = " is not written yet"

// unwritten says whether a function is still to be written: it raises for now only, so that nothing after a call of it is in vain.
func unwritten(def *syntax.FuncDef) bool {
	if def.Body == nil || len(def.Body.Exprs) != 1 {
		return false
	}
	signal, ok := def.Body.Exprs[0].(*syntax.Call)
	if !ok || len(signal.Args) != 2 {
		return false
	}
	message := signal.Args[1].Value
	if format, ok := message.(*syntax.Call); ok && len(format.Args) > 0 {
		message = format.Args[0].Value
	}
	text, ok := message.(*syntax.StringLit)
	return ok && strings.HasSuffix(text.Value, Unwritten)
}
