package ide_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// After whatever an editor does, a snapshot knows what one that is made from nothing knows: the diagnostics of all files to the letter,
// the types of all expressions, and the answers to every question. And it is known exactly which files have other diagnostics than before.
func TestSnapshotsForgetNothing(t *testing.T) {
	for seed := range uint64(testkit.Amount(60, 6)) {
		rng := rand.New(rand.NewPCG(seed, 5))
		e := newEditing(rng)
		s := ide.NewSnapshot(e.project())
		for step := range 40 {
			next, what := e.act(s)
			want := ide.NewSnapshot(e.scratch())
			require.Equal(t, want.Paths(), next.Paths(), "seed %d, step %d: %s", seed, step, what)
			for _, path := range want.Paths() {
				difference := unequal(next, want, path)
				require.Empty(t, difference, "seed %d, step %d, %s: %s\n%s", seed, step, path, what, want.Text(path))
			}
			asked := editedFiles[rng.IntN(3)]
			question := e.unequalAnswer(next, want, asked)
			require.Empty(t, question, "seed %d, step %d, %s: %s\n%s", seed, step, asked, what, want.Text(asked))
			require.Equal(t, altered(s, next), ide.Changed(s, next), "seed %d, step %d: %s", seed, step, what)
			s = next
		}
	}
}

// unequal says what of a file is not equal in two snapshots, "" if nothing.
func unequal(got, want *ide.Snapshot, path string) string {
	if got.Text(path) != want.Text(path) {
		return "the text"
	}
	if a, b := ide.Diagnostics(got, path), ide.Diagnostics(want, path); !equalProblems(a, b) {
		return fmt.Sprintf("diagnostics %+v instead of %+v", a, b)
	}
	if a, b := typesIn(got, path), typesIn(want, path); !slices.Equal(a, b) {
		return fmt.Sprintf("types\n%s\ninstead of\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	return ""
}

func equalProblems(a, b []diag.Diagnostic) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// typesIn are the types of all expressions and functions of a file.
func typesIn(s *ide.Snapshot, path string) []string {
	var all []string
	file := s.Program().File(path)
	for i, item := range file.Tree.Items {
		facts := s.Types().Item(file, i)
		syntax.Walk(item.Def, func(n syntax.Node) bool {
			if e, ok := n.(syntax.Expr); ok {
				all = append(all, fmt.Sprint(item.Abs(n.Span()), facts.Of(e)))
			}
			return true
		})
		for _, fn := range file.Items[i].Funcs {
			all = append(all, fmt.Sprintf("%+v", facts.Signature(fn)))
		}
	}
	return all
}

// questions are what is asked of a file, or at a place of it.
var questions = map[string]func(s *ide.Snapshot, path string, at int32) any{
	"tokens":    func(s *ide.Snapshot, path string, _ int32) any { return ide.SemanticTokens(s, path, everything) },
	"hints":     func(s *ide.Snapshot, path string, _ int32) any { return ide.Hints(s, path, everything) },
	"symbols":   func(s *ide.Snapshot, path string, _ int32) any { return ide.DocumentSymbols(s, path) },
	"lenses":    func(s *ide.Snapshot, path string, _ int32) any { return ide.Lenses(s, path) },
	"links":     func(s *ide.Snapshot, path string, _ int32) any { return ide.Links(s, path) },
	"workspace": func(s *ide.Snapshot, path string, _ int32) any { return ide.WorkspaceSymbols(s, "", 100) },
	"hover": func(s *ide.Snapshot, path string, at int32) any {
		hovered, ok := ide.Hover(s, path, at)
		return []any{hovered, ok}
	},
	"definition": func(s *ide.Snapshot, path string, at int32) any {
		span, targets := ide.Definition(s, path, at)
		return []any{span, targets}
	},
	"type definition": func(s *ide.Snapshot, path string, at int32) any {
		span, targets := ide.TypeDefinition(s, path, at)
		return []any{span, targets}
	},
	"signatures": func(s *ide.Snapshot, path string, at int32) any {
		help, ok := ide.Signatures(s, path, at, 0)
		return []any{help, ok}
	},
	"references":  func(s *ide.Snapshot, path string, at int32) any { return ide.References(s, path, at, true) },
	"completions": func(s *ide.Snapshot, path string, at int32) any { return ide.Completions(s, path, at, "") },
	"calls":       func(s *ide.Snapshot, path string, at int32) any { return ide.PrepareCalls(s, path, at) },
	"rename": func(s *ide.Snapshot, path string, at int32) any {
		edits, err := ide.Rename(s, path, at, "other")
		return []any{edits, err}
	},
	"actions": func(s *ide.Snapshot, path string, at int32) any {
		var titles []string
		for _, a := range ide.Actions(s, path, source.Span{Start: at, End: at}, func(ide.ActionKind) bool { return true }) {
			titles = append(titles, a.Title)
		}
		return titles
	},
}

var everything = source.Span{End: 1 << 30}

// unequalAnswer is a question at some place that two snapshots answer in different ways, "" if they do not.
func (e *editing) unequalAnswer(got, want *ide.Snapshot, path string) string {
	at := int32(0)
	if l := syntax.Scan(want.Text(path)); len(l) > 0 {
		at = l[e.rng.IntN(len(l))].Span.End
	}
	for name, ask := range questions {
		if a, b := ask(got, path, at), ask(want, path, at); !reflect.DeepEqual(a, b) {
			return fmt.Sprintf("%s at %d: %+v instead of %+v", name, at, a, b)
		}
	}
	return ""
}

// altered are the files whose diagnostics are not equal.
func altered(before, now *ide.Snapshot) []string {
	var all []string
	paths := append(before.Paths(), now.Paths()...)
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		if !equalProblems(ide.Diagnostics(before, path), ide.Diagnostics(now, path)) {
			all = append(all, path)
		}
	}
	return all
}

// editing is what an editor and others do to a project at random.
type editing struct {
	rng        *rand.Rand
	disk, open map[string]string
}

var editedFiles = []string{"main.hk", "lib/a.hk", "lib/b.hk", "src/m.py"}

func newEditing(rng *rand.Rand) *editing {
	e := &editing{rng: rng, disk: map[string]string{}, open: map[string]string{}}
	for _, path := range editedFiles {
		e.disk[path] = e.text(path)
	}
	return e
}

// reading is the project with files that are read from some texts.
func reading(texts map[string]string) ide.Project {
	p := ide.Project{PythonPath: []string{""}, Read: func(path string) (string, error) {
		if text, ok := texts[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}}
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		if strings.HasSuffix(path, ".py") {
			p.Python = append(p.Python, path)
		} else {
			p.Hark = append(p.Hark, path)
		}
	}
	return p
}

func (e *editing) project() ide.Project { return reading(maps.Clone(e.disk)) }

// scratch is the project as the editor sees it, as if all were on disk.
func (e *editing) scratch() ide.Project {
	texts := maps.Clone(e.disk)
	maps.Copy(texts, e.open)
	return reading(texts)
}

func (e *editing) pick(from ...string) string { return from[e.rng.IntN(len(from))] }

func (e *editing) text(path string) string {
	var b strings.Builder
	for range 2 + e.rng.IntN(6) {
		if strings.HasSuffix(path, ".py") {
			fmt.Fprintf(&b, "def %s(%s)%s:\n    pass\n", e.name(), e.pick("", "x", "x, y=1", "*xs"), e.pick("", " -> int", " -> str"))
		} else {
			b.WriteString(e.item())
		}
	}
	return b.String()
}

func (e *editing) name() string { return e.pick("f", "g", "h", "k", "main") }

func (e *editing) item() string {
	switch e.rng.IntN(9) {
	case 0:
		return fmt.Sprintf("import(%s, src.m, %d);\n", e.name(), e.rng.IntN(3))
	case 1:
		return fmt.Sprintf("import(%s, :hark %s);\n", e.name(), e.pick("main", "lib.a", "lib.b", "none"))
	case 2:
		return fmt.Sprintf("#[timeout(3)]\nfn %s(a: %s) -> %s {\n  %s\n}\n", e.name(), e.typ(), e.typ(), e.expr(2))
	}
	return fmt.Sprintf("fn %s(%s) {\n  x = %s;\n  %s\n}\n", e.name(), e.pick("a", "a, b", "", "a: "+e.typ()), e.expr(2), e.expr(3))
}

func (e *editing) typ() string {
	return e.pick("Int", "String", "List[Int]", "Future[Int]", "Any", "Int?", "Fn[Int, Int]")
}

func (e *editing) expr(depth int) string {
	sub := func() string { return e.expr(depth - 1) }
	if depth == 0 {
		return e.pick("1", "2.5", "\"s\"", "a", "x", "null", "[1, 2]", "{\"k\": 1}", "true", e.name())
	}
	switch e.rng.IntN(10) {
	case 0:
		return sub() + " + " + sub()
	case 1:
		return "(async " + e.name() + "(" + sub() + "))"
	case 2:
		return "await " + e.pick("x", "a", e.name()+"(1)")
	case 3:
		return "if " + sub() + " { " + sub() + " } else { " + sub() + " }"
	case 4:
		return "map(lambda(y) { y + " + sub() + " }, " + sub() + ")"
	case 5:
		return "try { " + sub() + " } catch e { e }"
	case 6:
		return "x = " + sub()
	case 7:
		return e.pick("get", "append", "first", "length", "nth") + "(" + sub() + ")"
	}
	return e.name() + "(" + sub() + ")"
}

// act does something and gives the snapshot after it, and says what it was.
func (e *editing) act(s *ide.Snapshot) (*ide.Snapshot, string) {
	path := e.pick(editedFiles...)
	if strings.HasSuffix(path, ".py") && e.rng.IntN(3) > 0 {
		path = "main.hk"
	}
	_, open := e.open[path]
	switch kind := e.rng.IntN(12); {
	case kind == 0 || strings.HasSuffix(path, ".py"):
		e.disk[path] = e.text(path)
		return s.OnDisk(e.project(), path), path + " is written"
	case kind == 1 && !open:
		delete(e.disk, path)
		return s.OnDisk(e.project(), path), path + " is deleted"
	case kind == 2 && open:
		delete(e.open, path)
		return s.Close(path), path + " is closed"
	case kind == 3 || !open:
		e.open[path] = e.disk[path]
		if kind == 3 {
			e.open[path] = e.text(path)
		}
		return s.Open(path, e.open[path]), path + " is opened"
	}
	return e.edit(s, path)
}

// edit changes an open file at one place or at several.
func (e *editing) edit(s *ide.Snapshot, path string) (*ide.Snapshot, string) {
	var edits []diag.Edit
	for range 1 + e.rng.IntN(2)*e.rng.IntN(7) {
		text := e.open[path]
		at := e.rng.IntN(len(text) + 1)
		end := min(len(text), at+e.rng.IntN(2)*e.rng.IntN(8))
		with := e.pick("", "", e.name(), "{", "}", "\"", "/*", "*/", "\n", " + 1", "(", ")", ";", "1", "a", e.item())
		if l := syntax.Scan(text); len(l) > 0 && e.rng.IntN(2) == 0 { // another word
			span := l[e.rng.IntN(len(l))].Span
			at, end, with = int(span.Start), int(span.End), e.pick("1", "\"s\"", "2.5", "a", "x", e.name(), e.typ())
		}
		edits = append(edits, diag.Edit{Span: source.Span{Start: int32(at), End: int32(end)}, New: with})
		e.open[path] = text[:at] + with + text[end:]
	}
	return s.Edit(path, edits...), fmt.Sprintf("%s is edited: %q", path, edits)
}

// A definition that was hidden by a later one of the name is another function to those who call it, and may be its own caller.
func TestHiddenDefinitionsComeBack(t *testing.T) {
	const text = "fn main() { f(1) + 1 }\nfn f(x) { f(x); \"s\" }\nfn other() { 1 }\nfn f(x) { x }\n"
	s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
	at := int32(strings.LastIndex(text, "fn f"))
	hidden := s.Edit("main.hk", diag.Edit{Span: source.Span{Start: at, End: at}, New: "/*"})
	for _, got := range []*ide.Snapshot{hidden, hidden.Edit("main.hk", diag.Edit{Span: source.Span{Start: at, End: at + 2}})} {
		want := ide.NewSnapshot(reading(map[string]string{"main.hk": got.Text("main.hk")}))
		assert.Empty(t, unequal(got, want, "main.hk"))
	}
}

// A file that an edit has no effect on is the same file in the programs of both snapshots.
func TestSnapshotsShareFiles(t *testing.T) {
	texts := map[string]string{
		"main.hk": "import(f, :hark lib);\nfn main() { f(1) }\n", "lib.hk": "fn f(a) { a }\n", "other.hk": "fn g() { 1 }\n",
	}
	s := ide.NewSnapshot(reading(texts))
	opened := s.Open("lib.hk", texts["lib.hk"])
	assert.Equal(t, []string{"lib.hk", "main.hk", "other.hk"}, shared(s, opened), "the text is that on disk")
	edited := opened.Edit("lib.hk", diag.Edit{Span: source.Span{Start: 10, End: 11}, New: "a + 1"})
	assert.Equal(t, "fn f(a) { a + 1 }\n", edited.Text("lib.hk"))
	assert.Equal(t, []string{"main.hk", "other.hk"}, shared(opened, edited))
	renamed := edited.Edit("lib.hk", diag.Edit{Span: source.Span{Start: 3, End: 4}, New: "h"})
	assert.Equal(t, []string{"other.hk"}, shared(edited, renamed))
	assert.Equal(t, []string{"main.hk"}, ide.Changed(edited, renamed))
}

func shared(before, now *ide.Snapshot) []string {
	var same []string
	for _, path := range now.Paths() {
		if before.Program().File(path) == now.Program().File(path) {
			same = append(same, path)
		}
	}
	return same
}

// However much one edits, what earlier snapshots had does not stay in memory: not even that one of its functions is of each of them.
func TestOldSnapshotsAreFreed(t *testing.T) {
	empty := heap()
	s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", progen.Long(4000, ""))
	size := heap() - empty
	for i := range s.Program().File("main.hk").Tree.Items {
		at := s.Program().File("main.hk").Tree.Items[i].Span.End - 1
		s = s.Edit("main.hk", diag.Edit{Span: source.Span{Start: at, End: at}, New: " "})
	}
	assert.Less(t, float64(heap()-empty), 2*float64(size))
	runtime.KeepAlive(s)
}
