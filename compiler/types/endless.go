package types

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Recursion without an end: whether every path through a function of a circle leads to another call of one in it. What counts is
// what has happened on all paths so far; a path that ends before it has, shows that there is an end.

// recursion is what has happened on the paths that lead to a place: a call within the circle that waits for its result, the start of a
// thread within the circle.
type recursion struct{ called, spawned bool }

// both is what has happened on each of two paths.
func (r recursion) both(s recursion) recursion {
	return recursion{r.called && s.called, r.spawned && s.spawned}
}

// pathEnds notes that a path through the function itself ends here.
func (in *inferrer) pathEnds(f *frame) {
	if f.fn.Lambda == nil && !f.dead {
		in.out.ends.called = in.out.ends.called || !f.again.called
		in.out.ends.spawned = in.out.ends.spawned || !f.again.spawned
	}
}

// recurs notes a call of a function of the same circle.
func (in *inferrer) recurs(f *frame, c *callInfo, k key) {
	if in.out.circle == nil || f.fn.Lambda != nil || !in.sameCircle(k) {
		return
	}
	switch {
	case c.spawned:
		f.again.spawned = true
	case in.tail(c.Call):
		in.pathEnds(f)
	default:
		f.again.called = true
	}
}

func (in *inferrer) sameCircle(k key) bool {
	at := in.use(k)
	return at >= 0 && in.edges[at] >= 0 && in.world.nodes[in.edges[at]].item.circle == in.out.circle
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

// endless reports the functions of a circle all of which lead on in it, whatever happens.
func (w *world) endless(group []int32) {
	all := recursion{true, true}
	for _, i := range group {
		item := w.nodes[i].item
		if item.fn == nil || item.fn.python {
			return
		}
		all = all.both(recursion{!item.ends.called, !item.ends.spawned})
	}
	for _, i := range group {
		item := w.nodes[i].item
		def := w.nodes[i].file.Tree.Items[w.nodes[i].index].Def.(*syntax.FuncDef)
		if def.Name == nil || def.Body == nil {
			continue
		}
		switch {
		case all.spawned:
			item.add(diag.EndlessThreads, def.Name, "every path through '"+item.fn.sig.Name+"' starts a thread that runs it again, without end")
		case all.called:
			item.add(diag.EndlessCalls, def.Name, "every path through '"+item.fn.sig.Name+"' calls it again and waits for the result, without end")
		}
	}
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
