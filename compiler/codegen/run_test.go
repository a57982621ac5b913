package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/play"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// run is what a program shows: its output, then its result, or the error that ended it.
func run(t testing.TB, p *bytecode.Program) string {
	t.Helper()
	return suspended(t, p, 0)
}

// suspended is run with machines that move every so many steps.
func suspended(t testing.TB, p *bytecode.Program, every uint64) string {
	t.Helper()
	shown := play.Main(t, p, every)
	if end := shown.Fault; end != nil {
		return shown.Output + fmt.Sprintf("%s: %s (%s, line %d)", end.Kind, end.Message, end.Function, end.Line)
	}
	return shown.Output + vm.Literal(shown.Value)
}

// TestValues holds what the programs of testdata/run show.
func TestValues(t *testing.T) {
	testkit.Run(t, "testdata/run/*.txtar", func(t *testing.T, c *testkit.Case) {
		want := run(t, compile(t, "main.hk", c.Read))
		c.Golden(t, "want/result", want)
		assert.Equal(t, want, run(t, codegen.GenerateWide(load(t, "main.hk", c.Read))), "the wide way")
	})
}

// TestBothWaysAgree holds that the two ways of compiling mean the same, on random programs, also when they run a few steps at a
// time, each time in another machine.
func TestBothWaysAgree(t *testing.T) {
	values := 0
	const programs = 300
	for seed := range uint64(programs) {
		source := progen.Program(seed, progen.Options{Threads: seed%2 == 0, Output: seed%3 == 0})
		p := load(t, "main.hk", text(source))
		ordinary, wide := codegen.Generate(p), codegen.GenerateWide(p)
		_, err := bytecode.Verify(wide)
		require.NoError(t, err)
		want := run(t, ordinary)
		require.Equal(t, want, run(t, wide), "seed %d", seed)
		if seed%5 == 0 {
			require.Equal(t, want, suspended(t, ordinary, 1+seed%17), "seed %d, moved", seed)
			require.Equal(t, want, suspended(t, wide, 1+seed%13), "seed %d, the wide way, moved", seed)
		}
		if strings.HasSuffix(want, "]") {
			values++
		}
	}
	require.Greater(t, values, programs/2, "most random programs have to end with a value")
}
