package resolve

import (
	"slices"
	"sync"

	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Scope is what names mean at the top level of a file, in the order of lookup: the file's own functions and imports, the
// prelude's functions, the builtins.
type Scope struct {
	// Defs are the file's own names. Of several definitions of a name the last one is here.
	Defs map[string]*Def

	own    map[string]*Binding // of Defs, once all files are linked
	shared map[string]*Binding // prelude and builtins
	names  []string            // of both, once somebody asks
}

// Lookup is what a name means at the file's top level; nil if nothing.
func (s *Scope) Lookup(name string) *Binding {
	if b := s.own[name]; b != nil {
		return b
	}
	return s.shared[name]
}

// Names calls yield for each name that means something at the file's top level, in no particular order.
func (s *Scope) Names(yield func(name string, b *Binding) bool) {
	for name, b := range s.own {
		if !yield(name, b) {
			return
		}
	}
	for name, b := range s.shared {
		if s.own[name] == nil && !yield(name, b) {
			return
		}
	}
}

// sorted are the names that mean something in the file.
func (s *Scope) sorted() []string {
	if s.names == nil {
		for name := range s.Names {
			s.names = append(s.names, name)
		}
		slices.Sort(s.names)
	}
	return s.names
}

// Def is a name that a file defines.
type Def struct {
	// Name is that by which the file knows it.
	Name string
	File *File
	// Item is its index in File.Tree.Items and File.Items.
	Item int
	// Func is the function's definition, Import the import; one of them is nil.
	Func   *syntax.FuncDef
	Import *syntax.ImportDef
	// Target is what the name finally stands for: the definition itself for functions and Python imports, that of another file
	// for an import of it. nil if there is no such thing; that is diagnosed at the import.
	Target *Def

	first     *Def  // the definition that this one replaces
	replaced  bool  // by a later one
	elsewhere bool  // another file imports it from here
	timeout   bool  // a function with #[timeout]
	vague     bool  // a function whose parameters are not known, as there is an error in their syntax
	usedBy    *Info // the item that was found last to use it
}

// Span is where the name is written in its definition, in the file's offsets.
func (d *Def) Span() source.Span {
	return d.File.Tree.Items[d.Item].Abs(d.nameNode().Span())
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
	files []*File
	// public is for programs, private for the prelude's own files.
	public, private map[string]*Binding
}

// standard resolves the prelude once: its trees and tables are shared by all programs.
var standard = sync.OnceValue(func() *library {
	lib := &library{public: map[string]*Binding{}, private: map[string]*Binding{}}
	for i := range bytecode.Builtins {
		builtin := &bytecode.Builtins[i]
		lib.add(builtin.Name, &Binding{Kind: Builtin, State: Set, Index: i}, builtin.Internal)
	}
	for _, src := range prelude.Sources() {
		file := newFile(src.Path, syntax.Parse(src.Text))
		file.Prelude = true
		lib.files = append(lib.files, file)
		for name, def := range file.Scope.Defs {
			def.Target = def
			lib.add(name, def.binding(), prelude.Private(name))
		}
	}
	for _, file := range lib.files {
		file.Scope.shared = lib.private
		file.resolve()
	}
	return lib
})

func (lib *library) add(name string, b *Binding, private bool) {
	lib.private[name] = b
	if !private {
		lib.public[name] = b
	}
}
