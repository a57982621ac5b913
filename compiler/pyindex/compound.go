package pyindex

import (
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// statement reads a logical line of the module or of a class. first: it is the first of its block.
func (p *parser) statement(tokens []token, first bool) {
	start := tokens[0].span.Start
	if p.is(tokens, 0, "@") {
		p.decorator(tokens)
		return
	}
	decorators := p.decorators
	p.decorators = nil
	if len(decorators) > 0 {
		start = decorators[0].start
	}
	switch {
	case p.is(tokens, 0, "def"):
		p.function(tokens, 0, decorators, start)
	case p.is(tokens, 0, "async") && p.is(tokens, 1, "def"):
		p.function(tokens, 1, decorators, start)
	case p.is(tokens, 0, "class"):
		p.class(tokens, decorators, start)
	case len(decorators) > 0:
		p.damaged = true
	case first && p.isDocstring(tokens):
		p.document(p.docstring(tokens))
	default:
		p.other(tokens)
	}
}

// document sets the docstring of the module or class whose first line it is.
func (p *parser) document(doc string) {
	switch b := p.top(); {
	case b.owner == nil && len(p.blocks) == 1:
		p.m.Doc = doc
	case b.own:
		b.owner.Doc = doc
	}
}

// other reads a line that is neither a definition nor a docstring.
func (p *parser) other(tokens []token) {
	header := tokens
	if p.is(tokens, 0, "async") {
		header = tokens[1:]
	}
	if len(header) > 0 && header[0].kind == word && p.opensBlock(header) {
		p.block(header)
		return
	}
	p.simple(tokens)
}

// compound are the keywords of the statements with blocks that are no definitions, and whether the block may be left out.
var compound = map[string]bool{"if": true, "elif": true, "else": true, "for": true, "while": true, "try": true, "except": true,
	"finally": false, "with": false, "match": true, "case": true}

// opensBlock says whether a line is the header of a block. "match" and "case" are names elsewhere.
func (p *parser) opensBlock(tokens []token) bool {
	keyword := p.string(tokens[0])
	if _, ok := compound[keyword]; !ok {
		return false
	}
	switch keyword {
	case "case":
		return p.top().match
	case "match":
		return len(tokens) > 2 && p.is(tokens, len(tokens)-1, ":") && !p.is(tokens, 1, "=") && !p.is(tokens, 1, ".")
	}
	return true
}

// block reads the header of a block that is no definition.
func (p *parser) block(tokens []token) {
	keyword := p.string(tokens[0])
	colon := p.find(tokens, ":")
	if colon < 0 {
		p.damaged = true
		colon = len(tokens)
	}
	around := p.top()
	b := block{header: p.indent, indent: -1, owner: around.owner, conditional: around.conditional || compound[keyword]}
	b.match = keyword == "match"
	b.skipped = keyword == "if" && around.owner == nil && p.startsProgram(tokens[1:colon])
	switch keyword {
	case "for":
		p.targets(tokens[1:max(1, p.find(tokens[:colon], "in"))])
	case "with", "except", "case":
		p.bound(tokens[1:colon], keyword == "case")
	}
	p.walruses(tokens[:colon])
	if colon+1 < len(tokens) {
		if !b.skipped {
			p.inline(b, tokens[colon+1:])
		}
		return
	}
	p.blocks = append(p.blocks, b)
}

// inline reads the simple statements behind the colon of a header.
func (p *parser) inline(b block, tokens []token) {
	p.blocks = append(p.blocks, b)
	p.simple(tokens)
	p.blocks = p.blocks[:len(p.blocks)-1]
}

// startsProgram says whether a condition is "__name__ == '__main__'".
func (p *parser) startsProgram(condition []token) bool {
	return len(condition) == 3 && p.is(condition, 0, "__name__") && p.is(condition, 1, "==") &&
		strings.Contains(p.string(condition[2]), "__main__")
}

// bound defines the names behind "as", and in a pattern all that may be names.
func (p *parser) bound(tokens []token, pattern bool) {
	for i := range tokens {
		switch {
		case p.is(tokens, i, "as") && p.is(tokens, i+1, "("):
			p.targets(tokens[i+1 : p.closing(tokens, i+1)])
		case p.is(tokens, i, "as") && p.isName(tokens, i+1):
			p.define(Variable, tokens[i+1], tokens[i+1].span)
		case pattern && p.isName(tokens, i):
			p.vague(p.string(tokens[i]))
		}
	}
}

// walruses defines the names of "(name := value)".
func (p *parser) walruses(tokens []token) {
	for i := range tokens {
		if p.is(tokens, i, ":=") && i > 0 && p.isName(tokens, i-1) {
			p.define(Variable, tokens[i-1], tokens[i-1].span).Unsure = true
		}
	}
}

// decorator reads "@name(…)".
func (p *parser) decorator(tokens []token) {
	d := decorator{start: tokens[0].span.Start}
	i := 1
	for ; i < len(tokens) && (tokens[i].kind == word || p.is(tokens, i, ".")); i++ {
		d.name += p.string(tokens[i])
	}
	if p.is(tokens, i, "(") {
		d.args = append(d.args, tokens[i+1:p.closing(tokens, i)]...)
		i = p.closing(tokens, i) + 1
	}
	if i < len(tokens) {
		d.name = "" // an expression
	}
	p.decorators = append(p.decorators, d)
}

// function reads the head of a definition, whose "def" is at an index, and opens its body.
func (p *parser) function(tokens []token, def int, decorators []decorator, start int32) {
	if !p.isName(tokens, def+1) {
		p.damaged = true
		return
	}
	n := p.define(Function, tokens[def+1], source.Span{Start: start, End: tokens[len(tokens)-1].span.End})
	n.Async = def > 0
	open := def + 2
	if p.is(tokens, open, "[") { // type parameters
		open = p.closing(tokens, open) + 1
	}
	if !p.is(tokens, open, "(") {
		p.damaged, n.Unsure = true, true
		return
	}
	closing := p.closing(tokens, open)
	n.Params = p.params(tokens[open+1 : closing])
	rest := tokens[min(closing+1, len(tokens)):]
	head := p.until(rest, ":")
	p.damaged = p.damaged || len(head) == len(rest)
	if p.is(head, 0, "->") && len(head) > 1 {
		n.Result = p.annotation(head[1:])
	}
	if owner := p.top().owner; owner != nil {
		p.classes[owner].constructor(n)
	}
	p.decorate(n, decorators)
	if len(head)+1 < len(rest) {
		body := rest[len(head)+1:]
		n.Doc = p.docstring(p.until(body, ";"))
		p.inBody(n, body, false)
	} else {
		p.blocks = append(p.blocks, block{header: p.indent, indent: -1, owner: n, own: true, body: true, fresh: true})
	}
}

// transparent are decorators that do not change how a function is called.
var transparent = map[string]bool{"abstractmethod": true, "cache": true, "lru_cache": true, "override": true, "final": true, "overload": true,
	"no_type_check": true, "register": true, "deprecated": true}

// decorate takes the decorators of a function into account.
func (p *parser) decorate(n *Name, decorators []decorator) {
	bound := p.top().owner != nil && implicitlyBound(n)
	for _, d := range decorators {
		switch last := d.name[strings.LastIndexByte(d.name, '.')+1:]; {
		case last == "classmethod":
			bound = true
		case last == "staticmethod":
			bound = false
		case last == "property", last == "cached_property", last == "abstractproperty", isAccessor(d.name):
			n.Kind, n.Plain, n.Property, n.Type = Variable, true, true, n.Result
			n.Params, n.Result = nil, nil
			return
		case !transparent[last]:
			n.Unsure = true
		}
	}
	if bound && len(n.Params) > 0 && n.Params[0].Kind <= PositionalOnly {
		n.Params = n.Params[1:]
	}
}

// implicitlyBound says whether a function of a class is a classmethod without a decorator.
func implicitlyBound(n *Name) bool {
	return strings.HasSuffix(n.Name, ".__init_subclass__") || strings.HasSuffix(n.Name, ".__class_getitem__")
}

// isAccessor says whether a decorator is "@x.setter" or its like.
func isAccessor(name string) bool {
	return strings.HasSuffix(name, ".setter") || strings.HasSuffix(name, ".deleter") || strings.HasSuffix(name, ".getter")
}
