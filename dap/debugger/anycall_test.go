package debugger_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// busy is a program in which everything happens.
const busy = `import(double, py, 1);
import(fail, py, 1);
import(hang, py, 0);
fn main() {
  fs = map(lambda(n) { async work(n) }, range(5));
  h = async hang();
  print("started");
  a = try { fail(1) } catch e { 2 };
  b = sum(50);
  c = await fs;
  d = try { with_timeout(0.001, h) } catch e { 3 };
  [a, b, c, d]
}
fn work(n) {
  m = double(n);
  sum(m)
}
fn sum(n) {
  if n == 0 { 0 } else { n + sum(n - 1) }
}
`

// caller makes random calls of a target.
type caller struct {
	*rand.Rand
	debugger.Target
	p *debugger.Program
	w *watcher
	// at is the thread that stopped last.
	at int
}

// thread is often the one that stopped last.
func (c *caller) thread() int {
	if c.IntN(2) > 0 {
		return c.at
	}
	return c.IntN(9) - 1
}

// settle waits for a stop, but not for long: there may be none.
func (c *caller) settle() {
	select {
	case s := <-c.w.stops:
		c.at = s.Thread
	case <-c.w.ended:
	case <-time.After(20 * time.Millisecond):
	}
}

func (c *caller) place() debugger.Place {
	f := c.IntN(len(c.p.Funcs))
	return debugger.Place{Function: f, PC: c.IntN(len(c.p.Funcs[f].Code))}
}

func (c *caller) text() string {
	return []string{"", "", "n", "n > 3", "1 / 0", "fs", "x =", "double(2)", "hang()", "async work(1)", "sum(100)", "n = 3"}[c.IntN(12)]
}

func (c *caller) breakpoint(id int) debugger.Breakpoint {
	return debugger.Breakpoint{
		ID: id, Place: c.place(), Condition: c.text(), Hits: []string{"", "", "5", "%2", ">1", "x"}[c.IntN(6)],
		Message: []string{"", "", "", "at {n}", "{"}[c.IntN(5)],
	}
}

// watch is one on any register of any frame.
func (c *caller) watch(id int) debugger.Watchpoint {
	return debugger.Watchpoint{
		ID: id, Thread: []string{"0", "0.1", "9"}[c.IntN(3)], Level: c.IntN(4), Function: c.IntN(len(c.p.Funcs)), Register: c.IntN(6), Condition: c.text(),
	}
}

// call makes one call. It has to come back.
func (c *caller) call(ctx context.Context) {
	t := c.Target
	switch c.IntN(18) {
	case 0:
		var all []debugger.Breakpoint
		for i := range c.IntN(4) {
			all = append(all, c.breakpoint(i))
		}
		t.SetBreakpoints(all)
	case 1:
		t.SetExceptionStops(debugger.ExceptionStops{Uncaught: c.IntN(2) > 0, Caught: c.IntN(2) > 0, Python: c.IntN(2) > 0})
	case 2:
		var all []debugger.Watchpoint
		for i := range c.IntN(3) {
			all = append(all, c.watch(10+i))
		}
		t.SetWatchpoints(all)
	case 3:
		c.look(ctx)
	case 4:
		t.Threads()
		t.Future([]string{"0", "0.3", "7", "f:x"}[c.IntN(4)])
		t.Session()
		t.Abilities()
		t.Stopped()
	case 5:
		_, _ = t.Instant(c.thread())
		_, _ = t.Cause(ctx, c.thread())
	case 6:
		_ = t.Goto(ctx, replay.Instant{Thread: "0", At: c.Uint64N(300)})
	case 7, 9, 10:
		e := debugger.Edit{Kind: debugger.EditKind(c.IntN(5)), Thread: c.thread(), Frame: c.IntN(4) - 1, Register: c.IntN(8) - 1, PC: c.IntN(12) - 1}
		if c.IntN(3) > 0 {
			e.Value = vm.Int(int64(c.IntN(5)))
		}
		_ = t.Edit(ctx, e)
	case 8:
		if err := t.Pause(c.thread()); err == nil {
			c.settle()
		}
	default:
		m := debugger.Motion{Kind: debugger.MotionKind(c.IntN(10)), Thread: c.thread(), Single: c.IntN(4) == 0, Instruction: c.IntN(3) == 0}
		if place := c.place(); c.IntN(4) == 0 {
			m.Into = &place
		}
		if err := t.Move(m); err == nil && c.IntN(2) > 0 {
			c.settle()
		}
	}
}

// look takes a stack, and evaluates in one of its frames.
func (c *caller) look(ctx context.Context) {
	stack, err := c.Stack(ctx, c.thread())
	if err != nil || stack.Len() == 0 {
		return
	}
	frames := stack.Frames(c.IntN(3)-1, c.IntN(4))
	if len(frames) == 0 || !c.Stopped() {
		return
	}
	f := &frames[c.IntN(len(frames))]
	if text := c.text(); text != "hang()" {
		_, _ = c.Evaluate(ctx, f, text, c.IntN(2) == 0)
	}
}

// TestAnyCalls makes random calls of a live program in any phase: each comes back, and the end is an end.
func TestAnyCalls(t *testing.T) {
	for seed := range uint64(testkit.Amount(60, 10)) {
		w := prepared(t, busy, debugger.Entry{Stop: seed%3 > 0}, world())
		w.watcher.stops = make(chan debugger.Stop, 10_000)
		c := &caller{rand.New(rand.NewPCG(seed, 3)), w.Target, w.Program(), w.watcher, 1}
		begins := c.IntN(5)
		over := make(chan struct{})
		go func() {
			defer close(over)
			for i := range 60 {
				if i == begins {
					_ = c.Begin(context.Background())
				}
				ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
				c.call(ctx)
				stop()
			}
			c.Close()
			c.call(context.Background())
			c.Close()
		}()
		select {
		case <-over:
		case <-time.After(time.Minute):
			require.Fail(t, "a call does not come back", "seed %d", seed)
		}
	}
}
