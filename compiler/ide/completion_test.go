package ide_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// open is a snapshot with one open file; "|" in the text is the cursor. Other files are those on disk.
func open(text string, disk map[string]string) (*ide.Snapshot, int32) {
	before, after, _ := strings.Cut(text, "|")
	s := ide.NewSnapshot(ide.Project{PythonPath: []string{"", "src"}, Python: withEnding(disk, ".py"), Hark: withEnding(disk, ".hk"), Read: func(path string) (string, error) {
		if text, ok := disk[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}})
	return s.Open("main.hk", before+after), int32(len(before))
}

func withEnding(disk map[string]string, ending string) []string {
	var files []string
	for path := range disk {
		if strings.HasSuffix(path, ending) {
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
		{"not while its value is a part of something", "fn main() { total = {\"a\": [tot|]} }", ""},
		{"a name that has a value already", "fn main() { total = 1; total = tot| }", "total"},
		{"what a thread can run", "fn main(job_f) { job_n = 1; job_l = lambda() { 1 }; async job| }", "job_f, job_l"},
		{"what is typed already", "fn main() { null| }", "null, nullp"},
		{"nothing between a head and its body", "fn main(a) i|", ""},
		{"after the block of an if", "fn main(a) { if f(a) { 1 } el| }", "else, else if"},
		{"after the block of another condition", "fn main(a) { if a { 1 } else if a == 2 { 3 } el| }", "else, else if"},
		{"after the block of a try", "fn main(a) { try { a } cat| }", "catch"},
		{"not after others", "fn main(a) { if a { 1 } else { 2 } el| }", ""},
		{"not after the if before", "fn main(a) { if a { 1 }; b = {}; el| }", ""},
		{"not after a lambda", "fn main(a) { lambda() { 2 } el| }", ""},
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
		{"a value of a Hash", "fn main(total) { {\"a\":tot|} }", "total"},
		{"a type without a space", "fn main(a:in|) { a }", "Int"},
		{"definitions below an attribute", "#[timeout(1)]\nf|", "fn"},
		{"types of parameters", "fn main(a: Li|) { a }", "List"},
		{"types in types", "fn main(a: List[In|]) { a }", "Int"},
		{"the type of the result", "fn main(a) -> Str| { a }", "String"},
		{"named arguments", "fn f(alpha, beta) { alpha }\nfn main() { f(:al|) }", ":alpha => :alpha "},
		{"named arguments without their colon", "fn f(alpha, beta) { alpha }\nfn main() { f(alp|) }", ":alpha => :alpha "},
		{"named arguments that are not given yet", "fn f(alpha, beta) { alpha }\nfn main() { f(:alpha 1, :|) }", ":beta => :beta "},
		{"an unclosed call", "fn f(alpha, beta) { alpha }\nfn main(betamax) {\n  f(1, be|\n}\nfn g() { 1 }", "betamax, :beta => :beta "},
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

// Completions that know types, keys and other files.
func TestCompletionsOfTheProject(t *testing.T) {
	disk := map[string]string{
		"lib/tools.hk": "fn helper(text) { text }\nfn _hidden() { 1 }\nfn heal(x) { x }\n",
		"images.py":    "def scale(path, factor=2): ...\ndef save(path): ...\ndef _private(): ...\nclass Shape:\n    def __init__(self, n): ...\n",
		"src/web.py":   "def fetch(url): ...\n",
		"jobs/mail.py": "def send(to, subject, body): ...\n",
	}
	const record = "fn record(n) { {\"id\": n, \"name\": \"x\"} }\n"
	tests := []struct{ name, text, want string }{
		{"keys in a String", record + "fn main() { r = record(1); get(r, \"|\") }", "id, name"},
		{"keys in a String that begins", record + "fn main() { r = record(1); get(r, \"na|\") }", "name"},
		{"keys in a String without end", record + "fn main() { r = record(1); get(r, \"na|\n}", "name"},
		{"keys without quotes", record + "fn main() { r = record(1); get(r, na|) }", "\"name\""},
		{"keys for set", record + "fn main() { set(record(1), \"i|\", 2) }", "id"},
		{"no keys where another function is called", record + "fn main() { nth(record(1), \"|\") }", ""},
		{"keys of an error", "fn main() { try { 1 } catch e { get(e, \"me|\") } }", "message"},
		{"names of imports", "import(he|", "heal => heal, :hark lib.tools, helper => helper, :hark lib.tools"},
		{"names of Python functions with all that belongs to them", "import(sc|)", "scale => scale, images, 1"},
		{"names where the module is there", "import(sc|, images, 2);", "scale"},
		{"names of that module, and of no other", "import(|, images, 2);", "save, scale"},
		{"names of the module of Hark that is there", "import(|, :hark lib.tools);", "heal, helper"},
		{"all names if the module is none", "import(sc|, nonesuch, 2);", "scale"},
		{"the module that has the name", "import(scale, im|)", "images => images, 1"},
		{"all modules", "import(nonesuch, |)", ":hark => :hark , :python => :python , images, jobs.mail, web, src.web"},
		{"modules of Python", "import(send, :python jo|)", "jobs.mail => jobs.mail, 3"},
		{"modules by both their names", "import(fetch, |)", "web => web, 1, src.web => src.web, 1, :hark => :hark , :python => :python , images, jobs.mail"},
		{"modules as the file names them", "import(fetch, src.web, 1);\nimport(fetch, |)",
			"src.web => src.web, 1, web => web, 1, :hark => :hark , :python => :python , images, jobs.mail"},
		{"modules of Hark", "import(heal, :hark |)", "lib.tools"},
		{"the language that has the name", "import(heal, |)", "lib.tools => :hark lib.tools, :hark => :hark , :python => :python , images, jobs.mail, web, src.web"},
		{"a language", "import(heal, :ha|)", ":hark => :hark "},
		{"numbers of arguments", "import(scale, images, |)", "1, 2"},
		{"another name", "import(heal, :hark lib.tools, |)", ":as => :as "},
		{"a name of another file", "fn main() { helpe| }", "helper + import(helper, :hark lib.tools);\n\n"},
		{"among the imports", "import(save, images, 1);\nimport(send, jobs.mail, 3);\n\nfn main() { scal| }",
			"scale + \nimport(scale, images, 1);"},
		{"above the first import", "// About this file.\nimport(send, jobs.mail, 3);\n\nfn main() { scal| }", "scale + import(scale, images, 1);\n"},
		{"a class", "fn main() { Sha| }", ""},
		{"not what is imported already", "import(helper, :hark lib.tools);\nfn main() { helpe| }", "helper"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(test.text, disk)
			assert.Equal(t, test.want, strings.Join(completions(t, s, offset), ", "))
		})
	}
}

func TestCompletionsAreRanked(t *testing.T) {
	const head = "fn wants(text: String, f: Fn[Int, Int]) { text }\nfn number() { 1 }\nfn words() { \"a\" }\n"
	tests := []struct{ name, text, want string }{
		{"what fits comes first", "fn main() { a_number = 1; a_word = \"x\"; wants(a_|) }", "a_word, a_number"},
		{"also among functions", "fn main() { wants(|) }", "words, number"},
		{"a future is a value after await", "fn main() { a_number = 1; a_task = async number(); await a_| }", "a_task, a_number"},
		{"near before far", "fn main(x_far) { map(lambda(x_near) { x_| }, [1]) }", "x_near, x_far"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(head+test.text, nil)
			want := strings.Split(test.want, ", ")
			got := completions(t, s, offset)
			for i, label := range want[1:] {
				assert.Less(t, slices.Index(got, want[i]), slices.Index(got, label), "%v", got)
				assert.Contains(t, got, want[i])
			}
		})
	}
}

// Whatever the text is and wherever the cursor, every question has an answer: all editors ask while somebody types.
func TestEverywhere(t *testing.T) {
	for name, text := range testkit.SomeSources(t) {
		if len(text) > 1_500 || strings.Contains(name, "fuzz") {
			continue
		}
		whole := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		step := 1 + len(text)/20
		for offset := 0; offset <= len(text); offset += step {
			ask(t, whole, text, offset)
			ask(t, whole.Open("main.hk", text[:offset]), text[:offset], offset)
		}
	}
}

// ask asks what an editor may ask at an offset.
func ask(t *testing.T, s *ide.Snapshot, text string, offset int) {
	t.Helper()
	at := int32(offset)
	list := ide.Completions(s, "main.hk", at, "")
	require.True(t, 0 <= list.Replace.Start && list.Replace.Start <= at && at <= list.Replace.End && int(list.Replace.End) <= len(text), "%q %d %v", text, offset, list.Replace)
	for i, c := range list.Items {
		if i%10 == 0 {
			ide.CompletionDoc(s, "main.hk", c.Ref)
		}
	}
	ide.Signatures(s, "main.hk", at, -1)
	if h, ok := ide.Hover(s, "main.hk", at); ok {
		require.True(t, h.Span.Contains(at) && h.Markdown != "", "%q %d", text, offset)
	}
	span := source.Span{Start: at, End: min(at+80, int32(len(text)))}
	ide.Hints(s, "main.hk", span, ide.HintParameter, ide.HintType, ide.HintThread)
	ide.InlineValues(s, "main.hk", source.Span{End: int32(len(text))}, span)
	ide.FormatRange(s, "main.hk", span)
	ide.Lenses(s, "main.hk")
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

// FuzzAsking asks at any offset of any text.
func FuzzAsking(f *testing.F) {
	for _, text := range testkit.Sources(f) {
		f.Add(text, len(text)/2)
	}
	f.Fuzz(func(t *testing.T, text string, offset int) {
		if len(text) > 4_000 || offset < 0 || offset > len(text) {
			return
		}
		s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		ask(t, s, text, offset)
		ide.SemanticTokens(s, "main.hk", source.Span{End: int32(len(text))})
	})
}
