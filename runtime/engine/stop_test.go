package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
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

// versioned is a store of which other processes' writes are seen at once.
type versioned struct {
	engine.Store
	version atomic.Int64
}

func (s *versioned) Version(context.Context) (int64, error) { return s.version.Load(), nil }

// endless are Python calls that go on until they are stopped.
type endless struct{ begun, stopped chan struct{} }

func (p endless) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	p.begun <- struct{}{}
	<-ctx.Done()
	p.stopped <- struct{}{}
	return engine.CallResult{}, ctx.Err()
}

// TestCancelledElsewhere: a process that waits for a session sees that another one has cancelled it, and stops the calls that it makes.
func TestCancelledElsewhere(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // less than it takes for the calls to look by themselves
	defer cancel()
	store := &versioned{Store: memstore.New()}
	python := endless{make(chan struct{}, 3), make(chan struct{}, 3)}
	e := engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: python})
	program := compiled.Program(t, "import(f, py, 1);\nfn main() { await [async f(1), async f(2), async f(3)] }")
	session, err := e.Start(ctx, engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	ended := make(chan engine.Result)
	go func() {
		result, err := e.Wait(ctx, session)
		assert.NoError(t, err)
		ended <- result
	}()
	for range 3 {
		<-python.begun
	}
	other := engine.New(engine.Config{Store: store, Executor: local.New()})
	require.NoError(t, other.Cancel(ctx, session))
	store.version.Add(1)
	for range 3 {
		select {
		case <-python.stopped:
		case <-ctx.Done():
			require.Fail(t, "a call goes on")
		}
	}
	assert.Equal(t, vm.ErrCancelled, (<-ended).Err.Kind)
	require.NoError(t, e.Close())
}

// strict refuses requests whose context has ended, as a store outside of the process does.
type strict struct{ engine.Store }

func (s strict) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	if ctx.Err() != nil {
		return engine.Head{}, false, ctx.Err()
	}
	return s.Store.Wake(ctx, w)
}

// TestWhoEndsItselfWakes: a run that ends its own thread, because its time is over, wakes those who wait for it.
func TestWhoEndsItselfWakes(t *testing.T) {
	clock := &handClock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	x := &byHand{}
	e := engine.New(engine.Config{Store: strict{memstore.New()}, Executor: x, Clock: clock})
	program := compiled.Program(t, "#[timeout(5)]\nfn slow() { 1 }\nfn main() { try { await async slow() } catch e { get(e, \"kind\") } }")
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	x.run(t, e) // main, which waits
	clock.move(time.Minute)
	x.run(t, e) // slow, which is late
	x.run(t, e) // main, if it was woken
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	assert.Equal(t, "Timeout", vm.Show(result.Value))
}

// byHand lets runs happen one by one.
type byHand struct {
	engine.Alone
	ids []engine.ID
}

func (x *byHand) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	x.ids = append(x.ids, id)
	e.Returned(id, nil)
	return nil
}

func (x *byHand) run(t *testing.T, e *engine.Engine) {
	t.Helper()
	if len(x.ids) == 0 {
		return
	}
	id := x.ids[0]
	x.ids = x.ids[1:]
	if err := e.Run(t.Context(), id); !errors.Is(err, context.Canceled) {
		require.NoError(t, err)
	}
}
