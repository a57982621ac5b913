// Package compiled makes programs of texts, for tests of what runs them.
package compiled

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Program is the program of a text, the file main.hk. One that does not compile fails the test.
func Program(t testing.TB, source string) *bytecode.Program {
	t.Helper()
	p := resolve.Load("main.hk", func(string) (string, error) { return source, nil })
	if p.Stops() {
		require.Empty(t, p.Diagnostics(), "%s", source)
	}
	return codegen.Generate(p)
}
