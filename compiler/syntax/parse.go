package syntax

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The parser is one of recursive descent, with precedence climbing for operators. It never fails: what is missing is
// reported where it belongs and taken as if it were there, what is too much is reported and passed over, and a mistake is
// reported once. Three rules keep it so:
//
//   - At one token at most one problem is reported; text that the scanner has complained about counts as one.
//   - A function ends where the next item begins, whatever is still open: "fn", "#[" or "import(" that comes first on its
//     line and no deeper than the item's own first word. Inside an item such a token is EOF.
//   - A function that is still open there is read once more, with an eye on the indentation, to find the bracket that
//     was meant to be closed.
//
// Every loop consumes a token per turn, nothing looks further ahead than a fixed number of tokens, and an item is read
// at most twice, so time is linear.

// maxDepth is how deeply brackets, blocks and prefixes may nest, so that those who walk the tree may recurse.
const maxDepth = 500

type parser struct {
	scanner
	arena
	file *File

	tok    lexeme // the next token to take
	prev   lexeme // the last one taken
	peeked lexeme
	ahead  bool // peeked has been read

	item        itemState
	context     context
	depth       int
	open        [tokenKinds]int32 // by closing bracket: how many are open around here
	braces      []bracket         // those of open
	abandoned   bool              // the "{" of the hash that is being read should not be there
	gap         source.Span       // the lost text before tok, if that is damaged
	silent      int32             // a problem that is noticed at the token at this offset has been reported already
	dirtyBefore bool              // what dirty was at the end of the last line
}

// itemState is about the item that is being read.
type itemState struct {
	base    int32 // offset of the item in the file
	ids     int32
	inside  bool  // the next item's first token ends this one
	indent  int32 // of the current line, if layout is set
	line    int32 // where it starts
	column  int32 // of the item's first token in its line
	keyword int32 // offset of "fn" or "import"; of the first attribute while these are read
	held    Token // what the EOF at the next item's first token is
	open    bool  // a bracket was left open
	layout  bool  // the indentation says where blocks end
	deep    bool  // nested too deeply, which has been reported
	counted bool  // braces is known
	balance int   // opening braces less closing ones
}

// context is where an expression stands.
type context struct {
	brackets   bool // inside ( ), [ ], arguments or a hash, and not in a block inside them
	conditions bool // in the condition of an "if", and not in brackets inside it
	head       bool // in the condition of an "if", brackets inside it included
}

// Parse reads a file. It never fails and takes linear time; what is wrong is in the file's Problems.
func Parse(text string) *File {
	p := newParser(text)
	p.items(func() bool { return false })
	p.file.Comments = append(p.file.Comments, p.comments...)
	p.file.finish(p.problems)
	return p.file
}

func newParser(text string) *parser {
	return &parser{scanner: newScanner(text), file: &File{Text: text}, silent: -1}
}

// items reads items up to the end, or until stop, which is asked before each, says that it is enough.
func (p *parser) items(stop func() bool) {
	p.advance()
	p.lostItem()
	for p.tok.kind != EOF && !stop() {
		if !p.accept(Semicolon) {
			p.parseItem()
		}
		p.lostItem()
	}
}

// finish sets the file's problems: those that were found, in the order in which they were, and that of the text as a whole.
func (f *File) finish(found []diag.Diagnostic) {
	f.found = found
	order := func(a, b diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) }
	f.Problems = append(invalidUTF8(f.Text), found...)
	if !slices.IsSortedFunc(f.Problems, order) {
		slices.SortStableFunc(f.Problems, order)
	}
}

// advance takes the current token.
func (p *parser) advance() {
	p.prev = p.tok
	if p.ahead {
		p.tok, p.ahead = p.peeked, false
	} else {
		p.tok = p.scanner.next()
	}
	if p.tok.damaged {
		p.silent, p.gap = p.tok.start, p.lost
	}
	if p.tok.newline {
		p.beginLine()
	}
}

// beginLine sees what the first token of a line says.
func (p *parser) beginLine() {
	p.dirtyBefore, p.dirty = p.dirty, p.tok.damaged
	if p.item.layout {
		p.item.indent = p.column(p.tok.start)
		p.item.line = p.tok.start - p.item.indent
	}
	if p.item.inside && p.beginsItem() && p.column(p.tok.start) <= p.item.column {
		p.item.held, p.tok.kind = p.tok.kind, EOF
	}
}

// peek is the token after the current one.
func (p *parser) peek() lexeme {
	if p.tok.kind == EOF {
		return p.tok
	}
	if !p.ahead {
		p.peeked, p.ahead = p.scanner.next(), true
	}
	return p.peeked
}

// beginsItem says whether the current token can be the first of an item.
func (p *parser) beginsItem() bool {
	switch p.tok.kind {
	case KwFn, AttrOpen:
		return true
	case Identifier:
		return p.atImport()
	}
	return false
}

// atImport says whether the current token is the word "import" before a parenthesis.
func (p *parser) atImport() bool {
	if p.is("import") {
		p.look(p.tok.end + 80)
		rest := strings.TrimLeft(p.text[p.tok.end:min(int(p.tok.end)+80, len(p.text))], " \t\r\n")
		return strings.HasPrefix(rest, "(")
	}
	return false
}

// column is the distance of offset, a place with white space and comments only before it, from the start of its line.
func (p *parser) column(offset int32) int32 {
	return offset - int32(strings.LastIndexByte(p.text[:offset], '\n')) - 1
}

// is says whether the current token is this word.
func (p *parser) is(word string) bool {
	return p.tok.kind == Identifier && p.text[p.tok.start:p.tok.end] == word
}

func (p *parser) word() string { return p.text[p.tok.start:p.tok.end] }

// accept takes a token of this kind, if it is the current one.
func (p *parser) accept(kind Token) bool {
	if p.tok.kind != kind {
		return false
	}
	p.advance()
	return true
}

// Places. Spans of nodes are relative to the item, those of problems are not.

func (p *parser) rel(start, end int32) source.Span {
	return source.Span{Start: start - p.item.base, End: end - p.item.base}
}

func (p *parser) span(t lexeme) source.Span { return p.rel(t.start, t.end) }

// node begins a node at an offset of the file; it ends with the last token taken.
func (p *parser) node(start int32) node {
	id := p.item.ids
	p.item.ids++
	return node{span: p.rel(start, max(start, p.prev.end)), id: id}
}

// empty is a node for what should be before the current token and is not.
func (p *parser) empty() node { return p.node(p.prev.end) }

func (p *parser) startOf(n Node) int32 { return n.Span().Start + p.item.base }
func (p *parser) endOf(n Node) int32   { return n.Span().End + p.item.base }

// Problems.

// noticed says whether a problem that is seen at the current token is a new one, and makes the next one there an old
// one. So are those in the rest of the line, up to the end of the expression of a block.
func (p *parser) noticed() bool {
	if p.silent == p.tok.start || p.item.deep || p.dirty {
		return false
	}
	p.derail()
	return true
}

// noticedBehind is noticed for a problem of what is before the current token, perhaps on an earlier line.
func (p *parser) noticedBehind() bool {
	if !p.tok.newline {
		return p.noticed()
	}
	if p.silent == p.tok.start || p.item.deep || p.dirtyBefore {
		return false
	}
	p.silent, p.dirtyBefore = p.tok.start, true
	return true
}

// derail makes problems at the current token and in the rest of its line old ones.
func (p *parser) derail() { p.silent, p.dirty = p.tok.start, true }

// nothing takes what is said about a problem that is an old one.
func nothing() *diag.Diagnostic { return new(diag.Diagnostic) }

// wrong reports the current token.
func (p *parser) wrong(code diag.Code, format string, args ...any) *diag.Diagnostic {
	if !p.noticed() {
		return nothing()
	}
	start, end := p.tok.start, p.tok.end
	if p.tok.kind == EOF {
		start, end = p.prev.end, p.prev.end
	}
	return p.report(code, start, end, fmt.Sprintf(format, args...))
}

// missing reports that text belongs directly after the last token.
func (p *parser) missing(code diag.Code, text, message string) *diag.Diagnostic {
	if !p.noticedBehind() {
		return nothing()
	}
	d := p.report(code, p.prev.end, p.prev.end, message)
	d.Fixes = fix("add '"+strings.TrimSpace(text)+"'", text, p.prev.end, p.prev.end, false)
	return d
}

// found names the current token for a message.
func (p *parser) found() string {
	switch p.tok.kind {
	case EOF:
		if int(p.tok.start) < len(p.text) {
			return "the next definition"
		}
		return "the end of the file"
	case String:
		return "a string"
	}
	word := p.word()
	if len(word) > 30 {
		word = word[:30] + "…"
	}
	return "'" + word + "'"
}

// enter goes one level deeper, if that is allowed. Every level entered is left with leave.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	if !p.item.deep {
		p.wrong(diag.TooDeep, "this is nested more than %d levels deep", maxDepth)
		p.item.deep = true
	}
	for p.tok.kind != EOF {
		p.advance()
	}
	return false
}

func (p *parser) leave() { p.depth-- }
