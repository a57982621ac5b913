package pyindex

import "github.com/hark-lang/hark-ls/internal/source"

// string is a token's text.
func (s *scanner) string(t token) string { return s.text[t.span.Start:t.span.End] }

// is says whether the token at an index is this keyword or operator.
func (s *scanner) is(tokens []token, i int, what string) bool {
	return i >= 0 && i < len(tokens) && s.string(tokens[i]) == what
}

// at is the text of a token at an index, "" behind the last.
func (s *scanner) at(tokens []token, i int) string {
	if i < len(tokens) {
		return s.string(tokens[i])
	}
	return ""
}

// isName says whether there is a name at an index, and no keyword.
func (s *scanner) isName(tokens []token, i int) bool {
	return i < len(tokens) && tokens[i].kind == word && !keywords[s.string(tokens[i])]
}

var keywords = map[string]bool{"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true,
	"await": true, "break": true, "class": true, "continue": true, "def": true, "del": true, "elif": true, "else": true, "except": true,
	"finally": true, "for": true, "from": true, "global": true, "if": true, "import": true, "in": true, "is": true, "lambda": true,
	"nonlocal": true, "not": true, "or": true, "pass": true, "raise": true, "return": true, "try": true, "while": true, "with": true,
	"yield": true}

// find is the index of the first token that is one of these and stands outside of brackets and of the parameters of a lambda; -1 if
// there is none.
func (s *scanner) find(tokens []token, wanted ...string) int {
	depth, lambdas := 0, 0
	for i, t := range tokens {
		if t.kind == text || t.kind == number {
			continue
		}
		what := s.string(t)
		switch {
		case depth == 0 && lambdas > 0 && what == ":":
			lambdas--
		case depth == 0 && lambdas == 0 && (what == wanted[0] || len(wanted) > 1 && what == wanted[1]):
			return i
		case isOpen(what):
			depth++
		case isClose(what):
			depth--
		case depth == 0 && what == "lambda":
			lambdas++
		}
	}
	return -1
}

// until are the tokens before the first that is one of these, or all.
func (s *scanner) until(tokens []token, wanted ...string) []token {
	if i := s.find(tokens, wanted...); i >= 0 {
		return tokens[:i]
	}
	return tokens
}

// each calls visit with the parts of a list that is separated by commas; empty ones are left out.
func (s *scanner) each(tokens []token, visit func(part []token)) {
	for len(tokens) > 0 {
		part := s.until(tokens, ",")
		if len(part) > 0 {
			visit(part)
		}
		tokens = tokens[min(len(part)+1, len(tokens)):]
	}
}

// closing is the index of the bracket that closes the one at an index; that behind the last token if there is none.
func (s *scanner) closing(tokens []token, open int) int {
	depth := 0
	for i := open; i < len(tokens); i++ {
		if tokens[i].kind != operator {
			continue
		}
		if what := s.string(tokens[i]); isOpen(what) {
			depth++
		} else if isClose(what) {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(tokens)
}

// spanOf is the text from the first to the last of some tokens.
func spanOf(tokens []token) source.Span {
	if len(tokens) == 0 {
		return source.Span{}
	}
	return source.Span{Start: tokens[0].span.Start, End: tokens[len(tokens)-1].span.End}
}

func (s *scanner) textOf(tokens []token) string {
	span := spanOf(tokens)
	return s.text[span.Start:span.End]
}

func isOpen(s string) bool { return s == "(" || s == "[" || s == "{" }

func isClose(s string) bool { return s == ")" || s == "]" || s == "}" }
