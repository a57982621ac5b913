package types_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// large is a sound file of at least that many lines, like those that people write: short functions that call each other and themselves,
// some lambdas, threads and errors.
func large(lines int) string {
	var b strings.Builder
	b.WriteString("import(fetch, src.web, 1);\nimport(store, src.web, 2);\n")
	for i := 0; strings.Count(b.String(), "\n") < lines; i += 20 {
		for j := i; j < i+20; j++ {
			fmt.Fprintf(&b, unit, j, max(0, j-1))
		}
	}
	return b.String()
}

const unit = `
/** Sums what the parts of a page have to say. */
fn part_%[1]d(page, depth) {
  text = fetch(page);
  words = filter(lambda(w) { length(w) > depth }, split(text, " "));
  total = reduce(lambda(sum, w) { sum + length(w) }, words, 0);
  limit = if total > 100 { 100 } else if total == 0 { 1 } else { total };
  report = {"page": page, "total": total, "limit": limit};
  try {
    saved = store(page, report);
    print("stored " + str(saved));
    get(report, "total")
  } catch problem {
    signal("warning", get(problem, "message"));
    if depth > 0 { part_%[2]d(page, depth - 1) } else { -limit }
  }
}

fn gather_%[1]d(pages, seen, out) {
  if length(pages) == 0 {
    out
  } else if get(seen, first(pages)) == null {
    gather_%[1]d(rest(pages), set(seen, first(pages), true), append(out, first(pages)))
  } else {
    gather_%[1]d(rest(pages), seen, out)
  }
}

fn all_%[1]d(pages) {
  futures = map(lambda(page) { async part_%[1]d(page, 3) }, gather_%[1]d(pages, {}, []));
  results = await futures;
  first(results) + part_%[2]d(first(pages), 1)
}
`

// linked is a program of one file with that text.
func linked(text string) *resolve.Program {
	tree := syntax.Parse(text)
	return resolve.Link("main.hk", func(string) (*syntax.File, error) { return tree, nil })
}

func BenchmarkInfer(b *testing.B) {
	for _, lines := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			p := linked(large(lines))
			b.ReportAllocs()
			n, start := 0, testkit.CPUTime(b)
			for b.Loop() {
				types.Infer(p, nil, nil)
				n++
			}
			b.ReportMetric(float64((testkit.CPUTime(b)-start).Microseconds())/1000/float64(n), "cpu-ms/op")
		})
	}
}

// What is kept of the types of 100,000 lines.
func BenchmarkMemory(b *testing.B) {
	p := linked(large(100_000))
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		facts := types.Infer(p, nil, nil)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		runtime.KeepAlive(facts)
	}
}

// Nothing has changed: what is left is to find that out.
func BenchmarkInferAgain(b *testing.B) {
	for _, lines := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			p := linked(large(lines))
			facts := types.Infer(p, nil, nil)
			n, start := 0, testkit.CPUTime(b)
			for b.Loop() {
				facts = types.Infer(p, nil, facts)
				n++
			}
			b.ReportMetric(float64((testkit.CPUTime(b)-start).Microseconds())/1000/float64(n), "cpu-ms/op")
		})
	}
}
