package codegen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// compile generates a program, which has to be one without errors, and verifies it.
func compile(t testing.TB, entry string, read func(string) (string, error)) *bytecode.Program {
	t.Helper()
	p := resolve.Load(entry, read)
	if p.Stops() {
		require.Empty(t, p.Diagnostics())
	}
	out := codegen.Generate(p)
	_, err := bytecode.Verify(out)
	require.NoError(t, err, "%s", bytecode.Disassemble(out))
	return out
}

// text is a reader of a program of one file.
func text(source string) func(string) (string, error) {
	return func(string) (string, error) { return source, nil }
}

// TestListing holds the code of each construct. A case is a program from main.hk on; its comment says what to look at.
func TestListing(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		c.Golden(t, "want/listing", bytecode.Disassemble(compile(t, "main.hk", c.Read)))
	})
}
