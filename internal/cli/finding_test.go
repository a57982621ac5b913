package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Each section of the archive is a source in which «…» marks the span of a diagnostic, NAME.want what is printed about it.
func TestPrintFindings(t *testing.T) {
	testkit.Run(t, "testdata/finding/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			if base, ok := strings.CutSuffix(name, ".hk"); ok {
				t.Run(base, func(t *testing.T) { c.Golden(t, base+".want", printed(c.Text(t, name))) })
			}
		}
	})
}

func printed(text string) string {
	start := strings.Index(text, "«")
	text = strings.Replace(text, "«", "", 1)
	end := strings.Index(text, "»")
	text = strings.Replace(text, "»", "", 1)
	lines := source.NewLines(text)
	d := diag.Diagnostic{Code: 7, Severity: diag.Error, Message: "'x' is wrong", Span: source.Span{Start: int32(start), End: int32(end)}}
	d.Fixes = []diag.Fix{{Title: "mend it"}}
	related := []place{{"b.hk", source.NewLines("\n  x"), source.Span{Start: 3, End: 4}, "'x' is here"}}
	var b strings.Builder
	printFindings(&b, false, []finding{{d, "a.hk", lines, related}})
	return b.String()
}

// Whatever a line is made of and wherever the mark is, what is shown of it fits, and the carets stand under the mark.
func TestExcerptFits(t *testing.T) {
	for _, letter := range []string{"a", "語", "é", "\xff", "\u009b", "語a"} {
		for _, lengths := range [][3]int{{0, 1, 0}, {0, 300, 9}, {300, 1, 300}, {300, 60, 300}, {100, 54, 1}, {2, 109, 2}, {0, 0, 300}, {300, 0, 0}} {
			before, marked, after := clip(strings.Repeat(letter, lengths[0]), strings.Repeat(letter, lengths[1]), strings.Repeat(letter, lengths[2]))
			assert.LessOrEqual(t, columnsOf(before+marked+after), excerptWidth+2, "%q %v", letter, lengths)
			assert.Equal(t, lengths[1] > 0, marked != "", "%q %v", letter, lengths)
			assert.Equal(t, columnsOf(before), columnsOf(blank(before)))
		}
	}
	assert.Equal(t, "a\uFFFD[31m\tb\uFFFD\uFFFD", printable("a\x1b[31m\tb\u009b\x7f"))
}

func TestColoursAreOnlyForTerminals(t *testing.T) {
	assert.False(t, bool(paintFor(&strings.Builder{})))
	assert.Equal(t, "x", paint(false).red("x"))
	assert.Equal(t, "\x1b[1;31mx\x1b[0m", paint(true).red("x"))
}

func TestTally(t *testing.T) {
	of := func(severities ...diag.Severity) []finding {
		var all []finding
		for _, s := range severities {
			all = append(all, finding{Diagnostic: diag.Diagnostic{Severity: s}})
		}
		return all
	}
	assert.Equal(t, "no problems", tally(nil))
	assert.Equal(t, "2 errors, 1 warning", tally(of(diag.Warning, diag.Error, diag.Error)))
	assert.True(t, worst(of(diag.Error), diag.Error))
	assert.False(t, worst(of(diag.Warning, diag.Hint), diag.Error))
}
