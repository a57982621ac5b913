package dap

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// sources translate between the files of a program and those of the client. A file that the client does not have as it is in the
// program has a reference, which is its index and one: those of the prelude, and those of a stored program that have changed since.
type sources struct {
	program *debugger.Program
	root    string
	// shown are the files as the client knows them, by index.
	shown []dap.Source
}

func newSources(p *debugger.Program, root string) *sources {
	s := &sources{program: p, root: root, shown: make([]dap.Source, len(p.Files))}
	for i := range p.Files {
		s.shown[i] = s.look(i)
	}
	return s
}

// look finds out how the client knows a file.
func (s *sources) look(file int) dap.Source {
	path, text := s.program.Files[file].Path, s.program.Files[file].Text
	sum := sha256.Sum256([]byte(text))
	shown := dap.Source{Name: path, Checksums: []dap.Checksum{{Algorithm: "SHA256", Checksum: hex.EncodeToString(sum[:])}}}
	if debugger.IsPrelude(path) {
		shown.SourceReference, shown.Origin, shown.PresentationHint = file+1, "the standard library of Hark", "deemphasize"
		return shown
	}
	full := filepath.Join(s.root, filepath.FromSlash(path))
	if !filepath.IsAbs(full) {
		full = filepath.FromSlash(path)
	}
	shown.Name, shown.Path = filepath.Base(full), full
	switch local, err := os.ReadFile(full); {
	case err != nil:
		shown.SourceReference, shown.Origin = file+1, "stored with the session: there is no such file here"
	case string(local) != text:
		shown.SourceReference, shown.Origin = file+1, "stored with the session: the file here is another one"
	}
	return shown
}

// of is a file as the client knows it.
func (s *sources) of(file int) *dap.Source { return &s.shown[file] }

// differs says whether a breakpoint that the client sets in its own file means other text than that of the program.
func (s *sources) differs(file int, source dap.Source) bool {
	return source.SourceReference == 0 && s.shown[file].SourceReference > 0 && s.shown[file].Path != ""
}

// find is the file that a client means; false if the program has none such.
func (s *sources) find(source dap.Source) (file int, ok bool) {
	if s == nil {
		return 0, false
	}
	if source.SourceReference > 0 {
		return source.SourceReference - 1, source.SourceReference <= len(s.shown)
	}
	for i := range s.shown {
		if s.shown[i].Path != "" && source.Path != "" && samePath(s.shown[i].Path, source.Path) {
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

func (c *call) onLoadedSources(none) (any, error) {
	return dap.LoadedSourcesResponseBody{Sources: append([]dap.Source{}, c.sources.shown...)}, nil
}

func (c *call) onSource(a dap.SourceArguments) (any, error) {
	wanted := dap.Source{SourceReference: a.SourceReference}
	if a.Source != nil && a.SourceReference == 0 {
		wanted = *a.Source
	}
	file, ok := c.sources.find(wanted)
	if !ok {
		return nil, fmt.Errorf("the program has no source %d", a.SourceReference)
	}
	return dap.SourceResponseBody{Content: c.program.Files[file].Text, MimeType: "text/x-hark"}, nil
}

func (c *call) onBreakpointLocations(a dap.BreakpointLocationsArguments) (any, error) {
	file, ok := c.sources.find(a.Source)
	if !ok {
		return nil, errors.New("the file does not belong to the program")
	}
	first := a.Line - c.lineBase
	last := max(first, a.EndLine-c.lineBase)
	locations := []breakpointLocation{}
	for _, line := range c.program.LinesWithCode(file, first, last) {
		seen := map[int]bool{}
		for _, place := range c.program.Starts(file, line) {
			if at, _ := c.program.Point(place); !seen[at.Column] {
				seen[at.Column] = true
				locations = append(locations, breakpointLocation{Line: c.line(line), Column: c.column(at.Column)})
			}
		}
	}
	return breakpointLocations{locations}, nil
}

// modulesLimit is how many modules are told of at once if the client does not say.
const modulesLimit = 1000

// onModules shows the files of the program: each is a module.
func (c *call) onModules(a dap.ModulesArguments) (any, error) {
	first, count := max(0, a.StartModule), a.ModuleCount
	if count <= 0 {
		count = modulesLimit
	}
	body := dap.ModulesResponseBody{Modules: []dap.Module{}, TotalModules: len(c.program.Files)}
	for i := first; i < len(c.program.Files) && len(body.Modules) < count; i++ {
		prelude := debugger.IsPrelude(c.program.Files[i].Path)
		body.Modules = append(body.Modules, dap.Module{
			Id: i + 1, Name: c.program.Files[i].Path, Path: c.sources.shown[i].Path, IsUserCode: !prelude,
			Version: c.sources.shown[i].Checksums[0].Checksum[:12], SymbolStatus: "stored with the program",
		})
	}
	return body, nil
}

// rangeOf is a part of a file as the client counts.
func (s *session) rangeOf(r debugger.Range) location {
	return location{
		Source: *s.sources.of(r.File), Line: s.line(r.From.Line), Column: s.column(r.From.Column),
		EndLine: s.line(r.To.Line), EndColumn: s.column(r.To.Column),
	}
}
