package types

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Threads that are awaited one after the other, each before the next is started: "a = await async f(); b = await async g()", or within
// one expression, "await async f() + await async g()".

// turn is one of them.
type turn struct {
	stmt  syntax.Expr
	name  *syntax.Name // nil if the value is not assigned
	await *syntax.Await
	call  *syntax.Call
}

// inTurn finds, in a block, runs of threads that do not need each other's values.
func (in *inferrer) inTurn(f *frame, b *syntax.Block) {
	var run []turn
	for _, e := range b.Exprs {
		t, ok := turnOf(e)
		if !ok || dependent(t, run) {
			in.reportTurns(f, run)
			run = run[:0]
		}
		if ok {
			run = append(run, t)
		}
	}
	in.reportTurns(f, run)
}

func turnOf(e syntax.Expr) (t turn, ok bool) {
	t.stmt = e
	if assign, ok := e.(*syntax.Assign); ok {
		t.name, e = assign.Name, assign.Value
	}
	if t.await, ok = e.(*syntax.Await); !ok {
		return t, false
	}
	async, ok := t.await.Operand.(*syntax.Async)
	if !ok {
		return t, false
	}
	t.call, ok = async.Operand.(*syntax.Call)
	return t, ok
}

// dependent says whether a call uses a name that one of the run assigns, or assigns one itself.
func dependent(t turn, run []turn) bool {
	found := false
	syntax.Walk(t.call, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			found = found || assigns(run, n.Name)
		case *syntax.Assign:
			found = true
		}
		return !found
	})
	return found || t.name != nil && assigns(run, t.name.Text)
}

func assigns(run []turn, name string) bool {
	for _, t := range run {
		if t.name != nil && t.name.Text == name {
			return true
		}
	}
	return false
}

func (in *inferrer) reportTurns(f *frame, run []turn) {
	if len(run) < 2 {
		return
	}
	first, last := run[0].stmt.Span(), run[len(run)-1].stmt.Span()
	p := in.report(f, diag.AwaitsInTurn, first.Join(last), inTurnMessage)
	p.fix(startAllTitle, in.startAll(run)...)
}

const (
	inTurnMessage = "each of these threads is awaited before the next one is started: they could run at the same time"
	startAllTitle = "start them all, then await them"
)

// inOneExpression finds threads that are awaited in turn within an expression of a block. One whose arguments await another one has to
// be awaited behind that; the others do not need each other's values, as long as nothing is assigned between.
func (in *inferrer) inOneExpression(f *frame, e syntax.Expr) {
	stmt := turn{stmt: e}
	if assign, ok := e.(*syntax.Assign); ok {
		e = assign.Value
	}
	w := awaitWalk{}
	w.walk(e)
	if len(w.found) < 2 || w.assigns {
		return
	}
	var starts strings.Builder
	edits := make([]diag.Edit, 1, len(w.found)+1)
	separator := in.separator([]turn{stmt})
	for _, t := range w.found {
		name := "future"
		if callee, ok := t.call.Callee.(*syntax.Ident); ok {
			name = strings.ReplaceAll(callee.Name, "?", "") + "_future"
		}
		name = in.freshName(name, starts.String())
		starts.WriteString(name + " = async " + in.text(t.call.Span()) + separator)
		edits = append(edits, diag.Edit{Span: t.await.Operand.Span(), New: name})
	}
	edits[0] = diag.Insert(stmt.stmt.Span().Start, starts.String())
	first, last := w.found[0].await.Span(), w.found[len(w.found)-1].await.Span()
	in.report(f, diag.AwaitsInTurn, first.Join(last), inTurnMessage).fix(startAllTitle, edits...)
}

// awaitWalk looks for threads that are started and awaited wherever an expression leads, the innermost ones.
type awaitWalk struct {
	found   []turn
	assigns bool
}

func (w *awaitWalk) walk(e syntax.Expr) {
	if e == nil {
		return
	}
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Lambda, *syntax.Try:
			return false
		case *syntax.If:
			if len(n.Arms) > 0 {
				w.walk(n.Arms[0].Cond)
			}
			return false
		case *syntax.Binary:
			if n.Op == syntax.AndAnd || n.Op == syntax.OrOr {
				w.walk(n.X)
				return false
			}
		case *syntax.Assign:
			w.assigns = true
		case *syntax.Await:
			return !w.await(n)
		}
		return true
	})
}

// await takes an await with what is in it, unless there is nothing in it that is of interest.
func (w *awaitWalk) await(e *syntax.Await) bool {
	async, ok := syntax.Unparen(e.Operand).(*syntax.Async)
	if !ok {
		return false
	}
	call, ok := syntax.Unparen(async.Operand).(*syntax.Call)
	if !ok {
		return false
	}
	before := len(w.found)
	w.walk(call)
	if len(w.found) == before {
		w.found = append(w.found, turn{await: e, call: call})
	}
	return true
}

// startAll makes futures of the values, and awaits them behind the last.
func (in *inferrer) startAll(run []turn) []diag.Edit {
	var edits []diag.Edit
	var awaits strings.Builder
	separator := in.separator(run)
	for _, t := range run {
		name, assigned := "future", ""
		if t.name != nil {
			name, assigned = t.name.Text+"_future", t.name.Text+" = "
		}
		name = in.freshName(name, awaits.String())
		start := t.stmt.Span().Start
		edits = append(edits, diag.Edit{Span: source.Span{Start: start, End: t.await.Operand.Span().Start}, New: name + " = "})
		awaits.WriteString(separator + assigned + "await " + name)
	}
	return append(edits, diag.Insert(run[len(run)-1].stmt.Span().End, awaits.String()))
}

// separator is what stands between two of the expressions, without comments.
func (in *inferrer) separator(run []turn) string {
	start := in.item.Abs(run[0].stmt.Span()).Start
	text := in.file.Tree.Text
	line := strings.LastIndexByte(text[:start], '\n') + 1
	if indent := text[line:start]; strings.TrimSpace(indent) == "" {
		return ";\n" + indent
	}
	return "; "
}

// freshName is a name that no function of the item has yet.
func (in *inferrer) freshName(name, used string) string {
	for taken := func() bool {
		for _, fn := range in.info.Funcs {
			for i := range fn.Locals {
				if fn.Locals[i].Name == name {
					return true
				}
			}
		}
		return in.file.Scope.Lookup(name) != nil || strings.Contains(used, "await "+name) || strings.Contains(used, name+" = ")
	}; taken(); {
		name += "_"
	}
	return name
}
