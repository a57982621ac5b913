package ide

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// defineName imports a name that is not defined from wherever the project defines it, or creates a function of that name.
func (f *fixing) defineName() {
	id := around[*syntax.Ident](f)
	if id == nil {
		return
	}
	call := f.callOf(id)
	f.s.harkFunctions(f.file.Path, func(i importable, _ *resolve.Def) bool {
		if i.name == id.Name {
			f.add("import '"+i.name+"' from "+i.module, importEdit(f.file.Tree, i))
		}
		return true
	})
	for _, module := range f.s.pythonModules(f.file.Tree) {
		f.s.pythonFunctions(module, func(i importable, name *pyindex.Name) bool {
			if i.name == id.Name && !name.Async {
				i.count = countFor(name, call)
				f.add("import '"+i.name+"' from Python, "+i.module, importEdit(f.file.Tree, i))
			}
			return true
		})
	}
	f.create(id.Name, call, id)
}

// countFor is the count of an import: that of the call if the function takes so many arguments, else the least that it takes.
func countFor(name *pyindex.Name, call *syntax.Call) int {
	low, high := argumentCounts(name.Params)
	if call != nil && len(call.Args) > low && (high < 0 || len(call.Args) <= high) {
		return len(call.Args)
	}
	return low
}

// callOf is the call of which a name is the callee, nil if it is none.
func (f *fixing) callOf(id *syntax.Ident) *syntax.Call {
	for _, n := range f.nodes {
		if call, ok := n.(*syntax.Call); ok && syntax.Unparen(call.Callee) == id {
			return call
		}
	}
	return nil
}

// Organising imports: within each group of imports, which empty lines, comments and definitions separate, they are sorted: Python's
// first, by module and name. What is not used goes, and so does what is there twice.

// organize offers to put the file's imports in order.
func (a *actions) organize() {
	text := a.file.Tree.Text
	ordered := text
	at := a
	for range 4 { // what goes may have been all that used something else
		edits := at.inOrder()
		if len(edits) == 0 {
			break
		}
		ordered = applyEdits(ordered, edits)
		next := at.s.Open(a.file.Path, ordered)
		at = &actions{s: next, file: next.file(a.file.Path)}
	}
	if edits := replacing(text, ordered); len(edits) > 0 {
		a.all = append(a.all, Action{Title: "organise imports", Kind: OrganizeImports, Files: a.own(edits)})
	}
}

// replacing is the edit, if any, that makes a text another by whole lines, from the first to the last that differ.
func replacing(old, wanted string) []diag.Edit {
	if old == wanted {
		return nil
	}
	start, end := 0, 0 // how much is the same at either end
	for next := strings.IndexByte(old, '\n') + 1; next > 0 && strings.HasPrefix(wanted, old[:start+next]); {
		start += next
		next = strings.IndexByte(old[start:], '\n') + 1
	}
	for {
		line := strings.LastIndexByte(strings.TrimSuffix(old[start:len(old)-end], "\n"), '\n') + 1
		length := len(old) - start - line
		if length <= end || length > len(wanted)-start || !strings.HasSuffix(wanted, old[len(old)-length:]) {
			break
		}
		end = length
	}
	return []diag.Edit{{Span: source.Span{Start: int32(start), End: int32(len(old) - end)}, New: wanted[start : len(wanted)-end]}}
}

// inOrder are the edits that put each group in order.
func (a *actions) inOrder() (edits []diag.Edit) {
	for _, d := range a.file.Tree.Problems {
		if d.Severity == diag.Error {
			return nil
		}
	}
	for _, group := range a.importGroups() {
		if edit, changed := a.sorted(group); changed {
			edits = append(edits, edit)
		}
	}
	return edits
}

// imported is an import with the text that goes with it.
type imported struct {
	def  *syntax.ImportDef
	span source.Span
	// gone: it is not used, or there is another one like it.
	gone bool
}

// importGroups are the runs of imports with nothing between them but the ends of their lines.
func (a *actions) importGroups() [][]imported {
	text, unused := a.file.Tree.Text, a.unused()
	var groups [][]imported
	end := int32(-1)
	for i, item := range a.file.Tree.Items {
		def, ok := item.Def.(*syntax.ImportDef)
		if !ok {
			end = -1
			continue
		}
		one := imported{def: def, span: source.Span{Start: item.Span.Start, End: lineEnd(text, separated(text, item))}}
		one.gone = unused[i] || a.again(i)
		if end >= 0 && strings.TrimLeft(text[end:one.span.Start], " \t\r") == "\n" {
			groups[len(groups)-1] = append(groups[len(groups)-1], one)
		} else {
			groups = append(groups, []imported{one})
		}
		end = one.span.End
	}
	return groups
}

// unused are the indices of the imports that nothing uses.
func (a *actions) unused() map[int]bool {
	found := map[int]bool{}
	for _, d := range a.s.program.DiagnosticsOf(a.file) {
		if d.Code == diag.UnusedImport {
			index, _ := a.covering(d.Span)
			found[index] = true
		}
	}
	return found
}

// again says whether an import is written once more further down, word for word.
func (a *actions) again(index int) bool {
	items := a.file.Tree.Items
	written := func(item *syntax.Item) string {
		return strings.Join(strings.Fields(a.file.Tree.Text[item.Span.Start:item.Span.End]), " ")
	}
	for _, later := range items[index+1:] {
		def, ok := later.Def.(*syntax.ImportDef)
		if ok && (written(later) == written(items[index]) || samePlain(def, items[index].Def.(*syntax.ImportDef))) {
			return true
		}
	}
	return false
}

// samePlain says whether two imports without attributes and documentation bring in the same, known by the same name.
func samePlain(a, b *syntax.ImportDef) bool {
	count := func(def *syntax.ImportDef) string {
		if def.Count == nil {
			return ""
		}
		return def.Count.Text
	}
	return len(a.Attrs)+len(b.Attrs) == 0 && a.Doc == nil && b.Doc == nil && a.Language == b.Language && a.Name.Text == b.Name.Text &&
		a.Module.Text == b.Module.Text && knownAs(a) == knownAs(b) && count(a) == count(b)
}

// sorted is the edit that puts a group in order; changed is false where it is.
func (a *actions) sorted(group []imported) (edit diag.Edit, changed bool) {
	text := a.file.Tree.Text
	kept := slices.DeleteFunc(slices.Clone(group), func(i imported) bool { return i.gone })
	names := map[string]bool{}
	for _, i := range kept {
		names[knownAs(i.def)] = true
	}
	if len(names) == len(kept) { // else the order decides which one counts
		slices.SortStableFunc(kept, compareImports)
	}
	edit.Span = source.Span{Start: group[0].span.Start, End: group[len(group)-1].span.End}
	var lines []string
	for _, i := range kept {
		lines = append(lines, text[i.span.Start:i.span.End])
	}
	end := "\n"
	if strings.Contains(text[edit.Span.Start:edit.Span.End], "\r\n") {
		end = "\r\n"
	}
	edit.New = strings.Join(lines, end)
	if len(kept) == 0 {
		edit.Span = withoutLines(text, edit.Span)
	}
	return edit, slices.ContainsFunc(group, func(i imported) bool { return i.gone }) || !slices.EqualFunc(kept, group, sameImport)
}

func sameImport(a, b imported) bool { return a.def == b.def }

// knownAs is the name that an import gives the file.
func knownAs(def *syntax.ImportDef) string {
	if def.Alias != nil {
		return def.Alias.Text
	}
	return def.Name.Text
}

func compareImports(a, b imported) int {
	return cmp.Or(cmp.Compare(a.def.Language, b.def.Language), cmp.Compare(a.def.Module.Text, b.def.Module.Text),
		cmp.Compare(a.def.Name.Text, b.def.Name.Text), cmp.Compare(knownAs(a.def), knownAs(b.def)))
}

// withoutLines extends the span of a group that goes over the lines that would stay empty.
func withoutLines(text string, span source.Span) source.Span {
	for int(span.End) < len(text) && (text[span.End] == '\n' || text[span.End] == '\r') {
		span.End++
	}
	return span
}
