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
}

// File is the file at a path, nil if the program has none there.
func (p *Program) File(path string) *File {
	for _, file := range p.Files {
		if file.Path == path {
			return file
		}
	}
	return nil
}

// Locate is where a name is defined in this program, which may be a later version of the one that the name was found in; nil if it is
// gone.
func (p *Program) Locate(def *Def) (*File, *syntax.Item) {
	file := p.File(def.File.Path)
	if file == nil {
		return nil, nil
	}
	now := file.Scope.Defs[def.Name]
	if now == nil {
		return nil, nil
	}
	return file, file.Tree.Items[now.Item]
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
	// Items has what is known of each of Tree.Items.
	Items []*Info

	defs     []*Def   // by item; nil for what defines no name
	bad      []string // what stands at the top level and is no definition
	problems []diag.Diagnostic
}

// newFile collects the names that a file defines.
func newFile(path string, tree *syntax.File) *File {
	file := &File{Path: path, Tree: tree, Scope: &Scope{Defs: map[string]*Def{}}, defs: make([]*Def, len(tree.Items))}
	faults := file.syntaxErrors()
	for i, item := range tree.Items {
		def := &Def{File: file, Item: i}
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
		if def.first = file.Scope.Defs[def.Name]; def.first != nil {
			def.first.replaced = true
		}
		file.defs[i] = def
		file.Scope.Defs[def.Name] = def
	}
	return file
}

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
	def := file.defs[item]
	if def == nil || def.first == nil {
		return
	}
	d := file.report(item, diag.DuplicateDefinition, def.nameNode(), "'"+def.Name+"' is defined again; this definition wins")
	d.Related = append(d.Related, diag.Related{Span: def.first.Span(), Message: "this definition of '" + def.Name + "' has no effect"})
}

// unusedImports reports imports that neither this file uses nor another takes from here.
func (file *File) unusedImports() {
	if len(file.syntaxErrors()) > 0 {
		return
	}
	used := map[*Def]bool{}
	for _, info := range file.Items {
		for _, def := range info.used {
			used[def] = true
		}
	}
	for i, def := range file.defs {
		if def == nil || def.Import == nil || used[def] || def.replaced || def.elsewhere || startsSessions(def.Name) ||
			strings.HasPrefix(def.Name, "_") {
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
		if problems := file.Diagnostics(); len(problems) > 0 {
			all = append(all, FileDiagnostics{File: file, Problems: problems})
		}
	}
	return all
}

// Diagnostics are the problems of the file, ordered by place, those of the syntax included.
func (file *File) Diagnostics() []diag.Diagnostic {
	all := slices.Concat(file.Tree.Problems, file.problems)
	for i, info := range file.Items {
		item := file.Tree.Items[i]
		for _, p := range info.problems {
			all = append(all, p.in(file, item))
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
