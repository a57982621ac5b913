package ide

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/source"
)

// References are the places in all files that mean what is meant at an offset, file by file in the order of the text. The
// declaration is a function's name where it is defined, in Python or in Hark, and the place where a local is bound first.
func References(s *Snapshot, path string, offset int32, declaration bool) []Place {
	wanted := s.meantAt(path, offset)
	if len(wanted) == 0 {
		return nil
	}
	var places []Place
	for _, file := range s.harkFiles() {
		for _, o := range s.all(file, wanted...) {
			if declaration || o.Role != roleDefine {
				places = append(places, Place{Path: file.Path, Span: o.Span})
			}
		}
	}
	if !declaration {
		return places
	}
	for _, target := range s.targets(wanted[0]) {
		if !slices.Contains(places, target.Place) {
			places = append(places, target.Place)
		}
	}
	return places
}

// meantAt is what is meant at an offset, by whatever symbols: a Python function may be imported from several modules. In a Python file
// it is the function that is defined there.
func (s *Snapshot) meantAt(path string, offset int32) []symbol {
	if strings.HasSuffix(path, ".py") {
		return s.pythonSymbols(func(file string, name *pyindex.Name) bool { return file == path && name.Span.Contains(offset) })
	}
	o, ok := s.occurrenceAt(path, offset)
	if !ok || len(o.Means) == 0 {
		return nil
	}
	return s.sameAs(o.Means[0])
}

// sameAs are the symbols that are the same function: this one, and for one of Python those of other modules that lead to its definition.
func (s *Snapshot) sameAs(of symbol) []symbol {
	all := []symbol{of}
	if of.kind != symbolPython {
		return all
	}
	path, found, _ := s.pythonName(of.path, of.name)
	if found == nil {
		return all
	}
	for _, other := range s.pythonSymbols(func(file string, name *pyindex.Name) bool { return file == path && name.Span == found.Span }) {
		if other != of {
			all = append(all, other)
		}
	}
	return all
}

// pythonSymbols are the Python functions that the project imports and whose definitions are wanted.
func (s *Snapshot) pythonSymbols(wanted func(path string, name *pyindex.Name) bool) []symbol {
	var all []symbol
	for _, file := range s.harkFiles() {
		for _, def := range pythonImports(file) {
			of := symbol{kind: symbolPython, path: def.Module.Text, name: def.Name.Text}
			path, name, _ := s.pythonName(of.path, of.name)
			if name != nil && wanted(path, name) && !slices.Contains(all, of) {
				all = append(all, of)
			}
		}
	}
	return all
}

// harkFiles are the project's files in the order of their paths.
func (s *Snapshot) harkFiles() []*resolve.File {
	var files []*resolve.File
	for _, path := range s.Paths() {
		files = append(files, s.file(path))
	}
	return files
}

// Highlight is an occurrence of a name in the same file.
type Highlight struct {
	Span source.Span
	// Write: the name gets its meaning there.
	Write bool
}

// Highlights are the places of a file that mean what is meant at an offset.
func Highlights(s *Snapshot, path string, offset int32) []Highlight {
	wanted, file := s.meantAt(path, offset), s.file(path)
	if len(wanted) == 0 || file == nil {
		return nil
	}
	var all []Highlight
	for _, o := range s.all(file, wanted...) {
		all = append(all, Highlight{Span: o.Span, Write: o.Role != roleRead && o.Role != roleArgument})
	}
	return all
}
