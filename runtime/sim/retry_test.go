package sim_test

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
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/vm"
)

// retried is a session that fails until somebody mends what it calls.
const retried = `
import(count, py, 1);
import(flaky, py, 1);
fn leaf(i) { count(i) + flaky(i) }
fn caught(i) { try { flaky(i) } catch e { get(e, "kind") } }
fn main() {
  print("begin");
  a = await map_async(leaf, range(3));
  b = await async caught(7);
  c = count(10);
  sleep(5);
  d = await map_async(leaf, [3, 4]);
  print("end");
  [a, b, c, d, await future("x")]
}`

// TestRetry: a session that failed is retried in worlds where runs die, invocations get lost and requests fail, the retry's own too. What
// comes of it is what would have come of it, and where nobody dies no call is made again that has its answer.
func TestRetry(t *testing.T) {
	program := compiled.Program(t, retried)
	for name, faults := range map[string]sim.Faults{
		"order": {}, "invocations": {Lose: 100, Double: 150, Late: 100}, "deaths": {Kill: 12}, "requests": {Fail: 15}, "left over": {Stall: 15, Double: 50},
		"everything": {Kill: 4, Lose: 50, Double: 80, Late: 50, Fail: 4, Stall: 4, Lag: 200, Forget: 50},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range seeds() {
				p := &mended{calls: map[string]int{}}
				_, err := sim.Run(sim.Case{
					Program: program, Function: "main", Seed: seed, Foreign: p.python(), Faults: faults, Lease: time.Minute, Engines: 2, Steps: 300_000,
					During: func(ctx context.Context, e *engine.Engine, session string) { p.retry(t, ctx, e, session) },
				})
				require.NoError(t, err, "seed %d", seed)
				require.Equal(t, `[[0, 101, 202], "E", 10, [303, 404], 7]`, p.got, "seed %d", seed)
				for call, n := range p.calls {
					if name == "order" {
						require.Equal(t, 1, n, "seed %d: %s", seed, call)
					}
				}
			}
		})
	}
}

// mended is Python that raises until it is mended, and the session that is retried then.
type mended struct {
	sound bool
	calls map[string]int // those that returned
	got   string
}

func (p *mended) python() sim.Python {
	return sim.Python{
		"py.count": func(a *sim.Attempt) engine.CallResult {
			p.calls["count"+vm.Show(a.Args[0])]++
			return sim.Return(a.Args[0])
		},
		"py.flaky": func(a *sim.Attempt) engine.CallResult {
			n, _ := a.Args[0].Int64()
			if n == 7 || !p.sound && n > 2 {
				return sim.Raise("E", "not yet")
			}
			p.calls["flaky"+vm.Show(a.Args[0])]++
			return sim.Return(vm.Int(100 * n))
		},
	}
}

// retry waits for the session's failure and retries it, whatever becomes of requests.
func (p *mended) retry(t *testing.T, ctx context.Context, e *engine.Engine, session string) {
	failed := p.end(ctx, e, session)
	assert.Equal(t, "E", failed.Err.Kind)
	p.sound = true
	again := ""
	for tries := 0; again == ""; tries++ {
		var err error
		again, err = e.Retry(ctx, session, nil)
		if err != nil && (tries > 100 || errors.Is(err, engine.ErrNothingFailed) || errors.Is(err, engine.ErrNotOver)) {
			assert.NoError(t, err)
			return
		}
	}
	for e.Resume(ctx, again) != nil {
	}
	for {
		if _, err := e.Resolve(ctx, again, "x", vm.Int(7)); err == nil {
			break
		}
	}
	result := p.end(ctx, e, again)
	p.got = fmt.Sprint(vm.Show(result.Value))
	if result.Err != nil {
		p.got = result.Err.Error()
	}
}

// end waits for a session's end.
func (p *mended) end(ctx context.Context, e *engine.Engine, session string) engine.Result {
	for {
		result, over, err := e.Look(ctx, session)
		if err == nil && over {
			return result
		}
		_ = e.Clock.Sleep(ctx, time.Second)
	}
}
