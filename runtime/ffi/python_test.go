package ffi

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// What the tests of this package share: the Pythons of this machine, calls, and values as text.

// pythons are the interpreters of this machine, one for each minor version from 3.8 to 3.13. Some may be missing, not all.
var pythons = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	for minor := 8; minor <= 13; minor++ {
		version := "3." + strconv.Itoa(minor)
		installed, _ := filepath.Glob(filepath.Join(os.Getenv("HOME"), ".pyenv", "versions", version+".*", "bin", "python3"))
		for _, name := range append(installed, "python"+version, "python3") {
			out, err := exec.Command(name, "-c", "import sys; print('3.%d' % sys.version_info[1], sys.executable)").Output()
			said, path, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
			if err == nil && said == version {
				found[version] = path
				break
			}
		}
	}
	return found
})

// eachPython runs a test with a pool for each Python there is, in the short form of the tests for one.
func eachPython(t *testing.T, test func(t *testing.T, p *Pool)) {
	require.NotEmpty(t, pythons(), "no Python from 3.8 to 3.13 on this machine")
	for version, path := range pythons() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			test(t, newPool(t, Config{Python: path}))
		})
		if testing.Short() {
			return
		}
	}
}

// anyPython is a Python of this machine.
func anyPython(t testing.TB) string {
	t.Helper()
	for _, path := range pythons() {
		return path
	}
	require.Fail(t, "no Python from 3.8 to 3.13 on this machine")
	return ""
}

func newPool(t testing.TB, c Config) *Pool {
	t.Helper()
	if c.Python == "" {
		c.Python = anyPython(t)
	}
	if c.Root == "" {
		c.Root = filepath.Join("testdata", "py")
	}
	c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	p := New(c)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// called is what came of a call, with its output.
type called struct {
	engine.CallResult
	out, err []string
}

func call(t testing.TB, p *Pool, c engine.Call) called {
	t.Helper()
	var r called
	c.Output = func(s engine.Stream, line string) {
		if s == engine.Stdout {
			r.out = append(r.out, line)
		} else {
			r.err = append(r.err, line)
		}
	}
	var err error
	r.CallResult, err = p.Call(context.Background(), c)
	require.NoError(t, err)
	return r
}

// run executes Python code, which leaves its result in "result".
func run(t testing.TB, p *Pool, code string, args ...vm.Value) called {
	t.Helper()
	return call(t, p, runCall(code, args...))
}

func runCall(code string, args ...vm.Value) engine.Call {
	return engine.Call{Module: "probe", Name: "run", Args: append([]vm.Value{vm.String(code)}, args...)}
}

// good is the text of the value that a call must have returned.
func (r called) good(t testing.TB) string {
	t.Helper()
	require.Nil(t, r.Raised, "%+v", r.Raised)
	require.Empty(t, r.Crashed)
	return text(r.Value)
}

// hash is a Hash of keys and values in turn.
func hash(t testing.TB, pairs ...vm.Value) vm.Value {
	t.Helper()
	h, err := vm.Hash(pairs...)
	require.NoError(t, err)
	return h
}

// text is a value with its kinds: what is not exactly equal has not the same text.
func text(v vm.Value) string {
	switch v.Kind() {
	case vm.KindNull:
		return "null"
	case vm.KindBool:
		return strconv.FormatBool(v.Bool())
	case vm.KindInt:
		return v.Big().String()
	case vm.KindFloat:
		if f := v.Float(); !math.IsNaN(f) {
			return "f" + strconv.FormatFloat(f, 'x', -1, 64)
		}
		return "nan"
	case vm.KindString:
		return strconv.Quote(v.Text())
	case vm.KindList:
		var items []string
		for _, item := range v.Items() {
			items = append(items, text(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case vm.KindHash:
		var pairs []string
		for key, item := range v.Pairs() {
			pairs = append(pairs, text(key)+": "+text(item))
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return "a " + v.Kind().String()
}

// nested is a value of this depth, of Lists or Hashes.
func nested(t testing.TB, levels int, wrap func(vm.Value) vm.Value) vm.Value {
	t.Helper()
	v := vm.List()
	for range levels {
		v = wrap(v)
	}
	return v
}

func TestEveryMinorVersionIsOne(t *testing.T) {
	for version, path := range pythons() {
		require.Truef(t, slices.ContainsFunc([]string{"3.8", "3.9", "3.10", "3.11", "3.12", "3.13"}, func(v string) bool { return v == version }), path)
	}
}
