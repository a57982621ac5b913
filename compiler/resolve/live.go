package resolve

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// backward walks a function against the order of its evaluation and keeps which locals' values are still wanted. A value that is
// assigned while it is not wanted is never read.
type backward struct {
	r    *resolver
	fn   *Func
	live live
	// handler are the locals that the innermost catch around wants: in a try block, an error may lead there from anywhere.
	handler live
}

// finish reports what only the whole of a function shows: values and names that are not used, and names that hide others.
func (r *resolver) finish(fn *Func) {
	if fn.Block() == nil {
		return
	}
	whole := fn.Block().Span()
	if fn.Def != nil {
		whole = fn.Def.Span()
	}
	if r.broken(whole) {
		return
	}
	at := len(r.saved)
	b := &backward{r: r, fn: fn, live: live(r.saved.zeros(liveWords(len(fn.Locals))))}
	b.block(fn.Block(), true)
	b.params()
	r.saved.pop(at)
	r.hiding(fn)
}

// block walks a block; wanted says whether its value is.
func (b *backward) block(block *syntax.Block, wanted bool) {
	if block == nil {
		return
	}
	last := len(block.Exprs) - 1
	for i := last; i >= 0; i-- {
		b.statement(block.Exprs[i], wanted && i == last)
	}
}

// statement walks an expression of a block. What an async or an assignment is worth depends on whether its value is wanted.
func (b *backward) statement(e syntax.Expr, wanted bool) {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.Async:
		if _, call := syntax.Unparen(e.Operand).(*syntax.Call); call && !wanted {
			b.discarded(e)
		}
		b.expr(e)
	case *syntax.Assign:
		b.assign(e, wanted, true)
	case *syntax.If:
		b.ifExpr(e, wanted)
	case *syntax.Try:
		b.try(e, wanted)
	default:
		b.expr(e)
	}
}

func (b *backward) expr(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Ident:
		b.read(b.r.info.Binding(e))
		if slot, ok := b.r.supposed[e]; ok {
			b.live.add(slot)
		}
	case *syntax.Assign:
		b.assign(e, true, false)
	case *syntax.Call:
		for i := len(e.Args) - 1; i >= 0; i-- {
			b.expr(e.Args[i].Value)
		}
		b.expr(e.Callee)
	case *syntax.Binary:
		b.binary(e)
	case *syntax.If:
		b.ifExpr(e, true)
	case *syntax.Try:
		b.try(e, true)
	case *syntax.Lambda:
		for _, captured := range b.r.info.Func(e).Captures {
			b.read(captured.From)
		}
	case *syntax.Async:
		b.expr(e.Operand)
	case *syntax.Await:
		b.expr(e.Operand)
	case *syntax.Unary:
		b.expr(e.X)
	case *syntax.Paren:
		b.expr(e.Inner)
	case *syntax.ListLit:
		for i := len(e.Elems) - 1; i >= 0; i-- {
			b.expr(e.Elems[i])
		}
	case *syntax.HashLit:
		for i := len(e.Pairs) - 1; i >= 0; i-- {
			b.expr(e.Pairs[i].Value)
			b.expr(e.Pairs[i].Key)
		}
	}
}

func (b *backward) read(binding *Binding) {
	if binding != nil && binding.Kind == Local {
		b.live.add(binding.Index)
	}
}

func (b *backward) binary(e *syntax.Binary) {
	var some [8]*syntax.Binary
	chain := syntax.Spine(some[:0], e)
	for i := len(chain) - 1; i >= 0; i-- {
		e := chain[i]
		if e.Op != syntax.AndAnd && e.Op != syntax.OrOr {
			b.expr(e.Y)
			continue
		}
		without := b.r.saved.push(b.live)
		b.expr(e.Y)
		b.live.join(b.r.saved.top(without, len(b.live)))
		b.r.saved.pop(without)
	}
	b.expr(chain[0].X)
}

func (b *backward) ifExpr(e *syntax.If, wanted bool) {
	after := b.r.saved.push(b.live)
	b.block(e.Else, wanted)
	for i := len(e.Arms) - 1; i >= 0; i-- {
		otherwise := b.r.saved.push(b.live)
		copy(b.live, b.r.saved.top(after, len(b.live)))
		b.block(e.Arms[i].Then, wanted)
		b.live.join(b.r.saved.top(otherwise, len(b.live)))
		b.r.saved.pop(otherwise)
		b.expr(e.Arms[i].Cond)
	}
	b.r.saved.pop(after)
}

func (b *backward) try(e *syntax.Try, wanted bool) {
	after := b.r.saved.push(b.live)
	b.block(e.Catch, wanted)
	if slot := b.slot(e.Name); slot >= 0 {
		b.live.remove(slot)
	}
	outer, handler := b.handler, append(live(nil), b.live...)
	b.live.join(b.r.saved.top(after, len(b.live)))
	b.r.saved.pop(after)
	b.handler = handler
	b.block(e.Body, wanted)
	b.handler = outer
}

// escape adds what is wanted where an error raised here leads. Within a try block all that is always in live: the block ends with
// it, and only an assignment takes something away.
func (b *backward) escape() {
	if b.handler != nil {
		b.live.join(b.handler)
	}
}

func (b *backward) slot(name *syntax.Name) int {
	if name == nil {
		return -1
	}
	if binding := b.r.info.Binding(name); binding != nil {
		return binding.Index
	}
	return -1
}

// assign walks an assignment; wanted says whether its value is used besides, statement whether it stands in a block.
func (b *backward) assign(e *syntax.Assign, wanted, statement bool) {
	if slot := b.slot(e.Name); slot >= 0 {
		if !b.live.has(slot) && !strings.HasPrefix(e.Name.Text, "_") && !b.fn.Locals[slot].suspect {
			b.unread(e, slot, wanted, statement)
		}
		b.live.remove(slot)
		b.escape()
	}
	b.expr(e.Value)
}

// unread reports an assignment whose value is not read from the name.
func (b *backward) unread(e *syntax.Assign, slot int, wanted, statement bool) {
	local, r := &b.fn.Locals[slot], b.r
	if lambda, ok := syntax.Unparen(e.Value).(*syntax.Lambda); ok && wanted && r.info.Func(lambda).UsesSelf {
		return // it needs the name to call itself
	}
	if _, thread := syntax.Unparen(e.Value).(*syntax.Async); thread && !wanted {
		r.report(diag.UnawaitedFuture, e.Name.Span(), "the thread in '"+e.Name.Text+"' is never awaited: nobody sees its error").
			fix("await it here", diag.Insert(e.Value.Span().Start, "await "))
		return
	}
	switch {
	case local.Reads > 0 || slot < b.fn.Params:
		r.report(diag.UnreadValue, e.Name.Span(), "this value of '"+e.Name.Text+"' is never read")
	case local.Decl == e.Name:
		if owner, _ := enclosing(b.fn, local.Name); owner != nil {
			return // that is said of the name, see hiding
		}
		p := r.report(diag.UnusedLocal, e.Name.Span(), "'"+e.Name.Text+"' is assigned but never read")
		if statement && local.Writes == 1 {
			b.unassign(p, e)
		}
	}
}

// unassign adds the fix that leaves the value and takes away the name, where that means the same to the parser.
func (b *backward) unassign(p *problem, e *syntax.Assign) {
	switch e.Value.(type) {
	case *syntax.Call, *syntax.Ident, *syntax.StringLit, *syntax.NumberLit, *syntax.If, *syntax.Try, *syntax.Await:
		p.fix("remove '"+e.Name.Text+" ='", diag.Edit{Span: source.Span{Start: e.Name.Span().Start, End: e.Value.Span().Start}})
	}
}

func (b *backward) discarded(e *syntax.Async) {
	b.r.report(diag.DiscardedFuture, e.Span(), "nobody awaits this thread, so nobody sees its result or its error").
		fix("await it", diag.Insert(e.Span().Start, "await ")).
		fix("say that it is meant: '_ = async …'", diag.Insert(e.Span().Start, "_ = "))
}

// params reports parameters whose arguments nothing reads.
func (b *backward) params() {
	for i := range b.fn.Params {
		local := &b.fn.Locals[i]
		if local.Name == "" || b.live.has(i) || strings.HasPrefix(local.Name, "_") {
			continue
		}
		if local.Reads > 0 || local.Writes > 0 {
			b.r.report(diag.UnreadValue, local.Decl.Span(), "the argument for '"+local.Name+"' is never read")
			continue
		}
		b.r.report(diag.UnusedParameter, local.Decl.Span(), "parameter '"+local.Name+"' is never read").
			fix("change to '_"+local.Name+"'", diag.Edit{Span: local.Decl.Span(), New: "_" + local.Name})
	}
}
