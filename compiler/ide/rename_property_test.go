package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// Renaming a name and giving it its old name again leaves every text as it was, and in between it has the same errors. What is refused is refused with a reason.
func TestRenameAndBack(t *testing.T) {
	for seed := range uint64(12) {
		backAndForth(t, fmt.Sprint("seed ", seed), progen.Program(seed, progen.Options{}))
	}
	for name, text := range testkit.Sources(t) {
		if len(text) < 4000 {
			backAndForth(t, name, text)
		}
	}
}

// perText is the number of places of a text that are tried.
const perText = 10

func backAndForth(t *testing.T, name, text string) {
	s := ide.NewSnapshot(ide.Project{Read: func(string) (string, error) { return "", assert.AnError }}).Open("main.hk", text)
	words := 0
	for at := range text {
		if syntax.PartOfName(text[at]) && (at == 0 || !syntax.PartOfName(text[at-1])) {
			words++
		}
	}
	every, word := max(1, words/perText), 0
	for at := range text {
		if !syntax.PartOfName(text[at]) || at > 0 && syntax.PartOfName(text[at-1]) {
			continue
		}
		if word++; word%every == 0 {
			renameAndBack(t, name, s, int32(at))
		}
	}
}

func renameAndBack(t *testing.T, name string, s *ide.Snapshot, at int32) {
	span, old, err := ide.PrepareRename(s, "main.hk", at)
	if err != nil || old == "try" || old == "catch" { // keywords elsewhere: nothing is called so by renaming
		return
	}
	fresh := "fresh.name"
	if old[0] == '_' {
		fresh = "_fresh" // what begins so need not be used
	}
	edits, err := ide.Rename(s, "main.hk", at, fresh)
	if err != nil {
		require.NotEmpty(t, err.Error())
		return
	}
	require.Len(t, edits, 1, "%s:%d", name, at)
	there := edited(s, edits)
	require.Equal(t, errorsOf(s), errorsOf(there), "%s:%d %s", name, at, old)
	before := int32(0)
	for _, e := range edits[0].Edits {
		if e.Span.End <= span.Start {
			before += int32(len(e.New)) - e.Span.Len()
		}
	}
	if strings.HasPrefix(there.Text("main.hk")[span.Start+before:], old) { // a Python import that got an alias
		before += int32(strings.Index(there.Text("main.hk")[span.Start+before:], fresh))
	}
	edits, err = ide.Rename(there, "main.hk", span.Start+before, old)
	require.NoError(t, err, "%s:%d %s\n%s", name, at, old, there.Text("main.hk"))
	testkit.Equal(t, s.Text("main.hk"), edited(there, edits).Text("main.hk"))
}

// errorsOf are the codes of the errors. What is only worth a word may change: a new name may hide none where the old one did.
func errorsOf(s *ide.Snapshot) []string {
	found := []string{}
	for _, d := range ide.Diagnostics(s, "main.hk") {
		if d.Severity == diag.Error {
			found = append(found, d.Code.String())
		}
	}
	return found
}
