package pyindex

import (
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// class is what is known of a class beside its Name.
type class struct {
	members    []*Name
	decorators []decorator
	bases      []string // dotted names; "" for what is no name
	metaclass  bool
	init       *Name // __init__
	creates    bool  // it has a __new__
	// fields are the annotated names, as a dataclass takes them for parameters; keywords: those that follow a "_: KW_ONLY".
	fields   []Param
	keywords bool
}

// class reads the head of a class and opens its body.
func (p *parser) class(tokens []token, decorators []decorator, start int32) {
	if !p.isName(tokens, 1) {
		p.damaged = true
		return
	}
	n := p.define(Class, tokens[1], source.Span{Start: start, End: tokens[len(tokens)-1].span.End})
	c := &class{decorators: decorators}
	p.classes[n] = c
	open := 2
	if p.is(tokens, open, "[") { // type parameters
		open = p.closing(tokens, open) + 1
	}
	if p.is(tokens, open, "(") {
		closing := p.closing(tokens, open)
		p.each(tokens[open+1:closing], func(part []token) { c.base(p, part) })
		open = closing + 1
	}
	if !p.is(tokens, open, ":") {
		p.damaged = true
		return
	}
	b := block{header: p.indent, indent: -1, owner: n, own: true, conditional: p.top().conditional, fresh: true}
	if open+1 == len(tokens) {
		p.blocks = append(p.blocks, b)
		return
	}
	body := tokens[open+1:]
	n.Doc = p.docstring(p.until(body, ";"))
	p.inline(b, body)
}

// base reads what a class is derived from, or one of its keyword arguments.
func (c *class) base(p *parser, tokens []token) {
	switch {
	case p.is(tokens, 1, "="):
		c.metaclass = c.metaclass || p.is(tokens, 0, "metaclass") && !p.is(tokens, len(tokens)-1, "ABCMeta")
	case p.is(tokens, 0, "*") || p.is(tokens, 0, "**"):
		c.bases = append(c.bases, "")
	default:
		name := ""
		head := p.until(tokens, "[")
		for i := range head {
			if head[i].kind != word && !p.is(head, i, ".") {
				name = ""
				break
			}
			name += p.string(head[i])
		}
		c.bases = append(c.bases, name)
	}
}

// constructor notes a function of the class that has to do with how it is called. nil is the class of nothing.
func (c *class) constructor(n *Name) {
	if c == nil {
		return
	}
	switch n.Name[strings.LastIndexByte(n.Name, '.')+1:] {
	case "__init__":
		c.init = n
	case "__new__":
		c.creates = true
	}
}

// field notes an annotated name of a class.
func (c *class) field(p *parser, name string, annotation, value []token) {
	text := p.textOf(annotation)
	switch {
	case c == nil || strings.Contains(text, "ClassVar"):
		return
	case strings.HasSuffix(text, "KW_ONLY"):
		c.keywords = true
		return
	}
	f := Param{Name: name, Annotation: p.annotation(annotation), Default: p.textOf(value)}
	if c.keywords {
		f.Kind = KeywordOnly
	}
	if p.is(value, 0, "field") || p.is(value, 2, "field") {
		if !f.fromField(p, value) {
			return
		}
	}
	c.fields = append(c.fields, f)
}

// fromField takes over what "field(…)" says. It is false for a field that is no parameter.
func (f *Param) fromField(p *parser, value []token) (parameter bool) {
	open := p.find(value, "(")
	if open < 0 {
		return true
	}
	parameter = true
	written := f.Default
	f.Default = ""
	p.each(value[open+1:p.closing(value, open)], func(part []token) {
		switch {
		case p.is(part, 0, "default") && len(part) > 2:
			f.Default = p.textOf(part[2:])
		case p.is(part, 0, "default_factory"):
			f.Default = written
		case p.is(part, 0, "init"):
			parameter = !p.is(part, 2, "False")
		case p.is(part, 0, "kw_only") && p.is(part, 2, "True"):
			f.Kind = KeywordOnly
		}
	})
	return parameter
}

// construct finds out how a class is called. It comes after the classes that it is derived from.
func (p *parser) construct(n *Name) {
	c := p.classes[n]
	n.Unsure = n.Unsure || c.metaclass || c.creates
	bases := c.realBases()
	n.open = n.open || c.metaclass || len(c.decorators) > 0
	for _, base := range bases {
		within := p.m.index[base]
		n.open = n.open || within == nil || within.Kind != Class || within.open || within.Span.Start > n.Span.Start
	}
	data, known := c.dataclass(p)
	n.Unsure = n.Unsure || !known
	switch {
	case c.init != nil:
		n.Params = c.init.Params[min(1, len(c.init.Params)):]
		n.Unsure = n.Unsure || c.init.Unsure || c.init.Kind != Function
	case data && len(bases) == 0, len(bases) == 1 && isNamedTuple(bases[0]):
		n.Params = ordered(c.fields)
	case data:
		n.Unsure = true
	case len(bases) == 1 && !n.open:
		base := p.m.index[bases[0]]
		n.Params, n.Unsure = base.Params, n.Unsure || base.Unsure
	case len(bases) > 0:
		n.Unsure = true
	}
}

// realBases are those that bring something with them.
func (c *class) realBases() []string {
	var bases []string
	for _, base := range c.bases {
		switch base[strings.LastIndexByte(base, '.')+1:] {
		case "object", "ABC", "Generic", "Protocol":
		default:
			bases = append(bases, base)
		}
	}
	return bases
}

func isNamedTuple(base string) bool {
	return base == "NamedTuple" || strings.HasSuffix(base, ".NamedTuple")
}

// dataclass says whether the class is one, and whether all its decorators are known.
func (c *class) dataclass(p *parser) (data, known bool) {
	known = true
	for _, d := range c.decorators {
		switch d.name[strings.LastIndexByte(d.name, '.')+1:] {
		case "dataclass":
			data = true
			p.each(d.args, func(part []token) {
				switch {
				case p.is(part, 0, "init"):
					known = known && p.is(part, 2, "True")
				case p.is(part, 0, "kw_only") && !p.is(part, 2, "False"):
					for i := range c.fields {
						c.fields[i].Kind = KeywordOnly
					}
				}
			})
		case "final", "runtime_checkable", "total_ordering", "unique":
		default:
			known = false
		}
	}
	return data, known
}

// ordered puts the fields that are given by name behind the others.
func ordered(fields []Param) []Param {
	var params []Param
	for _, kind := range []ParamKind{PositionalOrKeyword, KeywordOnly} {
		for _, f := range fields {
			if f.Kind == kind {
				params = append(params, f)
			}
		}
	}
	return params
}
