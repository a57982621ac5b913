package engine_test

import (
	"context"
	"errors"
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

// withoutProgram is a store whose programs cannot be read.
type withoutProgram struct{ engine.Store }

func (withoutProgram) Program(context.Context, string) ([]byte, error) {
	return nil, errors.New("the disk is broken here")
}

// TestRunsThatCannotBegin: a run that cannot read its program has not died, nor does it make the dead forgotten.
func TestRunsThatCannotBegin(t *testing.T) {
	const usual = "1"
	for _, c := range []struct {
		steps string // d: a run dies; b: one cannot begin
		want  string
	}{
		{"", usual},
		{"dbbbbbbbb", usual},
		{"ddddbbbb", usual},
		{"bbbbbbbbbb", usual},
		{"dbdbdbdbd", "Crash: the thread's process died 5 times at the same place"},
		{"dddbbbdd", "Crash: the thread's process died 5 times at the same place"},
		{"ddddd", "Crash: the thread's process died 5 times at the same place"},
	} {
		for _, main := range []string{"fn main() { 1 }", "fn main() { sleep(5); 1 }"} {
			t.Run(fmt.Sprint(c.steps, " ", main), func(t *testing.T) { dying(t, main, c.steps, c.want) })
		}
	}
}

func dying(t *testing.T, main, steps, want string) {
	clock := &handClock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	store, x := memstore.New(), &byHand{}
	e := engine.New(engine.Config{Store: store, Executor: x, Clock: clock})
	session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, main), Function: "main"})
	require.NoError(t, err)
	id := engine.ID{Session: session, Thread: engine.Root}
	if main != "fn main() { 1 }" { // from a snapshot
		require.NoError(t, e.Run(t.Context(), id))
		clock.move(time.Minute)
		require.NoError(t, e.Sweep(t.Context()))
	}
	blind := engine.New(engine.Config{Store: withoutProgram{store}, Executor: x, Clock: clock})
	for i, step := range steps {
		clock.move(2 * time.Hour)
		if step == 'd' {
			_, ok, err := store.Claim(t.Context(), engine.Claim{ID: id, Token: fmt.Sprint(i), Now: clock.Now(), Lease: clock.Now().Add(time.Hour)})
			require.NoError(t, err)
			require.True(t, ok)
			continue
		}
		require.ErrorContains(t, blind.Run(t.Context(), id), "the disk is broken here")
		heads, err := store.Heads(t.Context(), []engine.ID{id})
		require.NoError(t, err)
		require.True(t, heads[0].Claimable(clock.Now()), "it is given back at once")
	}
	clock.move(2 * time.Hour)
	require.NoError(t, e.Run(t.Context(), id))
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	if result.Err != nil {
		assert.Equal(t, want, result.Err.Error())
		return
	}
	assert.Equal(t, want, vm.Show(result.Value))
}
