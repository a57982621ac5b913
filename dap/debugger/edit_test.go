package debugger_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

const edited = `import(double, py, 1);
fn main() {
  a = 1;
  b = a + 1;
  f = scale(b);
  print(f);
  g = double(f);
  g
}
fn scale(n) {
  m = n * 10;
  m + 1
}
fn triple(n) { n * 3 }
`

// assign gives a local another value, that of an expression.
func (w *walker) assign(name, text string) error {
	w.Helper()
	f := w.frame()
	register, err := f.Assignable(name)
	require.NoError(w, err)
	v, err := w.Evaluate(context.Background(), f, text, false)
	require.NoError(w, err)
	return w.Edit(context.Background(), debugger.Edit{Kind: debugger.SetRegister, Thread: w.stop.Thread, Register: register, Value: v})
}

// jump is to a line of the innermost function, from 1.
func (w *walker) jump(line int) error {
	w.Helper()
	b := w.breakpoint(0, line)
	return w.Edit(context.Background(), debugger.Edit{Kind: debugger.Jump, Thread: w.stop.Thread, PC: b.Place.PC})
}

// TestAssigning changes a local; a replay shows it from that instant on.
func TestAssigning(t *testing.T) {
	w := live(t, edited)
	w.move(debugger.StepOver)
	assert.Equal(t, "0:4", w.at())
	before, err := w.Instant(1)
	require.NoError(t, err)
	require.NoError(t, w.assign("a", "[a + 40, 1]"))
	require.NoError(t, w.assign("a", "first(a)"))
	after, err := w.Instant(1)
	require.NoError(t, err)
	assert.Equal(t, before.At+2, after.At)
	assert.Equal(t, "41", w.value("a"))
	assert.Equal(t, "0:4", w.at())
	assert.Equal(t, "842", vm.Show(w.end().Result.Value))

	records, err := w.Records(context.Background())
	require.NoError(t, err)
	thread, err := records.Thread(context.Background(), "0")
	require.NoError(t, err)
	shown := func(at uint64) string {
		c, err := thread.At(context.Background(), at)
		require.NoError(t, err)
		v, ok := c.Machine().Register(0, 0)
		require.True(t, ok)
		return vm.Show(v)
	}
	assert.Equal(t, []string{"1", "[41, 1]", "41"}, []string{shown(before.At), shown(before.At + 1), shown(after.At)})
}

// TestAssigningAFunction: one of the program, not one that was written just now.
func TestAssigningAFunction(t *testing.T) {
	w := live(t, edited)
	w.move(debugger.StepOver)
	require.NoError(t, w.assign("a", "[triple, double, length]"))
	assert.Equal(t, "21", w.value("first(a)(7)"))
	assert.ErrorContains(t, w.assign("a", "lambda(x) { x }"), "written just now")
}

func TestJumping(t *testing.T) {
	w := live(t, edited)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 4), w.breakpoint(2, 6)})
	w.move(debugger.Continue)
	w.move(debugger.Continue)
	assert.Equal(t, "0:6", w.at())
	require.NoError(t, w.assign("f", "2"))
	require.NoError(t, w.jump(4))
	assert.Equal(t, debugger.AtGoto, w.wait().Reason)
	assert.Equal(t, "0:4", w.at())
	assert.Equal(t, "0:6", func() string { w.move(debugger.Continue); return w.at() }(), "it does not stop where it stands")
	assert.Equal(t, "21", w.value("f"))
	w.SetBreakpoints(nil)
	assert.Equal(t, "42", vm.Show(w.end().Result.Value))
}

// TestJumpsThatAreRefused say why.
func TestJumpsThatAreRefused(t *testing.T) {
	w := live(t, edited)
	assert.ErrorContains(t, w.jump(6), "f is needed")
	edit := func(e debugger.Edit) error { return w.Edit(context.Background(), e) }
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.Jump, Thread: 1, PC: -1}), "where a line")
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.Jump, Thread: 1, PC: 1 << 30}), "where a line")
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.Jump, Thread: 1, Frame: 1}), "innermost")
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.SetRegister, Thread: 1, Register: 200, Value: vm.Null}), "no value")
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.RestartFrame, Thread: 1, Frame: 7}), "no frame")
	assert.Error(t, edit(debugger.Edit{Thread: 1}))
	assert.ErrorContains(t, edit(debugger.Edit{Kind: debugger.Jump, Thread: 9}), "ended")
}

func TestRestartingAFrame(t *testing.T) {
	w := live(t, edited)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 12)})
	w.move(debugger.Continue)
	require.NoError(t, w.assign("n", "7"))
	require.NoError(t, w.Edit(context.Background(), debugger.Edit{Kind: debugger.RestartFrame, Thread: 1}))
	assert.Equal(t, debugger.AfterRestart, w.wait().Reason)
	assert.Equal(t, "0:11", w.at())
	w.move(debugger.Continue)
	assert.Equal(t, "70", w.value("m"))
	require.NoError(t, w.Edit(context.Background(), debugger.Edit{Kind: debugger.RestartFrame, Thread: 1, Frame: 1}))
	assert.Equal(t, debugger.AfterRestart, w.wait().Reason)
	assert.Equal(t, "0:3", w.at())
	w.SetBreakpoints(nil)
	assert.Equal(t, "42", vm.Show(w.end().Result.Value))
}

// TestThreadsThatAreOutside cannot be changed.
func TestThreadsThatAreOutside(t *testing.T) {
	running := make(chan struct{})
	run := world()
	python := foreign()
	python["double"] = func(ctx context.Context, _ engine.Call) engine.CallResult {
		close(running)
		<-ctx.Done()
		return engine.CallResult{}
	}
	run.Foreign = python
	w := prepared(t, edited, debugger.Entry{Stop: true}, run)
	w.begin()
	require.NoError(t, w.Move(debugger.Motion{Kind: debugger.Continue}))
	assert.ErrorContains(t, w.jump(3), "runs")
	<-running
	require.NoError(t, w.Pause(1))
	w.wait()
	assert.Equal(t, "0:7", w.at())
	assert.ErrorContains(t, w.assign("a", "3"), "in a Python call of double")
	assert.ErrorContains(t, w.jump(3), "in a Python call of double")
}

// TestReplayOfEdits: a session with edits comes to the same when it is executed again.
func TestReplayOfEdits(t *testing.T) {
	w := live(t, edited)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 6)})
	w.move(debugger.Continue)
	require.NoError(t, w.jump(3))
	w.wait()
	w.move(debugger.Continue)
	require.NoError(t, w.assign("f", "61"))
	e := w.end()
	assert.Equal(t, "122", vm.Show(e.Result.Value))
	records, err := w.Records(context.Background())
	require.NoError(t, err)
	thread := records.Root()
	last, stop, err := thread.Last(context.Background())
	require.NoError(t, err)
	assert.Equal(t, replay.Ended, stop)
	c, err := thread.At(context.Background(), last.At)
	require.NoError(t, err)
	assert.Equal(t, "122", vm.Show(c.Machine().Result()))
}

// TestGoingBackOverAnEdit shows what was before it, and comes home to what is after it.
func TestGoingBackOverAnEdit(t *testing.T) {
	w := live(t, edited)
	w.move(debugger.StepOver)
	require.NoError(t, w.assign("a", "41"))
	w.move(debugger.BackIn, instruction)
	assert.Equal(t, "1", w.value("a"))
	assert.ErrorContains(t, w.assign("a", "5"), "fork")
	w.move(debugger.StepIn, instruction)
	assert.Equal(t, "41", w.value("a"))
	require.NoError(t, w.assign("a", "2"))
	assert.Equal(t, "62", vm.Show(w.end().Result.Value))
}

// TestStoppingOnceWhereSomethingWasSet: a breakpoint at which locals were set is one stop of a replay, as it was one of the run.
func TestStoppingOnceWhereSomethingWasSet(t *testing.T) {
	w := live(t, edited)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 5), w.breakpoint(2, 7)})
	w.move(debugger.Continue)
	at := w.at()
	require.NoError(t, w.assign("a", "2"))
	require.NoError(t, w.assign("b", "3"))
	w.move(debugger.Continue)
	w.move(debugger.ReverseContinue)
	assert.Equal(t, at+" 3", w.at()+" "+w.value("b"), "live, gone back")
	w.move(debugger.Continue)
	assert.Equal(t, []int{2}, w.stop.Breakpoints, "live, in the present again")
	w.SetBreakpoints(nil)
	w.end()

	records, err := w.Records(context.Background())
	require.NoError(t, err)
	r := recorded(t, records, debugger.View{})
	five, seven := r.breakpoint(1, 5), r.breakpoint(2, 7)
	five.Hits = "1"
	r.SetBreakpoints([]debugger.Breakpoint{five, seven})
	r.move(debugger.ReverseContinue)
	assert.Equal(t, []int{2}, r.stop.Breakpoints)
	r.move(debugger.ReverseContinue)
	assert.Equal(t, at+" 3", r.at()+" "+r.value("b"))
	assert.Equal(t, debugger.AtBeginning, r.move(debugger.ReverseContinue).Reason, "from after the changes")
	r.move(debugger.Continue)
	assert.Equal(t, at+" 2", r.at()+" "+r.value("b"))
	r.move(debugger.Continue)
	assert.Equal(t, []int{2}, r.stop.Breakpoints)
}

// TestStoppingBeforeAJump: where somebody jumped away from a breakpoint, a replay stops on the same ways as the run did.
func TestStoppingBeforeAJump(t *testing.T) {
	for _, lines := range [][2]int{{4, 3}, {5, 3}, {6, 4}, {7, 6}} {
		w := live(t, edited)
		w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, lines[0])})
		w.move(debugger.Continue)
		stops := []replay.Instant{w.stop.Instant}
		require.NoError(t, w.jump(lines[1]))
		w.wait()
		assert.Equal(t, debugger.AtBreakpoint, w.move(debugger.Continue).Reason)
		stops = append(stops, w.stop.Instant)
		w.end()
		records, err := w.Records(context.Background())
		require.NoError(t, err)
		r := recorded(t, records, debugger.View{Stop: true})
		r.SetBreakpoints([]debugger.Breakpoint{r.breakpoint(1, lines[0])})
		for _, instant := range stops {
			assert.Equal(t, instant, r.move(debugger.Continue).Instant, "%v", lines)
		}
		assert.Equal(t, debugger.AtEnd, r.move(debugger.Continue).Reason)
		for i := range stops {
			assert.Equal(t, stops[1-i], r.move(debugger.ReverseContinue).Instant, "%v", lines)
		}
	}
}

const retriedSource = `import(double, py, 1);
import(fail, py, 1);
fn main() {
  a = 1;
  b = double(a);
  c = fail(b);
  a + b + c
}
`

// TestRetryingAfterAnEdit: what was changed before the failure stays changed; another program has nothing that it could be changed in.
func TestRetryingAfterAnEdit(t *testing.T) {
	run, store := kept(t)
	w := prepared(t, retriedSource, debugger.Entry{Stop: true}, run)
	w.begin()
	w.move(debugger.StepOver)
	require.NoError(t, w.assign("a", "20"))
	assert.Equal(t, debugger.OnError, w.move(debugger.Continue).Reason)
	assert.NotNil(t, w.finish().Result.Err)

	e := other(store, "another", true)
	python := e.Foreign.(stand)
	python["fail"] = func(context.Context, engine.Call) engine.CallResult { return engine.CallResult{Value: vm.Int(7)} }
	_, err := e.Retry(context.Background(), w.Session(), compiled.Program(t, retriedSource+"fn more() { 1 }"))
	require.ErrorContains(t, err, "answer 0 of thread 0 was that of a change by a debugger")
	session, err := e.Retry(context.Background(), w.Session(), nil)
	require.NoError(t, err)
	require.NoError(t, e.Resume(context.Background(), session))
	result, err := e.Wait(context.Background(), session)
	require.NoError(t, err)
	assert.Equal(t, "67", vm.Show(result.Value))
	require.NoError(t, e.Close())
}
