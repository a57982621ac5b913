package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// inferrer finds the types of one item.
type inferrer struct {
	world *world // nil where facts are complete
	facts *Facts
	file  *resolve.File
	item  *syntax.Item
	info  *resolve.Info
	out   *Item
	edges []int32     // of the item's uses
	index map[key]int // of the item's uses, if they are many
	left  fuel

	// faults are the errors of the item's syntax, once somebody asks.
	faults      []source.Span
	faultsKnown bool

	// types are those of the item's nodes, by ID, and lambdas those of its lambdas.
	types   []Type
	lambdas map[*resolve.Func]*function

	free  []*callInfo
	saved []Type // states of branches that are come back to
	// rounds is the number of lambdas around that are looked at again until what they give does not change.
	rounds int
	// sending: what is checked is whether a value can be sent to Python.
	sending bool
	// awaits counts those that have been looked at.
	awaits int
}

// infer finds the types of the item with what is known of the functions that it calls.
func (in *inferrer) infer() {
	switch def := in.item.Def.(type) {
	case *syntax.FuncDef:
		in.definition(def)
	}
}

func (in *inferrer) definition(def *syntax.FuncDef) {
	out := in.out
	in.types = slices.Grow(in.types[:0], in.item.Nodes)[:in.item.Nodes]
	clear(in.types)
	clear(in.lambdas)
	if out.owner == nil {
		out.owner = &owner{}
	}
	out.findings, out.doubts, out.ends = out.findings[:0], out.doubts[:0], recursion{}
	out.longTimeout(def.Attrs)
	fn := in.info.Funcs[0]
	f := in.enter(fn, nil, nil)
	for range fn.Params {
		f.locals = append(f.locals, Any) // what each parameter has to be, see need.go
	}
	sig := Signature{Name: fn.Name, Params: make([]Param, fn.Params)}
	for i, node := range def.Params {
		declared := annotation(node.Type)
		sig.Params[i] = Param{Name: fn.Locals[i].Name, Type: declared}
		param := declared.doubt(assumed)
		if declared.unknown() {
			param = out.owner.parameter(i)
		}
		f.locals[i] = param
		in.note(node.Name, param)
	}
	sig.Result = in.block(f, fn.Block())
	f.pathEnds()
	out.ends = f.ends
	in.result(f, def, &sig)
	known := &function{callee: Callee{Path: in.file.Path, Name: fn.Name}, sig: sig, owner: out.owner, builtin: -1, raises: f.raises() && !unwritten(def)}
	known.needs, known.sent = in.needs(f)
	out.publish(known)
}

// keep makes what was found out about the parts of the item a part of the facts.
func (in *inferrer) keep() {
	in.out.types, in.out.lambdas = in.types, in.lambdas
	in.types, in.lambdas = nil, nil
}

// enter begins a function or lambda.
func (in *inferrer) enter(fn *resolve.Func, outer *frame, captures []Type) *frame {
	f := &frame{fn: fn, locals: make([]Type, len(fn.Locals)+len(captures))}
	for i := range fn.Locals {
		f.locals[i] = never
	}
	copy(f.locals[len(fn.Locals):], captures)
	if outer != nil {
		f.tries = outer.tries
		f.dead, f.end = outer.dead, outer.end
	}
	return f
}

// note keeps the type of a node.
func (in *inferrer) note(n syntax.Node, t Type) { in.types[n.ID()] = t }

// block is the type of a block's value.
func (in *inferrer) block(f *frame, b *syntax.Block) Type {
	t := Type{}
	if b == nil {
		return t
	}
	for i, e := range b.Exprs {
		dead, awaits := f.dead, in.awaits
		t = in.expr(f, e)
		if in.awaits > awaits+1 {
			in.inOneExpression(f, e)
		}
		if i < len(b.Exprs)-1 {
			in.discarded(f, e, t)
			in.unreachable(f, dead, b.Exprs[i:])
		}
	}
	if len(b.Exprs) > 1 {
		in.inTurn(f, b)
	}
	if f.dead {
		return never
	}
	return t
}

// expr finds the type of an expression, and those of all in it.
func (in *inferrer) expr(f *frame, e syntax.Expr) Type {
	t := in.typeOf(f, e)
	in.types[e.ID()] = t
	return t
}

func (in *inferrer) typeOf(f *frame, e syntax.Expr) Type {
	switch e := e.(type) {
	case *syntax.Ident:
		return in.read(f, e)
	case *syntax.Call:
		c := in.call(f, e, false)
		t := c.result
		in.done(c)
		return t
	case *syntax.Assign:
		return in.assign(f, e)
	case *syntax.Binary:
		return in.binary(f, e)
	case *syntax.If:
		return in.ifExpr(f, e)
	case *syntax.Try:
		return in.try(f, e)
	case *syntax.Lambda:
		return in.lambda(f, e, in.capture(f, e), nil)
	case *syntax.Async:
		return in.async(f, e)
	case *syntax.Await:
		return in.await(f, e)
	case *syntax.Unary:
		return in.unary(f, e)
	case *syntax.Paren:
		return in.expr(f, e.Inner)
	case *syntax.ListLit:
		return in.list(f, e)
	case *syntax.HashLit:
		return in.hash(f, e)
	}
	return literalType(e)
}

var literals = struct{ integer, float, text, symbol, boolean, null Type }{
	of(Int), of(Float), of(String), of(Symbol), of(Bool), of(Null),
}

func literalType(e syntax.Expr) Type {
	switch e := e.(type) {
	case *syntax.NumberLit:
		if e.Float {
			return literals.float
		}
		return literals.integer
	case *syntax.StringLit:
		return literals.text
	case *syntax.SymbolLit:
		return literals.symbol
	case *syntax.BoolLit:
		return literals.boolean
	case *syntax.NullLit:
		return literals.null
	}
	return Any
}

// read is the type of a name where it is used.
func (in *inferrer) read(f *frame, e *syntax.Ident) Type {
	b := in.info.Binding(e)
	if b == nil {
		return Any
	}
	if b.Kind == resolve.Function {
		in.out.doubt(named(b))
	}
	return in.binding(f, b)
}

// binding is the type of what a name means.
func (in *inferrer) binding(f *frame, b *resolve.Binding) Type {
	switch b.Kind {
	case resolve.Local:
		return in.outer(f, f.locals[b.Index], b)
	case resolve.Capture:
		return in.outer(f, f.locals[f.captured(b.Index)], b)
	case resolve.Self:
		return f.self
	case resolve.Builtin:
		return builtinValues[b.Index]
	case resolve.Function, resolve.Import:
		return in.value(b)
	}
	return Any
}

// outer adds what a name means that may be without a value.
func (in *inferrer) outer(f *frame, t Type, b *resolve.Binding) Type {
	if b.State == resolve.Set {
		return t
	}
	if b.Outer != nil {
		return join(t, in.binding(f, b.Outer))
	}
	if t.IsNever() && b.State == resolve.Unset {
		return Any // an error in itself
	}
	return t
}

func (in *inferrer) slot(name *syntax.Name) int {
	if name == nil {
		return -1
	}
	if b := in.info.Binding(name); b != nil {
		return b.Index
	}
	return -1
}

func (in *inferrer) assign(f *frame, e *syntax.Assign) Type {
	t := in.expr(f, e.Value)
	if slot := in.slot(e.Name); slot >= 0 {
		in.note(e.Name, t)
		f.assign(slot, t)
	}
	return t
}

func (in *inferrer) ifExpr(f *frame, e *syntax.If) Type {
	result := never
	var joined branch
	for i, arm := range e.Arms {
		in.condition(f, arm.Cond, in.expr(f, arm.Cond))
		if i == 0 {
			joined = in.save(f)
			joined.dead, joined.end = true, noPath
		}
		before := in.save(f)
		in.narrow(f, arm.Cond, true)
		result = join(result, in.block(f, arm.Then))
		f.merge(&joined)
		f.restore(before)
		in.release(before)
		in.narrow(f, arm.Cond, false)
	}
	if e.Else == nil {
		if !f.dead {
			result = join(result, of(Null))
		}
	} else {
		result = join(result, in.block(f, e.Else))
	}
	if len(e.Arms) == 0 {
		return result
	}
	f.merge(&joined)
	f.restore(joined)
	in.release(joined)
	return result
}

func (in *inferrer) try(f *frame, e *syntax.Try) Type {
	caught := append([]Type(nil), f.locals...)
	dead, why, again := f.dead, f.end, f.again
	f.handlers = append(f.handlers, caught)
	f.tries++
	result := in.block(f, e.Body)
	f.tries--
	f.handlers = f.handlers[:len(f.handlers)-1]
	after := in.save(f)
	copy(f.locals, caught)
	f.dead, f.end, f.again = dead, why, again
	if slot := in.slot(e.Name); slot >= 0 {
		in.note(e.Name, caughtError)
		f.assign(slot, caughtError)
	}
	result = join(result, in.block(f, e.Catch))
	f.merge(&after)
	f.restore(after)
	in.release(after)
	return result
}

// caughtError is what a catch block is given.
var caughtError = func() Type {
	closed := func(fields ...Field) Type { return hashOf(&hashParts{fields: fields, key: never, value: never}) }
	text := func(key string) Field { return Field{key, of(String), true} }
	line := Field{"line", of(Int), true}
	entry := closed(text("function"), text("file"), line, text("thread"))
	return closed(text("kind"), text("message"), text("function"), line, text("thread"), Field{"traceback", listOf(entry), true})
}()

func (in *inferrer) list(f *frame, e *syntax.ListLit) Type {
	elem := never
	for _, x := range e.Elems {
		elem = join(elem, in.expr(f, x))
	}
	return listOf(elem)
}

func (in *inferrer) hash(f *frame, e *syntax.HashLit) Type {
	h := &hashParts{key: never, value: never}
	for _, pair := range e.Pairs {
		key, value := in.expr(f, pair.Key), in.expr(f, pair.Value)
		if _, missing := pair.Value.(*syntax.Bad); !missing {
			in.keyCheck(f, pair.Key, key)
		}
		text, constant := syntax.Unparen(pair.Key).(*syntax.StringLit)
		switch {
		case !constant:
			h = h.set("", false, key, value)
		case h.field(text.Value) == nil && len(h.fields) < maxFields:
			h.fields = append(h.fields, Field{text.Value, value, true})
		default:
			h = h.set(text.Value, true, key, value)
		}
	}
	return hashOf(h)
}
