package replay_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

const benchTurns = 700_000 // about ten million instructions

// BenchmarkRead is executing a thread again for the first time, seek points included; compare with BenchmarkLive.
func BenchmarkRead(b *testing.B) {
	ctx := context.Background()
	for name, numbers := range map[string]int64{"small": 30, "large": 30_000} {
		b.Run(name, func(b *testing.B) {
			store, session := computing(b, benchTurns, numbers)
			b.ResetTimer()
			for range b.N {
				s := open(b, store, session)
				last, _, err := s.Root().Last(ctx)
				require.NoError(b, err)
				b.ReportMetric(float64(last.At), "instructions")
				b.ReportMetric(float64(s.Memory()), "seek-bytes")
			}
		})
	}
}

// BenchmarkLive is the original run.
func BenchmarkLive(b *testing.B) {
	for name, numbers := range map[string]int64{"small": 30, "large": 30_000} {
		b.Run(name, func(b *testing.B) {
			program := compiled.Program(b, computingSource)
			for range b.N {
				live(b, program, memstore.New(), benchTurns, numbers)
			}
		})
	}
}

// BenchmarkStepBack goes back instruction by instruction in a thread of ten million.
func BenchmarkStepBack(b *testing.B) {
	for name, numbers := range map[string]int64{"small": 30, "large": 30_000} {
		b.Run(name, func(b *testing.B) {
			store, session := computing(b, benchTurns, numbers)
			s := open(b, store, session)
			last, _, err := s.Root().Last(context.Background())
			require.NoError(b, err)
			at := last.At
			b.ResetTimer()
			for range b.N {
				at--
				_, err := s.Root().At(context.Background(), at)
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkJump goes to random instants of such a thread.
func BenchmarkJump(b *testing.B) {
	store, session := computing(b, benchTurns, 30)
	s := open(b, store, session)
	last, _, err := s.Root().Last(context.Background())
	require.NoError(b, err)
	at := uint64(0)
	b.ResetTimer()
	for range b.N {
		at = (at*6364136223846793005 + 1442695040888963407) % last.At
		_, err := s.Root().At(context.Background(), at)
		require.NoError(b, err)
	}
}

// BenchmarkOpen lists a session of a thousand threads, and puts it in order.
func BenchmarkOpen(b *testing.B) {
	store, session := many(b, 1000, true)
	for name, look := range map[string]func(*replay.Session) error{
		"list":  func(s *replay.Session) error { _, _, err := s.Threads(context.Background()); return err },
		"order": func(s *replay.Session) error { _, _, err := s.Order(context.Background()); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				require.NoError(b, look(open(b, store, session)))
			}
		})
	}
}
