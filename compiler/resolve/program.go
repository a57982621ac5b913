// Package resolve finds out what every name of a program means: across the files that it consists of, and within each
// function, at each place.
//
// A program is loaded from its entry file: the files that it imports from are read, parsed, and linked to each other in any
// direction. Then every top-level item is resolved on its own, in two passes over its tree. The first goes in the order of
// evaluation and keeps, for each local, whether it has a value on all paths so far, or on some; from this it decides what each
// use of a name means. The second goes backward and finds values that nobody reads.
//
// Trees are never changed: meaning is kept beside them, in tables indexed by node.
package resolve

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Program is a program as far as its names go.
type Program struct {
	// Files are the files of the program: the entry first, the others in the order in which imports name them, then those of
	// the prelude.
	Files []*File

	byPath map[string]*File // without those of the prelude
}

// File is the file at a path, nil if the program has none there.
func (p *Program) File(path string) *File {
	if file := p.byPath[path]; file != nil {
		return file
	}
	return standard().byPath[path]
}

// Locate is where a name is defined in this program, which may be a later version of the one that the name was found in; nil if it is
// gone.
func (p *Program) Locate(def *Def) (*File, *syntax.Item) {
	if file, i := p.place(def); file != nil {
		return file, file.Tree.Items[i]
	}
	return nil, nil
}

// Info is what is known of the item that defines a name, as Locate; nil if it is gone.
func (p *Program) Info(def *Def) *Info {
	if file, i := p.place(def); file != nil {
		return file.Items[i]
	}
	return nil
}

// NameSpan is where a name is written in its definition, in the offsets of the file that Locate finds.
func (p *Program) NameSpan(def *Def) source.Span {
	file, i := p.place(def)
	if file == nil {
		return source.Span{}
	}
	return file.Tree.Items[i].Abs(file.Scope.defs[i].nameNode().Span())
}

func (p *Program) place(def *Def) (*File, int) {
	files := p.byPath
	if def.Prelude {
		files = standard().byPath
	}
	if file := files[def.Path]; file != nil {
		if i := file.Scope.Item(def.Name); i >= 0 {
			return file, i
		}
	}
	return nil, -1
}

// Entry is the file that the program was loaded from.
func (p *Program) Entry() *File { return p.Files[0] }

// File is a file of a program.
type File struct {
	// Path is relative to the project's root, with forward slashes; the prelude's files are "prelude/NAME.hk".
	Path string
	Tree *syntax.File
	// Prelude: the file is part of the compiler.
	Prelude bool
	// Scope has the names that the file defines.
	Scope *Scope
	// Items has what is known of each of Tree.Items. Where two versions of a program have the same *Info, its item is the same, and
	// so is what all names in it mean: as to kind, path and name of what they stand for, and its parameters. The Defs that it
	// leads to may be those of the earlier version, see Def.
	Items []*Info

	faults   []source.Span   // the places of its errors in syntax, in order
	hark     []int           // the items that import Hark functions
	bad      []string        // what stands at the top level and is no definition
	first    map[int]int     // by item that defines a name again: the item before it that does
	lacking  []string        // by hark: why the file that the import names cannot be had, "" if it can
	taken    map[string]bool // the imports that another file takes from here
	problems []diag.Diagnostic
	faulty   []int  // the items that have problems of their own
	related  []*Def // names of other files that the problems are about
}

// FileDiagnostics are the problems of one file.
type FileDiagnostics struct {
	File *File
	// Problems are ordered by place, those of the syntax included.
	Problems []diag.Diagnostic
}

// Diagnostics are the problems of all files, in the order of Files; files without any are left out.
func (p *Program) Diagnostics() []FileDiagnostics {
	var all []FileDiagnostics
	for _, file := range p.Files {
		if problems := p.DiagnosticsOf(file); len(problems) > 0 {
			all = append(all, FileDiagnostics{File: file, Problems: problems})
		}
	}
	return all
}

// DiagnosticsOf are the problems of one of the program's files, ordered by place, those of the syntax included.
func (p *Program) DiagnosticsOf(file *File) []diag.Diagnostic {
	all := slices.Concat(file.Tree.Problems, file.problems)
	for _, i := range file.faulty {
		item, problems := file.Tree.Items[i], file.Items[i].problems
		for j := range problems {
			all = append(all, problems[j].in(p, file, item))
		}
	}
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int {
		if a.Span.Start != b.Span.Start {
			return int(a.Span.Start - b.Span.Start)
		}
		return int(a.Code) - int(b.Code)
	})
	return all
}

// SameDiagnostics says whether the diagnostics of a file that is the same in an earlier version of the program are the same too: they
// tell where names of other files are defined, which may have moved.
func (p *Program) SameDiagnostics(earlier *Program, file *File) bool {
	for _, def := range file.related {
		if p.NameSpan(def) != earlier.NameSpan(def) {
			return false
		}
	}
	return true
}

// Stops says whether the program has an error that keeps it from running: one in syntax, names, imports or arity.
func (p *Program) Stops() bool {
	for _, file := range p.Diagnostics() {
		if slices.ContainsFunc(file.Problems, diag.Diagnostic.Stops) {
			return true
		}
	}
	return false
}
