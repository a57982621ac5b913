package ide_test

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// How features are tested.
//
// An archive testdata/FEATURE/NAME.txtar is a project: its .hk and .py sections are the files on disk, "hark.toml" sets what it sets
// there. Marks stand in comments, "//@verb(…)" in Hark and "#@verb(…)" in Python. Their first argument is the anchor, a text of the same
// line, which is the place that is asked about or told about:
//
//	total = add(1, 2) //@def("add", adder) loc(sum, "total")
//
// The anchor's first occurrence on the line counts, "add#2" is its second; "/re/" is what a regular expression matches, or its first
// group. A "^" in the anchor is the cursor ("ad^d"), without one the cursor stands at its start. "loc(name, anchor)" gives a place
// a name: places that are found are shown by their names, or, without one, as "main.hk:3:5 text".
//
// A test calls one of two:
//
//	answers(t, "definition", table{"def": func(m *marked, at mark) []string { … }})
//
// runs the function for each mark of the verb: what it returns has to be the mark's other arguments, in whatever order. A mark
// without other arguments says that there is nothing. A single answer of several lines is better golden: return m.golden(at, text) of a
// mark "hover(anchor, name)", which compares with the section "want/name" or, under -update, writes it.
//
//	finds(t, "inlay", "hint", func(m *marked, path string) []found { … })
//
// holds all that a feature finds in a file against the marks of a verb, one to one: the mark "hint(anchor, "Int")" is the found
// {span of the anchor, "Int"}. What is found without a mark fails, and so does a mark that is not found.
//
// Every mark of an archive needs a verb of the test that reads it, or "loc".

// marked is the project of an archive.
type marked struct {
	*testkit.Case
	*ide.Snapshot
	t     *testing.T
	marks []mark
	names map[ide.Place]string
}

// mark is a mark with the place of its anchor.
type mark struct {
	testkit.Mark
	ide.Place
	// Cursor is an offset of the file.
	Cursor int32
}

// found is what a feature says about a piece of a file.
type found struct {
	Span source.Span
	Args []string
}

// table has the function that answers, by verb.
type table map[string]func(m *marked, at mark) []string

// answers checks the answers at each mark of the archives of a folder.
func answers(t *testing.T, folder string, verbs table) {
	testkit.Run(t, "testdata/"+folder+"/*.txtar", func(t *testing.T, c *testkit.Case) {
		m := openMarked(t, c)
		for _, at := range m.marks {
			answer := verbs[at.Verb]
			require.NotNil(t, answer, "%s:%d: this test does not know the verb %s", at.Path, at.Line, at.Verb)
			t.Run(fmt.Sprintf("%s:%d %s", at.Path, at.Line, at.Args[0]), func(t *testing.T) {
				inner := *m
				inner.t = t
				testkit.Equal(t, lines(at.Args[1:]), lines(answer(&inner, at)))
			})
		}
	})
}

// finds checks what is found in each Hark file of the archives of a folder.
func finds(t *testing.T, folder, verb string, find func(m *marked, path string) []found) {
	testkit.Run(t, "testdata/"+folder+"/*.txtar", func(t *testing.T, c *testkit.Case) {
		m := openMarked(t, c)
		var want, got []string
		for _, at := range m.marks {
			require.Equal(t, verb, at.Verb, "%s:%d: this test does not know the verb", at.Path, at.Line)
			want = append(want, m.at(at.Place)+" "+strings.Join(at.Args[1:], ", "))
		}
		for _, path := range m.Paths() {
			for _, f := range find(m, path) {
				got = append(got, m.at(ide.Place{Path: path, Span: f.Span})+" "+strings.Join(f.Args, ", "))
			}
		}
		testkit.Equal(t, lines(want), lines(got))
	})
}

func lines(all []string) string {
	return strings.Join(slices.Sorted(slices.Values(all)), "\n")
}

// commentMark is what begins a comment with marks, by the ending of the file's name.
var commentMark = map[string]string{".hk": "//@", ".py": "#@"}

// openMarked opens the project of an archive.
func openMarked(t *testing.T, c *testkit.Case) *marked {
	t.Helper()
	m := &marked{Case: c, t: t, Snapshot: ide.NewSnapshot(projectOf(t, c)), names: map[ide.Place]string{}}
	for _, name := range c.Names() {
		begin, known := commentMark[path.Ext(name)]
		if !known {
			continue
		}
		for _, raw := range testkit.Marks(t, strings.ReplaceAll(c.Text(t, name), begin, "//@")) {
			m.add(name, raw)
		}
	}
	return m
}

// projectOf is the project whose disk is the archive.
func projectOf(t *testing.T, c *testkit.Case) ide.Project {
	conf := config.Default("/")
	if c.Has("hark.toml") {
		var err error
		conf, err = config.Parse("/", c.Text(t, "hark.toml"))
		require.NoError(t, err)
	}
	p := ide.Project{Read: c.Read, Lint: map[diag.Code]diag.Severity{}}
	for _, folder := range conf.PythonPath() {
		p.PythonPath = append(p.PythonPath, strings.Trim(filepath.ToSlash(folder), "/"))
	}
	for _, name := range c.Names() {
		if path.Ext(name) == ".hk" {
			p.Hark = append(p.Hark, name)
		}
		if path.Ext(name) == ".py" {
			p.Python = append(p.Python, name)
		}
	}
	return p
}

// add finds the place of a mark's anchor.
func (m *marked) add(name string, raw testkit.Mark) {
	args := raw.Args
	require.NotEmpty(m.t, args, "%s:%d: %s needs an anchor", name, raw.Line, raw.Verb)
	anchor := args[0]
	if raw.Verb == "loc" {
		require.Len(m.t, args, 2, "%s:%d: loc has a name and an anchor", name, raw.Line)
		anchor = args[1]
	}
	at := mark{Mark: raw}
	at.Path = name
	at.Span, at.Cursor = m.anchor(name, raw.Line, anchor)
	if raw.Verb == "loc" {
		m.names[at.Place] = args[0]
		return
	}
	m.marks = append(m.marks, at)
}

// nth is the ending of an anchor that says which occurrence is meant.
var nth = regexp.MustCompile(`#([0-9]+)$`)

// anchor finds an anchor on its line, left of the marks.
func (m *marked) anchor(name string, number int, anchor string) (source.Span, int32) {
	whole := m.Case.Text(m.t, name)
	start := source.NewLines(whole).Start(number - 1)
	line, _, _ := strings.Cut(whole[start:], "\n")
	line, _, _ = strings.Cut(line, commentMark[path.Ext(name)])
	occurrence := 1
	if found := nth.FindStringSubmatch(anchor); found != nil {
		occurrence, _ = strconv.Atoi(found[1])
		anchor = strings.TrimSuffix(anchor, found[0])
	}
	before, after, cursor := strings.Cut(anchor, "^")
	pattern := regexp.QuoteMeta(before + after)
	if len(anchor) > 1 && anchor[0] == '/' && anchor[len(anchor)-1] == '/' {
		pattern, cursor = anchor[1:len(anchor)-1], false
	}
	all := regexp.MustCompile(pattern).FindAllStringSubmatchIndex(line, -1)
	require.GreaterOrEqual(m.t, len(all), occurrence, "%s:%d: %q is not on the line", name, number, anchor)
	at := all[occurrence-1]
	at = at[len(at)-2:]
	span := source.Span{Start: start + int32(at[0]), End: start + int32(at[1])}
	if cursor {
		return span, span.Start + int32(len(before))
	}
	return span, span.Start
}

// place shows a place by its name, or as it is.
func (m *marked) place(p ide.Place) string {
	return cmp.Or(m.names[p], m.at(p))
}

// places shows places.
func (m *marked) places(all []ide.Place) []string {
	shown := make([]string, len(all))
	for i, p := range all {
		shown[i] = m.place(p)
	}
	return shown
}

// at shows a place with its text.
func (m *marked) at(p ide.Place) string {
	text := m.Snapshot.Text(p.Path)
	require.LessOrEqual(m.t, p.Span.End, int32(len(text)), "a place outside of %s", p.Path)
	line, column := source.NewLines(text).OffsetColumn(p.Span.Start)
	return fmt.Sprintf("%s:%d:%d %s", p.Path, line+1, column+1, text[p.Span.Start:p.Span.End])
}

// golden compares a text with the section that the mark's second argument names, "want/NAME". It returns what the mark wants.
func (m *marked) golden(at mark, got string) []string {
	require.Len(m.t, at.Args, 2, "the mark names a section")
	m.Golden(m.t, "want/"+at.Args[1], got)
	return at.Args[1:]
}
