package resolve

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// async walks the start of a thread. That its operand has to be a call is a matter of syntax.
func (r *resolver) async(f *frame, e *syntax.Async) {
	if call, ok := syntax.Unparen(e.Operand).(*syntax.Call); ok {
		r.call(f, call, true)
		return
	}
	r.expr(f, e.Operand)
}

// await reports an await whose operand certainly is no future and holds none.
func (r *resolver) await(e *syntax.Await) {
	operand := syntax.Unparen(e.Operand)
	what := r.noFuture(operand)
	if what == "" || r.broken(e.Span()) {
		return
	}
	p := r.report(diag.AwaitOfNonFuture, e.Span(), "'await' of "+what+" is the value itself: there is no future in it")
	end := e.Keyword.End
	for text := r.file.Tree.Text[r.item.Span.Start:]; text[end] == ' ' && end < operand.Span().Start; {
		end++
	}
	p.fix("remove 'await'", diag.Edit{Span: source.Span{Start: e.Keyword.Start, End: end}})
}

// noFuture says what an expression certainly is that is no future and no List with one; "" if that is not certain.
func (r *resolver) noFuture(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Ident:
		if b := r.info.Binding(e); b != nil && (b.Kind == Function || b.Kind == Import || b.Kind == Builtin || b.Kind == Self) {
			return "the function '" + e.Name + "'"
		}
		return ""
	case *syntax.Lambda:
		return "a lambda"
	case *syntax.ListLit:
		for _, elem := range e.Elems {
			if r.noFuture(syntax.Unparen(elem)) == "" {
				return ""
			}
		}
	case *syntax.Binary:
		if e.Op == syntax.Plus { // may join two Lists of futures
			return ""
		}
	}
	return literal(e)
}
