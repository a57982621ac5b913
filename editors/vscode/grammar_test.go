//go:build unix

package vscode_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// scoped is a piece of text within a line with what the grammar calls it, the outermost first.
type scoped struct {
	Start, End int
	Scopes     string
}

// tokens asks the editor's own tokenizer what the grammar makes of texts.
func tokens(t *testing.T, texts map[string]string) map[string][]scoped {
	built(t)
	in, err := json.Marshal(texts)
	require.NoError(t, err)
	p := command(t, ".", "node", "dist/test/tokens.js")
	p.Stdin = bytes.NewReader(in)
	found := map[string][]scoped{}
	require.NoError(t, json.Unmarshal(p.run(), &found))
	return found
}

// TestGrammar shows what the grammar calls every piece of a text: "LINE PIECE  SCOPES", white space and names without a meaning
// of their own left out.
func TestGrammar(t *testing.T) {
	if leftOut(t) {
		return
	}
	testkit.Run(t, "testdata/grammar/*.txtar", func(t *testing.T, c *testkit.Case) {
		text := c.Text(t, "main.hk")
		lines := source.NewLines(text)
		var listing strings.Builder
		for _, token := range tokens(t, map[string]string{"main.hk": text})["main.hk"] {
			piece := strings.TrimSpace(text[token.Start:min(token.End, len(text))])
			line, _ := lines.OffsetColumn(int32(token.Start))
			if piece != "" && token.Scopes != "" {
				fmt.Fprintf(&listing, "%d %-16s %s\n", line+1, piece, token.Scopes)
			}
		}
		c.Golden(t, "want/scopes", listing.String())
	})
}

// kinds are the scopes that a token of the language may have.
var kinds = map[syntax.Token][]string{
	syntax.LineComment: {"comment"}, syntax.BlockComment: {"comment"}, syntax.DocComment: {"comment"},
	syntax.String: {"string"}, syntax.Symbol: {"constant.other.symbol", "storage.modifier", "keyword.control.as"},
	syntax.Number: {"constant.numeric", "invalid.illegal.number"},
	syntax.KwFn:   {"storage.type"}, syntax.KwLambda: {"storage.type"},
	syntax.KwIf: {"keyword.control"}, syntax.KwElse: {"keyword.control"}, syntax.KwAsync: {"keyword.control"},
	syntax.KwAwait: {"keyword.control"}, syntax.KwTrue: {"constant.language"}, syntax.KwFalse: {"constant.language"},
	syntax.KwNull: {"constant.language"}, syntax.Identifier: {"variable", "entity.name", "support.function"},
	syntax.TypeName: {"support.type", "entity.name.type"},
}

// TestGrammarAgreesWithTheCompiler holds for every text of the repository that has no error in its syntax: what the compiler takes
// for a comment, a string, a keyword, the grammar does too.
func TestGrammarAgreesWithTheCompiler(t *testing.T) {
	if leftOut(t) {
		return
	}
	texts := map[string]string{}
	for name, text := range testkit.Sources(t) {
		if utf8.ValidString(text) && !strings.HasPrefix(text, "\uFEFF") && len(syntax.Parse(text).Problems) == 0 {
			texts[name] = text
		}
	}
	require.Greater(t, len(texts), 200)
	for name, found := range tokens(t, texts) {
		scopes := perByte(len(texts[name]), found)
		for _, token := range syntax.Scan(texts[name]) {
			if !agrees(texts[name], token, scopes) {
				assert.Fail(t, "the grammar disagrees", "%s: %q is %s and has the scopes %q", name,
					texts[name][token.Span.Start:token.Span.End], token.Kind, scopes[token.Span.Start])
			}
		}
	}
}

func perByte(size int, found []scoped) []string {
	scopes := make([]string, size+1)
	for _, token := range found {
		for i := token.Start; i < min(token.End, size); i++ {
			scopes[i] = token.Scopes
		}
	}
	return scopes
}

func agrees(text string, token syntax.Lexeme, scopes []string) bool {
	wanted, known := kinds[token.Kind]
	if !known || token.Kind == syntax.Symbol && token.Span.Start > 0 && !strings.Contains(" \n(,[{", text[token.Span.Start-1:token.Span.Start]) {
		return true // after a key, ":name" is no symbol
	}
	for _, at := range []int32{token.Span.Start, token.Span.End - 1} {
		some := false
		for _, scope := range wanted {
			some = some || strings.Contains(" "+scopes[at], " "+scope)
		}
		if !some {
			return false
		}
	}
	return true
}

// The builtins have a colour of their own, all of them and nothing else.
func TestGrammarKnowsTheBuiltins(t *testing.T) {
	if leftOut(t) {
		return
	}
	calls := map[string]string{"other": "fn f() { nosuch() }"}
	for _, row := range bytecode.Builtins {
		if !row.Internal {
			calls[row.Name] = "fn f() { " + row.Name + "() }"
		}
	}
	for _, file := range prelude.Sources() {
		for _, item := range syntax.Parse(file.Text).Items {
			if fn, ok := item.Def.(*syntax.FuncDef); ok && !prelude.Private(fn.Name.Text) {
				calls[fn.Name.Text] = "fn f() { " + fn.Name.Text + "() }"
			}
		}
	}
	for name, found := range tokens(t, calls) {
		builtin := false
		for _, token := range found {
			builtin = builtin || strings.Contains(token.Scopes, "support.function.builtin")
		}
		assert.Equal(t, name != "other", builtin, name)
	}
}
