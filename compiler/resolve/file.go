package resolve

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// A file by itself: which names it defines, and what can be said of them without their meaning.

// newFile collects the names that a file defines. was has, for each item, the one of the earlier version that it is, -1 for none;
// its name is the same Def. An earlier version is optional.
func newFile(path string, tree *syntax.File, prelude bool, old *File, was []int) *File {
	n := len(tree.Items)
	file := &File{Path: path, Tree: tree, Prelude: prelude, Scope: &Scope{defs: make([]*Def, n), own: make([]*Binding, n)}}
	file.faults = syntaxErrors(tree)
	for i, item := range tree.Items {
		if _, bad := item.Def.(*syntax.BadDef); bad {
			file.bad = append(file.bad, tree.Text[item.Span.Start:item.Span.End])
			continue
		}
		var known *Def
		if old != nil && was[i] >= 0 {
			known = old.Scope.defs[was[i]]
		}
		def := file.define(item, known)
		if def != nil && def.Import != nil && def.Import.Language == syntax.Hark {
			file.hark = append(file.hark, i)
		}
		file.Scope.defs[i] = def
	}
	file.number(old)
	return file
}

// syntaxErrors are the places of a file's errors in syntax. Where one is, less is certain.
func syntaxErrors(tree *syntax.File) []source.Span {
	var spans []source.Span
	for i := range tree.Problems {
		if tree.Problems[i].Severity == diag.Error {
			spans = append(spans, tree.Problems[i].Span)
		}
	}
	return spans
}

// define is the name that an item gives to its file, nil if it gives none: the one that is known of the item already, if that is
// still right.
func (file *File) define(item *syntax.Item, known *Def) *Def {
	fn, _ := item.Def.(*syntax.FuncDef)
	vague := fn != nil && (fn.Body == nil || fn.Parens.Len() == 0 || touches(file.faults, item.Abs(fn.Parens)))
	if known != nil && known.vague == vague {
		return known
	}
	def := &Def{Path: file.Path, Prelude: file.Prelude}
	switch node := item.Def.(type) {
	case *syntax.FuncDef:
		def.Func, def.Target, def.vague = node, def, vague
		def.timeout = hasTimeout(node.Attrs)
	case *syntax.ImportDef:
		def.Import = node
		if node.Language == syntax.Python {
			def.Target = def
		} else if node.Module != nil && node.Name != nil {
			def.from, _ = ModulePath(node.Module.Text)
		}
	}
	if name := def.nameNode(); name != nil {
		def.Name = name.Text
	}
	if def.Name == "" {
		return nil
	}
	return def
}

// number finds out which item defines a name.
func (file *File) number(old *File) {
	defs := file.Scope.defs
	if old != nil && slices.EqualFunc(old.Scope.defs, defs, sameName) {
		file.Scope.index, file.Scope.beaten, file.first = old.Scope.index, old.Scope.beaten, old.first
		return
	}
	file.Scope.index = make(map[string]int32, len(defs))
	for i, def := range defs {
		if def == nil {
			continue
		}
		if before, again := file.Scope.index[def.Name]; again {
			if file.first == nil {
				file.first, file.Scope.beaten = map[int]int{}, map[int]bool{}
			}
			file.first[i], file.Scope.beaten[int(before)] = int(before), true
		}
		file.Scope.index[def.Name] = int32(i)
	}
}

func sameName(a, b *Def) bool { return a == b || a != nil && b != nil && a.Name == b.Name }

// defines says whether a name is one of this file, in whatever version of it.
func (file *File) defines(def *Def) bool { return file.Path == def.Path && file.Prelude == def.Prelude }

// faultsIn are the errors of syntax in an item or beside it, relative to the item.
func (file *File) faultsIn(item *syntax.Item, into []source.Span) []source.Span {
	at := firstFault(file.faults, item.Span.Start)
	for ; at < len(file.faults) && file.faults[at].Start <= item.Span.End; at++ {
		into = append(into, file.faults[at].Shift(-item.Span.Start))
	}
	return into
}

// firstFault is the first of some spans, which are in order, that does not begin before an offset.
func firstFault(spans []source.Span, offset int32) int {
	i, _ := slices.BinarySearchFunc(spans, offset, func(s source.Span, start int32) int { return int(s.Start - start) })
	return i
}

// touches says whether one of the spans, which are in order, lies in another or beside it.
func touches(spans []source.Span, other source.Span) bool {
	i := firstFault(spans, other.Start)
	return i < len(spans) && spans[i].Start <= other.End
}

// mentions says whether a name occurs in text at the top level that is no definition: it may be meant to be one.
func (file *File) mentions(name string) bool {
	return slices.ContainsFunc(file.bad, func(text string) bool { return strings.Contains(text, name) })
}

// duplicates reports second definitions of names.
func (file *File) duplicates() {
	if len(file.first) == 0 {
		return
	}
	for i, def := range file.Scope.defs {
		first, again := file.first[i]
		if !again {
			continue
		}
		other := file.Scope.defs[first].nameNode().Span()
		d := file.report(i, diag.DuplicateDefinition, def.nameNode(), "'"+def.Name+"' is defined again; this definition wins")
		d.Related = append(d.Related, diag.Related{
			Span: file.Tree.Items[first].Abs(other), Message: "this definition of '" + def.Name + "' has no effect",
		})
	}
}

// unusedImports reports imports that neither this file uses nor another takes from here.
func (file *File) unusedImports() {
	if len(file.faults) > 0 {
		return
	}
	used := map[string]bool{}
	for _, info := range file.Items {
		for _, name := range info.imports {
			used[name] = true
		}
	}
	for i, def := range file.Scope.Defs {
		if def.Import == nil || used[def.Name] || file.taken[def.Name] || startsSessions(def.Name) || strings.HasPrefix(def.Name, "_") {
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
