package resolve_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// A case is one program: its first section is the entry. A mark "//@error(HK0101, "regexp")" says what its line is told, by
// severity (error, warn, info, hint), code and message; what is not marked must not be said.
func TestDiagnostics(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range programs(c) {
			t.Run(name, func(t *testing.T) { checkMarks(t, c, name) })
		}
	})
}

// programs are the entries of an archive: all files at the top, or "main.hk" alone where there is one.
func programs(c *testkit.Case) []string {
	if c.Has("main.hk") {
		return []string{"main.hk"}
	}
	return c.Names()
}

func checkMarks(t *testing.T, c *testkit.Case, entry string) {
	p := resolve.Load(entry, c.Read)
	for _, file := range p.Files {
		if file.Prelude {
			require.Empty(t, p.DiagnosticsOf(file), file.Path)
			continue
		}
		marks := testkit.Marks(t, file.Tree.Text)
		testkit.Match(t, marks, observed(p, file, marks))
	}
}

// observed are the diagnostics of a file as marks, in the words of those that stand there.
func observed(p *resolve.Program, file *resolve.File, marks []testkit.Mark) []testkit.Mark {
	lines := source.NewLines(file.Tree.Text)
	var got []testkit.Mark
	for _, d := range p.DiagnosticsOf(file) {
		line, _ := lines.OffsetColumn(d.Span.Start)
		mark := testkit.Mark{Line: line + 1, Verb: verbs[d.Severity], Args: []string{d.Code.String(), d.Message}}
		got = append(got, mark.InTheWordsOf(marks))
	}
	return got
}

var verbs = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warn", diag.Info: "info", diag.Hint: "hint"}

// load is a program of one file.
func load(text string) *resolve.Program {
	return resolve.Load("main.hk", func(path string) (string, error) {
		if path == "main.hk" {
			return text, nil
		}
		return "", errNoFile
	})
}

func codes(p *resolve.Program) string {
	var all []string
	for _, file := range p.Diagnostics() {
		for _, d := range file.Problems {
			all = append(all, d.Code.String())
		}
	}
	return strings.Join(all, " ")
}

var errNoFile = errors.New("no such file")

// Every code of this package is in some case, at least once.
func TestEveryCodeIsMarked(t *testing.T) {
	marked := map[string]bool{}
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			for _, mark := range testkit.Marks(t, c.Text(t, name)) {
				marked[mark.Args[0]] = true
			}
		}
	})
	for _, row := range diag.Table {
		group := row.Code / 100
		if row.Code == diag.ImportCount || group == 2 && row.Code >= diag.SignatureCount || row.Code >= diag.FutureAsValue && group == 4 {
			continue // it needs the text of Python modules, or types
		}
		if group == 1 || group == 2 || group == 4 || group == 6 {
			require.True(t, marked[row.Code.String()], "no case has %s", row.Code)
		}
	}
}
