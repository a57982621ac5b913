package resolve_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// What stops a program: errors in syntax, names, imports and arity. What depends on values does not, nor do warnings.
func TestStops(t *testing.T) {
	for text, stops := range map[string]bool{
		"fn main() { 1 }":                                              false,
		"fn main() { 1":                                                true,
		"fn main() { nope }":                                           true,
		"fn main() { x; x = 1 }":                                       true,
		"fn main() { main(1) }":                                        true,
		"fn main() { try { main(1) } catch e { e } }":                  true,
		"fn main() { print(:y 1) }":                                    true,
		"fn main() { async 1 }":                                        true,
		"import(f, :hark gone); fn main() { f() }":                     true,
		"fn main() { 1(2) }":                                           false,
		"fn main() { f = lambda(x) { x }; f() }":                       true,
		"fn main() { f = lambda(x) { x }; try { f() } catch e { e } }": false,
		"#[timeout(-1)] fn main() { 1 }":                               false,
		"import(f, src.m, 1); fn main() { f() }":                       false,
		"fn f() { 1 } fn f() { 2 }":                                    false,
		"fn main(x) { y = x; signal(\"error\", 1); await 2 }":          false,
	} {
		assert.Equal(t, stops, load(text).Stops(), text)
	}
}

// A file that cannot be read is reported with the reason, once for each import; the entry too.
func TestUnreadable(t *testing.T) {
	reads := map[string]int{}
	read := func(path string) (string, error) {
		reads[path]++
		switch path {
		case "main.hk":
			return "import(a, :hark secret); import(b, :hark secret); import(c, :hark none); fn main() { a() + b(1) + c }", nil
		case "secret.hk":
			return "", errors.New("permission denied")
		}
		return "", &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	p := resolve.Load("main.hk", read)
	problems := p.DiagnosticsOf(p.Entry())
	require.Len(t, problems, 3)
	assert.Equal(t, "cannot import from 'secret': secret.hk cannot be read: permission denied", problems[0].Message)
	assert.Equal(t, problems[0].Message, problems[1].Message)
	assert.Equal(t, "cannot import from 'none': none.hk does not exist", problems[2].Message)
	assert.Equal(t, map[string]int{"main.hk": 1, "secret.hk": 1, "none.hk": 1}, reads)

	p = resolve.Load("none.hk", read)
	entry := p.DiagnosticsOf(p.Entry())
	require.Len(t, entry, 1)
	assert.Equal(t, diag.ImportedFile, entry[0].Code)
}

// The prelude has no problem, is the same for all programs, and keeps its own functions to itself.
func TestPrelude(t *testing.T) {
	p := load("fn main() { map.from(1, 2, 3, 4, 5); sort.by_keys([], []); map(print, []) }")
	sources := prelude.Sources()
	require.Len(t, p.Files, 1+len(sources))
	for i, file := range p.Files[1:] {
		assert.True(t, file.Prelude)
		assert.Equal(t, sources[i].Path, file.Path)
		assert.Empty(t, p.DiagnosticsOf(file))
	}
	assert.Same(t, p.Files[1], load("").Files[1])
	assert.Equal(t, "HK0101 HK0101", codes(p))
}

// What a file defines goes before what the prelude or a builtin is called.
func TestOwnDefinitionWins(t *testing.T) {
	p := load("fn map(a) { a } fn print() { 1 } fn main() { map(1) + print() }")
	assert.Empty(t, p.Diagnostics())
	for _, name := range []string{"map", "print"} {
		b := p.Entry().Scope.Lookup(name)
		require.Equal(t, resolve.Function, b.Kind)
		assert.Equal(t, "main.hk", b.Def.Path)
	}
}

// Of two definitions the last one counts, before it too.
func TestLastDefinitionCounts(t *testing.T) {
	p := load("fn main() { f(1) } fn f() { 1 } fn f(x) { x }")
	assert.Equal(t, "HK0108", codes(p))
	assert.Equal(t, 2, p.Entry().Scope.Item("f"))
}

// What a problem relates to in another file says so.
func TestRelatedFile(t *testing.T) {
	p := resolve.Load("main.hk", func(path string) (string, error) {
		if path == "main.hk" {
			return "import(f, :hark lib.util, :as g); fn main() { g() }", nil
		}
		return "fn f(x) { x }", nil
	})
	require.Equal(t, "HK0201", codes(p))
	related := p.DiagnosticsOf(p.Entry())[0].Related
	require.Len(t, related, 1)
	assert.Equal(t, "lib/util.hk", related[0].File)
	assert.Equal(t, "'f' is defined here", related[0].Message)
}

// What attributes say reaches the generator.
func TestAttrs(t *testing.T) {
	p := load(`#[retry(max=5, backoff=0.5, on=["A", "B"]), timeout(3), at_most_once, memory(512)] import(f, src.m, 1);
#[retry] import(g, src.m, 1);
#[timeout(seconds=0.25)] fn main() { f(1) + g(1) }`)
	require.Empty(t, p.Diagnostics())
	items := p.Entry().Items
	attrs := items[0].Attrs
	assert.Equal(t, uint32(5), attrs.RetryMax)
	assert.Equal(t, []string{"A", "B"}, attrs.RetryOn)
	assert.InDelta(t, 0.5, attrs.RetryBackoff, 0)
	assert.InDelta(t, 3, attrs.TimeoutSeconds, 0)
	assert.True(t, attrs.AtMostOnce)
	assert.Equal(t, uint32(512), attrs.MemoryMB)
	assert.Equal(t, uint32(3), items[1].Attrs.RetryMax)
	assert.InDelta(t, 0.25, items[2].Attrs.TimeoutSeconds, 0)
}
