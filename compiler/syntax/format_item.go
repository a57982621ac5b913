package syntax

// How items and blocks are printed.

import (
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

func (f *formatter) item(item *Item) {
	switch def := item.Def.(type) {
	case *FuncDef:
		f.attributes(def.Attrs)
		f.leading(def.Fn.Start)
		f.function(def)
	case *ImportDef:
		f.attributes(def.Attrs)
		f.leading(def.Keyword.Start)
		f.importDef(def)
	}
}

// leading prints the comments above an item, each on lines of its own.
func (f *formatter) leading(offset int32) {
	for len(f.comments) > 0 && f.comments[0].Span.Start < offset+f.base {
		f.put(putComment, f.comments[0].Text)
		f.put(hardLine, "")
		f.last = f.comments[0].Span.End
		f.comments = f.comments[1:]
	}
}

// importDef prints an import as it was written: people align them in columns.
func (f *formatter) importDef(def *ImportDef) {
	f.token(def.Keyword, "import")
	end := def.Span().End + f.base
	text := f.text[f.last:end]
	for len(f.comments) > 0 && f.comments[0].Span.Start < end {
		f.comments = f.comments[1:]
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	f.layout.text(strings.Join(lines, "\n") + ";")
	f.last = end
}

// attributes prints each "#[…]" on a line of its own.
func (f *formatter) attributes(attrs []*Attr) {
	for len(attrs) > 0 {
		n := 1
		for n < len(attrs) && !strings.Contains(f.between(attrs[n-1], attrs[n]), "#[") {
			n++
		}
		f.leading(attrs[0].Span().Start)
		f.layout.text("#[")
		f.group()
		f.put(indent, "")
		f.put(softLine, "")
		for i, attr := range attrs[:n] {
			f.separate(i)
			f.attribute(attr)
		}
		f.finish(attrs[n-1].Span().End, "]")
		f.put(hardLine, "")
		attrs = attrs[n:]
	}
}

func (f *formatter) between(a, b Node) string {
	return f.text[a.Span().End+f.base : b.Span().Start+f.base]
}

func (f *formatter) attribute(attr *Attr) {
	f.source(attr.Name)
	if len(attr.Args) == 0 {
		return
	}
	f.layout.text("(")
	f.group()
	f.put(indent, "")
	f.put(softLine, "")
	for i, arg := range attr.Args {
		f.separate(i)
		if arg.Key != nil {
			f.source(arg.Key)
			f.layout.text("=")
		}
		f.expr(arg.Value)
	}
	f.finish(attr.Span().End-1, ")")
}

func (f *formatter) function(fn *FuncDef) {
	f.token(fn.Fn, "fn")
	f.layout.text(" ")
	f.source(fn.Name)
	f.params(fn.Params, fn.Parens)
	if fn.Result != nil {
		f.layout.text(" -> ")
		f.typeExpr(fn.Result)
	}
	f.layout.text(" ")
	f.group()
	f.block(fn.Body, f.forced[fn.Body.ID()])
	f.end()
}

func (f *formatter) params(params []*Param, parens source.Span) {
	f.token(source.Span{Start: parens.Start, End: parens.Start + 1}, "(")
	f.group()
	f.put(indent, "")
	if len(params) > 0 {
		f.put(softLine, "")
	}
	for i, p := range params {
		f.separate(i)
		f.source(p.Name)
		if p.Type != nil {
			f.layout.text(": ")
			f.typeExpr(p.Type)
		}
	}
	if len(params) == 0 {
		f.finishEmpty(parens.End-1, ")")
		return
	}
	f.finish(parens.End-1, ")")
}

// separate prints what lies between two elements of a list.
func (f *formatter) separate(i int) {
	if i > 0 {
		f.layout.text(",")
		f.put(spaceLine, "")
	}
}

// finish prints the end of a list, whose closing bracket stands at an offset of the item.
func (f *formatter) finish(at int32, bracket string) {
	f.put(ifBroken, ",")
	f.finishEmpty(at, bracket)
}

func (f *formatter) finishEmpty(at int32, bracket string) {
	f.trailing(at)
	f.put(dedent, "")
	if f.lastText() != "(" && f.lastText() != "[" && f.lastText() != "{" {
		f.put(softLine, "")
	}
	f.token(source.Span{Start: at, End: at + 1}, bracket)
	f.end()
}

// trailing prints the comments after the last element of a list or block, each of which was on a line of its own stays so.
func (f *formatter) trailing(at int32) {
	for len(f.comments) > 0 && f.comments[0].Span.Start < at+f.base {
		c := f.comments[0]
		f.comments = f.comments[1:]
		switch {
		case f.line(f.last) != f.line(c.Span.Start):
			f.newLine(c.Span.Start, false)
			f.put(putComment, c.Text)
		case strings.HasPrefix(c.Text, "//"):
			f.layout.suffix(c.Text)
		default:
			f.inline(c.Text)
		}
		f.last = c.Span.End
	}
}

func (f *formatter) typeExpr(t *TypeExpr) {
	f.source(t.Name)
	for i, arg := range t.Args {
		f.layout.text(map[bool]string{true: "[", false: ", "}[i == 0])
		f.typeExpr(arg)
	}
	if len(t.Args) > 0 {
		f.layout.text("]")
	}
	if t.Optional {
		f.layout.text("?")
	}
}

// block prints "{ … }", on several lines if it is tall or the group around it is broken.
func (f *formatter) block(b *Block, tall bool) {
	f.token(b.Open, "{")
	f.put(indent, "")
	if !tall {
		f.put(spaceLine, "")
		f.expr(b.Exprs[0])
		f.trailing(b.Close.Start)
		f.put(dedent, "")
		f.put(spaceLine, "")
		f.token(b.Close, "}")
		return
	}
	for i, e := range b.Exprs {
		f.statement(e, i == 0)
		if i+1 < len(b.Exprs) && f.needsSemicolon(e, b.Exprs[i+1]) {
			f.layout.text(";")
		}
	}
	f.trailing(b.Close.Start)
	f.put(dedent, "")
	f.put(hardLine, "")
	f.token(b.Close, "}")
}

// statement prints an expression of a block on lines of its own, and the comments before it.
func (f *formatter) statement(e Expr, first bool) {
	start := e.Span().Start + f.base
	for len(f.comments) > 0 && f.comments[0].Span.Start < start {
		c := f.comments[0]
		f.comments = f.comments[1:]
		if f.line(f.last) == f.line(c.Span.Start) && (strings.HasPrefix(c.Text, "//") || f.line(c.Span.End) != f.line(start)) {
			f.suffix(c)
			continue
		}
		f.statementLine(c.Span.Start, first)
		f.put(putComment, c.Text)
		f.last = c.Span.End
		first = false
		if f.line(c.Span.End) == f.line(start) { // "/* what */ expression"
			f.put(putSpace, "")
			f.expr(e)
			return
		}
	}
	f.statementLine(start, first)
	f.expr(e)
}

func (f *formatter) statementLine(start int32, first bool) {
	if first {
		f.put(hardLine, "")
		return
	}
	f.newLine(start, false)
}

// clause prints the keyword that goes on after a block, on a line of its own if a comment stands before it.
func (f *formatter) clause(after *Block, keyword string) {
	last, lines := after.Close.End+f.base, false
	for len(f.comments) > 0 {
		c := f.comments[0]
		if strings.TrimLeft(f.text[last:c.Span.Start], " \t\r\n") != "" {
			break
		}
		f.comments = f.comments[1:]
		last = c.Span.End
		if f.line(f.last) == f.line(c.Span.Start) {
			f.suffix(c)
		} else {
			f.put(hardLine, "")
			f.put(putComment, c.Text)
			f.last = c.Span.End
		}
		lines = true
	}
	if lines {
		f.put(hardLine, "")
	} else {
		f.layout.text(" ")
	}
	f.layout.text(keyword + " ")
}

// needsSemicolon says whether ";" stands between two expressions: not after an "if" or "try", unless what follows would
// be taken for a continuation by a reader.
func (f *formatter) needsSemicolon(e, next Expr) bool {
	switch e.(type) {
	case *If, *Try:
		c := f.text[next.Span().Start+f.base]
		return c == '(' || c == '-'
	}
	return true
}
