package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The examples of the pages are run. In a block marked as hark, a line that ends in one of these comments is an example,
// together with the lines directly above it, up to an empty line or to another example:
//
//	1 + 2                      // => 3                  what it is, as it is shown inside a collection
//	print("a")                 // prints a              the last line that it writes
//	nth([], 0)                 // error Index           it raises; also "KIND: MESSAGE"
//	f(                         // refused HK0014        it does not compile, for exactly these reasons
//	fn f(unused) { 1 }         // warning HK0104        it compiles, with this diagnostic among others
//
// All other lines of the block are the rest of the file that each of its examples stands in. An example that begins with
// an item (fn, import, an attribute) is that file's end, else the body of a function. A block whose first line is a comment
// with nothing but the path of a file, Hark or Python, is that file, for all of the page.
func TestExamplesOfPages(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	for _, path := range pages {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		page := readPage(path, string(text))
		t.Run(filepath.Base(path), func(t *testing.T) {
			python := (&languageCase{files: page.files}).python(t)
			for _, e := range page.examples {
				t.Run(e.at, func(t *testing.T) {
					t.Parallel()
					e.test(t, page.files, python)
				})
			}
		})
	}
}

// minExamples keeps the pages from losing their examples to a change of how these are written.
const minExamples = 180

func TestPagesHaveExamples(t *testing.T) {
	text, err := os.ReadFile("docs/reference.md")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(readPage("docs/reference.md", string(text)).examples), minExamples)
}

type docPage struct {
	examples []docExample
	files    map[string]string
}

type docExample struct {
	at         string // "docs/reference.md:12"
	around     string // what else is in the file
	text       string
	verb, want string
}

var (
	docFence = regexp.MustCompile("^```(hark|python)$")
	docFile  = regexp.MustCompile(`^(?://|#) (\S+\.(?:hk|py))$`)
	docMark  = regexp.MustCompile(`^(.*?)\s*// (=>|prints|error|refused|warning) (.+)$`)
	docItem  = regexp.MustCompile(`^(fn |import\(|#\[)`)
)

func readPage(path, text string) docPage {
	page := docPage{files: map[string]string{}}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if !docFence.MatchString(lines[i]) {
			continue
		}
		length := slices.Index(lines[i+1:], "```")
		block := lines[i+1 : i+1+length]
		if file := docFile.FindStringSubmatch(block[0]); file != nil {
			page.files[file[1]] = strings.Join(block, "\n") + "\n"
		} else if lines[i] == "```hark" {
			page.examples = append(page.examples, readExamples(path, i+2, block)...)
		}
		i += length + 1
	}
	return page
}

// readExamples is the examples of a block whose first line has this number.
func readExamples(path string, number int, block []string) []docExample {
	var around, pending []string
	var examples []docExample
	for i, line := range block {
		mark := docMark.FindStringSubmatch(line)
		switch {
		case mark != nil:
			text := strings.Join(append(pending, mark[1]), "\n")
			examples = append(examples, docExample{at: fmt.Sprintf("%s:%d", path, number+i), text: text, verb: mark[2], want: mark[3]})
			pending = nil
		case line == "":
			around, pending = append(around, pending...), nil
		default:
			pending = append(pending, line)
		}
	}
	for i := range examples {
		examples[i].around = strings.Join(append(around, pending...), "\n") + "\n"
	}
	return examples
}

// source is the file that the example stands in. Its value comes in a List, so that it is shown as a literal.
func (e docExample) source() string {
	switch {
	case docItem.MatchString(e.text):
		return e.around + e.text + "\n"
	case e.verb == "refused" || e.verb == "warning":
		return e.around + "fn main() {\n" + e.text + "\n}\n"
	}
	return e.around + "fn example() {\n" + e.text + "\n}\nfn main() { [example()] }\n"
}

func (e docExample) test(t *testing.T, files map[string]string, python engine.Foreign) {
	c := &languageCase{name: e.at, files: map[string]string{"main.hk": e.source()}}
	for path, text := range files {
		c.files[path] = text
	}
	if e.verb == "warning" {
		assert.Contains(t, c.warnings(), e.want, e.source())
		return
	}
	program, refused := c.compile()
	got := outcome{refused: refused}
	if program != nil {
		got = c.runStraight(t, program, python)
	}
	assert.True(t, e.holds(got), "%s\nsays %s %s, but it is\n%s", e.text, e.verb, e.want, got)
}

func (e docExample) holds(got outcome) bool {
	switch e.verb {
	case "=>":
		return got.matches("=> [" + e.want + "]")
	case "prints":
		return got.failure == nil && len(got.output) > 0 && got.output[len(got.output)-1] == e.want
	}
	return got.matches(e.verb + " " + e.want)
}

// warnings is the codes of all diagnostics of the entry file of a program that is not refused.
func (c *languageCase) warnings() []string {
	s := ide.NewSnapshot(ide.Project{Hark: []string{"main.hk"}, PythonPath: []string{""}, Read: func(path string) (string, error) {
		text, ok := c.files[path]
		if !ok {
			return "", os.ErrNotExist
		}
		return text, nil
	}})
	var codes []string
	for _, d := range ide.Diagnostics(s, "main.hk") {
		if !s.Program().Stops() {
			codes = append(codes, d.Code.String())
		}
	}
	return codes
}

// docs/builtins.md says what the table of builtins and the prelude's comments say.
func TestPageOfBuiltins(t *testing.T) {
	core, standard := map[string]string{}, map[string]string{}
	for _, row := range bytecode.Builtins {
		switch {
		case row.Internal:
		case row.Prelude:
			standard[row.Name] = builtinEntry(row.Name, row.Signature, row.Doc, row.Examples)
		default:
			core[row.Name] = builtinEntry(row.Name, row.Signature, row.Doc, row.Examples)
		}
	}
	for _, file := range prelude.Sources() {
		addPrelude(standard, file.Text)
	}
	var page strings.Builder
	page.WriteString(builtinsHead)
	writeEntries(&page, "Builtins", core)
	writeEntries(&page, "The prelude", standard)
	testkit.GoldenFile(t, "docs/builtins.md", page.String())
}

const builtinsHead = `# Builtins and prelude

What every Hark file can call without importing it. A definition or import of the same name in a file goes before it. This page is made from
the tables of the compiler by ` + "`go test . -run TestPageOfBuiltins -update`" + `; the [reference](reference.md#builtins-and-prelude) says what is
common to all of them. In signatures, a capital letter alone is any type, the same throughout the line, and ` + "`T...`" + ` any number of arguments.
`

func writeEntries(page *strings.Builder, title string, entries map[string]string) {
	var names, links []string
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		links = append(links, "["+name+"](#"+name+")")
	}
	fmt.Fprintf(page, "\n## %s\n\n%s\n", title, strings.Join(links, " · "))
	for _, name := range names {
		page.WriteString(entries[name])
	}
}

func builtinEntry(name, signature, doc string, examples []string) string {
	text := fmt.Sprintf("\n### %s\n\n```\n%s\n```\n\n%s\n", name, signature, doc)
	if len(examples) == 0 {
		return text
	}
	lines := strings.ReplaceAll(strings.Join(examples, "\n"), " // ", " // => ")
	return text + "\n```hark\n" + lines + "\n```\n"
}

// addPrelude adds the functions of one of the prelude's files that are documented.
func addPrelude(entries map[string]string, text string) {
	for _, item := range syntax.Parse(text).Items {
		fn, ok := item.Def.(*syntax.FuncDef)
		if !ok || prelude.Private(fn.Name.Text) {
			continue
		}
		var doc, examples []string
		for line := range strings.SplitSeq(strings.TrimSpace(strings.Trim(fn.Doc.Text, "/*")), "\n") {
			line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(line, " "), "*"), " ")
			if example, ok := strings.CutPrefix(line, "    "); ok {
				examples = append(examples, example)
			} else {
				doc = append(doc, line)
			}
		}
		span := item.Span
		signature, _, _ := strings.Cut(text[span.Start:span.End], " {\n")
		signature = signature[strings.LastIndex(signature, "\nfn ")+1:]
		entries[fn.Name.Text] = builtinEntry(fn.Name.Text, signature, strings.TrimSpace(strings.Join(doc, "\n")), examples)
	}
}
