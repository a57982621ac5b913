package ide

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/source"
)

// References are the places in all files that mean what is meant at an offset, file by file in the order of the text. The
// declaration is a function's name where it is defined, in Python or in Hark, and the place where a local is bound first.
func References(s *Snapshot, path string, offset int32, declaration bool) []Place {
	o, ok := s.occurrenceAt(path, offset)
	if !ok || len(o.Means) == 0 {
		return nil
	}
	var places []Place
	for _, file := range s.filesOf(o.Means[0]) {
		for _, o := range s.all(file, o.Means[0]) {
			if declaration || o.Role != roleDefine {
				places = append(places, Place{Path: file.Path, Span: o.Span})
			}
		}
	}
	if !declaration {
		return places
	}
	for _, target := range s.targets(o.Means[0]) {
		if !slices.Contains(places, target.Place) {
			places = append(places, target.Place)
		}
	}
	return places
}

// filesOf are the files of the project in which a symbol may occur, in the order of their paths.
func (s *Snapshot) filesOf(of symbol) []*resolve.File {
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
	o, ok := s.occurrenceAt(path, offset)
	if !ok || len(o.Means) == 0 {
		return nil
	}
	var all []Highlight
	for _, o := range s.all(s.file(path), o.Means[0]) {
		all = append(all, Highlight{Span: o.Span, Write: o.Role != roleRead && o.Role != roleArgument})
	}
	return all
}
