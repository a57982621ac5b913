package ide_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// "link(anchor, path)": the text opens the file.
func TestLinks(t *testing.T) {
	finds(t, "links", "link", func(m *marked, path string) []found {
		var all []found
		for _, link := range ide.Links(m.Snapshot, path) {
			all = append(all, found{link.Span, []string{link.Path}})
		}
		return all
	})
}

// "linked(anchor, places…)": these are edited together.
func TestLinkedEditing(t *testing.T) {
	answers(t, "linked", table{"linked": func(m *marked, at mark) []string {
		var places []ide.Place
		for _, span := range ide.LinkedEditing(m.Snapshot, at.Path, at.Cursor) {
			places = append(places, ide.Place{Path: at.Path, Span: span})
		}
		return m.places(places)
	}})
}

// "select(anchor, section)": what the selection grows to, on one line each.
func TestSelections(t *testing.T) {
	answers(t, "selections", table{"select": func(m *marked, at mark) []string {
		var b strings.Builder
		text := m.Snapshot.Text(at.Path)
		for i, span := range ide.Selections(m.Snapshot, at.Path, at.Cursor) {
			require.True(m.t, span.Contains(at.Cursor))
			if i > 0 && span.Len() > 150 {
				b.WriteString("…\n")
				continue
			}
			b.WriteString(strings.ReplaceAll(text[span.Start:span.End], "\n", "⏎") + "\n")
		}
		return m.golden(at, b.String())
	}})
}

// A selection only ever grows, wherever it begins.
func TestSelectionsGrow(t *testing.T) {
	text := "/** Doc. */\n#[timeout(3)]\nfn main(a: Int, b) -> Int { // why\n  x = if a < 1 { [\"a b\", {k: b}] } else { f(:n 1, lambda(y) { -y }) };\n  try { await x } catch e { e }\n}\nimport(f, :hark lib);\n"
	s, _ := open(text, nil)
	for at := range int32(len(text) + 1) {
		spans := ide.Selections(s, "main.hk", at)
		require.NotEmpty(t, spans)
		for i := 1; i < len(spans); i++ {
			assert.True(t, spans[i].Covers(spans[i-1]) && spans[i] != spans[i-1], "at %d: %v", at, spans)
		}
	}
}

// "folds(anchor, section)": what can be folded in the file, on one line each.
func TestFolds(t *testing.T) {
	kinds := map[ide.FoldKind]string{ide.FoldCode: "code", ide.FoldComment: "comment", ide.FoldImports: "imports"}
	answers(t, "folds", table{"folds": func(m *marked, at mark) []string {
		var b strings.Builder
		text := m.Snapshot.Text(at.Path)
		for _, fold := range ide.Folds(m.Snapshot, at.Path) {
			b.WriteString(kinds[fold.Kind] + ": " + strings.ReplaceAll(text[fold.Span.Start:fold.Span.End], "\n", "⏎") + "\n")
		}
		return m.golden(at, b.String())
	}})
}

func TestMoveFiles(t *testing.T) {
	texts := map[string]string{
		"main.hk": "import(add, :hark lib.util);\nimport(resize, src.images, 1);\nimport(crop, images, 1);\nimport(far, \"pkg\", 1);\n" +
			"import(deep, pkg.deep, 1);\nimport(other, other.images, 1);\nfn main() { 1 }\n",
		"lib/util.hk":     "import(main, :hark main);\nfn add() { 1 }\n",
		"src/images.py":   "def resize(a): pass\n",
		"pkg/__init__.py": "def far(a): pass\n",
		"pkg/deep.py":     "def deep(a): pass\n",
	}
	s := ide.NewSnapshot(ide.Project{
		Hark: []string{"lib/util.hk", "main.hk"}, PythonPath: []string{"", "src"},
		Read: func(path string) (string, error) {
			if text, ok := texts[path]; ok {
				return text, nil
			}
			return "", assert.AnError
		},
	})
	tests := []struct{ from, to, want string }{
		{"lib/util.hk", "lib/tools.hk", "main.hk lib.tools"},
		{"lib/util.hk", "util.hk", "main.hk util"},
		{"lib/util.hk", "My Lib/util.hk", `main.hk "My Lib.util"`},
		{"lib/util.hk", "lib/util.v2.hk", ""},
		{"lib/util.hk", "lib/util.txt", ""},
		{"lib", "shared/code", "main.hk shared.code.util"},
		{"main.hk", "app/start.hk", "lib/util.hk app.start"},
		{"src/images.py", "src/pictures.py", "main.hk src.pictures pictures"},
		{"src/images.py", "pictures.py", "main.hk pictures pictures"},
		{"src", "python", "main.hk python.images python.images"},
		{"pkg", "lib/pkg", `main.hk "lib.pkg" lib.pkg.deep`},
		{"pkg/deep.py", "pkg/deeper/__init__.py", "main.hk pkg.deeper"},
		{"other.hk", "another.hk", ""},
	}
	for _, test := range tests {
		var shown []string
		for _, file := range ide.MoveFiles(s, []ide.Move{{From: test.from, To: test.to}}) {
			shown = append(shown, file.Path)
			for _, e := range file.Edits {
				shown = append(shown, e.New)
			}
		}
		assert.Equal(t, test.want, strings.Join(shown, " "), "%s → %s", test.from, test.to)
	}
}
