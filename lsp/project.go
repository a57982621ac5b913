package lsp

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
)

// load reads a project: its hark.toml, the names of its files, and all that is in them.
func (s *state) load(root string) *project {
	p := &project{key: fileKey(root), root: root, index: newLineIndex()}
	_, inside := s.folderOf(filepath.Join(root, "main.hk"))
	p.whole = inside || isProject(root)
	p.look()
	p.configure(s)
	p.snapshot = ide.NewSnapshot(p.ide())
	return p
}

// alone is the project of a document that is no file.
func (s *state) alone(key string) *project {
	p := &project{key: key, index: newLineIndex(), config: config.Default("")}
	p.settings = s.settingsOf(p)
	p.snapshot = ide.NewSnapshot(p.ide())
	return p
}

// look finds the project's files. Where nothing says how far a project goes, it has what lies beside the file that was opened.
func (p *project) look() {
	if !p.whole {
		p.hark, p.python = nil, nil
		for _, pattern := range []string{"*.hk", "*.py"} {
			files, _ := filepath.Glob(filepath.Join(escapeGlob(p.root), pattern))
			p.take(files)
		}
		return
	}
	found := search(p.root, false)
	p.hark, p.python = nil, nil
	p.take(found.hark)
	p.take(found.python)
	p.cut, p.stamps = found.cut, found.stamps
}

func (p *project) take(files []string) {
	for _, file := range files {
		if filepath.Ext(file) == ".hk" {
			p.hark = append(p.hark, p.name(file))
		} else {
			p.python = append(p.python, p.name(file))
		}
	}
}

// configure reads hark.toml, from the editor if it is open there.
func (p *project) configure(s *state) {
	path := filepath.Join(p.root, config.FileName)
	text, err := "", error(nil)
	if doc := s.documents[fileKey(path)]; doc != nil {
		text = doc.text()
	} else {
		var data []byte
		data, err = os.ReadFile(path)
		text = string(data)
	}
	p.config, p.problems = config.Default(p.root), nil
	if err == nil {
		p.config, _ = config.Parse(p.root, text) // what is wrong is among the problems
		p.problems = p.config.Problems
	} else if !errors.Is(err, fs.ErrNotExist) {
		p.problems = []diag.Diagnostic{diag.New(diag.ProjectSyntax, "cannot read "+config.FileName+": "+err.Error())}
	}
	p.settings = s.settingsOf(p)
}

// ide is the project as the analysis sees it.
func (p *project) ide() ide.Project {
	root, overlay := p.root, p.overlay
	return ide.Project{
		Hark: p.hark, Python: p.python, PythonPath: p.pythonPath(), Lint: p.settings.lint,
		Read: func(path string) (string, error) {
			if text, ok := overlay[path]; ok {
				return text, nil
			}
			if root == "" {
				return "", fs.ErrNotExist
			}
			return ReadFile((&project{root: root}).file(path))
		},
	}
}

// pythonPath are the folders of Python modules, as the names of files begin.
func (p *project) pythonPath() []string {
	if p.root == "" {
		return nil
	}
	var folders []string
	for _, dir := range p.config.PythonPath() {
		name := p.name(dir)
		if name == "." {
			name = ""
		}
		folders = append(folders, name)
	}
	return folders
}

// again is the project after files of it have changed on disk, came or went.
func (p *project) again(s *state, changes []diskChange) *project {
	next := *p
	if slices.ContainsFunc(changes, func(c diskChange) bool { return c.came }) {
		next.look()
	} else {
		next.stamps = maps.Clone(p.stamps)
	}
	names := make([]string, 0, len(changes))
	for _, c := range changes {
		names = append(names, p.name(c.file))
		if info, err := os.Stat(c.file); err == nil && next.stamps != nil {
			next.stamps[c.file] = stamp{info.ModTime(), info.Size()}
		}
	}
	next.configure(s)
	next.snapshot = p.snapshot.OnDisk(next.ide(), names...)
	return &next
}

// relaid is the project with a Python file open, or closed again.
func (p *project) relaid(path string, text *string) *project {
	next := *p
	next.overlay = maps.Clone(p.overlay)
	if next.overlay == nil {
		next.overlay = map[string]string{}
	}
	delete(next.overlay, path)
	if text != nil {
		next.overlay[path] = *text
	}
	next.snapshot = p.snapshot.OnDisk(next.ide(), path)
	return &next
}

// lintOf are the levels that a table of settings names. What means nothing is passed over; it is reported where it is read.
func lintOf(levels map[string]config.Level) map[diag.Code]diag.Severity {
	all := map[diag.Code]diag.Severity{}
	for name, level := range levels {
		code, known := codeOf(name)
		severity, valid := severityOf(string(level))
		if known && valid {
			all[code] = severity
		}
	}
	return all
}

func codeOf(name string) (diag.Code, bool) {
	if len(name) != 6 || name[:2] != "HK" {
		return 0, false
	}
	n, err := strconv.ParseUint(name[2:], 10, 16)
	if err != nil {
		return 0, false
	}
	_, known := diag.Find(diag.Code(n))
	return diag.Code(n), known
}

// severityOf is a level as a severity, 0 for "off".
func severityOf(level string) (diag.Severity, bool) {
	at := slices.Index([]string{"off", "error", "warning", "info", "hint"}, level)
	return diag.Severity(max(at, 0)), at >= 0
}

// escapeGlob makes a path a pattern that matches just it.
func escapeGlob(path string) string {
	escaped := make([]byte, 0, len(path))
	for i := range len(path) {
		switch path[i] {
		case '*', '?', '[', '\\':
			if filepath.Separator == '/' {
				escaped = append(escaped, '\\')
			}
		}
		escaped = append(escaped, path[i])
	}
	return string(escaped)
}
