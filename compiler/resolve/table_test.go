package resolve_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// The words of the table are those of the language: one vocabulary, one form.
func TestTableStyle(t *testing.T) {
	titles := map[string]bool{}
	for i, row := range diag.Table {
		code := row.Code.String()
		assert.True(t, i == 0 || diag.Table[i-1].Code < row.Code, "%s: codes ascend", code)
		assert.False(t, titles[row.Title], "%s: the title is another's too", code)
		titles[row.Title] = true
		assert.NotZero(t, row.Severity, "%s has a severity", code)
		assert.NotEmpty(t, row.Doc, "%s has a page", code)
		assert.LessOrEqual(t, len(row.Title), 60, "%s: a title is short", code)
		assert.False(t, strings.HasSuffix(row.Title, "."), "%s: a title has no full stop", code)
		assert.True(t, unicode.IsLower([]rune(row.Title)[0]), "%s: a title begins small", code)
		for _, word := range strings.FieldsFunc(strings.ToLower(row.Title+" "+row.Doc), notLetter) {
			assert.False(t, slices.Contains(foreign, word), "%s: %q is not a word of these pages", code, word)
		}
	}
}

// foreign are words for which the pages have another: they say what is wrong in terms of the program.
var foreign = []string{"illegal", "lhs", "rhs", "identifier", "arity_error", "invalid", "statement", "closure", "variable", "method_call", "token"}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && r != '_' }
