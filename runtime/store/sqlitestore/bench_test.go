package sqlitestore

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What requests cost. A thread is create, claim, finish; a Python call is one slot.

var levels = map[string]Options{"soon": {}, "always": {Sync: SyncAlways}}

func BenchmarkThread(b *testing.B) {
	for name, o := range levels {
		b.Run(name, func(b *testing.B) {
			s := open(b, o)
			for n := 0; b.Loop(); n++ {
				live(b, s, n)
			}
		})
	}
}

// BenchmarkThreads is with as many requests at a time as one run has in flight.
func BenchmarkThreads(b *testing.B) {
	for name, o := range levels {
		b.Run(name, func(b *testing.B) {
			s := open(b, o)
			var n atomic.Int64
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					live(b, s, int(n.Add(1)))
				}
			})
		})
	}
}

func live(b *testing.B, s *Store, n int) {
	now := time.Now()
	id := engine.ID{Session: "s01j0000000000000000000000", Thread: fmt.Sprint("0.", n)}
	h := engine.Head{
		ID: id, Entry: engine.Data{Bytes: make([]byte, 200)}, Function: "f", Parent: "0", Program: fmt.Sprintf("%064x", 1),
		Started: now, Expires: now.Add(time.Hour), Due: now.Add(time.Minute),
	}
	_, err := s.Create(b.Context(), h)
	require.NoError(b, err)
	_, _, err = s.Claim(b.Context(), engine.Claim{ID: id, Token: "token", Now: now, Lease: now.Add(time.Hour)})
	require.NoError(b, err)
	_, _, err = s.Finish(b.Context(), engine.Finish{ID: id, Answer: engine.Answer{Value: engine.Data{Bytes: make([]byte, 50)}}, Ended: now})
	require.NoError(b, err)
}

func BenchmarkSlot(b *testing.B) {
	for name, o := range levels {
		b.Run(name, func(b *testing.B) {
			s := open(b, o)
			id := engine.ID{Session: "s01j0000000000000000000000", Thread: engine.Root}
			_, err := s.Create(b.Context(), engine.Head{ID: id})
			require.NoError(b, err)
			for n := uint64(0); b.Loop(); n++ {
				_, _, err := s.PutSlot(b.Context(), engine.Slot{ID: id, Number: n, Kind: engine.SlotCall, Answer: engine.Answer{Value: engine.Data{Bytes: make([]byte, 100)}}})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkHead(b *testing.B) {
	s := open(b, Options{})
	live(b, s, 1)
	ids := []engine.ID{{Session: "s01j0000000000000000000000", Thread: "0.1"}}
	for b.Loop() {
		_, err := s.Heads(b.Context(), ids)
		require.NoError(b, err)
	}
}

func BenchmarkHeads(b *testing.B) {
	s := open(b, Options{})
	var ids []engine.ID
	for i := range batch {
		live(b, s, i)
		ids = append(ids, engine.ID{Session: "s01j0000000000000000000000", Thread: fmt.Sprint("0.", i)})
	}
	for b.Loop() {
		_, err := s.Heads(b.Context(), ids)
		require.NoError(b, err)
	}
}

func BenchmarkBlob(b *testing.B) {
	for _, size := range []int{64 << 10, 64 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, Options{})
			value := make([]byte, size)
			b.SetBytes(int64(size))
			for n := 0; b.Loop(); n++ {
				digest := fmt.Sprint(n)
				require.NoError(b, s.PutBlob(b.Context(), engine.Blob{Session: "s", Digest: digest, Value: value}))
				_, err := s.Blob(b.Context(), "s", digest)
				require.NoError(b, err)
			}
		})
	}
}
