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
