package lsp

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"
)

// markup is a text in Markdown as the client can show it: as it is, or, for a client that says it knows plain text only, without what
// Markdown adds.
func (r *request) markup(formats []protocol.MarkupKind, text string) *protocol.MarkupContent {
	if len(formats) == 0 || slices.Contains(formats, protocol.MarkupKindMarkdown) {
		return &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: text}
	}
	return &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: plainText(text)}
}

// plainText is Markdown without the fences of code and the quotes of words in code.
func plainText(text string) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "```") })
	return strings.ReplaceAll(strings.Join(lines, "\n"), "`", "")
}
