package syntax

import (
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// What has a form of its own: imports, attributes and the names of types.

// attributes reads any number of "#[…]".
func (p *parser) attributes() []*Attr {
	mark := len(p.attrs.open)
	for p.tok.kind == AttrOpen {
		p.item.inside = true
		before := len(p.attrs.open)
		p.sequence(sequence{close: RBracket, element: (*parser).attribute, commas: true})
		if len(p.attrs.open) == before {
			p.wrong(diag.BadAttribute, "there is no attribute between '#[' and ']'").Span = p.absolute(p.span(p.prev))
		}
		p.release()
	}
	return p.attrs.take(mark)
}

func (p *parser) absolute(s source.Span) source.Span { return s.Shift(p.item.base) }

// attribute reads "name" or "name(arg, key=value)".
func (p *parser) attribute() {
	start := p.tok.start
	attr := &Attr{Name: p.name("an attribute's name")}
	if attr.Name.Text == "" {
		return
	}
	if p.tok.kind == LParen {
		mark := len(p.attrArgs.open)
		p.sequence(sequence{close: RParen, element: (*parser).attributeArgument, commas: true})
		attr.Args = p.attrArgs.take(mark)
	} else if p.tok.kind == Assigns {
		p.wrong(diag.BadAttribute, "an attribute's arguments stand in parentheses")
		p.advance()
		p.expr(levelOr)
	}
	attr.node = p.node(start)
	p.attrs.open = append(p.attrs.open, attr)
}

func (p *parser) attributeArgument() {
	start := p.tok.start
	arg := &AttrArg{}
	if p.tok.kind == Identifier && p.peek().kind == Assigns {
		arg.Key = p.name("a key")
		p.advance()
	}
	arg.Value = p.expr(levelOr)
	arg.node = p.node(min(start, p.startOf(arg.Value)))
	p.attrArgs.open = append(p.attrArgs.open, arg)
}

// importDef reads "import(name, :python module, 2, alias)" in any of its forms.
func (p *parser) importDef(start int32, attrs []*Attr) Def {
	def := &ImportDef{Attrs: attrs, Keyword: p.span(p.tok), Language: Python}
	p.item.inside = true
	p.advance()
	opening := p.tok
	parts := 0
	def.LanguageSpan = p.rel(p.prev.end, p.prev.end)
	p.sequence(sequence{close: RParen, commas: true, element: func(p *parser) {
		p.importPart(def, parts)
		parts++
	}})
	def.Close = p.span(p.prev)
	if p.prev.kind != RParen {
		def.Close = p.rel(p.prev.end, p.prev.end)
	}
	p.completeImport(def, opening)
	def.node = p.node(start)
	return def
}

// importPart reads one argument of an import, the first of which has index 0.
func (p *parser) importPart(def *ImportDef, index int) {
	switch {
	case index == 0:
		def.Name = p.importName("the name of the function")
	case index == 1:
		p.importLanguage(def)
		def.Module = p.importName("the module")
	case p.tok.kind == Number && def.Count == nil && def.Alias == nil:
		p.importCount(def)
	case def.Alias == nil:
		p.importAlias(def)
	default:
		p.unexpectedPart("an import ends after the alias")
	}
}

func (p *parser) importLanguage(def *ImportDef) {
	if p.tok.kind != Symbol {
		return
	}
	def.LanguageSpan = p.span(p.tok)
	switch p.word() {
	case ":python":
	case ":hark":
		def.Language = Hark
	default:
		p.wrong(diag.BadImport, "'%s' is no language to import from: ':python' and ':hark' are", p.word())
	}
	p.advance()
}

// importName reads a name that may also be a String.
func (p *parser) importName(what string) *Name {
	switch p.tok.kind {
	case String:
		name := p.arena.names.new()
		name.Text, name.Quoted = p.value(p.tok.start, p.tok.end), true
		p.advance()
		name.node = p.node(p.prev.start)
		return name
	case TypeName:
		return p.unquoted()
	}
	return p.name(what)
}

// unquoted is a name of another language that begins with an upper-case letter.
func (p *parser) unquoted() *Name {
	if !p.ahead {
		p.skip(isName)
		p.tok.end = p.pos
	}
	d := p.wrong(diag.BadName, "'%s' begins with an upper-case letter: write it as a String", p.word())
	d.Fixes = fix("add quotes", `"`+p.word()+`"`, p.tok.start, p.tok.end, true)
	name := p.arena.names.new()
	name.Text = p.keep(p.word())
	p.advance()
	name.node = p.node(p.prev.start)
	return name
}

func (p *parser) importCount(def *ImportDef) {
	if strings.ContainsAny(p.word(), ".eE") {
		p.wrong(diag.BadImport, "the number of arguments is an Int, not %s", p.word())
	} else if def.Language == Hark {
		p.wrong(diag.BadImport, "the number of arguments is for Python functions; those of Hark say it themselves")
	}
	def.Count = p.number()
}

func (p *parser) importAlias(def *ImportDef) {
	if p.tok.kind == Symbol {
		if p.word() != ":as" {
			p.wrong(diag.BadImport, "'%s' has no meaning in an import: ':as' gives another name", p.word())
		}
		p.advance()
	} else if p.tok.kind == Identifier && def.Language == Hark {
		d := p.wrong(diag.BadImport, "the alias of a Hark import comes after ':as'")
		d.Fixes = fix("add ':as'", ":as ", p.tok.start, p.tok.start, true)
	}
	if p.tok.kind != Identifier && p.tok.kind != TypeName {
		p.unexpectedPart(fmt.Sprintf("an import has a name, a module, a number of arguments and an alias, not %s", p.found()))
		return
	}
	def.Alias = p.name("an alias")
}

// unexpectedPart reports an expression and passes over it.
func (p *parser) unexpectedPart(message string) {
	p.wrong(diag.BadImport, "%s", message)
	p.expr(levelAsync)
}

// completeImport sees to it that an import says all it has to.
func (p *parser) completeImport(def *ImportDef, opening lexeme) {
	at, known := p.prev, p.silent == p.tok.start
	problem := ""
	switch {
	case def.Name == nil:
		def.Name = &Name{node: p.empty()}
		def.Module = &Name{node: p.empty()}
		problem = "an import names a function and a module"
	case def.Module == nil:
		def.Module = &Name{node: p.empty()}
		problem = "the module to import from is missing"
	case def.Count == nil && def.Language == Python && def.Module.Text != "":
		problem = "the number of arguments of the Python function is missing"
	}
	if problem != "" && !known && at.kind == RParen && p.clean(opening.start) {
		p.report(diag.BadImport, at.start, at.end, problem)
		p.dirty = !p.tok.newline
	}
}

// clean says whether nothing has been reported since offset.
func (p *parser) clean(offset int32) bool {
	n := len(p.problems)
	return n == 0 || p.problems[n-1].Span.End < offset
}

// typeArity has the types and how many arguments each takes; -1 is one or more.
var typeArity = map[string]int{
	"Int": 0, "Float": 0, "Bool": 0, "String": 0, "Symbol": 0, "Null": 0, "Any": 0,
	"List": 1, "Hash": 2, "Future": 1, "Fn": -1,
}

var typeSpellings = map[string]string{
	"int": "Int", "integer": "Int", "float": "Float", "bool": "Bool", "boolean": "Bool", "str": "String",
	"string": "String", "symbol": "Symbol", "null": "Null", "none": "Null", "any": "Any", "list": "List", "array": "List",
	"hash": "Hash", "dict": "Hash", "map": "Hash", "future": "Future", "fn": "Fn", "function": "Fn",
}

// checkType reports a type that does not exist, or that has not the arguments it needs. Without brackets it may have
// any: "List" is a list of anything.
func (p *parser) checkType(name lexeme, t *TypeExpr, brackets lexeme) {
	word := t.Name.Text
	arity, known := typeArity[word]
	switch {
	case !known:
		d := p.report(diag.UnknownType, name.start, name.end, fmt.Sprintf("there is no type '%s'", word))
		if meant := typeSpellings[strings.ToLower(word)]; meant != "" {
			d.Fixes = fix("write '"+meant+"'", meant, name.start, name.end, true)
		} else if name.kind == Identifier {
			p.dirty = !p.tok.newline // surely no type, but what follows a bracket left open
		}
	case brackets.kind != LBracket || arity == len(t.Args) || arity < 0 && len(t.Args) > 0 || !p.clean(brackets.start):
	case arity <= 0:
		p.report(diag.TypeArguments, brackets.start, p.prev.end, fmt.Sprintf("'%s' has %s", word, wantedArguments(arity, len(t.Args))))
	default:
		p.report(diag.TypeArguments, brackets.start, p.prev.end,
			fmt.Sprintf("'%s' has %s, not %d", word, diag.Count(arity, "type argument"), len(t.Args)))
	}
}

func wantedArguments(arity, have int) string {
	if arity < 0 {
		return "at least one type argument, that of the result"
	}
	return fmt.Sprintf("no type arguments, not %d", have)
}
