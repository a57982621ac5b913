package codegen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// FuzzGenerate holds that any text, however broken, gives a program that the verifier accepts.
func FuzzGenerate(f *testing.F) {
	for _, source := range testkit.Sources(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p := codegen.Generate(resolve.Load("main.hk", text(source)))
		_, err := bytecode.Verify(p)
		require.NoError(t, err, "%s", bytecode.Disassemble(p))
	})
}
