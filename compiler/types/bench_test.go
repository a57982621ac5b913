package types_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// large is a sound file of about that many lines, with functions as well that go through a List by calling themselves.
func large(lines int) string { return progen.Long(lines, "", gather) }

const gather = `
fn gather_%[1]d(pages, seen, out) {
  if length(pages) == 0 {
    out
  } else if get(seen, first(pages)) == null {
    gather_%[1]d(rest(pages), set(seen, first(pages), true), append(out, first(pages)))
  } else {
    gather_%[1]d(rest(pages), seen, out)
  }
}

fn once_%[1]d(pages) {
  all_%[1]d(gather_%[1]d(pages, {}, []))
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
				types.Infer(p, nil, nil, nil)
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
		facts := types.Infer(p, nil, nil, nil)
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
			facts := types.Infer(p, nil, nil, nil)
			n, start := 0, testkit.CPUTime(b)
			for b.Loop() {
				facts = types.Infer(p, nil, facts, nil)
				n++
			}
			b.ReportMetric(float64((testkit.CPUTime(b)-start).Microseconds())/1000/float64(n), "cpu-ms/op")
		})
	}
}
