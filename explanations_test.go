package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

const explanationsPage = "docs/diagnostics.md"

// The page that diagnostics in editors link to has an entry for each code, made of the same table as "hark-ls explain".
func TestExplanationsAreComplete(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Diagnostics\n\nEvery code that an editor, `check` or `run` shows, as `hark-ls explain CODE` explains it.\n")
	for _, row := range diag.Table {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** (%s)\n\n%s\n", row.Code, row.Title, row.Severity, strings.TrimSpace(row.Doc))
		for _, example := range []struct{ heading, text string }{{"Wrong:", row.Bad}, {"Right:", row.Good}} {
			if example.text != "" {
				fmt.Fprintf(&b, "\n%s\n\n```text\n%s\n```\n", example.heading, strings.Trim(example.text, "\n"))
			}
		}
	}
	if *testkit.Update {
		require.NoError(t, os.WriteFile(explanationsPage, []byte(b.String()), 0o644))
	}
	text, err := os.ReadFile(explanationsPage)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(text), "go test . -run Explanations -update writes the page anew")
}
