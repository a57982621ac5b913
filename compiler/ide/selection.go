package ide

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Selections are what a selection at an offset grows to, step by step: the token, the expression, what is between the brackets, the
// statement, the block, the function, the file. Each contains the one before and is larger.
func Selections(s *Snapshot, path string, offset int32) []source.Span {
	file := s.file(path)
	if file == nil {
		return nil
	}
	grow := selection{text: file.Tree.Text, offset: offset}
	grow.add(source.Span{End: int32(len(file.Tree.Text))})
	if item := file.Tree.ItemAt(offset); item != nil {
		grow.add(item.Span)
		for _, n := range item.Path(offset) {
			grow.node(item, n)
		}
	}
	grow.token(offset)
	slices.Reverse(grow.spans)
	return grow.spans
}

// selection collects spans from the outside inward.
type selection struct {
	text   string
	offset int32
	spans  []source.Span
}

// add takes a span that lies in the last one, is smaller, and touches the offset.
func (g *selection) add(span source.Span) {
	if !span.Contains(g.offset) || span.Len() == 0 && len(g.spans) > 0 {
		return
	}
	if n := len(g.spans); n > 0 && (!g.spans[n-1].Covers(span) || g.spans[n-1] == span) {
		return
	}
	g.spans = append(g.spans, span)
}

// brackets adds what stands between brackets, with them and without.
func (g *selection) brackets(span source.Span) {
	if span.Len() < 2 {
		return
	}
	g.add(span)
	g.add(g.trimmed(source.Span{Start: span.Start + 1, End: span.End - 1}))
}

// trimmed is a span without the white space at its ends.
func (g *selection) trimmed(span source.Span) source.Span {
	for span.Start < span.End && space(g.text[span.Start]) {
		span.Start++
	}
	for span.End > span.Start && space(g.text[span.End-1]) {
		span.End--
	}
	return span
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// node adds a node, and the parts of it that are no nodes of their own.
func (g *selection) node(item *syntax.Item, n syntax.Node) {
	span := item.Abs(n.Span())
	g.add(span)
	switch n := n.(type) {
	case *syntax.FuncDef:
		if n.Fn.Len() > 0 {
			g.add(source.Span{Start: item.Abs(n.Fn).Start, End: span.End}) // without documentation and attributes
		}
		g.brackets(item.Abs(n.Parens))
	case *syntax.Lambda:
		g.brackets(item.Abs(n.Parens))
	case *syntax.Call:
		g.brackets(item.Abs(n.Parens))
	case *syntax.ListLit, *syntax.HashLit, *syntax.Paren, *syntax.StringLit:
		g.brackets(span)
	case *syntax.Block:
		g.brackets(span)
	case *syntax.ImportDef:
		if n.Close.Len() > 0 {
			g.brackets(source.Span{Start: item.Abs(n.Keyword).End, End: item.Abs(n.Close).End})
		}
	}
	if hash, ok := n.(*syntax.HashLit); ok {
		for _, pair := range hash.Pairs {
			g.add(item.Abs(pair.Key.Span().Join(pair.Value.Span())))
		}
	}
}

// token adds the token or comment that an offset lies in or touches; a name rather than punctuation.
func (g *selection) token(offset int32) {
	start := int32(0)
	for _, span := range g.spans {
		start = span.Start
	}
	var found syntax.Lexeme
	for _, t := range syntax.Scan(g.text[start:]) {
		t.Span = t.Span.Shift(start)
		if t.Span.Start > offset {
			break
		}
		if t.Span.Contains(offset) && (found.Span.Len() == 0 || !syntax.PartOfName(g.text[found.Span.Start])) {
			found = t
		}
	}
	if found.Span.Len() > 0 {
		g.add(found.Span)
	}
}
