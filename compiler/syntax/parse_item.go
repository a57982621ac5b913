package syntax

import (
	"math"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Items: functions, imports, their attributes and doc comments, and what is neither.

// parseItem reads one item, and a second time by its indentation if a bracket was left open in it.
func (p *parser) parseItem() {
	state := p.state()
	free := p.freeComments()
	p.file.Comments = append(p.file.Comments, p.comments[:free]...)
	p.comments = p.comments[free:]
	base := p.tok.start
	if len(p.comments) > 0 {
		base = min(base, p.comments[0].Span.Start)
	}
	again := p.mark()
	item := p.readItem(base, false)
	if p.unbalanced(again) {
		before := p.verdict(again)
		p.rewind(again)
		item = p.readItem(base, true)
		if p.verdict(again) > before {
			p.rewind(again)
			item = p.readItem(base, false)
		}
	}
	state.first -= base
	item.state = state
	p.file.Items = append(p.file.Items, item)
	p.ownComments(item)
}

// lostItem makes an item of text before the current token that the scanner has reported and passed over.
func (p *parser) lostItem() {
	if !p.tok.damaged || p.gap.End > p.tok.start || p.gap.Start < p.prev.end {
		return
	}
	base, n := p.gap.Start, 0
	for n < len(p.comments) && p.comments[n].Span.Start < base {
		n++
	}
	p.file.Comments = append(p.file.Comments, p.comments[:n]...)
	p.comments = p.comments[n:]
	p.item = itemState{base: base}
	bad := &BadDef{node: node{span: p.rel(base, p.gap.End)}}
	item := &Item{Span: p.gap, Def: bad, Nodes: 1, state: state{seen: *p.seen, problems: int32(len(p.problems))}}
	p.file.Items = append(p.file.Items, item)
	p.ownComments(item)
}

// unbalanced says whether the braces of the item just read do not match, so that its indentation may know better.
func (p *parser) unbalanced(start mark) bool {
	if p.item.deep {
		return false
	}
	problems := len(p.problems) - start.problems
	return p.item.open || p.strayFollows() || problems > 1 && p.braceBalance() != 0
}

// verdict is the number of problems that the item just read has, or causes behind it.
func (p *parser) verdict(start mark) int {
	n := len(p.problems) - start.problems
	if p.strayFollows() {
		n++
	}
	return n
}

func (p *parser) strayFollows() bool {
	return p.tok.kind != EOF && p.tok.kind != Semicolon && !p.resumes()
}

// freeComments is how many of the comments before the current token belong to no item: all but those that lie directly
// above the item, without an empty line or code between.
func (p *parser) freeComments() int {
	below := p.tok.start
	for i := len(p.comments) - 1; i >= 0; i-- {
		c := p.comments[i].Span
		if c.Start > p.tok.start {
			continue
		}
		if lineBreaks(p.text[c.End:below]) > 1 || !p.alone(c.Start) {
			return i + 1
		}
		below = c.Start
	}
	return 0
}

func lineBreaks(text string) int {
	n := 0
	for i := range len(text) {
		if text[i] == '\n' {
			n++
		}
	}
	return n
}

// alone says whether the comment at offset does not follow the previous item on the same line.
func (p *parser) alone(offset int32) bool {
	for i := offset - 1; i >= 0; i-- {
		switch p.text[i] {
		case '\n':
			return true
		case ' ', '\t', '\r':
		default:
			return i+1 != p.prev.end
		}
	}
	return true
}

// ownComments gives the item the comments within it. The scanner may be past its end already.
func (p *parser) ownComments(item *Item) {
	n := 0
	for n < len(p.comments) && p.comments[n].Span.Start < item.Span.End {
		p.comments[n].Span = p.comments[n].Span.Shift(-item.Span.Start)
		n++
	}
	item.Comments = p.comments[:n:n]
	p.comments = p.comments[n:]
	doc := p.docComment(item)
	switch def := item.Def.(type) {
	case *FuncDef:
		def.Doc = doc
	case *ImportDef:
		def.Doc = doc
	}
}

// docComment is the last doc comment before the item's keyword.
func (p *parser) docComment(item *Item) *Comment {
	var doc *Comment
	for i := range item.Comments {
		c := &item.Comments[i]
		if c.Span.Start+item.Span.Start < p.item.keyword && c.Doc {
			doc = c
		}
	}
	return doc
}

// mark is a place that the parser can go back to.
type mark struct {
	pos                int32
	damaged            bool
	tok, prev, peeked  lexeme
	ahead              bool
	silent             int32
	dirty, dirtyBefore bool
	comments           int
	problems           int
}

func (p *parser) mark() mark {
	return mark{p.pos, p.damaged, p.tok, p.prev, p.peeked, p.ahead, p.silent, p.dirty, p.dirtyBefore, len(p.comments), len(p.problems)}
}

func (p *parser) rewind(m mark) {
	p.pos, p.damaged, p.tok, p.prev, p.peeked, p.ahead = m.pos, m.damaged, m.tok, m.prev, m.peeked, m.ahead
	p.silent, p.dirty, p.dirtyBefore = m.silent, m.dirty, m.dirtyBefore
	p.comments, p.problems = p.comments[:m.comments], p.problems[:m.problems]
}

func (p *parser) readItem(base int32, layout bool) *Item {
	p.item = itemState{base: base, column: math.MaxInt32, layout: layout, keyword: p.tok.start}
	p.open, p.braces = [tokenKinds]int32{}, p.braces[:0]
	p.context, p.depth = context{}, 0
	p.abandoned = false
	if p.tok.newline || p.prev.end == 0 {
		p.item.column = p.column(p.tok.start)
		p.item.indent = p.item.column
		p.item.line = p.tok.start - p.item.column
	}
	attrs := p.attributes()
	p.item.keyword = p.tok.start
	var def Def
	switch {
	case p.tok.kind == KwFn:
		def = p.function(base, attrs)
	case p.atImport():
		def = p.importDef(base, attrs)
	default:
		def = p.stray(base, attrs)
	}
	p.release()
	return &Item{Span: source.Span{Start: base, End: max(p.prev.end, base)}, Def: def, Nodes: int(p.item.ids)}
}

// release makes the first token of the next item, if that has ended this one, what it is.
func (p *parser) release() {
	if p.item.held != EOF {
		p.tok.kind, p.item.held = p.item.held, EOF
	}
	p.item.inside = false
}

// stray reads up to the next item what is none.
func (p *parser) stray(start int32, attrs []*Attr) Def {
	switch {
	case len(attrs) > 0:
		p.wrong(diag.BadAttribute, "attributes stand before a function or an import, not before %s", p.found())
	case p.tok.kind == RBrace || p.tok.kind == RParen || p.tok.kind == RBracket:
		p.wrong(diag.UnmatchedBracket, "this '%s' closes nothing", p.tok.kind)
	default:
		p.wrong(diag.TopLevelText, "only functions and imports may stand outside of functions, not %s", p.found())
	}
	for first := true; p.tok.kind != EOF && (first || !p.resumes()); first = false {
		p.advance()
	}
	return &BadDef{node: p.node(start), Attrs: attrs}
}

// resumes says whether an item begins at the current token, which lies in what is no item.
func (p *parser) resumes() bool {
	switch {
	case !p.beginsItem():
		return false
	case p.tok.kind == KwFn:
		return p.tok.newline || p.peek().kind == Identifier
	}
	return p.tok.newline || p.tok.kind == AttrOpen
}

// function reads "fn name(params) -> type { … }".
func (p *parser) function(start int32, attrs []*Attr) Def {
	fn := &FuncDef{Attrs: attrs, Fn: p.span(p.tok)}
	p.item.inside = true
	p.advance()
	fn.Name = p.name("a function's name")
	fn.Params, fn.Parens = p.parameters()
	if p.tok.kind == Arrow || p.tok.kind == Colon {
		if p.tok.kind == Colon {
			d := p.wrong(diag.UnexpectedText, "the type of a function's result comes after '->'")
			d.Fixes = fix("write '->'", " ->", p.tok.start, p.tok.end, true)
		}
		p.advance()
		fn.Result = p.typeExpr()
	}
	fn.Body = p.functionBody()
	fn.node = p.node(start)
	return fn
}

func (p *parser) functionBody() *Block {
	if p.tok.kind == Assigns { // "fn f(x) = …"
		p.wrong(diag.UnexpectedText, "a function's body is a block in braces")
		p.advance()
	}
	if p.tok.kind == EOF || p.tok.kind == Semicolon {
		p.missing(diag.MissingBlock, " { null }", "this function has no body")
		return nil
	}
	return p.blockAfter("a function's head")
}

// parameters reads "(a, b: Int)", of a function or lambda.
func (p *parser) parameters() ([]*Param, source.Span) {
	start := p.tok.start
	mark := len(p.paramLists.open)
	if p.tok.kind != LParen {
		p.missing(diag.MissingName, "()", "the parameters are missing: '(' belongs here")
		if p.tok.kind != Identifier {
			return nil, p.rel(p.prev.end, p.prev.end)
		}
		start = p.prev.end
		p.elements(sequence{close: RParen, element: (*parser).parameter, commas: true, head: true}, bracket{p.prev, p.item.indent, p.item.line})
	} else {
		p.sequence(sequence{close: RParen, element: (*parser).parameter, commas: true, head: true})
	}
	return p.paramLists.take(mark), p.rel(start, p.prev.end)
}

func (p *parser) parameter() {
	start := p.tok.start
	param := p.arena.params.new()
	param.Name = p.name("a parameter")
	if param.Name.Text == "" && p.prev.end <= start {
		return
	}
	p.splitSymbol()
	if p.accept(Colon) {
		param.Type = p.typeExpr()
	}
	if p.tok.kind == Assigns {
		p.wrong(diag.UnexpectedText, "a parameter has no default value")
		p.advance()
		p.expr(levelAsync)
	}
	param.node = p.node(start)
	p.paramLists.open = append(p.paramLists.open, param)
}

// name reads an identifier at a place that defines or names something. If there is none its text is empty.
func (p *parser) name(what string) *Name {
	name := p.arena.names.new()
	switch {
	case p.tok.kind == Identifier:
	case p.tok.kind == TypeName:
		p.upperCase()
	case IsKeyword(p.word()) && !p.tok.newline:
		p.wrong(diag.BadName, "'%s' is a keyword and cannot be %s", p.word(), what)
	default:
		p.missing(diag.MissingName, " name", what+" is missing").Fixes = nil
		name.node = p.empty()
		return name
	}
	name.Text = p.keep(p.word())
	p.advance()
	name.node = p.node(p.prev.start)
	return name
}

// upperCase reports a name that begins with an upper-case letter, all of it.
func (p *parser) upperCase() {
	if !p.ahead {
		p.skip(isName)
		p.tok.end = p.pos
	}
	p.wrong(diag.BadName, "'%s' cannot be a name: names begin with a lower-case letter", p.word())
}

// splitSymbol takes a token ":name" for ":" and whatever begins with the name, at the places where only a colon can be.
func (p *parser) splitSymbol() {
	if p.tok.kind != Symbol {
		return
	}
	if p.ahead { // nobody looks ahead from a symbol in these places, but were it so, it has to be undone
		p.ahead = false
		for n := len(p.comments); n > 0 && p.comments[n-1].Span.Start >= p.tok.end; n-- {
			p.comments = p.comments[:n-1]
		}
	}
	p.tok.kind, p.tok.end = Colon, p.tok.start+1
	p.pos = p.tok.end
}

// typeExpr reads "Name[Args]?".
func (p *parser) typeExpr() *TypeExpr {
	t := p.arena.types.new()
	start := p.tok.start
	defer p.leave()
	if !p.enter() || p.tok.kind != TypeName && p.tok.kind != Identifier && p.tok.kind != KwNull && p.tok.kind != KwFn {
		p.missing(diag.MissingName, " Any", "a type is missing")
		t.Name = &Name{node: p.empty()}
		t.node = p.empty()
		return t
	}
	name := p.tok
	p.advance()
	t.Name = p.arena.names.new()
	t.Name.Text = p.keep(p.text[name.start:name.end])
	t.Name.node = p.node(name.start)
	brackets := p.tok
	if p.tok.kind == LBracket {
		mark := len(p.typeLists.open)
		p.sequence(sequence{close: RBracket, element: (*parser).typeArgument, commas: true, head: true})
		t.Args = p.typeLists.take(mark)
	}
	p.checkType(name, t, brackets)
	t.Optional = p.accept(Question)
	t.node = p.node(start)
	return t
}

func (p *parser) typeArgument() {
	t := p.typeExpr()
	p.typeLists.open = append(p.typeLists.open, t)
}
