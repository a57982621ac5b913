package ffi

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func TestWhatIsCalled(t *testing.T) {
	list := vm.List
	cases := []struct {
		module, name string
		args         []vm.Value
		names        []string
		want         string
	}{
		{"probe", "Outer.method", []vm.Value{vm.Int(1), vm.Int(2), vm.Bool(true), list()}, []string{"flag", "more"}, `["Outer", 1, [2], true, {"more": []}]`},
		{"probe", "Outer.method", []vm.Value{vm.Int(1)}, []string{"a"}, `["Outer", 1, [], false, {}]`},
		{"probe", "plus_one", []vm.Value{vm.Int(1)}, nil, "2"},
		{"builtins", "sorted", []vm.Value{list(vm.Int(2), vm.Int(1)), vm.Bool(true)}, []string{"reverse"}, "[2, 1]"},
		{"builtins", "str.upper", []vm.Value{vm.String("é")}, nil, `"É"`},
		{"os.path", "basename", []vm.Value{vm.String("a/b")}, nil, `"b"`},
		{"os", "path.basename", []vm.Value{vm.String("a/b")}, nil, `"b"`},
		{"pack.inner", "f", nil, nil, `"deep"`},
		{"pack", "inner.f", nil, nil, `"deep"`},
		{"math", "pow", []vm.Value{vm.Int(2), vm.Int(3)}, nil, "f0x1p+03"},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			r := call(t, p, engine.Call{Module: c.module, Name: c.name, Args: c.args, Names: c.names})
			assert.Equal(t, c.want, r.good(t), "%s.%s", c.module, c.name)
		}
	})
}

func TestWhatCannotBeCalled(t *testing.T) {
	cases := []struct{ module, name, kind, message string }{
		{"no_such_module", "f", "ModuleNotFoundError", "No module named 'no_such_module'"},
		{"no.such.module", "f", "ModuleNotFoundError", "No module named 'no'"},
		{"probe", "nothing", "AttributeError", "module 'probe' has no attribute 'nothing'"},
		{"pack", "nothing", "AttributeError", "module 'pack' has no attribute 'nothing'"},
		{"pack", "nothing.f", "AttributeError", "module 'pack' has no attribute 'nothing'"},
		{"probe", "Outer.nothing", "AttributeError", "type object 'Outer' has no attribute 'nothing'"},
		{"probe", "not_callable", "TypeError", "'int' object is not callable"},
		{"needs", "f", "ModuleNotFoundError", "No module named 'no_such_module_at_all'"},
		{"broken", "f", "SyntaxError", "invalid syntax (broken.py, line 1)"},
		{"probe", "fetch", "Type", "probe.fetch is a coroutine function, which Hark cannot call; let a plain function return asyncio.run(fetch(...))"},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for range 2 { // a module that failed fails again
			for _, c := range cases {
				r := call(t, p, engine.Call{Module: c.module, Name: c.name, Args: []vm.Value{vm.Null}})
				require.NotNil(t, r.Raised, "%s.%s", c.module, c.name)
				assert.Equal(t, c.kind, r.Raised.Kind)
				assert.Equal(t, c.message, r.Raised.Message)
				assert.NotContains(t, r.Raised.Python, "hark worker")
				assert.Empty(t, r.err) // no warning about a coroutine that was never awaited
			}
		}
	})
}

func TestExceptions(t *testing.T) {
	cases := []struct{ code, kind, message string }{
		{"raise ValueError('é', 2)", "ValueError", "('é', 2)"},
		{"raise SystemExit(3)", "SystemExit", "3"},
		{"import sys; sys.exit('bye')", "SystemExit", "bye"},
		{"raise KeyboardInterrupt", "KeyboardInterrupt", ""},
		{"raise GeneratorExit", "GeneratorExit", ""},
		{"raise ValueError('x\\ud800\\0')", "ValueError", "x\\ud800\x00"},
		{"class E(Exception):\n  def __str__(self): return 1/0\nraise E", "E", "<str() of this E raised ZeroDivisionError>"},
		{"class E(Exception):\n  def __str__(self): raise SystemExit\nraise E", "E", "<str() of this E raised SystemExit>"},
		{"class S(str): pass\nclass E(Exception):\n  def __str__(self): return S('s')\nraise E", "E", "s"},
		{"raise ValueError", "ValueError", ""},
		{"raise MemoryError", "MemoryError", ""},
		{"bytearray(1 << 62)", "MemoryError", ""},
		{"assert False, [1]", "AssertionError", "[1]"},
		{"del result[0]", "TypeError", "'NoneType' object does not support item deletion"},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			r := run(t, p, c.code)
			require.NotNil(t, r.Raised, c.code)
			assert.Equal(t, c.kind, r.Raised.Kind, c.code)
			assert.Equal(t, c.message, r.Raised.Message, c.code)
		}
		assert.Equal(t, "RecursionError", run(t, p, "def f(): return f()\nf()").Raised.Kind)
		long := run(t, p, "raise ValueError('x' * 3_000_000)").Raised
		assert.Contains(t, long.Message, "\n[...]\n")
		assert.Less(t, len(long.Message), 1<<20+100)
		assert.Equal(t, "1", run(t, p, "result = 1").good(t))
	})
}

func TestBasesAndTraceback(t *testing.T) {
	eachPython(t, func(t *testing.T, p *Pool) {
		r := call(t, p, engine.Call{Module: "probe", Name: "fails", Args: []vm.Value{vm.String("badly")}})
		assert.Equal(t, "Inner", r.Raised.Kind)
		assert.Equal(t, "cannot badly", r.Raised.Message)
		assert.Equal(t, []string{"ValueError", "OSError", "Exception", "BaseException"}, r.Bases)
		trace := r.Raised.Python
		assert.NotContains(t, trace, "hark worker")
		for _, part := range []string{"Traceback (most recent call last):\n  File ", `probe.py", line `, "in fails\n", "return {}[how]\n", "KeyError: 'badly'\n",
			"The above exception was the direct cause", "raise Outer.Inner(", "probe.Outer.Inner: cannot badly\n"} {
			assert.Contains(t, trace, part)
		}
		assert.Equal(t, 2, strings.Count(trace, "Traceback"))
	})
}

func TestAnImportThatFailsShowsWhere(t *testing.T) {
	p := newPool(t, Config{})
	r := call(t, p, engine.Call{Module: "needs", Name: "f"})
	assert.Contains(t, r.Raised.Python, `needs.py", line 1, in <module>`)
	assert.NotContains(t, r.Raised.Python, "importlib")
	r = call(t, p, engine.Call{Module: "broken", Name: "f"})
	assert.Contains(t, r.Raised.Python, `broken.py", line 1`)
}
