package ide

// What the tokens before a place say of it. While somebody types the text is broken just there, and a tree of it is a guess; the
// tokens before the cursor are what was meant.

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// inside is what kind of text a place lies in.
type inside uint8

const (
	inCode inside = iota
	inComment
	inString
)

// cursor is a place and the tokens before it, back to where its definition or import begins.
type cursor struct {
	text   string
	offset int32
	inside inside
	// tokens are those before the word at the place, without comments. In a String its opening is the last of them.
	tokens []syntax.Lexeme
	// word is the name, or beginning of one, that the place touches, in a String all of its text; typed is the part before the place.
	word  source.Span
	typed string
	// open are the brackets around the place, the outermost first.
	open []bracket
}

// bracket is a bracket that is open at a place.
type bracket struct {
	kind syntax.Token // LParen, LBracket, LBrace, AttrOpen
	at   int          // its index in the tokens
	// commas is how many there are between it and the place; start is the token with which the element around the place begins.
	commas int
	start  int
	// purpose is what the bracket is for.
	purpose purpose
}

// purpose is what a bracket is for.
type purpose uint8

const (
	grouping purpose = iota
	arguments
	parameters
	importing
	attributeList
	attributeArguments
)

// newCursor looks at the text from start, where no token is open, to offset.
func newCursor(text string, start, offset int32) *cursor {
	offset = max(0, min(offset, int32(len(text))))
	c := &cursor{text: text, offset: offset, word: at(offset)}
	limit := int32(len(text)) // of the line: whether a String is open there, its end decides
	if n := strings.IndexByte(text[offset:], '\n'); n >= 0 {
		limit = offset + int32(n)
	}
	for _, t := range syntax.Scan(text[start:limit]) {
		t.Span = t.Span.Shift(start)
		if t.Span.Start >= offset {
			break
		}
		c.enter(t)
		if !comment(t.Kind) {
			c.tokens = append(c.tokens, t)
		}
	}
	c.cutWord()
	c.nest()
	return c
}

// itemBefore is the last item that begins before offset or there, nil if there is none.
func itemBefore(tree *syntax.File, offset int32) *syntax.Item {
	if i := indexBefore(tree, offset); i >= 0 {
		return tree.Items[i]
	}
	return nil
}

// indexBefore is the index of itemBefore's item, -1 if there is none.
func indexBefore(tree *syntax.File, offset int32) int {
	low, high := 0, len(tree.Items)
	for low < high {
		if mid := (low + high) / 2; tree.Items[mid].Span.Start > offset {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low - 1
}

// cursorIn is the cursor at an offset of a file.
func cursorIn(tree *syntax.File, offset int32) *cursor {
	start := int32(0)
	if item := itemBefore(tree, offset); item != nil {
		start = item.Span.Start
	}
	return newCursor(tree.Text, start, offset)
}

func comment(kind syntax.Token) bool {
	return kind == syntax.LineComment || kind == syntax.BlockComment || kind == syntax.DocComment
}

// enter finds out whether the place is in a token that is a comment or String.
func (c *cursor) enter(t syntax.Lexeme) {
	text := c.text[t.Span.Start:t.Span.End]
	switch {
	case t.Span.End < c.offset:
	case comment(t.Kind):
		if t.Span.End > c.offset || t.Kind == syntax.LineComment || len(text) < 4 || !strings.HasSuffix(text, "*/") {
			c.inside = inComment
		}
	case t.Kind == syntax.String && (t.Span.End > c.offset || openString(text)):
		c.inside = inString
	}
}

// openString says whether a String has no end.
func openString(text string) bool {
	if len(text) < 2 || text[len(text)-1] != text[0] {
		return true
	}
	escapes := 0
	for i := len(text) - 2; i > 0 && text[i] == '\\'; i-- {
		escapes++
	}
	return escapes%2 == 1
}

// cutWord takes the word at the place from the tokens.
func (c *cursor) cutWord() {
	switch c.inside {
	case inComment:
		return
	case inString:
		start := c.tokens[len(c.tokens)-1].Span.Start + 1
		if strings.Contains(c.text[start:c.offset], "\n") {
			break // what is edited is of one line
		}
		c.word = source.Span{Start: start, End: c.stringEnd(start)}
	default:
		for c.word.Start > 0 && syntax.PartOfName(c.text[c.word.Start-1]) {
			c.word.Start--
		}
		for int(c.word.End) < len(c.text) && syntax.PartOfName(c.text[c.word.End]) {
			c.word.End++
		}
		c.takeSymbol()
		for n := len(c.tokens); n > 0 && c.tokens[n-1].Span.End > c.word.Start; n-- {
			last := c.tokens[n-1]
			c.tokens = c.tokens[:n-1]
			if last.Kind == syntax.Symbol && last.Span.Start < c.word.Start { // "{x:y": the ":" is a token by itself
				c.tokens = append(c.tokens, syntax.Lexeme{Kind: syntax.Colon, Span: source.Span{Start: last.Span.Start, End: c.word.Start}})
				break
			}
		}
	}
	c.typed = c.text[c.word.Start:c.offset]
}

// takeSymbol has the word begin with the ":" of a symbol. After the key of a Hash it is none.
func (c *cursor) takeSymbol() {
	start := c.word.Start
	if start == 0 || c.text[start-1] != ':' {
		return
	}
	for i := len(c.tokens) - 1; i >= 0; i-- {
		t := c.tokens[i]
		if t.Span.End >= start && t.Kind != syntax.Symbol && t.Kind != syntax.Colon {
			continue
		}
		if t.Span.Start == start-1 && (i == 0 || !endsOperand(c.tokens[i-1].Kind)) {
			c.word.Start--
		}
		return
	}
}

// endsOperand says whether a value may end with a token, so that ":" after it separates a key from its value.
func endsOperand(kind syntax.Token) bool {
	switch kind {
	case syntax.Identifier, syntax.TypeName, syntax.Symbol, syntax.Number, syntax.String, syntax.RParen, syntax.RBracket, syntax.RBrace,
		syntax.KwTrue, syntax.KwFalse, syntax.KwNull:
		return true
	}
	return false
}

// stringEnd is where the String around the place ends: before its closing quote, else at the place, as what follows is not meant
// to be in it.
func (c *cursor) stringEnd(start int32) int32 {
	quote := c.text[start-1]
	end := int(c.offset)
	for end < len(c.text) && c.text[end] != '\n' && c.text[end] != quote {
		end++
	}
	if end < len(c.text) && c.text[end] == quote {
		return int32(end)
	}
	return c.offset
}

// nest finds the brackets that are open at the place. One that was left open above is given up at the end of its statement.
func (c *cursor) nest() {
	for i, t := range c.tokens {
		switch t.Kind {
		case syntax.LParen, syntax.LBracket, syntax.LBrace, syntax.AttrOpen:
			c.open = append(c.open, bracket{kind: t.Kind, at: i, start: i + 1, purpose: c.purposeOf(i)})
		case syntax.RParen:
			c.close(syntax.LParen, syntax.LParen)
		case syntax.RBracket:
			c.close(syntax.LBracket, syntax.AttrOpen)
		case syntax.RBrace:
			c.close(syntax.LBrace, syntax.LBrace)
		case syntax.Comma:
			if n := len(c.open); n > 0 {
				c.open[n-1].commas++
				c.open[n-1].start = i + 1
			}
		case syntax.Semicolon:
			c.endStatement(i)
		case syntax.KwFn:
			if i > 0 {
				c.open = c.open[:0]
			}
		}
	}
}

// close closes the innermost bracket of two kinds and those left open in it; if there is none nothing happens.
func (c *cursor) close(kind, or syntax.Token) {
	for n := len(c.open) - 1; n >= 0; n-- {
		switch c.open[n].kind {
		case kind, or:
			c.open = c.open[:n]
			return
		case syntax.LBrace:
			return // a block is not closed by a parenthesis
		}
	}
}

// endStatement gives up what was left open in the statement that ends, and begins a new element of its block.
func (c *cursor) endStatement(at int) {
	n := len(c.open)
	for n > 0 && c.open[n-1].kind != syntax.LBrace {
		n--
	}
	c.open = c.open[:n]
	if n > 0 {
		c.open[n-1].start = at + 1
		c.open[n-1].commas = 0
	}
}

// purposeOf is what the bracket at an index of the tokens is for.
func (c *cursor) purposeOf(i int) purpose {
	kind, before := c.tokens[i].Kind, syntax.EOF
	if i > 0 {
		before = c.tokens[i-1].Kind
	}
	switch {
	case kind == syntax.AttrOpen:
		return attributeList
	case kind != syntax.LParen:
		return grouping
	case len(c.open) > 0 && c.open[len(c.open)-1].purpose == attributeList:
		return attributeArguments
	case before == syntax.KwImport && len(c.open) == 0:
		return importing
	case before == syntax.KwLambda, before == syntax.Identifier && i > 1 && c.tokens[i-2].Kind == syntax.KwFn:
		return parameters
	case before == syntax.Identifier, before == syntax.KwTry, before == syntax.KwCatch, before == syntax.KwImport,
		before == syntax.RParen, before == syntax.RBracket:
		return arguments
	case before == syntax.RBrace && len(c.open) > 0 && c.open[len(c.open)-1].kind != syntax.LBrace:
		return arguments
	}
	return grouping
}

// around is the innermost open bracket, nil if there is none.
func (c *cursor) around() *bracket {
	if n := len(c.open); n > 0 {
		return &c.open[n-1]
	}
	return nil
}

// call is the innermost call around the place; what lies between may be lists, hashes and parentheses, but no block.
func (c *cursor) call() *bracket {
	for n := len(c.open) - 1; n >= 0; n-- {
		switch {
		case c.open[n].purpose == arguments:
			return &c.open[n]
		case c.open[n].purpose != grouping || c.block(&c.open[n]):
			return nil
		}
	}
	return nil
}

// block says whether a brace is that of a block, not of a hash.
func (c *cursor) block(b *bracket) bool {
	if b.kind != syntax.LBrace {
		return false
	}
	if b.at == 0 {
		return true
	}
	switch kind := c.tokens[b.at-1].Kind; kind {
	case syntax.RParen, syntax.Identifier, syntax.TypeName, syntax.RBracket, syntax.Question, syntax.KwElse, syntax.KwTry,
		syntax.KwTrue, syntax.KwFalse, syntax.KwNull, syntax.RBrace, syntax.Number, syntax.String, syntax.Symbol:
		return true
	}
	return false
}

// before is the kind of the token n places before the word, EOF if there is none; 1 is the one directly before.
func (c *cursor) before(n int) syntax.Token {
	if n > len(c.tokens) {
		return syntax.EOF
	}
	return c.tokens[len(c.tokens)-n].Kind
}

// lexeme is the text of a token.
func (c *cursor) lexeme(i int) string { return c.text[c.tokens[i].Span.Start:c.tokens[i].Span.End] }

// named is the name of the argument that begins with ":name" and is around the place; "" if it has none.
func (c *cursor) named(b *bracket) string {
	if b.start >= len(c.tokens) || c.tokens[b.start].Kind != syntax.Symbol {
		return ""
	}
	if b.start+1 < len(c.tokens) {
		switch kind := c.tokens[b.start+1].Kind; {
		case kind.Level() > 0 && kind != syntax.Minus, kind == syntax.Comma, kind == syntax.RParen:
			return ""
		}
	}
	return c.lexeme(b.start)[1:]
}
