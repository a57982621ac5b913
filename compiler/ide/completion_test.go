package ide_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// open is a snapshot with one open file; "|" in the text is the cursor. Other files are those on disk.
func open(text string, disk map[string]string) (*ide.Snapshot, int32) {
	before, after, _ := strings.Cut(text, "|")
	s := ide.NewSnapshot(ide.Project{PythonPath: []string{""}, Python: pythonFiles(disk), Read: func(path string) (string, error) {
		if text, ok := disk[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}})
	return s.Open("main.hk", before+after), int32(len(before))
}

func pythonFiles(disk map[string]string) []string {
	var files []string
	for path := range disk {
		if strings.HasSuffix(path, ".py") {
			files = append(files, path)
		}
	}
	return files
}

// completions are the labels at "|", in order; an item that is not simply its label written is shown with what it does.
func completions(t *testing.T, s *ide.Snapshot, offset int32) []string {
	t.Helper()
	list := ide.Completions(s, "main.hk", offset, "")
	text := s.Text("main.hk")
	assert.True(t, list.Insert.Start == list.Replace.Start && list.Insert.End == offset && list.Replace.End >= offset)
	assert.NotContains(t, text[list.Replace.Start:list.Replace.End], "\n")
	labels := []string{}
	for _, c := range list.Items {
		label := c.Label
		if c.Text() != c.Label {
			label += " => " + c.Text()
		}
		for _, e := range c.Edits {
			label += " + " + e.New
		}
		labels = append(labels, label)
	}
	return labels
}

func TestCompletions(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"locals before what every file has", "fn main(items) { item_count = 1; it| }", "item_count, items"},
		{"functions of the file", "/** Mends. */ fn mend(a, b) { a }\nfn main() { men| }", "mend"},
		{"the prelude and builtins", "fn main() { appe| }", "append"},
		{"a name of an outer function", "fn main() { outer_name = 1; lambda(x) { outer_| } }", "outer_name"},
		{"the nearest of one name", "fn main(x_1) { lambda(x_1) { x_| } }", "x_1"},
		{"not the name that is being written", "fn main() { total| = 1 }", ""},
		{"not the name whose value is being written", "fn main() { total = tot| }", ""},
		{"Python functions", "import(resize, tools.images, 2);\nfn main() { resi| }", "resize"},
		{"in a file with errors", "fn main( { }\nfn other(value) { 1 + (val| }", "value, values"},
		{"other functions' locals are not in scope", "fn f() { hidden = 1; hidden }\nfn main() { hid| }", ""},
		{"locals that come later have no value yet", "fn main() { lat|; later_one = 1 }", ""},
		{"letters in their order", "fn main(big_number) { bgn| }", "big_number"},
		{"a later word of a name", "fn main(big_number) { num| }", "big_number"},
		{"names with dots and question marks are whole", "fn main(a.empty?) { a.em|pty? }", "a.empty?"},
		{"nothing in a comment", "fn main(x) { // x|\n x }", ""},
		{"nothing in a doc comment", "/** ma| */ fn main(x) { x }", ""},
		{"nothing in a String", "fn main(xyz) { print(\"x|\") }", ""},
		{"nothing for the name of a function", "fn ma|", ""},
		{"nothing for the name of a parameter", "fn main(it|) { 1 }", ""},
		{"nothing for the name of an error", "fn main(exact) { try { 1 } catch ex| { 2 } }", ""},
		{"nothing behind a value", "fn main(xyz) { 5 x| }", ""},
		{"definitions at the top level", "f|\nfn main() { 1 }", "fn"},
		{"imports at the top level", "im|", "import"},
		{"types of parameters", "fn main(a: Li|) { a }", "List"},
		{"types in types", "fn main(a: List[In|]) { a }", "Int"},
		{"the type of the result", "fn main(a) -> Str| { a }", "String"},
		{"named arguments", "fn f(alpha, beta) { alpha }\nfn main() { f(:al|) }", ":alpha => :alpha "},
		{"named arguments that are not given yet", "fn f(alpha, beta) { alpha }\nfn main() { f(:alpha 1, :|) }", ":beta => :beta "},
		{"an unclosed call", "fn f(alpha, beta) { alpha }\nfn main(betamax) {\n  f(1, be|\n}\nfn g() { 1 }", "betamax"},
		{"attributes for a function", "#[t|]\nfn f() { 1 }", "timeout"},
		{"attributes for an import", "#[timeout(1), |]\nimport(f, m, 1)", "retry, at_most_once, memory"},
		{"arguments of an attribute", "#[retry(max=3, |)]\nimport(f, m, 1)", "backoff => backoff=, on => on="},
		{"kinds of errors", "#[retry(on=\"Time|\")]\nimport(f, m, 1)", "Timeout, TimeoutError"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(test.text, nil)
			assert.Equal(t, test.want, strings.Join(completions(t, s, offset), ", "))
		})
	}
}

func TestDiagnosticsFollowOpenFiles(t *testing.T) {
	s, _ := open("import(f, :hark lib);\nfn main() { f(1) }", map[string]string{"lib.hk": "fn f(a) { a }"})
	assert.Empty(t, ide.Diagnostics(s, "main.hk"))
	s = s.Open("lib.hk", "fn f(a, b) { a + b }")
	assert.Equal(t, "[HK0201]", codes(s), "the editor's text counts, not that on disk")
	assert.Empty(t, ide.Diagnostics(s, "lib.hk"))
	s = s.Close("lib.hk")
	assert.Equal(t, "[]", codes(s))
	assert.Empty(t, ide.Diagnostics(s, "unknown.hk"))
}

func codes(s *ide.Snapshot) string {
	found := []string{}
	for _, d := range ide.Diagnostics(s, "main.hk") {
		found = append(found, d.Code.String())
	}
	return fmt.Sprint(found)
}
