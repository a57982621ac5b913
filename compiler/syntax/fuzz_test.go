package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// seed adds the programs of all archives, the prelude's, and the hostile texts.
func seed(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"testdata/*.txtar", "testdata/*/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, path := range paths {
			archive, err := txtar.ParseFile(path)
			require.NoError(f, err)
			for _, file := range archive.Files {
				if strings.HasSuffix(file.Name, ".hk") {
					f.Add(string(file.Data))
				}
			}
		}
	}
	paths, err := filepath.Glob("../prelude/*.hk")
	require.NoError(f, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(text))
	}
	for _, unit := range hostile {
		f.Add("fn f() {\n" + strings.Repeat(strings.NewReplacer("_", " ", "~", "\n").Replace(unit), 9))
	}
}

// Whatever the text, the parser ends, and its tree is sound.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		file := Parse(text)
		requireSound(t, file)
		for _, p := range file.Problems {
			require.NotZero(t, p.Code)
			require.NotZero(t, p.Severity)
			require.True(t, 0 <= p.Span.Start && p.Span.Start <= p.Span.End && int(p.Span.End) <= len(text), "%v", p)
		}
		end := int32(0)
		for _, l := range Scan(text) {
			require.LessOrEqual(t, end, l.Span.Start)
			require.Less(t, l.Span.Start, l.Span.End)
			end = l.Span.End
		}
	})
}

// Formatting keeps the tree and the comments, and what has been formatted stays as it is.
func FuzzFormat(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		requireFormatted(t, text)
	})
}

// remarks are the comments of a file, without their white space: their lines are aligned.
func remarks(f *File) []string {
	var all []string
	for _, l := range Scan(f.Text) {
		if l.Kind == LineComment || l.Kind == BlockComment || l.Kind == DocComment {
			all = append(all, strings.Join(strings.Fields(f.Text[l.Span.Start:l.Span.End]), " "))
		}
	}
	return all
}
