package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

var symbolKinds = map[ide.SymbolKind]string{
	ide.SymbolFunction: "function", ide.SymbolLambda: "lambda", ide.SymbolImport: "import", ide.SymbolPython: "python",
}

// "symbol(anchor, kind, depth, detail)": a line of the outline.
func TestDocumentSymbols(t *testing.T) {
	finds(t, "symbols", "symbol", func(m *marked, path string) []found {
		var all []found
		var add func(symbols []ide.Symbol, depth int, within source.Span)
		add = func(symbols []ide.Symbol, depth int, within source.Span) {
			for _, s := range symbols {
				assert.True(t, within.Covers(s.Extent) && s.Extent.Covers(s.Span), "%s lies in what it belongs to", s.Name)
				all = append(all, found{s.Span, []string{symbolKinds[s.Kind], fmt.Sprint(depth), s.Detail}})
				add(s.Children, depth+1, s.Extent)
			}
		}
		add(ide.DocumentSymbols(m.Snapshot, path), 0, source.Span{End: int32(len(m.Snapshot.Text(path)))})
		return all
	})
}

func TestWorkspaceSymbols(t *testing.T) {
	texts := map[string]string{
		"main.hk": "import(resize, src.images, 1);\nimport(load_all, :hark lib);\nfn main() { each = lambda(x) { x }; each(load_all()) }\n",
		"lib.hk":  "fn load_all() { 1 }\nfn load.all.files() { 1 }\nfn all() { 1 }\nfn reload() { resize_all }\nfn small() { 1 }\n",
	}
	s := ide.NewSnapshot(ide.Project{Hark: []string{"lib.hk", "main.hk"}, Read: func(path string) (string, error) { return texts[path], nil }})
	tests := []struct{ query, want string }{
		{"", "all each main small reload resize load_all load.all.files"},
		{"all", "all load_all load.all.files small"},
		{"LA", "load_all load.all.files reload"},
		{"laf", "load.all.files"},
		{"load", "load_all load.all.files reload"},
		{"rsz", "resize"},
		{"each", "each"},
		{"zz", ""},
	}
	for _, test := range tests {
		var names []string
		for _, symbol := range ide.WorkspaceSymbols(s, test.query, 100) {
			names = append(names, symbol.Name)
		}
		assert.Equal(t, test.want, strings.Join(names, " "), "%q", test.query)
	}
	assert.Len(t, ide.WorkspaceSymbols(s, "", 3), 3)
	each := ide.WorkspaceSymbols(s, "each", 1)[0]
	assert.Equal(t, "main.hk main", each.Path+" "+each.Container)
	assert.Equal(t, "src.images", ide.WorkspaceSymbols(s, "resize", 1)[0].Container)
}

// Hostile names and queries take no longer than others.
func TestLongNames(t *testing.T) {
	name := strings.Repeat("a_b", 100_000)
	score, ok := ide.Fuzzy(strings.Repeat("ab", 50_000), name)
	assert.True(t, ok)
	assert.Zero(t, score)
	_, ok = ide.Fuzzy("c", name)
	assert.False(t, ok)
	_, ok = ide.Fuzzy(strings.Repeat("a", 1000), strings.Repeat("a", 199))
	assert.False(t, ok)
}
