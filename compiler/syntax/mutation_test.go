package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// One token of a good program is left out, written twice, or has another one put before it. That is one mistake, and most of
// the time it has to be reported as one: the rates are those that have been reached, not to be lost again.
func TestMutations(t *testing.T) {
	c := testkit.Open(t, "testdata/mutations.txtar")
	text := c.Text(t, "good.hk")
	assert.Empty(t, Parse(text).Problems)
	rates := map[string]*rate{"left out": {}, "twice": {}, "another": {}}
	for _, l := range Scan(text) {
		before, token, after := text[:l.Span.Start], text[l.Span.Start:l.Span.End], text[l.Span.End:]
		rates["left out"].add(t, before+after)
		rates["twice"].add(t, before+token+" "+token+after)
		for _, other := range []string{")", "]", "}", "{", "(", "[", ";", ",", "x", "+", "=", ":", `"`, "$", "else", "fn", "if"} {
			rates["another"].add(t, before+other+" "+token+after)
		}
	}
	assert.GreaterOrEqual(t, rates["left out"].percent(), 95.0)
	assert.GreaterOrEqual(t, rates["twice"].percent(), 97.0)
	assert.GreaterOrEqual(t, rates["another"].percent(), 94.0)
}

type rate struct{ all, one int }

func (r *rate) add(t *testing.T, text string) {
	f := Parse(text)
	requireSound(t, f)
	r.all++
	if len(f.Problems) <= 1 {
		r.one++
	}
}

func (r *rate) percent() float64 { return 100 * float64(r.one) / float64(r.all) }
