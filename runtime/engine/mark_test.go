package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// overtaking is a store in which, just before a run marks a call, another one claims its thread, because the lease is over, and marks
// the call itself.
type overtaking struct{ engine.Store }

func (s *overtaking) PutMark(ctx context.Context, m engine.Mark) (engine.Mark, bool, error) {
	later := time.Now().Add(24 * time.Hour)
	head, ok, err := s.Store.Claim(ctx, engine.Claim{ID: m.ID, Token: "another run", Now: later, Lease: later.Add(time.Hour)})
	if err != nil || !ok {
		return m, false, err
	}
	theirs := m
	theirs.Epoch = head.Epoch
	if _, _, err := s.Store.PutMark(ctx, theirs); err != nil {
		return m, false, err
	}
	return s.Store.PutMark(ctx, m)
}

// A run that is left over finds the mark of the one that has the thread now: that is making the call, which has not failed.
func TestACallOfALaterRunIsNotCutOff(t *testing.T) {
	for _, call := range []string{"f(1)", "await async f(1)"} {
		store := &overtaking{memstore.New()}
		e := engine.New(engine.Config{Store: store, Executor: lost{}})
		program := compiled.Program(t, "#[at_most_once]\nimport(f, py, 1);\nfn main() { "+call+" }")
		session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
		require.NoError(t, err)
		for _, thread := range []string{engine.Root, "0.0"} {
			require.NoError(t, e.Run(t.Context(), engine.ID{Session: session, Thread: thread}))
		}
		threads, err := e.Threads(t.Context(), session)
		require.NoError(t, err)
		for _, h := range threads {
			slots, _, err := store.Slots(t.Context(), h.ID, 0)
			require.NoError(t, err)
			assert.Empty(t, slots, "%s of %s", h.ID.Thread, call)
			assert.False(t, h.Done, "%s of %s", h.ID.Thread, call)
		}
	}
}
