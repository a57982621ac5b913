package ide

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Renaming has two halves. This file finds every place where the name is written and changes it; rename_check.go resolves the changed
// project and compares the meaning of every name with what it was. What the first half overlooks, the second refuses, so that
// a renaming is either right or not done.

// ErrNoName says that there is no name at an offset, and so nothing to rename.
var ErrNoName = errors.New("there is no name to rename here")

// PrepareRename is the name at an offset, to be edited by the user. The error says why it cannot be renamed.
func PrepareRename(s *Snapshot, path string, offset int32) (source.Span, string, error) {
	r, err := s.renaming(path, offset)
	if err != nil {
		return source.Span{}, "", err
	}
	return r.at, r.old, nil
}

// Rename gives what is meant by the name at an offset another name, in all files. The error says why that cannot be done: a renaming
// that would change what any name means is refused.
func Rename(s *Snapshot, path string, offset int32, name string) ([]FileEdits, error) {
	r, err := s.renaming(path, offset)
	if err != nil {
		return nil, err
	}
	if !isName(name) {
		return nil, fmt.Errorf("%q cannot be a name: names begin with a lower-case letter or '_', have letters, digits, '_', '?' and '.', and are no keyword", name)
	}
	if name == r.old {
		return nil, nil
	}
	r.to = name
	if r.local() {
		r.renameLocal()
	} else {
		r.renameDefs()
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r.fileEdits(), nil
}

// isName says whether a text can be written as a name anywhere.
func isName(text string) bool {
	if text == "catch" || text == "try" { // keywords in some places
		return false
	}
	file := syntax.Parse("fn f() { " + text + " }")
	if len(file.Problems) > 0 || len(file.Items) != 1 {
		return false
	}
	def, ok := functionOf(file.Items[0])
	if !ok || def.Body == nil || len(def.Body.Exprs) != 1 {
		return false
	}
	id, ok := def.Body.Exprs[0].(*syntax.Ident)
	return ok && id.Name == text
}

// fileName is a name that a file defines.
type fileName struct{ path, name string }

// renaming is one that is being worked out.
type renaming struct {
	*Snapshot
	at      source.Span
	old, to string
	// of is the local; root the definition, import or alias from which a name spreads over the files.
	of   symbol
	root fileName
	// names are the names of files that change: the root and every import of one without an alias.
	names map[fileName]bool
	edits map[string][]diag.Edit
	// replaced is an import of one of the names that a later definition replaces, nil if there is none.
	replaced *Place
	// aliased are the imports that get an alias or lose it.
	aliased map[*syntax.Item]bool
}

func (r *renaming) local() bool { return r.of.kind == symbolLocal }

func (r *renaming) edit(path string, span source.Span, text string) {
	r.edits[path] = append(r.edits[path], diag.Edit{Span: span, New: text})
}

func (r *renaming) fileEdits() []FileEdits {
	var all []FileEdits
	for path, edits := range r.edits {
		slices.SortFunc(edits, func(a, b diag.Edit) int { return int(a.Span.Start - b.Span.Start) })
		all = append(all, FileEdits{Path: path, Edits: edits})
	}
	slices.SortFunc(all, func(a, b FileEdits) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// renaming finds out what is to be renamed, or why it cannot be.
func (s *Snapshot) renaming(path string, offset int32) (*renaming, error) {
	o, ok := s.occurrenceAt(path, offset)
	if !ok {
		return nil, ErrNoName
	}
	r := &renaming{
		Snapshot: s, at: o.Span, old: s.Text(path)[o.Span.Start:o.Span.End],
		names: map[fileName]bool{}, edits: map[string][]diag.Edit{}, aliased: map[*syntax.Item]bool{},
	}
	if len(o.Means) == 0 {
		return nil, fmt.Errorf("it is not known what '%s' means here", r.old)
	}
	r.of = o.Means[0]
	switch {
	case s.file(path).Prelude:
		return nil, fmt.Errorf("'%s' is part of the prelude and cannot be renamed", r.old)
	case r.of.kind == symbolBuiltin:
		return nil, fmt.Errorf("'%s' is a builtin and cannot be renamed", r.old)
	case r.of.kind == symbolPrelude && o.Def.Prelude:
		return nil, fmt.Errorf("'%s' is a function of the prelude and cannot be renamed", r.old)
	}
	if err := s.sound(path, offset); err != nil {
		return nil, err
	}
	if r.local() {
		return r, nil
	}
	var err error
	r.root, err = s.rootOf(o)
	return r, err
}

// sound refuses names in items whose syntax is wrong: nobody knows what they mean.
func (s *Snapshot) sound(path string, offset int32) error {
	file := s.file(path)
	if item := file.Tree.ItemAt(offset); item != nil {
		return s.soundItem(file, item)
	}
	return nil
}

func (s *Snapshot) soundItem(file *resolve.File, item *syntax.Item) error {
	for _, d := range file.Tree.Problems {
		if d.Severity == diag.Error && item.Span.Start <= d.Span.End && d.Span.Start <= item.Span.End {
			return fmt.Errorf("the syntax at %s is wrong, so that it is not certain what the names there mean: %s",
				s.position(Place{Path: file.Path, Span: d.Span}), d.Message)
		}
	}
	return nil
}

// position shows a place to people, as "main.hk:3:5"; the column is in characters.
func (s *Snapshot) position(p Place) string {
	text := s.Text(p.Path)
	line, column := source.NewLines(text).OffsetColumn(p.Span.Start)
	start := p.Span.Start - int32(column)
	return fmt.Sprintf("%s:%d:%d", p.Path, line+1, len([]rune(text[start:p.Span.Start]))+1)
}

// rootOf is where the name of an occurrence comes from: an alias, a Python import, or the definition in whatever file.
func (s *Snapshot) rootOf(o occurrence) (fileName, error) {
	def := s.current(o.Def)
	if def == nil {
		return fileName{}, fmt.Errorf("'%s' is gone", o.Def.Name)
	}
	if o.Def.Import != nil && def.Import == nil {
		return fileName{}, fmt.Errorf("the import of '%s' has no effect, as the name is defined again", o.Def.Name)
	}
	if o.Role == roleImport && def.Import.Alias != nil { // the name over there is meant
		if def.Import.Language == syntax.Python {
			return fileName{}, fmt.Errorf("'%s' is the name of a Python function; its alias '%s' can be renamed", def.Import.Name.Text, def.Name)
		}
		def = s.imported(def)
	}
	for def != nil && def.Target != nil && def.Import != nil && def.Import.Alias == nil && def.Import.Language == syntax.Hark {
		def = s.imported(def) // no circle: it has an end
	}
	if def == nil || def.Target == nil {
		return fileName{}, fmt.Errorf("the import of '%s' leads nowhere", o.Def.Name)
	}
	if def.Import != nil && def.Import.Alias == nil && def.Import.Language == syntax.Python && def.Import.Count == nil {
		return fileName{}, fmt.Errorf("the import of '%s' is not complete, so that it cannot get an alias", def.Name)
	}
	if def.Prelude {
		return fileName{}, fmt.Errorf("'%s' is a function of the prelude and cannot be renamed", def.Name)
	}
	return fileName{def.Path, def.Name}, nil
}

// current is a name of a file as this snapshot defines it: one that was found in an item may be of an earlier one.
func (s *Snapshot) current(def *resolve.Def) *resolve.Def {
	if file, _ := s.program.Locate(def); file != nil {
		return file.Scope.Def(def.Name)
	}
	return nil
}

// imported is the name that a Hark import asks the other file for, nil if there is none.
func (s *Snapshot) imported(def *resolve.Def) *resolve.Def {
	path, ok := resolve.ModulePath(def.Import.Module.Text)
	if !ok || s.file(path) == nil {
		return nil
	}
	return s.file(path).Scope.Def(def.Import.Name.Text)
}

func (r *renaming) renameLocal() {
	for _, file := range r.harkFiles() {
		for _, o := range r.all(file, r.of) {
			r.edit(file.Path, o.Span, r.to)
		}
	}
}

// renameDefs renames a name of a file, and with it the names of the imports that bring it in without an alias.
func (r *renaming) renameDefs() {
	r.names[r.root] = true
	files := r.harkFiles()
	for grown := true; grown; {
		grown = false
		for _, file := range files {
			for _, def := range file.Scope.Defs {
				name := fileName{file.Path, def.Name}
				if !r.names[name] && def.Import != nil && def.Import.Alias == nil && r.asks(def) {
					r.names[name], grown = true, true
				}
			}
		}
	}
	for _, file := range files {
		for i, o := range r.named(file, []string{r.old}) {
			r.renameUse(file, file.Tree.Items[i], o)
		}
	}
}

// asks says whether a Hark import asks for one of the renamed names.
func (r *renaming) asks(def *resolve.Def) bool {
	if def.Import == nil || def.Import.Language != syntax.Hark {
		return false
	}
	path, ok := resolve.ModulePath(def.Import.Module.Text)
	return ok && r.names[fileName{path, def.Import.Name.Text}]
}

// renameUse changes an occurrence if it is one of a renamed name.
func (r *renaming) renameUse(file *resolve.File, item *syntax.Item, o occurrence) {
	if o.Def == nil {
		return
	}
	mine := r.names[fileName{file.Path, o.Def.Name}] && o.Def.Path == file.Path
	if mine && o.Def.Import != nil && o.Role != roleRead && file.Tree.Items[file.Scope.Item(o.Def.Name)] != item {
		r.replaced = &Place{Path: file.Path, Span: o.Span}
	}
	switch o.Role {
	case roleDefine, roleRead:
		if mine {
			r.edit(file.Path, o.Span, r.to)
		}
	case roleImport:
		if r.asks(o.Def) {
			r.edit(file.Path, o.Span, r.to)
		} else if mine && o.Def.Import.Alias == nil { // the name there stays
			r.giveAlias(file, item, o.Def.Import)
		}
	case roleAlias:
		if mine {
			r.renameAlias(file, item, o)
		}
	}
}

// giveAlias adds an alias to a Python import that has none.
func (r *renaming) giveAlias(file *resolve.File, item *syntax.Item, def *syntax.ImportDef) {
	if def.Count == nil {
		return // Hark's asks for another name, Python's is not complete: the check sees that it has kept its name
	}
	r.aliased[item] = true
	end := item.Abs(def.Count.Span()).End
	r.edit(file.Path, at(end), ", "+r.to)
}

// renameAlias changes an alias, or takes it away where it would say what the import says already.
func (r *renaming) renameAlias(file *resolve.File, item *syntax.Item, o occurrence) {
	def := o.Def.Import
	if def.Language == syntax.Python && def.Name.Text == r.to && def.Count != nil && !def.Name.Quoted {
		span := source.Span{Start: item.Abs(def.Count.Span()).End, End: o.Span.End}
		if strings.Trim(file.Tree.Text[span.Start:o.Span.Start], ", \t\r\n") == "" {
			r.aliased[item] = true
			r.edit(file.Path, span, "")
			return
		}
	}
	r.edit(file.Path, o.Span, r.to)
}
