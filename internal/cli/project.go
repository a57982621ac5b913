package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/lsp"
)

// project is a program on disk: where its root is, what its hark.toml says, and what its names mean.
type project struct {
	*config.Config
	// wrong is why the project file cannot be understood, nil if it can.
	wrong   *config.Error
	program *resolve.Program
	// entries are the files that the user names, and texts what was read from them.
	entries []string
	texts   map[string]string
	// onDisk are the Hark files in the project's folder, once somebody has asked for them.
	onDisk []string
}

// loadProject reads the program that starts at a file. A project file that cannot be understood is an error.
func loadProject(ctx context.Context, path string) (*project, error) {
	p, entry, text, err := openProject(ctx, path)
	if err != nil {
		return nil, err
	}
	if p.wrong != nil {
		return nil, &failure{exitUsage, p.wrong}
	}
	p.add(entry, text)
	p.program = resolve.Load(entry, p.read)
	return p, nil
}

// openProject is the project of a file, the file's path in it, and its text. If the project file cannot be understood it is that of the
// defaults.
func openProject(ctx context.Context, path string) (p *project, entry, text string, err error) {
	if text, err = readSource(ctx, path); err != nil {
		return nil, "", "", &failure{exitUsage, err}
	}
	p, entry, err = projectOf(path)
	return p, entry, text, err
}

// projectOf is the project of a file, which need not be there, and the file's path in it.
func projectOf(path string) (p *project, entry string, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, "", fmt.Errorf("find %s: %w", path, err)
	}
	conf, err := config.ForFile(abs)
	var wrong *config.Error
	if err != nil && !errors.As(err, &wrong) {
		return nil, "", &failure{exitUsage, err}
	}
	entry, err = filepath.Rel(conf.Root, abs)
	if err != nil {
		return nil, "", fmt.Errorf("find %s in its project: %w", path, err)
	}
	return &project{Config: conf, wrong: wrong, texts: map[string]string{}}, filepath.ToSlash(entry), nil
}

// loadOver is loadProject with texts, by absolute path, that count instead of those on disk.
func loadOver(path string, texts map[string]string) (*project, error) {
	p, entry, err := projectOf(path)
	if err != nil {
		return nil, err
	}
	if p.wrong != nil {
		return nil, p.wrong
	}
	for file, text := range texts {
		if name, err := filepath.Rel(p.Root, file); err == nil {
			p.texts[filepath.ToSlash(name)] = text
		}
	}
	text, err := p.read(entry)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	p.add(entry, text)
	p.program = resolve.Load(entry, p.read)
	return p, nil
}

// add makes a file that has been read an entry of the project.
func (p *project) add(entry, text string) {
	if _, known := p.texts[entry]; !known {
		p.entries = append(p.entries, entry)
	}
	p.texts[entry] = text
}

// ide is the project as the analysis sees it.
func (p *project) ide() ide.Project {
	project := ide.Project{Hark: p.entries, Read: p.read, Lint: map[diag.Code]diag.Severity{}}
	for _, folder := range p.PythonPath() {
		if relative, err := filepath.Rel(p.Root, folder); err == nil {
			project.PythonPath = append(project.PythonPath, filepath.ToSlash(relative))
		}
	}
	if _, whole := config.FindRoot(p.Root); whole {
		project.Python = lsp.PythonFiles(p.Root)
	}
	for _, row := range diag.Table {
		if level, set := p.Lint[row.Code.String()]; set {
			project.Lint[row.Code] = levels[level]
		}
	}
	return project
}

// maxSource is more than any program has: reading stops there, or a device without an end would fill the memory.
const maxSource = 64 << 20

// readSource is the text of a file that the user names. It is read once, as it may be a pipe: nobody may ever write into that, so one
// waits only as long as the context lasts.
func readSource(ctx context.Context, path string) (string, error) {
	return unlessEnded(ctx, func() (string, error) { return readNow(path) })
}

// unlessEnded is what a function reads, or why the context has ended before that: the reader is then left behind.
func unlessEnded(ctx context.Context, read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	results := make(chan result, 1)
	go func() {
		text, err := read()
		results <- result{text, err}
	}()
	select {
	case r := <-results:
		return r.text, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func readNow(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", unreadable(path, err))
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

// unreadable adds to an error about a file that the user names which one may have been meant.
func unreadable(path string, err error) error {
	if path == "" {
		return errors.New("the name of the file is empty")
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var beside []string
	entries, _ := os.ReadDir(filepath.Dir(path)) // without a folder nothing is beside the file
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".hk" {
			beside = append(beside, filepath.Join(filepath.Dir(path), entry.Name()))
		}
	}
	if near := resolve.Nearest(filepath.Clean(path), slices.Values(beside)); near != "" {
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return err
}

// read gives the text of a file of the project by its path from the root.
func (p *project) read(path string) (string, error) {
	if text, known := p.texts[path]; known {
		return text, nil
	}
	return lsp.ReadFile(filepath.Join(p.Root, filepath.FromSlash(path)))
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

// findings are diagnostics of a file as they are shown.
func (p *project) findings(path, text string, problems []diag.Diagnostic) []finding {
	var all []finding
	lines := source.NewLines(text)
	for _, d := range problems {
		if d.Code == diag.ImportedFile {
			d = p.withOtherModule(path, text, d)
		}
		all = append(all, finding{d, p.shown(path), lines, p.related(path, d, lines)})
	}
	return all
}

// withOtherModule adds to an import from a file that is not there the fix that an editor has for it: the nearest of the project's files,
// which are searched for only here.
func (p *project) withOtherModule(path, text string, d diag.Diagnostic) diag.Diagnostic {
	module := strings.Trim(text[d.Span.Start:d.Span.End], `"`)
	if p.onDisk == nil {
		p.onDisk = lsp.HarkFiles(p.Root)
	}
	if near := ide.NearestModule(module, path, p.onDisk); module != "" && near != "" {
		d.Fixes = append(slices.Clip(d.Fixes), diag.Fix{Title: "change to '" + near + "'"})
	}
	return d
}

// errors are those of the program's files, as far as it is refused for them.
func (p *project) errors() []finding {
	var all []finding
	for _, of := range p.program.Diagnostics() {
		errors := slices.DeleteFunc(of.Problems, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
		all = append(all, p.findings(of.File.Path, of.File.Tree.Text, errors)...)
	}
	return all
}

// levels are the severities that [lint] sets; what is off counts nothing.
var levels = map[config.Level]diag.Severity{
	"hint": diag.Hint, "info": diag.Info, "warning": diag.Warning, "error": diag.Error,
}

// related are the places that explain a diagnostic, as they are shown: in a Hark file, or in one of Python.
func (p *project) related(path string, d diag.Diagnostic, lines *source.Lines) []place {
	var places []place
	for _, r := range d.Related {
		other, of := path, lines
		if r.File != "" && r.File != path {
			other, of = r.File, source.NewLines(p.text(r.File))
		}
		places = append(places, place{p.shownFile(other), of, r.Span, r.Message})
	}
	return places
}

// text is the text of a file of the project or of the prelude, "" if there is none.
func (p *project) text(path string) string {
	if file := p.program.File(path); file != nil {
		return file.Tree.Text
	}
	text, _ := p.read(path)
	return text
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
			return nil, &failure{exitUsage, fmt.Errorf("read %s: %w", path, unreadable(path, err))}
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

// walkHark adds the Hark files below a folder. What has such a name and cannot be read as a file, such as a pipe, or the link without a
// target that Emacs puts beside a file in use, is left out.
func walkHark(root string, add func(path string)) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("look for Hark files: %w", err)
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case filepath.Ext(path) == ".hk" && leadsToFile(path):
			add(path)
		}
		return nil
	})
}

func leadsToFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// orHere is the current folder where no path is given.
func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}
