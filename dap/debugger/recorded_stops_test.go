package debugger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

const twoLoops = `fn main() {
  a = async work(4);
  b = async work(6);
  await [a, b]
}
fn work(n) {
  loop(0, n, 0)
}
fn loop(i, n, sum) {
  next = sum + i;
  if i == n {
    next
  } else {
    loop(i + 1, n, next)
  }
}
`

// run goes in one direction until the end, and says where it stopped.
func (w *walker) run(kind debugger.MotionKind, to debugger.Reason) []string {
	w.Helper()
	var all []string
	for range 200 {
		if w.move(kind).Reason == to {
			return all
		}
		at := w.stop.Instant
		all = append(all, fmt.Sprint(w.stop.Reason, " ", at.Thread, " ", at.At, " ", w.stop.Breakpoints))
	}
	w.Fatal("it does not come to an end")
	return nil
}

// TestStopsBothWays: what stops forwards stops backwards, in the other order, and again forwards.
func TestStopsBothWays(t *testing.T) {
	s := session(t, twoLoops)
	for _, c := range []struct {
		name       string
		breakpoint debugger.Breakpoint
		stops      int
	}{
		{"all", debugger.Breakpoint{}, 12},
		{"a condition", debugger.Breakpoint{Condition: "i % 3 == 0"}, 5},
		{"a hit count", debugger.Breakpoint{Hits: "7"}, 1},
		{"hits of a condition", debugger.Breakpoint{Condition: "i > 1", Hits: "%2"}, 4},
		{"never", debugger.Breakpoint{Condition: "i > 100"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := recorded(t, s, debugger.View{Stop: true})
			b := w.breakpoint(1, 10)
			b.Condition, b.Hits = c.breakpoint.Condition, c.breakpoint.Hits
			w.SetBreakpoints([]debugger.Breakpoint{b})
			forwards := w.run(debugger.Continue, debugger.AtEnd)
			assert.Len(t, forwards, c.stops)
			backwards := w.run(debugger.ReverseContinue, debugger.AtBeginning)
			assert.Equal(t, replay.Instant{Thread: "0"}, w.stop.Instant)
			slices.Reverse(backwards)
			assert.Equal(t, forwards, backwards)
			assert.Equal(t, forwards, w.run(debugger.Continue, debugger.AtEnd))
		})
	}
}

// TestHitsFromTheEnd: a hit count means the same wherever one begins.
func TestHitsFromTheEnd(t *testing.T) {
	w := recorded(t, session(t, twoLoops), debugger.View{})
	assert.Equal(t, debugger.AtEnd, w.stop.Reason)
	b := w.breakpoint(1, 10)
	b.Hits = "2"
	w.SetBreakpoints([]debugger.Breakpoint{b})
	w.move(debugger.ReverseContinue)
	assert.Equal(t, debugger.AtBreakpoint, w.stop.Reason)
	v, err := w.Evaluate(context.Background(), w.top(), "i", false)
	require.NoError(t, err)
	n, _ := v.Int64()
	assert.EqualValues(t, 1, n)
	w.move(debugger.ReverseContinue)
	assert.Equal(t, debugger.AtBeginning, w.stop.Reason)
}

// top is the innermost frame of the thread that stopped.
func (w *walker) top() *debugger.Frame {
	w.Helper()
	stack, err := w.Stack(context.Background(), w.stop.Thread)
	require.NoError(w, err)
	return &stack.Frames(0, 1)[0]
}

func TestLogpointsOfAReplay(t *testing.T) {
	w := recorded(t, session(t, twoLoops), debugger.View{Stop: true})
	b := w.breakpoint(1, 10)
	b.Message = "{i} of {n}"
	w.SetBreakpoints([]debugger.Breakpoint{b})
	w.move(debugger.Continue)
	assert.Equal(t, debugger.AtEnd, w.stop.Reason)
	want := "0 of 4,1 of 4,2 of 4,3 of 4,4 of 4,0 of 6,1 of 6,2 of 6,3 of 6,4 of 6,5 of 6,6 of 6"
	assert.Equal(t, want, strings.Join(w.logs, ","))
	w.move(debugger.ReverseContinue)
	assert.Equal(t, debugger.AtBeginning, w.stop.Reason)
	w.move(debugger.Continue)
	assert.Equal(t, want, strings.Join(w.logs, ","), "each is told once")
}

const threeErrors = `import(fail, py, 1);
fn main() {
  x = try { fail(1) } catch e { get(e, "kind") };
  y = try { nth([], 4) } catch e { 7 };
  z = async broken(y);
  w = 5;
  await z
}
fn broken(n) {
  m = n - 7;
  n / m
}
`

func TestErrorsBothWays(t *testing.T) {
	s := session(t, threeErrors)
	for _, c := range []struct {
		at    debugger.ExceptionStops
		stops string
	}{
		{debugger.ExceptionStops{Uncaught: true}, "0.0:11 ZeroDivision"},
		{debugger.ExceptionStops{Caught: true}, "0:3 ValueError caught,0:4 Index caught"},
		{debugger.ExceptionStops{Uncaught: true, Caught: true}, "0:3 ValueError caught,0:4 Index caught,0.0:11 ZeroDivision"},
	} {
		w := recorded(t, s, debugger.View{Stop: true})
		w.SetExceptionStops(c.at)
		run := func(kind debugger.MotionKind, to debugger.Reason) (all []string) {
			for range 10 {
				if w.move(kind).Reason == to {
					break
				}
				text := w.at() + " " + w.stop.Error.Kind
				if w.stop.Caught {
					text += " caught"
				}
				all = append(all, text)
			}
			return all
		}
		assert.Equal(t, c.stops, strings.Join(run(debugger.Continue, debugger.AtEnd), ","))
		back := run(debugger.ReverseContinue, debugger.AtBeginning)
		slices.Reverse(back)
		if c.at.Uncaught { // the end is where the last error stops
			back = append(back, "0.0:11 ZeroDivision")
		}
		assert.Equal(t, c.stops, strings.Join(back, ","))
	}
}

// TestAFailedSession is shown where it failed.
func TestAFailedSession(t *testing.T) {
	w := recorded(t, session(t, threeErrors), debugger.View{})
	assert.Equal(t, debugger.OnError, w.stop.Reason)
	assert.Equal(t, "0.0:11", w.at())
	assert.Equal(t, "ZeroDivision", w.stop.Error.Kind)
	threads := w.Threads()
	require.Len(t, threads, 2)
	assert.Equal(t, "waiting on 0.0", threads[0].Waiting)
	assert.False(t, threads[0].Failed, "it will, but has not yet")
	assert.Equal(t, []string{"0"}, w.Future("0.0").Waiters)
}

const fourWrites = `import(double, py, 1);
fn main() {
  x = 1;
  y = x + 1;
  x = other(y);
  x = double(x);
  f = async other(x);
  x = await f;
  y
}
fn other(n) {
  x = n * 10;
  x
}
`

func TestWatchesBothWays(t *testing.T) {
	w := recorded(t, session(t, fourWrites), debugger.View{Stop: true})
	main := -1
	var register int
	for i, f := range w.Program().Funcs {
		if f.Name != "main" {
			continue
		}
		main = i
		for _, l := range f.Debug.Locals {
			if l.Name == "x" {
				register = int(l.Reg)
			}
		}
	}
	w.SetWatchpoints([]debugger.Watchpoint{{ID: 5, Thread: "0", Function: main, Register: register, Name: "x"}})
	value := func() string {
		v, err := w.Evaluate(context.Background(), w.top(), "x", false)
		if err != nil {
			return "none"
		}
		return debugger.Text(v)
	}
	var forwards, backwards []string
	for w.move(debugger.Continue).Reason == debugger.OnWrite {
		assert.Equal(t, []int{5}, w.stop.Breakpoints)
		forwards = append(forwards, value())
	}
	assert.Equal(t, []string{"1", "20", "40", "400"}, forwards)
	for w.move(debugger.ReverseContinue).Reason == debugger.OnWrite {
		backwards = append(backwards, w.at())
	}
	assert.Equal(t, debugger.AtBeginning, w.stop.Reason)
	assert.Equal(t, []string{"0:8", "0:6", "0:5", "0:3"}, backwards)
}
