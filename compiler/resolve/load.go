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
	return Update(nil, entries, parsed)
}

// Update is LinkAll for a program of which an earlier version is known, or nil. The result is the same; but what has not changed is
// taken over, and told by identity: a file of which nothing is different is the same *File, and an item of which that is so
// the same *Info. For that, parsed has to give the same tree for a text that is the same, and Reparse's for one that was edited.
func Update(earlier *Program, entries []string, parsed func(path string) (*syntax.File, error)) *Program {
	if earlier == nil {
		earlier = &Program{}
	}
	l := &loader{earlier: earlier, parsed: parsed, works: make(map[string]*work, len(earlier.byPath)+1), unreadable: map[string]error{}}
	for _, entry := range entries {
		l.entry(entry)
	}
	for i := 0; i < len(l.order); i++ { // grows while imports are followed
		l.follow(l.order[i])
	}
	l.link()
	program := &Program{byPath: make(map[string]*File, len(l.order)), Files: make([]*File, 0, len(l.order)+len(standard().files))}
	for _, w := range l.order {
		file := l.finish(w)
		program.Files = append(program.Files, file)
		program.byPath[file.Path] = file
	}
	program.Files = append(program.Files, standard().files...)
	return program
}

// loader puts a program together.
type loader struct {
	earlier *Program
	parsed  func(path string) (*syntax.File, error)
	works   map[string]*work // by path
	order   []*work
	// unreadable has the reasons why a file cannot be had, by path.
	unreadable map[string]error
	// full: what names of other files stand for may have changed, so that all files are linked again.
	full bool
	// marking: it is noted which imports other files take.
	marking bool
}

// entry adds a file that the program is to have; if it cannot be read, an empty one with a problem.
func (l *loader) entry(path string) {
	if l.works[path] != nil {
		return
	}
	tree, err := l.parsed(path)
	if err != nil {
		tree = &syntax.File{}
	}
	l.add(path, tree, err)
}

// source is the file at a path, read at its first use, or the reason why it cannot be read.
func (l *loader) source(path string) (*work, error) {
	if w := l.works[path]; w != nil {
		return w, nil
	}
	if err := l.unreadable[path]; err != nil {
		return nil, err
	}
	tree, err := l.parsed(path)
	if err != nil {
		l.unreadable[path] = err
		return nil, err
	}
	return l.add(path, tree, nil), nil
}

func (l *loader) add(path string, tree *syntax.File, err error) *work {
	w := newWork(path, tree, l.earlier.byPath[path])
	w.err = err
	l.works[path] = w
	l.order = append(l.order, w)
	return w
}

// follow loads the files that a file imports from.
func (l *loader) follow(w *work) {
	for n, i := range w.file.hark {
		def := w.file.Scope.defs[i]
		if def.from == "" {
			continue
		}
		if _, err := l.source(def.from); err != nil {
			if w.lacking == nil {
				w.lacking = make([]string, len(w.file.hark))
			}
			w.lacking[n] = reason(err)
		}
	}
	if !slices.Equal(w.lacking, w.file.lacking) {
		w.renew()
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

// link finds the definitions that imported names stand for, in the files where that may have changed.
func (l *loader) link() {
	l.full = len(l.order) != len(l.earlier.byPath)
	for _, w := range l.order {
		l.full = l.full || w.old == nil || w.fresh && !sameSurface(w.old, w.file)
	}
	l.marking = l.full
	for _, w := range l.order {
		if l.full || w.fresh {
			l.linkFile(w)
		}
	}
	l.marking = false
	for _, w := range l.order {
		if !l.full {
			w.taken = w.old.taken
		} else if w.old != nil && !maps.Equal(w.taken, w.old.taken) {
			w.renew()
		}
	}
}

func (l *loader) linkFile(w *work) {
	for _, i := range w.file.hark {
		def := w.file.Scope.defs[i]
		target, _ := l.target(def)
		if target == nil {
			w.renew() // even if there was none before: what is said of that may have changed
		}
		if !sameMeaning(target, def.Target) {
			w.renew()
			linked := *def
			linked.Target = target
			w.file.Scope.defs[i] = &linked
		}
	}
}

// target follows a chain of imports to its end, or finds that it has none.
func (l *loader) target(def *Def) (target *Def, circle bool) {
	for range len(l.order) + 1 {
		if def.Func != nil || def.Import.Language == syntax.Python {
			return def, false
		}
		from := l.works[def.from]
		if from == nil {
			return nil, false
		}
		next := from.file.Scope.Def(def.Import.Name.Text)
		if next == nil {
			return nil, false
		}
		if l.marking && next.Import != nil && next.Path != def.Path {
			from.take(next.Name)
		}
		def = next
	}
	return nil, true
}

// finish finds out what the names of a file mean, as far as that is not known.
func (l *loader) finish(w *work) *File {
	if !w.fresh {
		return w.old
	}
	file := w.file
	file.lacking, file.taken = w.lacking, w.taken
	file.Scope.bind(w)
	if w.err != nil {
		file.problems = append(file.problems, diag.New(diag.ImportedFile, file.Path+" "+reason(w.err)))
	}
	l.unavailable(file)
	l.unlinked(file)
	file.resolve(w.known(standard().public))
	file.duplicates()
	file.unusedImports()
	if w.same() {
		return w.old
	}
	return file
}

// unavailable reports imports of files that cannot be had.
func (l *loader) unavailable(file *File) {
	for n, i := range file.hark {
		def := file.Scope.defs[i]
		module := def.Import.Module
		switch {
		case module == nil, module.Text == "":
		case def.from == "":
			file.report(i, diag.ImportedFile, module, "'"+module.Text+"' is not the name of a module")
		case file.lacking != nil && file.lacking[n] != "":
			file.report(i, diag.ImportedFile, module, "cannot import from '"+module.Text+"': "+def.from+" "+file.lacking[n])
		}
	}
}

// unlinked reports imports of names that nothing defines.
func (l *loader) unlinked(file *File) {
	for _, i := range file.hark {
		def := file.Scope.defs[i]
		if def.Target != nil {
			continue
		}
		if _, circle := l.target(def); circle {
			name := def.Import.Name
			file.report(i, diag.ImportedName, name, "'"+name.Text+"' is imported in a circle: no file defines it")
			continue
		}
		l.explainMissing(file, i, def)
	}
}

// explainMissing reports an import of a name that the other file does not define. That the file is missing, or that it imports
// the name in vain itself, is reported already.
func (l *loader) explainMissing(file *File, item int, def *Def) {
	w, name := l.works[def.from], def.Import.Name
	if w == nil || name.Text == "" || w.file.Scope.Def(name.Text) != nil || w.file.mentions(name.Text) {
		return
	}
	d := file.report(item, diag.ImportedName, name, w.file.Path+" does not define '"+name.Text+"'")
	near := Nearest(name.Text, maps.Keys(w.file.Scope.index))
	if near == "" {
		return
	}
	d.Message += "; did you mean '" + near + "'"
	if def.Import.Alias != nil && !name.Quoted { // without an alias the name's uses here would have to change too
		d.Fixes = append(d.Fixes, rename(d.Span, near))
	}
}
