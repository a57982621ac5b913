package codegen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// load resolves a program, which has to be one without errors.
func load(t testing.TB, entry string, read func(string) (string, error)) *resolve.Program {
	t.Helper()
	p := resolve.Load(entry, read)
	for _, file := range p.Diagnostics() {
		for _, d := range file.Problems {
			require.False(t, d.Stops(), "%s: %s\n%s", d.Code, d.Message, file.File.Tree.Text)
		}
	}
	return p
}

// compile generates a program and verifies it.
func compile(t testing.TB, entry string, read func(string) (string, error)) *bytecode.Program {
	t.Helper()
	out := codegen.Generate(load(t, entry, read))
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
	testkit.Run(t, "testdata/listing/*.txtar", func(t *testing.T, c *testkit.Case) {
		c.Golden(t, "want/listing", bytecode.Disassemble(compile(t, "main.hk", c.Read)))
	})
}
