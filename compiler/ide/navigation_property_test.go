package ide_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Whatever is typed, a snapshot that edits have led to answers as one that has been made from its texts, and every answer lies in its
// file.
func TestNavigationAfterEdits(t *testing.T) {
	pieces := []string{
		"x", "total", "f", "main", "add", " = ", "(", ")", "{ ", " }", "; ", "lambda(x) { x }", "f(:a 1)", "import(f, :hark lib);\n",
		"import(f, src.m, 1);\n", "import(f, :hark lib, :as g);\n", "fn f(a, b) { a + b }\n", "fn g() { f(1, :b 2) }\n", "async f(1, 2)", "await ",
		"try { f } catch e { e }", "if x { f = 1 }", "\n", "\"", ", :as f", "é",
	}
	read := func(path string) (string, error) {
		if path == "src/m.py" {
			return "def f(a): return a\n", nil
		}
		return "", fmt.Errorf("there is no %s", path)
	}
	project := ide.Project{Read: read, PythonPath: []string{""}}
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := ide.NewSnapshot(project)
		s = s.Open("main.hk", "import(f, :hark lib);\nfn main(x) { total = f(x, :b 2); g = lambda(y) { g(y + total) }; g(f) }\n")
		s = s.Open("lib.hk", "import(main, :hark main);\nfn f(a, b) { a + b }\nfn g() { f(1, 2) }\n")
		for range 25 {
			path := []string{"main.hk", "lib.hk"}[random.IntN(2)]
			s = s.Edit(path, randomEdit(random, s.Text(path), pieces))
			fresh := ide.NewSnapshot(project).Open("main.hk", s.Text("main.hk")).Open("lib.hk", s.Text("lib.hk"))
			for range 12 {
				path := []string{"main.hk", "lib.hk"}[random.IntN(2)]
				offset := int32(random.IntN(len(s.Text(path)) + 1))
				require.Equal(t, navigation(t, fresh, path, offset), navigation(t, s, path, offset), "seed %d, %s:%d\n%s\n--\n%s", seed, path, offset, s.Text("main.hk"), s.Text("lib.hk"))
			}
		}
	}
}

func randomEdit(random *rand.Rand, text string, pieces []string) diag.Edit {
	start := random.IntN(len(text) + 1)
	end := start
	if random.IntN(3) == 0 {
		end = min(len(text), start+random.IntN(12))
	}
	return diag.Edit{Span: source.Span{Start: int32(start), End: int32(end)}, New: pieces[random.IntN(len(pieces))]}
}

// navigation is what there is to say at an offset.
func navigation(t *testing.T, s *ide.Snapshot, path string, offset int32) string {
	var b strings.Builder
	show := func(what string, places ...ide.Place) {
		for _, p := range places {
			require.True(t, 0 <= p.Span.Start && p.Span.Start <= p.Span.End && int(p.Span.End) <= len(s.Text(p.Path)), "%v", p)
			fmt.Fprintf(&b, "%s %v\n", what, p)
		}
	}
	for _, find := range []func(*ide.Snapshot, string, int32) (source.Span, []ide.Target){
		ide.Definition, ide.Declaration, ide.Implementation, ide.TypeDefinition,
	} {
		_, targets := find(s, path, offset)
		for _, target := range targets {
			show("target", target.Place, ide.Place{Path: target.Path, Span: target.Extent})
		}
	}
	show("reference", ide.References(s, path, offset, true)...)
	for _, h := range ide.Highlights(s, path, offset) {
		show(fmt.Sprint("highlight ", h.Write), ide.Place{Path: path, Span: h.Span})
	}
	for _, span := range ide.LinkedEditing(s, path, offset) {
		show("linked", ide.Place{Path: path, Span: span})
	}
	edits, err := ide.Rename(s, path, offset, "fresh")
	fmt.Fprintln(&b, edits, err)
	for _, item := range ide.PrepareCalls(s, path, offset) {
		fmt.Fprintln(&b, item, ide.IncomingCalls(s, item.Key), ide.OutgoingCalls(s, item.Key))
	}
	fmt.Fprintln(&b, ide.DocumentSymbols(s, path), ide.Links(s, path), ide.Folds(s, path), ide.Selections(s, path, offset))
	return b.String()
}

// Whatever a text is, every question about any place of it has an answer.
func TestNavigationOfAnything(t *testing.T) {
	for _, text := range testkit.SomeSources(t) {
		if len(text) > 20_000 {
			continue
		}
		s := alone(text)
		for at := 0; at <= len(text); at += 1 + len(text)/8 {
			navigation(t, s, "main.hk", int32(at))
		}
		for _, at := range []int32{-5, int32(len(text)), int32(len(text)) + 9} {
			navigation(t, s, "main.hk", at)
		}
	}
}
