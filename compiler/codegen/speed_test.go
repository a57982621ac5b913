package codegen_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// page is what Hark programs look like.
const page = `
/** Splits the rows of part %[1]d and keeps those that count. */
fn rows%[1]d(text: String, wanted: List[String]) -> List[Any] {
  lines = split(trim(text), "\n");
  header = split(first(lines), ",");
  // the first line has the names of the columns
  parsed = map(lambda(line) { zip(header, split(line, ",")) }, rest(lines));
  filter(lambda(row) { contains(wanted, nth(first(row), 1)) && length(row) == length(header) }, parsed)
}

fn total%[1]d(rows, column, sum) {
  if nullp(rows) {
    sum
  } else {
    value = try { parse_float(nth(nth(first(rows), column), 1)) } catch e { print("skipped: " + get(e, "message")); 0.0 };
    total%[1]d(rest(rows), column, sum + value * 1.5)
  }
}

fn report%[1]d(parts, limit) {
  totals = await map_async(lambda(part) { total%[1]d(rows%[1]d(part, ["a", "b"]), 1, 0) }, parts);
  best = reduce(lambda(a, b) { if a > b { a } else { b } }, totals, 0);
  if best >= limit || length(totals) == 0 {
    {"status": :high, "best": best, "all": totals}
  } else if best < 0 {
    signal("error", format("part {} of {} is negative", %[1]d, length(parts)))
  } else {
    {"status": :low, "best": best, "all": totals}
  }
}
`

func book(pages int) string {
	var b strings.Builder
	for i := range pages {
		fmt.Fprintf(&b, page, i)
	}
	b.WriteString("\nfn main() { report0([], 1) }\n")
	return b.String()
}

// BenchmarkCompile is parsing, resolving and generating together; the parts are those of the whole.
func BenchmarkCompile(b *testing.B) {
	for _, program := range []struct{ name, text string }{
		{"pages", book(800)},
		{"random", progen.Program(1, progen.Options{Functions: 1500, Depth: 5})},
	} {
		bench := func(part string, run func()) {
			b.Run(program.name+"/"+part, func(b *testing.B) {
				b.SetBytes(int64(len(program.text)))
				for b.Loop() {
					run()
				}
			})
		}
		loaded := load(b, "main.hk", text(program.text))
		bench("parse", func() { syntax.Parse(program.text) })
		bench("load", func() { resolve.Load("main.hk", text(program.text)) })
		bench("generate", func() { codegen.Generate(loaded) })
		bench("whole", func() { codegen.Generate(resolve.Load("main.hk", text(program.text))) })
	}
}

// TestLongProgramsTakeLinearTime compiles expressions that are long in every direction that is not nesting, at one size and at
// four times that. A quadratic step would take sixteen times as long.
func TestLongProgramsTakeLinearTime(t *testing.T) {
	repeat := func(before, part, after string) func(n int) string {
		return func(n int) string { return before + strings.Repeat(part, n) + after }
	}
	for name, build := range map[string]func(n int) string{
		"sum":      repeat("fn main() { x = 1; x", " + x", " }"),
		"strings":  repeat("fn main() { \"a\"", " + \"b\"", " }"),
		"mixed":    repeat("fn main() { x = 1; x", " + x * 2", " }"),
		"and":      repeat("fn main() { x = true; if x", " && x", " { 1 } }"),
		"else if":  repeat("fn main() { x = 1; if x < 0 { 0 }", " else if x == 2 { 2 }", " else { 3 } }"),
		"list":     repeat("fn main() { [1", ", 2", "] }"),
		"hash":     repeat("fn main() { {1: 2", ", 3: 4", "} }"),
		"block":    repeat("fn main() { x = 1;", "x = x + (x = 2);", " x }"),
		"tries":    repeat("fn main() { x = 1;", "try { x = f() } catch e { x = e };", " x } fn f() { 1 }"),
		"calls":    repeat("fn main() { x = 1; x = f(x)", "; x = f(x)", "} fn f(x) { x }"),
		"list()":   repeat("fn main() { list(1", ", 2", ") }"),
		"lambdas":  repeat("fn main() { x = 1;", "x = lambda() { x };", " 1 }"),
		"comments": repeat("fn main() { ", "/* c */ // d\n", " 1 }"),
	} {
		t.Run(name, func(t *testing.T) {
			size := testkit.Amount(4_000, 1_000)
			short, long := cost(t, build(size)), cost(t, build(4*size))
			require.Less(t, long, 10*short+50*time.Millisecond)
		})
	}
}

// cost is the least processor time of some compilations of a program, which is verified.
func cost(t *testing.T, source string) time.Duration {
	compile(t, "main.hk", text(source))
	least := time.Hour
	for range 3 {
		start := processorTime(t)
		codegen.Generate(resolve.Load("main.hk", text(source)))
		least = min(least, processorTime(t)-start)
	}
	return least
}

func processorTime(t *testing.T) time.Duration {
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano())
}
