package ide_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// How long a change takes from the edit to the diagnostics of the file, and what it takes to open a project.

// largeProject has that many files of 500 lines. All of them import from the first, and each from the one before it.
func largeProject(files int) ide.Project {
	texts := map[string]string{}
	project := ide.Project{Read: func(path string) (string, error) {
		if text, ok := texts[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}}
	for i := range files {
		path := fmt.Sprintf("lib/f%03d.hk", i)
		imports := ""
		if i > 0 {
			imports = fmt.Sprintf("import(part_1, :hark lib.f000, :as shared);\nimport(all_2, :hark lib.f%03d, :as before);\nfn both(x) { shared(x, 1) + before([x]) }\n", i-1)
		}
		texts[path] = progen.Long(500, imports)
		project.Hark = append(project.Hark, path)
	}
	return project
}

// typed are edits that a person makes in a row, with what is replaced where.
type typed struct {
	name   string
	behind string // the edits begin behind this text
	with   []string
}

var typing = []typed{
	{"typing", "  limit = if total", strings.Split("| > 3 && total| + |1", "")},
	{"brace", "get(report, \"total\")\n  }", []string{" ", "{", "\b", "}", "\b"}},
	{"string", "print(", []string{"\"", "x", "\b", "\b"}},
	{"comment", "print(", []string{"/", "*", "\b", "\b"}},
	{"name", "fn part_", strings.Split("xyz\b\b\b", "")},
	{"new function", "}\n", strings.Split("\nfn new_one(a, b) {\n  a + part_3(a, b)\n}\n", "")},
	{"comment without end", "print(", []string{"/", "*", "x", "\b", "\b", "\b"}},
}

func BenchmarkEdit(b *testing.B) {
	b.Run("10000 lines", func(b *testing.B) {
		text := progen.Long(10_000, "")
		s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		benchmarkEdits(b, s, "main.hk")
	})
	b.Run("200 files", func(b *testing.B) {
		s := ide.NewSnapshot(largeProject(200))
		path := "lib/f000.hk"
		benchmarkEdits(b, s.Open(path, s.Text(path)), path)
	})
}

func benchmarkEdits(b *testing.B, s *ide.Snapshot, path string) {
	for _, t := range typing {
		if t.name == "comment without end" { // in a file in which no other one ends it
			s = s.Open(path, strings.NewReplacer("/**", "//", "*/", "").Replace(s.Text(path)))
		}
		b.Run(t.name, func(b *testing.B) { t.measure(b, s, path) })
	}
}

// measure types again and again, in the middle of the file, and reports how long single keys take.
func (t typed) measure(b *testing.B, s *ide.Snapshot, path string) {
	text := s.Text(path)
	at := strings.Index(text[len(text)/2:], t.behind)
	require.GreaterOrEqual(b, at, 0)
	start := int32(len(text)/2 + at + len(t.behind))
	var times []time.Duration
	cpu := testkit.CPUTime(b)
	for i, next, place := 0, s, start; b.Loop(); i++ {
		if i%len(t.with) == 0 {
			next, place = s, start
		}
		key := t.with[i%len(t.with)]
		e := diag.Edit{Span: source.Span{Start: place, End: place}, New: key}
		if key == "\b" {
			e.Span.Start, e.New = place-1, ""
		}
		begin := time.Now()
		next = next.Edit(path, e)
		ide.Diagnostics(next, path)
		times = append(times, time.Since(begin))
		place = e.Span.Start + int32(len(e.New))
	}
	b.ReportMetric(float64((testkit.CPUTime(b)-cpu).Microseconds())/float64(len(times)), "µs-cpu")
	slices.Sort(times)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(times[len(times)*p/100].Microseconds()), fmt.Sprintf("µs-p%d", p))
	}
}

// BenchmarkLoad is a project of 200 files with 100,000 lines: what it takes to know all diagnostics, and the memory that it keeps.
func BenchmarkLoad(b *testing.B) {
	project := largeProject(200)
	before := heap()
	var s *ide.Snapshot
	cpu := testkit.CPUTime(b)
	for b.Loop() {
		s = ide.NewSnapshot(project)
		for _, path := range s.Paths() {
			ide.Diagnostics(s, path)
		}
	}
	b.ReportMetric((testkit.CPUTime(b)-cpu).Seconds()/float64(b.N), "s-cpu")
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
	runtime.KeepAlive(s)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
