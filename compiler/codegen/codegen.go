// Package codegen turns a resolved program into bytecode.
//
// # Registers
//
// A function's locals live in fixed registers, the parameters first, where the caller put them. Above them is a stack of
// temporaries, whose height is known at every place of the tree. The arguments of a call are computed straight into the
// temporaries at the top of that stack, because that is where the callee's frame begins; the result comes back in the first of
// them. An expression is compiled towards a destination (see dest): a register, nowhere, or the caller of the function.
//
// A destination that is a local's register is written last, by the instruction that completes the value: what the value is
// computed from, and a catch block, still see the local as it was.
//
// An instruction names registers in a byte. A function that needs more of them is compiled again in another way, in which all
// locals, and whatever waits while something else is computed, are kept in registers that only LOADW and STOREW reach (wide.go).
//
// # Order
//
// Operands and arguments are evaluated from left to right, and a value is that of the moment at which it is read. An operand that
// is a local is used in its own register, unless something that is evaluated before the operation assigns that local.
//
// # What is generated
//
// Every function of the user's files, and those of the prelude that can be reached from them. The order of functions, constants and
// files depends on the source text only.
package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Generate compiles a program that has no errors; where it has one, the code raises an error when it comes there. The parts of
// p are not changed.
func Generate(p *resolve.Program) *bytecode.Program { return newGenerator(p).program() }

// generator is the state of one Generate.
type generator struct {
	from    *resolve.Program
	out     *bytecode.Program
	pool    *pool
	files   map[*resolve.File]uint32
	funcs   map[*resolve.Func]int
	imports map[*resolve.Info]int
	queue   []unit
	// last is the function that is compiled, or was last.
	last function
	// alwaysWide: functions are compiled in the wide way even if they need not be.
	alwaysWide bool
}

// unit is a function that has an index and waits for its code.
type unit struct {
	index int
	file  *resolve.File
	item  int
	fn    *resolve.Func
}

func newGenerator(p *resolve.Program) *generator {
	return &generator{
		from:    p,
		out:     &bytecode.Program{Semantics: bytecode.Semantics},
		pool:    newPool(),
		files:   map[*resolve.File]uint32{},
		funcs:   map[*resolve.Func]int{},
		imports: map[*resolve.Info]int{},
	}
}

func (g *generator) program() *bytecode.Program {
	p := g.from
	for _, file := range p.Files {
		if !file.Prelude {
			g.file(file)
		}
	}
	g.out.Funcs = make([]bytecode.Func, 0, count(p))
	g.exports(p.Entry())
	for _, file := range p.Files {
		if !file.Prelude {
			g.definitions(file)
		}
	}
	for len(g.queue) > 0 {
		next := g.queue[0]
		g.queue = g.queue[1:]
		g.out.Funcs[next.index] = g.generate(next)
	}
	g.out.Consts = g.pool.consts
	return g.out
}

// count is about how many functions the program has.
func count(p *resolve.Program) int {
	n := 0
	for _, file := range p.Files {
		if !file.Prelude {
			for _, item := range file.Items {
				n += len(item.Funcs)
			}
		}
	}
	return n + 16
}

func (g *generator) file(file *resolve.File) uint32 {
	if i, ok := g.files[file]; ok {
		return i
	}
	i := uint32(len(g.out.Files))
	g.files[file] = i
	g.out.Files = append(g.out.Files, bytecode.File{Path: file.Path, Text: file.Tree.Text})
	return i
}

// exports makes the names that the entry file defines startable: its functions, and what it imports.
func (g *generator) exports(entry *resolve.File) {
	for _, def := range entry.Scope.Defs {
		switch target := def.Target; {
		case target == nil:
		case target.Func != nil:
			g.out.Exports = append(g.out.Exports, bytecode.Export{Name: def.Name, Func: uint32(g.def(target))})
		default:
			g.out.Exports = append(g.out.Exports, bytecode.Export{Name: def.Name, Func: uint32(g.foreign(target)), Import: true})
		}
	}
}

// definitions gives an index to each function that a file defines.
func (g *generator) definitions(file *resolve.File) {
	for _, def := range file.Scope.Defs {
		if def.Func != nil {
			g.def(def)
		}
	}
}

// def is the index of a Hark function, which is put in the queue when it is seen first.
func (g *generator) def(def *resolve.Def) int {
	file, _ := g.from.Locate(def)
	item := file.Scope.Item(def.Name)
	return g.function(unit{file: file, item: item, fn: file.Items[item].Funcs[0]})
}

func (g *generator) function(u unit) int {
	if i, ok := g.funcs[u.fn]; ok {
		return i
	}
	u.index = len(g.out.Funcs)
	g.funcs[u.fn] = u.index
	g.out.Funcs = append(g.out.Funcs, bytecode.Func{})
	g.queue = append(g.queue, u)
	return u.index
}

// foreign is the index of a Python import.
func (g *generator) foreign(def *resolve.Def) int {
	info := g.from.Info(def)
	if i, ok := g.imports[info]; ok {
		return i
	}
	i := len(g.out.Imports)
	g.imports[info] = i
	g.out.Imports = append(g.out.Imports, g.importOf(def))
	return i
}
