package sim_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// Sessions that are cancelled while a run stands still. What it starts when it goes on is none of those threads that go on.

// TestCancelOfTheFrozen: the threads that are left over sleep for longer than the session may take.
func TestCancelOfTheFrozen(t *testing.T) {
	program := compiled.Program(t, `
fn idle() { sleep(1000000) }
fn busy(n) { if n == 0 { 0 } else { busy(n - 1) } }
fn tree(n) { sleep(0.1); busy(40); async idle(); if n > 0 { busy(40); async tree(n - 1); async tree(n - 1) } }
fn main() { async tree(2); async tree(1); await future("never") }`)
	for seed := range 4 * seeds() {
		got, err := sim.Run(sim.Case{
			Program: program, Function: "main", Seed: seed, Faults: sim.Faults{Stall: 15, Kill: 2, Double: 50}, Lease: time.Minute, Fuel: 20, Engines: 3,
			During: func(ctx context.Context, e *engine.Engine, session string) {
				assert.NoError(t, e.Clock.Sleep(ctx, time.Duration(seed%20)*37*time.Millisecond))
				assert.NoError(t, e.Cancel(ctx, session))
			},
		})
		require.NoError(t, err, "seed %d", seed)
		require.NotNil(t, got.Result.Err, "seed %d", seed)
		assert.Equal(t, vm.ErrCancelled, got.Result.Err.Kind)
		assert.Less(t, got.Took, 200*time.Hour, "seed %d", seed)
	}
}

// standingStill lets whoever starts a thread stand still before that.
type standingStill struct {
	engine.Store
	clock  engine.Clock
	thread string
	takes  time.Duration
}

func (s *standingStill) Create(ctx context.Context, h engine.Head) (bool, error) {
	if h.ID.Thread == s.thread {
		_ = s.clock.Sleep(ctx, s.takes)
	}
	return s.Store.Create(ctx, h)
}

// TestCancelBeforeAStart: the run has begun to start a thread when the session is cancelled, and does so when nobody looks any more.
func TestCancelBeforeAStart(t *testing.T) {
	program := compiled.Program(t, `
fn idle() { sleep(1000000) }
fn parent() { sleep(0.5); async idle() }
fn main() { async parent(); await future("never") }`)
	for name, takes := range map[string]time.Duration{"seconds": 5 * time.Second, "a minute": time.Minute, "minutes": 3 * time.Minute, "hours": 3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			store := &standingStill{Store: memstore.New(), thread: "0.0.0", takes: takes}
			got, err := sim.Run(sim.Case{
				Program: program, Function: "main", Store: store,
				During: func(ctx context.Context, e *engine.Engine, session string) {
					store.clock = e.Clock
					assert.NoError(t, e.Clock.Sleep(ctx, time.Second))
					assert.NoError(t, engine.New(e.Config).Cancel(ctx, session)) // another process
					assert.NoError(t, e.Clock.Sleep(ctx, 4*time.Hour))
				},
			})
			require.NoError(t, err)
			require.Len(t, got.Result.Abandoned, 2)
			for _, f := range got.Result.Abandoned {
				assert.Equal(t, vm.ErrCancelled, f.Err.Kind, f.ID.Thread)
			}
			assert.Less(t, got.Took, 5*time.Hour)
		})
	}
}
