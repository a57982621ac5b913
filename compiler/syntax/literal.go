package syntax

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Numbers and strings: how they are read, and which values they stand for.

// number reads digits with at most one dot and an exponent. Whatever is stuck to them makes one bad number with them: no
// program has a digit directly before a letter.
func (s *scanner) number() Token {
	start := s.pos
	s.skip(isDigit)
	whole := s.text[start:s.pos]
	float := s.accept('.')
	if float {
		s.skip(isDigit)
	}
	if s.exponent() {
		float = true
	}
	if int(s.pos) < len(s.text) && classes[s.text[s.pos]]&isName != 0 {
		s.skip(isName)
		if c := s.text[s.pos-1] | 0x20; c == 'e' && (s.accept('+') || s.accept('-')) {
			s.skip(isName)
		}
		s.badNumber(start, "'%s' is not a number")
	} else if !float && len(whole) > 1 && whole[0] == '0' {
		d := s.badNumber(start, "'%s' begins with a zero, and there are no octal numbers")
		decimal := strings.TrimLeft(whole[:len(whole)-1], "0") + whole[len(whole)-1:]
		d.Fixes = fix("write '"+decimal+"'", decimal, start, s.pos, false)
	} else if whole == "" {
		d := s.badNumber(start, "'%s' has no digit before the dot")
		d.Fixes = fix("add '0'", "0", start, start, true)
	}
	return Number
}

func (s *scanner) badNumber(start int32, format string) *diag.Diagnostic {
	return s.report(diag.BadNumber, start, s.pos, fmt.Sprintf(format, s.text[start:s.pos]))
}

func (s *scanner) accept(c byte) bool {
	if int(s.pos) < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) exponent() bool {
	start := s.pos
	if !s.accept('e') && !s.accept('E') {
		return false
	}
	if !s.accept('+') {
		s.accept('-')
	}
	digits := s.pos
	s.skip(isDigit)
	if s.pos == digits {
		s.pos = start
		return false
	}
	return true
}

// str reads a string up to its closing quote or, with an error, the end of the line.
func (s *scanner) str() Token {
	text, start := s.text, int(s.pos)
	quote := text[start]
	for pos := start + 1; pos < len(text); pos++ {
		switch text[pos] {
		case quote:
			s.pos = int32(pos + 1)
			return String
		case '\\':
			pos++
			if strings.HasPrefix(text[min(pos, len(text)):], "\r\n") {
				pos++
			}
		case '\n':
			return s.openString(start, pos)
		}
	}
	return s.openString(start, len(text))
}

// typographic reads a string in quotation marks that a word processor has made of proper ones, if it has an end.
func (s *scanner) typographic() bool {
	_, size := utf8.DecodeRuneInString(s.text[s.pos:])
	start, body := s.pos, s.text[int(s.pos)+size:]
	if n := strings.IndexByte(body, '\n'); n >= 0 {
		body = body[:n]
	}
	s.look(start + int32(size+len(body)))
	n := strings.IndexAny(body, "”“’»«")
	if n < 0 {
		return false
	}
	_, last := utf8.DecodeRuneInString(body[n:])
	s.pos += int32(size + n + last)
	d := s.report(diag.IllegalCharacter, start, s.pos, "these quotation marks are none of the language")
	d.Fixes = []diag.Fix{{Title: "write '\"'", Certain: true, Edits: []diag.Edit{
		{Span: source.Span{Start: start, End: start + int32(size)}, New: `"`},
		{Span: source.Span{Start: s.pos - int32(last), End: s.pos}, New: `"`},
	}}}
	return true
}

// openString is a string without its closing quote. Brackets and separators at the end of the line were surely not meant
// to be in it.
func (s *scanner) openString(start, end int) Token {
	s.look(int32(end))
	body := strings.TrimRight(s.text[start+1:end], "(){}[];, \t\r")
	s.pos = int32(start + 1 + len(body))
	if n := len(s.problems); s.dirty && n > 0 && s.sameLine(s.problems[n-1].Span.Start, int32(start)) {
		s.problems = s.problems[:n-1] // a consequence of this quote, which closes nothing
	}
	s.dirty, s.damaged = true, true
	quote := s.keep(s.text[start : start+1])
	d := s.report(diag.UnterminatedString, int32(start), s.pos, "this string has no closing "+quote)
	d.Fixes = fix("add "+quote, quote, s.pos, s.pos, false)
	return String
}

func (s *scanner) sameLine(a, b int32) bool {
	return a <= b && strings.IndexByte(s.text[a:b], '\n') < 0
}

// value is the text of the string literal between start and end, with its escapes resolved; what is wrong with them is
// reported.
func (s *scanner) value(start, end int32) string {
	quoted := s.text[start:end]
	_, size := utf8.DecodeRuneInString(quoted)
	body := quoted[size:]
	if strings.HasSuffix(body, quoted[:size]) || size > 1 {
		_, size = utf8.DecodeLastRuneInString(body)
		body = body[:len(body)-size]
	}
	if strings.IndexByte(body, '\\') < 0 {
		if strings.IndexByte(body, '\r') >= 0 || !utf8.ValidString(body) {
			return s.keep(strings.ToValidUTF8(body, "\uFFFD"))
		}
		return s.keep(body)
	}
	u := unescaper{scanner: s, body: body, offset: start + 1}
	for at := 0; at < len(body); {
		at = u.step(at)
	}
	return strings.ToValidUTF8(u.out.String(), "\uFFFD")
}

// unescaper resolves Python's escapes. Its methods take the place of a backslash in the body and are the place after the
// escape.
type unescaper struct {
	*scanner
	body   string
	offset int32 // of body in the file
	out    strings.Builder
}

var simpleEscapes = [256]byte{
	'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', '"': '"', '\'': '\'', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v',
}

// step takes the text up to the next backslash, or one escape.
func (u *unescaper) step(at int) int {
	plain := strings.IndexByte(u.body[at:], '\\')
	if plain < 0 {
		plain = len(u.body) - at
	}
	u.out.WriteString(u.body[at : at+plain])
	at += plain
	if at+1 >= len(u.body) { // a lone backslash at the end is in strings without an end only
		return len(u.body)
	}
	return u.escape(at)
}

func (u *unescaper) escape(at int) int {
	c := u.body[at+1]
	switch {
	case c == '\n':
		return at + 2
	case c == '\r' && strings.HasPrefix(u.body[at+2:], "\n"):
		return at + 3
	case c == 'x':
		return u.hex(at, 2)
	case c == 'u':
		return u.hex(at, 4)
	case c == 'U':
		return u.hex(at, 8)
	case '0' <= c && c <= '7':
		return u.octal(at)
	case c == 'N':
		return u.named(at)
	case simpleEscapes[c] != 0:
		u.out.WriteByte(simpleEscapes[c])
		return at + 2
	}
	u.out.WriteString(u.body[at : at+2])
	return at + 2
}

func (u *unescaper) octal(at int) int {
	n, end := rune(0), at+1
	for end < len(u.body) && end < at+4 && '0' <= u.body[end] && u.body[end] <= '7' {
		n = n*8 + rune(u.body[end]-'0')
		end++
	}
	u.out.WriteRune(n)
	return end
}

// named refuses \N{BULLET}: it would tie the meaning of a program to a table of names that changes every year.
func (u *unescaper) named(at int) int {
	end := at + 2
	if n := strings.IndexByte(u.body[end:], '}'); n >= 0 && u.body[end] == '{' {
		end += n + 1
	}
	u.bad(at, end, "characters cannot be written by name: write the character itself, or '\\uhhhh'")
	return end
}

func (u *unescaper) bad(at, end int, message string) *diag.Diagnostic {
	u.out.WriteRune(utf8.RuneError)
	return u.report(diag.BadEscape, u.offset+int32(at), u.offset+int32(end), message)
}

// hex resolves \xhh, \uhhhh and \Uhhhhhhhh.
func (u *unescaper) hex(at, digits int) int {
	n, end := u.hexDigits(at, digits)
	switch {
	case end != at+2+digits:
		u.bad(at, end, fmt.Sprintf("'%s' needs %d hexadecimal digits", u.body[at:at+2], digits))
	case n > utf8.MaxRune:
		u.bad(at, end, fmt.Sprintf("'%s' is beyond the last character, U+10FFFF", u.body[at:end]))
	case utf16.IsSurrogate(rune(n)):
		return u.surrogate(at, end, rune(n))
	default:
		u.out.WriteRune(rune(n))
	}
	return end
}

// hexDigits is the number after the two bytes at, of at most so many digits, and where it ends.
func (u *unescaper) hexDigits(at, digits int) (n uint32, end int) {
	for end = at + 2; end < len(u.body) && end < at+2+digits; end++ {
		digit := strings.IndexByte("0123456789abcdef", u.body[end]|0x20)
		if digit < 0 || u.body[end] < '0' {
			break
		}
		n = n<<4 | uint32(digit)
	}
	return n, end
}

// surrogate reports half of a UTF-16 pair: Python takes it, but a String is made of characters and this is none. A
// whole pair, as JSON has it, surely means its character.
func (u *unescaper) surrogate(at, end int, first rune) int {
	var fixes []diag.Fix
	if strings.HasPrefix(u.body[end:], `\u`) {
		second, after := u.hexDigits(end, 4)
		if r := utf16.DecodeRune(first, rune(second)); r != utf8.RuneError && after == end+6 {
			end = after
			escape := fmt.Sprintf(`\U%08X`, r)
			fixes = fix("write '"+escape+"'", escape, u.offset+int32(at), u.offset+int32(end), true)
		}
	}
	d := u.bad(at, end, fmt.Sprintf("'%s' is a surrogate, not a character", u.body[at:end]))
	d.Code, d.Fixes = diag.LoneSurrogate, fixes
	return end
}

// Int is the value of a literal that is no Float.
func (n *NumberLit) Int() *big.Int {
	v, ok := new(big.Int).SetString(n.Text, 10)
	if !ok {
		return new(big.Int) // the text is a reported error
	}
	return v
}

// Float64 is the value of a literal as a Float, rounded to the nearest; one that is too large is infinite.
func (n *NumberLit) Float64() float64 {
	f, _ := strconv.ParseFloat(n.Text, 64) // out of range gives the infinity, which is what is meant
	return f
}
