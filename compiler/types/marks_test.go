package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// A case is one program: its first section is the entry, in an archive without main.hk each section at the top is one. A mark
// "//@error(HK0301, "regexp")" says what its line is told on account of types; what is not marked must not be said.
func TestDiagnostics(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		entries := c.Names()
		if c.Has("main.hk") {
			entries = []string{"main.hk"}
		}
		for _, entry := range entries {
			t.Run(entry, func(t *testing.T) { checkMarks(t, c, entry) })
		}
	})
}

func checkMarks(t *testing.T, c *testkit.Case, entry string) {
	s := ide.NewSnapshot(ide.Project{Hark: []string{entry}, PythonPath: []string{""}, Read: c.Read})
	require.False(t, s.Program().Stops(), "the program can be run")
	for _, path := range s.Paths() {
		marks := testkit.Marks(t, s.Text(path))
		testkit.Match(t, marks, observed(s, path, marks))
	}
}

// observed are the diagnostics of a file as marks, in the words of those that stand there.
func observed(s *ide.Snapshot, path string, marks []testkit.Mark) []testkit.Mark {
	lines := source.NewLines(s.Text(path))
	var got []testkit.Mark
	for _, d := range s.Types().Diagnostics(s.Program().File(path)) {
		line, _ := lines.OffsetColumn(d.Span.Start)
		mark := testkit.Mark{Line: line + 1, Verb: verbs[d.Severity], Args: []string{d.Code.String(), d.Message}}
		got = append(got, mark.InTheWordsOf(marks))
	}
	return got
}

var verbs = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warn", diag.Info: "info", diag.Hint: "hint"}

// Every code that rests on types is in some case, at least once.
func TestEveryCodeIsMarked(t *testing.T) {
	marked := map[string]bool{}
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			for _, mark := range testkit.Marks(t, c.Text(t, name)) {
				marked[mark.Args[0]] = true
			}
		}
	})
	also := []diag.Code{diag.ImportCount, diag.PythonCall, diag.NotAFunction, diag.DiscardedFuture, diag.AwaitOfNonFuture}
	for _, row := range diag.Table {
		if row.Code/100 == 3 || row.Code/100 == 4 && row.Code >= diag.FutureAsValue || row.Code >= diag.NotForPython && row.Code < 600 {
			also = append(also, row.Code)
		}
	}
	for _, code := range also {
		require.True(t, marked[code.String()], "no case has %s", code)
	}
}
