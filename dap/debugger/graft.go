package debugger

import (
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Grafting: a function of one program goes into another. What the other has already, found by where it is in the source, keeps
// its index there.

// grafting is one graft.
type grafting struct {
	out  bytecode.Program
	from *bytecode.Program
	// consts is where the constants of from begin in out; known are the functions of out by place; moved are those of from
	// that have a new index.
	consts int
	known  map[string]int
	moved  map[int]int
}

// graft adds the function of an expression to a program, with what it needs and the program does not have. The compiled
// program is the same program with that function.
func graft(onto, compiled *bytecode.Program) (grafted *bytecode.Program, index int) {
	g := &grafting{out: *onto, from: compiled, consts: len(onto.Consts), known: map[string]int{}, moved: map[int]int{}}
	g.out.Funcs, g.out.Imports, g.out.Files = slices.Clone(onto.Funcs), slices.Clone(onto.Imports), slices.Clone(onto.Files)
	g.out.Consts = slices.Concat(onto.Consts, compiled.Consts)
	for i := range onto.Funcs {
		g.known[placeOf(onto, i)] = i
	}
	index = slices.IndexFunc(compiled.Funcs, func(f bytecode.Func) bool { return f.Name == expressionName })
	return &g.out, g.function(index)
}

// placeOf says where in the source a function is.
func placeOf(p *bytecode.Program, index int) string {
	f := &p.Funcs[index]
	return fmt.Sprintf("%s %d %d", p.Files[f.File].Path, f.Span.Start, f.Span.End)
}

// function is the index that a function of from has in out.
func (g *grafting) function(index int) int {
	if i, ok := g.known[placeOf(g.from, index)]; ok {
		return i
	}
	if i, ok := g.moved[index]; ok {
		return i
	}
	i := len(g.out.Funcs)
	g.moved[index] = i
	f := g.from.Funcs[index]
	g.out.Funcs = append(g.out.Funcs, f)
	f.File = g.file(f.File)
	f.Code = slices.Clone(f.Code)
	for pc := range f.Code {
		g.instruction(&f.Code[pc])
	}
	g.out.Funcs[i] = f
	return i
}

// instruction makes what an instruction refers to that of out.
func (g *grafting) instruction(in *bytecode.Instr) {
	switch bytecode.Ops[in.Op].D {
	case bytecode.FuncRef:
		in.D = int32(g.function(int(in.D)))
	case bytecode.ImportRef:
		in.D = int32(g.foreign(int(in.D)))
	case bytecode.ConstRef, bytecode.NameRef:
		in.D += int32(g.consts)
	case bytecode.NamesRef:
		if in.D >= 0 {
			in.D += int32(g.consts)
		}
	}
}

// foreign is the index that an import of from has in out.
func (g *grafting) foreign(index int) int {
	wanted := g.from.Imports[index]
	same := func(i bytecode.Import) bool {
		return i.Span == wanted.Span && g.out.Files[i.File].Path == g.from.Files[wanted.File].Path
	}
	if i := slices.IndexFunc(g.out.Imports, same); i >= 0 {
		return i
	}
	wanted.File = g.file(wanted.File)
	g.out.Imports = append(g.out.Imports, wanted)
	return len(g.out.Imports) - 1
}

// file is the index that a file of from has in out. The one that has grown is there twice.
func (g *grafting) file(index uint32) uint32 {
	wanted := g.from.Files[index]
	i := slices.IndexFunc(g.out.Files, func(f bytecode.File) bool { return f == wanted })
	if i < 0 {
		i = len(g.out.Files)
		g.out.Files = append(g.out.Files, wanted)
	}
	return uint32(i)
}
