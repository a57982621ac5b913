package debugger_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// python are functions whose result depends on their arguments only.
var python = sim.Python{
	"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
		a.Take(time.Duration(n) * time.Second)
		return sim.Return(vm.Int(2 * n))
	},
	"py.fail": func(a *sim.Attempt) engine.CallResult { return sim.Raise("ValueError", "no "+vm.Show(a.Args[0])) },
}

// session runs a program, and opens what it left behind.
func session(t testing.TB, source string) *replay.Session {
	t.Helper()
	store := memstore.New()
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, source), Function: "main", Store: store, Foreign: python})
	require.NoError(t, err)
	s, err := replay.Open(context.Background(), store, got.Session)
	require.NoError(t, err)
	return s
}

// watcher is a Listener that takes down what it is told.
type watcher struct {
	stops chan debugger.Stop
	mu    sync.Mutex
	lines []debugger.Line
	logs  []string
	ended chan debugger.End
}

func newWatcher() *watcher {
	return &watcher{stops: make(chan debugger.Stop, 100), ended: make(chan debugger.End, 1)}
}

func (w *watcher) Stopped(s debugger.Stop)    { w.stops <- s }
func (w *watcher) WentOn(int, bool)           {}
func (w *watcher) Began(debugger.Thread)      {}
func (w *watcher) Left(debugger.Thread)       {}
func (w *watcher) Changed(debugger.Abilities) {}
func (w *watcher) Works(debugger.Progress)    {}
func (w *watcher) Ended(e debugger.End)       { w.ended <- e }

func (w *watcher) Wrote(l debugger.Line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, l)
}

func (w *watcher) Logged(l debugger.Log) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logs = append(w.logs, l.Text)
}

// output are the lines told so far, and forgets them.
func (w *watcher) output() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, l := range w.lines {
		all = append(all, l.Text)
	}
	w.lines = nil
	return strings.Join(all, " ")
}

// walker drives a target.
type walker struct {
	*testing.T
	debugger.Target
	*watcher
	stop debugger.Stop
}

// recorded begins to look at a session.
func recorded(t *testing.T, s *replay.Session, view debugger.View, breakpoints ...debugger.Breakpoint) *walker {
	t.Helper()
	l := newWatcher()
	target, err := debugger.NewRecorded(context.Background(), s, view, l)
	require.NoError(t, err)
	t.Cleanup(target.Close)
	w := &walker{T: t, Target: target, watcher: l}
	target.SetBreakpoints(breakpoints)
	require.NoError(t, target.Begin(context.Background()))
	w.wait()
	return w
}

// wait is the next stop.
func (w *walker) wait() debugger.Stop {
	w.Helper()
	select {
	case w.stop = <-w.stops:
		require.True(w, w.Target.Stopped())
		require.Empty(w, w.stops)
	case e := <-w.ended:
		w.Fatalf("ended: %+v", e)
	case <-time.After(30 * time.Second):
		w.Fatal("nothing stopped")
	}
	return w.stop
}

// move makes a motion of the thread that stopped.
func (w *walker) move(kind debugger.MotionKind, change ...func(*debugger.Motion)) debugger.Stop {
	w.Helper()
	m := debugger.Motion{Kind: kind, Thread: w.stop.Thread}
	for _, f := range change {
		f(&m)
	}
	require.NoError(w, w.Move(m))
	return w.wait()
}

func instruction(m *debugger.Motion) { m.Instruction = true }

func single(m *debugger.Motion) { m.Single = true }

// at is where the target stands: "0:3" is line 3 in thread 0, from 1.
func (w *walker) at() string {
	w.Helper()
	stack, err := w.Stack(context.Background(), w.stop.Thread)
	require.NoError(w, err)
	f := stack.Frames(0, 1)[0]
	return fmt.Sprintf("%s:%d", w.stop.Instant.Thread, f.Point.Line+1)
}

// breakpoint is one on a line, from 1.
func (w *walker) breakpoint(id, line int) debugger.Breakpoint {
	w.Helper()
	_, places, ok := w.Program().Snap(0, line-1)
	require.True(w, ok)
	return debugger.Breakpoint{ID: id, Place: places[0]}
}

const twoThreads = `import(double, py, 1);
fn main() {
  x = 1;
  f = async child(x);
  print("main goes on");
  y = double(x);
  z = await f;
  print("got");
  add(y, z)
}
fn add(a, b) {
  c = a + b;
  c
}
fn child(n) {
  m = n + 1;
  print("child");
  add(m, 5)
}
`

func TestRecordedSteps(t *testing.T) {
	w := recorded(t, session(t, twoThreads), debugger.View{Stop: true})
	assert.Equal(t, debugger.AtEntry, w.stop.Reason)
	assert.Equal(t, "0:3", w.at())
	walk := func(kind debugger.MotionKind) string { w.move(kind); return w.at() }
	assert.Equal(t, "0:4", walk(debugger.StepOver))
	assert.Equal(t, "0.0:16", walk(debugger.StepIn))
	assert.Equal(t, "0:4", walk(debugger.BackIn))
	assert.Equal(t, "0:5", walk(debugger.StepOver))
	assert.Equal(t, "0:6", walk(debugger.StepOver))
	assert.Equal(t, "0:7", walk(debugger.StepOver))
	assert.Equal(t, "0:8", walk(debugger.StepOver))
	assert.Equal(t, "main goes on child doubling 1", w.output())
	assert.Equal(t, "0:9", walk(debugger.StepOver))
	assert.Equal(t, "0:12", walk(debugger.StepIn))
	assert.Equal(t, "0:13", walk(debugger.StepOver))
	assert.Equal(t, "0:12", walk(debugger.BackOver))
	assert.Equal(t, "0:9", walk(debugger.BackOver))
	assert.Equal(t, "0:8", walk(debugger.BackOver))
	assert.Equal(t, "0:7", walk(debugger.BackOver))
	assert.Equal(t, "0:6", walk(debugger.BackOver))
	assert.Equal(t, "0:5", walk(debugger.BackOver))
	assert.Equal(t, "0:4", walk(debugger.BackOver))
	assert.Equal(t, "0:3", walk(debugger.BackOver))
	assert.Equal(t, debugger.AfterStep, w.stop.Reason)
	walk(debugger.BackOver)
	assert.Equal(t, debugger.AtBeginning, w.stop.Reason)
	assert.Equal(t, "got", w.output())
}

// A session that nobody stops in is shown where it ended, also when it is looked at for the first time and threads wait for each other.
func TestRecordedOpensAtItsEnd(t *testing.T) {
	w := recorded(t, session(t, "fn main() {\n  f = async g(5);\n  y = g(1);\n  z = await f;\n  y + z\n}\nfn g(n) { n * 2 }\n"), debugger.View{})
	assert.Equal(t, debugger.AtEnd, w.stop.Reason)
	assert.Equal(t, "0:5", w.at())
}
