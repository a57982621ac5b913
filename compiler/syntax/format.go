package syntax

import (
	"slices"
	"sort"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The canonical style: two spaces of indentation, lines of 100 characters, a block on several lines unless it was on one,
// holds one expression and fits, at most one empty line in a row, a comma after the last element of a list whose elements
// have lines of their own. Imports, numbers and strings stay as they were written. Formatting twice is formatting once, and
// the tree stays the same.

// Format is the text in the canonical style. It is not ok if the text has errors in syntax, as these would be guessed at.
func Format(text string) (formatted string, ok bool) {
	for range maxPasses {
		file := Parse(text)
		if slices.ContainsFunc(file.Problems, func(p diag.Diagnostic) bool { return p.Severity == diag.Error }) {
			return text, false
		}
		f := &formatter{text: text, lines: source.NewLines(text)}
		f.file(file)
		formatted = f.String()
		if formatted == text {
			break
		}
		text = formatted
	}
	return formatted, true
}

// maxPasses is how often a text is formatted at most until nothing changes any more. What is on several lines stays so,
// so that a line that had to be broken may have others broken in the next pass.
const maxPasses = 6

type formatter struct {
	layout
	text     string
	lines    *source.Lines
	comments []Comment // those not yet printed, in the file's offsets
	last     int32     // where the last token or comment printed ends in the text
	base     int32     // of the item
	forced   []bool    // by node: it is on several lines
	breaks   []int32   // where the forced nodes begin, descending
}

func (f *formatter) file(file *File) {
	f.comments = append(f.comments, file.Comments...)
	for _, item := range file.Items {
		for _, c := range item.Comments {
			c.Span = item.Abs(c.Span)
			f.comments = append(f.comments, c)
		}
	}
	sort.Slice(f.comments, func(i, j int) bool { return f.comments[i].Span.Start < f.comments[j].Span.Start })
	f.last = int32(len(f.text) - len(strings.TrimPrefix(f.text, byteOrderMark)))
	f.printer.out.Grow(len(f.text) + len(f.text)/8)
	first, tall := f.last, false
	for _, item := range file.Items {
		tall = f.freeComments(item.Span.Start, first, tall)
		f.base = item.Span.Start
		f.decide(item.Def)
		if f.last != first {
			above := tall
			tall = f.tall(item)
			f.drain()
			f.newLine(f.base, above || tall)
		}
		f.item(item)
		tall = f.tall(item)
	}
	f.freeComments(int32(len(f.text))+1, first, tall)
	if f.last != first {
		f.put(hardLine, "")
	}
}

// tall says whether an item is a function on several lines; it keeps a distance to others.
func (f *formatter) tall(item *Item) bool {
	fn, ok := item.Def.(*FuncDef)
	return ok && (f.forced[fn.Body.ID()] || len(item.Comments) > 0 || len(fn.Attrs) > 0)
}

// freeComments prints the comments before offset on lines of their own, or behind what stands before them. It says whether
// the item above, if it is tall, is still what stands directly above.
func (f *formatter) freeComments(offset, first int32, tall bool) bool {
	for len(f.comments) > 0 && f.comments[0].Span.Start < offset {
		c := f.comments[0]
		f.comments = f.comments[1:]
		if f.last != first {
			if f.line(f.last) == f.line(c.Span.Start) {
				f.suffix(c)
				continue
			}
			f.newLine(c.Span.Start, tall)
		}
		tall = false
		f.put(putComment, c.Text)
		f.last = c.Span.End
	}
	return tall
}

func (f *formatter) suffix(c Comment) {
	f.layout.suffix(c.Text)
	f.last = c.Span.End
}

// newLine begins a line for what stands at offset in the text, after an empty one if there was one or has to be.
func (f *formatter) newLine(offset int32, distant bool) {
	if distant || strings.Count(f.text[min(f.last, offset):offset], "\n") > 1 {
		f.put(blankLine, "")
		return
	}
	f.put(hardLine, "")
}

func (f *formatter) line(offset int32) int {
	line, _ := f.lines.OffsetColumn(offset)
	return line
}

// token prints text that stands at an offset of the item, after the comments before it.
func (f *formatter) token(at source.Span, text string) {
	f.flush(at.Start)
	f.layout.text(text)
	f.last = at.End + f.base
}

// flush prints the comments before an offset of the item.
func (f *formatter) flush(offset int32) {
	for len(f.comments) > 0 && f.comments[0].Span.Start < offset+f.base {
		c := f.comments[0]
		f.comments = f.comments[1:]
		switch {
		case f.atLine() && f.line(f.last) != f.line(c.Span.Start):
			f.put(putComment, c.Text)
			f.put(hardLine, "")
		case strings.HasPrefix(c.Text, "//"):
			f.layout.suffix(c.Text)
		default:
			f.inline(c.Text)
		}
		f.last = c.Span.End
	}
}

func (f *formatter) inline(text string) {
	if !strings.HasSuffix(f.lastText(), "(") && !strings.HasSuffix(f.lastText(), "[") {
		f.put(putSpace, "")
	}
	f.put(putComment, text)
	f.put(putSpace, "")
	if strings.Contains(text, "\n") {
		f.breakGroups()
	}
}

// source prints a node as it was written.
func (f *formatter) source(n Node) {
	span := n.Span()
	text := f.text[span.Start+f.base : span.End+f.base]
	f.token(span, strings.ReplaceAll(text, "\r\n", "\n"))
}

// decide finds out which blocks and lists have to be on several lines. Inner nodes come first: what holds one that has to
// is one itself.
func (f *formatter) decide(def Def) {
	var nodes []Node
	most := 0
	Walk(def, func(n Node) bool {
		nodes = append(nodes, n)
		most = max(most, n.ID())
		return true
	})
	f.forced, f.breaks = make([]bool, most+1), f.breaks[:0]
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		if f.mustBreak(n) {
			f.forced[n.ID()] = true
			f.breaks = append(f.breaks, n.Span().Start)
		}
	}
}

func (f *formatter) mustBreak(n Node) bool {
	span := n.Span()
	switch n := n.(type) {
	case *Block:
		return len(n.Exprs) != 1 || f.tallSpan(span)
	case *If, *Try:
		return f.tallSpan(span)
	case *ListLit:
		return len(n.Elems) > 0 && f.startsLine(span.Start, n.Elems[0])
	case *HashLit:
		return len(n.Pairs) > 0 && f.startsLine(span.Start, n.Pairs[0].Key)
	case *StringLit:
		return f.line(span.Start+f.base) != f.line(span.End+f.base)
	}
	return false
}

// startsLine says whether the first element of a list is not on the line of its bracket.
func (f *formatter) startsLine(bracket int32, first Node) bool {
	return f.line(bracket+f.base) != f.line(first.Span().Start+f.base)
}

func (f *formatter) tallSpan(span source.Span) bool {
	return f.line(span.Start+f.base) != f.line(span.End+f.base) || f.holdsBreak(span)
}

// holdsBreak says whether a node that has to be on several lines begins within a span.
func (f *formatter) holdsBreak(span source.Span) bool {
	i := sort.Search(len(f.breaks), func(i int) bool { return f.breaks[i] < span.End })
	return i < len(f.breaks) && f.breaks[i] >= span.Start
}
