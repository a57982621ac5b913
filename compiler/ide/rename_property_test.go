package ide_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Renaming a name and giving it its old name again leaves every text as it was, and in between it has the same errors. What is refused
// is refused with a reason.
func TestRenameAndBack(t *testing.T) {
	for seed := range uint64(testkit.Amount(12, 4)) {
		backAndForth(t, fmt.Sprint("seed ", seed), alone(progen.Program(seed, progen.Options{})))
	}
	for name, text := range testkit.SomeSources(t) {
		if len(text) < 4000 {
			backAndForth(t, name, alone(text))
		}
	}
}

// The same, in projects of several files.
func TestRenameAndBackAcrossFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/*/*.txtar")
	require.NoError(t, err)
	several := 0
	for _, path := range archives {
		c := testkit.Open(t, path)
		if s := ide.NewSnapshot(projectOf(t, c)); len(s.Paths()) > 1 {
			several++
			backAndForth(t, path, s)
		}
	}
	require.NotZero(t, several)
}

func alone(text string) *ide.Snapshot {
	return ide.NewSnapshot(ide.Project{Read: func(string) (string, error) { return "", assert.AnError }}).Open("main.hk", text)
}

// perText is the number of places of a text that are tried.
const perText = 10

func backAndForth(t *testing.T, name string, s *ide.Snapshot) {
	for _, path := range s.Paths() {
		starts := wordStarts(s.Text(path))
		every := max(1, len(starts)/perText)
		for i := every / 2; i < len(starts); i += every {
			renameAndBack(t, name, s, path, starts[i])
		}
	}
}

// wordStarts are the places at which something begins that may be a name.
func wordStarts(text string) []int32 {
	var starts []int32
	for at := range text {
		if syntax.PartOfName(text[at]) && (at == 0 || !syntax.PartOfName(text[at-1])) {
			starts = append(starts, int32(at))
		}
	}
	return starts
}

func renameAndBack(t *testing.T, name string, s *ide.Snapshot, path string, at int32) {
	span, old, err := ide.PrepareRename(s, path, at)
	if err != nil || old == "try" || old == "catch" { // keywords elsewhere: nothing is called so by renaming
		return
	}
	fresh := "fresh.name"
	if old[0] == '_' {
		fresh = "_fresh" // what begins so need not be used
	}
	edits, err := ide.Rename(s, path, at, fresh)
	if err != nil {
		require.NotEmpty(t, err.Error())
		return
	}
	there := edited(s, edits)
	require.Equal(t, errorsOf(s), errorsOf(there), "%s %s:%d %s", name, path, at, old)
	at = span.Start + shiftBefore(edits, path, span.Start)
	if text := there.Text(path)[at:]; strings.HasPrefix(text, old) { // a Python import that got an alias
		at += int32(strings.Index(text, fresh))
	}
	edits, err = ide.Rename(there, path, at, old)
	require.NoError(t, err, "%s %s:%d %s\n%s", name, path, at, old, there.Text(path))
	back := edited(there, edits)
	for _, path := range s.Paths() {
		testkit.Equal(t, s.Text(path), back.Text(path))
	}
}

// shiftBefore is how far edits move what begins at an offset.
func shiftBefore(edits []ide.FileEdits, path string, offset int32) int32 {
	shift := int32(0)
	for _, file := range edits {
		for _, e := range file.Edits {
			if file.Path == path && e.Span.End <= offset {
				shift += int32(len(e.New)) - e.Span.Len()
			}
		}
	}
	return shift
}

// errorsOf are the codes of the errors. What is only worth a word may change: a new name may hide none where the old one did.
func errorsOf(s *ide.Snapshot) []string {
	found := []string{}
	for _, path := range s.Paths() {
		for _, d := range ide.Diagnostics(s, path) {
			if d.Severity == diag.Error {
				found = append(found, d.Code.String())
			}
		}
	}
	return found
}

// Renaming changes no instruction, but for the names that errors say.
func TestRenameKeepsTheCode(t *testing.T) {
	for seed := range uint64(10) {
		s := alone(progen.Program(seed, progen.Options{Threads: true, Output: true}))
		before := codeOf(s)
		starts := wordStarts(s.Text("main.hk"))
		renamed := 0
		for i := 0; i < len(starts); i += max(1, len(starts)/30) {
			_, old, err := ide.PrepareRename(s, "main.hk", starts[i])
			if err != nil {
				continue
			}
			edits, err := ide.Rename(s, "main.hk", starts[i], "fresh.name")
			if err == nil {
				renamed++
				testkit.Equal(t, before, strings.ReplaceAll(codeOf(edited(s, edits)), "fresh.name", old))
			}
		}
		require.NotZero(t, renamed)
	}
}

// codeOf is the instructions of a program, function by function in the order of their numbers.
func codeOf(s *ide.Snapshot) string {
	var b strings.Builder
	p := codegen.Generate(s.Program())
	for i := range p.Funcs {
		for _, in := range p.Funcs[i].Code {
			fmt.Fprintln(&b, i, bytecode.FormatInstr(p, in))
		}
	}
	return b.String()
}
