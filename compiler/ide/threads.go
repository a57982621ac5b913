package ide

// Thread marks: the number that the thread gets which an async starts.
//
// A thread's children are numbered in the order in which it starts them. So the number of an async is known in a function that threads
// begin with, as long as the same number of threads has been started before it on every path. The function must only ever be what a
// thread begins with: where it is also called, or handed on as a value, its caller may have started others. A call of
// something that is not known, or that may itself start threads, ends what is known, and so does a choice between branches that start
// different numbers of them.

import (
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// threadMarks are the marks of the asyncs of a function, "⇢ .0" for the first thread that it starts.
func threadMarks(s *Snapshot, file *resolve.File, index int) map[*syntax.Async]string {
	def, ok := file.Tree.Items[index].Def.(*syntax.FuncDef)
	info := file.Items[index]
	if !ok || def.Body == nil || info.Def == nil || !mentionsAsync(def.Body) || !s.onlyBegins(file, info) {
		return nil
	}
	c := &threadCounter{s: s, info: info, effects: map[symbol]threadEffect{}, inside: map[*syntax.Lambda]bool{}}
	for c.changed = true; c.changed; {
		c.changed, c.visited, c.marks = false, map[symbol]bool{}, map[*syntax.Async]string{}
		c.block(def.Body, 0)
	}
	return c.marks
}

func mentionsAsync(root syntax.Node) bool {
	found := false
	syntax.Walk(root, func(n syntax.Node) bool {
		if _, ok := n.(*syntax.Async); ok {
			found = true
		}
		return !found
	})
	return found
}

// onlyBegins says whether threads begin with a function, and it is used for nothing else.
func (s *Snapshot) onlyBegins(file *resolve.File, info *resolve.Info) bool {
	begins := entry(info.Def.Func)
	target := targetOf(info.Def)
	for _, other := range s.program.Files {
		if other.Prelude {
			continue
		}
		for i, o := range s.all(other, target) {
			if o.Role != roleRead {
				continue
			}
			if !o.Async && !s.startsEach(other, i, o) {
				return false
			}
			begins = true
		}
	}
	return begins
}

// startsEach says whether a use of a function is the first argument of map_async, which starts a thread with it for each element.
func (s *Snapshot) startsEach(file *resolve.File, index int, o occurrence) bool {
	found := false
	for _, n := range file.Tree.Items[index].Path(o.Span.Start) {
		call, ok := n.(*syntax.Call)
		if !ok || len(call.Args) == 0 || syntax.Unparen(call.Args[0].Value) != o.Node {
			continue
		}
		id, ok := call.Callee.(*syntax.Ident)
		found = ok && id.Name == "map_async" && standard(file.Items[index].Binding(id))
	}
	return found
}

// entry says whether sessions may be started with a function: it needs no arguments, or has one of the names that are called from
// outside.
func entry(fn *syntax.FuncDef) bool {
	if fn == nil || fn.Name.Text == "" {
		return false
	}
	switch fn.Name.Text {
	case "main", "on_upload", "on_http":
		return true
	}
	return len(fn.Params) == 0
}

// unknown is the number of threads started where it is not the same on every path.
const unknown = -1

// threadCounter counts the threads that a function has started at each of its asyncs.
type threadCounter struct {
	s     *Snapshot
	info  *resolve.Info
	marks map[*syntax.Async]string
	// effects are of the functions that are called. As they may call each other they are computed until nothing changes.
	effects map[symbol]threadEffect
	visited map[symbol]bool
	changed bool
	inside  map[*syntax.Lambda]bool // the lambdas that are being looked at
}

// block is the number of threads started after a block, if there were n before it.
func (c *threadCounter) block(b *syntax.Block, n int) int {
	if b == nil {
		return n
	}
	for _, e := range b.Exprs {
		n = c.expr(e, n)
	}
	return n
}

// same is the number that two paths have in common.
func same(a, b int) int {
	if a != b {
		return unknown
	}
	return a
}

// expr is the number of threads started after an expression, if there were n before it.
func (c *threadCounter) expr(e syntax.Expr, n int) int {
	switch e := e.(type) {
	case *syntax.Async:
		return c.async(e, n)
	case *syntax.Call:
		return c.call(e, n)
	case *syntax.If:
		return c.choice(e, n)
	case *syntax.Try:
		after := c.block(e.Body, n)
		return same(after, c.block(e.Catch, same(n, after))) // it may fail anywhere
	case *syntax.Binary:
		n = c.expr(e.X, n)
		after := c.expr(e.Y, n)
		if e.Op == syntax.AndAnd || e.Op == syntax.OrOr {
			return same(n, after)
		}
		return after
	case *syntax.Lambda:
		return n
	}
	for child := range syntax.Children(e) {
		if inner, ok := child.(syntax.Expr); ok {
			n = c.expr(inner, n)
		}
	}
	return n
}

func (c *threadCounter) async(e *syntax.Async, n int) int {
	call, ok := syntax.Unparen(e.Operand).(*syntax.Call)
	if !ok {
		return c.expr(e.Operand, n)
	}
	n = c.arguments(call, c.expr(call.Callee, n))
	if n == unknown {
		return unknown
	}
	c.marks[e] = "⇢ ." + strconv.Itoa(n)
	return n + 1
}

func (c *threadCounter) arguments(call *syntax.Call, n int) int {
	for _, arg := range call.Args {
		n = c.expr(arg.Value, n)
	}
	return n
}

func (c *threadCounter) choice(e *syntax.If, n int) int {
	var after []int
	for _, arm := range e.Arms {
		n = c.expr(arm.Cond, n)
		after = append(after, c.block(arm.Then, n))
	}
	n = c.block(e.Else, n)
	for _, other := range after {
		n = same(n, other)
	}
	return n
}

// call is the number of threads started after a plain call.
func (c *threadCounter) call(call *syntax.Call, n int) int {
	n = c.arguments(call, c.expr(call.Callee, n))
	if effect := c.ofCall(c.info, call); effect != (threadEffect{}) {
		return unknown
	}
	return n
}

// threadEffect is what a call of a function may do to the numbers of threads: start some itself, or call one of its first 64
// parameters, as bits.
type threadEffect struct {
	starts bool
	calls  uint64
}

func (e threadEffect) or(other threadEffect) threadEffect {
	return threadEffect{e.starts || other.starts, e.calls | other.calls}
}

var mayStart = threadEffect{starts: true}

// ofCall is the effect of a call, in terms of the parameters of the function that makes it.
func (c *threadCounter) ofCall(info *resolve.Info, call *syntax.Call) threadEffect {
	effect := c.ofValue(info, call.Callee)
	if effect.starts || effect.calls == 0 {
		return effect
	}
	if id, ok := syntax.Unparen(call.Callee).(*syntax.Ident); ok && parameter(info, id) >= 0 {
		return effect // the caller knows what it is
	}
	var all threadEffect
	for i, arg := range call.Args {
		if arg.Name != nil || i >= 64 || effect.calls>>i&1 == 1 {
			all = all.or(c.ofValue(info, arg.Value))
		}
	}
	return all
}

// ofValue is the effect of calling a value.
func (c *threadCounter) ofValue(info *resolve.Info, e syntax.Expr) threadEffect {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.Lambda:
		return c.ofLambda(info, e)
	case *syntax.Ident:
		return c.ofName(info, e)
	}
	if literal(e) {
		return threadEffect{}
	}
	return mayStart
}

func (c *threadCounter) ofName(info *resolve.Info, id *syntax.Ident) threadEffect {
	if i := parameter(info, id); i >= 0 {
		return threadEffect{calls: 1 << min(i, 63)}
	}
	b := info.Binding(id)
	if b == nil || b.Outer != nil {
		return mayStart
	}
	switch b.Kind {
	case resolve.Import, resolve.Builtin:
		return threadEffect{}
	case resolve.Function:
		return c.ofFunction(b.Def.Target)
	}
	if fn := funcAround(info, id.Span()); fn != nil {
		if lambda := fn.LambdaOf(b); lambda != nil && b.Kind != resolve.Self {
			return c.ofLambda(info, lambda)
		}
	}
	return mayStart
}

// ofLambda is the effect of calling a lambda; within itself it adds nothing.
func (c *threadCounter) ofLambda(info *resolve.Info, lambda *syntax.Lambda) threadEffect {
	if c.inside[lambda] {
		return threadEffect{}
	}
	c.inside[lambda] = true
	defer delete(c.inside, lambda)
	return c.ofCode(info, lambda.Body)
}

// parameter is which parameter of the item's function a name is, also where a lambda has captured it; -1 if it is none.
func parameter(info *resolve.Info, id *syntax.Ident) int {
	fn, b := funcAround(info, id.Span()), info.Binding(id)
	for fn != nil && b != nil && b.Kind == resolve.Capture {
		b, fn = fn.Captures[b.Index].From, fn.Parent
	}
	if fn == nil || b == nil || fn.Def == nil || b.Kind != resolve.Local || b.Index >= fn.Params {
		return -1
	}
	return b.Index
}

// ofFunction is the effect of a function of the program.
func (c *threadCounter) ofFunction(def *resolve.Def) threadEffect {
	key := targetOf(def)
	if c.visited[key] {
		return c.effects[key]
	}
	c.visited[key] = true
	effect := mayStart
	_, item := c.s.program.Locate(def)
	if fn, ok := functionOf(item); ok && fn.Body != nil {
		effect = c.ofCode(c.s.program.Info(def), fn.Body)
	}
	if effect != c.effects[key] {
		c.effects[key], c.changed = effect, true
	}
	return effect
}

// ofCode is the effect of running a piece of code, and all lambdas in it.
func (c *threadCounter) ofCode(info *resolve.Info, body *syntax.Block) threadEffect {
	var effect threadEffect
	if body == nil {
		return mayStart
	}
	syntax.Walk(body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Async:
			effect.starts = true
		case *syntax.Call:
			effect = effect.or(c.ofCall(info, n))
		}
		return !effect.starts
	})
	return effect
}
