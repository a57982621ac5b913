package ide

// Completion within a call: what is expected there, the names of its arguments, the keys of a Hash.

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// expected are the kinds of values that may be written; 0 if nothing is known of it.
func (l *completer) expected() types.Kinds {
	c := l.cursor
	switch before := c.before(1); before {
	case syntax.KwAwait:
		return types.Future | types.List
	case syntax.AndAnd, syntax.OrOr, syntax.Not:
		return types.Bool
	case syntax.Minus, syntax.Star, syntax.Slash, syntax.Percent:
		return types.Int | types.Float
	case syntax.LParen, syntax.Comma, syntax.Symbol:
		b := c.around()
		if b == nil || b.purpose != arguments || before != syntax.Symbol && b.start < len(c.tokens) {
			return 0
		}
		callee := l.s.calleeAt(l.file, c, b)
		signatures := l.s.signaturesOf(callee.facts, callee.expr, callee.binding)
		if len(signatures) == 0 {
			return 0
		}
		return kindsAt(signatures, c.named(b), b.commas)
	}
	return 0
}

// kindsAt are the kinds of values that some signatures take for an argument; 0 for any.
func kindsAt(signatures []types.Signature, name string, position int) types.Kinds {
	var kinds types.Kinds
	for _, sig := range signatures {
		if i := activeParam(sig, name, position); i >= 0 {
			kinds |= sig.Params[i].Type.Kinds()
		}
	}
	if kinds == types.AnyKind {
		return 0
	}
	return kinds
}

// namedArguments offers the names of the arguments of the call that are not given yet.
func (l *completer) namedArguments() {
	c, b := l.cursor, l.cursor.around()
	if b == nil || b.purpose != arguments || b.start < len(c.tokens) {
		return
	}
	callee := l.s.calleeAt(l.file, c, b)
	given := l.givenNames(b)
	near := nearKeyword
	if strings.HasPrefix(c.typed, ":") {
		near = nearNamed
	}
	for _, sig := range l.s.signaturesOf(callee.facts, callee.expr, callee.binding) {
		for i, p := range sig.Params {
			if p.Rest || p.RestKeywords || p.PositionalOnly || i < b.commas-len(given) || slices.Contains(given, p.Name) {
				continue
			}
			detail := ""
			if !p.Type.IsAny() {
				detail = ": " + p.Type.String()
			}
			if p.Default != "" {
				detail += " = " + p.Default
			}
			offered := Completion{Label: ":" + p.Name, Kind: CompleteArgument, Detail: detail, Insert: ":" + p.Name + " ", Ref: "argument"}
			if !strings.HasPrefix(c.typed, ":") {
				offered.Filter = p.Name
			}
			l.add(offered, near+i)
		}
	}
}

// givenNames are the names of arguments that the call has before the place.
func (l *completer) givenNames(b *bracket) []string {
	var names []string
	depth := 0
	for i := b.at + 1; i < len(l.cursor.tokens); i++ {
		switch l.cursor.tokens[i].Kind {
		case syntax.LParen, syntax.LBrace, syntax.LBracket:
			depth++
		case syntax.RParen, syntax.RBrace, syntax.RBracket:
			depth--
		case syntax.Symbol:
			if before := l.cursor.tokens[i-1].Kind; depth == 0 && (before == syntax.Comma || i == b.at+1) {
				names = append(names, l.cursor.lexeme(i)[1:])
			}
		}
	}
	return names
}

// keyTakers are the builtins that take a Hash and one of its keys, by the number of the key's argument.
var keyTakers = map[string]int{"get": 1, "set": 1, "contains": 1}

// keyed is the Hash whose key the argument around the place is; false if it is none.
func (l *completer) keyed(b *bracket) (types.Type, bool) {
	if b == nil || b.purpose != arguments || b.at == 0 {
		return types.Any, false
	}
	callee := l.s.calleeAt(l.file, l.cursor, b)
	position, ok := keyTakers[callee.name]
	if !ok || position != b.commas || callee.binding == nil || callee.binding.Kind != resolve.Builtin || l.item == nil {
		return types.Any, false
	}
	first := l.cursor.tokens[b.at+1].Span.Start
	for _, n := range l.item.Path(first) {
		if arg, ok := n.(*syntax.Arg); ok && l.item.Abs(arg.Value.Span()).Start == first {
			return l.facts.Of(arg.Value), true
		}
	}
	return types.Any, false
}

// stringContent offers what a String in code may hold: the keys of a Hash.
func (l *completer) stringContent() {
	b := l.cursor.around()
	if b == nil || b.start != len(l.cursor.tokens)-1 {
		return
	}
	if hash, ok := l.keyed(b); ok {
		for i, field := range hash.Fields() {
			l.add(Completion{Label: field.Key, Kind: CompleteKey, Detail: fieldDetail(field), Insert: escaped(field.Key), Ref: "key"}, i)
		}
	}
}

// quotedKeys offers the keys of a Hash as Strings.
func (l *completer) quotedKeys(b *bracket) {
	hash, ok := l.keyed(b)
	if !ok {
		return
	}
	for i, field := range hash.Fields() {
		l.add(Completion{Label: `"` + escaped(field.Key) + `"`, Filter: field.Key, Kind: CompleteKey, Detail: fieldDetail(field), Ref: "key"}, min(i, nearLocal-6))
	}
}

func fieldDetail(field types.Field) string {
	detail := ""
	if !field.Type.IsAny() {
		detail = ": " + field.Type.String()
	}
	if !field.Certain {
		detail += " (maybe)"
	}
	return detail
}

// escaped is a text within the quotes of a String.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(text)
}
