package resolve_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// Every page of "explain" keeps its word: the bad example has exactly the problem of its code, the good one has none.
func TestExamples(t *testing.T) {
	for _, row := range diag.Table {
		t.Run(row.Code.String(), func(t *testing.T) {
			require.NotEmpty(t, row.Bad)
			require.NotEmpty(t, row.Good)
			found := problems(row.Bad)
			assert.Contains(t, found, row.Code.String()+" "+row.Severity.String(), "the bad example lacks its problem")
			for _, problem := range found {
				assert.True(t, strings.HasPrefix(problem, row.Code.String()), "the bad example has another problem too: %s", problem)
			}
			assert.Empty(t, problems(row.Good), "the good example has a problem")
		})
	}
}

// problems are the codes and severities of what is wrong with an example: one file, or an archive of several.
func problems(example string) []string {
	files, entry := map[string]string{}, "main.hk"
	if archive := txtar.Parse([]byte(example)); len(archive.Files) > 0 {
		entry = archive.Files[0].Name
		for _, file := range archive.Files {
			files[file.Name] = string(file.Data)
		}
	} else {
		files[entry] = example
	}
	p := resolve.Load(entry, func(path string) (string, error) {
		if text, ok := files[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	})
	var found []string
	for _, file := range p.Diagnostics() {
		for _, d := range file.Problems {
			found = append(found, d.Code.String()+" "+d.Severity.String())
		}
	}
	return found
}

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
