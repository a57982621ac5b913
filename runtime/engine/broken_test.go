package engine_test

import (
	"context"
	"errors"
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

// without is a store from which something cannot be read: a program, or a head.
type without struct {
	engine.Store
	program string
	head    engine.ID
}

var errBroken = errors.New("the disk is broken here")

func (s *without) Program(ctx context.Context, hash string) ([]byte, error) {
	if hash == s.program {
		return nil, errBroken
	}
	return s.Store.Program(ctx, hash)
}

func (s *without) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	for _, id := range ids {
		if id == s.head {
			return nil, errBroken
		}
	}
	return s.Store.Heads(ctx, ids)
}

// started is a session that nobody has run yet.
func started(t *testing.T, store engine.Store) engine.ID {
	t.Helper()
	e := engine.New(engine.Config{Store: store, Executor: lost{}})
	session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, "fn main() { 1 + 1 }"), Function: "main"})
	require.NoError(t, err)
	return engine.ID{Session: session, Thread: engine.Root}
}

// A run that does not get as far as its program gives the thread back at once: when the cause is gone, it goes on.
func TestARunThatCannotBeginGivesItsThreadBack(t *testing.T) {
	store := memstore.New()
	root := started(t, store)
	heads, err := store.Heads(t.Context(), []engine.ID{root})
	require.NoError(t, err)

	e := engine.New(engine.Config{Store: &without{Store: store, program: heads[0].Program}, Executor: local.New()})
	require.ErrorIs(t, e.Run(t.Context(), root), errBroken)
	heads, err = store.Heads(t.Context(), []engine.ID{root})
	require.NoError(t, err)
	assert.True(t, heads[0].Claimable(time.Now()))

	e = engine.New(engine.Config{Store: store, Executor: local.New()})
	require.NoError(t, e.Resume(t.Context(), root.Session))
	result, err := e.Wait(t.Context(), root.Session)
	require.NoError(t, err)
	assert.Equal(t, "2", vm.Show(result.Value))
}

// A thread that cannot be looked at does not keep the sweep from the others.
func TestTheSweepGoesOnBehindABrokenThread(t *testing.T) {
	store := memstore.New()
	first, second := started(t, store), started(t, store)
	for _, broken := range []engine.ID{first, second} {
		clock := later{time.Hour}
		invoked := &invocations{}
		e := engine.New(engine.Config{Store: &without{Store: store, head: broken}, Executor: invoked, Clock: clock})
		require.ErrorIs(t, e.Sweep(t.Context()), errBroken)
		assert.Len(t, invoked.ids, 1)
		assert.NotContains(t, invoked.ids, broken)
		// Look at it again next time.
		heads, err := store.Heads(t.Context(), invoked.ids)
		require.NoError(t, err)
		_, err = store.SetDue(t.Context(), heads[0].ID, heads[0].Due, time.Now(), 0)
		require.NoError(t, err)
	}
}

// later is a clock that is ahead.
type later struct{ by time.Duration }

func (l later) Now() time.Time                           { return time.Now().Add(l.by) }
func (later) Sleep(context.Context, time.Duration) error { return nil }
func (later) AfterFunc(time.Duration, func()) func()     { return func() {} }

// invocations are those that an engine asked for.
type invocations struct {
	engine.Alone
	ids []engine.ID
}

func (x *invocations) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	x.ids = append(x.ids, id)
	e.Returned(id, nil)
	return nil
}
