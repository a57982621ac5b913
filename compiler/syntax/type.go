package syntax

import (
	"strings"
	"unicode/utf8"
)

// ParseType reads a type by itself, "List[Int]?" for instance, as the signatures of builtins have it. It is not ok if the
// text is anything else. The nodes' spans are offsets of the text.
func ParseType(text string) (t *TypeExpr, ok bool) {
	p := &parser{scanner: newScanner(text), silent: -1}
	p.advance()
	t = p.typeExpr()
	return t, p.tok.kind == EOF && len(p.problems) == 0 && utf8.ValidString(text)
}

// String is the type as the formatter writes it.
func (t *TypeExpr) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t *TypeExpr) write(b *strings.Builder) {
	b.WriteString(t.Name.Text)
	for i, arg := range t.Args {
		if i == 0 {
			b.WriteByte('[')
		} else {
			b.WriteString(", ")
		}
		arg.write(b)
	}
	if len(t.Args) > 0 {
		b.WriteByte(']')
	}
	if t.Optional {
		b.WriteByte('?')
	}
}
