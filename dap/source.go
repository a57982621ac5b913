package dap

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// sources translate between the files of a program and those of the client. A file of the prelude is no file of the client's:
// it has a reference, which is its index and one.
type sources struct {
	program *debugger.Program
	root    string
}

func newSources(p *debugger.Program, root string) sources { return sources{p, root} }

// of is a file as the client knows it.
func (s sources) of(file int) *dap.Source {
	path := s.program.Files[file].Path
	if debugger.IsPrelude(path) {
		return &dap.Source{Name: path, SourceReference: file + 1, Origin: "the standard library of Hark", PresentationHint: "deemphasize"}
	}
	full := filepath.Join(s.root, filepath.FromSlash(path))
	return &dap.Source{Name: filepath.Base(full), Path: full}
}

// find is the file that a client means; false if the program has none such.
func (s sources) find(source dap.Source) (file int, ok bool) {
	if s.program == nil {
		return 0, false
	}
	if source.SourceReference > 0 {
		return source.SourceReference - 1, source.SourceReference <= len(s.program.Files)
	}
	for i := range s.program.Files {
		if known := s.of(i); known.Path != "" && samePath(known.Path, source.Path) {
			return i, true
		}
	}
	return 0, false
}

// samePath says whether two paths are those of one file, links aside.
func samePath(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	if filepath.Base(a) != filepath.Base(b) {
		return false
	}
	realA, errA := filepath.EvalSymlinks(a)
	realB, errB := filepath.EvalSymlinks(b)
	return errA == nil && errB == nil && realA == realB
}

// line and column are as the client counts them.
func (s *session) line(line int) int     { return line + s.lineBase }
func (s *session) column(column int) int { return column + s.columnBase }

func (s *session) onLoadedSources(none) (any, error) {
	all := make([]dap.Source, len(s.program.Files))
	for i := range all {
		all[i] = *s.sources.of(i)
	}
	return dap.LoadedSourcesResponseBody{Sources: all}, nil
}

func (s *session) onSource(a dap.SourceArguments) (any, error) {
	wanted := dap.Source{SourceReference: a.SourceReference}
	if a.Source != nil && a.SourceReference == 0 {
		wanted = *a.Source
	}
	file, ok := s.sources.find(wanted)
	if !ok {
		return nil, fmt.Errorf("the program has no source %d", a.SourceReference)
	}
	return dap.SourceResponseBody{Content: s.program.Files[file].Text, MimeType: "text/x-hark"}, nil
}

func (s *session) onBreakpointLocations(a dap.BreakpointLocationsArguments) (any, error) {
	file, ok := s.sources.find(a.Source)
	if !ok {
		return nil, errors.New("the file does not belong to the program")
	}
	first := a.Line - s.lineBase
	last := max(first, a.EndLine-s.lineBase)
	locations := []dap.BreakpointLocation{}
	for _, line := range s.program.LinesWithCode(file, first, last) {
		locations = append(locations, dap.BreakpointLocation{Line: s.line(line)})
	}
	return dap.BreakpointLocationsResponseBody{Breakpoints: locations}, nil
}
