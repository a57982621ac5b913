package pyindex

import (
	"cmp"
	"slices"

	"github.com/hark-lang/hark-ls/internal/source"
)

// parser goes through the logical lines of a module.
type parser struct {
	scanner
	m      *Module
	blocks []block
	end    int32 // of the last line's last token
	// decorators are those above the definition that follows.
	decorators []decorator
	classes    map[*Name]*class
}

// block is a run of lines below a header.
type block struct {
	// header is the indentation of the line that opened the block, indent that of its lines, -1 until the first one.
	header, indent int
	// owner is the function or class whose body it is; nil for the module. A block of "if" has the owner of what is around it.
	owner *Name
	// own: it is the owner's body itself.
	own bool
	// body is a function's: its lines are passed over. skipped is that of "if __name__ == '__main__'", which an import does not run.
	body, skipped bool
	// conditional: its lines may not run. match: they are those of a match statement.
	conditional, match bool
	// fresh: no line has been read.
	fresh bool
	// nested is the indentation of a definition within a function, whose lines are not the function's; 0 outside of one.
	nested int
}

// decorator is one "@…": the dotted name, and what stands in its parentheses.
type decorator struct {
	name  string
	args  []token
	start int32
}

func newParser(text string) *parser {
	p := &parser{scanner: scanner{text: text}, classes: map[*Name]*class{}}
	p.m = &Module{Text: text, index: map[string]*Name{}, vague: map[string]bool{}}
	if len(text) >= 3 && text[:3] == "\xef\xbb\xbf" {
		p.pos = 3
	}
	p.blocks = []block{{header: -1, indent: -1, fresh: true}}
	return p
}

func (p *parser) module() {
	for p.line() {
		p.enter()
		if b := p.top(); b.body || b.skipped {
			p.passOver(b)
		} else {
			first := b.fresh
			b.fresh = false
			p.statement(p.tokens, first)
		}
		p.end = p.tokens[len(p.tokens)-1].span.End
	}
	p.leave(1)
	p.finish()
}

func (p *parser) top() *block { return &p.blocks[len(p.blocks)-1] }

// enter finds the block that the current line is in.
func (p *parser) enter() {
	if top := p.top(); top.indent < 0 && p.indent > top.header {
		top.indent = p.indent
		return
	}
	n := len(p.blocks)
	for n > 1 && (p.indent <= p.blocks[n-1].header || p.indent < p.blocks[n-1].indent && !p.blocks[n-1].body) {
		n--
	}
	p.leave(n)
	if top := p.top(); !top.body && !top.skipped && p.indent != top.indent {
		p.damaged = true
	}
}

// leave ends all blocks but the first n.
func (p *parser) leave(n int) {
	for i := len(p.blocks) - 1; i >= n; i-- {
		if b := p.blocks[i]; b.own {
			b.owner.Extent.End = p.end
		}
		p.damaged = p.damaged || p.blocks[i].indent < 0
	}
	p.blocks = p.blocks[:n]
}

// passOver looks at a line within a function, of which only little can matter to the module.
func (p *parser) passOver(b *block) {
	if b.skipped {
		return
	}
	if b.fresh {
		b.owner.Doc = p.docstring(p.tokens)
		b.fresh = false
	}
	if p.is(p.tokens, 0, "global") {
		for i := 1; i < len(p.tokens); i += 2 {
			p.vague(p.string(p.tokens[i]))
		}
	}
	if p.indent <= b.nested {
		b.nested = 0
	}
	p.inBody(b.owner, p.tokens, b.nested > 0)
	if b.nested == 0 && (p.is(p.tokens, 0, "def") || p.is(p.tokens, 0, "async") || p.is(p.tokens, 0, "class")) {
		b.nested = p.indent
	}
}

// inBody notes what the tokens of a function's body say of the module and, unless they are of a function within, of it.
func (p *parser) inBody(owner *Name, tokens []token, nested bool) {
	for i, t := range tokens {
		if t.kind != word {
			continue
		}
		switch p.string(t) {
		case "yield":
			owner.Generator = owner.Generator || !nested
		case "globals", "exec", "modules":
			p.m.Open = p.m.Open || p.is(tokens, i+1, "(") || p.is(tokens, i+1, "[")
		}
	}
}

// vague notes a name that may be there.
func (p *parser) vague(name string) { p.m.vague[p.qualified(name)] = true }

// qualified is a name with those of the classes around it.
func (p *parser) qualified(name string) string {
	if owner := p.top().owner; owner != nil && owner.Kind == Class {
		return owner.Name + "." + name
	}
	return name
}

// define adds a name to the module or class that the line is in, in place of an earlier definition.
func (p *parser) define(kind NameKind, at token, extent source.Span) *Name {
	n := &Name{Name: p.qualified(p.string(at)), Kind: kind, Span: at.span, Extent: extent}
	if earlier := p.m.index[n.Name]; earlier != nil {
		n.Unsure = p.top().conditional
		p.forget(earlier)
	}
	if owner := p.top().owner; owner != nil {
		p.classes[owner].members = append(p.classes[owner].members, n)
	}
	p.m.index[n.Name] = n
	p.m.Names = append(p.m.Names, n)
	return n
}

// forget drops what a class had that is defined again.
func (p *parser) forget(n *Name) {
	class := p.classes[n]
	if class == nil {
		return
	}
	for _, member := range class.members {
		if p.m.index[member.Name] == member {
			delete(p.m.index, member.Name)
		}
		p.forget(member)
	}
	class.members = nil
}

// finish completes the index once all of the text is read.
func (p *parser) finish() {
	m := p.m
	m.Open = m.Open || p.damaged
	m.Names = slices.DeleteFunc(m.Names, func(n *Name) bool { return m.index[n.Name] != n })
	slices.SortStableFunc(m.Names, func(a, b *Name) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	for _, n := range m.Names {
		if n.Kind == Class {
			p.construct(n)
		}
	}
	if getattr := m.index["__getattr__"]; getattr != nil {
		m.Open = true
	}
	for _, name := range m.All {
		m.vague[name] = true
	}
}
