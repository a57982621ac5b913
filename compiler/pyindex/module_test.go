package pyindex_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// show is a name as a test says it: "async f(a, b=1, /, *, c) -> int unsure".
func show(n *pyindex.Name) string {
	var params []string
	kind := pyindex.PositionalOrKeyword
	for i, p := range n.Params {
		if p.Kind == pyindex.KeywordOnly && kind != p.Kind && kind != pyindex.VarPositional {
			params = append(params, "*")
		}
		kind = p.Kind
		text := map[pyindex.ParamKind]string{pyindex.VarPositional: "*", pyindex.VarKeyword: "**"}[p.Kind] + p.Name
		if p.Annotation != nil {
			text += ": " + tree(p.Annotation)
		}
		if p.Default != "" {
			text += "=" + p.Default
		}
		params = append(params, text)
		if p.Kind == pyindex.PositionalOnly && (i+1 == len(n.Params) || n.Params[i+1].Kind != p.Kind) {
			params = append(params, "/")
		}
	}
	text := n.Name + "(" + strings.Join(params, ", ") + ")"
	switch {
	case n.Kind == pyindex.Variable && n.Plain:
		text = n.Name + " plain"
	case n.Kind == pyindex.Variable:
		text = n.Name + " variable"
	case n.Kind == pyindex.Imported:
		text = n.Name + " imported from " + n.From + ":" + n.Original
	case n.Async:
		text = "async " + text
	}
	if n.Result != nil {
		text += " -> " + tree(n.Result)
	}
	if n.Unsure {
		text += " unsure"
	}
	return text
}

func tree(a *pyindex.Annotation) string {
	if a.Name == "" {
		return "?"
	}
	if a.Args == nil {
		return a.Name
	}
	var args []string
	for _, arg := range a.Args {
		args = append(args, tree(arg))
	}
	return a.Name + "[" + strings.Join(args, " ") + "]"
}

// A section of an archive is a module, and "want" behind it what the index says of it; -update rewrites it.
func TestModules(t *testing.T) {
	testkit.Run(t, "testdata/[ct]*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			if strings.HasSuffix(name, ".py") {
				t.Run(name, func(t *testing.T) {
					c.Golden(t, strings.TrimSuffix(name, ".py")+".want", listing(pyindex.Parse(c.Text(t, name))))
				})
			}
		}
	})
}

func listing(m *pyindex.Module) string {
	var b strings.Builder
	for _, n := range m.Names {
		fmt.Fprintln(&b, show(n))
		if n.Doc != "" {
			fmt.Fprintf(&b, "    %q\n", n.Doc)
		}
	}
	if m.Open {
		fmt.Fprintln(&b, "open")
	}
	if m.All != nil {
		fmt.Fprintln(&b, "all:", m.All)
	}
	return b.String()
}

// How classes and functions are called is what inspect.signature says of them, wherever the index is sure.
func TestSignaturesAsInspectHasThem(t *testing.T) {
	c := testkit.Open(t, "testdata/calls.txtar")
	text := c.Text(t, "calls.py")
	script := text + `
import inspect, sys
for line in sys.argv[1:]:
    found = sys.modules["__main__"]
    for part in line.split("."):
        found = getattr(found, part)
    signature = inspect.signature(found)
    params = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    print(signature.replace(parameters=params))
`
	m, sure := pyindex.Parse(text), []*pyindex.Name(nil)
	args := []string{"-c", script}
	for _, n := range m.Names {
		if !n.Unsure && (n.Kind == pyindex.Function || n.Kind == pyindex.Class) {
			sure = append(sure, n)
			args = append(args, n.Name)
		}
	}
	out, err := exec.Command("python3", args...).CombinedOutput()
	require.NoError(t, err, string(out))
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		line, _, _ = strings.Cut(line, " ->")
		bare := *sure[i]
		bare.Name, bare.Result, bare.Async = "", nil, false
		bare.Params = append([]pyindex.Param(nil), bare.Params...)
		for j := range bare.Params {
			bare.Params[j].Annotation = nil
		}
		assert.Equal(t, line, strings.ReplaceAll(show(&bare), "'", `"`), sure[i].Name)
	}
	assert.Greater(t, len(sure), 20)
}

func TestLookup(t *testing.T) {
	c := testkit.Open(t, "testdata/lookup.txtar")
	for _, line := range strings.Split(strings.TrimSpace(c.Text(t, "paths")), "\n") {
		module, rest, _ := strings.Cut(line, ": ")
		path, want, _ := strings.Cut(rest, " = ")
		name, known := pyindex.Parse(c.Text(t, module)).Lookup(path)
		got := "unknown"
		switch {
		case name != nil:
			got = "there"
			assert.True(t, known)
		case known:
			got = "missing"
		}
		assert.Equal(t, want, got, line)
	}
}

func TestFiles(t *testing.T) {
	assert.Equal(t, []string{"a/b/__init__.py", "a/b.py"}, pyindex.Files("a.b"))
	assert.Empty(t, pyindex.Files("a..b"))
	assert.Empty(t, pyindex.Files(""))
	assert.Empty(t, pyindex.Files(`a\b`))
}

func TestAbsolute(t *testing.T) {
	for _, test := range []struct {
		from, within string
		pkg          bool
		want         string
	}{
		{"a.b", "x.y", false, "a.b"},
		{".", "x.y", false, "x"},
		{".a", "x.y", false, "x.a"},
		{".a", "x.y", true, "x.y.a"},
		{"..a.b", "x.y.z", false, "x.a.b"},
		{"..", "x", false, ""},
		{".", "x", true, "x"},
	} {
		assert.Equal(t, test.want, pyindex.Absolute(test.from, test.within, test.pkg), test)
	}
}

// hostile are texts of a length that show what takes more than linear time.
func hostile(n int) map[string]string {
	r := strings.Repeat
	return map[string]string{
		"brackets": r("(", n), "closing": "x = " + r(")", n), "fields": `f"` + r("{", n), "specifications": `f"{x` + r(":{x", n),
		"strings in fields": r(`f"{`, n), "chain": r("a=", n) + "[1]", "annotation": "def f(a: " + r("list[", n) + "): 0",
		"bars": "def f(a: int" + r("|int", n) + "): 0", "lambda": "x = " + r("lambda:", n), "quoted": "def f(a: " + r(`"'`, n) + "): 0",
		"params": "def f(" + r("a,", n) + "): 0", "classes": r("class A: x = 1\n", n), "same": r("x = 1\n", n), "decorators": r("@a\n", n),
		"import": "import a" + r(", a", n), "from": "from a import (" + r("b,", n) + ")", "nested": nested(min(n, 1000)),
		"escapes": `"""` + r(`\N{`, n) + `"""`, "parens": r("(", n) + `"doc"` + r(")", n), "semicolons": "x" + r(";x", n),
		"targets": r("a,", n) + "= 1", "all": "__all__ = [" + r(`"a",`, n), "walrus": r("(a:=", n), "dots": "import " + r("a.", n),
		"dict": "x: " + r("{", n) + r("}", n) + " = 1", "members": "class A:\n" + r(" x = 1\n y = 2\n", n) + r("class A: 1\n", n),
	}
}

func nested(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sclass A:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

// Ten times the text takes about ten times as long, whatever the text.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	size := testkit.Amount(2_000, 400)
	small, large := hostile(size), hostile(50*size)
	for name := range small {
		t.Run(name, func(t *testing.T) {
			few := cost(t, func() { pyindex.Parse(small[name]) })
			many := cost(t, func() { pyindex.Parse(large[name]) })
			assert.Less(t, many, 500*few+0.2, "50 times the text")
		})
	}
}

func cost(t *testing.T, parse func()) float64 {
	before := testkit.CPUTime(t)
	parse()
	return (testkit.CPUTime(t) - before).Seconds()
}

// Whatever the text is, it is read to its end, and what is said of it lies within it.
func FuzzParse(f *testing.F) {
	for _, archive := range []string{"testdata/calls.txtar", "testdata/lookup.txtar", "testdata/texts.txtar"} {
		c := testkit.Open(f, archive)
		for _, name := range c.Names() {
			f.Add(c.Text(f, name))
		}
	}
	for _, text := range hostile(5) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := pyindex.Parse(text)
		for _, n := range m.Names {
			require.True(t, 0 <= n.Extent.Start && n.Extent.Start <= n.Span.Start && n.Span.Start < n.Span.End)
			require.True(t, n.Span.End <= n.Extent.End && int(n.Extent.End) <= len(text))
			require.True(t, strings.HasSuffix(n.Name, text[n.Span.Start:n.Span.End]))
			require.True(t, !utf8.ValidString(text) || utf8.ValidString(n.Doc))
			found, known := m.Lookup(n.Name)
			require.True(t, known && found == n)
		}
	})
}
