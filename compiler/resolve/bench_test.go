package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// large is a sound file of at least that many lines, like those that people write: short functions that call each other, some
// lambdas, threads and errors.
func large(lines int) string {
	var b strings.Builder
	b.WriteString("import(fetch, src.web, 1);\nimport(store, src.web, 2);\n")
	for i := 0; strings.Count(b.String(), "\n") < lines; i++ {
		fmt.Fprintf(&b, unit, i, max(0, i-1))
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

fn all_%[1]d(pages) {
  futures = map(lambda(page) { async part_%[1]d(page, 3) }, pages);
  results = await futures;
  first(results) + part_%[2]d(first(pages), 1)
}
`

func BenchmarkResolve(b *testing.B) {
	text := large(10_000)
	tree := syntax.Parse(text)
	parsed := func(string) (*syntax.File, error) { return tree, nil }
	require.Empty(b, resolve.Link("main.hk", parsed).Diagnostics())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		resolve.Link("main.hk", parsed)
	}
}

// An editor asks for the diagnostics after each change.
func BenchmarkDiagnostics(b *testing.B) {
	text := strings.ReplaceAll(large(10_000), "total > 100", "totl > 100")
	tree := syntax.Parse(text)
	parsed := func(string) (*syntax.File, error) { return tree, nil }
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		resolve.Link("main.hk", parsed).Diagnostics()
	}
}

// What a change of one file costs that is edited in an editor, by itself and in a project of 200 others.
func BenchmarkUpdate(b *testing.B) {
	for _, bench := range []struct {
		name, behind, with string
		others             int
	}{
		{"a body", "total > ", "1", 0},
		{"a name", "fn part_", "x", 0},
		{"a body, 200 files", "total > ", "1", 199},
		{"a name, 200 files", "fn part_", "x", 199},
	} {
		b.Run(bench.name, func(b *testing.B) {
			trees := map[string]*syntax.File{"main.hk": syntax.Parse(large(10_000))}
			entries := []string{"main.hk"}
			for i := range bench.others {
				path := fmt.Sprintf("f%03d.hk", i)
				trees[path] = syntax.Parse("import(part_1, :hark main);\nfn f(x) { part_1(x, 1) }\n" + large(500)[60:])
				entries = append(entries, path)
			}
			parsed := func(path string) (*syntax.File, error) { return trees[path], nil }
			before, sound := resolve.LinkAll(entries, parsed), trees["main.hk"]
			at := int32(strings.Index(sound.Text[len(sound.Text)/2:], bench.behind) + len(sound.Text)/2 + len(bench.behind))
			changed := syntax.Reparse(sound, source.Span{Start: at, End: at}, bench.with)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				trees["main.hk"] = []*syntax.File{changed, sound}[i%2]
				before = resolve.Update(before, entries, parsed)
			}
		})
	}
}
