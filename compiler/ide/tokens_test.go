package ide_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// An archive of testdata/tokens has a text and, as golden section, its tokens: a line each, in order.
func TestSemanticTokens(t *testing.T) {
	testkit.Run(t, "testdata/tokens/*.txtar", func(t *testing.T, c *testkit.Case) {
		m := openMarked(t, c)
		text := m.Snapshot.Text("main.hk")
		var b strings.Builder
		for _, token := range ide.SemanticTokens(m.Snapshot, "main.hk", source.Span{End: int32(len(text))}) {
			b.WriteString(text[token.Span.Start:token.Span.End] + " : " + ide.TokenTypes[token.Type])
			for i, name := range ide.TokenModifierNames {
				if token.Modifiers>>i&1 == 1 {
					b.WriteString(" " + name)
				}
			}
			b.WriteByte('\n')
		}
		c.Golden(t, "want", b.String())
	})
}

// The tokens of any text are in order, apart, of one line each, and those of a part are those of the whole in that part.
func TestSemanticTokensOfAnything(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 8))
	all := texts(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text := all[name]
		if len(text) > 20_000 || len(text) == 0 {
			continue
		}
		text = text[:random.IntN(len(text))+1] // broken, mostly
		s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		tokens := ide.SemanticTokens(s, "main.hk", source.Span{End: int32(len(text))})
		last := int32(0)
		for _, token := range tokens {
			require.True(t, token.Span.Start >= last && token.Span.Len() > 0, "%s: %v", name, token)
			require.NotContains(t, text[token.Span.Start:token.Span.End], "\n", name)
			last = token.Span.End
		}
		start := int32(random.IntN(len(text)))
		part := source.Span{Start: start, End: min(start+200, int32(len(text)))}
		var want []ide.SemanticToken
		for _, token := range tokens {
			if token.Span.End > part.Start && token.Span.Start < part.End {
				want = append(want, token)
			}
		}
		got := ide.SemanticTokens(s, "main.hk", part)
		require.True(t, len(got) == len(want) && (len(got) == 0 || assert.ObjectsAreEqual(want, got)), "%s %v\n%s\n%v\n%v", name, part, text, want, got)
	}
}
