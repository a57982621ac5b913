package pyindex

import "strings"

// isDocstring says whether a line is nothing but a String.
func (p *parser) isDocstring(tokens []token) bool {
	tokens = p.withoutParens(tokens)
	for _, t := range tokens {
		if t.kind != text {
			return false
		}
		if _, plain := value(p.string(t)); !plain {
			return false
		}
	}
	return len(tokens) > 0
}

func (p *parser) withoutParens(tokens []token) []token {
	for len(tokens) > 2 && p.is(tokens, 0, "(") && p.is(tokens, len(tokens)-1, ")") {
		tokens = tokens[1 : len(tokens)-1]
	}
	return tokens
}

// docstring is the documentation that the tokens are, "" if they are none.
func (p *parser) docstring(tokens []token) string {
	tokens = p.until(tokens, ";")
	if !p.isDocstring(tokens) {
		return ""
	}
	var b strings.Builder
	for _, t := range p.withoutParens(tokens) {
		part, _ := value(p.string(t))
		b.WriteString(part)
	}
	return clean(b.String())
}

// clean takes the indentation from a docstring, as inspect.cleandoc does.
func clean(doc string) string {
	lines := strings.Split(expandTabs(doc), "\n")
	margin := -1
	for _, line := range lines[1:] {
		if content := strings.TrimLeft(line, spaces); content != "" && (margin < 0 || len(line)-len(content) < margin) {
			margin = len(line) - len(content)
		}
	}
	lines[0] = strings.TrimLeft(lines[0], spaces)
	for i := 1; i < len(lines); i++ {
		lines[i] = lines[i][min(max(margin, 0), len(lines[i])):]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return strings.Join(lines, "\n")
}

const spaces = " \t\v\f\r\x1c\x1d\x1e\x1f"

// expandTabs fills up to the next multiple of eight columns.
func expandTabs(s string) string {
	if !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch r {
		case '\t':
			b.WriteString("        "[column%8:])
			column += 8 - column%8
			continue
		case '\n', '\r':
			column = -1
		}
		b.WriteRune(r)
		column++
	}
	return b.String()
}
