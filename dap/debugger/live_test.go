package debugger_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// stand is a Python for programs that are debugged: its functions are Go's.
type stand map[string]func(ctx context.Context, c engine.Call) engine.CallResult

func (s stand) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	result := s[c.Name](ctx, c)
	return result, ctx.Err()
}

// foreign is the usual Python: hang ends when it is given up only.
func foreign() stand {
	return stand{
		"double": func(_ context.Context, c engine.Call) engine.CallResult {
			n, _ := c.Args[0].Int64()
			c.Output(engine.Stdout, "doubling "+vm.Show(c.Args[0]))
			return engine.CallResult{Value: vm.Int(2 * n)}
		},
		"fail": func(_ context.Context, c engine.Call) engine.CallResult {
			return engine.CallResult{Raised: &vm.Error{Kind: "ValueError", Message: "no", Python: "Traceback: no"}}
		},
		"hang": func(ctx context.Context, _ engine.Call) engine.CallResult {
			<-ctx.Done()
			return engine.CallResult{}
		},
	}
}

func world() debugger.World {
	return debugger.World{Store: memstore.New(), Executor: local.New(), Foreign: foreign()}
}

// prepared is a program that has not begun yet.
func prepared(t *testing.T, source string, entry debugger.Entry, w debugger.World) *walker {
	t.Helper()
	l := newWatcher()
	entry.Function = "main"
	target, err := debugger.NewLive(debugger.NewProgram(compiled.Program(t, source)), entry, w, l)
	require.NoError(t, err)
	t.Cleanup(target.Close)
	return &walker{T: t, Target: target, watcher: l}
}

// live is a program that stands at its first line.
func live(t *testing.T, source string) *walker {
	t.Helper()
	w := prepared(t, source, debugger.Entry{Stop: true}, world())
	w.begin()
	return w
}

func (w *walker) begin() {
	w.Helper()
	require.NoError(w, w.Begin(context.Background()))
	w.wait()
}

// end lets the program run to its end.
func (w *walker) end() debugger.End {
	w.Helper()
	require.NoError(w, w.Move(debugger.Motion{Kind: debugger.Continue}))
	return w.ending()
}

func (w *walker) ending() debugger.End {
	w.Helper()
	select {
	case s := <-w.stops:
		w.Fatalf("stopped: %+v", s)
	case e := <-w.ended:
		return e
	}
	return debugger.End{}
}

// frame is the innermost frame of the thread that stopped.
func (w *walker) frame() *debugger.Frame {
	w.Helper()
	stack, err := w.Stack(context.Background(), w.stop.Thread)
	require.NoError(w, err)
	return &stack.Frames(0, 1)[0]
}

// value is that of an expression, or why it has none.
func (w *walker) value(text string) string {
	w.Helper()
	v, err := w.Evaluate(context.Background(), w.frame(), text, false)
	if err != nil {
		return err.Error()
	}
	return vm.Show(v)
}

const counting = `fn main() {
  loop(0, 0)
}
fn loop(i, sum) {
  next = sum + i;
  if i == 20 {
    next
  } else {
    loop(i + 1, next)
  }
}
`

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name, condition, hits string
		stops                 string // the values of i
		text                  string
	}{
		{"a condition", "i % 7 == 3", "", "3 10 17", ""},
		{"a value that if takes for true", "if i == 4 { \"yes\" } else { null }", "", "4", ""},
		{"a call", "sum > length([1, 2, 3]) * 60", "", "20", ""},
		{"a hit count", "", "5", "4", ""},
		{"more hits", "", ">19", "19 20", ""},
		{"at least", "", ">= 20", "19 20", ""},
		{"fewer", "", "<3", "0 1", ""},
		{"at most", "", "<=1", "0", ""},
		{"every", "", "%6", "5 11 17", ""},
		{"hits of a condition", "i % 2 == 1", "%4", "7 15", ""},
		{"no value", "i / (i - 2) > 100", "", "2", "the condition i / (i - 2) > 100 has no value: ZeroDivision: division by zero"},
		{"no such name", "nobody > 1", "", "0 1", "nobody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := live(t, counting)
			b := w.breakpoint(1, 5)
			b.Condition, b.Hits = c.condition, c.hits
			w.SetBreakpoints([]debugger.Breakpoint{b})
			wanted := strings.Fields(c.stops)
			for _, i := range wanted {
				s := w.move(debugger.Continue)
				require.Equal(t, debugger.AtBreakpoint, s.Reason)
				assert.Equal(t, []int{1}, s.Breakpoints)
				assert.Equal(t, i, w.value("i"))
				assert.Contains(t, s.Text, c.text)
				if c.text == "" {
					assert.Empty(t, s.Text)
				}
				w.SetBreakpoints([]debugger.Breakpoint{b}) // counts stay
			}
			if c.name == "no such name" {
				return
			}
			e := w.end()
			assert.Equal(t, "210", vm.Show(e.Result.Value))
		})
	}
}

// TestConditionsSeeWhatTheFrameSees: captures, parameters, the function's own name, what shadows.
func TestConditionsSeeWhatTheFrameSees(t *testing.T) {
	const source = `fn main() {
  k = 3;
  f = lambda(n) { m = n + k; m };
  map(f, range(6));
  fact(5)
}
fn fact(n) {
  if n < 2 {
    1
  } else {
    n * fact(n - 1)
  }
}
`
	for _, c := range []struct {
		line            int
		condition, want string
	}{
		{3, "n + k == 7", "n = 4"},
		{3, "[k, n] == [3, 5]", "n = 5"},
		{8, "fact(n) == 6", "n = 3"},
		{8, "map(lambda(i) { i + n }, [n]) == [4]", "n = 2"},
	} {
		w := live(t, source)
		_, places, ok := w.Program().Snap(0, c.line-1)
		require.True(t, ok)
		b := debugger.Breakpoint{ID: 1, Place: places[len(places)-1], Condition: c.condition}
		w.SetBreakpoints([]debugger.Breakpoint{b})
		assert.Empty(t, w.move(debugger.Continue).Text)
		assert.Equal(t, c.want, "n = "+w.value("n"))
	}
}

func TestWrongTexts(t *testing.T) {
	p := debugger.NewProgram(compiled.Program(t, counting))
	code, err := vm.Load(p.Program)
	require.NoError(t, err)
	_, places, _ := p.Snap(0, 4)
	for _, c := range []struct {
		b       debugger.Breakpoint
		problem string
	}{
		{debugger.Breakpoint{Condition: "i == 3 && sum > 1", Hits: "> 4", Message: `at {i}: {"{" + "}"} \{x}`}, ""},
		{debugger.Breakpoint{Condition: "i =="}, "i =="},
		{debugger.Breakpoint{Condition: "i) + (i"}, "i"},
		{debugger.Breakpoint{Condition: "later > 1"}, "later"},
		{debugger.Breakpoint{Condition: "next > 1"}, "next"},
		{debugger.Breakpoint{Condition: " i = 3"}, "a comparison has =="},
		{debugger.Breakpoint{Message: "at {i +}"}, "i +"},
		{debugger.Breakpoint{Hits: "often"}, `"often"`},
		{debugger.Breakpoint{Hits: "0"}, "0"},
		{debugger.Breakpoint{Hits: "%0"}, "0"},
		{debugger.Breakpoint{Message: "{i"}, "without its }"},
		{debugger.Breakpoint{Message: "{j}"}, "j"},
	} {
		c.b.Place = places[0]
		err := p.CheckBreakpoint(code, c.b)
		if c.problem == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, c.problem)
	}
}

func TestLogpoints(t *testing.T) {
	w := live(t, counting)
	b := w.breakpoint(1, 6)
	b.Condition, b.Hits = "i % 5 == 0", ">1"
	b.Message = `i={i} list {[i, "x"]} text {"x"} \{i} {nobody}`
	w.SetBreakpoints([]debugger.Breakpoint{b})
	w.end()
	require.Len(t, w.logs, 4)
	assert.Contains(t, w.logs[0], `i=5 list [5, "x"] text x {i} <`)
	assert.Contains(t, w.logs[0], "nobody")
}

func TestLiveSteps(t *testing.T) {
	w := live(t, `fn main() {
  a = helper(1) + helper(2);
  b = map(lambda(x) { x + a }, [1, 2]);
  tail(b)
}
fn helper(n) {
  n * 10
}
fn tail(b) {
  length(b)
}
`)
	assert.Equal(t, debugger.AtEntry, w.stop.Reason)
	walk := func(kind debugger.MotionKind, change ...func(*debugger.Motion)) string {
		w.move(kind, change...)
		return w.at()
	}
	calls := w.frame().Calls()
	require.Len(t, calls, 2)
	assert.Equal(t, "0:7", walk(debugger.StepIn, func(m *debugger.Motion) { m.Into = &calls[1].Place }))
	assert.Equal(t, "2", w.value("n"))
	assert.Equal(t, "0:2", walk(debugger.StepOut))
	assert.Equal(t, "0:3", walk(debugger.StepOver))
	assert.Equal(t, "0:3", walk(debugger.StepIn), "the lambda")
	assert.Equal(t, "1", w.value("x"))
	assert.Equal(t, "0:3", walk(debugger.StepOver), "the next turn of map")
	assert.Equal(t, "2", w.value("x"))
	assert.Equal(t, "0:3", walk(debugger.StepOut))
	assert.Equal(t, "0:4", walk(debugger.StepOver))
	at := w.stop.Instant.At
	for i := range 3 {
		w.move(debugger.StepIn, instruction)
		assert.Equal(t, at+uint64(i)+1, w.stop.Instant.At)
	}
	assert.Equal(t, "2", vm.Show(w.end().Result.Value))
}

// TestAStepOverMuch: what is called is run at full speed, breakpoints in it count.
func TestAStepOverMuch(t *testing.T) {
	const source = `fn main() {
  a = fib(25);
  a
}
fn fib(n) {
  if n < 2 {
    n
  } else {
    fib(n - 1) + fib(n - 2)
  }
}
`
	w := live(t, source)
	assert.Equal(t, "0:3", func() string { w.move(debugger.StepOver); return w.at() }())
	assert.Equal(t, "75025", w.value("a"))
	w = live(t, source)
	b := w.breakpoint(1, 7)
	b.Hits = "1000"
	w.SetBreakpoints([]debugger.Breakpoint{b})
	assert.Equal(t, debugger.AtBreakpoint, w.move(debugger.StepOver).Reason)
	assert.Equal(t, "0:9", func() string { w.move(debugger.StepOut); return w.at() }())
}

func TestErrors(t *testing.T) {
	const source = `import(fail, py, 1);
import(double, py, 1);
fn main() {
  a = try { 1 / 0 } catch e { 1 };
  b = try { fail(1) } catch e { 2 };
  f = async sub();
  c = try { await f } catch e { 3 };
  fail(a + b + c)
}
fn sub() {
  signal("error", "thing")
}
`
	for _, c := range []struct {
		name  string
		at    debugger.ExceptionStops
		stops string
	}{
		{"none", debugger.ExceptionStops{}, ""},
		{"uncaught", debugger.ExceptionStops{Uncaught: true}, "0.0:11 0:8"},
		{"caught", debugger.ExceptionStops{Caught: true}, "0:4c 0:5c 0:7c"},
		{"both", debugger.ExceptionStops{Caught: true, Uncaught: true}, "0:4c 0:5c 0.0:11 0:8"},
		{"python", debugger.ExceptionStops{Python: true}, "0:5c 0:8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := live(t, source)
			w.SetExceptionStops(c.at)
			for _, at := range strings.Fields(c.stops) {
				s := w.move(debugger.Continue)
				require.Equal(t, debugger.OnError, s.Reason)
				caught := ""
				if s.Caught {
					caught = "c"
				}
				assert.Equal(t, at, w.at()+caught)
			}
			e := w.end()
			require.NotNil(t, e.Result.Err)
			assert.Equal(t, "ValueError", e.Result.Err.Kind)
		})
	}
}

func TestWatchpoints(t *testing.T) {
	w := live(t, `fn main() {
  total = 0;
  x = sum(3);
  total = total + x;
  sum(1)
}
fn sum(n) {
  s = n;
  s = s + helper(s);
  s
}
fn helper(n) {
  n * 2
}
`)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 8)})
	w.move(debugger.Continue)
	w.SetBreakpoints(nil)
	w.move(debugger.StepOver)
	watch, err := w.frame().Watch("s")
	require.NoError(t, err)
	watch.ID = 7
	w.SetWatchpoints([]debugger.Watchpoint{watch})
	var seen []string
	for range 1 {
		s := w.move(debugger.Continue)
		require.Equal(t, debugger.OnWrite, s.Reason)
		assert.Equal(t, []int{7}, s.Breakpoints)
		seen = append(seen, w.value("s"))
	}
	assert.Equal(t, []string{"9"}, seen)
	assert.Equal(t, "3", vm.Show(w.end().Result.Value))
	require.Len(t, w.logs, 1)
	assert.Contains(t, w.logs[0], "s is watched no longer: sum has returned")
}

// TestAWatchThatIsOver is found backwards nevertheless.
func TestAWatchThatIsOver(t *testing.T) {
	w := live(t, `fn main() {
  x = sum(3);
  x + 1
}
fn sum(n) {
  s = n;
  s = s + 2;
  s = s * 2;
  s
}
`)
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 7), w.breakpoint(2, 3)})
	w.move(debugger.Continue)
	watch, err := w.frame().Watch("s")
	require.NoError(t, err)
	w.SetWatchpoints([]debugger.Watchpoint{watch})
	w.move(debugger.Continue)
	w.move(debugger.Continue)
	assert.Equal(t, "0:3", func() string { w.move(debugger.Continue); return w.at() }())
	require.Len(t, w.logs, 1)
	w.SetBreakpoints(nil)
	for _, value := range []string{"5", "3"} {
		require.Equal(t, debugger.OnWrite, w.move(debugger.ReverseContinue).Reason, value)
		assert.Equal(t, value, w.value("s"), "before the instruction that writes")
	}
}

// TestOutputHasInstants: the one that printed, and that of the call.
func TestOutputHasInstants(t *testing.T) {
	w := live(t, `import(double, py, 1);
fn main() {
  print("a");
  double(4)
}
`)
	w.end()
	require.Len(t, w.lines, 2)
	records, err := w.Records(context.Background())
	require.NoError(t, err)
	for i, op := range []string{"a", "doubling 4"} {
		l := w.lines[i]
		assert.Equal(t, op, l.Text)
		assert.Equal(t, 2+i, l.Point.Line)
		thread, err := records.Thread(context.Background(), l.Instant.Thread)
		require.NoError(t, err)
		c, err := thread.At(context.Background(), l.Instant.At)
		require.NoError(t, err)
		_, pc := c.Machine().Place()
		point, _ := w.Program().Point(debugger.Place{Function: 0, PC: pc})
		assert.Equal(t, l.Point.Line, point.Line)
	}
}

// TestListedThreads: failed threads stay, and the newest others.
func TestListedThreads(t *testing.T) {
	w := live(t, `fn main() {
  map(lambda(n) { await async work(n) }, range(600));
  try { await async bad() } catch e { 0 };
  1
}
fn work(n) { n }
fn bad() { signal("error", "thing") }
`)
	w.SetExceptionStops(debugger.ExceptionStops{})
	w.SetBreakpoints([]debugger.Breakpoint{w.breakpoint(1, 4)})
	w.move(debugger.Continue)
	all := w.Threads()
	require.Len(t, all, 502)
	assert.Equal(t, "0", all[0].Name)
	assert.False(t, all[0].Ended)
	last := all[len(all)-1]
	assert.True(t, last.Failed && last.Ended)
	_, err := w.Stack(context.Background(), last.ID)
	assert.ErrorContains(t, err, "ended")
}

// TestCallsFromTheConsole reach Python, and are not logged.
func TestCallsFromTheConsole(t *testing.T) {
	w := live(t, `import(double, py, 1);
import(fail, py, 1);
import(hang, py, 0);
fn main() {
  x = 4;
  [x, double(1), fail, hang]
}
`)
	w.move(debugger.StepOver)
	call := func(ctx context.Context, text string) string {
		v, err := w.Evaluate(ctx, w.frame(), text, true)
		if err != nil {
			return err.Error()
		}
		return vm.Show(v)
	}
	ctx := context.Background()
	assert.Equal(t, "[4, 8, 16]", call(ctx, "[x, double(x), double(double(x))]"))
	assert.Contains(t, call(ctx, "fail(1)"), "no")
	assert.Equal(t, "3", call(ctx, "try { fail(1) } catch e { 3 }"))
	assert.Equal(t, "5", call(ctx, "x = 5"))
	assert.Equal(t, "4", w.value("x"))
	assert.Contains(t, w.value("double(1)"), "may have effects")
	assert.Contains(t, call(ctx, "async double(1)"), "starts a thread")
	ended, end := context.WithCancel(ctx)
	end()
	assert.Contains(t, call(ended, "hang()"), "canceled")
	w.end()
	slots, err := w.slots()
	require.NoError(t, err)
	assert.Len(t, slots, 1)
}

func (w *walker) slots() ([]engine.Slot, error) {
	records, err := w.Records(context.Background())
	if err != nil {
		return nil, err
	}
	return records.Root().Slots(context.Background())
}

// TestCloseEndsACallFromTheConsole that would take for ever.
func TestCloseEndsACallFromTheConsole(t *testing.T) {
	w := live(t, "import(hang, py, 0);\nfn main() {\n  hang()\n}\n")
	came := make(chan error)
	f := w.frame()
	go func() {
		_, err := w.Evaluate(context.Background(), f, "hang()", true)
		came <- err
	}()
	w.Close()
	assert.Error(t, <-came)
}

// TestWaiters of a future are known.
func TestWaiters(t *testing.T) {
	w := live(t, `import(hang, py, 0);
fn main() {
  f = async hang();
  g = async wait(f);
  h = async wait(f);
  stay()
}
fn wait(f) { await f }
fn stay() { stay() }
`)
	require.NoError(t, w.Move(debugger.Motion{Kind: debugger.Continue}))
	for len(w.Future("0.0").Waiters) < 2 {
		w.pauseAndGoOn()
	}
	assert.Equal(t, []string{"0.1", "0.2"}, w.Future("0.0").Waiters)
}

func (w *walker) pauseAndGoOn() {
	require.NoError(w, w.Pause(1))
	w.wait()
	require.NoError(w, w.Move(debugger.Motion{Kind: debugger.Continue}))
}

// TestOneThatWaitsForOthers is told for whom, each time that it is let go by itself.
func TestOneThatWaitsForOthers(t *testing.T) {
	w := live(t, `fn main() {
  f = async work(3);
  await f
}
fn work(n) {
  n
}
`)
	for range 3 {
		s := w.move(debugger.Continue, single)
		assert.Equal(t, debugger.OnHindrance, s.Reason)
		assert.Equal(t, "thread 0 waits for thread 0.0, which stands", s.Text)
	}
	assert.Equal(t, "3", vm.Show(w.end().Result.Value))
}

// TestPausingBetweenRuns: a thread that the engine is busy for, such as one that prints, is stopped at an instant too.
func TestPausingBetweenRuns(t *testing.T) {
	w := live(t, "fn main() { talk(0) }\nfn talk(n) {\n  print(n);\n  talk(n + 1)\n}\n")
	for range 50 {
		require.NoError(t, w.Move(debugger.Motion{Kind: debugger.Continue}))
		require.Eventually(t, func() bool { return w.output() != "" }, 10*time.Second, time.Microsecond)
		require.NoError(t, w.Pause(1))
		stop := w.wait()
		require.Equal(t, "0", stop.Instant.Thread)
		now, err := w.Instant(1)
		require.NoError(t, err)
		require.Equal(t, now, stop.Instant)
	}
}
