package debugger

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// BenchmarkLiveBack goes back by steps in a program that has executed ten million instructions: the first one, which executes them again, and
// those after it.
func BenchmarkLiveBack(b *testing.B) {
	program := NewProgram(compiled.Program(b, tenMillion))
	line := strings.Count(tenMillion[:strings.Index(tenMillion, "[a, b, c]")], "\n")
	_, places, _ := program.Snap(0, line)
	var first, ran time.Duration
	var took []time.Duration
	for range b.N {
		l := newBystander()
		live, err := NewLive(program, Entry{Function: "main"}, World{Store: memstore.New(), Executor: local.New()}, l)
		require.NoError(b, err)
		live.SetBreakpoints([]Breakpoint{{ID: 1, Place: places[0]}})
		began := time.Now()
		require.NoError(b, live.Begin(context.Background()))
		s := <-l.stops
		ran = time.Since(began)
		for i := range 50 {
			began := time.Now()
			require.NoError(b, live.Move(Motion{Kind: []MotionKind{BackOver, BackIn}[i%2], Thread: s.Thread}))
			s = <-l.stops
			if i == 0 {
				first = time.Since(began)
			} else {
				took = append(took, time.Since(began))
			}
		}
		live.Close()
	}
	slices.Sort(took)
	b.ReportMetric(ran.Seconds()*1000, "ms/run")
	b.ReportMetric(first.Seconds()*1000, "ms/first")
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "ms/p95")
}
