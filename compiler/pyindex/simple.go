package pyindex

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// simple reads the statements of a line, which are separated by ";".
func (p *parser) simple(tokens []token) {
	for len(tokens) > 0 {
		one := p.until(tokens, ";")
		if len(one) > 0 {
			p.one(one)
		}
		tokens = tokens[min(len(one)+1, len(tokens)):]
	}
}

// one reads one simple statement.
func (p *parser) one(tokens []token) {
	switch {
	case p.is(tokens, 0, "import"):
		p.importModules(tokens[1:])
	case p.is(tokens, 0, "from"):
		p.importFrom(tokens)
	case p.is(tokens, 0, "del"):
		p.remove(tokens[1:])
	case p.is(tokens, 0, "type") && p.isName(tokens, 1) && (p.is(tokens, 2, "=") || p.is(tokens, 2, "[")):
		p.define(Variable, tokens[1], spanOf(tokens))
	case tokens[0].kind == word && keywords[p.string(tokens[0])] && !p.is(tokens, 0, "lambda"):
	default:
		p.assignment(tokens)
	}
	p.walruses(tokens)
	p.dynamic(tokens)
}

// dynamic notes what gives a module names that are not in its text.
func (p *parser) dynamic(tokens []token) {
	for i, t := range tokens {
		if t.kind != word {
			continue
		}
		switch p.string(t) {
		case "globals", "exec", "vars", "locals", "modules", "__dict__":
			p.m.Open = true
		case "setattr":
			p.m.Open = true
			p.openUp(p.at(tokens, i+2))
		}
	}
}

// openUp notes that a class may have more attributes than are written in it.
func (p *parser) openUp(class string) {
	if n := p.m.index[class]; n != nil {
		n.open = true
	}
}

// importModules reads "import a.b, c as d".
func (p *parser) importModules(tokens []token) {
	extent := spanOf(tokens)
	p.each(tokens, func(part []token) {
		path := p.until(part, "as")
		named := part[:1]
		if len(path)+1 < len(part) {
			named = part[len(path)+1:]
		}
		if !p.isName(named, 0) {
			return
		}
		n := p.define(Imported, named[0], extent)
		if n.From = p.textOf(path); len(path) == len(part) {
			n.From = p.string(part[0])
		}
	})
}

// importFrom reads "from a import b as c, d" and "from a import *".
func (p *parser) importFrom(tokens []token) {
	start := p.find(tokens, "import")
	if start < 0 {
		p.damaged = true
		return
	}
	from, extent := strings.Join(strings.Fields(p.textOf(tokens[1:start])), ""), spanOf(tokens)
	names := tokens[start+1:]
	if p.is(names, 0, "(") {
		names = names[1:p.closing(names, 0)]
	}
	p.each(names, func(part []token) {
		named := part[len(part)-1]
		switch {
		case p.is(part, 0, "*"):
			p.m.Open = true
			p.m.Stars = append(p.m.Stars, from)
		case p.isName(part, len(part)-1):
			n := p.define(Imported, named, extent)
			n.From, n.Original = from, p.string(part[0])
		}
	})
}

// remove reads "del a, b". Whether the name is there afterwards depends on where the line is.
func (p *parser) remove(tokens []token) {
	for i := range tokens {
		if p.isName(tokens, i) && !p.is(tokens, i+1, ".") && !p.is(tokens, i+1, "[") && !p.is(tokens, i-1, ".") {
			name := p.qualified(p.string(tokens[i]))
			p.forget(p.m.index[name])
			delete(p.m.index, name)
			p.m.vague[name] = true
		}
	}
}

// assignment reads "a = b = value", "a: int = value", "a += value" and plain expressions.
func (p *parser) assignment(tokens []token) {
	target := p.until(tokens, "=", ":")
	rest := tokens[len(target):]
	switch {
	case len(rest) == 0:
		if p.augmented(tokens) && p.is(tokens, 0, "__all__") {
			p.all(tokens)
		}
	case p.is(rest, 0, ":"):
		p.annotated(target, rest[1:])
	default:
		value := rest[1:]
		for p.find(value, "=") >= 0 {
			value = value[p.find(value, "=")+1:]
		}
		p.chain(target, rest, value, spanOf(tokens))
	}
}

// chain assigns a value to all targets of "a = b = value"; the value is looked at once.
func (p *parser) chain(target, rest, value []token, extent source.Span) {
	var first *Name
	for p.is(rest, 0, "=") && len(rest) > len(value) {
		if first == nil || len(target) != 1 || !p.isName(target, 0) {
			first = cmp.Or(p.assign(target, value, extent), first)
		} else {
			p.define(Variable, target[0], extent).like(first)
		}
		target = p.until(rest[1:], "=")
		rest = rest[1+len(target):]
	}
}

func (p *parser) augmented(tokens []token) bool {
	return len(tokens) > 2 && strings.HasSuffix(p.string(tokens[1]), "=")
}

// annotated reads what follows the colon of "name: annotation = value".
func (p *parser) annotated(target, rest []token) {
	annotation := p.until(rest, "=")
	value := rest[min(len(annotation)+1, len(rest)):]
	if len(target) != 1 || !p.isName(target, 0) || len(annotation) == 0 {
		return
	}
	owner := p.top().owner
	if owner != nil && p.top().own {
		p.classes[owner].field(p, p.string(target[0]), annotation, value)
	}
	if len(value) == 0 {
		p.vague(p.string(target[0]))
		return
	}
	span := source.Span{Start: target[0].span.Start, End: value[len(value)-1].span.End}
	n := p.assign(target, value, span)
	if n != nil && n.Kind == Variable {
		n.Type = p.annotation(annotation)
	}
}

// assign defines what the target of an assignment names. For a single name it is what the value says.
func (p *parser) assign(target, value []token, extent source.Span) *Name {
	if len(target) != 1 || !p.isName(target, 0) {
		p.targets(target)
		return nil
	}
	if p.is(target, 0, "__all__") {
		p.all(value)
	}
	same := p.m.index[p.at(value, 0)]
	n := p.define(Variable, target[0], extent)
	switch {
	case p.is(value, 0, "lambda"):
		p.lambda(n, value)
	case len(value) == 1 && same != nil && same.Kind == Function && p.top().owner == nil:
		n.Unsure = n.Unsure || same.Unsure
		n.like(same)
	default:
		n.Plain = p.plain(value)
	}
	return n
}

// like makes a name another one for the same function.
func (n *Name) like(same *Name) {
	n.Kind, n.Doc, n.Params, n.Result, n.Async, n.Generator = same.Kind, same.Doc, same.Params, same.Result, same.Async, same.Generator
	n.Plain = same.Plain
}

// lambda makes a name the function that it is given.
func (p *parser) lambda(n *Name, value []token) {
	n.Kind = Function
	n.Params = p.params(p.until(value[1:], ":"))
}

// plain says whether a value certainly is nothing that can be called: a single literal, or a display.
func (p *parser) plain(value []token) bool {
	if len(value) == 0 {
		return false
	}
	switch first := p.string(value[0]); {
	case value[0].kind == number, first == "True", first == "False", first == "None":
		return len(value) == 1
	case value[0].kind == text:
		return !slices.ContainsFunc(value, func(t token) bool { return t.kind != text })
	case first == "[" || first == "{":
		return p.closing(value, 0) == len(value)-1
	case first == "-":
		return len(value) == 2 && value[1].kind == number
	}
	return false
}

// targets defines the names that are assigned to in "a, (b, *c)". An attribute makes its class open.
func (p *parser) targets(tokens []token) {
	depth := 0 // of brackets that hold an index
	for i := range tokens {
		switch {
		case p.is(tokens, i, "[") && i > 0 && !p.is(tokens, i-1, ",") && !p.is(tokens, i-1, "(") && !p.is(tokens, i-1, "["), depth > 0 && isOpen(p.string(tokens[i])):
			depth++
		case depth > 0 && isClose(p.string(tokens[i])):
			depth--
		case depth > 0 || !p.isName(tokens, i):
		case p.is(tokens, i+1, "."):
			p.openUp(p.string(tokens[i]))
		case !p.is(tokens, i-1, ".") && !p.is(tokens, i+1, "[") && !p.is(tokens, i+1, "("):
			p.define(Variable, tokens[i], tokens[i].span)
		}
	}
}

// all reads the names in a list of Strings, as far as they are written out.
func (p *parser) all(tokens []token) {
	p.m.All = append(p.m.All, []string{}...)
	if p.m.All == nil {
		p.m.All = []string{}
	}
	for _, t := range tokens {
		if t.kind == text {
			if name, ok := value(p.string(t)); ok {
				p.m.All = append(p.m.All, name)
			}
		}
	}
}
