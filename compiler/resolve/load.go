package resolve

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Load reads and resolves the program that starts at entry, a path relative to the project's root. read gives the text of a file
// by such a path; its error is reported where the file is imported.
func Load(entry string, read func(path string) (string, error)) *Program {
	return Link(entry, func(path string) (*syntax.File, error) {
		text, err := read(path)
		if err != nil {
			return nil, err
		}
		return syntax.Parse(text), nil
	})
}

// Link is Load for files that are parsed already.
func Link(entry string, parsed func(path string) (*syntax.File, error)) *Program {
	return LinkAll([]string{entry}, parsed)
}

// LinkAll is Link for a program with several entries: it consists of these files and of all that they import from.
func LinkAll(entries []string, parsed func(path string) (*syntax.File, error)) *Program {
	l := &loader{program: &Program{byPath: map[string]*File{}}, parsed: parsed, entries: entries, unreadable: map[string]error{}}
	for _, entry := range entries {
		l.file(entry)
	}
	lib := standard()
	for i := 0; i < len(l.program.Files); i++ { // grows while imports are followed
		l.follow(l.program.Files[i])
	}
	for _, file := range l.program.Files {
		l.link(file)
	}
	for _, file := range l.program.Files {
		file.Scope.shared = lib.public
		file.resolve()
	}
	for _, file := range l.program.Files {
		file.unusedImports()
	}
	l.program.Files = append(l.program.Files, lib.files...)
	return l.program
}

type loader struct {
	program *Program
	parsed  func(path string) (*syntax.File, error)
	entries []string
	// unreadable has the reasons why a file cannot be had, by path.
	unreadable map[string]error
}

// file is the file at a path, read at its first use, or the reason why it cannot be read. An entry always is a file, if only
// an empty one with a problem.
func (l *loader) file(path string) (*File, error) {
	if file := l.program.byPath[path]; file != nil {
		return file, nil
	}
	if err := l.unreadable[path]; err != nil {
		return nil, err
	}
	tree, err := l.parsed(path)
	entry := slices.Contains(l.entries, path)
	if err != nil && !entry {
		l.unreadable[path] = err
		return nil, err
	}
	if err != nil {
		tree = &syntax.File{}
	}
	file := newFile(path, tree, false)
	if err != nil {
		file.problems = append(file.problems, diag.New(diag.ImportedFile, path+" "+reason(err)))
	}
	l.program.byPath[path] = file
	l.program.Files = append(l.program.Files, file)
	return file, nil
}

// follow loads the files that a file imports from.
func (l *loader) follow(file *File) {
	for i, def := range file.Scope.defs {
		if def == nil || def.Import == nil || def.Import.Language != syntax.Hark || def.Import.Module == nil {
			continue
		}
		module := def.Import.Module
		path, ok := ModulePath(module.Text)
		if module.Text == "" {
			continue
		}
		if !ok {
			file.report(i, diag.ImportedFile, module, "'"+module.Text+"' is not the name of a module")
			continue
		}
		if _, err := l.file(path); err != nil {
			file.report(i, diag.ImportedFile, module, "cannot import from '"+module.Text+"': "+path+" "+reason(err))
		}
	}
}

// reason is an error of reading in words that fit behind the file's path.
func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "does not exist"
	}
	return "cannot be read: " + err.Error()
}

// ModulePath is the file of a module: "lib/util.hk" for "lib.util".
func ModulePath(module string) (string, bool) {
	path := strings.ReplaceAll(module, ".", "/")
	for _, part := range strings.Split(path, "/") {
		if part == "" || strings.ContainsAny(part, `\:`) {
			return "", false
		}
	}
	return path + ".hk", true
}

// link finds the definitions that the names of a file stand for.
func (l *loader) link(file *File) {
	for i, def := range file.Scope.defs {
		if def == nil {
			continue
		}
		target, circle := l.target(def)
		def.Target = target
		switch {
		case circle:
			name := def.Import.Name
			file.report(i, diag.ImportedName, name, "'"+name.Text+"' is imported in a circle: no file defines it")
		case target == nil:
			l.explainMissing(file, i, def)
		}
		if file.Scope.wins(i) {
			file.Scope.own[i] = def.binding()
		}
	}
}

// target follows a chain of imports to its end, or finds that it has none.
func (l *loader) target(def *Def) (target *Def, circle bool) {
	for range len(l.program.Files) + 1 {
		if def.Func != nil || def.Import.Language == syntax.Python {
			return def, false
		}
		from := l.source(def)
		if from == nil {
			return nil, false
		}
		next := from.Scope.Item(def.Import.Name.Text)
		if next < 0 {
			return nil, false
		}
		if from.Path != def.Path {
			from.taken[next] = true
		}
		def = from.Scope.defs[next]
	}
	return nil, true
}

// source is the file that a Hark import names, nil if there is none.
func (l *loader) source(def *Def) *File {
	if def.Import.Language != syntax.Hark || def.Import.Module == nil || def.Import.Name == nil {
		return nil
	}
	path, ok := ModulePath(def.Import.Module.Text)
	if !ok {
		return nil
	}
	return l.program.byPath[path]
}

// explainMissing reports an import of a name that the other file does not define. That the file is missing, or that it imports
// the name in vain itself, is reported already.
func (l *loader) explainMissing(file *File, item int, def *Def) {
	from, name := l.source(def), def.Import.Name
	if from == nil || name.Text == "" || from.Scope.Def(name.Text) != nil || from.mentions(name.Text) {
		return
	}
	d := file.report(item, diag.ImportedName, name, from.Path+" does not define '"+name.Text+"'")
	near := nearest(name.Text, maps.Keys(from.Scope.index))
	if near == "" {
		return
	}
	d.Message += "; did you mean '" + near + "'"
	if def.Import.Alias != nil && !name.Quoted { // without an alias the name's uses here would have to change too
		d.Fixes = append(d.Fixes, rename(d.Span, near))
	}
}
