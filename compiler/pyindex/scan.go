package pyindex

import "github.com/hark-lang/hark-ls/internal/source"

// kind is what a token is.
type kind uint8

const (
	word kind = iota + 1 // a name or a keyword
	number
	text // a string literal with its prefix and quotes
	operator
)

type token struct {
	kind kind
	span source.Span
}

// scanner splits a module into logical lines: physical ones, joined within brackets and by backslashes, without comments.
type scanner struct {
	text string
	pos  int
	// damaged: something cannot be Python, so that what follows may be misread.
	damaged bool

	tokens  []token // of the current line
	indent  int     // of the current line, in columns
	depth   int     // of open brackets
	started bool    // the current physical line has a token
}

// line reads the next logical line that has tokens, and says whether there was one.
func (s *scanner) line() bool {
	s.tokens, s.depth = s.tokens[:0], 0
	for s.pos < len(s.text) {
		if len(s.tokens) == 0 {
			s.indentation()
		}
		if s.rest() {
			return true
		}
	}
	return len(s.tokens) > 0
}

// indentation measures the white space at the beginning of a line: tabs reach to the next multiple of eight, form feeds start again.
func (s *scanner) indentation() {
	s.indent = 0
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case ' ':
			s.indent++
		case '\t':
			s.indent += 8 - s.indent%8
		case '\f':
			s.indent = 0
		default:
			return
		}
	}
}

// rest reads tokens up to the end of a physical line, and says whether the logical line ends with it. It is called again for what
// follows where it does not.
func (s *scanner) rest() bool {
	s.started = false
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == ' ' || c == '\t' || c == '\f':
			s.pos++
		case c == '\n' || c == '\r':
			s.newline()
			return s.depth == 0 && len(s.tokens) > 0
		case c == '#':
			s.skipLine()
		case c == '\\' && s.continues():
			s.pos++
			s.newline()
		case s.depth > 0 && !s.started && s.opensStatement():
			s.damaged = true // a bracket above is not closed
			return true
		default:
			s.token(c)
			s.started = true
		}
	}
	s.damaged = s.damaged || s.depth > 0
	return len(s.tokens) > 0
}

func (s *scanner) newline() {
	if s.text[s.pos] == '\r' && s.pos+1 < len(s.text) && s.text[s.pos+1] == '\n' {
		s.pos++
	}
	s.pos++
}

func (s *scanner) skipLine() {
	for s.pos < len(s.text) && s.text[s.pos] != '\n' && s.text[s.pos] != '\r' {
		s.pos++
	}
}

// continues says whether a backslash is the last thing on its line.
func (s *scanner) continues() bool {
	return s.pos+1 < len(s.text) && (s.text[s.pos+1] == '\n' || s.text[s.pos+1] == '\r')
}

// statements are keywords that begin a line of their own and never stand within brackets.
var statements = map[string]bool{"def": true, "class": true, "import": true, "return": true, "with": true, "while": true, "try": true,
	"del": true, "pass": true, "raise": true, "assert": true, "global": true}

// opensStatement says whether a keyword begins here that shows that the brackets above have been left open.
func (s *scanner) opensStatement() bool {
	end := s.pos
	for end < len(s.text) && partOfName(s.text[end]) {
		end++
	}
	return end > s.pos && end < len(s.text) && s.text[end] == ' ' && statements[s.text[s.pos:end]]
}

func (s *scanner) token(c byte) {
	start := s.pos
	k := operator
	switch {
	case c == '"' || c == '\'':
		k = text
		s.literal(false, false)
	case startsName(c):
		k = s.nameOrLiteral()
	case digit(c) || c == '.' && s.pos+1 < len(s.text) && digit(s.text[s.pos+1]):
		k = number
		s.number()
	default:
		s.operator(c)
	}
	s.tokens = append(s.tokens, token{k, source.Span{Start: int32(start), End: int32(s.pos)}})
}

func (s *scanner) nameOrLiteral() kind {
	start := s.pos
	for s.pos < len(s.text) && partOfName(s.text[s.pos]) {
		s.pos++
	}
	if s.pos < len(s.text) && (s.text[s.pos] == '"' || s.text[s.pos] == '\'') {
		if known, raw, fields := prefix(s.text[start:s.pos]); known {
			s.literal(raw, fields)
			return text
		}
	}
	return word
}

// prefix says what the letters before a quote mean: whether they are a prefix of strings, and of which.
func prefix(letters string) (known, raw, fields bool) {
	if len(letters) > 2 {
		return false, false, false
	}
	for i := range len(letters) {
		switch letters[i] | 0x20 {
		case 'r':
			raw = true
		case 'f', 't':
			fields = true
		case 'b', 'u':
		default:
			return false, false, false
		}
	}
	return true, raw, fields
}

// number reads digits with what may stand between them. "1if" is a number and a keyword.
func (s *scanner) number() {
	if s.text[s.pos] == '0' && s.pos+1 < len(s.text) && isOneOf(s.text[s.pos+1]|0x20, "xob") {
		s.pos += 2
		s.while("0123456789abcdefABCDEF_")
		return
	}
	s.while("0123456789_")
	if s.pos < len(s.text) && s.text[s.pos] == '.' {
		s.pos++
		s.while("0123456789_")
	}
	if s.exponent() {
		s.pos += 2
		s.while("0123456789_")
	}
	if s.pos < len(s.text) && s.text[s.pos]|0x20 == 'j' {
		s.pos++
	}
}

func (s *scanner) exponent() bool {
	rest := s.text[s.pos:]
	if len(rest) < 2 || rest[0]|0x20 != 'e' {
		return false
	}
	return digit(rest[1]) || len(rest) > 2 && isOneOf(rest[1], "+-") && digit(rest[2])
}

func (s *scanner) while(set string) {
	for s.pos < len(s.text) && isOneOf(s.text[s.pos], set) {
		s.pos++
	}
}

// joined are the operators of several characters that matter here: those that contain "=", ":" or "*" without being them.
var joined = []string{"**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
	"@=", "**", "//"}

func (s *scanner) operator(c byte) {
	switch c {
	case '(', '[', '{':
		s.depth++
	case ')', ']', '}':
		if s.depth--; s.depth < 0 {
			s.depth, s.damaged = 0, true
		}
	case '$', '?', '`', 0, '\\':
		s.damaged = true
	}
	if isOneOf(c, "()[]{},;~") {
		s.pos++
		return
	}
	for _, op := range joined {
		if op[0] == c && len(s.text)-s.pos >= len(op) && s.text[s.pos:s.pos+len(op)] == op {
			s.pos += len(op)
			return
		}
	}
	s.pos++
}

func startsName(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func partOfName(c byte) bool { return startsName(c) || digit(c) }

func digit(c byte) bool { return '0' <= c && c <= '9' }

func isOneOf(c byte, set string) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}
