package pyindex

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// field is where the scanner is within an f-string: one for each replacement field that is open, and one for each string.
type field struct {
	quote  string // of a string; "" for a replacement field
	raw    bool
	nested bool // the string has replacement fields
	spec   bool // behind the ":" of a replacement field, where the text is literal again
	depth  int  // brackets open within the replacement field
}

// deepest is how far what can be nested is followed.
const deepest = 100

// literal reads a string literal from its quote on. Replacement fields may hold strings with the same quotes, so that all that is open
// is kept on a stack.
func (s *scanner) literal(raw, fields bool) {
	stack := []field{{quote: s.quote(), raw: raw, nested: fields}}
	for len(stack) > 0 && len(stack) < deepest && s.pos < len(s.text) {
		top := &stack[len(stack)-1]
		if top.quote != "" {
			stack = s.inString(stack, top)
		} else {
			stack = s.inField(stack, top)
		}
	}
	s.damaged = s.damaged || len(stack) > 0
}

// quote reads the opening quote or quotes.
func (s *scanner) quote() string {
	q := s.text[s.pos : s.pos+1]
	if triple := q + q + q; strings.HasPrefix(s.text[s.pos:], triple) {
		q = triple
	}
	s.pos += len(q)
	return q
}

func (s *scanner) inString(stack []field, top *field) []field {
	c := s.text[s.pos]
	switch {
	case c == '\\':
		s.pos++
		if s.pos < len(s.text) && (s.text[s.pos] == '\n' || s.text[s.pos] == '\r') {
			s.newline()
		} else if s.pos < len(s.text) && (s.text[s.pos] != '{' && s.text[s.pos] != '}' || !top.nested) {
			s.pos++
		}
	case strings.HasPrefix(s.text[s.pos:], top.quote):
		s.pos += len(top.quote)
		return stack[:len(stack)-1]
	case (c == '\n' || c == '\r') && len(top.quote) == 1:
		s.damaged = true // the end of the line ends it, and all around it
		return stack[:0]
	case c == '{' && top.nested && strings.HasPrefix(s.text[s.pos:], "{{"):
		s.pos += 2
	case c == '{' && top.nested && !(!top.raw && s.named()):
		s.pos++
		return append(stack, field{})
	default:
		s.pos++
	}
	return stack
}

// named says whether the brace is that of "\N{…}".
func (s *scanner) named() bool { return strings.HasSuffix(s.text[:s.pos], `\N`) }

func (s *scanner) inField(stack []field, top *field) []field {
	c := s.text[s.pos]
	around := &stack[len(stack)-2] // a field lies in a string, or in the specification of a field
	switch {
	case (c == '\n' || c == '\r') && top.spec:
		s.pos++
	case c == '}' && top.depth == 0:
		s.pos++
		return stack[:len(stack)-1]
	case top.spec && c == '{':
		s.pos++
		return append(stack, field{})
	case top.spec:
		return s.inSpecification(stack)
	case c == '"' || c == '\'':
		return s.stringInField(stack, around)
	case isOneOf(c, "([{"):
		top.depth++
		s.pos++
	case isOneOf(c, ")]}"):
		top.depth = max(0, top.depth-1)
		s.pos++
	case c == ':' && top.depth == 0:
		top.spec = true
		s.pos++
	case c == '#' && s.onSeveralLines(stack):
		s.skipLine()
	default:
		s.pos++
	}
	return stack
}

// inSpecification reads one character of a format specification: the quotes that end the string end the field too.
func (s *scanner) inSpecification(stack []field) []field {
	if i := stringAround(stack); i >= 0 && strings.HasPrefix(s.text[s.pos:], stack[i].quote) {
		s.damaged = true
		return stack[:i+1]
	}
	s.pos++
	return stack
}

// stringInField begins a string within a replacement field, unless the field is broken off: where an f-string in triple quotes
// meets its own quotes there.
func (s *scanner) stringInField(stack []field, around *field) []field {
	if len(around.quote) == 3 && strings.HasPrefix(s.text[s.pos:], around.quote) {
		s.damaged = true
		return stack[:len(stack)-1]
	}
	start := s.pos
	for start > 0 && partOfName(s.text[start-1]) && s.pos-start < 3 {
		start--
	}
	known, raw, fields := prefix(s.text[start:s.pos])
	return append(stack, field{quote: s.quote(), raw: known && raw, nested: known && fields})
}

func (s *scanner) onSeveralLines(stack []field) bool {
	i := stringAround(stack)
	return i >= 0 && len(stack[i].quote) == 3
}

// stringAround is the innermost string on the stack.
func stringAround(stack []field) int {
	for i := len(stack) - 1; i >= 0; i-- {
		if stack[i].quote != "" {
			return i
		}
	}
	return -1
}

// value is the value of a literal as it is written, with prefix and quotes; false for bytes and strings with replacement fields.
func value(literal string) (string, bool) {
	start := strings.IndexAny(literal, `"'`)
	if start < 0 {
		return "", false
	}
	raw := false
	for _, c := range []byte(literal[:start]) {
		switch c | 0x20 {
		case 'r':
			raw = true
		case 'u':
		default:
			return "", false
		}
	}
	body := unquoted(literal[start:])
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
	if raw || !strings.Contains(body, `\`) {
		return body, true
	}
	return unescaped(body), true
}

// unquoted is a literal without its quotes, of which the last may be missing.
func unquoted(literal string) string {
	quote := literal[:1]
	if triple := quote + quote + quote; len(literal) > 3 && strings.HasPrefix(literal, triple) {
		quote = triple
	}
	body := literal[len(quote):]
	return strings.TrimSuffix(body, quote)
}

// simple are the escapes of one character.
var simple = map[byte]string{'\n': "", '\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t",
	'v': "\v"}

// unescaped resolves the escapes of a string. A character that is given by name, "\N{…}", stays as it is written.
func unescaped(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		replacement, length := escape(s)
		b.WriteString(replacement)
		s = s[length:]
	}
}

// escape is what the escape at the beginning of s means, and its length.
func escape(s string) (string, int) {
	if plain, ok := simple[s[1]]; ok {
		return plain, 2
	}
	digits, base, skip := 0, 16, 2
	switch c := s[1]; {
	case c == 'x':
		digits = 2
	case c == 'u':
		digits = 4
	case c == 'U':
		digits = 8
	case '0' <= c && c <= '7':
		base, skip, digits = 8, 1, 1
		for digits < 3 && 1+digits < len(s) && '0' <= s[1+digits] && s[1+digits] <= '7' {
			digits++
		}
	default:
		_, size := utf8.DecodeRuneInString(s[1:])
		return s[:1+size], 1 + size
	}
	if len(s) < skip+digits {
		return s[:skip], skip
	}
	code, err := strconv.ParseUint(s[skip:skip+digits], base, 32)
	if err != nil {
		return s[:skip], skip
	}
	return string(rune(code)), skip + digits
}
