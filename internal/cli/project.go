package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

// project is a program on disk: where its root is, what its hark.toml says, and what its names mean.
type project struct {
	*config.Config
	// wrong is why the project file cannot be understood, nil if it can.
	wrong   *config.Error
	program *resolve.Program
}

// loadProject reads the program that starts at a file. A project file that cannot be understood is an error.
func loadProject(path string) (*project, error) {
	p, err := loadLenient(path)
	if err == nil && p.wrong != nil {
		return nil, &failure{exitUsage, p.wrong}
	}
	return p, err
}

// loadLenient is loadProject, but goes on with the defaults if the project file cannot be understood.
func loadLenient(path string) (*project, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	text, err := readSource(path)
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	conf, err := config.ForFile(abs)
	var wrong *config.Error
	if err != nil && !errors.As(err, &wrong) {
		return nil, &failure{exitUsage, err}
	}
	entry, err := filepath.Rel(conf.Root, abs)
	if err != nil {
		return nil, fmt.Errorf("find %s in its project: %w", path, err)
	}
	p := &project{Config: conf, wrong: wrong}
	p.program = resolve.Load(filepath.ToSlash(entry), p.readerAfter(filepath.ToSlash(entry), text))
	return p, nil
}

// maxSource is more than any program has: reading stops there, or a device without an end would fill the memory.
const maxSource = 64 << 20

// readSource is the text of a file that the user names. It is read once, as it may be a pipe.
func readSource(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return "", fmt.Errorf("read the program: %s is a folder", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxSource+1))
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	if len(text) > maxSource {
		return "", fmt.Errorf("read the program: %s is longer than 64 MiB", path)
	}
	return string(text), nil
}

// read gives the text of a file of the project by its path from the root.
func (p *project) read(path string) (string, error) {
	text, err := os.ReadFile(filepath.Join(p.Root, filepath.FromSlash(path)))
	return string(text), err
}

// readerAfter is read for a program whose entry file has been read.
func (p *project) readerAfter(entry, text string) func(path string) (string, error) {
	return func(path string) (string, error) {
		if path == entry {
			return text, nil
		}
		return p.read(path)
	}
}

// shown is how a file of the project is called in messages: as seen from the current folder if it lies below it.
func (p *project) shown(path string) string {
	full := filepath.Join(p.Root, filepath.FromSlash(path))
	here, err := os.Getwd()
	if err != nil {
		return full
	}
	if rel, err := filepath.Rel(here, full); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return full
}

// shownFile is shown for a file of the program, which may be one of the prelude's.
func (p *project) shownFile(path string) string {
	if strings.HasPrefix(path, "prelude/") {
		return path
	}
	return p.shown(path)
}

// findings are the diagnostics of the program's files that wanted picks, at the levels that [lint] sets.
func (p *project) findings(wanted func(file *resolve.File) bool) []finding {
	var all []finding
	for _, of := range p.program.Diagnostics() {
		if !wanted(of.File) {
			continue
		}
		lines := source.NewLines(of.File.Tree.Text)
		for _, d := range of.Problems {
			if level, ok := p.level(d); ok {
				d.Severity = level
				all = append(all, finding{d, p.shown(of.File.Path), lines, p.related(of.File, d, lines)})
			}
		}
	}
	return all
}

func everyFile(file *resolve.File) bool { return !file.Prelude }

var levels = map[config.Level]diag.Severity{
	"hint": diag.Hint, "info": diag.Info, "warning": diag.Warning, "error": diag.Error,
}

// level is what a diagnostic counts in this project, and whether it counts at all. An error stays one: run refuses it
// whatever the settings are.
func (p *project) level(d diag.Diagnostic) (diag.Severity, bool) {
	set, ok := p.Lint[d.Code.String()]
	if !ok || d.Severity == diag.Error {
		return d.Severity, true
	}
	level, known := levels[set]
	if !known {
		return d.Severity, set != "off"
	}
	return level, true
}

// related are the places that explain a diagnostic, as they are shown.
func (p *project) related(file *resolve.File, d diag.Diagnostic, lines *source.Lines) []place {
	var places []place
	for _, r := range d.Related {
		path, of := file.Path, lines
		if other := p.program.File(r.File); r.File != "" && other != nil {
			path, of = other.Path, source.NewLines(other.Tree.Text)
		}
		places = append(places, place{p.shown(path), of, r.Span, r.Message})
	}
	return places
}

// harkFilesIn are the Hark files at and below the paths, in order, each once.
func harkFilesIn(paths []string) ([]string, error) {
	seen, all := map[string]bool{}, []string(nil)
	add := func(path string) {
		if path = filepath.Clean(path); !seen[path] {
			seen[path] = true
			all = append(all, path)
		}
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, &failure{exitUsage, fmt.Errorf("read %s: %w", path, err)}
		}
		if !info.IsDir() {
			add(path)
			continue
		}
		if err := walkHark(path, add); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func walkHark(root string, add func(path string)) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("look for Hark files: %w", err)
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case !entry.IsDir() && filepath.Ext(path) == ".hk":
			add(path)
		}
		return nil
	})
}

// orHere is the current folder where no path is given.
func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}
