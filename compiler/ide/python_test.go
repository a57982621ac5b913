package ide_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

func TestPythonImports(t *testing.T) {
	finds(t, "python", "python", func(m *marked, path string) []found {
		var all []found
		for _, d := range ide.Diagnostics(m.Snapshot, path) {
			if d.Code/100 == 5 || d.Code == 208 {
				all = append(all, found{d.Span, []string{d.Code.String() + " " + d.Severity.String() + " " + d.Message}})
			}
		}
		return all
	})
}

// What Python files say is read once, and again when they change.
func TestPythonFilesAreReadOnce(t *testing.T) {
	files := map[string]string{
		"main.hk": "import(f, lib, 2);\nfn main() { [f] }\n",
		"lib.py":  "def f(a): pass\n",
	}
	project := projectWith(files)
	reads := 0
	read := project.Read
	project.Read = func(path string) (string, error) {
		if path == "lib.py" {
			reads++
		}
		return read(path)
	}
	s := ide.NewSnapshot(project)
	assert.Equal(t, "[HK0208]", codes(s))
	next := s.Open("main.hk", files["main.hk"]+"\n")
	assert.Equal(t, "[HK0208]", codes(next))
	assert.Equal(t, 1, reads)

	files["lib.py"] = "def f(a, b): pass\n"
	assert.Equal(t, "[]", codes(next.OnDisk(project, "lib.py")))
	assert.Equal(t, "[HK0208]", codes(next), "a snapshot stays what it is")
	assert.Equal(t, 2, reads)

	delete(files, "lib.py")
	gone := next.OnDisk(project, "lib.py")
	path, m := gone.PythonModule("lib")
	assert.Empty(t, path)
	assert.Nil(t, m)
	assert.Equal(t, "[]", codes(gone))
}

// Fixes import what was meant: the uses change with the name, or the old name becomes an alias.
func TestPythonNameFixes(t *testing.T) {
	const lib = "def resize(a): pass\nclass Box:\n    def __init__(self, a): pass\ndef await_(a): pass\n"
	for _, test := range []struct{ name, text, want string }{
		{"the uses change too", "import(resise, lib, 1);\nfn main() { resise(resise(1)) }\n", "import(resize, lib, 1);\nfn main() { resize(resize(1)) }\n"},
		{"an alias stays", "import(resise, lib, 1, r);\nfn main() { r(1) }\n", "import(resize, lib, 1, r);\nfn main() { r(1) }\n"},
		{"the name is taken", "import(resise, lib, 1);\nfn main(resize) { resise(resize) }\n", "import(resize, lib, 1, resise);\nfn main(resize) { resise(resize) }\n"},
		{"no name of Hark", "import(box, lib, 1);\nfn main() { box(1) }\n", "import(\"Box\", lib, 1, box);\nfn main() { box(1) }\n"},
		{"another file imports it", "import(resise, lib, 1);\nfn main() { resise(1) }\n-- other.hk --\nimport(resise, :hark main);\nfn f() { resise(1) }\n",
			"import(resize, lib, 1, resise);\nfn main() { resise(1) }\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := exampleProject("-- main.hk --\n" + test.text + "-- lib.py --\n" + lib)
			for _, d := range ide.Diagnostics(s, "main.hk") {
				if d.Code == 501 {
					require.Len(t, d.Fixes, 1)
					s = s.Open("main.hk", applied(s.Text("main.hk"), d.Fixes[0].Edits))
				}
			}
			assert.Equal(t, test.want, s.Text("main.hk"))
			assert.Equal(t, "[]", codes(s))
		})
	}
}

func TestPythonName(t *testing.T) {
	s := exampleProject("-- main.hk --\nimport(f, src.a, 0);\n-- src/a.py --\nfrom .b import f\n-- src/b.py --\ndef f():\n    'Doc.'\n")
	path, name, known := s.PythonName(s.Program().Entry().Tree.Items[0].Def.(*syntax.ImportDef))
	assert.True(t, known)
	assert.Equal(t, "src/b.py", path)
	assert.Equal(t, "Doc.", name.Doc)
}
