package ide

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Threads that are awaited one after the other, each before the next is started, can run at the same time: all are started first, then
// awaited in the same order. That is only so where no thread's arguments need what an earlier one gives, and where computing them
// does nothing, as they are computed earlier then.

const parallelTitle = "run these threads in parallel: start them all, then await them"

// waiting is an expression of a block that starts a thread and awaits it.
type waiting struct {
	expr syntax.Expr
	// assign is nil where the result is not kept.
	assign *syntax.Assign
	async  *syntax.Async
	await  *syntax.Await
}

// rewrite offers to run threads in parallel that are awaited one after the other.
func (a *actions) rewrite() {
	index, nodes := a.covering(a.trimmed())
	if index < 0 || a.s.soundItem(a.file, a.file.Tree.Items[index]) != nil {
		return
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if block, ok := nodes[i].(*syntax.Block); ok {
			a.parallel(index, block)
			return
		}
	}
}

// parallel looks at the run of waiting expressions in a block that the selection touches.
func (a *actions) parallel(index int, block *syntax.Block) {
	item := a.file.Tree.Items[index]
	for i := 0; i < len(block.Exprs); {
		run := waitingRun(block.Exprs[i:])
		if len(run) == 0 {
			i++
			continue
		}
		i += len(run)
		span := item.Abs(source.Span{Start: run[0].expr.Span().Start, End: run[len(run)-1].expr.Span().End})
		if len(run) < 2 || a.span.Start > span.End || span.Start > a.span.End {
			continue
		}
		action := Action{Title: parallelTitle, Kind: Rewrite, Disabled: a.dependence(index, run)}
		if action.Disabled == "" {
			action.Files = a.own([]diag.Edit{{Span: span, New: a.together(index, run)}})
		}
		a.all = append(a.all, action)
	}
}

// waitingRun are the expressions at the beginning of some that each start a thread and await it.
func waitingRun(exprs []syntax.Expr) []waiting {
	var run []waiting
	for _, e := range exprs {
		w := waiting{expr: e}
		value := e
		if assign, ok := e.(*syntax.Assign); ok {
			w.assign, value = assign, assign.Value
		}
		ok := false
		if w.await, ok = syntax.Unparen(value).(*syntax.Await); !ok {
			break
		}
		if w.async, ok = syntax.Unparen(w.await.Operand).(*syntax.Async); !ok {
			break
		}
		if _, ok = syntax.Unparen(w.async.Operand).(*syntax.Call); !ok {
			break
		}
		run = append(run, w)
	}
	return run
}

// dependence is why the threads of a run cannot be started together, "" if they can.
func (a *actions) dependence(index int, run []waiting) string {
	info, names := a.file.Items[index], map[string]bool{}
	for i, w := range run {
		call := syntax.Unparen(w.async.Operand).(*syntax.Call)
		reason := ""
		syntax.Walk(call, func(n syntax.Node) bool {
			if id, ok := n.(*syntax.Ident); ok && names[id.Name] {
				reason = "'" + id.Name + "', which an earlier thread gives, is needed to start a later one"
			}
			return reason == ""
		})
		if reason != "" {
			return reason
		}
		if i > 0 && !slices.ContainsFunc(call.Args, func(arg *syntax.Arg) bool { return !quiet(info, arg.Value) }) && quiet(info, call.Callee) {
			reason = ""
		} else if i > 0 {
			return "computing the arguments of '" + a.written(index, call.Callee) + "' may do something, and would come earlier"
		}
		if w.assign != nil && names[w.assign.Name.Text] {
			return "'" + w.assign.Name.Text + "' is assigned twice"
		}
		if w.assign != nil {
			names[w.assign.Name.Text] = true
		}
	}
	return ""
}

func (a *actions) written(index int, n syntax.Node) string {
	span := a.file.Tree.Items[index].Abs(n.Span())
	return a.file.Tree.Text[span.Start:span.End]
}

// loud are the builtins that do more than to compute a value.
var loud = []string{"print", "sleep", "signal", "future", "first_of"}

// quiet says whether computing a value has no effect; it may fail.
func quiet(info *resolve.Info, e syntax.Expr) bool {
	return !syntaxAny(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign, *syntax.Async, *syntax.Await, *syntax.Try:
			return true
		case *syntax.Call:
			id, ok := syntax.Unparen(n.Callee).(*syntax.Ident)
			if !ok {
				return true
			}
			b := info.Binding(id)
			return b == nil || b.Kind != resolve.Builtin || slices.Contains(loud, bytecode.Builtins[b.Index].Name)
		}
		return false
	})
}

// together are the expressions that start all threads, then those that await them.
func (a *actions) together(index int, run []waiting) string {
	item, info := a.file.Tree.Items[index], a.file.Items[index]
	indent := a.indentation(item.Abs(run[0].expr.Span()).Start)
	var starts, awaits []string
	for i, w := range run {
		start := a.written(index, syntax.Unparen(w.async))
		if w.assign == nil {
			name := freshLocal(info, "thread", i+1)
			starts, awaits = append(starts, name+" = "+start), append(awaits, "await "+name)
			continue
		}
		name := w.assign.Name.Text
		starts, awaits = append(starts, name+" = "+start), append(awaits, name+" = await "+name)
	}
	return strings.Join(append(starts, awaits...), ";\n"+indent)
}

// indentation is the white space at the beginning of the line of an offset.
func (a *actions) indentation(offset int32) string {
	text := a.file.Tree.Text
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	end := start
	for end < len(text) && (text[end] == ' ' || text[end] == '\t') {
		end++
	}
	return text[start:end]
}

// freshLocal is a name that no function of the item uses.
func freshLocal(info *resolve.Info, name string, number int) string {
	fresh := name + "_" + strconv.Itoa(number)
	for _, fn := range info.Funcs {
		for i := range fn.Locals {
			if fn.Locals[i].Name == fresh {
				return freshLocal(info, name+"_x", number)
			}
		}
	}
	return fresh
}
