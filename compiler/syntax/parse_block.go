package syntax

import (
	"fmt"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// Blocks and bracketed lists, and how to go on when their separators or closing brackets are not where they should be.

// block reads "{ e; e }"; the current token is the brace.
func (p *parser) block() *Block {
	opening := p.bracket()
	p.advance()
	return p.blockFrom(opening)
}

// bracket is an opening bracket and the indentation of its line.
type bracket struct {
	lexeme
	indent, line int32 // known only when they are needed
}

// bracket is the current token as one.
func (p *parser) bracket() bracket { return bracket{p.tok, p.item.indent, p.item.line} }

// blockFrom reads a block whose opening brace has been taken, or, if it is missing, is empty.
func (p *parser) blockFrom(opening bracket) *Block {
	b := p.blocks.new()
	b.Open = p.span(opening.lexeme)
	saved := p.context
	p.context = context{}
	p.openBrace(opening)
	mark := len(p.exprs.open)
	if p.enter() {
		p.statements()
	}
	p.leave()
	b.Exprs = p.exprs.take(mark)
	p.context = saved
	p.closeBlock(b, opening)
	b.node = p.node(opening.start)
	return b
}

func (p *parser) openBrace(opening bracket) {
	p.open[RBrace]++
	p.braces = append(p.braces, opening)
}

func (p *parser) closeBrace() {
	p.open[RBrace]--
	p.braces = p.braces[:len(p.braces)-1]
}

func (p *parser) closeBlock(b *Block, opening bracket) {
	left := p.leftOpen()
	p.closeBrace()
	b.Close = p.rel(p.prev.end, p.prev.end)
	if p.tok.kind != RBrace || left {
		p.unclosed(opening, RBrace)
		return
	}
	p.advance()
	b.Close = p.span(p.prev)
	if len(b.Exprs) == 0 && p.clean(opening.start) {
		d := p.report(diag.EmptyBlock, opening.start, p.prev.end, "a block needs at least one expression")
		d.Fixes = fix("add 'null'", "{ null }", opening.start, p.prev.end, false)
	}
}

// The indentation is asked only when the braces of an item do not match. Then it says, of a "}" that comes first on its
// line, which line the opening one is in.

// leftOpen says whether the current "}" closes a brace further out than the innermost one.
func (p *parser) leftOpen() bool {
	n := len(p.braces)
	if !p.item.layout || n < 2 || p.tok.kind != RBrace || !p.tok.newline {
		return false
	}
	inner, outer := p.braces[n-1], p.braces[n-2]
	if inner.line == outer.line && p.item.indent == inner.indent {
		switch p.peek().kind {
		case RBrace, RParen, RBracket, Comma:
			return false
		}
		return true // one too many was opened in that line
	}
	return p.item.indent < inner.indent
}

// dedented says whether the current token, the first of an expression, lies outside of the innermost block.
func (p *parser) dedented() bool {
	n := len(p.braces)
	return p.item.layout && n > 1 && p.tok.newline && p.item.indent <= p.braces[n-1].indent
}

// tooMany says whether the current "}" closes nothing.
func (p *parser) tooMany() bool {
	n := len(p.braces)
	if !p.item.layout || n == 0 {
		return false
	}
	inner := p.braces[n-1]
	if n == 1 && !p.itemEnds(p.peek()) {
		return true
	}
	if p.tok.newline {
		return p.item.indent > inner.indent
	}
	if inner.line == p.item.line {
		return false
	}
	next := p.peek()
	return !next.newline && next.kind != EOF && next.kind != RBrace && next.kind != RParen
}

// itemEnds says whether an item may end before this token.
func (p *parser) itemEnds(next lexeme) bool {
	switch next.kind {
	case EOF, KwFn, AttrOpen, Semicolon:
		return true
	}
	return p.text[next.start:next.end] == "import"
}

// statements reads expressions up to the block's closing brace, or to where it should have been.
func (p *parser) statements() {
	first := len(p.exprs.open)
	for {
		switch p.tok.kind {
		case Semicolon:
			p.dirty = false
			p.advance()
			continue
		case RBrace:
			if !p.tooMany() {
				return
			}
			p.strayToken(first)
			continue
		case EOF:
			return
		case KwElse, Identifier:
			if p.clauseFollows() {
				return
			}
			if p.is("catch") && p.strayCatch(first) {
				continue
			}
		}
		switch p.tok.kind {
		case RParen, RBracket, Comma, Colon, Arrow, Question, AttrOpen, KwElse:
			if p.open[p.tok.kind] > 0 || p.tok.kind == Comma && p.open[RParen]+p.open[RBracket] > 0 && p.surplusBrace() {
				return // the bracket around the block ends or goes on here
			}
			p.strayToken(first)
			continue
		}
		if p.dedented() {
			return
		}
		p.exprs.open = append(p.exprs.open, p.expr(levelAsync))
		p.endStatement()
	}
}

// clauseFollows says whether an "else" or "catch" shows that the block before it has not been closed.
func (p *parser) clauseFollows() bool {
	if p.tok.kind == Identifier && (!p.is("catch") || p.peek().kind != Identifier) {
		return false
	}
	return p.prev.kind != Semicolon && p.surplusBrace()
}

// strayCatch reads "catch e { … }" without a "try".
func (p *parser) strayCatch(first int) bool {
	if next := p.peek(); next.kind != Identifier || next.newline {
		return false
	}
	if n := len(p.exprs.open); n == first || p.clean(p.startOf(p.exprs.open[n-1])) {
		p.wrong(diag.UnexpectedText, "there is no 'try' before this 'catch'")
	}
	p.derail()
	p.advance()
	p.advance()
	if p.tok.kind == LBrace {
		block := p.block()
		p.exprs.open = append(p.exprs.open, block.Exprs...)
	}
	return true
}

// surplusBrace says whether the item has a "{" too many, and counts it as found.
func (p *parser) surplusBrace() bool {
	if p.braceBalance() <= 0 {
		return false
	}
	p.item.balance--
	return true
}

// strayToken reports a token with which no expression begins, between two expressions.
func (p *parser) strayToken(first int) {
	switch p.tok.kind {
	case RParen, RBracket, RBrace:
		d := p.wrong(diag.UnmatchedBracket, "this '%s' closes nothing", p.tok.kind)
		d.Fixes = fix("remove '"+p.tok.kind.String()+"'", "", p.tok.start, p.tok.end, false)
	case KwElse:
		p.lonelyElse(first)
		return
	default:
		p.wrong(diag.UnexpectedText, "%s is not expected here", p.found())
	}
	p.derail()
	p.advance()
}

// lonelyElse reads an "else" that a ";" or something else separates from its "if".
func (p *parser) lonelyElse(first int) {
	d := p.wrong(diag.LonelyElse, "there is no 'if' directly before this 'else'")
	semicolon := p.prev
	p.advance()
	if p.tok.kind != LBrace && p.tok.kind != KwIf {
		return
	}
	var target *If
	if n := len(p.exprs.open); n > first {
		target, _ = p.exprs.open[n-1].(*If)
	}
	if target != nil && target.Else == nil && semicolon.kind == Semicolon {
		d.Fixes = fix("remove ';'", "", semicolon.start, semicolon.end, true)
	}
	if p.tok.kind == KwIf {
		p.exprs.open = append(p.exprs.open, p.ifExpr())
		return
	}
	block := p.blockAfter("'else'")
	if target == nil || target.Else != nil {
		target = p.ifs.new()
		target.node = p.node(p.startOf(block))
		p.exprs.open = append(p.exprs.open, target)
	}
	target.Else = block
	target.span.End = block.span.End
}

// endStatement sees to what lies between the expression just read and the next one.
func (p *parser) endStatement() {
	switch p.tok.kind {
	case Semicolon, RBrace, EOF:
		return
	}
	if p.prev.kind == RBrace {
		if p.tok.kind == LParen || p.tok.kind == Minus {
			p.braceWarning()
		}
		return
	}
	if !begins(p.tok.kind) || p.dedented() || p.is("catch") && p.clauseFollows() {
		return // a stray token, or the end of the bracket around the block
	}
	if p.tok.newline {
		d := p.missing(diag.MissingSemicolon, ";", "a ';' is missing between two expressions")
		for i := range d.Fixes {
			d.Fixes[i].Certain = true
		}
		return
	}
	if p.tok.kind == LBrace && p.blockFollows() {
		p.strayBlock()
		return
	}
	p.missing(diag.MissingSemicolon, ";", fmt.Sprintf("a ';' or an operator is missing before %s", p.found()))
	p.derail()
}

// strayBlock reads a block after an expression as that of an "if", or leaves out its brace if that is one too many.
func (p *parser) strayBlock() {
	p.wrong(diag.HashOrBlock, "a block cannot stand here: it has no 'if', 'else', 'try' or head of a function before it")
	if p.surplusBrace() {
		p.advance()
		return
	}
	last := len(p.exprs.open) - 1
	cond := p.exprs.open[last]
	p.exprs.open[last] = p.ifRest(p.startOf(cond), cond)
	p.endStatement()
}

// braceWarning warns of a "(" or "-" after a "}": it begins a new expression, which is not what one sees.
func (p *parser) braceWarning() {
	e := p.exprs.open[len(p.exprs.open)-1]
	start, end := p.startOf(e), p.prev.end
	if a, ok := e.(*Assign); ok {
		start = p.startOf(a.Value)
	}
	d := p.report(diag.BraceEndsHere, p.tok.start, p.tok.end,
		fmt.Sprintf("the expression before ends with '}', so that '%s' begins a new one", p.tok.kind))
	d.Related = []diag.Related{{Span: p.absolute(p.rel(p.prev.start, end)), Message: "it ends here"}}
	d.Fixes = []diag.Fix{
		{Title: "put the expression before in parentheses, to continue it", Edits: []diag.Edit{
			{Span: p.absolute(p.rel(start, start)), New: "("}, {Span: p.absolute(p.rel(end, end)), New: ")"},
		}},
		fix("add ';', to begin a new one", ";", end, end, false)[0],
	}
}

// blockAfter reads the block that has to follow.
func (p *parser) blockAfter(what string) *Block {
	if p.tok.kind == LBrace || p.toBrace(what) {
		return p.block()
	}
	d := p.missing(diag.MissingBlock, " {", fmt.Sprintf("a block in braces belongs after %s", what))
	switch {
	case p.tok.kind == EOF, p.tok.kind == Semicolon:
	case p.lacksBrace():
		p.item.balance++
		return p.blockFrom(bracket{lexeme{start: p.prev.end, end: p.prev.end, kind: LBrace}, p.item.indent, p.item.line})
	case !p.tok.newline && begins(p.tok.kind):
		d.Fixes = nil
		return p.bracelessBlock()
	}
	d.Fixes = nil
	return p.noBlock()
}

// toBrace passes over what lies between the head of a block and its brace, if there is one in this line.
func (p *parser) toBrace(what string) bool {
	if !p.braceInLine() {
		return false
	}
	p.wrong(diag.MissingBlock, "a block in braces belongs after %s, not %s", what, p.found())
	for p.tok.kind != LBrace {
		p.advance()
	}
	return true
}

// braceInLine says whether there is a brace in the rest of the line that could begin the block that is missing here.
func (p *parser) braceInLine() bool {
	q := p.from(p.tok.end)
	depth := 0
	for tok, n := p.tok, 0; !tok.newline && n < 32; tok, n = q.next(), n+1 {
		switch tok.kind {
		case LParen, LBracket:
			depth++
		case RParen, RBracket:
			depth--
		case LBrace:
			if depth <= 0 {
				return true
			}
		case EOF, Semicolon:
			return false
		case RBrace, KwElse:
			if n > 0 {
				return false
			}
		}
	}
	return false
}

// bracelessBlock takes one expression for the block that should be there, as in C.
func (p *parser) bracelessBlock() *Block {
	b := p.blocks.new()
	start := p.tok.start
	b.Open = p.rel(start, start)
	e := p.expr(levelAsync)
	b.Exprs = []Expr{e}
	b.Close = p.rel(p.prev.end, p.prev.end)
	b.node = p.node(start)
	return b
}

func (p *parser) noBlock() *Block {
	b := p.blocks.new()
	b.node = p.empty()
	b.Open, b.Close = b.span, b.span
	return b
}

// lacksBrace says whether the item has more closing than opening braces.
func (p *parser) lacksBrace() bool { return p.braceBalance() < 0 }

// braceBalance is the number of opening braces of the item less that of the closing ones.
func (p *parser) braceBalance() int {
	if !p.item.counted {
		p.item.counted = true
		p.item.balance = p.countBraces()
	}
	return p.item.balance
}

// countBraces is the number of opening braces less the closing ones, from the item's start to the next item.
func (p *parser) countBraces() int {
	q := parser{scanner: p.from(p.item.keyword), silent: -1}
	q.advance()
	q.item = itemState{inside: true, column: p.item.column}
	n := 0
	for {
		q.advance()
		q.comments, q.problems = q.comments[:0], q.problems[:0]
		switch q.tok.kind {
		case EOF:
			return n
		case LBrace:
			n++
		case RBrace:
			n--
		}
	}
}

// blockFollows says whether the brace at the current token begins a block rather than a hash: whether a ";" or the end
// comes before a ":". It looks at no more than a few tokens.
func (p *parser) blockFollows() bool {
	q := p.from(p.tok.end)
	depth, first := 0, EOF
	for n := range 32 {
		tok := q.next()
		if n == 0 {
			first = tok.kind
		}
		switch tok.kind {
		case Assigns:
			if n == 1 && first != Identifier {
				return false // "{"key" = value}"
			}
		case LBrace, LParen, LBracket:
			depth++
		case RParen, RBracket:
			if depth == 0 {
				return false
			}
			depth--
		case RBrace:
			if depth == 0 {
				return n > 0
			}
			depth--
		case Colon, Symbol:
			if depth == 0 {
				return false
			}
		case Semicolon:
			if depth == 0 {
				return true
			}
		case EOF:
			return false
		}
	}
	return false
}

// sequence is a list of elements in brackets.
type sequence struct {
	close   Token
	element func(*parser)
	commas  bool // there may be several, separated by commas
	head    bool // it belongs to the head of a block
}

// sequence reads a list in brackets; the current token is the opening one.
func (p *parser) sequence(s sequence) {
	opening := p.bracket()
	p.advance()
	p.elements(s, opening)
}

// elements reads a list whose opening bracket has been taken.
func (p *parser) elements(s sequence, opening bracket) {
	saved := p.context
	p.context = context{brackets: true, head: p.context.head}
	left := false
	if s.close == RBrace {
		p.openBrace(opening)
	} else {
		p.open[s.close]++
	}
	if p.enter() {
		p.eachElement(s)
	}
	p.leave()
	abandoned := p.abandoned
	p.abandoned = false
	if s.close == RBrace {
		left = p.leftOpen()
		p.closeBrace()
	} else {
		p.open[s.close]--
	}
	p.context = saved
	if abandoned {
		return
	}
	if p.tok.kind == s.close && !left {
		p.advance()
		return
	}
	p.unclosed(opening, s.close)
}

// closesAnother says whether the current token closes a bracket further out, where an element may begin: the one around is not closed.
func (p *parser) closesAnother() bool {
	switch p.tok.kind {
	case RParen, RBracket, RBrace:
		return p.open[p.tok.kind] > 0
	}
	return false
}

// eachElement reads elements until the closing bracket, or what cannot be in the list, is the current token.
func (p *parser) eachElement(s sequence) {
	lines := p.tok.newline // elements have lines of their own
	for p.tok.kind != s.close && p.tok.kind != EOF && !s.endsBefore(p.tok.kind) && !p.closesAnother() {
		before := p.tok.start
		s.element(p)
		if p.abandoned || p.tok.kind == s.close || p.tok.kind == EOF {
			return
		}
		if p.tok.kind == Comma {
			if !s.commas {
				p.wrong(diag.UnexpectedText, "a ',' cannot stand here: a list is written '[a, b]'")
			}
			p.advance()
			continue
		}
		if s.endsBefore(p.tok.kind) || !p.nextElement(s, lines, p.tok.start == before) {
			return
		}
	}
}

// endsBefore says whether the list must have ended before this token, as it belongs to the head of a block.
func (s sequence) endsBefore(kind Token) bool { return s.head && (kind == LBrace || kind == Arrow) }

// nextElement reports that there is no comma after an element, and says whether the list goes on.
func (p *parser) nextElement(s sequence, lines, stuck bool) bool {
	switch kind := p.tok.kind; {
	case kind == RBrace, kind == RParen, kind == RBracket:
		if next := p.peek(); next.kind == s.close && !next.newline || kind == RBrace && !p.tok.newline && p.lacksBrace() {
			p.wrong(diag.UnmatchedBracket, "this '%s' closes nothing", kind)
			p.advance()
			return true
		}
		if p.open[kind] > 0 {
			return false
		}
		d := p.wrong(diag.UnmatchedBracket, "'%s' is expected here, not '%s'", s.close, kind)
		d.Fixes = fix("write '"+s.close.String()+"'", s.close.String(), p.tok.start, p.tok.end, false)
		p.derail()
		p.tok.kind = s.close
		return false
	case kind == LBrace && p.blockFollows():
		return false
	case kind == Semicolon:
		next := p.peek()
		if next.newline || next.kind == EOF || next.kind == RBrace || !s.commas {
			return false
		}
		d := p.wrong(diag.MissingComma, "a ',' is expected here, not ';'")
		d.Fixes = fix("write ','", ",", p.tok.start, p.tok.end, true)
		p.advance()
		return true
	case begins(kind) && (!p.tok.newline || lines) && !stuck && s.commas:
		p.missing(diag.MissingComma, ",", fmt.Sprintf("a ',' is missing before %s", p.found()))
		return true
	case p.tok.newline && !lines:
		return false
	case begins(kind) && !stuck:
		p.wrong(diag.UnexpectedText, "'%s' is expected here, not %s", s.close, p.found())
		p.derail()
		return true
	}
	p.wrong(diag.UnexpectedText, "%s is not expected here", p.found())
	p.derail()
	p.advance()
	return true
}

// unclosed reports a bracket without its other half.
func (p *parser) unclosed(opening bracket, kind Token) {
	if p.tok.kind == EOF {
		p.item.open = true
	}
	place := fmt.Sprintf("'%s' is missing", kind)
	d := p.missing(diag.UnclosedBracket, kind.String(), place)
	if opening.end > opening.start {
		d.Related = []diag.Related{{Span: p.absolute(p.span(opening.lexeme)), Message: "this bracket has no other half"}}
	}
}
