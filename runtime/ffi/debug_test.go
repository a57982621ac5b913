package ffi

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Calls that are stepped into, with the real debugpy and a client that attaches as an editor does.

const steppedInto = `import functools

def plain(n):
    a = n + 1
    b = helper(a)
    return b * 2

def helper(n):
    return n * 10

def loud(f):
    @functools.wraps(f)
    def around(*args):
        return f(*args)
    return around

@loud
def decorated(n):
    return n + 5

class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, m):
        return self.n + m

adder = Adder(7)
`

// stepping is a pool whose interpreter has debugpy, and the module that is called.
func stepping(t *testing.T) (p *Pool, module string) {
	t.Helper()
	dir := t.TempDir()
	module = filepath.Join(dir, "stepped.py")
	require.NoError(t, os.WriteFile(module, []byte(steppedInto), 0o600))
	return newPool(t, Config{Python: testkit.PythonWithDebugger(t), Root: dir}), module
}

// stepped is a call that is stepped into, while it is made.
type stepped struct {
	*testkit.PythonDebugger
	result chan engine.CallResult
	said   chan error
}

func attachTo(t *testing.T, p *Pool, name string, with map[string][]int) *stepped {
	t.Helper()
	s := &stepped{result: make(chan engine.CallResult, 1), said: make(chan error, 1)}
	address := make(chan string, 1)
	go func() {
		got, err := p.Call(context.Background(), engine.Call{Module: "stepped", Name: name, Args: []vm.Value{vm.Int(1)},
			Debug: func(_ context.Context, at string, why error) error {
				if why != nil {
					s.said <- why
					close(address)
					return nil
				}
				address <- at
				return nil
			}})
		if err != nil {
			s.said <- err
		}
		s.result <- got
	}()
	if at, ok := <-address; ok {
		s.PythonDebugger = testkit.AttachPython(t, at, map[string]any{"justMyCode": false}, with)
	}
	return s
}

// TestStepInto: a call stops at the first line of its function, whatever it is called through, and goes on from there.
func TestStepInto(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line   int
		result vm.Value
	}{
		"plain":     {4, vm.Int(40)},
		"decorated": {19, vm.Int(6)},
		"adder":     {26, vm.Int(8)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, module := stepping(t)
			s := attachTo(t, p, name, nil)
			stop := s.Stopped()
			assert.Equal(t, c.line, stop.Line)
			assert.Equal(t, module, stop.File)
			s.Go("continue", stop.Thread)
			assert.Equal(t, c.result, (<-s.result).Value)
		})
	}
}

// TestStepsInPython: the steps of the Python debugger work, its breakpoints too, and a step over the function's end ends the call.
func TestStepsInPython(t *testing.T) {
	t.Parallel()
	p, module := stepping(t)
	s := attachTo(t, p, "plain", map[string][]int{module: {9}})
	stop := s.Stopped()
	require.Equal(t, 4, stop.Line)
	s.Go("next", stop.Thread)
	require.Equal(t, 5, s.Stopped().Line)
	s.Go("next", stop.Thread)
	stop = s.Stopped()
	require.Equal(t, "breakpoint", stop.Reason)
	require.Equal(t, 9, stop.Line)
	s.Go("stepOut", stop.Thread)
	require.Equal(t, 5, s.Stopped().Line)
	s.Go("next", stop.Thread)
	require.Equal(t, 6, s.Stopped().Line)
	s.Go("next", stop.Thread)
	assert.Equal(t, vm.Int(40), (<-s.result).Value)
}

// TestStepIntoWithoutDebugger: an interpreter without debugpy makes the call, and says what is missing.
func TestStepIntoWithoutDebugger(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "debugpy.py"), []byte("raise ImportError('debugpy is not here')"), 0o600))
	p := newPool(t, Config{Python: anyPython(t), Root: dir})
	var said error
	got, err := p.Call(context.Background(), engine.Call{Module: "math", Name: "sqrt", Args: []vm.Value{vm.Int(4)},
		Debug: func(_ context.Context, _ string, why error) error {
			said = why
			return nil
		}})
	require.NoError(t, err)
	assert.Equal(t, vm.Float(2), got.Value)
	assert.ErrorContains(t, said, "debugpy")
}

// TestStepIntoRefused: a call is made like any other if nobody can attach.
func TestStepIntoRefused(t *testing.T) {
	t.Parallel()
	p, _ := stepping(t)
	got, err := p.Call(context.Background(), engine.Call{Module: "stepped", Name: "plain", Args: []vm.Value{vm.Int(1)},
		Debug: func(context.Context, string, error) error { return errors.New("no") }})
	require.NoError(t, err)
	assert.Equal(t, vm.Int(40), got.Value)
}

// TestCloseWhileDebugged: a worker that stands in the Python debugger ends with its pool, and the debugger's processes end too.
func TestCloseWhileDebugged(t *testing.T) {
	t.Parallel()
	p, _ := stepping(t)
	s := attachTo(t, p, "plain", nil)
	s.Stopped()
	require.NoError(t, p.Close())
	s.Ended()
	assert.True(t, strings.Contains((<-s.said).Error(), "closed"))
}
