package ide

// Code actions: what could be done about a piece of a file. Those that mend a problem are tried out before they are offered: they are
// applied, and if the problem is still there or another one has come they are not shown. Those that only change the form of a program say
// why where they would change its meaning.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// ActionKind says what an action is for.
type ActionKind uint8

const (
	// QuickFix mends a problem, or all of one kind.
	QuickFix ActionKind = iota + 1
	// Extract, Inline and Rewrite change the form of the code and keep its meaning.
	Extract
	Inline
	Rewrite
	// OrganizeImports and FixAll are about a whole file; they may be done whenever it is saved.
	OrganizeImports
	FixAll
)

// Action is a change that is offered.
type Action struct {
	// Title is an imperative.
	Title string
	Kind  ActionKind
	// Files is the change; nil where Disabled says why it cannot be made.
	Files    []FileEdits
	Disabled string
	// Preferred: there is nothing better to do about the problem.
	Preferred bool
	// Problem is the diagnostic that it mends, as Diagnostics has it; nil if it is for no single one.
	Problem *diag.Diagnostic
}

// Actions are what is offered for a piece of a file, which may be empty. wanted says which kinds are asked for.
func Actions(s *Snapshot, path string, span source.Span, wanted func(ActionKind) bool) []Action {
	file := s.file(path)
	if file == nil || file.Prelude {
		return nil
	}
	end := int32(len(file.Tree.Text))
	span = source.Span{Start: max(0, min(span.Start, end)), End: max(0, min(span.End, end))}
	a := &actions{s: s, file: file, span: span, problems: Diagnostics(s, path)}
	for _, offer := range []struct {
		kind ActionKind
		add  func(*actions)
	}{
		{QuickFix, (*actions).fixes}, {Extract, (*actions).extract}, {Inline, (*actions).inline}, {Rewrite, (*actions).rewrite},
		{OrganizeImports, (*actions).organize}, {FixAll, (*actions).fixAll},
	} {
		if wanted(offer.kind) {
			offer.add(a)
		}
	}
	return a.all
}

// actions are being collected.
type actions struct {
	s        *Snapshot
	file     *resolve.File
	span     source.Span
	problems []diag.Diagnostic
	all      []Action
	tries    int
	// words are the file's capitals, once somebody asks.
	words []*capital
}

// mostTries bounds the changes that are tried out for one question.
const mostTries = 60

// fixes offers what mends the problems that the span touches.
func (a *actions) fixes() {
	kinds := map[diag.Code]bool{}
	for i := range a.problems {
		d := &a.problems[i]
		if d.Span.Start > a.span.End || a.span.Start > d.Span.End {
			continue
		}
		offered := a.fixesOf(d)
		for _, fix := range offered {
			fix.Preferred = fix.Preferred && len(offered) == 1
			a.all = append(a.all, fix)
		}
		if len(offered) > 0 && !kinds[d.Code] {
			kinds[d.Code] = true
			a.allOfKind(d)
		}
	}
}

// fixesOf are the fixes of one problem: those that it carries, and those that take the whole project to find.
func (a *actions) fixesOf(d *diag.Diagnostic) []Action {
	var all []Action
	for _, fix := range d.Fixes {
		action := Action{Title: fix.Title, Kind: QuickFix, Files: a.own(fix.Edits), Preferred: fix.Certain, Problem: d}
		if fix.Certain && ofTheParser(d.Code) || a.mends(&action, d.Code >= 100) {
			all = append(all, action)
		}
	}
	if more := fixers[d.Code]; more != nil {
		f := &fixing{actions: a, d: d}
		f.item, f.nodes = a.covering(d.Span)
		more(f)
		for _, action := range f.found {
			same := func(b Action) bool { return slices.EqualFunc(action.Files, b.Files, sameEdits) }
			if !slices.ContainsFunc(all, same) && a.mends(&action, true) {
				all = append(all, action)
			}
		}
	}
	return all
}

// ofTheParser says whether the problem is one of the parser's. What comes to light when it is mended was there before: the sum in
// "async f() + 1" is one of a future, which is only seen once the future is.
func ofTheParser(code diag.Code) bool { return code < 100 || code == diag.AsyncNeedsCall }

func sameEdits(a, b FileEdits) bool { return a.Path == b.Path && slices.Equal(a.Edits, b.Edits) }

// own are edits of the file itself, as the change of a project.
func (a *actions) own(edits []diag.Edit) []FileEdits {
	return []FileEdits{{Path: a.file.Path, Edits: ordered(edits)}}
}

func ordered(edits []diag.Edit) []diag.Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b diag.Edit) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	return edits
}

// mends says whether a change takes its problem away and, if alone is set, brings no other. While the syntax is wrong, not everything is
// looked for, so that mending it may show what was there before.
func (a *actions) mends(action *Action, alone bool) bool {
	if a.tries++; a.tries > mostTries {
		return false
	}
	touched := append([]FileEdits{{Path: a.file.Path}}, action.Files...)
	before, after := a.s.tally(touched), a.s.after(action.Files).tally(touched)
	for code, n := range after {
		if n > before[code] && alone {
			return false
		}
	}
	return after[action.Problem.Code] < before[action.Problem.Code]
}

// tally counts the problems of the files that a change touches, by code.
func (s *Snapshot) tally(files []FileEdits) map[diag.Code]int {
	count, seen := map[diag.Code]int{}, map[string]bool{}
	for _, file := range files {
		if seen[file.Path] {
			continue
		}
		seen[file.Path] = true
		for _, d := range Diagnostics(s, file.Path) {
			count[d.Code]++
		}
	}
	return count
}

// after is the snapshot in which a change has been made.
func (s *Snapshot) after(files []FileEdits) *Snapshot {
	for _, file := range files {
		text := applyEdits(s.Text(file.Path), file.Edits)
		if strings.HasSuffix(file.Path, ".py") {
			s = s.withPython(file.Path, text)
		} else {
			s = s.Open(file.Path, text)
		}
	}
	return s
}

// withPython is the snapshot in which a Python file has another text.
func (s *Snapshot) withPython(path, text string) *Snapshot {
	project := s.project
	project.Read = func(p string) (string, error) {
		if p == path {
			return text, nil
		}
		return s.project.Read(p)
	}
	return s.OnDisk(project, path)
}

// applyEdits is a text after edits, which are in order and do not overlap.
func applyEdits(text string, edits []diag.Edit) string {
	var b strings.Builder
	at := int32(0)
	for _, e := range edits {
		b.WriteString(text[at:e.Span.Start])
		b.WriteString(e.New)
		at = e.Span.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// covering is the index of the item that covers a span, and the nodes that do, the outermost first; -1 and none if there is no such item.
func (a *actions) covering(span source.Span) (index int, nodes []syntax.Node) {
	for i, item := range a.file.Tree.Items {
		if item.Span.Covers(span) {
			return i, pathTo(item.Def, span.Shift(-item.Span.Start))
		}
	}
	return -1, nil
}

// pathTo are the nodes from one down to the innermost that cover a span of the item.
func pathTo(root syntax.Node, span source.Span) []syntax.Node {
	var path []syntax.Node
	for n := root; n != nil; {
		path = append(path, n)
		var inner syntax.Node
		for child := range syntax.Children(n) {
			if child.Span().Covers(span) {
				inner = child
			}
		}
		n = inner
	}
	return path
}
