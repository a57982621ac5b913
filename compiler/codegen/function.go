package codegen

import (
	"math"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// function is the state of the compilation of one function.
type function struct {
	g    *generator
	unit unit
	info *resolve.Info
	item *syntax.Item
	fn   *resolve.Func

	assembly
	debug bytecode.Debug

	// homes are the registers of the locals.
	homes []int
	// starts are the instructions from which on the homes hold them.
	starts []uint32
	// low is the number of registers that belong to locals; from there on they are temporaries.
	low int
	// top is the first register that is free, max the number of registers needed so far.
	top, max int

	// wide says how to live with few registers; nil is the ordinary way, in which they suffice.
	wide *wide
	// numbers are parameters that are known to be numbers.
	numbers []int
	// written has, once somebody asked, the places where each local is assigned.
	written [][]int32
}

// generate compiles a function; if its registers do not suffice, in the wide way.
func (g *generator) generate(u unit) bytecode.Func {
	f := g.begin(u)
	for i := range f.homes {
		f.homes[i] = i
	}
	f.low = len(f.homes)
	f.body()
	if f.overflow || g.alwaysWide {
		f = g.begin(u)
		f.widen()
		f.body()
	}
	return f.finish()
}

// begin is a function without code, in the memory of the one before.
func (g *generator) begin(u unit) *function {
	old := &g.last
	g.last = function{
		g: g, unit: u, info: u.file.Items[u.item], item: u.file.Tree.Items[u.item], fn: u.fn,
		assembly: old.reset(),
		homes:    resized(old.homes, len(u.fn.Locals)),
		starts:   resized(old.starts, len(u.fn.Locals)),
		numbers:  old.numbers[:0],
		debug:    bytecode.Debug{Statements: old.debug.Statements[:0], Calls: old.debug.Calls[:0]},
	}
	f := &g.last
	for i := range f.starts {
		f.starts[i] = 0
		if i >= u.fn.Params {
			f.starts[i] = math.MaxUint32
		}
	}
	f.span = f.whole()
	return f
}

func resized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// exact is a copy that has no more memory than it needs.
func exact[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return append(make([]T, 0, len(s)), s...)
}

// node is the definition or the lambda.
// whole is the function from its keyword on: its first line is where an error has it that belongs to none of its instructions.
func (f *function) whole() source.Span {
	if f.fn.Lambda != nil {
		return f.item.Abs(f.fn.Lambda.Span())
	}
	return f.item.Abs(source.Span{Start: f.fn.Def.Fn.Start, End: f.fn.Def.Span().End})
}

func (f *function) body() {
	f.top = f.low
	f.max = max(f.low, f.fn.Params)
	f.enter()
	for i, local := range f.fn.Locals {
		if local.MaybeUnset {
			f.unset(i)
		}
	}
	f.block(f.fn.Block(), tail)
}

// enter moves the parameters away, if they do not stay where they arrive.
func (f *function) enter() {
	if f.wide == nil {
		return
	}
	for i := range f.fn.Params {
		f.emit(bytecode.STOREW, i, 0, 0, f.homes[i])
	}
}

func (f *function) finish() bytecode.Func {
	f.link()
	out := bytecode.Func{
		Name:      f.fn.Name,
		File:      f.g.file(f.unit.file),
		Span:      f.whole(),
		Params:    make([]bytecode.Param, f.fn.Params),
		Registers: uint32(f.max),
		Code:      exact(f.code),
		Handlers:  exact(f.handlers),
	}
	if f.wide != nil {
		out.Registers = uint32(f.wide.max)
	}
	for i, param := range f.fn.ParamNodes() {
		out.Params[i] = bytecode.Param{Name: f.fn.Locals[i].Name, Type: typeText(param.Type)}
	}
	for _, captured := range f.fn.Captures {
		out.Captures = append(out.Captures, captured.Name)
	}
	if def := f.fn.Def; def != nil {
		out.Doc, out.Result, out.Attrs = syntax.DocText(def.Doc), typeText(def.Result), f.info.Attrs
	}
	out.Debug = bytecode.Debug{
		Spans: exact(f.spans), Statements: exact(f.debug.Statements), Calls: exact(f.debug.Calls), Locals: f.locals(),
	}
	return out
}

// temp is a new temporary.
func (f *function) temp() int {
	r := f.top
	f.reserve(r + 1)
	return r
}

// reserve makes all registers below top used.
func (f *function) reserve(top int) {
	f.top = top
	f.max = max(f.max, top)
}

// fresh says whether r is the temporary that was reserved last. Nothing is in it before it is written as a destination, so
// that it may be used on the way there.
func (f *function) fresh(r int) bool { return r == f.top-1 && r >= f.low }

// at makes n the node whose span instructions get, and returns what brings the old one back.
func (f *function) at(n syntax.Node) source.Span {
	old := f.span
	f.span = f.item.Abs(n.Span())
	return old
}
