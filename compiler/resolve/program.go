// Package resolve finds out what every name of a program means: across the files that it consists of, and within each
// function, at each place.
//
// A program is loaded from its entry file: the files that it imports from are read, parsed, and linked to each other in any
// direction. Then every top-level item is resolved on its own, in two passes over its tree. The first goes in the order of
// evaluation and keeps, for each local, whether it has a value on all paths so far, or on some; from this it decides what each
// use of a name means. The second goes backward and finds values that nobody reads.
//
// Trees are never changed: meaning is kept beside them, in tables indexed by node.
package resolve

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Program is a program as far as its names go.
type Program struct {
	// Files are the files of the program: the entry first, the others in the order in which imports name them, then those of
	// the prelude.
	Files []*File

	byPath map[string]*File // without those of the prelude
}

// File is the file at a path, nil if the program has none there.
func (p *Program) File(path string) *File {
	if file := p.byPath[path]; file != nil {
		return file
	}
	return standard().byPath[path]
}

// Locate is where a name is defined in this program, which may be a later version of the one that the name was found in; nil if it is
// gone.
func (p *Program) Locate(def *Def) (*File, *syntax.Item) {
	if file, i := p.place(def); file != nil {
		return file, file.Tree.Items[i]
	}
	return nil, nil
}

// Info is what is known of the item that defines a name, as Locate; nil if it is gone.
func (p *Program) Info(def *Def) *Info {
	if file, i := p.place(def); file != nil {
		return file.Items[i]
	}
	return nil
}

// NameSpan is where a name is written in its definition, in the offsets of the file that Locate finds.
func (p *Program) NameSpan(def *Def) source.Span {
	file, i := p.place(def)
	if file == nil {
		return source.Span{}
	}
	return file.Tree.Items[i].Abs(file.Scope.defs[i].nameNode().Span())
}

func (p *Program) place(def *Def) (*File, int) {
	files := p.byPath
	if def.Prelude {
		files = standard().byPath
	}
	if file := files[def.Path]; file != nil {
		if i := file.Scope.Item(def.Name); i >= 0 {
			return file, i
		}
	}
	return nil, -1
}

// Entry is the file that the program was loaded from.
func (p *Program) Entry() *File { return p.Files[0] }

// File is a file of a program.
type File struct {
	// Path is relative to the project's root, with forward slashes; the prelude's files are "prelude/NAME.hk".
	Path string
	Tree *syntax.File
	// Prelude: the file is part of the compiler.
	Prelude bool
	// Scope has the names that the file defines.
	Scope *Scope
	// Items has what is known of each of Tree.Items. Where two versions of a program have the same *Info, its item is the same, and
	// so is what all names in it mean: as to kind, path and name of what they stand for, and its parameters. The Defs that it
	// leads to may be those of the earlier version, see Def.
	Items []*Info

	bad      []string     // what stands at the top level and is no definition
	taken    map[int]bool // by item: another file imports the name from here
	first    map[int]int  // by item that defines a name again: the item before it that does
	problems []diag.Diagnostic
}

// newFile collects the names that a file defines.
func newFile(path string, tree *syntax.File, prelude bool) *File {
	n := len(tree.Items)
	scope := &Scope{index: make(map[string]int32, n), defs: make([]*Def, n), own: make([]*Binding, n)}
	file := &File{Path: path, Tree: tree, Prelude: prelude, Scope: scope, taken: map[int]bool{}, first: map[int]int{}}
	faults := file.syntaxErrors()
	for i, item := range tree.Items {
		def := &Def{Path: path, Prelude: prelude}
		switch node := item.Def.(type) {
		case *syntax.FuncDef:
			def.Func = node
			def.timeout = hasTimeout(node.Attrs)
			def.vague = node.Body == nil || node.Parens.Len() == 0 || touches(faults, item.Abs(node.Parens))
		case *syntax.ImportDef:
			def.Import = node
		case *syntax.BadDef:
			file.bad = append(file.bad, tree.Text[item.Span.Start:item.Span.End])
			continue
		default:
			continue
		}
		name := def.nameNode()
		if name == nil || name.Text == "" {
			continue
		}
		def.Name = name.Text
		if before, again := scope.index[def.Name]; again {
			file.first[i] = int(before)
		}
		scope.defs[i] = def
		scope.index[def.Name] = int32(i)
	}
	return file
}

// defines says whether a name is one of this file, in whatever version of it.
func (file *File) defines(def *Def) bool { return file.Path == def.Path && file.Prelude == def.Prelude }

// resolve finds out what the names of every item mean.
func (file *File) resolve() {
	file.Items = make([]*Info, len(file.Tree.Items))
	r, faults := &resolver{file: file}, file.syntaxErrors()
	for i := range file.Tree.Items {
		file.Items[i] = r.resolve(i, faults)
		file.duplicate(i)
	}
}

// syntaxErrors are the places of the file's errors in syntax. Where one is, less is certain.
func (file *File) syntaxErrors() []source.Span {
	var spans []source.Span
	for _, d := range file.Tree.Problems {
		if d.Severity == diag.Error {
			spans = append(spans, d.Span)
		}
	}
	return spans
}

// touches says whether one of the spans, which are in order, lies in another or beside it.
func touches(spans []source.Span, other source.Span) bool {
	i, _ := slices.BinarySearchFunc(spans, other.Start, func(s source.Span, start int32) int { return int(s.Start - start) })
	return i < len(spans) && spans[i].Start <= other.End
}

// mentions says whether a name occurs in text at the top level that is no definition: it may be meant to be one.
func (file *File) mentions(name string) bool {
	return slices.ContainsFunc(file.bad, func(text string) bool { return strings.Contains(text, name) })
}

// duplicate reports a second definition of a name.
func (file *File) duplicate(item int) {
	first, again := file.first[item]
	if !again {
		return
	}
	def, other := file.Scope.defs[item], file.Scope.defs[first].nameNode().Span()
	d := file.report(item, diag.DuplicateDefinition, def.nameNode(), "'"+def.Name+"' is defined again; this definition wins")
	d.Related = append(d.Related, diag.Related{
		Span: file.Tree.Items[first].Abs(other), Message: "this definition of '" + def.Name + "' has no effect",
	})
}

// unusedImports reports imports that neither this file uses nor another takes from here.
func (file *File) unusedImports() {
	if len(file.syntaxErrors()) > 0 {
		return
	}
	used := map[string]bool{}
	for _, info := range file.Items {
		for _, name := range info.imports {
			used[name] = true
		}
	}
	for i, def := range file.Scope.Defs {
		if def.Import == nil || used[def.Name] || file.taken[i] || startsSessions(def.Name) || strings.HasPrefix(def.Name, "_") {
			continue
		}
		d := file.report(i, diag.UnusedImport, def.nameNode(), "'"+def.Name+"' is imported but not used")
		d.Fixes = append(d.Fixes, diag.Fix{
			Title: "remove the import", Certain: true, Edits: []diag.Edit{{Span: file.wholeLine(file.Tree.Items[i].Span)}},
		})
	}
}

// startsSessions says whether a name is one that sessions are started by: from outside, so that no use of it is in sight.
func startsSessions(name string) bool {
	return name == "main" || name == "on_upload" || name == "on_http"
}

// wholeLine extends the span of an item over its ";" and, if it is alone on its lines, over the line's end.
func (file *File) wholeLine(span source.Span) source.Span {
	text := file.Tree.Text
	for int(span.End) < len(text) && strings.IndexByte("; \t", text[span.End]) >= 0 {
		span.End++
	}
	alone := span.Start == 0 || text[span.Start-1] == '\n'
	if rest := text[span.End:]; alone && strings.HasPrefix(rest, "\n") {
		span.End++
	} else if alone && strings.HasPrefix(rest, "\r\n") {
		span.End += 2
	}
	return span
}

// report adds a problem at a node of an item.
func (file *File) report(item int, code diag.Code, n syntax.Node, message string) *diag.Diagnostic {
	d := diag.New(code, message)
	d.Span = file.Tree.Items[item].Abs(n.Span())
	file.problems = append(file.problems, d)
	return &file.problems[len(file.problems)-1]
}

func rename(span source.Span, name string) diag.Fix {
	return diag.Fix{Title: "change to '" + name + "'", Edits: []diag.Edit{{Span: span, New: name}}}
}

// FileDiagnostics are the problems of one file.
type FileDiagnostics struct {
	File *File
	// Problems are ordered by place, those of the syntax included.
	Problems []diag.Diagnostic
}

// Diagnostics are the problems of all files, in the order of Files; files without any are left out.
func (p *Program) Diagnostics() []FileDiagnostics {
	var all []FileDiagnostics
	for _, file := range p.Files {
		if problems := p.DiagnosticsOf(file); len(problems) > 0 {
			all = append(all, FileDiagnostics{File: file, Problems: problems})
		}
	}
	return all
}

// DiagnosticsOf are the problems of one of the program's files, ordered by place, those of the syntax included.
func (p *Program) DiagnosticsOf(file *File) []diag.Diagnostic {
	all := slices.Concat(file.Tree.Problems, file.problems)
	for i, info := range file.Items {
		item := file.Tree.Items[i]
		for i := range info.problems {
			all = append(all, info.problems[i].in(p, file, item))
		}
	}
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int {
		if a.Span.Start != b.Span.Start {
			return int(a.Span.Start - b.Span.Start)
		}
		return int(a.Code) - int(b.Code)
	})
	return all
}

// Stops says whether the program has an error that keeps it from running: one in syntax, names, imports or arity.
func (p *Program) Stops() bool {
	for _, file := range p.Diagnostics() {
		if slices.ContainsFunc(file.Problems, diag.Diagnostic.Stops) {
			return true
		}
	}
	return false
}
