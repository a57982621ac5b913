package vm

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Strings in JSON text.

// string reads a String; at is on its opening quote.
func (r *jsonReader) string() (Value, *Error) {
	start := r.at
	r.at++
	var b []byte
	for {
		end := strings.IndexFunc(r.text[r.at:], endsPlainText)
		if end < 0 {
			return Value{}, r.fault("Unterminated string starting at", start)
		}
		if b == nil {
			b = make([]byte, 0, end)
		}
		b = append(b, r.text[r.at:r.at+end]...)
		r.at += end
		switch c := r.text[r.at]; c {
		case '"':
			r.at++
			return newString(b), r.owe(objectBytes + len(b))
		case '\\':
			escaped, err := r.escape(start)
			if err != nil {
				return Value{}, err
			}
			b = utf8.AppendRune(b, escaped)
		default:
			return Value{}, r.fault("Invalid control character at", r.at)
		}
	}
}

func endsPlainText(c rune) bool { return c == '"' || c == '\\' || c < ' ' }

var jsonUnescapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape; at is on its backslash.
func (r *jsonReader) escape(start int) (rune, *Error) {
	if r.at+1 == len(r.text) {
		return 0, r.fault("Unterminated string starting at", start)
	}
	c := r.text[r.at+1]
	if c == 'u' {
		return r.unicodeEscape()
	}
	plain, ok := jsonUnescapes[c]
	if !ok {
		return 0, r.fault(`Invalid \escape`, r.at)
	}
	r.at += 2
	return plain, nil
}

// unicodeEscape reads the escape of one character, which may be two of halves of a surrogate pair.
func (r *jsonReader) unicodeEscape() (rune, *Error) {
	first, ok := hexEscape(r.text[r.at:])
	if !ok {
		return 0, r.fault(`Invalid \uXXXX escape`, r.at+1)
	}
	if !utf16.IsSurrogate(first) {
		r.at += 6
		return first, nil
	}
	rest := r.text[r.at+6:]
	second, ok := hexEscape(rest)
	if !ok && strings.HasPrefix(rest, `\u`) {
		return 0, r.fault(`Invalid \uXXXX escape`, r.at+7)
	}
	pair := utf16.DecodeRune(first, second)
	if !ok || pair == utf8.RuneError {
		return 0, r.fault(`Lone surrogate `+r.text[r.at:r.at+6], r.at)
	}
	r.at += 12
	return pair, nil
}

// hexEscape is the number in the "\uXXXX" that s begins with. As in Python it cannot be the very end of a text.
func hexEscape(s string) (rune, bool) {
	if len(s) <= 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
