package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The scanner hands out one token after the other, on demand: after the key of a hash the parser has it read ":name" again,
// as ":" and whatever begins with the name. Text that is no token is reported and passed over like white space; the token
// after it is marked, so that the parser does not complain a second time about what is missing there.

// lexeme is a token with its place in the file.
type lexeme struct {
	start, end int32
	kind       Token
	// newline: a line break lies between this token and the one before it.
	newline bool
	// damaged: text just before this token has been reported already, so what is missing here is no news.
	damaged bool
}

type scanner struct {
	text string
	pos  int32 // of the next byte to read
	// seen is how far the text has been looked at, by this scanner and those that look ahead for it: what has been found so far
	// depends on nothing behind.
	seen     *int32
	copies   bool        // what is kept of the text is copied, so that the tree does not keep all of the text
	damaged  bool        // what was passed over before pos has been reported
	dirty    bool        // a problem has been reported that may have others in this line as its consequence
	lost     source.Span // what has been passed over last, from the first to the last character that begins no token
	comments []Comment
	problems []diag.Diagnostic
}

// Lexeme is a token or comment of a text, for those who look at tokens without a tree.
type Lexeme struct {
	Kind Token
	Span source.Span // in the text's offsets
}

// Scan lists the tokens and comments of a text in order, without EOF. It knows nothing of context: ":name" is always one
// Symbol, "try", "catch" and "import" are always of their keyword's kind.
func Scan(text string) []Lexeme {
	s := newScanner(text)
	var all []Lexeme
	for seen := 0; ; {
		tok := s.next()
		for ; seen < len(s.comments); seen++ {
			all = append(all, Lexeme{commentKind(s.comments[seen]), s.comments[seen].Span})
		}
		if tok.kind == EOF {
			return all
		}
		if tok.kind == Identifier {
			tok.kind = contextual(text[tok.start:tok.end])
		}
		all = append(all, Lexeme{tok.kind, source.Span{Start: tok.start, End: tok.end}})
	}
}

func commentKind(c Comment) Token {
	switch {
	case c.Doc:
		return DocComment
	case strings.HasPrefix(c.Text, "//"):
		return LineComment
	}
	return BlockComment
}

func contextual(word string) Token {
	switch word {
	case "try":
		return KwTry
	case "catch":
		return KwCatch
	case "import":
		return KwImport
	}
	return Identifier
}

const byteOrderMark = "\uFEFF"

func newScanner(text string) scanner {
	s := scanner{text: text, seen: new(int32)}
	if strings.HasPrefix(text, byteOrderMark) {
		s.pos = int32(len(byteOrderMark))
	}
	return s
}

// from is a scanner that looks at what comes after offset.
func (s *scanner) from(offset int32) scanner {
	return scanner{text: s.text, pos: offset, seen: s.seen}
}

// slack is how far behind the last byte of a token the scanner may look to know that the token ends there.
const slack = 4

// look notes that the text has been looked at up to offset.
func (s *scanner) look(offset int32) { *s.seen = max(*s.seen, offset+slack) }

// keep is a part of the text that is to be kept.
func (s *scanner) keep(part string) string {
	if s.copies {
		return strings.Clone(part)
	}
	return part
}

// invalidUTF8 is the one diagnostic for all broken bytes of a text, if it has any: who has one has many, of one cause.
func invalidUTF8(text string) []diag.Diagnostic {
	if utf8.ValidString(text) {
		return nil
	}
	first, count := -1, 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			if first < 0 {
				first = i
			}
			count++
		}
		i += size
	}
	message := "this byte is not valid UTF-8"
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		message = "this file is in UTF-16; save it as UTF-8"
	case count == 2:
		message += ", and neither is 1 more of this file"
	case count > 2:
		message += fmt.Sprintf(", and neither are %d more of this file", count-1)
	}
	d := diag.New(diag.InvalidUTF8, message)
	d.Span = source.Span{Start: int32(first), End: int32(first + 1)}
	return []diag.Diagnostic{d}
}

func (s *scanner) report(code diag.Code, start, end int32, message string) *diag.Diagnostic {
	d := diag.New(code, message)
	d.Span = source.Span{Start: start, End: end}
	s.problems = append(s.problems, d)
	return &s.problems[len(s.problems)-1]
}

func fix(title, text string, start, end int32, certain bool) []diag.Fix {
	edit := diag.Edit{Span: source.Span{Start: start, End: end}, New: text}
	return []diag.Fix{{Title: title, Edits: []diag.Edit{edit}, Certain: certain}}
}

// Classes of bytes.
const (
	isName  = 1 << iota // may be part of an identifier
	isLower             // may start one
	isUpper
	isDigit
	isWord // letter, digit or "_"
)

var classes = func() (t [256]uint8) {
	for c := range t {
		switch c := byte(c); {
		case 'a' <= c && c <= 'z':
			t[c] = isName | isLower | isWord
		case c == '_':
			t[c] = isName | isLower | isWord
		case 'A' <= c && c <= 'Z':
			t[c] = isName | isUpper | isWord
		case '0' <= c && c <= '9':
			t[c] = isName | isDigit | isWord
		case c == '?' || c == '.':
			t[c] = isName
		}
	}
	return t
}()

// next reads a token.
func (s *scanner) next() lexeme {
	s.damaged = false
	newline := s.space()
	for lost := s.pos; ; {
		tok := lexeme{start: s.pos, newline: newline}
		tok.kind = s.token()
		s.look(s.pos)
		if tok.kind != tokenKinds {
			tok.end = s.pos
			tok.damaged = s.damaged
			return tok
		}
		s.damaged = true
		s.lost = source.Span{Start: lost, End: s.pos}
		newline = s.space() || newline
	}
}

// space passes over white space and comments and says whether there was a line break.
func (s *scanner) space() (newline bool) {
	text, pos := s.text, int(s.pos)
	for ; pos < len(text); pos++ {
		switch text[pos] {
		case ' ', '\t', '\r':
		case '\n':
			newline = true
		case '/':
			end := s.comment(pos)
			if end == pos {
				s.pos = int32(pos)
				return newline
			}
			pos = end - 1
		default:
			s.pos = int32(pos)
			return newline
		}
	}
	s.pos = int32(pos)
	return newline
}

// comment reads the comment at pos and is where it ends, pos if there is none.
func (s *scanner) comment(pos int) int {
	text := s.text
	if pos+1 >= len(text) {
		return pos
	}
	switch text[pos+1] {
	case '/':
		return s.lineComment(pos)
	case '*':
		length := strings.Index(text[pos+2:], "*/")
		end := pos + length + 4
		if length < 0 {
			end = len(text)
			s.report(diag.OpenComment, int32(pos), int32(pos+2), "this comment has no end")
			s.damaged = true
		}
		s.addComment(pos, end, length >= 1 && text[pos+2] == '*' && text[pos+3] != '*')
		return end
	}
	return pos
}

func (s *scanner) lineComment(pos int) int {
	end := len(s.text)
	if n := strings.IndexByte(s.text[pos:], '\n'); n >= 0 {
		end = pos + n
	}
	if s.text[end-1] == '\r' && end < len(s.text) {
		end--
	}
	s.addComment(pos, end, false)
	return end
}

func (s *scanner) addComment(start, end int, doc bool) {
	span := source.Span{Start: int32(start), End: int32(end)}
	s.comments = append(s.comments, Comment{Span: span, Text: s.keep(s.text[start:end]), Doc: doc})
}

// token reads the token at pos. It is tokenKinds if there was none and the text has been reported and passed over.
func (s *scanner) token() Token {
	text, pos := s.text, int(s.pos)
	if pos >= len(text) {
		return EOF
	}
	c := text[pos]
	switch class := classes[c]; {
	case class&isLower != 0:
		return s.word(isName, Identifier)
	case class&isDigit != 0:
		return s.number()
	case class&isUpper != 0:
		return s.word(isWord, TypeName)
	}
	if c == '"' || c == '\'' {
		return s.str()
	}
	if kind := single[c]; kind != EOF {
		s.pos++
		if s.pos < int32(len(text)) {
			return s.pair(kind, text[s.pos])
		}
		return kind
	}
	return s.unusual(c)
}

// single has the tokens of one byte that are complete by themselves or begin one of two bytes.
var single = [256]Token{
	'(': LParen, ')': RParen, '{': LBrace, '}': RBrace, '[': LBracket, ']': RBracket,
	',': Comma, ';': Semicolon, ':': Colon, '?': Question, '=': Assigns, '<': Less, '>': More, '!': Not,
	'+': Plus, '-': Minus, '*': Star, '/': Slash, '%': Percent,
}

// pair is the token that kind and the byte after it make together, or kind.
func (s *scanner) pair(kind Token, after byte) Token {
	switch {
	case kind == Colon && 'a' <= after && after <= 'z':
		s.skip(isWord)
		return Symbol
	case kind == Minus && after == '>':
		kind = Arrow
	case after != '=':
		return kind
	case kind == Assigns:
		kind = Equal
	case kind == Not:
		kind = NotEq
	case kind == Less:
		kind = LessEq
	case kind == More:
		kind = MoreEq
	default:
		return kind
	}
	s.pos++
	return kind
}

// skip passes over bytes of a class.
func (s *scanner) skip(class uint8) {
	pos := int(s.pos)
	for pos < len(s.text) && classes[s.text[pos]]&class != 0 {
		pos++
	}
	s.pos = int32(pos)
}

// word reads an identifier, keyword or type. A letter that cannot be in a name is reported, and taken as if it could.
func (s *scanner) word(class uint8, kind Token) Token {
	start := s.pos
	s.skip(class)
	if int(s.pos) < len(s.text) && s.text[s.pos] >= utf8.RuneSelf && s.foreignLetters(class) {
		word := s.text[start:s.pos]
		s.report(diag.BadName, start, s.pos, fmt.Sprintf("'%s' has letters that a name cannot have", word))
		return kind
	}
	if kind != Identifier || s.pos-start > 6 {
		return kind
	}
	return keyword(s.text[start:s.pos])
}

// foreignLetters passes over the rest of a word, letters beyond ASCII included, and says whether there were any.
func (s *scanner) foreignLetters(class uint8) bool {
	start := s.pos
	for {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if r < utf8.RuneSelf || size == 1 || !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			return s.pos > start
		}
		s.pos += int32(size)
		s.skip(class)
	}
}

// unusual reads "&&", "||" and "#[", and what the language does not have.
func (s *scanner) unusual(c byte) Token {
	rest := s.text[s.pos:]
	switch {
	case strings.HasPrefix(rest, "&&"):
		s.pos += 2
		return AndAnd
	case strings.HasPrefix(rest, "||"):
		s.pos += 2
		return OrOr
	case strings.HasPrefix(rest, "#["):
		s.pos += 2
		return AttrOpen
	case c == '&':
		return s.half("&&", AndAnd)
	case c == '|':
		return s.half("||", OrOr)
	case c == '#':
		return s.hashComment()
	case c == '.' && len(rest) > 1 && classes[rest[1]]&isDigit != 0:
		return s.number()
	}
	if r, _ := utf8.DecodeRuneInString(rest); strings.ContainsRune("“„‘«", r) && s.typographic() {
		return String
	}
	s.illegal()
	return tokenKinds
}

func (s *scanner) half(whole string, kind Token) Token {
	s.pos++
	d := s.report(diag.IllegalCharacter, s.pos-1, s.pos, fmt.Sprintf("'%s' is not an operator", whole[:1]))
	d.Fixes = fix("write '"+whole+"'", whole, s.pos-1, s.pos, true)
	return kind
}

// hashComment takes "# …" for the comment that it is elsewhere.
func (s *scanner) hashComment() Token {
	start := s.pos
	d := s.report(diag.IllegalCharacter, start, start+1, "a comment begins with '//'")
	d.Fixes = fix("write '//'", "//", start, start+1, true)
	s.pos = int32(s.lineComment(int(start)))
	return tokenKinds
}

// illegal passes over characters that begin no token and reports them together.
func (s *scanner) illegal() {
	start, reported := s.pos, false
	for int(s.pos) < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if r < utf8.RuneSelf && (s.pos > start && !strings.ContainsRune("@$^`~\\.&|", r) || r == '\n') {
			break
		}
		reported = reported || r != utf8.RuneError || size > 1 // broken bytes have been
		s.pos += int32(size)
		if r >= utf8.RuneSelf && unicode.IsLetter(r) {
			s.skip(isName)
		}
	}
	if reported {
		s.report(diag.IllegalCharacter, start, s.pos, illegalMessage(s.text[start:s.pos]))
	}
}

func illegalMessage(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case strings.ContainsRune("“”„‟«»‘’‚‛", r):
		return "this quotation mark does not begin a string: write '\"'"
	case unicode.IsSpace(r):
		return fmt.Sprintf("the character U+%04X is not white space here: write ' '", r)
	case unicode.IsPrint(r):
		return fmt.Sprintf("'%s' has no meaning here", strings.ToValidUTF8(text, "\uFFFD"))
	}
	return fmt.Sprintf("the character U+%04X has no meaning here", r)
}

// PartOfName says whether a byte can stand in a name, behind its first.
func PartOfName(c byte) bool {
	return c == '_' || c == '.' || c == '?' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
