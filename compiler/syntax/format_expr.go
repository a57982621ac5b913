package syntax

import (
	"github.com/hark-lang/hark-ls/internal/source"
)

func (f *formatter) expr(e Expr) {
	switch e := e.(type) {
	case *ListLit:
		f.list(e)
	case *HashLit:
		f.hash(e)
	case *Paren:
		f.paren(e)
	case *Call:
		f.call(e)
	case *If:
		f.ifExpr(e)
	case *Try:
		f.try(e)
	case *Lambda:
		f.lambda(e)
	case *Assign:
		f.source(e.Name)
		f.layout.text(" = ")
		f.expr(e.Value)
	case *Binary:
		f.binary(e)
	case *Unary:
		f.token(source.Span{Start: e.Span().Start, End: e.Span().Start + 1}, e.Op.String())
		f.expr(e.X)
	case *Async:
		f.token(e.Keyword, "async ")
		f.expr(e.Operand)
	case *Await:
		f.token(e.Keyword, "await ")
		f.expr(e.Operand)
	default:
		f.source(e)
	}
}

// bracketed prints the elements of a list between brackets, on lines of their own if they do not fit or tall is set.
func (f *formatter) bracketed(span source.Span, brackets string, n int, tall bool, element func(i int)) {
	f.token(source.Span{Start: span.Start, End: span.Start + 1}, brackets[:1])
	f.group()
	f.put(indent, "")
	if tall {
		f.breakGroups()
	}
	if n > 0 {
		f.put(softLine, "")
	}
	for i := range n {
		f.separate(i)
		element(i)
	}
	if n == 0 {
		f.finishEmpty(span.End-1, brackets[1:])
		return
	}
	f.finish(span.End-1, brackets[1:])
}

func (f *formatter) list(e *ListLit) {
	f.bracketed(e.Span(), "[]", len(e.Elems), f.forced[e.ID()], func(i int) { f.expr(e.Elems[i]) })
}

func (f *formatter) hash(e *HashLit) {
	f.bracketed(e.Span(), "{}", len(e.Pairs), f.forced[e.ID()], func(i int) {
		f.expr(e.Pairs[i].Key)
		f.layout.text(": ")
		f.expr(e.Pairs[i].Value)
	})
}

func (f *formatter) paren(e *Paren) {
	at := e.Span()
	at.Start, at.End = at.End-1, at.Start+1
	f.token(source.Span{Start: e.Span().Start, End: at.End}, "(")
	if f.embraced(e.Inner) {
		f.expr(e.Inner)
		f.flush(at.Start)
	} else {
		f.group()
		f.put(indent, "")
		f.put(softLine, "")
		f.expr(e.Inner)
		f.trailing(at.Start)
		f.put(dedent, "")
		f.put(softLine, "")
		defer f.end()
	}
	f.token(source.Span{Start: at.Start, End: e.Span().End}, ")")
}

// embraced says whether an expression on several lines ends with a brace of its own.
func (f *formatter) embraced(e Expr) bool {
	switch e := e.(type) {
	case *If, *Try, *ListLit, *HashLit:
		return f.forced[e.ID()]
	case *Lambda:
		return f.forced[e.Body.ID()]
	}
	return false
}

// call prints a callee and all its argument lists, which may be many: "f(x)(y)".
func (f *formatter) call(e *Call) {
	var chain []*Call
	callee := Expr(e)
	for {
		c, ok := callee.(*Call)
		if !ok {
			break
		}
		chain = append(chain, c)
		callee = c.Callee
	}
	f.expr(callee)
	for i := len(chain) - 1; i >= 0; i-- {
		f.arguments(chain[i])
	}
}

func (f *formatter) arguments(e *Call) {
	if f.hugs(e) {
		f.hug(e)
		return
	}
	f.bracketed(e.Parens, "()", len(e.Args), false, func(i int) { f.argument(e.Args[i]) })
}

func (f *formatter) argument(arg *Arg) {
	if arg.Name != nil {
		f.token(arg.Name.Span(), ":"+arg.Name.Text)
		f.layout.text(" ")
	}
	f.expr(arg.Value)
}

// hugs says whether one argument on several lines, the others being on one, leaves the list as it is.
func (f *formatter) hugs(e *Call) bool {
	tall := 0
	for _, arg := range e.Args {
		if f.embraced(arg.Value) {
			tall++
		} else if f.holdsBreak(arg.Span()) {
			return false
		}
	}
	return tall == 1 && !f.commentsBetween(e)
}

// commentsBetween says whether there are comments directly in an argument list.
func (f *formatter) commentsBetween(e *Call) bool {
	next := 0
	for _, c := range f.comments {
		at := c.Span.Start - f.base
		if at >= e.Parens.End {
			return false
		}
		for next < len(e.Args) && e.Args[next].Span().End <= at {
			next++
		}
		if next == len(e.Args) || at < e.Args[next].Value.Span().Start {
			return true
		}
	}
	return false
}

func (f *formatter) hug(e *Call) {
	f.token(source.Span{Start: e.Parens.Start, End: e.Parens.Start + 1}, "(")
	for i, arg := range e.Args {
		if i > 0 {
			f.layout.text(", ")
		}
		f.argument(arg)
	}
	f.token(source.Span{Start: e.Parens.End - 1, End: e.Parens.End}, ")")
}

func (f *formatter) ifExpr(e *If) {
	tall := f.forced[e.ID()]
	f.group()
	at := source.Span{Start: e.Span().Start, End: e.Span().Start + 2}
	f.token(at, "if ")
	for i, arm := range e.Arms {
		if i > 0 {
			f.clause(e.Arms[i-1].Then, "else if")
		}
		f.expr(arm.Cond)
		f.layout.text(" ")
		f.block(arm.Then, tall)
	}
	if e.Else != nil {
		f.clause(e.Arms[len(e.Arms)-1].Then, "else")
		f.block(e.Else, tall)
	}
	f.end()
}

func (f *formatter) try(e *Try) {
	tall := f.forced[e.ID()]
	f.group()
	f.token(source.Span{Start: e.Span().Start, End: e.Span().Start + 3}, "try ")
	f.block(e.Body, tall)
	f.clause(e.Body, "catch")
	f.source(e.Name)
	f.layout.text(" ")
	f.block(e.Catch, tall)
	f.end()
}

func (f *formatter) lambda(e *Lambda) {
	f.token(source.Span{Start: e.Span().Start, End: e.Span().Start + 6}, "lambda")
	f.params(e.Params, e.Parens)
	f.layout.text(" ")
	f.group()
	f.block(e.Body, f.forced[e.Body.ID()])
	f.end()
}

// binary prints a chain of operators of one level. A line is broken after an operator, as one that begins with "-" or "("
// may be read as another expression.
func (f *formatter) binary(e *Binary) {
	var chain []*Binary
	first := Expr(e)
	for {
		b, ok := first.(*Binary)
		if !ok || levels[b.Op] != levels[e.Op] {
			break
		}
		chain = append(chain, b)
		first = b.X
	}
	f.group()
	f.expr(first)
	f.put(indent, "")
	for i := len(chain) - 1; i >= 0; i-- {
		f.layout.text(" ")
		f.token(chain[i].OpPos, chain[i].Op.String())
		f.put(spaceLine, "")
		f.expr(chain[i].Y)
	}
	f.put(dedent, "")
	f.end()
}
