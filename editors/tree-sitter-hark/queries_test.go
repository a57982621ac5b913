package grammar_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// queries are the folders with queries, by editor: all of them fit the grammar, and what they capture is golden.
var queries = map[string]string{"tree-sitter": "queries", "helix": "../helix/queries/hark"}

func TestQueries(t *testing.T) {
	script, err := filepath.Abs("test/queries.lua")
	require.NoError(t, err)
	for editor, dir := range queries {
		t.Run(editor, func(t *testing.T) {
			readQueries(t, dir)
			said := neovim(t, script, "QUERIES="+dir, "SAMPLE=test/sample.hk")
			testkit.GoldenFile(t, filepath.Join("test", "captures", editor+".txt"), said)
		})
	}
}

// Neovim finds queries in the plugin only, so that the plugin has a copy.
func TestThePluginHasTheQueries(t *testing.T) {
	assert.Equal(t, readQueries(t, "queries"), readQueries(t, "../neovim/queries/hark"))
}

// The builtin functions are listed in the queries, as a text does not say what a name means.
func TestBuiltinsAreHighlighted(t *testing.T) {
	var want []string
	for _, builtin := range bytecode.Builtins {
		want = append(want, builtin.Name)
	}
	for _, file := range prelude.Sources() {
		for _, item := range syntax.Parse(file.Text).Items {
			want = append(want, item.Def.(*syntax.FuncDef).Name.Text)
		}
	}
	want = slices.DeleteFunc(want, func(name string) bool { return strings.Contains(name, ".") }) // inner ones
	slices.Sort(want)
	list := regexp.MustCompile(`@function\.builtin\s+((?:"\w+"\s*)+)\)`)
	for _, dir := range queries {
		found := list.FindStringSubmatch(readQueries(t, dir)["highlights.scm"])
		require.NotNil(t, found, dir)
		assert.Equal(t, slices.Compact(want), strings.Fields(strings.ReplaceAll(found[1], `"`, "")), dir)
	}
}

// readQueries is the text of every query of a folder.
func readQueries(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.scm"))
	require.NoError(t, err)
	texts := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		texts[filepath.Base(path)] = string(text)
	}
	require.NotEmpty(t, texts, dir)
	return texts
}
