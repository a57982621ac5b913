package ide_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
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

// problems are the codes and severities of what is wrong with an example.
func problems(example string) []string {
	var found []string
	s := exampleProject(example)
	for _, file := range txtar.Parse([]byte(example)).Files {
		if file.Name != config.FileName {
			continue
		}
		c, _ := config.Parse("/project", string(file.Data))
		for _, d := range c.Problems {
			found = append(found, d.Code.String()+" "+d.Severity.String())
		}
	}
	for _, path := range s.Paths() {
		for _, d := range ide.Diagnostics(s, path) {
			found = append(found, d.Code.String()+" "+d.Severity.String())
		}
	}
	return found
}

// exampleProject is the project of an example: one file, or an archive of several.
func exampleProject(example string) *ide.Snapshot {
	files := map[string]string{"main.hk": example}
	if archive := txtar.Parse([]byte(example)); len(archive.Files) > 0 {
		clear(files)
		for _, file := range archive.Files {
			files[file.Name] = string(file.Data)
		}
	}
	return ide.NewSnapshot(projectWith(files))
}

// projectWith is the project that has these files on disk.
func projectWith(files map[string]string) ide.Project {
	p := ide.Project{PythonPath: []string{"", "src"}, Lint: map[diag.Code]diag.Severity{}}
	for name := range files {
		switch path.Ext(name) {
		case ".hk":
			p.Hark = append(p.Hark, name)
		case ".py":
			p.Python = append(p.Python, name)
		}
	}
	slices.Sort(p.Hark)
	slices.Sort(p.Python)
	p.Read = func(path string) (string, error) {
		if text, ok := files[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}
	return p
}

// applied is a text after edits, which are in any order.
func applied(text string, edits []diag.Edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	for _, e := range edits {
		text = text[:e.Span.Start] + e.New + text[e.Span.End:]
	}
	return text
}
