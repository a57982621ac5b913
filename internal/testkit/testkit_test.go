package testkit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

func TestCollect(t *testing.T) {
	text := "fn main() {\n  f(1) //@error(HK0101, \"a, b\") hover(-2, `x`)\n}\n//@here\n"
	marks, err := testkit.Collect(text)
	require.NoError(t, err)
	assert.Equal(t, []testkit.Mark{
		{Line: 2, Verb: "error", Args: []string{"HK0101", "a, b"}},
		{Line: 2, Verb: "hover", Args: []string{"-2", "x"}},
		{Line: 4, Verb: "here"},
	}, marks)
}

func TestCollectRefusesWhatIsNoMark(t *testing.T) {
	for _, text := range []string{`//@(`, `//@a(`, `//@a(b c)`, `//@a("b)`, `//@a(,)`, `//@1`} {
		_, err := testkit.Collect(text)
		assert.Error(t, err, "%s", text)
	}
}

func TestMatchIgnoresOrder(t *testing.T) {
	a, b := testkit.Mark{Line: 1, Verb: "a"}, testkit.Mark{Line: 10, Verb: "b"}
	testkit.Match(t, []testkit.Mark{a, b}, []testkit.Mark{b, a})
}

func TestRun(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		assert.Equal(t, "sections", c.Name)
		assert.Equal(t, "what comes first\n", c.Comment())
		assert.Equal(t, []string{"main.hk", "want/text"}, c.Names())
		c.Golden(t, "want/text", c.Text(t, "main.hk"))
		_, err := c.Read("absent.hk")
		assert.Error(t, err)
	})
}

func TestSourcesFindsSections(t *testing.T) {
	assert.Equal(t, "fn main() { 1 }\n", testkit.Sources(t)["internal/testkit/testdata/sections.txtar:main.hk"])
}

func TestInTheWordsOf(t *testing.T) {
	seen := testkit.Mark{Line: 2, Verb: "error", Args: []string{"HK0101", "no name 'x' here"}}
	wanted := []testkit.Mark{
		{Line: 1, Verb: "error", Args: []string{"HK0101", "x"}},
		{Line: 2, Verb: "warn", Args: []string{"HK0101", "x"}},
		{Line: 2, Verb: "error", Args: []string{"HK0102", "x"}},
		{Line: 2, Verb: "error"},
		{Line: 2, Verb: "error", Args: []string{"HK0101", "y"}},
		{Line: 2, Verb: "error", Args: []string{"HK0101", "("}},
	}
	assert.Equal(t, seen, seen.InTheWordsOf(wanted))
	fits := testkit.Mark{Line: 2, Verb: "error", Args: []string{"HK0101", "no name .x."}}
	assert.Equal(t, fits, seen.InTheWordsOf(append(wanted, fits)))
	assert.Equal(t, testkit.Mark{Line: 2}, testkit.Mark{Line: 2}.InTheWordsOf([]testkit.Mark{{Line: 2}}))
}
