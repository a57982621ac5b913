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
	s := ide.NewSnapshot(ide.Project{Read: func(path string) (string, error) {
		if text, ok := disk[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}})
	return s.Open("main.hk", before+after), int32(len(before))
}

func TestCompletions(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"locals before what every file has", "fn main(items) { item_count = 1; it| }", "item_count local, items parameter"},
		{"functions of the file", "/** Mends. */ fn mend(a, b) { a }\nfn main() { men| }", "mend mend(a, b): Mends."},
		{"the prelude and builtins", "fn main() { appe| }", "append"},
		{"a name of an outer function", "fn main() { outer_name = 1; lambda(x) { outer_| } }", "outer_name local"},
		{"the nearest of one name", "fn main(x_1) { lambda(x_1) { x_| } }", "x_1 parameter"},
		{"not the name that is being written", "fn main() { total| = 1 }", ""},
		{"Python functions", "import(resize, tools.images, 2);\nfn main() { resi| }", "resize Python, tools.images"},
		{"in a file with errors", "fn main( { }\nfn other(value) { 1 + (val| }", "value parameter, values"},
		{"other functions' locals are not in scope", "fn f() { hidden = 1; hidden }\nfn main() { hid| }", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(test.text, nil)
			completions, word := ide.Completions(s, "main.hk", offset)
			assert.Equal(t, test.want, show(completions))
			assert.True(t, word.Contains(offset))
		})
	}
}

// show is the completions as text; of those that every file has, the name alone.
func show(completions []ide.Completion) string {
	var parts []string
	for _, c := range completions {
		text := c.Name
		if c.Distance < 1001 {
			text += " " + c.Detail
			if c.Doc != "" {
				text += ": " + c.Doc
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
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
