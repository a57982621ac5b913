package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// A thread that waits for any of several futures, and for more than its head names, is left alone by the sweep, which looks less and
// less often; and if the wake of one that has ended got lost, it is made good for.
func TestAThreadThatWaitsForTheFirstOfManyIsNotRun(t *testing.T) {
	for _, n := range []int{engine.MaxTargets, engine.MaxTargets + 1, 20} {
		clock := &handClock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
		store := memstore.New()
		e := engine.New(engine.Config{Store: store, Executor: lost{}, Clock: clock})
		program := compiled.Program(t, fmt.Sprintf("fn main() { first_of(map(future, map(str, range(%d)))) }", n))
		session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
		require.NoError(t, err)
		root := engine.ID{Session: session, Thread: engine.Root}
		require.NoError(t, e.Run(t.Context(), root))
		for range 240 {
			clock.move(time.Minute)
			require.NoError(t, e.Sweep(t.Context()))
		}
		heads, err := store.Heads(t.Context(), []engine.ID{root})
		require.NoError(t, err)
		assert.True(t, heads[0].Parked(), "first of %d", n)
		assert.Greater(t, heads[0].Poll, time.Hour, "first of %d", n)

		last := engine.ID{Session: session, Thread: engine.OutsideFuture(fmt.Sprint(n - 1))}
		value, err := vm.EncodeValue(nil, vm.Int(7))
		require.NoError(t, err)
		_, _, err = store.Finish(t.Context(), engine.Finish{ID: last, Answer: engine.Answer{Value: engine.Data{Bytes: value}}, Ended: clock.Now()})
		require.NoError(t, err)
		clock.move(25 * time.Hour)
		require.NoError(t, e.Sweep(t.Context()))
		require.NoError(t, e.Run(t.Context(), root))
		_, over, err := e.Look(t.Context(), session)
		require.NoError(t, err)
		assert.True(t, over, "first of %d", n)
	}
}
