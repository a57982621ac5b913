package ide

// Completion within "#[…]".

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// errorKinds are the kinds of errors that a retry may be limited to: those of the machine that a call can end with, and what Python
// raises most.
var errorKinds = []string{
	"Timeout", "Crash", "Exception", "ConnectionError", "TimeoutError", "OSError", "RuntimeError", "ValueError", "KeyError", "IOError",
}

// attributeNames offers the attributes that have an effect on what stands below, and are not there yet.
func (l *completer) attributeNames() {
	if before := l.cursor.before(1); before != syntax.AttrOpen && before != syntax.Comma {
		return
	}
	b := l.cursor.around()
	for i, info := range resolve.DescribeAttributes() {
		if slices.Contains(l.attributesGiven(b), info.Name) || !l.attributeFits(info) {
			continue
		}
		c := Completion{Label: info.Name, Kind: CompleteAttribute, Ref: "attribute:" + info.Name}
		switch info.Name {
		case "retry":
			c.Detail, c.Insert, c.Snippet = "(max, backoff, on)", "retry", "retry(max=${1:3}, backoff=${2:1.0})$0"
		case "timeout":
			c.Detail, c.Insert, c.Snippet = "(seconds)", "timeout", "timeout(${1:30})$0"
		case "memory":
			c.Detail, c.Insert, c.Snippet = "(megabytes)", "memory", "memory(${1:1024})$0"
		}
		l.add(c, i)
	}
}

// attributesGiven are the names that stand in the brackets before the place.
func (l *completer) attributesGiven(b *bracket) []string {
	var names []string
	for i := b.at + 1; i < len(l.cursor.tokens); i++ {
		before := l.cursor.tokens[i-1].Kind
		if l.cursor.tokens[i].Kind == syntax.Identifier && (before == syntax.AttrOpen || before == syntax.Comma) {
			names = append(names, l.cursor.lexeme(i))
		}
	}
	return names
}

// attributeFits says whether an attribute has an effect on the definition that it stands above, as far as that is written.
func (l *completer) attributeFits(info resolve.AttributeInfo) bool {
	below := strings.TrimLeft(l.cursor.text[l.cursor.word.End:], " \t\r\n])")
	for strings.HasPrefix(below, "#[") || strings.HasPrefix(below, "//") {
		_, rest, _ := strings.Cut(below, "\n")
		below = strings.TrimLeft(rest, " \t\r\n")
	}
	switch {
	case strings.HasPrefix(below, "fn"):
		return info.OnFunction
	case strings.HasPrefix(below, "import"):
		return info.OnImport
	}
	return true
}

// attributeArguments offers the arguments of an attribute that are not given yet, and values where they are known.
func (l *completer) attributeArguments(b *bracket) {
	c := l.cursor
	if b.at == 0 {
		return
	}
	info, ok := attributeInfo(c.lexeme(b.at - 1))
	if !ok {
		return
	}
	key := ""
	if b.start+1 < len(c.tokens) && c.tokens[b.start+1].Kind == syntax.Assigns {
		key = c.lexeme(b.start)
	}
	if key == "on" {
		l.attributeKinds()
		return
	}
	if key != "" || c.inside == inString || b.start < len(c.tokens) {
		return
	}
	given := c.text[c.tokens[b.at].Span.End:c.word.Start]
	for i, p := range info.Params {
		if i >= b.commas && !strings.Contains(given, p.Name+"=") && !strings.Contains(given, p.Name+" =") {
			l.add(Completion{Label: p.Name, Kind: CompleteArgument, Detail: "=", Insert: p.Name + "=", Ref: "param:" + info.Name + "." + p.Name}, i)
		}
	}
}

// attributeKinds offers the kinds of errors, with quotes outside of a String.
func (l *completer) attributeKinds() {
	for i, kind := range errorKinds {
		if l.cursor.inside == inString {
			l.add(Completion{Label: kind, Kind: CompleteValue, Ref: "kind"}, i)
		} else {
			l.add(Completion{Label: `"` + kind + `"`, Kind: CompleteValue, Ref: "kind"}, i)
		}
	}
}
