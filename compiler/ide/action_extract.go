package ide

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Extracting makes a function of what is selected: an expression, or several of a block that follow each other. What it reads of the
// function around becomes its parameters. A local that it assigns and that is read afterwards becomes its result; of several it is refused.
// What was in tail position is so in the new function, which is called in tail position itself.

// extraction is one that is being worked out.
type extraction struct {
	*actions
	index int
	info  *resolve.Info
	fn    *resolve.Func
	// exprs is what is selected; block is the block that they stand in as statements, nil for a part of an expression; last says that they
	// are the end of it.
	exprs []syntax.Expr
	block *syntax.Block
	last  bool
	flow  *flow
}

const extractTitle = "extract to function"

// extract offers to make a function of what is selected.
func (a *actions) extract() {
	x := a.selection()
	if x == nil {
		return
	}
	action := Action{Title: extractTitle, Kind: Extract}
	result, reason := x.result()
	if reason == "" {
		action.Files = a.own(x.edits(result))
		reason = a.changesNothing(action.Files)
	}
	if reason != "" {
		action.Files, action.Disabled = nil, reason
	}
	a.all = append(a.all, action)
}

// changesNothing is why a change of form would bring problems, "" if it brings none.
func (a *actions) changesNothing(files []FileEdits) string {
	before, after := a.s.tally(files), a.s.after(files)
	for _, file := range files {
		for _, d := range Diagnostics(after, file.Path) {
			if before[d.Code]--; before[d.Code] < 0 && d.Severity <= diag.Warning {
				return "afterwards there would be a problem: " + d.Message
			}
		}
	}
	return ""
}

// selection is what of a function is selected, nil if it is nothing that can be extracted.
func (a *actions) selection() *extraction {
	span := a.trimmed()
	index, nodes := a.covering(span)
	if span.Len() <= 0 || index < 0 || len(nodes) == 0 || a.s.soundItem(a.file, a.file.Tree.Items[index]) != nil {
		return nil
	}
	x := &extraction{actions: a, index: index, info: a.file.Items[index]}
	span = span.Shift(-a.file.Tree.Items[index].Span.Start)
	if x.fn = funcAround(x.info, span); x.fn == nil || x.fn.Block() == nil || !x.fn.Block().Span().Covers(span) {
		return nil
	}
	for i, n := range nodes {
		if block, ok := n.(*syntax.Block); ok && x.statements(block, span) {
			return x
		}
		if e, ok := n.(syntax.Expr); ok && e.Span() == span && extractable(e, nodes[:i]) {
			x.exprs = []syntax.Expr{e}
			return x
		}
	}
	return nil
}

// trimmed is the selection without white space and separators at its ends.
func (a *actions) trimmed() source.Span {
	text := a.file.Tree.Text[a.span.Start:max(a.span.Start, a.span.End)]
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n;"))
	end := len(strings.TrimRight(text, " \t\r\n;"))
	return source.Span{Start: a.span.Start + int32(start), End: a.span.Start + int32(max(start, end))}
}

// statements takes the expressions of a block that fill the selection exactly. It is false if they do not.
func (x *extraction) statements(block *syntax.Block, span source.Span) bool {
	first, last := -1, -1
	for i, e := range block.Exprs {
		if e.Span().Start == span.Start {
			first = i
		}
		if e.Span().End == span.End {
			last = i
		}
	}
	if first < 0 || last < first || first == last && trivial(block.Exprs[first]) {
		return false
	}
	x.exprs, x.block, x.last = block.Exprs[first:last+1], block, last == len(block.Exprs)-1
	return true
}

// extractable says whether a function of an expression makes sense.
func extractable(e syntax.Expr, around []syntax.Node) bool {
	if trivial(e) {
		return false
	}
	if len(around) == 0 {
		return true
	}
	switch outer := around[len(around)-1].(type) {
	case *syntax.Async:
		return false // it would start another function
	case *syntax.Call:
		return outer.Callee != e
	}
	return true
}

func trivial(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Ident, *syntax.NumberLit, *syntax.StringLit, *syntax.BoolLit, *syntax.NullLit, *syntax.SymbolLit, *syntax.Bad:
		return true
	}
	return false
}

// result is the local that the new function has to return besides doing what it does, "" if there is none; or why it cannot be done.
func (x *extraction) result() (result, reason string) {
	x.flow = newFlow(x.info, x.fn)
	x.flow.exprs(x.exprs)
	for name, state := range x.readAfter() {
		switch {
		case !x.flow.written[name]:
		case state != resolve.Set:
			return "", "'" + name + "' may have no value afterwards"
		case result != "" && result != name:
			return "", "both '" + min(result, name) + "' and '" + max(result, name) + "' are assigned here and read afterwards"
		default:
			result = name
		}
	}
	if result != "" && !x.flow.has[result] {
		x.flow.need(result) // what it was before is what it is then
	}
	switch {
	case x.flow.self:
		return "", "it calls the lambda that it is in by its name"
	case x.flow.maybe != "":
		return "", "'" + x.flow.maybe + "' may have no value here"
	case result != "" && x.block == nil:
		return "", "'" + result + "' is assigned within the expression and read afterwards"
	case result != "" && x.last && !x.givesValueOf(result):
		return "", "'" + result + "' is read afterwards, and the value of the block too"
	case len(x.flow.needed) > 200:
		return "", "it would have more than 200 parameters"
	}
	return result, ""
}

// givesValueOf says whether the last expression's value is that of a local.
func (x *extraction) givesValueOf(name string) bool {
	switch last := x.exprs[len(x.exprs)-1].(type) {
	case *syntax.Assign:
		return last.Name.Text == name
	case *syntax.Ident:
		return last.Name == name
	}
	return false
}

// readAfter are the locals that the function reads behind what is selected, and whether they have a value there in any case. As there are
// no loops, what stands behind it in the text is all that may follow.
func (x *extraction) readAfter() map[string]resolve.State {
	end, found := x.exprs[len(x.exprs)-1].Span().End, map[string]resolve.State{}
	note := func(b *resolve.Binding) {
		if b == nil || b.Kind != resolve.Local {
			return
		}
		name := x.fn.Locals[b.Index].Name
		if found[name] != resolve.Maybe {
			found[name] = b.State
		}
	}
	syntax.Walk(x.fn.Block(), func(n syntax.Node) bool {
		if n.Span().End <= end {
			return false
		}
		switch n := n.(type) {
		case *syntax.Lambda:
			if n.Span().Start >= end {
				for _, captured := range x.info.Func(n).Captures {
					note(captured.From)
				}
			}
			return false
		case *syntax.Ident:
			note(x.info.Binding(n))
		}
		return true
	})
	return found
}

// edits put the call in the place of what is selected and the function behind the definition.
func (x *extraction) edits(result string) []diag.Edit {
	name, item := x.freshFunction(), x.file.Tree.Items[x.index]
	call := name + "(" + strings.Join(x.flow.needed, ", ") + ")"
	whole := item.Abs(source.Span{Start: x.exprs[0].Span().Start, End: x.exprs[len(x.exprs)-1].Span().End})
	body := x.file.Tree.Text[whole.Start:whole.End]
	if result != "" {
		call = result + " = " + call
		body = x.returning(body, result, whole)
	}
	if rest := strings.TrimLeft(x.file.Tree.Text[whole.End:], " \t\r\n"); x.block != nil && !x.last && !strings.HasPrefix(rest, ";") {
		call += ";"
	}
	function := fmt.Sprintf("fn %s(%s) {\n%s\n}\n", name, strings.Join(x.flow.needed, ", "), body)
	if canonical, ok := syntax.Format(function); ok {
		function = canonical
	}
	return []diag.Edit{{Span: whole, New: call}, diag.Insert(separated(x.file.Tree.Text, item), "\n\n"+strings.TrimSuffix(function, "\n"))}
}

// returning is the body with the value of a local as its last.
func (x *extraction) returning(body, result string, whole source.Span) string {
	last := x.exprs[len(x.exprs)-1]
	assign, ok := last.(*syntax.Assign)
	if _, named := unparenValue(assign).(*syntax.Lambda); ok && !named && assign.Name.Text == result { // a lambda is called by the name
		cut := x.file.Tree.Items[x.index].Abs(assign.Span()).Start - whole.Start
		value := x.file.Tree.Items[x.index].Abs(assign.Value.Span()).Start - whole.Start
		return body[:cut] + body[value:]
	}
	if id, ok := last.(*syntax.Ident); ok && id.Name == result {
		return body
	}
	return body + ";\n" + result
}

// unparenValue is the value of an assignment, nil if there is none.
func unparenValue(assign *syntax.Assign) syntax.Expr {
	if assign == nil {
		return nil
	}
	return syntax.Unparen(assign.Value)
}

// freshFunction is a name that means nothing yet, in the file and in the function.
func (x *extraction) freshFunction() string {
	taken := func(name string) bool {
		if x.file.Scope.Lookup(name) != nil {
			return true
		}
		for _, fn := range x.info.Funcs {
			for i := range fn.Locals {
				if fn.Locals[i].Name == name {
					return true
				}
			}
		}
		return false
	}
	name := "extracted"
	for n := 2; taken(name); n++ {
		name = "extracted_" + strconv.Itoa(n)
	}
	return name
}
