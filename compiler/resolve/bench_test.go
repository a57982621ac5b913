package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

func BenchmarkResolve(b *testing.B) {
	text := progen.Long(10_000, "")
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
	text := strings.ReplaceAll(progen.Long(10_000, ""), "total > 100", "totl > 100")
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
			trees := map[string]*syntax.File{"main.hk": syntax.Parse(progen.Long(10_000, ""))}
			entries := []string{"main.hk"}
			for i := range bench.others {
				path := fmt.Sprintf("f%03d.hk", i)
				trees[path] = syntax.Parse(progen.Long(500, "import(part_1, :hark main, :as shared);\nfn f(x) { shared(x, 1) }\n"))
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
