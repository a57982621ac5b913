package ide

// Which locals a piece of a function reads from outside of it, and which it assigns.

import (
	"maps"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// flow walks a piece of a function in the order of evaluation and notes its locals, by their names.
type flow struct {
	info *resolve.Info
	fn   *resolve.Func
	// needed are the names whose values come from outside, in the order of their first use; maybe is one that may have no value, "" if none.
	needed []string
	maybe  string
	// written are the names that are assigned, or bound by a catch.
	written map[string]bool
	// self: the piece calls the lambda that it is in by its name.
	self bool
	// has are the names that certainly were assigned so far.
	has map[string]bool
}

func newFlow(info *resolve.Info, fn *resolve.Func) *flow {
	return &flow{info: info, fn: fn, written: map[string]bool{}, has: map[string]bool{}}
}

// exprs walks expressions one after the other.
func (f *flow) exprs(all []syntax.Expr) {
	for _, e := range all {
		f.expr(e)
	}
}

func (f *flow) block(b *syntax.Block) {
	if b != nil {
		f.exprs(b.Exprs)
	}
}

func (f *flow) expr(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Ident:
		f.read(f.info.Binding(e))
	case *syntax.Lambda:
		for _, captured := range f.info.Func(e).Captures {
			f.read(captured.From)
		}
	case *syntax.Assign:
		f.expr(e.Value)
		f.write(e.Name)
	case *syntax.If:
		f.choice(e)
	case *syntax.Try:
		f.try(e)
	case *syntax.Binary:
		f.binary(e)
	default:
		for child := range syntax.Children(e) {
			f.part(child)
		}
	}
}

// part walks what is below an expression: others, and the arguments of calls.
func (f *flow) part(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.Arg:
		f.expr(n.Value)
	case syntax.Expr:
		f.expr(n)
	}
}

// binary walks a chain of operators without a stack of its length.
func (f *flow) binary(e *syntax.Binary) {
	chain := syntax.Spine(nil, e)
	f.expr(chain[0].X)
	for _, e := range chain {
		if e.Op != syntax.AndAnd && e.Op != syntax.OrOr {
			f.expr(e.Y)
			continue
		}
		before := maps.Clone(f.has)
		f.expr(e.Y)
		f.has = before
	}
}

func (f *flow) choice(e *syntax.If) {
	var ends []map[string]bool
	for _, arm := range e.Arms {
		f.expr(arm.Cond)
		before := maps.Clone(f.has)
		f.block(arm.Then)
		ends = append(ends, f.has)
		f.has = before
	}
	f.block(e.Else)
	for _, end := range ends {
		maps.DeleteFunc(f.has, func(name string, _ bool) bool { return !end[name] })
	}
}

func (f *flow) try(e *syntax.Try) {
	before := maps.Clone(f.has)
	f.block(e.Body)
	after := f.has
	f.has = before
	if e.Name != nil {
		f.write(e.Name)
	}
	f.block(e.Catch)
	maps.DeleteFunc(f.has, func(name string, _ bool) bool { return !after[name] })
}

func (f *flow) write(n *syntax.Name) {
	if n.Text != "" {
		f.written[n.Text], f.has[n.Text] = true, true
	}
}

func (f *flow) read(b *resolve.Binding) {
	if b == nil {
		return
	}
	name := ""
	switch b.Kind {
	case resolve.Local:
		name = f.fn.Locals[b.Index].Name
	case resolve.Capture:
		name = f.fn.Captures[b.Index].Name
	case resolve.Self:
		f.self = true
		return
	default:
		return
	}
	if f.has[name] {
		return
	}
	if b.State != resolve.Set {
		f.maybe = name
	}
	f.need(name)
}

func (f *flow) need(name string) {
	for _, known := range f.needed {
		if known == name {
			return
		}
	}
	f.needed = append(f.needed, name)
}
