package debugger_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
)

// shownBy is what a program that has ended shows: its result, and the lines of each thread.
func shownBy(e debugger.End, lines []debugger.Line) (result string, written []string) {
	result = "error"
	if e.Result.Err == nil {
		result = vm.Show(e.Result.Value)
	} else {
		result = e.Result.Err.Error()
	}
	for _, l := range lines {
		written = append(written, l.ID.Thread+" "+l.Text)
	}
	slices.Sort(written)
	return result, written
}

// TestADebuggerChangesNothing: a random program that is stopped, stepped and looked at anywhere, forwards and backwards, shows what it
// shows when it is left alone.
func TestADebuggerChangesNothing(t *testing.T) {
	for seed := range uint64(testkit.Amount(60, 10)) {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		alone := prepared(t, source, debugger.Entry{Free: true}, world())
		require.NoError(t, alone.Begin(context.Background()))
		result, written := shownBy(alone.ending(), alone.lines)

		w := prepared(t, source, debugger.Entry{Stop: true}, world())
		require.NoError(t, w.Begin(context.Background()))
		end := disturb(w, rand.New(rand.NewPCG(seed, 11)))
		again, lines := shownBy(end, w.lines)
		require.Equal(t, result, again, "seed %d\n%s", seed, source)
		require.Equal(t, written, lines, "seed %d\n%s", seed, source)
		w.Close()
	}
}

// disturb makes random motions, and lets the program run to its end when there were many.
func disturb(w *walker, random *rand.Rand) debugger.End {
	c := &caller{random, w.Target, w.Program(), w.watcher, 1}
	for n := 0; ; n++ {
		select {
		case e := <-w.ended:
			return e
		case s := <-w.stops:
			c.at = s.Thread
		}
		ctx := context.Background()
		if n > 60 {
			w.SetBreakpoints(nil)
			w.SetWatchpoints(nil)
			w.SetExceptionStops(debugger.ExceptionStops{})
			require.NoError(w, w.Move(debugger.Motion{Kind: debugger.Continue}))
			continue
		}
		if n%4 == 0 {
			w.SetBreakpoints([]debugger.Breakpoint{c.breakpoint(1), c.breakpoint(2)})
			w.SetWatchpoints([]debugger.Watchpoint{c.watch(3)})
		}
		c.look(ctx)
		kinds := []debugger.MotionKind{
			debugger.Continue, debugger.StepOver, debugger.StepIn, debugger.StepOut, debugger.BackOver, debugger.BackIn, debugger.ReverseContinue,
		}
		m := debugger.Motion{Kind: kinds[c.IntN(len(kinds))], Thread: c.at, Single: c.IntN(5) == 0, Instruction: c.IntN(3) == 0}
		if w.Move(m) != nil {
			if err := w.Move(debugger.Motion{Kind: debugger.Continue}); err != nil {
				require.ErrorContains(w, err, "the program has ended") // thread 0 was at its end when another one stopped
			}
		}
	}
}
