package replay_test

import (
	"context"
	"encoding/json"
	"hash/crc32"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

// everything reads all that a replay can tell.
func everything(t testing.TB, s *replay.Session) []replay.Segment {
	t.Helper()
	ctx := context.Background()
	order, gaps, err := s.Order(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	lines, gaps, err := s.Lines(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	for _, seg := range order {
		thread, err := s.Thread(ctx, seg.Thread)
		require.NoError(t, err)
		_, err = thread.At(ctx, (seg.First+seg.Last)/2)
		require.NoError(t, err)
	}
	require.NotNil(t, append([]replay.Line{}, lines...))
	return order
}

// written is all that a store holds of a session, as text.
func written(t *testing.T, store engine.Store, session string) string {
	t.Helper()
	ctx := context.Background()
	var all []any
	err := engine.Walk(ctx, store, session, func(h *engine.Head) error {
		slots, marks, err := store.Slots(ctx, h.ID, 0)
		all = append(all, h, slots, marks)
		return err
	})
	require.NoError(t, err)
	due, err := store.Due(ctx, 0, "", time.Now().AddDate(100, 0, 0), 1000)
	require.NoError(t, err)
	text, err := json.Marshal(append(all, due))
	require.NoError(t, err)
	return string(text)
}

// TestNothingIsWritten: a session's records are the same after it was looked at.
func TestNothingIsWritten(t *testing.T) {
	for name, source := range worlds {
		t.Run(name, func(t *testing.T) {
			store, _, got := original(t, compiled.Program(t, imports+source), 3, true)
			before := written(t, store, got.Session)
			everything(t, open(t, store, got.Session))
			require.Equal(t, before, written(t, store, got.Session))
		})
	}
}

// TestHistoryInSQLite: records that were on a disk tell the same.
func TestHistoryInSQLite(t *testing.T) {
	for _, name := range []string{"calls", "which was first", "much output", "errors", "timeouts of threads"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sessions.db")
			store, err := sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
			require.NoError(t, err)
			rec := newRecorder(1, 9)
			got, err := sim.Run(sim.Case{Program: compiled.Program(t, imports+worlds[name]), Function: "main", Store: store, Runner: rec, Foreign: python})
			require.NoError(t, err)
			require.NoError(t, store.Close())
			store, err = sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
			require.NoError(t, err)
			defer func() { require.NoError(t, store.Close()) }()
			sameHistory(t, store, rec, got.Session, 1)
			s := open(t, store, got.Session)
			soundOrder(t, s, rand.New(rand.NewPCG(1, 9)))
			soundLines(t, s, got)
		})
	}
}

// TestClocksThatDisagree: wherever the clocks stood of the computers that ran the threads, nothing comes before its cause.
func TestClocksThatDisagree(t *testing.T) {
	for name, source := range worlds {
		t.Run(name, func(t *testing.T) {
			store, _, got := original(t, compiled.Program(t, imports+source), 5, true)
			r := readOnly(store)
			off := func(thread string) time.Duration {
				return time.Duration(crc32.ChecksumIEEE([]byte(thread))%200) * time.Second
			}
			r.head = func(h *engine.Head) {
				h.Started, h.Ended = h.Started.Add(-off(h.ID.Thread)), h.Ended.Add(-off(h.ID.Thread))
			}
			r.changed = func(slots []engine.Slot) []engine.Slot {
				for i := range slots {
					slots[i].Ended = slots[i].Ended.Add(-off(slots[i].ID.Thread))
				}
				return slots
			}
			s, err := replay.Open(context.Background(), r, got.Session)
			require.NoError(t, err)
			soundOrder(t, s, rand.New(rand.NewPCG(5, 9)))
		})
	}
}

// TestManyAtOnce: several may look at a session at the same time.
func TestManyAtOnce(t *testing.T) {
	store, _, got := original(t, compiled.Program(t, imports+worlds["a tree"]), 2, false)
	want := everything(t, open(t, store, got.Session))
	s := open(t, store, got.Session)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			assert.Equal(t, want, everything(t, s))
			thread := s.Root()
			last, _, err := thread.Last(context.Background())
			assert.NoError(t, err)
			c, err := thread.At(context.Background(), 0)
			assert.NoError(t, err)
			for c.Instant() != last {
				_, err := c.Step(context.Background())
				assert.NoError(t, err)
			}
			assert.Equal(t, replay.Returned, thread.Status())
		})
	}
	all.Wait()
}

var _ engine.Reader = (*memstore.Store)(nil)
