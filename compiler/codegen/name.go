package codegen

import (
	"slices"
	"sort"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// ident compiles the use of a name.
func (f *function) ident(e *syntax.Ident, d dest) {
	b := f.info.Binding(e)
	if b == nil {
		b = &resolve.Binding{Kind: resolve.Missing}
	}
	if local, ok := f.localOf(e); ok && f.wide == nil {
		f.check(b, f.homes[local], e.Name)
		f.deliver(f.homes[local], d)
		return
	}
	if d == discard && b.State == resolve.Set && b.Kind != resolve.Missing {
		return
	}
	r := f.scratch(d)
	if d >= 0 && b.State == resolve.Set {
		r = int(d)
	}
	f.read(b, r, e.Name)
	f.deliver(r, d)
}

// read writes the value that a name has to r, maybe before it is known to have one.
func (f *function) read(b *resolve.Binding, r int, name string) {
	f.load(b, r)
	if b.State == resolve.Maybe && b.Outer != nil {
		end := f.newLabel()
		f.jump(bytecode.JSET, r, 0, 0, end)
		f.read(b.Outer, r, name)
		f.place(end)
		return
	}
	f.check(b, r, name)
}

// load writes the value that a name has, or the mark that it has none, to r.
func (f *function) load(b *resolve.Binding, r int) {
	if b.State == resolve.Unset {
		f.emit(bytecode.UNSET, r, 0, 0, 0)
		return
	}
	switch b.Kind {
	case resolve.Local:
		f.loadLocal(b.Index, r)
	case resolve.Capture:
		f.emit(bytecode.CAPTURE, r, 0, 0, b.Index)
	case resolve.Self:
		f.self(r)
	case resolve.Function:
		f.emit(bytecode.FUNC, r, 0, 0, f.g.def(b.Def.Target))
	case resolve.Import:
		f.emit(bytecode.FOREIGN, r, 0, 0, f.g.foreign(b.Def.Target))
	case resolve.Builtin:
		f.emit(bytecode.BUILTIN, r, 0, 0, b.Index)
	default: // the program is not sound
		f.emit(bytecode.UNSET, r, 0, 0, 0)
	}
}

// check raises Name if the name's value, in r, may be missing and is.
func (f *function) check(b *resolve.Binding, r int, name string) {
	if b.State != resolve.Set || b.Kind == resolve.Missing {
		f.emit(bytecode.CHECK, r, 0, 0, f.g.pool.text(bytecode.ConstName, name))
	}
}

// self is the running lambda. One without captures is always the same value.
func (f *function) self(r int) {
	if len(f.fn.Captures) == 0 {
		f.emit(bytecode.FUNC, r, 0, 0, f.unit.index)
		return
	}
	f.emit(bytecode.SELF, r, 0, 0, 0)
}

func (f *function) loadLocal(local, r int) {
	if f.wide != nil {
		f.emit(bytecode.LOADW, r, 0, 0, f.homes[local])
	} else if f.homes[local] != r {
		f.emit(bytecode.MOVE, r, f.homes[local], 0, 0)
	}
}

// unset marks a local as one without a value.
func (f *function) unset(local int) {
	if f.wide == nil {
		f.emit(bytecode.UNSET, f.homes[local], 0, 0, 0)
	} else {
		r := f.temp()
		f.emit(bytecode.UNSET, r, 0, 0, 0)
		f.emit(bytecode.STOREW, r, 0, 0, f.homes[local])
		f.top = r
	}
	f.holds(local)
}

// lambda creates a function with the values that it captures.
func (f *function) lambda(e *syntax.Lambda, r int) {
	fn := f.info.Func(e)
	index := f.g.function(unit{file: f.unit.file, item: f.unit.item, fn: fn})
	switch n := len(fn.Captures); {
	case n == 0:
		f.emit(bytecode.FUNC, r, 0, 0, index)
	case n == 1 && f.isPlain(fn.Captures[0].From):
		f.emit(bytecode.CLOSURE, r, f.homes[fn.Captures[0].From.Index], 0, index)
	default:
		first := f.top
		f.reserve(first + n)
		for i, captured := range fn.Captures {
			f.capture(captured.From, first+i)
		}
		f.emit(bytecode.CLOSURE, r, first, 0, index)
	}
}

// isPlain says whether a name is a local that can be used where it is.
func (f *function) isPlain(b *resolve.Binding) bool {
	return b.Kind == resolve.Local && b.Outer == nil && b.State != resolve.Unset && f.wide == nil
}

// capture writes the value that a name has now to r. It may have none: that is an error only where it is read.
func (f *function) capture(b *resolve.Binding, r int) {
	f.load(b, r)
	if b.Outer != nil {
		end := f.newLabel()
		f.jump(bytecode.JSET, r, 0, 0, end)
		f.capture(b.Outer, r)
		f.place(end)
	}
}

// localOf is the local whose value an expression has, and whose register it may therefore be used in.
func (f *function) localOf(e syntax.Expr) (local int, ok bool) {
	switch e := e.(type) {
	case *syntax.Ident:
		if b := f.info.Binding(e); b != nil && b.Kind == resolve.Local && b.Outer == nil && b.State != resolve.Unset {
			return b.Index, true
		}
	case *syntax.Assign:
		return f.bound(e.Name)
	}
	return 0, false
}

// bound is the local that a name binds; a sound program has no name that binds none.
func (f *function) bound(name *syntax.Name) (local int, ok bool) {
	if b := f.info.Binding(name); b != nil {
		return b.Index, true
	}
	return 0, false
}

// assigned says whether one of the expressions, where it stands in this function, assigns the local.
func (f *function) assigned(local int, in []syntax.Expr) bool {
	v := &f.fn.Locals[local]
	if v.Writes == 0 {
		return false
	}
	for _, e := range in {
		if v.Writes == 1 && local >= f.fn.Params {
			if e.Span().Covers(v.Decl.Span()) {
				return true
			}
			continue
		}
		places := f.places(local)
		i := sort.Search(len(places), func(i int) bool { return places[i] >= e.Span().Start })
		if i < len(places) && places[i] < e.Span().End {
			return true
		}
	}
	return false
}

// places are the offsets at which the function assigns a local, ascending.
func (f *function) places(local int) []int32 {
	if f.written == nil {
		f.written = make([][]int32, len(f.homes))
		f.collect(f.fn.Block())
	}
	return f.written[local]
}

// collect finds those places.
func (f *function) collect(b *syntax.Block) {
	syntax.Walk(b, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			f.writes(n.Name)
		case *syntax.Try:
			f.writes(n.Name)
		case *syntax.Lambda:
			return false
		}
		return true
	})
	for _, places := range f.written {
		slices.Sort(places)
	}
}

func (f *function) writes(name *syntax.Name) {
	if local, ok := f.bound(name); ok {
		f.written[local] = append(f.written[local], name.Span().Start)
	}
}
