package syntax

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// Expressions with operators. An operator's operands are read with the lowest level they may have; a prefix is allowed
// behind an operator of a higher level than its own, where its operand ends as its own level says, as in a grammar for yacc.

// expr reads an expression whose infix operators are of level min or higher.
func (p *parser) expr(min uint8) Expr {
	left := p.prefix()
	return p.infix(p.startOf(left), left, min)
}

// infix reads the operators after left, which begins at start.
func (p *parser) infix(start int32, left Expr, min uint8) Expr {
	for {
		op := p.tok
		level := levels[op.kind]
		if level == 0 {
			if op.kind != Identifier || op.newline || !p.foreignOperator() {
				return left
			}
			op = p.tok
			level = levels[op.kind]
		}
		if level < min || op.kind == Minus && p.braceEnded() {
			return left
		}
		if op.kind == Assigns {
			left = p.assignment(start, left)
			continue
		}
		p.advance()
		left = p.binary(start, left, op, level)
	}
}

// braceEnded says whether an expression has ended with the "}" just taken, as "(" and "-" after it begin a new one.
func (p *parser) braceEnded() bool { return p.prev.kind == RBrace && !p.context.brackets }

// binary reads the right operand of op, which has been taken.
func (p *parser) binary(start int32, left Expr, op lexeme, level uint8) Expr {
	b := p.binaries.new()
	b.Op, b.OpPos, b.X = op.kind, p.span(op), left
	if rightAssociative(level) {
		if p.enter() {
			b.Y = p.expr(level)
		} else {
			b.Y = p.badExpr()
		}
		p.leave()
	} else {
		b.Y = p.expr(level + 1)
	}
	b.node = p.node(start)
	return b
}

// assignment reads "= value" after what should be a name.
func (p *parser) assignment(start int32, left Expr) Expr {
	target, ok := left.(*Ident)
	if !ok {
		p.badTarget(start, left)
	}
	op := p.tok
	p.advance()
	if !ok {
		return p.binary(start, left, op, levelAssign)
	}
	a := p.assigns.new()
	a.Name = p.arena.names.new()
	a.Name.node, a.Name.Text = target.node, target.Name
	if p.enter() {
		a.Value = p.expr(levelAssign)
	} else {
		a.Value = p.badExpr()
	}
	p.leave()
	a.node = p.node(start)
	return a
}

func (p *parser) badTarget(start int32, left Expr) {
	if _, bad := left.(*Bad); bad || !p.clean(start) || !p.noticed() {
		return
	}
	d := p.report(diag.BadTarget, start, p.endOf(left), "only a name can be assigned to")
	if paren, ok := left.(*Paren); ok {
		if name, ok := paren.Inner.(*Ident); ok {
			d.Fixes = fix("remove the parentheses", name.Name, start, p.endOf(left), true)
		}
		return
	}
	d.Fixes = fix("compare with '=='", "==", p.tok.start, p.tok.end, false)
}

// foreignOperator takes the words "and" and "or" between two expressions for what they mean elsewhere.
func (p *parser) foreignOperator() bool {
	kind := EOF
	switch p.word() {
	case "and":
		kind = AndAnd
	case "or":
		kind = OrOr
	default:
		return false
	}
	d := p.wrong(diag.ForeignWord, "'%s' is written '%s'", p.word(), kind)
	d.Fixes = fix("write '"+kind.String()+"'", kind.String(), p.tok.start, p.tok.end, true)
	p.tok.kind = kind
	return true
}

// prefix reads an expression without infix operators, calls included.
func (p *parser) prefix() Expr {
	switch p.tok.kind {
	case KwAsync, KwAwait, Not, Minus:
	default:
		start := p.tok.start
		return p.calls(start, p.primary())
	}
	defer p.leave()
	if !p.enter() {
		return p.badExpr()
	}
	op := p.tok
	p.advance()
	switch op.kind {
	case KwAsync:
		return p.async(op, p.expr(levelAssign))
	case KwAwait:
		return p.await(op)
	case Not:
		return p.unary(op, p.expr(levelNot+1))
	}
	return p.unary(op, p.expr(levelSum+1))
}

func (p *parser) unary(op lexeme, x Expr) Expr {
	u := p.unaries.new()
	u.Op, u.X = op.kind, x
	u.node = p.node(op.start)
	return u
}

// await reads the operand of the "await" at op. An "async" directly after it takes only a call.
func (p *parser) await(op lexeme) Expr {
	w := p.awaits.new()
	w.Keyword = p.span(op)
	if p.tok.kind == KwAsync {
		async := p.tok
		p.advance()
		w.Operand = p.async(async, p.expr(levelCall))
	} else {
		w.Operand = p.expr(levelCall)
	}
	w.node = p.node(op.start)
	return w
}

// async is "async operand". Parentheses around the call are left out of the tree.
func (p *parser) async(op lexeme, operand Expr) Expr {
	a := p.asyncs.new()
	a.Keyword, a.Operand = p.span(op), operand
	for {
		paren, ok := a.Operand.(*Paren)
		if !ok {
			break
		}
		a.Operand = paren.Inner
	}
	p.checkAsync(op, a.Operand)
	a.node = p.node(op.start)
	return a
}

func (p *parser) checkAsync(op lexeme, operand Expr) {
	switch operand.(type) {
	case *Call, *Bad:
		return
	}
	if p.item.deep || p.dirty || !p.clean(op.start) {
		return
	}
	start, end := p.startOf(operand), p.endOf(operand)
	d := p.report(diag.AsyncNeedsCall, start, end, "'async' starts a call, and this is none")
	p.dirty = !p.tok.newline && !p.ends()
	if call := leftmostCall(operand); call != nil {
		d.Message = "'async' takes all that follows, and that is no call"
		d.Fixes = []diag.Fix{{Title: "put 'async' and the call in parentheses", Certain: true, Edits: []diag.Edit{
			{Span: p.absolute(p.rel(op.start, op.start)), New: "("},
			{Span: p.absolute(p.rel(p.endOf(call), p.endOf(call))), New: ")"},
		}}}
	}
}

// ends says whether an expression may end before the current token.
func (p *parser) ends() bool {
	switch p.tok.kind {
	case Semicolon, EOF:
		return true
	case Comma:
		return p.context.brackets
	}
	return p.open[p.tok.kind] > 0
}

// leftmostCall is the call that an operator's operands begin with, or nil.
func leftmostCall(e Expr) *Call {
	for {
		b, ok := e.(*Binary)
		if !ok {
			call, _ := e.(*Call)
			return call
		}
		e = b.X
	}
}

// calls reads the argument lists after a callee.
func (p *parser) calls(start int32, callee Expr) Expr {
	for p.tok.kind == LParen && !p.braceEnded() {
		call := p.arena.calls.new()
		call.Callee = callee
		mark, opening := len(p.args.open), p.tok.start
		p.sequence(sequence{close: RParen, element: (*parser).argument, commas: true})
		call.Args = p.args.take(mark)
		call.Parens = p.rel(opening, p.prev.end)
		call.node = p.node(start)
		callee = call
	}
	return callee
}

// argument reads "value" or ":name value".
func (p *parser) argument() {
	start := p.tok.start
	arg := p.argNodes.new()
	if p.tok.kind == Symbol && p.namesArgument() {
		arg.Name = p.arena.names.new()
		arg.Name.Text = p.keep(p.word()[1:])
		p.advance()
		arg.Name.node = p.node(start)
	}
	arg.Value = p.expr(levelAsync)
	if id, ok := arg.Value.(*Ident); ok && arg.Name == nil {
		p.otherNamedArgument(start, id, arg)
	}
	arg.node = p.node(min(start, p.startOf(arg.Value)))
	p.args.open = append(p.args.open, arg)
}

// namesArgument says whether the symbol at the start of an argument is its name.
func (p *parser) namesArgument() bool {
	switch next := p.peek(); next.kind {
	case Comma, RParen, RBracket, RBrace, Semicolon, EOF, Colon:
		return false
	case Minus:
		return true
	default:
		return levels[next.kind] == 0
	}
}

// otherNamedArgument reads "name: value", the form that other languages have.
func (p *parser) otherNamedArgument(start int32, id *Ident, arg *Arg) {
	if p.tok.kind != Colon && (p.tok.kind != Symbol || p.tok.start != p.prev.end) {
		return
	}
	p.splitSymbol()
	d := p.wrong(diag.NamedArgumentForm, "a named argument is written ':%s value'", id.Name)
	text := ":" + id.Name
	if int(p.tok.end) < len(p.text) && p.text[p.tok.end] != ' ' {
		text += " "
	}
	d.Fixes = fix("write '"+strings.TrimSpace(text)+"'", text, start, p.tok.end, true)
	d.Span = p.absolute(p.rel(start, p.tok.end))
	p.advance()
	arg.Name = p.arena.names.new()
	arg.Name.node, arg.Name.Text = id.node, id.Name
	arg.Value = p.expr(levelAsync)
}

func (p *parser) badExpr() Expr {
	bad := p.arena.bad.new()
	bad.node = p.empty()
	return bad
}

// noExpression reports that an expression should stand at the current token.
func (p *parser) noExpression() Expr {
	if p.tok.newline || p.tok.kind == EOF {
		p.missing(diag.MissingExpression, "", "an expression is missing here").Fixes = nil
	} else {
		p.wrong(diag.MissingExpression, "an expression is missing before %s", p.found())
	}
	return p.badExpr()
}
