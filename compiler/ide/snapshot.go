// Package ide answers what editors ask, each question by a function of a snapshot that has no effects and counts in bytes. It knows
// nothing of protocols, editors or connections, so that the language server, the command line and the tests call the same
// functions.
package ide

import (
	"maps"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// Project is where the files of a project lie. Paths are relative to its root, with forward slashes.
type Project struct {
	// Hark are the project's Hark files on disk.
	Hark []string
	// Python are the project's Python files on disk, as far as they are known.
	Python []string
	// Read gives the text of a file on disk, Hark or Python.
	Read func(path string) (string, error)
	// PythonPath are the folders in which Python modules are found, in order; "" is the root.
	PythonPath []string
	// Lint sets the severity of diagnostics, 0 turns them off.
	Lint map[diag.Code]diag.Severity
}

// Snapshot is a state of a project: the files that are open in an editor, as they are there, over those on disk. It never
// changes; opening, editing and closing give new ones, which share what stayed the same: a file of which nothing is different is the
// same *resolve.File in the programs of both.
type Snapshot struct {
	project Project
	open    map[string]*syntax.File
	disk    diskFiles
	// entries are the project's Hark files, in order.
	entries []string
	program *resolve.Program
	types   *types.Facts
	python  pythonFiles
	reports map[string]report // by path
	whole   *whole
}

// NewSnapshot is a project with no open file.
func NewSnapshot(project Project) *Snapshot {
	s := &Snapshot{project: project, open: map[string]*syntax.File{}}
	return s.listed().analyse(&Snapshot{}, false)
}

// Open is the snapshot in which a file is open and has this text, whether it was open before or not.
func (s *Snapshot) Open(path, text string) *Snapshot {
	return s.with(path, s.revised(path, text))
}

// Edit is the snapshot in which the text of an open file is changed, by one edit after the other: each counts in the text that the
// ones before it have left.
func (s *Snapshot) Edit(path string, edits ...diag.Edit) *Snapshot {
	if again := s.restored(path, edits); again != nil {
		return again
	}
	tree := s.open[path]
	if tree == nil || len(edits) > 4 { // one revision is less than so many
		return s.with(path, s.revised(path, edited(s.Text(path), edits)))
	}
	for _, e := range edits {
		tree = syntax.Reparse(tree, e.Span, e.New)
	}
	return s.with(path, tree)
}

func edited(text string, edits []diag.Edit) string {
	if len(edits) == 1 {
		return text[:edits[0].Span.Start] + edits[0].New + text[edits[0].Span.End:]
	}
	bytes := []byte(text) // so that what is before an edit stays where it is
	for _, e := range edits {
		bytes = slices.Replace(bytes, int(e.Span.Start), int(e.Span.End), []byte(e.New)...)
	}
	return string(bytes)
}

// revised is the tree of a text that a file is to have.
func (s *Snapshot) revised(path, text string) *syntax.File {
	if s.program != nil {
		if file := s.program.File(path); file != nil && !file.Prelude {
			return syntax.Revise(file.Tree, text)
		}
	}
	return syntax.Parse(text)
}

// with is the snapshot in which a file is open and has this tree.
func (s *Snapshot) with(path string, tree *syntax.File) *Snapshot {
	next := s.next()
	before := s.open[path]
	next.whole = s.wholeAfter(path, before, tree)
	next.open = maps.Clone(s.open)
	next.open[path] = tree
	if before == nil {
		next.listed()
	}
	return next.analyse(s, true)
}

// next is what a later snapshot begins with.
func (s *Snapshot) next() *Snapshot {
	next := *s
	next.disk.shared = true
	next.whole = nil
	return &next
}

// Close is the snapshot in which a file is as on disk again.
func (s *Snapshot) Close(path string) *Snapshot {
	next := s.next()
	next.open = maps.Clone(s.open)
	delete(next.open, path)
	return next.listed().analyse(s, true)
}

// OnDisk is the snapshot after files on disk have changed, came or went: project is how it is now, changed are the paths of the files,
// Hark or Python, that have to be read again.
func (s *Snapshot) OnDisk(project Project, changed ...string) *Snapshot {
	next := s.next()
	next.project = project
	next.disk = s.disk.without(changed)
	for _, path := range changed {
		if strings.HasSuffix(path, ".py") {
			next.types = nil // what was found out from the signatures of Python functions is found out again
		}
	}
	next.python = s.python.without(changed)
	return next.listed().analyse(s, false)
}

// listed collects the entries.
func (s *Snapshot) listed() *Snapshot {
	entries := slices.Concat(slices.Collect(maps.Keys(s.open)), s.project.Hark)
	slices.Sort(entries)
	s.entries = slices.Compact(entries)
	return s
}

// analyse finds out what there is to know of a new snapshot. before is the one that it comes from; same says that the project is the
// same, its Python files included.
func (s *Snapshot) analyse(before *Snapshot, same bool) *Snapshot {
	s.program = resolve.Update(s.program, s.entries, s.tree)
	s.python = s.python.open()
	s.types = types.Infer(s.program, s.pythonSignature, s.types, s.IsOpen)
	for _, file := range s.program.Files {
		if !same || before.program.File(file.Path) != file {
			s.readImported(file)
		}
	}
	if !same {
		s.readListed()
	}
	s.python.closed = true
	s.report(before, same)
	return s
}

// tree is the tree of a Hark file.
func (s *Snapshot) tree(path string) (*syntax.File, error) {
	if tree := s.open[path]; tree != nil {
		return tree, nil
	}
	if file, known := s.disk.read[path]; known {
		return file.tree, file.err
	}
	text, err := s.project.Read(path)
	if err != nil {
		s.disk.store(path, diskFile{err: err})
		return nil, err
	}
	tree := s.revised(path, text)
	s.disk.store(path, diskFile{tree: tree})
	return tree, nil
}

// Paths are the project's Hark files, in order, those that are open and those on disk; the prelude's are not among them.
func (s *Snapshot) Paths() []string {
	if len(s.reports) == len(s.entries) { // no file that is imported is none of them
		return slices.Clone(s.entries)
	}
	var paths []string
	for _, file := range s.program.Files {
		if !file.Prelude {
			paths = append(paths, file.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

// IsOpen says whether a file is open in the editor.
func (s *Snapshot) IsOpen(path string) bool { return s.open[path] != nil }

// Text is the text of a file of the project, of a Python module or of the prelude; "" if there is none.
func (s *Snapshot) Text(path string) string {
	if file := s.program.File(path); file != nil {
		return file.Tree.Text
	}
	if strings.HasSuffix(path, ".py") {
		if m := s.pythonFile(path); m != nil {
			return m.Text
		}
	}
	return ""
}

// Program is the whole project, resolved.
func (s *Snapshot) Program() *resolve.Program { return s.program }

// Types is what is known of its types.
func (s *Snapshot) Types() *types.Facts { return s.types }

// file is what is known of a Hark file, nil if there is none.
func (s *Snapshot) file(path string) *resolve.File { return s.program.File(path) }
