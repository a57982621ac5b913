package types

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Threads that are awaited one after the other, each before the next is started: "a = await async f(); b = await async g()".

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
	p := in.report(f, diag.AwaitsInTurn, first.Join(last), "each of these threads is awaited before the next one is started: they could run at the same time")
	p.fix("start them all, then await them", in.startAll(f, run)...)
}

// startAll makes futures of the values, and awaits them behind the last.
func (in *inferrer) startAll(f *frame, run []turn) []diag.Edit {
	var edits []diag.Edit
	var awaits strings.Builder
	separator := in.separator(run)
	for _, t := range run {
		name, assigned := "future", ""
		if t.name != nil {
			name, assigned = t.name.Text+"_future", t.name.Text+" = "
		}
		name = in.freshName(f, name, awaits.String())
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

// freshName is a name that the function does not have yet.
func (in *inferrer) freshName(f *frame, name, used string) string {
	for taken := func() bool {
		for i := range f.fn.Locals {
			if f.fn.Locals[i].Name == name {
				return true
			}
		}
		return in.file.Scope.Lookup(name) != nil || strings.Contains(used, "await "+name)
	}; taken(); {
		name += "_"
	}
	return name
}
