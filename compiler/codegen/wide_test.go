package codegen_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// sequence is "part(0) sep part(1) sep …".
func sequence(n int, sep string, part func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = part(i)
	}
	return strings.Join(parts, sep)
}

func nested(n int, before, inner, after string) string {
	return strings.Repeat(before, n) + inner + strings.Repeat(after, n)
}

// TestManyRegisters runs functions that need more registers than an instruction can name.
func TestManyRegisters(t *testing.T) {
	numbered := func(format string) func(int) string {
		return func(i int) string { return strings.ReplaceAll(format, "#", strconv.Itoa(i)) }
	}
	for _, c := range []struct{ name, source, want string }{
		{"locals", "fn main() { " + sequence(400, "; ", numbered("v# = #")) + "; v0 + v255 + v256 + v399 }", "910"},
		{"locals that call", "fn one(x) { x + 1 } fn main() { " + sequence(300, "; ", numbered("v# = one(#)")) + "; [v0, v299, one(v298)] }", "[1, 300, 300]"},
		{"parameters", "fn f(" + sequence(200, ", ", numbered("p#")) + ") { x = p199; [p0, x, g(p1, p198)] } fn g(a, b) { a * b } " +
			"fn main() { f(" + sequence(200, ", ", numbered("#")) + ") }", "[0, 199, 198]"},
		{"parameters and locals", "fn f(" + sequence(150, ", ", numbered("p#")) + ") { " + sequence(150, "; ", numbered("v# = p# + 1")) +
			"; if v0 > 3 { v0 + v149 } else { f(" + sequence(150, ", ", numbered("v#")) + ") } } " +
			"fn main() { f(" + sequence(150, ", ", numbered("#")) + ") }", "157"},
		{"arguments in arguments", "fn f(" + sequence(150, ", ", numbered("p#")) + ") { p0 + p149 } fn main() { " +
			nested(20, "f("+sequence(149, ", ", numbered("#"))+", ", "5", ")") + " }", "5"},
		{"captures", "fn main() { " + sequence(200, "; ", numbered("v# = #")) + "; f = lambda() { " + sequence(200, " + ", numbered("v#")) + " }; f() }", "19900"},
		{"values by name", "fn f(" + sequence(200, ", ", numbered("p#")) + ") { p0 - p199 } fn main() { f(" +
			sequence(200, ", ", func(i int) string { return fmt.Sprintf(":p%d %d", 199-i, i) }) + ") }", "199"},
		{"unset", "fn main() { c = [1]; " + sequence(300, "; ", numbered("v# = #")) + "; if nullp(c) { w = 1 }; try { w } catch e { get(e, \"message\") } }",
			`"'w' has no value yet"`},
		{"a handler", "fn main() { " + sequence(300, "; ", numbered("v# = #")) + "; try { x = 1 / (v1 - 1) } catch e { [get(e, \"kind\"), v299] } }",
			`["ZeroDivision", 299]`},
		{"a deep sum", "fn main() { x = 1; " + nested(400, "x + (", "x", ")") + " }", "401"},
		{"deep comparisons", "fn main() { x = true; " + nested(200, "x == (!", "x", ")") + " }", "true"},
		{"deep Lists", "fn main() { x = 0; length(" + nested(300, "["+sequence(70, ", ", numbered("#"))+", ", "x", "]") + ") }", "71"},
		{"deep Hashes", "fn main() { x = 0; length(" + nested(300, "{1: ", "x", "}") + ") }", "1"},
		{"deep calls", "fn f(a, b, c) { a + b + c } fn main() { x = 1; " + nested(400, "f(x, 1, ", "x", ")") + " }", "801"},
		{"deep calls of values", "fn f(a, b) { a + b } fn main() { x = f; " + nested(400, "x(1, ", "2", ")") + " }", "402"},
		{"deep builtins", "fn main() { x = 1; " + nested(400, "max(x, 1, ", "x", ")") + " }", "1"},
		{"deep negations", "fn main() { x = 1; " + nested(200, "-(", "x", ")") + " }", "1"},
		{"deep ifs", "fn main() { x = 1; " + nested(200, "if x == 1 { 1 + (", "x", ") }") + " }", "201"},
		{"deep tries", "fn main() { x = 1; " + nested(200, "1 + try { ", "x", " } catch e { 0 }") + " }", "201"},
		{"deep handlers", "fn main() { x = 0; " + nested(200, "try { 1 / x } catch e { ", "5", " }") + " }", "5"},
		{"many elements", "fn main() { xs = list(" + sequence(1000, ", ", numbered("#")) + "); h = hash(" + sequence(500, ", ", numbered("#, #")) +
			"); [length(xs), nth(xs, 999), length(h), get(h, 499)] }", "[1000, 999, 500, 499]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := compile(t, "main.hk", text(c.source))
			assert.Equal(t, c.want, run(t, p))
		})
	}
}

// TestWideOnlyWhereNeeded holds that a function with few registers never is compiled in the wide way.
func TestWideOnlyWhereNeeded(t *testing.T) {
	p := compile(t, "main.hk", text("fn many() { "+sequence(300, "; ", func(i int) string { return fmt.Sprintf("v%d = %d", i, i) })+" } fn main() { x = 1; many() }"))
	for i := range p.Funcs {
		wide := false
		for _, in := range p.Funcs[i].Code {
			wide = wide || in.Op == bytecode.LOADW || in.Op == bytecode.STOREW
		}
		require.Equal(t, p.Funcs[i].Name == "many", wide, p.Funcs[i].Name)
	}
}
