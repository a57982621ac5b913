package types_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// hostile are programs that would take for ever, or all memory, if types were not kept small; each in a size n.
var hostile = map[string]func(n int) string{
	"sum": func(n int) string { return "fn main(x) { x" + strings.Repeat(" + x", n) + " }" },
	"and": func(n int) string { return "fn main(x) { x" + strings.Repeat(" && x", n) + " }" },
	"else if": func(n int) string {
		return "fn main(x) { if x { y = 1 }" + strings.Repeat(" else if x { y = [2] }", n) + "; y }"
	},
	"calls": func(n int) string { return "fn main(x) { x" + strings.Repeat("(x)", n) + " }" },
	"nested lists": func(n int) string {
		return "fn main(x) { " + strings.Repeat("x = [x, x];", n) + " x }"
	},
	"nested hashes": func(n int) string {
		return "fn main(x) { " + strings.Repeat(`x = {"a": x, "b": x, "c": [x]};`, n) + " x }"
	},
	"a wide hash": func(n int) string { return "fn main(x) { {" + numbered(n, `"k%d": x, `) + `"z": 1} }` },
	"set again and again": func(n int) string {
		return "fn main(x) { h = {};" + numbered(n, `h = set(h, "k%d", [x, h]);`) + " h }"
	},
	"a circle of functions": func(n int) string {
		return numbered(n/10, "fn f%d(x) { if x { [f%[2]d(x)] } else { 1 } }\n") + "fn main() { f0(1) }"
	},
	"everybody calls everybody": func(n int) string {
		return numbered(40, "fn f%d(x) { if x {"+numbered(40, "f%d([x]); ")+"} else { {\"a\": x} } }\n") + strings.Repeat("\n", n)
	},
	"a chain of functions": func(n int) string { return numbered(n/10, "fn f%d(x) { f%[2]d([x]) }\n") },
	"functions of functions": func(n int) string {
		return "fn main(x) { f = lambda(g) { lambda(y) { g(g(y)) } };" + strings.Repeat("x = f(x);", n/10) + " x }"
	},
	"a function of itself": func(n int) string {
		return "fn main() { w = lambda(x) { x(x) }; v = lambda(x) { [x(x), x(x)] };" + strings.Repeat("w(w); v(v); w(v);", n/50) + " w(w) }"
	},
	"fixpoints": func(n int) string {
		return "fn main() { y = lambda(f) { (lambda(x) { f(lambda(v) { x(x)(v) }) })(lambda(x) { f(lambda(v) { x(x)(v) }) }) };" +
			strings.Repeat("y(lambda(r) { lambda(n) { if n == 0 { 1 } else { n * r(n - 1) } } })(5);", n/100) + " 1 }"
	},
	"lambdas that call themselves in each other": func(n int) string {
		depth := 40
		return "fn main(x) {" + numbered(depth, "f%d = lambda(n) { ") + "n" + strings.Repeat("; f0(n) }", depth) + strings.Repeat(";x", n/10) + "}"
	},
	"reductions in each other": func(n int) string {
		depth := 20
		return "fn main(x) {" + strings.Repeat("reduce(lambda(a, b) { ", depth) + "[a]" + strings.Repeat(" }, x, [1])", depth) +
			strings.Repeat(";x", n/10) + "}"
	},
	"locals": func(n int) string { return "fn main(c) { " + numbered(min(n, 2000), "if c { a%d = 1 };") + " 1 }" },
	"many signatures": func(n int) string {
		return "fn main(c) { f = str;" + numbered(n/10, "if c { f = lambda(x%d) { [x%[1]d] } };") + " f(1) }"
	},
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(format, "%[2]d") {
			fmt.Fprintf(&b, format, i, (i+1)%n)
		} else if strings.Contains(format, "%d") && strings.Contains(format, "%[1]d") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(strings.Replace(format, "%d", fmt.Sprint(i), 1))
		}
	}
	return b.String()
}

// Programs of whatever shape take time in proportion to their size.
func TestHostileProgramsTakeLinearTime(t *testing.T) {
	for name, program := range hostile {
		t.Run(name, func(t *testing.T) {
			small, large := inferTime(t, program(1000)), inferTime(t, program(10_000))
			assert.Less(t, large, 25*small+300*time.Millisecond, "10 times as large: %v, and %v before", large, small)
		})
	}
}

func inferTime(t *testing.T, text string) time.Duration {
	p := load(text)
	start := testkit.CPUTime(t)
	facts := types.Infer(p, nil, nil, nil)
	facts.Diagnostics(p.Entry())
	return testkit.CPUTime(t) - start
}
