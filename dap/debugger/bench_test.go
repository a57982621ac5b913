package debugger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// benched is a live program that is measured; it stops nowhere by itself.
func benched(b *testing.B, source string, entry debugger.Entry, breakpoints ...func(p *debugger.Program) debugger.Breakpoint) (*debugger.Live, *watcher) {
	b.Helper()
	return benchedProgram(b, compiled.Program(b, source), entry, breakpoints...)
}

func benchedProgram(
	b *testing.B, program *bytecode.Program, entry debugger.Entry, breakpoints ...func(p *debugger.Program) debugger.Breakpoint,
) (*debugger.Live, *watcher) {
	b.Helper()
	l := newWatcher()
	entry.Function = "main"
	p := debugger.NewProgram(program)
	target, err := debugger.NewLive(p, entry, world(), l)
	require.NoError(b, err)
	b.Cleanup(target.Close)
	var all []debugger.Breakpoint
	for _, f := range breakpoints {
		all = append(all, f(p))
	}
	target.SetBreakpoints(all)
	return target, l
}

func onLine(line int, condition string) func(p *debugger.Program) debugger.Breakpoint {
	return func(p *debugger.Program) debugger.Breakpoint {
		_, places, _ := p.Snap(0, line-1)
		return debugger.Breakpoint{ID: 1, Place: places[0], Condition: condition}
	}
}

// BenchmarkConditions is what a condition costs that is not true: ns/op is for one check.
func BenchmarkConditions(b *testing.B) {
	for name, condition := range map[string]string{"number": "n == 0 - 1", "call": "length(xs) > 5", "closure": "add(n) < 0"} {
		b.Run(name, func(b *testing.B) {
			source := fmt.Sprintf(`fn main() {
  k = 1;
  go(%d, range(3), lambda(x) { x + k })
}
fn go(n, xs, add) {
  m = n;
  if m == 0 { 0 } else { go(n - 1, xs, add) }
}
`, b.N)
			target, l := benched(b, source, debugger.Entry{}, onLine(6, condition))
			b.ReportAllocs()
			b.ResetTimer()
			require.NoError(b, target.Begin(context.Background()))
			<-l.ended
		})
	}
}

const computing = `fn main() {
  a = fib(32);
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

// BenchmarkSpeed is a program that computes: without a debugger, with one, with a breakpoint that is never met, as one step over a call,
// and stepped out of.
func BenchmarkSpeed(b *testing.B) {
	program := compiled.Program(b, computing)
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Private: true})
			id, err := e.Start(context.Background(), engine.Session{Program: program, Function: "main"})
			require.NoError(b, err)
			_, err = e.Wait(context.Background(), id)
			require.NoError(b, err)
			require.NoError(b, e.Close())
		}
	})
	b.Run("debugged", func(b *testing.B) {
		for b.Loop() {
			target, l := benchedProgram(b, program, debugger.Entry{}, onLine(3, ""))
			target.SetBreakpoints(nil)
			require.NoError(b, target.Begin(context.Background()))
			<-l.ended
		}
	})
	for name, kind := range map[string]debugger.MotionKind{"over": debugger.StepOver, "out": debugger.StepOut} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				target, l := benchedProgram(b, program, debugger.Entry{Stop: true})
				require.NoError(b, target.Begin(context.Background()))
				<-l.stops
				if kind == debugger.StepOut {
					require.NoError(b, target.Move(debugger.Motion{Kind: debugger.StepIn, Thread: 1}))
					<-l.stops
				}
				require.NoError(b, target.Move(debugger.Motion{Kind: kind, Thread: 1}))
				<-l.stops
			}
		})
	}
}

// BenchmarkSteps is one short step after the other, with a look at the stack.
func BenchmarkSteps(b *testing.B) {
	source := `fn main() { go(0) }
fn go(n) {
  m = n + 1;
  k = m * 2;
  go(m)
}
`
	target, l := benched(b, source, debugger.Entry{Stop: true})
	require.NoError(b, target.Begin(context.Background()))
	<-l.stops
	var slowest time.Duration
	for b.Loop() {
		began := time.Now()
		require.NoError(b, target.Move(debugger.Motion{Kind: debugger.StepIn, Thread: 1}))
		<-l.stops
		stack, err := target.Stack(context.Background(), 1)
		require.NoError(b, err)
		stack.Frames(0, 1)[0].Variables()
		slowest = max(slowest, time.Since(began))
	}
	b.ReportMetric(float64(slowest.Microseconds()), "slowest-us")
}
