package syntax

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// Expressions that begin with a token of their own: literals, names, brackets, and those with blocks.

// primary reads an expression without operators and calls. At a token that begins none it takes nothing.
func (p *parser) primary() Expr {
	switch p.tok.kind {
	case Identifier:
		return p.identifier()
	case Number:
		return p.number()
	case String:
		return p.stringLit()
	case LParen:
		return p.paren()
	case LBracket:
		return p.list()
	case LBrace:
		return p.hash()
	case KwIf:
		return p.ifExpr()
	case KwLambda:
		return p.lambda()
	case KwFn:
		return p.nestedFunction()
	case TypeName:
		return p.capitalised()
	case Symbol, KwTrue, KwFalse, KwNull:
		return p.constant()
	}
	return p.noExpression()
}

// begins says whether an expression can begin with a token of this kind.
func begins(kind Token) bool {
	switch kind {
	case Identifier, TypeName, Number, String, Symbol, LParen, LBracket, LBrace, Not, Minus:
		return true
	}
	return KwFn <= kind && kind <= KwNull && kind != KwElse
}

func (p *parser) identifier() Expr {
	if p.is("try") && !p.context.conditions && p.peek().kind == LBrace {
		return p.try()
	}
	id := p.idents.new()
	id.Name = p.keep(p.word())
	p.advance()
	id.node = p.node(p.prev.start)
	if !p.tok.newline && foreignPrefixes[id.Name] != "" && p.beginsPlainly() {
		return p.foreignPrefix(id)
	}
	return id
}

// foreignPrefixes are words that stand before an expression in other languages, and what is to be said about them.
var foreignPrefixes = map[string]string{
	"return": "there is no 'return': the value of a block is its last expression",
	"not":    "'not' is written '!'",
	"let":    "a name is bound by '=' alone",
	"var":    "a name is bound by '=' alone",
	"const":  "a name is bound by '=' alone",
}

// beginsPlainly says whether the current token begins an expression, and could not go on with one.
func (p *parser) beginsPlainly() bool {
	switch p.tok.kind {
	case LParen, LBrace, Minus, Symbol:
		return false
	}
	return begins(p.tok.kind)
}

// foreignPrefix reports a word of another language and reads the expression that it stands before.
func (p *parser) foreignPrefix(word *Ident) Expr {
	start, end, text := p.startOf(word), p.endOf(word), ""
	if word.Name == "not" {
		text = "!"
	}
	if p.noticed() {
		d := p.report(diag.ForeignWord, start, end, foreignPrefixes[word.Name])
		d.Fixes = fix(map[string]string{"": "remove '" + word.Name + "'", "!": "write '!'"}[text], text, start, p.tok.start, true)
	}
	defer p.leave()
	if !p.enter() {
		return word
	}
	if text == "!" {
		return p.unary(lexeme{start: start, end: end, kind: Not}, p.expr(levelNot+1))
	}
	return p.expr(levelAsync)
}

func (p *parser) number() *NumberLit {
	n := p.numbers.new()
	n.Text = p.keep(p.word())
	n.Float = strings.ContainsAny(n.Text, ".eE")
	p.advance()
	n.node = p.node(p.prev.start)
	return n
}

func (p *parser) stringLit() Expr {
	s := p.arena.strings.new()
	s.Value = p.value(p.tok.start, p.tok.end)
	p.advance()
	s.node = p.node(p.prev.start)
	return s
}

// constant reads a symbol, "true", "false" or "null".
func (p *parser) constant() Expr {
	tok, word := p.tok, p.word()
	p.advance()
	n := p.node(tok.start)
	switch tok.kind {
	case Symbol:
		s := p.symbols.new()
		s.node, s.Name = n, p.keep(word[1:])
		return s
	case KwNull:
		null := p.nulls.new()
		null.node = n
		return null
	}
	b := p.bools.new()
	b.node, b.Value = n, tok.kind == KwTrue
	return b
}

var foreignConstants = map[string]Token{
	"True": KwTrue, "TRUE": KwTrue, "False": KwFalse, "FALSE": KwFalse, "None": KwNull, "NULL": KwNull, "Null": KwNull,
}

// capitalised reads a word that begins with an upper-case letter: a constant as Python spells it, or a bad name.
func (p *parser) capitalised() Expr {
	if kind := foreignConstants[p.word()]; kind != EOF {
		d := p.wrong(diag.ForeignWord, "'%s' is written '%s'", p.word(), kind)
		d.Fixes = fix("write '"+kind.String()+"'", kind.String(), p.tok.start, p.tok.end, true)
		p.tok.kind = kind
		return p.constant()
	}
	p.upperCase()
	id := p.idents.new()
	id.Name = p.keep(p.word())
	p.advance()
	id.node = p.node(p.prev.start)
	return id
}

// paren reads "(expr)".
func (p *parser) paren() Expr {
	paren := p.parens.new()
	start, mark := p.tok.start, len(p.exprs.open)
	p.sequence(sequence{close: RParen, element: (*parser).element})
	if inner := p.exprs.open[mark:]; len(inner) > 0 {
		paren.Inner = inner[0]
	} else {
		if p.noticed() {
			p.report(diag.MissingExpression, start, p.prev.end, "an expression is missing between the parentheses")
		}
		paren.Inner = p.badExpr()
	}
	p.exprs.open = p.exprs.open[:mark]
	paren.node = p.node(start)
	return paren
}

func (p *parser) element() {
	e := p.expr(levelAsync)
	p.exprs.open = append(p.exprs.open, e)
}

func (p *parser) list() Expr {
	l := p.lists.new()
	start, mark := p.tok.start, len(p.exprs.open)
	p.sequence(sequence{close: RBracket, element: (*parser).element, commas: true})
	l.Elems = p.exprs.take(mark)
	l.node = p.node(start)
	return l
}

func (p *parser) hash() Expr {
	if p.blockFollows() {
		if p.context.head {
			return p.noExpression()
		}
		return p.blockForHash()
	}
	h := p.hashes.new()
	start, mark := p.tok.start, len(p.pairs.open)
	p.sequence(sequence{close: RBrace, element: (*parser).pair, commas: true})
	h.Pairs = p.pairs.take(mark)
	h.node = p.node(start)
	return h
}

// pair reads "key: value".
func (p *parser) pair() {
	pair := HashPair{Key: p.expr(levelOr)}
	if p.tok.kind == Assigns {
		pair.Key = p.infix(p.startOf(pair.Key), pair.Key, levelAssign)
	}
	p.splitSymbol()
	switch {
	case p.accept(Colon):
		pair.Value = p.expr(levelAsync)
	case begins(p.tok.kind) && !p.tok.newline && p.tok.kind != LBrace:
		p.missing(diag.HashOrBlock, ":", "a ':' is missing between the key of a hash and its value")
		pair.Value = p.expr(levelAsync)
	case p.bracesLeftOpen(pair.Key):
		pair.Value = p.badExpr()
	default:
		if p.noticed() {
			p.report(diag.HashOrBlock, p.startOf(pair.Key), p.endOf(pair.Key), "this key of a hash has no value")
		}
		p.abandoned = p.surplusBrace()
		pair.Value = p.badExpr()
	}
	p.pairs.open = append(p.pairs.open, pair)
}

// bracesLeftOpen says whether a key without a value is there only because braces were opened that nothing closes: "{{{ }". Which of them
// that is, is said where the list that they begin ends.
func (p *parser) bracesLeftOpen(key Expr) bool {
	_, hash := key.(*HashLit)
	return hash && (p.tok.kind == EOF || p.tok.kind == RBrace && p.braceBalance() > 0)
}

// blockForHash reads a block where an expression belongs. Its expressions are kept as keys, so that what is in them is
// known.
func (p *parser) blockForHash() Expr {
	p.wrong(diag.HashOrBlock, "a '{' begins a hash here, but what follows is a block")
	if p.surplusBrace() {
		p.advance()
		return p.prefix()
	}
	h := p.hashes.new()
	start := p.tok.start
	for _, e := range p.block().Exprs {
		bad := p.arena.bad.new()
		bad.node = node{span: p.rel(p.endOf(e), p.endOf(e)), id: p.item.ids}
		p.item.ids++
		h.Pairs = append(h.Pairs, HashPair{Key: e, Value: bad})
	}
	h.node = p.node(start)
	return h
}

// ifExpr reads "if c { … } else if c { … } else { … }".
func (p *parser) ifExpr() Expr {
	start := p.tok.start
	p.advance()
	return p.ifRest(start, p.condition())
}

// ifRest reads what follows the first condition.
func (p *parser) ifRest(start int32, cond Expr) Expr {
	n := p.ifs.new()
	mark := len(p.arms.open)
	for {
		p.arms.open = append(p.arms.open, IfArm{Cond: cond, Then: p.blockAfter("the condition")})
		if !p.atElif() {
			if !p.accept(KwElse) {
				break
			}
			if next := p.peek().kind; !begins(p.tok.kind) && (next == KwIf || next == LBrace) {
				p.wrong(diag.UnexpectedText, "%s is not expected after 'else'", p.found())
				p.advance()
			}
			if p.tok.kind != KwIf && p.tok.kind != LBrace && begins(p.tok.kind) && p.braceInLine() {
				p.missing(diag.UnexpectedText, " if", "an 'if' is missing after 'else'")
				cond = p.condition()
				continue
			}
			if p.tok.kind != KwIf {
				n.Else = p.blockAfter("'else'")
				break
			}
		}
		p.advance()
		cond = p.condition()
	}
	n.Arms = p.arms.take(mark)
	n.node = p.node(start)
	return n
}

// atElif takes a word that means "else if" elsewhere for it.
func (p *parser) atElif() bool {
	if p.tok.kind != Identifier || p.prev.kind != RBrace {
		return false
	}
	switch p.word() {
	case "elif", "elsif", "elseif":
	default:
		return false
	}
	if next := p.peek(); next.newline || !begins(next.kind) || next.kind == Minus || next.kind == LParen && p.tok.newline {
		return false
	}
	d := p.wrong(diag.ForeignWord, "'%s' is written 'else if'", p.word())
	d.Fixes = fix("write 'else if'", "else if", p.tok.start, p.tok.end, true)
	return true
}

func (p *parser) condition() Expr {
	saved := p.context
	p.context.conditions, p.context.head = true, true
	defer func() { p.context = saved; p.leave() }()
	if !p.enter() {
		return p.badExpr()
	}
	return p.expr(levelAsync)
}

// try reads "try { … } catch e { … }".
func (p *parser) try() Expr {
	t := p.tries.new()
	start := p.tok.start
	p.advance()
	t.Body = p.block()
	if !p.is("catch") {
		p.missing(diag.MissingCatch, " catch e { null }", "this 'try' has no 'catch'")
		t.Name = p.arena.names.new()
		t.Name.node = p.empty()
		t.Catch = p.noBlock()
		t.node = p.node(start)
		return t
	}
	p.advance()
	parens := p.tok.kind == LParen
	if parens {
		p.wrong(diag.UnexpectedText, "the name after 'catch' has no parentheses")
		p.advance()
	}
	t.Name = p.name("the name for the error")
	if parens {
		p.accept(RParen)
	}
	t.Catch = p.blockAfter("'catch'")
	t.node = p.node(start)
	return t
}

func (p *parser) lambda() Expr {
	l := p.lambdas.new()
	start := p.tok.start
	p.advance()
	l.Params, l.Parens = p.parameters()
	l.Body = p.blockAfter("a lambda's parameters")
	l.node = p.node(start)
	return l
}

// nestedFunction reads "fn …" in an expression as the lambda that is meant, with its name bound to it.
func (p *parser) nestedFunction() Expr {
	start, end := p.tok.start, p.tok.end
	q := p.from(p.tok.end)
	first, second := q.next(), q.next()
	if first.kind != LParen && (first.kind != Identifier || second.kind != LParen) {
		p.wrong(diag.UnexpectedText, "'fn' is not expected here")
		p.advance()
		return p.prefix()
	}
	d := p.wrong(diag.NestedFunction, "a function cannot be defined within another: use 'lambda'")
	if first.kind == LParen {
		d.Fixes = fix("write 'lambda'", "lambda", start, end, true)
		p.advance()
		return p.anonymous(start)
	}
	name := p.text[first.start:first.end]
	d.Fixes = fix("bind a lambda", name+" = lambda", start, first.end, true)
	p.advance()
	a := p.assigns.new()
	a.Name = p.name("a function's name")
	a.Value = p.anonymous(p.prev.end)
	a.node = p.node(start)
	return a
}

func (p *parser) anonymous(start int32) Expr {
	l := p.lambdas.new()
	l.Params, l.Parens = p.parameters()
	if p.accept(Arrow) {
		p.typeExpr()
	}
	l.Body = p.blockAfter("a lambda's parameters")
	l.node = p.node(start)
	return l
}
