package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// lost lets no run happen.
type lost struct{ engine.Alone }

func (lost) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	e.Returned(id, nil)
	return nil
}

// A lease does not keep a session from being gone on with when its process has ended; that of one that lives does.
func TestLeasesOfDeadProcesses(t *testing.T) {
	store := memstore.New()
	first := engine.New(engine.Config{Store: store, Executor: lost{}, Owner: "first"})
	session, err := first.Start(t.Context(), engine.Session{Program: compiled.Program(t, "fn main() { 1 + 1 }"), Function: "main"})
	require.NoError(t, err)
	root := engine.ID{Session: session, Thread: engine.Root}
	_, claimed, err := store.Claim(t.Context(), engine.Claim{ID: root, Token: first.Token(), Now: time.Now(), Lease: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	require.True(t, claimed)

	gone := false
	second := engine.New(engine.Config{Store: store, Executor: local.New(), Owner: "second", Gone: func(owner string) bool {
		assert.Equal(t, "first", owner)
		return gone
	}})
	require.NoError(t, second.Run(t.Context(), root))
	_, over, err := second.Look(t.Context(), session)
	require.NoError(t, err)
	assert.False(t, over, "the first process may still be at it")

	gone = true
	require.NoError(t, second.Resume(t.Context(), session))
	result, err := second.Wait(t.Context(), session)
	require.NoError(t, err)
	assert.Equal(t, "2", vm.Show(result.Value))
}
