package ide

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// allOfKind offers to mend all problems of a code in the file, each by its first fix, if there are several.
func (a *actions) allOfKind(d *diag.Diagnostic) {
	var chosen [][]diag.Edit
	for i := range a.problems {
		if other := &a.problems[i]; other.Code == d.Code {
			if edits := a.firstFix(other); len(edits) > 0 {
				chosen = append(chosen, edits)
			}
		}
	}
	if len(chosen) < 2 {
		return
	}
	edits, n := disjoint(chosen)
	action := Action{Title: fmt.Sprintf("fix all %s in this file (%d)", d.Code, n), Kind: QuickFix, Files: a.own(edits), Problem: d}
	if n > 1 && a.mends(&action, d.Code >= 100) {
		a.all = append(a.all, action)
	}
}

// single are the codes whose fixes write something new, which nobody wants many times over.
var single = map[diag.Code]bool{diag.UndefinedName: true, diag.ImportedName: true, diag.MissingPython: true, diag.BadImport: true}

// firstFix are the edits of the first fix of a problem that changes this file only; none if there is no such fix.
func (a *actions) firstFix(d *diag.Diagnostic) []diag.Edit {
	if len(d.Fixes) > 0 {
		return d.Fixes[0].Edits
	}
	find := fixers[d.Code]
	if find == nil || single[d.Code] {
		return nil
	}
	f := &fixing{actions: a, d: d}
	f.item, f.nodes = a.covering(d.Span)
	find(f)
	for _, action := range f.found {
		if len(action.Files) == 1 && action.Files[0].Path == a.file.Path {
			return action.Files[0].Edits
		}
	}
	return nil
}

// fixAll offers to do all that surely is meant.
func (a *actions) fixAll() {
	var chosen [][]diag.Edit
	for i := range a.problems {
		for _, fix := range a.problems[i].Fixes {
			if fix.Certain {
				chosen = append(chosen, fix.Edits)
				break
			}
		}
	}
	edits, n := disjoint(chosen)
	if n > 0 {
		a.all = append(a.all, Action{Title: "fix all that is certain", Kind: FixAll, Files: a.own(edits)})
	}
}

// disjoint are the edits of as many fixes as do not get in each other's way, and how many those are.
func disjoint(fixes [][]diag.Edit) (edits []diag.Edit, n int) {
	var taken []source.Span // in order
	for _, fix := range fixes {
		if slices.ContainsFunc(fix, func(e diag.Edit) bool { return meets(taken, e.Span) }) {
			continue
		}
		for _, e := range fix {
			at, _ := slices.BinarySearchFunc(taken, e.Span.Start, func(s source.Span, start int32) int { return cmp.Compare(s.Start, start) })
			taken = slices.Insert(taken, at, e.Span)
		}
		edits = append(edits, fix...)
		n++
	}
	return edits, n
}

// meets says whether a span touches one of others, which are in order and apart from each other.
func meets(taken []source.Span, span source.Span) bool {
	i, _ := slices.BinarySearchFunc(taken, span.Start, func(s source.Span, start int32) int { return cmp.Compare(s.End, start) })
	return i < len(taken) && taken[i].Start <= span.End
}
