package syntax

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Each section NAME.hk is formatted as NAME.formatted.
func TestFormat(t *testing.T) {
	testkit.Run(t, "testdata/format/*.txtar", func(t *testing.T, c *testkit.Case) {
		eachProgram(c, func(name string) {
			text := c.Text(t, name+".hk")
			once, ok := Format(text)
			require.True(t, ok, name)
			c.Golden(t, name+".formatted", once)
			twice, _ := Format(once)
			assert.Equal(t, once, twice, name)
		})
	})
}

func TestFormatLeavesBrokenTextAlone(t *testing.T) {
	const text = "fn  main( {\n"
	got, ok := Format(text)
	assert.False(t, ok)
	assert.Equal(t, text, got)
	got, ok = Format("\uFEFF")
	assert.True(t, ok)
	assert.Empty(t, got)
}

// An archive cannot hold the line ends of Windows safely, as version control may change them.
func TestCarriageReturns(t *testing.T) {
	const text = "// one\r\nfn main() {\r\n  'a \\\r\n b';\r\n\r\n  /* a\r\n  b */ 2\r\n}\r\n"
	file := Parse(text)
	requireSound(t, file)
	assert.Empty(t, file.Problems)
	assert.Equal(t, "// one", file.Items[0].Comments[0].Text)
	assert.Equal(t, "a  b", file.Items[0].Def.(*FuncDef).Body.Exprs[0].(*StringLit).Value)
	got, ok := Format(text)
	assert.True(t, ok)
	assert.Equal(t, "// one\nfn main() {\n  'a \\\n b';\n\n  /* a\n  b */ 2\n}\n", got)
}

// A comment may stand between any two tokens.
func TestCommentsAnywhere(t *testing.T) {
	text := testkit.Open(t, "testdata/mutations.txtar").Text(t, "good.hk")
	for _, l := range Scan(text) {
		for _, comment := range []string{"/* c */", "// c\n", "\n// c\n", "/* c */ // c\n", "\n/* c\nd */ ", "// c\n// d\n"} {
			requireFormatted(t, text[:l.Span.Start]+comment+text[l.Span.Start:])
		}
	}
}

// requireFormatted holds that formatting keeps the tree and the comments, and that what has been formatted stays so.
func requireFormatted(t *testing.T, text string) {
	t.Helper()
	once, ok := Format(text)
	if !ok {
		require.Equal(t, text, once)
		return
	}
	before, after := Parse(text), Parse(once)
	if diff := cmp.Diff(dump(before), dump(after)); diff != "" {
		t.Fatalf("the tree of %q is another one in %q:\n%s", text, once, diff)
	}
	require.Equal(t, remarks(before), remarks(after), "%q\n%q", text, once)
	twice, ok := Format(once)
	require.True(t, ok)
	require.Equal(t, once, twice)
}

func BenchmarkFormat(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, ok := Format(text); !ok {
			b.Fatal("not formatted")
		}
	}
}
