package vm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// evaluate runs an expression that needs the world for nothing but output.
func evaluate(t *testing.T, expression string) vm.Value {
	t.Helper()
	source := "fn main() { " + expression + " }"
	program := resolve.Load("main.hk", func(string) (string, error) { return source, nil })
	require.Empty(t, program.Diagnostics(), source)
	code, err := vm.Load(codegen.Generate(program))
	require.NoError(t, err)
	main, ok := code.Export("main")
	require.True(t, ok)
	m, err := vm.New(code, vm.Start{Session: "s", Thread: "0", Function: main})
	require.NoError(t, err)
	for {
		switch outcome := m.Run(1_000_000); outcome {
		case vm.Done:
			return m.Result()
		case vm.Output:
		default:
			require.Fail(t, "unexpected outcome", "%s: %s %v", expression, outcome, m.Fault())
		}
	}
}

// The examples that editors show are true.
func TestExamplesOfBuiltins(t *testing.T) {
	for _, row := range bytecode.Builtins {
		if row.Internal {
			continue
		}
		for _, example := range row.Examples {
			expression, want, _ := strings.Cut(example, " // ")
			assert.Equal(t, vm.Literal(evaluate(t, want)), vm.Literal(evaluate(t, expression)), example)
		}
	}
}

// What literals show reads back as the same value.
func TestLiteralsReadBack(t *testing.T) {
	values := []vm.Value{
		vm.Null, vm.Bool(true), vm.Int(-5), vm.Float(1e16), vm.Float(-2.5e-300), vm.Float(0.1), vm.Symbol("a"),
		vm.String("a\"b\\c\n\t\r\x00\x01é\u2028\U0010ffff{}'"), vm.List(vm.Int(1), vm.List(), vm.String("")),
	}
	hash, err := vm.Hash(vm.Symbol("a"), vm.Symbol("b"), vm.Int(1), vm.Null, vm.String("k"), vm.List())
	require.NoError(t, err)
	values = append(values, hash, vm.List(values...))
	for _, v := range values {
		assert.True(t, vm.Equal(v, evaluate(t, vm.Literal(v))), vm.Literal(v))
	}
}
