package debugger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// goPython is a Python for programs that are debugged: its functions are Go's.
type goPython map[string]func(args []vm.Value) engine.CallResult

func (p goPython) Call(_ context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	c.Output(engine.Stdout, c.Name+"ing "+vm.Show(c.Args[0]))
	return p[c.Name](c.Args), nil
}

// startLive runs a program up to its first stop.
func startLive(t *testing.T, source string, entry debugger.Entry) *walker {
	t.Helper()
	l := newWatcher()
	entry.Function = "main"
	world := debugger.World{Store: memstore.New(), Executor: local.New(), Foreign: goPython{
		"double": func(args []vm.Value) engine.CallResult {
			n, _ := args[0].Int64()
			return engine.CallResult{Value: vm.Int(2 * n)}
		},
	}}
	target, err := debugger.NewLive(debugger.NewProgram(compiled.Program(t, source)), entry, world, l)
	require.NoError(t, err)
	t.Cleanup(target.Close)
	w := &walker{T: t, Target: target, watcher: l}
	require.NoError(t, w.Begin(context.Background()))
	w.wait()
	return w
}

// finish lets the program run to its end.
func (w *walker) finish() debugger.End {
	w.Helper()
	require.NoError(w, w.Move(debugger.Motion{Kind: debugger.Continue, Thread: w.stop.Thread}))
	select {
	case s := <-w.stops:
		w.Fatalf("stopped: %+v", s)
	case e := <-w.ended:
		return e
	case <-time.After(30 * time.Second):
		w.Fatal("it does not end")
	}
	return debugger.End{}
}

func TestLiveGoesBack(t *testing.T) {
	w := startLive(t, twoThreads, debugger.Entry{Stop: true})
	walk := func(kind debugger.MotionKind, change ...func(*debugger.Motion)) string {
		w.move(kind, change...)
		return w.at()
	}
	assert.Equal(t, "0:3", w.at())
	assert.Equal(t, "0:4", walk(debugger.StepOver))
	assert.Equal(t, "0:5", walk(debugger.StepOver))
	assert.Equal(t, "0:6", walk(debugger.StepOver))
	present := w.stop.Instant
	assert.True(t, w.Abilities().Edit)
	assert.Equal(t, "0:5", walk(debugger.BackOver))
	assert.False(t, w.Abilities().Edit)
	require.ErrorContains(t, w.Edit(context.Background(), debugger.Edit{Thread: w.stop.Thread}), "fork")
	assert.Equal(t, "0:4", walk(debugger.BackOver))
	assert.Equal(t, "0:3", walk(debugger.BackOver))
	assert.Equal(t, "0:4", walk(debugger.StepOver))
	assert.Equal(t, "0:5", walk(debugger.StepOver))
	assert.Equal(t, "0:6", walk(debugger.StepOver))
	assert.Equal(t, present, w.stop.Instant)
	assert.True(t, w.Abilities().Edit, "it is the present again")
	assert.Equal(t, "0:5", walk(debugger.BackOver))
	require.ErrorContains(t, w.Goto(context.Background(), replay.Instant{Thread: "0", At: 5000}), "no instant 5000")
	require.NoError(t, w.Goto(context.Background(), replay.Instant{Thread: "0"}))
	assert.Equal(t, debugger.AtGoto, w.wait().Reason)
	assert.Equal(t, "0:3", w.at())
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 9)})
	assert.Equal(t, "0:9", walk(debugger.Continue), "from the past on into the present")
	assert.Equal(t, []int{1}, w.stop.Breakpoints)
	assert.True(t, w.Abilities().Edit)
	walk(debugger.ReverseContinue)
	assert.Equal(t, debugger.AtBeginning, w.stop.Reason)
	assert.Equal(t, "0:9", walk(debugger.Continue))
	w.finish()
}

func TestLiveErrorIsToldAgain(t *testing.T) {
	w := startLive(t, "fn main() {\n  x = 0;\n  y = 5;\n  y / x\n}\n", debugger.Entry{})
	assert.Equal(t, debugger.OnError, w.stop.Reason)
	assert.Equal(t, "0:4", w.at())
	failing := w.stop
	w.move(debugger.BackOver)
	assert.Equal(t, "0:3", w.at())
	w.move(debugger.BackOver)
	assert.Equal(t, "0:2", w.at())
	w.move(debugger.Continue)
	assert.Equal(t, debugger.OnError, w.stop.Reason)
	assert.Equal(t, failing.Instant, w.stop.Instant)
	assert.Equal(t, failing.Error.Message, w.stop.Error.Message)
	e := w.finish()
	require.NotNil(t, e.Result.Err)
}

func TestUnrecorded(t *testing.T) {
	w := startLive(t, twoThreads, debugger.Entry{Stop: true, Unrecorded: true})
	assert.False(t, w.Abilities().Back)
	require.ErrorContains(t, w.Move(debugger.Motion{Kind: debugger.BackOver, Thread: 1}), "record")
	require.ErrorContains(t, w.Goto(context.Background(), replay.Instant{Thread: "0"}), "record")
}

// TestEditsInThePast: a change that was made is undone by going back, and made again by going forwards.
func TestEditsInThePast(t *testing.T) {
	w := startLive(t, "fn main() {\n  x = 1;\n  y = x + 1;\n  z = y * 10;\n  z + 1\n}\n", debugger.Entry{Stop: true})
	value := func(text string) string {
		v, err := w.Evaluate(context.Background(), w.top(), text, false)
		if err != nil {
			return "none"
		}
		return vm.Show(v)
	}
	w.move(debugger.StepOver)
	w.move(debugger.StepOver)
	require.Equal(t, "0:4", w.at())
	register := -1
	for _, f := range w.Program().Funcs {
		for _, l := range f.Debug.Locals {
			if f.Name == "main" && l.Name == "y" {
				register = int(l.Reg)
			}
		}
	}
	require.NoError(t, w.Edit(context.Background(), debugger.Edit{Kind: debugger.SetRegister, Thread: w.stop.Thread, Register: register, Value: vm.Int(7)}))
	assert.Equal(t, "7", value("y"))
	w.move(debugger.StepOver)
	assert.Equal(t, "70", value("z"))
	w.move(debugger.BackOver)
	assert.Equal(t, "0:4", w.at())
	assert.Equal(t, "7", value("y"))
	w.move(debugger.BackIn, instruction)
	assert.Equal(t, "2", value("y"), "before the change")
	w.move(debugger.BackOver)
	assert.Equal(t, "0:3", w.at())
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 5)})
	w.move(debugger.Continue)
	assert.Equal(t, "70", value("z"))
	assert.Equal(t, "0:5", w.at())
	assert.Equal(t, vm.Int(71), w.finish().Result.Value)
}

// TestBackOverACall: what Python answered is not asked for again.
func TestBackOverACall(t *testing.T) {
	w := startLive(t, "import(double, py, 1);\nfn main() {\n  x = 1;\n  y = double(x);\n  y + 1\n}\n", debugger.Entry{Stop: true})
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 5)})
	w.move(debugger.Continue)
	require.Equal(t, "0:5", w.at())
	w.move(debugger.BackOver)
	assert.Equal(t, "0:4", w.at())
	w.move(debugger.BackOver)
	assert.Equal(t, "0:3", w.at())
	w.move(debugger.StepOver)
	w.move(debugger.StepOver)
	assert.Equal(t, "0:5", w.at())
	w.finish()
	assert.Equal(t, "doubleing 1", w.output(), "it was called once")
}
