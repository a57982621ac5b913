package ide

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Inlining puts the value of a local where it is read, and takes the assignment away. A value that does nothing and cannot fail may be
// computed anywhere, and more than once, as long as the names in it mean the same there. Any other is inlined only into the expression that
// follows, where it is computed in any case and nothing else that matters comes before it.

// inlining is one that is being worked out.
type inlining struct {
	*actions
	item   *syntax.Item
	info   *resolve.Info
	fn     *resolve.Func
	slot   int
	assign *syntax.Assign
	// block has the assignment as its expression at an index.
	block *syntax.Block
	at    int
	reads []read
}

// read is a place where the local is read; through is the lambda that it is read in, nil if it is none.
type read struct {
	id      *syntax.Ident
	through *syntax.Lambda
	state   resolve.State
}

// inline offers to inline the local whose name is at the cursor.
func (a *actions) inline() {
	if a.span.Len() > 200 {
		return
	}
	o, ok := a.s.occurrenceAt(a.file.Path, a.span.Start)
	if !ok || len(o.Means) == 0 || o.Means[0].kind != symbolLocal || o.Role == roleArgument || !o.Span.Covers(a.span) {
		return
	}
	index, _ := a.covering(o.Span)
	if index < 0 || o.Means[0].item != a.file.Tree.Items[index] || a.s.soundItem(a.file, a.file.Tree.Items[index]) != nil {
		return
	}
	in := &inlining{actions: a, item: a.file.Tree.Items[index], info: a.file.Items[index]}
	in.fn, in.slot = localOf(in.info, o.Means[0].decl)
	if in.fn == nil || in.slot < in.fn.Params || in.fn.Locals[in.slot].Catch {
		return
	}
	name := in.fn.Locals[in.slot].Name
	action := Action{Title: "inline '" + name + "'", Kind: Inline, Disabled: in.reason()}
	if action.Disabled == "" {
		action.Files = a.own(in.edits())
		if action.Disabled = a.changesNothing(action.Files); action.Disabled != "" {
			action.Files = nil
		}
	}
	a.all = append(a.all, action)
}

// reason is why the local cannot be inlined, "" if it can.
func (in *inlining) reason() string {
	local := in.fn.Locals[in.slot]
	in.find(local.Decl)
	in.collect()
	switch {
	case local.Writes != 1:
		return "'" + local.Name + "' is assigned more than once"
	case in.block == nil:
		return "'" + local.Name + "' is assigned within another expression"
	case in.at == len(in.block.Exprs)-1:
		return "the assignment is the value of its block"
	case len(in.reads) == 0:
		return "'" + local.Name + "' is never read"
	}
	for _, r := range in.reads {
		if r.state != resolve.Set {
			return "'" + local.Name + "' may have no value where it is read"
		}
	}
	if lambda, ok := syntax.Unparen(in.assign.Value).(*syntax.Lambda); ok && (in.info.Func(lambda).UsesSelf || len(in.reads) > 1) {
		return "the lambda is called by its name, or there would be several of it"
	}
	if pure(in.info, in.assign.Value) {
		return in.moved()
	}
	return in.next()
}

// find is where the local is assigned.
func (in *inlining) find(decl *syntax.Name) {
	syntax.Walk(in.fn.Block(), func(n syntax.Node) bool {
		if assign, ok := n.(*syntax.Assign); ok && assign.Name == decl {
			in.assign = assign
		}
		if block, ok := n.(*syntax.Block); ok {
			for i, e := range block.Exprs {
				if assign, ok := e.(*syntax.Assign); ok && assign.Name == decl {
					in.block, in.at = block, i
				}
			}
		}
		return true
	})
}

// collect finds where the local is read, in lambdas too.
func (in *inlining) collect() {
	for _, fn := range in.info.Funcs {
		if fn.Block() == nil {
			continue
		}
		syntax.Walk(fn.Block(), func(n syntax.Node) bool {
			if _, inner := n.(*syntax.Lambda); inner {
				return false // it is one of Funcs itself
			}
			id, ok := n.(*syntax.Ident)
			if !ok {
				return true
			}
			if state, is := in.is(fn, in.info.Binding(id)); is {
				in.reads = append(in.reads, read{id: id, through: fn.Lambda, state: state})
			}
			return true
		})
	}
	if in.fn.Lambda != nil {
		for i := range in.reads {
			if in.reads[i].through == in.fn.Lambda {
				in.reads[i].through = nil
			}
		}
	}
}

// is says whether a binding of a function means the local, also through captures, and whether it has a value there in any case.
func (in *inlining) is(fn *resolve.Func, b *resolve.Binding) (resolve.State, bool) {
	state := resolve.Set
	for b != nil && fn != nil {
		state = max(state, b.State)
		switch b.Kind {
		case resolve.Local:
			return state, fn == in.fn && b.Index == in.slot
		case resolve.Capture:
			b, fn = fn.Captures[b.Index].From, fn.Parent
		default:
			return 0, false
		}
	}
	return 0, false
}

// moved is why a value that does nothing would be another where the local is read: a name in it means something else there.
func (in *inlining) moved() string {
	flow := newFlow(in.info, in.fn)
	flow.expr(in.assign.Value)
	if flow.self {
		return "it is the lambda itself that is called by its name"
	}
	for _, name := range in.mentioned() {
		for _, fn := range in.info.Funcs {
			for i := range fn.Locals {
				local := &fn.Locals[i]
				same := local.Name == name
				if same && fn == in.fn && slices.Contains(flow.needed, name) && !in.assignedLater(local) {
					continue // the local that is meant
				}
				if same && in.holds(fn) {
					return "'" + name + "' means something else, or may have another value, where it would stand"
				}
			}
		}
	}
	return ""
}

// mentioned are the names that the value reads.
func (in *inlining) mentioned() []string {
	var names []string
	syntax.Walk(in.assign.Value, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// assignedLater says whether a local of the function is assigned behind the assignment that is inlined.
func (in *inlining) assignedLater(local *resolve.LocalVar) bool {
	later := false
	syntax.Walk(in.fn.Block(), func(n syntax.Node) bool {
		if name, ok := n.(*syntax.Name); ok && name.Text == local.Name && name.Span().Start > in.assign.Span().Start {
			later = true
		}
		_, inner := n.(*syntax.Lambda)
		return !inner
	})
	return later
}

// holds says whether the local is read in a function or in one within it, or the function is the one that it belongs to.
func (in *inlining) holds(fn *resolve.Func) bool {
	if fn == in.fn {
		return true
	}
	return fn.Lambda != nil && slices.ContainsFunc(in.reads, func(r read) bool { return fn.Lambda.Span().Covers(r.id.Span()) })
}

// next is why a value that does something cannot be inlined, "" if it is computed at the same moment where it is read.
func (in *inlining) next() string {
	if len(in.reads) > 1 {
		return "the value would be computed more than once, and computing it may do something or fail"
	}
	follow := in.block.Exprs[in.at+1]
	target := in.reads[0].id
	if !follow.Span().Covers(target.Span()) || in.reads[0].through != nil {
		return "other things would happen before the value is computed"
	}
	if syntaxAny(in.assign.Value, func(n syntax.Node) bool { return assigns(n) }) {
		return "computing the value assigns other locals"
	}
	if !in.first(follow, target) {
		return "other things would happen before the value is computed, or it would not always be"
	}
	return ""
}

func assigns(n syntax.Node) bool {
	switch n.(type) {
	case *syntax.Assign, *syntax.Try:
		return true
	}
	return false
}

func syntaxAny(root syntax.Node, is func(syntax.Node) bool) bool {
	found := false
	syntax.Walk(root, func(n syntax.Node) bool {
		found = found || is(n)
		return !found
	})
	return found
}

// first says whether all that an expression computes before a name in it does nothing and cannot fail, and the name is read in any case.
func (in *inlining) first(e syntax.Expr, target *syntax.Ident) bool {
	for e != target {
		var inner syntax.Expr
		for _, part := range evaluated(e) {
			if part.Span().Covers(target.Span()) {
				inner = part
				break
			}
			if !pure(in.info, part) {
				return false
			}
		}
		if inner == nil {
			return false
		}
		e = inner
	}
	return true
}

// evaluated are the parts of an expression that are computed in any case, in their order.
func evaluated(e syntax.Expr) []syntax.Expr {
	switch e := e.(type) {
	case *syntax.Paren:
		return []syntax.Expr{e.Inner}
	case *syntax.Assign:
		return []syntax.Expr{e.Value}
	case *syntax.Unary:
		return []syntax.Expr{e.X}
	case *syntax.Await:
		return []syntax.Expr{e.Operand}
	case *syntax.Async:
		return []syntax.Expr{e.Operand}
	case *syntax.Binary:
		if e.Op == syntax.AndAnd || e.Op == syntax.OrOr {
			return []syntax.Expr{e.X}
		}
		return []syntax.Expr{e.X, e.Y}
	case *syntax.If:
		return []syntax.Expr{e.Arms[0].Cond}
	case *syntax.ListLit:
		return e.Elems
	case *syntax.HashLit:
		var all []syntax.Expr
		for _, pair := range e.Pairs {
			all = append(all, pair.Key, pair.Value)
		}
		return all
	case *syntax.Call:
		all := []syntax.Expr{e.Callee}
		for _, arg := range e.Args {
			all = append(all, arg.Value)
		}
		return all
	}
	return nil
}

// edits put the value where the local is read and take the assignment away.
func (in *inlining) edits() []diag.Edit {
	value := in.item.Abs(in.assign.Value.Span())
	text := in.file.Tree.Text[value.Start:value.End]
	edits := []diag.Edit{{Span: in.removed()}}
	for _, r := range in.reads {
		span := in.item.Abs(r.id.Span())
		whole := in.stands(r.id)
		if whole || primary(in.assign.Value) {
			edits = append(edits, diag.Edit{Span: span, New: text})
			continue
		}
		edits = append(edits, diag.Edit{Span: span, New: "(" + text + ")"})
	}
	return edits
}

// removed is the assignment with its ";", up to the expression that follows, or its lines if it has them for itself.
func (in *inlining) removed() source.Span {
	span := in.statement(in.item.Abs(in.assign.Span()))
	follow := in.item.Abs(in.block.Exprs[in.at+1].Span())
	if between := in.file.Tree.Text[min(span.End, follow.Start):follow.Start]; span.Start == in.item.Abs(in.assign.Span()).Start &&
		strings.TrimSpace(between) == "" {
		span.End = follow.Start
	}
	return span
}

// stands says whether a name is an argument, an element or an expression of a block by itself, so that no operator is beside it.
func (in *inlining) stands(id *syntax.Ident) bool {
	nodes := pathTo(in.item.Def, id.Span())
	if len(nodes) < 2 {
		return false
	}
	switch nodes[len(nodes)-2].(type) {
	case *syntax.Arg, *syntax.ListLit, *syntax.Paren, *syntax.Assign:
		return true
	case *syntax.Await:
		_, thread := in.assign.Value.(*syntax.Async)
		return thread
	case *syntax.Block:
		_, hash := in.assign.Value.(*syntax.HashLit)
		return !hash // it would look like a block
	}
	return false
}

// primary says whether an expression can stand beside any operator.
func primary(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Ident, *syntax.NumberLit, *syntax.StringLit, *syntax.BoolLit, *syntax.NullLit, *syntax.ListLit, *syntax.Call, *syntax.Paren:
		return true
	}
	return false
}
