package types_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// load is a program of one file.
func load(text string) *resolve.Program {
	return resolve.Load("main.hk", func(path string) (string, error) {
		if path == "main.hk" {
			return text, nil
		}
		return "", fs.ErrNotExist
	})
}

// resultOf is the type of what the last function of a text gives.
func resultOf(t *testing.T, text string) string {
	p := load(text)
	facts := types.Infer(p, nil, nil, nil)
	file := p.Entry()
	last := len(file.Items) - 1
	_, ok := file.Tree.Items[last].Def.(*syntax.FuncDef)
	require.True(t, ok, text)
	return facts.Item(file, last).Signature(file.Items[last].Funcs[0]).Result.String()
}

// results are texts and the types of what their last functions give.
var results = []struct{ text, want string }{
	{`fn main() { 1 }`, "Int"},
	{`fn main() { 1.5 }`, "Float"},
	{`fn main() { "a" + "b" }`, "String"},
	{`fn main() { [1, 2] }`, "List[Int]"},
	{`fn main() { [1, "a"] }`, "List[Int | String]"},
	{`fn main() { [] }`, "List"},
	{`fn main() { {"a": 1} }`, "Hash[String, Int]"},
	{`fn main() { get({"a": 1}, "a") }`, "Int"},
	{`fn main() { get({"a": 1}, "b") }`, "Null"},
	{`fn main() { h = set({"a": 1}, "b", "x"); get(h, "b") }`, "String"},
	{`fn main(x) { if x { 1 } }`, "Int?"},
	{`fn main(x) { if x { 1 } else { "a" } }`, "Int | String"},
	{`fn main(x) { y = 1; if x { y = "a" }; y }`, "Int | String"},
	{`fn id(x) { x } fn main() { id(5) }`, "Int"},
	{`fn id(x) { x } fn main() { id("a") }`, "String"},
	{`fn apply(f, x) { f(x) } fn main() { apply(lambda(v) { v * 2 }, 3) }`, "Int"},
	{`fn pair(a, b) { [a, b] } fn main() { pair(1, 2.5) }`, "List[Int | Float]"},
	{`fn build(n, out) { if n == 0 { out } else { build(n - 1, append(out, n)) } } fn main() { build(3, []) }`, "List[Int]"},
	{`fn fact(n) { if n < 2 { 1 } else { n * fact(n - 1) } } fn main() { fact(5) }`, "Int"},
	{`fn even(n) { if n == 0 { true } else { odd(n - 1) } } fn odd(n) { if n == 0 { false } else { even(n - 1) } } fn main() { even(3) }`, "Bool"},
	{`fn loop(n) { loop(n + 1) } fn main() { loop(1) }`, "Never"},
	{`fn fail(m) { signal("error", m) } fn main(x) { if x { fail("no") } else { 1 } }`, "Int"},
	{`fn main() { map(lambda(x) { x * 2 }, [1, 2]) }`, "List[Int]"},
	{`fn main() { map(upper, ["a"]) }`, "List[String]"},
	{`fn main() { filter(lambda(x) { x > 1 }, [1, 2]) }`, "List[Int]"},
	{`fn main() { reduce(lambda(a, b) { a + b }, [1, 2], 0) }`, "Int"},
	{`fn main() { reduce(lambda(a, b) { append(a, b) }, [1, 2], []) }`, "List[Int]"},
	{`fn main() { reduce(lambda(a, b) { [a] }, [1, 2], 0) }`, "Any"},
	{`fn f(x) { str(x) } fn main() { async f(1) }`, "Future[String]"},
	{`fn f(x) { str(x) } fn main() { await async f(1) }`, "String"},
	{`fn f(x) { str(x) } fn main() { map_async(f, [1, 2]) }`, "List[Future[String]]"},
	{`fn f(x) { str(x) } fn main() { await map_async(f, [1, 2]) }`, "List[String]"},
	{`fn f(x) { str(x) } fn main() { await_all(map(lambda(x) { async f(x) }, [1, 2])) }`, "List[String]"},
	{`fn main() { pmap(lambda(x) { x / 2.0 }, range(4), 2) }`, "List[Float]"},
	{`fn main() { try { 1 } catch e { get(e, "line") } }`, "Int"},
	{`fn main() { try { "a" } catch e { get(e, "traceback") } }`, "String | List[Hash[String, Int | String]]"},
	{`fn main() { try { x = 1; "a" } catch e { x } }`, "Int | String"},
	{`fn main() { lambda(x) { x + 1 } }`, "Fn[Any, Int | Float]"},
	{`fn adder(n) { lambda(x) { x + n } } fn main() { add = adder(1); add(2) }`, "Int"},
	{`fn main() { f = lambda(n) { if n == 0 { [] } else { append(f(n - 1), n) } }; f(3) }`, "List[Int]"},
	{`fn main() { w = lambda(x) { x(x) }; w(w) }`, "Any"},
	{`fn main(x) { if x == null { 1 } else { x } }`, "Any"},
	{`fn nest(n, x) { if n == 0 { x } else { nest(n - 1, [x]) } } fn main() { nest(3, 1) }`, "Any"},
	{`fn main() { first_of([async str(1)]) }`, "List[Int | String]"},
	{`fn main() { with_timeout(async str(1), 5) }`, "String"},
	{`fn main() { zip([1], ["a"]) }`, "List[List[Int | String]]"},
	{`fn main() { min(1, 2.5) }`, "Int | Float"},
	{`fn main() { max([1, 2]) }`, "Int"},
	{`fn main() { round(2.5) }`, "Int"},
	{`fn main() { round(2.5, 1) }`, "Float"},
	{`fn main() { first([1]) }`, "Int"},
	{`fn main() { keys({"a": 1}) }`, "List[String]"},
	{`fn main() { values({"a": 1}) }`, "List[Int]"},
	{`fn main() { 1 / 2 }`, "Int"},
	{`fn main() { 1 / 2.0 }`, "Float"},
	{`fn main(x: Int?) { if x == null { 0 } else { x } }`, "Int"},
	{`fn main(x: List[Int]) { nth(x, 0) }`, "Int"},
	{`fn f(x) -> Int { x } fn main() { f(1) }`, "Int"},
	{`fn name(p) { get(p, "name") } fn main() { name({"name": "x", "age": 3}) }`, "String"},
	{`fn main() { conc([1], null) }`, "List[Int]"},
	{`fn main() { sort_by(lambda(w) { length(w) }, ["a"]) }`, "List[String]"},
	{`fn main() { retry_call(lambda() { "x" }, 3) }`, "String"},
	{`fn main() { true && false }`, "Bool"},
	{`fn main() { :a }`, "Symbol"},
	{`fn main() { signal("info", 5) }`, "Int"},
	{`fn main() { upper }`, "Fn[String, String]"},
}

func TestResults(t *testing.T) {
	for _, test := range results {
		t.Run(test.text, func(t *testing.T) {
			require.Equal(t, test.want, resultOf(t, test.text))
		})
	}
}

// Whatever a text is, its types are found, and the prelude has no problem.
func TestEverySource(t *testing.T) {
	sources := testkit.Sources(t)
	for _, text := range sources {
		p := load(text)
		facts := types.Infer(p, nil, nil, nil)
		for _, file := range p.Files {
			if file.Prelude {
				require.Empty(t, facts.Diagnostics(file), file.Path)
			}
		}
	}
}

// An import that is being written has no name yet, and a file with it has types all the same.
func TestImportsWithoutAName(t *testing.T) {
	for _, text := range []string{"import(", "import(, m, 1)\nfn f() { 1 }", "import(\"\", m, 1)", "import()"} {
		require.NotNil(t, types.Infer(load(text), nil, nil, nil), text)
	}
}
