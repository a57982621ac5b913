package resolve

import (
	"sync"

	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Scope is what names mean at the top level of a file, in the order of lookup: the file's own functions and imports, the
// prelude's functions, the builtins.
type Scope struct {
	index  map[string]int32    // by name: the item that defines it, of several the last one
	defs   []*Def              // by item; nil for what defines no name
	own    []*Binding          // of defs, once the file is linked; nil where another definition wins
	beaten map[int]bool        // by item: a later one defines the name again
	shared map[string]*Binding // prelude and builtins
}

// Lookup is what a name means at the file's top level; nil if nothing.
func (s *Scope) Lookup(name string) *Binding {
	if i, ok := s.index[name]; ok {
		return s.own[i]
	}
	return s.shared[name]
}

// Def is the file's own definition of a name, of several the last one; nil if there is none.
func (s *Scope) Def(name string) *Def {
	if i, ok := s.index[name]; ok {
		return s.defs[i]
	}
	return nil
}

// Item is the index of the item that defines a name, in the file's Tree.Items and Items; -1 if none does.
func (s *Scope) Item(name string) int {
	if i, ok := s.index[name]; ok {
		return int(i)
	}
	return -1
}

// Defs calls yield for each name that the file defines, in the order of the source, with the index of its item.
func (s *Scope) Defs(yield func(item int, def *Def) bool) {
	for i, def := range s.defs {
		if def != nil && !s.beaten[i] && !yield(i, def) {
			return
		}
	}
}

// Names calls yield for each name that means something at the file's top level, in no particular order.
func (s *Scope) Names(yield func(name string, b *Binding) bool) {
	for i, def := range s.Defs {
		if !yield(def.Name, s.own[i]) {
			return
		}
	}
	for name, b := range s.shared {
		if _, hidden := s.index[name]; !hidden && !yield(name, b) {
			return
		}
	}
}

// Def is a name that a file defines. It says what the name stands for and not where that is now: Program.Locate does. So it stays
// valid while the file is edited around it, and two versions of a program may share it; what is the same name in both has
// the same Path and Name, whether or not the Defs are the same.
type Def struct {
	// Name is that by which the file knows it.
	Name string
	// Path is the file's. Prelude: it is one of the compiler's own.
	Path    string
	Prelude bool
	// Func is the function's definition, Import the import; one of them is nil.
	Func   *syntax.FuncDef
	Import *syntax.ImportDef
	// Target is what the name finally stands for: the definition itself for functions and Python imports, that of another file
	// for an import of it. nil if there is no such thing; that is diagnosed at the import.
	Target *Def

	from    string // the path of the file that a Hark import names, "" if that is no path
	timeout bool   // a function with #[timeout]
	vague   bool   // a function whose parameters are not known, as there is an error in their syntax
}

// Is says whether the two are the same name of the same file, in whatever versions of it.
func (d *Def) Is(other *Def) bool {
	return d == other || d != nil && other != nil && d.Name == other.Name && d.Path == other.Path && d.Prelude == other.Prelude
}

func (d *Def) nameNode() *syntax.Name {
	switch {
	case d.Func != nil:
		return d.Func.Name
	case d.Import.Alias != nil && d.Import.Alias.Text != "":
		return d.Import.Alias
	}
	return d.Import.Name
}

// binding is what a use of the name means.
func (d *Def) binding() *Binding {
	b := &Binding{Kind: Missing, State: Set, Def: d}
	if d.Target != nil {
		b.Kind = Import
		if d.Target.Func != nil {
			b.Kind = Function
		}
	}
	return b
}

// library is the prelude, resolved, and the builtins.
type library struct {
	files  []*File
	byPath map[string]*File
	// public is for programs, private for the prelude's own files.
	public, private map[string]*Binding

	count int32 // of the names
}

// standard resolves the prelude once: its trees and tables are shared by all programs.
var standard = sync.OnceValue(func() *library {
	lib := &library{byPath: map[string]*File{}, public: map[string]*Binding{}, private: map[string]*Binding{}}
	for i := range bytecode.Builtins {
		builtin := &bytecode.Builtins[i]
		lib.add(builtin.Name, &Binding{Kind: Builtin, State: Set, Index: i}, builtin.Internal)
	}
	for _, src := range prelude.Sources() {
		file := newFile(src.Path, syntax.Parse(src.Text), true, nil, nil)
		lib.files = append(lib.files, file)
		lib.byPath[src.Path] = file
		for i, def := range file.Scope.Defs {
			file.Scope.own[i] = def.binding()
			lib.add(def.Name, file.Scope.own[i], prelude.Private(def.Name))
		}
	}
	for _, file := range lib.files {
		file.Scope.shared = lib.private
		file.resolve(func(int) *Info { return nil })
	}
	return lib
})

func (lib *library) add(name string, b *Binding, private bool) {
	lib.count++
	b.shared = lib.count
	lib.private[name] = b
	if !private {
		lib.public[name] = b
	}
}
