// Package ide answers what editors ask, each question by a function of a snapshot that has no effects and counts in bytes. It knows
// nothing of protocols, editors or connections, so that the language server, the command line and the tests call the same
// functions.
package ide

import (
	"maps"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Snapshot is a state of a project: the files that are open in an editor, as they are there, over those on disk. It never
// changes; opening, editing and closing give new ones, which share what stayed the same. Paths are relative to the project's
// root, with forward slashes.
type Snapshot struct {
	disk func(path string) (string, error)
	open map[string]*syntax.File
	// programs has, for each open file, the program that starts there.
	programs map[string]*resolve.Program
}

// NewSnapshot is a project with no open file; disk reads the others.
func NewSnapshot(disk func(path string) (string, error)) *Snapshot {
	return &Snapshot{disk: disk, open: map[string]*syntax.File{}, programs: map[string]*resolve.Program{}}
}

// Open is the snapshot in which a file is open and has this text, whether it was open before or not.
func (s *Snapshot) Open(path, text string) *Snapshot {
	open := maps.Clone(s.open)
	open[path] = syntax.Parse(text)
	return s.with(open)
}

// Close is the snapshot in which a file is as on disk again.
func (s *Snapshot) Close(path string) *Snapshot {
	open := maps.Clone(s.open)
	delete(open, path)
	return s.with(open)
}

// with analyses the open files: an edit of one may change what is right in another that imports from it.
func (s *Snapshot) with(open map[string]*syntax.File) *Snapshot {
	next := &Snapshot{disk: s.disk, open: open, programs: make(map[string]*resolve.Program, len(open))}
	read := next.reader()
	for path := range open {
		next.programs[path] = resolve.Link(path, read)
	}
	return next
}

// reader gives trees, those of files on disk parsed at most once for all programs.
func (s *Snapshot) reader() func(path string) (*syntax.File, error) {
	parsed := map[string]*syntax.File{}
	return func(path string) (*syntax.File, error) {
		if tree := s.open[path]; tree != nil {
			return tree, nil
		}
		if tree := parsed[path]; tree != nil {
			return tree, nil
		}
		text, err := s.disk(path)
		if err != nil {
			return nil, err
		}
		parsed[path] = syntax.Parse(text)
		return parsed[path], nil
	}
}

// Paths are the open files, in order.
func (s *Snapshot) Paths() []string { return slices.Sorted(maps.Keys(s.open)) }

// Text is the text of an open file, "" if it is not open.
func (s *Snapshot) Text(path string) string {
	if tree := s.open[path]; tree != nil {
		return tree.Text
	}
	return ""
}

// file is what is known of an open file, nil if it is not open.
func (s *Snapshot) file(path string) *resolve.File {
	if program := s.programs[path]; program != nil {
		return program.Entry()
	}
	return nil
}
