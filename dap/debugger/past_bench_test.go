package debugger

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/replay"
)

// tenMillion are about ten million instructions, with calls, loops of the program and of the prelude.
const tenMillion = `fn add(a, b) {
  c = a + b;
  d = c % 1000003;
  d
}
fn square(x) {
  y = x * x;
  y % 1009
}
fn loop(i, sum) {
  next = add(sum, i);
  if i == 0 {
    next
  } else {
    loop(i - 1, next)
  }
}
fn fib(n) {
  if n < 2 {
    n
  } else {
    a = fib(n - 1);
    b = fib(n - 2);
    a + b
  }
}
fn main() {
  a = loop(850000, 0);
  b = fib(22);
  c = reduce(add, map(square, range(20000)), 0);
  [a, b, c]
}
`

// BenchmarkBack makes steps back in a run of ten million instructions, from random instants and one after the other.
func BenchmarkBack(b *testing.B) {
	p := remember(b, tenMillion, 1)
	last := p.last()
	b.Logf("%d instructions", last.At)
	for name, m := range map[string]Motion{
		"over": {Kind: BackOver}, "in": {Kind: BackIn}, "out": {Kind: BackOut},
		"over by instruction": {Kind: BackOver, Instruction: true}, "in by instruction": {Kind: BackIn, Instruction: true},
	} {
		b.Run(name+", anywhere", func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 2))
			report(b, func() {
				require.NoError(b, p.set(replay.Instant{Thread: "0", At: random.Uint64N(last.At)}))
				_, err := p.machine(context.Background(), "0")
				require.NoError(b, err)
			}, p, m)
		})
		b.Run(name+", on and on", func(b *testing.B) {
			require.NoError(b, p.set(last))
			report(b, func() {
				if p.here.At == 0 {
					require.NoError(b, p.set(last))
				}
			}, p, m)
		})
	}
}

// report measures single motions.
func report(b *testing.B, prepare func(), p *past, m Motion) {
	b.Helper()
	var took []time.Duration
	for range b.N {
		prepare()
		began := time.Now()
		_, err := p.move(context.Background(), m, "0")
		took = append(took, time.Since(began))
		require.NoError(b, err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms/p95")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/max")
}
