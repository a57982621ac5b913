package types

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Recursion without an end: whether every path through a function of a circle leads to another call of one in it. What counts is
// what has happened on all paths so far; a path that ends before it has, shows that there is an end.

// recursion is what has happened on the paths that lead to a place: a call within the circle that waits for its result, the start of a
// thread within the circle.
// or, on: any call within the circle, also one that ends the function.
type recursion struct{ called, spawned, on bool }

// both is what has happened on each of two paths.
func (r recursion) both(s recursion) recursion {
	return recursion{r.called && s.called, r.spawned && s.spawned, r.on && s.on}
}

// pathEnds notes that a path through the function ends here.
func (f *frame) pathEnds() {
	if !f.dead {
		f.ends.called = f.ends.called || !f.again.called
		f.ends.spawned = f.ends.spawned || !f.again.spawned
		f.ends.on = f.ends.on || !f.again.on
	}
}

// always is what happens on every path through the function, once all have ended.
func (f *frame) always() recursion { return f.ends.none() }

// none is what happens on every path, by the ends before it does.
func (r recursion) none() recursion { return recursion{!r.called, !r.spawned, !r.on} }

// recurs notes a call of a function of the same circle.
func (in *inferrer) recurs(f *frame, c *callInfo, k key) {
	if in.out.circle == nil || !in.sameCircle(k) {
		return
	}
	f.again.on = true
	switch {
	case c.spawned:
		f.again.spawned = true
	case f.fn.Lambda == nil && in.tail(c.Call):
		f.pathEnds()
	default:
		f.again.called = true
	}
}

// recursThrough notes that a function of the prelude calls one of the circle, if it certainly calls what it is given.
func (in *inferrer) recursThrough(f *frame, c *callInfo, name string) {
	if in.out.circle == nil || name != "retry_call" && (name == "await_all" || !in.notEmpty(c.argument(1))) {
		return
	}
	r := in.leadsOn(c.argument(0))
	f.again.on = f.again.on || r.called || r.spawned
	if name == "map_async" || name == "pmap" || c.spawned {
		f.again.spawned = f.again.spawned || r.called || r.spawned
		return
	}
	f.again.called = f.again.called || r.called
	f.again.spawned = f.again.spawned || r.spawned
}

// leadsOn is what a call of a function that is an argument leads to: of one of the circle by its name, or of a lambda that is written there.
func (in *inferrer) leadsOn(fn syntax.Expr) recursion {
	switch e := syntax.Unparen(fn).(type) {
	case *syntax.Ident:
		b := in.info.Binding(e)
		return recursion{called: b != nil && b.Kind == resolve.Function && in.sameCircle(named(b))}
	case *syntax.Lambda:
		if known := in.lambdas[in.info.Func(e)]; known != nil {
			return known.again
		}
	}
	return recursion{}
}

// notEmpty says whether an expression is of a form that is a List with an element.
func (in *inferrer) notEmpty(e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.ListLit:
		return len(e.Elems) > 0
	case *syntax.Call:
		switch in.builtinName(e.Callee) {
		case "append":
			return true
		case "list":
			return len(e.Args) > 0
		case "range":
			return len(e.Args) == 1 && in.positive(e.Args[0].Value)
		}
	}
	return false
}

func (in *inferrer) positive(e syntax.Expr) bool {
	n, ok := syntax.Unparen(e).(*syntax.NumberLit)
	return ok && !n.Float && strings.Trim(n.Text, "0") != ""
}

func (in *inferrer) sameCircle(k key) bool {
	used := in.used(k)
	return used != nil && used.circle == in.out.circle
}

// tail says whether a call is the last thing that the item's function does.
func (in *inferrer) tail(call *syntax.Call) bool {
	def, ok := in.item.Def.(*syntax.FuncDef)
	return ok && isTail(def.Body, call)
}

func isTail(b *syntax.Block, call *syntax.Call) bool {
	if b == nil || len(b.Exprs) == 0 || !b.Span().Covers(call.Span()) {
		return false
	}
	switch e := syntax.Unparen(b.Exprs[len(b.Exprs)-1]).(type) {
	case *syntax.Call:
		return e == call
	case *syntax.If:
		for _, arm := range e.Arms {
			if isTail(arm.Then, call) {
				return true
			}
		}
		return isTail(e.Else, call)
	case *syntax.Try:
		return isTail(e.Catch, call)
	}
	return false
}

// endless reports the functions of a circle all of which lead on in it, whatever happens: by threads if there is no way round without the start
// of one, by calls if there is none without a call that waits.
func (w *world) endless(group []int32) {
	for _, i := range group {
		item := w.nodes[i].item
		if item.fn == nil || item.fn.python || item.ends.on {
			return
		}
	}
	spawned := !w.goesRound(group, func(r recursion) bool { return r.spawned })
	called := !spawned && !w.goesRound(group, func(r recursion) bool { return r.called })
	for _, i := range group {
		item := w.nodes[i].item
		def := w.nodes[i].file.Tree.Items[w.nodes[i].index].Def.(*syntax.FuncDef)
		if def.Name == nil || def.Body == nil {
			continue
		}
		switch {
		case spawned:
			item.add(diag.EndlessThreads, def.Name, "every path through '"+item.fn.sig.Name+"' starts a thread that runs it again, without end")
		case called:
			item.add(diag.EndlessCalls, def.Name, "every path through '"+item.fn.sig.Name+"' calls it again and waits for the result, without end")
		}
	}
}

// goesRound says whether a way round the circle leads only through functions that have a path on which something does not happen.
func (w *world) goesRound(group []int32, happens func(recursion) bool) bool {
	left := map[int32]bool{}
	for _, i := range group {
		if !happens(w.nodes[i].item.ends.none()) {
			left[i] = true
		}
	}
	for len(left) > 0 {
		before := len(left)
		for i := range left {
			if !slices.ContainsFunc(w.layout.edges[i], func(u int32) bool { return left[u] }) {
				delete(left, i)
			}
		}
		if len(left) == before {
			return true
		}
	}
	return false
}

// add adds a problem that is one whatever is known of types.
func (i *Item) add(code diag.Code, n syntax.Node, message string) {
	p := finding{Diagnostic: diag.New(code, message)}
	p.Span = n.Span()
	i.findings = append(i.findings, p)
}

// lambdaSeconds is how long AWS Lambda lets a function run.
const lambdaSeconds = 900

// longTimeout reports a time limit that AWS Lambda does not allow.
func (i *Item) longTimeout(attrs []*syntax.Attr) {
	if i.info.Attrs.TimeoutSeconds <= lambdaSeconds {
		return
	}
	for _, attr := range attrs {
		if attr.Name != nil && attr.Name.Text == "timeout" && len(attr.Args) > 0 {
			i.add(diag.LongTimeout, attr.Args[0].Value, "AWS Lambda ends what runs for more than 900 seconds")
			return
		}
	}
}
