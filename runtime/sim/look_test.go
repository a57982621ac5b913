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
	"github.com/hark-lang/hark-ls/vm"
)

// Runs of many short steps, none of which lasts until the next look at the head.

// TestManyShortStepsKeepTheLease: nobody else begins to run a thread that calls, or sleeps, again and again.
func TestManyShortStepsKeepTheLease(t *testing.T) {
	for name, step := range map[string]string{"calls": "f(n)", "sleeps": "sleep(0.9); sleep(0.9)"} {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, `
#[at_most_once]
import(f, py, 1);
fn main() { loop(200) }
fn loop(n) { if n == 0 { 7 } else { `+step+`; loop(n - 1) } }`)
			runs := &claims{}
			got, err := sim.Run(sim.Case{
				Program: program, Function: "main", Lease: time.Minute, Observer: runs, Foreign: sim.Python{"py.f": takes(20 * time.Second)},
			})
			require.NoError(t, err)
			assert.Equal(t, "=> 7\n", got.String())
			assert.Equal(t, 1, runs.count)
		})
	}
}

// TestManyShortCallsAreCancelled: a thread of another process, which learns of the cancel from the store only, does not make
// the rest of its calls.
func TestManyShortCallsAreCancelled(t *testing.T) {
	program := compiled.Program(t, `
import(f, py, 1);
fn main() { loop(1000) }
fn loop(n) { if n == 0 { 7 } else { f(n); loop(n - 1) } }`)
	python, made := script(takes(time.Second))
	got, err := sim.Run(sim.Case{
		Program: program, Function: "main", Foreign: python,
		During: func(ctx context.Context, e *engine.Engine, session string) {
			assert.NoError(t, e.Clock.Sleep(ctx, 10*time.Second))
			assert.NoError(t, engine.New(e.Config).Cancel(ctx, session))
			assert.NoError(t, e.Clock.Sleep(ctx, time.Hour))
		},
	})
	require.NoError(t, err)
	require.NotNil(t, got.Result.Err)
	assert.Equal(t, vm.ErrCancelled, got.Result.Err.Kind)
	assert.Less(t, *made, 50)
}

// claims counts the runs.
type claims struct {
	engine.Quiet
	count int
}

func (c *claims) Event(e engine.Event) {
	if e.Kind == engine.ThreadClaimed {
		c.count++
	}
}
