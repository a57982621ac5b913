package resolve_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// After any sequence of edits, a program that is made from the one before says what one that is made from nothing says: which
// files it has, what each name means, and every diagnostic to the letter.
func TestUpdateIsLink(t *testing.T) {
	for seed := range uint64(testkit.Amount(120, 15)) {
		rng := rand.New(rand.NewPCG(seed, 11))
		w := newWorkspace(rng)
		program := w.link(nil)
		for step := range 30 {
			change := w.change()
			next := w.link(program)
			difference := compare(next, w.link(nil))
			require.Empty(t, difference, "seed %d, step %d: %s", seed, step, change)
			program = next
		}
	}
}

// workspace is a project whose files are edited at random.
type workspace struct {
	rng   *rand.Rand
	trees map[string]*syntax.File
	// entries are the files that the program has in any case.
	entries []string
}

var modules = []string{"a", "b", "lib.c", "lib.d", "e"}

func newWorkspace(rng *rand.Rand) *workspace {
	w := &workspace{rng: rng, trees: map[string]*syntax.File{}, entries: []string{"a.hk"}}
	for _, module := range modules {
		if path, _ := resolve.ModulePath(module); rng.IntN(8) > 0 {
			w.trees[path] = syntax.Parse(w.text())
		}
	}
	if rng.IntN(2) == 0 {
		w.entries = []string{"a.hk", "b.hk", "e.hk", "lib/c.hk"}
	}
	return w
}

func (w *workspace) text() string {
	var b strings.Builder
	for range w.rng.IntN(7) {
		b.WriteString(w.item())
	}
	return b.String()
}

func (w *workspace) link(earlier *resolve.Program) *resolve.Program {
	return resolve.Update(earlier, w.entries, func(path string) (*syntax.File, error) {
		if tree := w.trees[path]; tree != nil {
			return tree, nil
		}
		return nil, fs.ErrNotExist
	})
}

func (w *workspace) pick(from ...string) string { return from[w.rng.IntN(len(from))] }

// name is one of a few, so that they meet.
func (w *workspace) name() string {
	return w.pick("f", "g", "h", "ff", "name", "nam", "map", "print", "main", "_u", "length")
}

func (w *workspace) item() string {
	module, name := w.pick(modules...), w.name()
	switch w.rng.IntN(10) {
	case 0:
		return fmt.Sprintf("import(%s, src.m, %d);\n", name, w.rng.IntN(3))
	case 1, 2:
		return fmt.Sprintf("import(%s, :hark %s);\n", name, module)
	case 3:
		return fmt.Sprintf("import(%s, :hark %s, :as %s);\n", name, module, w.name())
	case 4:
		return fmt.Sprintf("#[timeout(3)]\nfn %s(%s) {\n  %s\n}\n", name, w.params(), w.expr(2))
	case 5:
		return w.pick("}\n", "name\n", "fn\n", "\n\n// note\n", "import(f)\n", "import(f, :hark no.module);\n", "import(f, :hark \"a/b\");\n")
	}
	return fmt.Sprintf("fn %s(%s) {\n  %s;\n  %s\n}\n", name, w.params(), w.expr(3), w.expr(3))
}

func (w *workspace) params() string {
	return w.pick("", "a", "a, b", "x, f", "a: Int", "a, a", "g")
}

func (w *workspace) expr(depth int) string {
	if depth == 0 {
		return w.pick("1", "a", "b", w.name(), "x", `"text"`)
	}
	sub := func() string { return w.expr(depth - 1) }
	switch w.rng.IntN(9) {
	case 0:
		return w.name() + " = " + sub()
	case 1:
		return "x = " + sub()
	case 2:
		return "async " + w.name() + "(" + sub() + ")"
	case 3:
		return w.name() + "(:a " + sub() + ")"
	case 4:
		return "lambda(" + w.pick("", "y", "f") + ") { " + sub() + "; " + sub() + " }"
	case 5:
		return "if " + sub() + " { " + sub() + " } else { " + sub() + " }"
	case 6:
		return w.name() + "()"
	}
	return w.name() + "(" + sub() + ", " + sub() + ")"
}

// change edits a file, or adds, removes or renames one, and says what was done.
func (w *workspace) change() string {
	path, _ := resolve.ModulePath(w.pick(modules...))
	tree := w.trees[path]
	if w.rng.IntN(25) == 0 || tree == nil {
		if tree == nil {
			w.trees[path] = syntax.Parse(w.text())
			return path + " comes"
		}
		delete(w.trees, path)
		return path + " goes"
	}
	span, with := w.edit(tree)
	w.trees[path] = syntax.Reparse(tree, span, with)
	return fmt.Sprintf("%s: %q becomes %q", path, tree.Text[span.Start:span.End], with)
}

func (w *workspace) edit(tree *syntax.File) (source.Span, string) {
	n := len(tree.Items)
	at := int32(w.rng.IntN(len(tree.Text) + 1))
	here := source.Span{Start: at, End: at}
	switch kind := w.rng.IntN(9); {
	case kind < 2 && n > 0: // an item becomes another one, or goes
		return tree.Items[w.rng.IntN(n)].Span, strings.Repeat(w.item(), kind)
	case kind < 4: // a word becomes another one
		if words := places(tree.Text, syntax.Identifier); len(words) > 0 {
			return words[w.rng.IntN(len(words))], w.name()
		}
	case kind == 7:
		if numbers := places(tree.Text, syntax.Number); len(numbers) > 0 {
			return numbers[w.rng.IntN(len(numbers))], w.pick("0", "1", "2")
		}
	case kind == 4:
		return here, w.pick("{", "}", "(", ")", "/*", "*/", `"`, ";", "\n", " ", "#[", "fn ", ",")
	case kind == 5 && n > 0:
		start := tree.Items[w.rng.IntN(n)].Span.Start
		return source.Span{Start: start, End: start}, w.item()
	case kind == 6:
		return source.Span{Start: at, End: min(at+int32(w.rng.IntN(9)), int32(len(tree.Text)))}, ""
	}
	end := int32(len(tree.Text))
	return source.Span{Start: end, End: end}, w.item()
}

// places are those of a text's tokens of a kind.
func places(text string, kind syntax.Token) []source.Span {
	var all []source.Span
	for _, l := range syntax.Scan(text) {
		if l.Kind == kind {
			all = append(all, l.Span)
		}
	}
	return all
}

// compare says in which way two programs are not equal, "" if they are.
func compare(got, want *resolve.Program) string {
	if len(got.Files) != len(want.Files) {
		return "there are other files"
	}
	for i, file := range got.Files {
		other := want.Files[i]
		switch {
		case file.Path != other.Path:
			return file.Path + " is not " + other.Path
		case file.Tree.Text != other.Tree.Text:
			return file.Path + " is outdated"
		case got.File(file.Path) != file:
			return file.Path + " is not found"
		}
		if a, b := bindings(got, file), bindings(want, other); a != b {
			return file.Path + " has\n" + a + "instead of\n" + b
		}
		if a, b := fmt.Sprintf("%+v", got.DiagnosticsOf(file)), fmt.Sprintf("%+v", want.DiagnosticsOf(other)); a != b {
			return file.Path + " has " + a + " instead of " + b
		}
	}
	return ""
}

// What an edit cannot have an effect on stays the same, in the file and in others.
func TestUpdateShares(t *testing.T) {
	w := &workspace{trees: map[string]*syntax.File{}, entries: []string{"a.hk", "b.hk", "e.hk"}}
	w.trees["a.hk"] = syntax.Parse("import(f, :hark b);\nfn main() { f(1) }\nfn other() { undefinde }\n")
	w.trees["b.hk"] = syntax.Parse("fn f(a) { a }\nfn g(a) { f(a) }\nfn h() { 1 }\n")
	w.trees["e.hk"] = syntax.Parse("import(h, :hark b);\nfn k() { h() + none() }\n")
	for _, test := range []struct {
		name, path, old, with string
		fresh                 string // the files and items that are not the same: those around the edit are read again
	}{
		{"a body", "b.hk", "{ 1 }", "{ 1 + 2 }", "b.hk 2"},
		{"a body that others call", "b.hk", "(a) { a }", "(a) { a + 1 }", "b.hk 0"},
		{"parameters", "b.hk", "f(a)", "f(a, b)", "a.hk 0 1, b.hk 0 1"},
		{"a function that nobody calls", "b.hk", "g(a)", "g(a, b)", "b.hk 0 1"},
		{"a name that nobody has", "b.hk", "fn h()", "fn new() { 1 } fn h()", "b.hk 1 2 3"},
		{"a name that may be meant", "a.hk", "fn other", "fn undefined() { 1 } fn other", "a.hk 0 1 2 3"},
		{"a name that goes", "b.hk", "fn h() { 1 }", "", "b.hk 1, e.hk 0 1"},
		{"an error of syntax", "b.hk", "{ 1 }", "{ 1", "b.hk 2"},
		{"white space", "b.hk", "fn g", "\n\n\nfn g", "b.hk 0 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, old := w.link(nil), w.trees[test.path]
			at := int32(strings.Index(old.Text, test.old))
			require.GreaterOrEqual(t, at, int32(0))
			w.trees[test.path] = syntax.Reparse(old, source.Span{Start: at, End: at + int32(len(test.old))}, test.with)
			now := w.link(before)
			w.trees[test.path] = old
			assert.Equal(t, test.fresh, fresh(before, now))
		})
	}
}

// fresh are the files and the items of a program that an earlier version has not.
func fresh(before, now *resolve.Program) string {
	var files []string
	for _, file := range now.Files {
		if before.File(file.Path) == file {
			continue
		}
		text := file.Path
		for i, info := range file.Items {
			if !slices.Contains(before.File(file.Path).Items, info) {
				text += fmt.Sprint(" ", i)
			}
		}
		files = append(files, text)
	}
	return strings.Join(files, ", ")
}
