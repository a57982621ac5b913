package bytecode_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
	"github.com/stretchr/testify/require"
)

// TestDocumentationIsFresh: the table in docs/bytecode.md is that of the code; "go test -update" writes it.
func TestDocumentationIsFresh(t *testing.T) {
	path := filepath.Join(testkit.Root(t), "docs", "bytecode.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	head, _, ok := strings.Cut(string(text), "| operation |")
	require.True(t, ok)
	testkit.GoldenFile(t, path, head+bytecode.Documentation())
}
