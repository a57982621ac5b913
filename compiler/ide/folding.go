package ide

import (
	"cmp"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// FoldKind says what is folded.
type FoldKind uint8

const (
	// FoldCode is what stands between brackets; these are not in the span.
	FoldCode FoldKind = iota
	FoldComment
	FoldImports
)

// Fold is a piece of text of more than one line that can be hidden.
type Fold struct {
	Span source.Span
	Kind FoldKind
}

// Folds are what can be hidden in a file: bodies and blocks, Lists, Hashes and arguments, comments, and groups of imports; in the order
// of their starts, outer ones first.
func Folds(s *Snapshot, path string) []Fold {
	file := s.file(path)
	if file == nil {
		return nil
	}
	f := &folder{lines: source.NewLines(file.Tree.Text)}
	for _, item := range file.Tree.Items {
		syntax.Walk(item.Def, func(n syntax.Node) bool {
			f.node(item, n)
			return true
		})
	}
	f.imports(file.Tree)
	f.comments(file.Tree.Text)
	slices.SortStableFunc(f.folds, func(a, b Fold) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(b.Span.End, a.Span.End))
	})
	return f.folds
}

type folder struct {
	lines *source.Lines
	folds []Fold
}

func (f *folder) add(span source.Span, kind FoldKind) {
	first, _ := f.lines.OffsetColumn(span.Start)
	last, _ := f.lines.OffsetColumn(span.End)
	if first < last {
		f.folds = append(f.folds, Fold{Span: span, Kind: kind})
	}
}

// inside adds what stands between the brackets of a span.
func (f *folder) inside(item *syntax.Item, span source.Span) {
	if span.Len() >= 2 {
		span = item.Abs(span)
		f.add(source.Span{Start: span.Start + 1, End: span.End - 1}, FoldCode)
	}
}

func (f *folder) node(item *syntax.Item, n syntax.Node) {
	switch n := n.(type) {
	case *syntax.Block:
		if n.Close.Len() > 0 {
			f.inside(item, n.Span())
		}
	case *syntax.ListLit, *syntax.HashLit, *syntax.Paren:
		f.inside(item, n.Span())
	case *syntax.Call:
		f.inside(item, n.Parens)
	case *syntax.FuncDef:
		f.inside(item, n.Parens)
	case *syntax.Lambda:
		f.inside(item, n.Parens)
	case *syntax.ImportDef:
		if n.Close.Len() > 0 {
			f.inside(item, source.Span{Start: n.Keyword.End, End: n.Close.End})
		}
	}
}

// imports adds each group of imports that follow one another.
func (f *folder) imports(tree *syntax.File) {
	var group source.Span
	count := 0
	for _, item := range tree.Items {
		if def, ok := item.Def.(*syntax.ImportDef); ok {
			if count++; count == 1 {
				group.Start = item.Abs(def.Keyword).Start // without the comment above it
			}
			group.End = item.Span.End
			continue
		}
		if count > 1 {
			f.add(group, FoldImports)
		}
		count = 0
	}
	if count > 1 {
		f.add(group, FoldImports)
	}
}

// comments adds block comments, and line comments that stand on lines of their own one below the other.
func (f *folder) comments(text string) {
	var run source.Span
	last := -2 // the line of the comment before
	end := func() {
		if last >= 0 {
			f.add(run, FoldComment)
		}
		last = -2
	}
	for _, t := range syntax.Scan(text) {
		switch t.Kind {
		case syntax.BlockComment, syntax.DocComment:
			end()
			f.add(t.Span, FoldComment)
		case syntax.LineComment:
			line, _ := f.lines.OffsetColumn(t.Span.Start)
			if !onlyOnLine(text, t.Span.Start) {
				end()
				continue
			}
			if line != last+1 {
				end()
				run = t.Span
			}
			run.End, last = t.Span.End, line
		default:
			end()
		}
	}
	end()
}

// onlyOnLine says whether nothing but white space stands before an offset on its line.
func onlyOnLine(text string, offset int32) bool {
	for offset > 0 && text[offset-1] != '\n' {
		if !space(text[offset-1]) {
			return false
		}
		offset--
	}
	return true
}
