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

// What docs/language.md says about values, expression by expression.
func TestDecisionsAboutValues(t *testing.T) {
	for expression, want := range map[string]string{
		`9007199254740993 == 9007199254740992.0`:                                                          `false`,
		`9007199254740993 > 9007199254740992.0`:                                                           `true`,
		`x = parse_float("nan"); [x == x, x != x, x < 1, 1 <= x, [x] == [x], contains([x], x)]`:           `[false, true, false, false, true, true]`,
		`x = parse_float("nan"); try { {x: 1} } catch e { get(e, "kind") }`:                               `"Key"`,
		`x = parse_float("nan"); try { sort([x, 1]) } catch e { get(e, "kind") }`:                         `"Type"`,
		`try { 1.0 / 0 } catch e { get(e, "kind") }`:                                                      `"ZeroDivision"`,
		`try { 1.0 % 0.0 } catch e { get(e, "kind") }`:                                                    `"ZeroDivision"`,
		`[(-7) / 2, (-7) % 2, 7 % -2, (-7.5) % 2, 5 % -2.5]`:                                              `[-3, 1, -1, 0.5, -0.0]`,
		`hash(1, "a", 1.0, "b")`:                                                                          `{1: "b"}`,
		`length({true: 1, 1: 2, "1": 3, null: 4})`:                                                        `4`,
		`{"a": 1, "b": 2} == {"b": 2.0, "a": 1}`:                                                          `true`,
		`[1, "1", true, null] == [1, 1, 1, 1]`:                                                            `false`,
		`k = 1; f = lambda(x) { x + k }; g = f; [f == g, f == lambda(x) { x + k }, upper == upper]`:       `[true, false, true]`,
		`future("a") == future("a")`:                                                                      `true`,
		`"é" < "𝄞"`:                                                                                       `true`,
		`e = try { signal("error", "x") } catch e { e }; e == (try { signal("error", e) } catch f { f })`: `true`,
	} {
		assert.Equal(t, want, vm.Literal(evaluate(t, expression)), expression)
	}
}
