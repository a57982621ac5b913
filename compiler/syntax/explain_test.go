package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// Every example of an explanation has the problem that it explains, and no other; the mended one has none.
func TestExamplesOfExplanations(t *testing.T) {
	for _, row := range diag.Table {
		if row.Code >= 100 && row.Code != diag.AsyncNeedsCall {
			continue
		}
		t.Run(row.Code.String(), func(t *testing.T) {
			assert.NotEmpty(t, row.Doc)
			assert.Equal(t, []diag.Code{row.Code}, codes(Parse(row.Bad)))
			assert.Empty(t, codes(Parse(row.Good)))
		})
	}
}

func codes(f *File) []diag.Code {
	var found []diag.Code
	for _, p := range f.Problems {
		found = append(found, p.Code)
	}
	return found
}
