package fork_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// answer is one that a thread got.
type answer struct {
	thread string
	slot   uint64
	first  replay.Instant // just after it
}

// answers are those of all Python calls.
func answers(t *testing.T, s *replay.Session) []answer {
	t.Helper()
	order, _, err := s.Order(context.Background())
	require.NoError(t, err)
	var all []answer
	for _, seg := range order {
		if seg.Origin == replay.Called {
			all = append(all, answer{seg.Thread, uint64(max(seg.Slot, 0)), replay.Instant{Thread: seg.Thread, At: seg.First}})
		}
	}
	return all
}

// lying is a Python that answers one call otherwise.
func lying(calls *[]string, a answer, v vm.Value) sim.Python {
	honest := python(calls)
	for name, f := range honest {
		honest[name] = func(attempt *sim.Attempt) engine.CallResult {
			result := f(attempt)
			if attempt.ID.Thread == a.thread && attempt.Slot == a.slot {
				return sim.Return(v)
			}
			return result
		}
	}
	return honest
}

// TestChangedAnswers: a fork in which a call was answered otherwise ends as a run does in which it is.
func TestChangedAnswers(t *testing.T) {
	for name, source := range programs {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range uint64(testkit.Amount(6, 3)) {
				changeOne(t, program, seed)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func changeOne(t *testing.T, program *bytecode.Program, seed uint64) {
	t.Helper()
	ctx, random := context.Background(), rand.New(rand.NewPCG(seed, 6))
	old := run(t, program, seed)
	from := old.open(t)
	all := answers(t, from)
	a, v := all[random.IntN(len(all))], vm.Int(int64(1+random.IntN(20)))
	at, _, err := from.Root().Last(ctx)
	require.NoError(t, err)
	if random.IntN(2) == 0 {
		at = a.first
	}
	store := memstore.New()
	made, err := fork.Make(ctx, from, store, fork.Options{At: at, Answers: []fork.Answer{{Thread: a.thread, Slot: a.slot, Value: v}}})
	require.NoError(t, err, "%+v", a)
	var calls, again []string
	want, err := sim.Run(sim.Case{Program: program, Function: "main", Seed: seed, Foreign: lying(&calls, a, v)})
	require.NoError(t, err)
	got, err := sim.Run(sim.Case{Program: program, Resume: made.Session, Seed: seed, Store: store, Foreign: python(&again)})
	require.NoError(t, err)
	require.Equal(t, ending(want), ending(got), "%+v is %s, at %v", a, vm.Show(v), at)
	require.NoError(t, check(t, store, made.Session))
}

// ending is how a session ended.
func ending(t *sim.Transcript) string {
	if t.Result.Err != nil {
		return fmt.Sprint(t.Result.Err.Kind, t.Result.Err.Message)
	}
	return vm.Show(t.Result.Value)
}

// TestForksOfRunningSessions: whatever is under way when the fork is made, it ends as the session does.
func TestForksOfRunningSessions(t *testing.T) {
	for name, source := range programs {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range uint64(testkit.Amount(8, 3)) {
				forkUnderWay(t, program, seed)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func forkUnderWay(t *testing.T, program *bytecode.Program, seed uint64) {
	t.Helper()
	random, from, store := rand.New(rand.NewPCG(seed, 8)), memstore.New(), memstore.New()
	var calls []string
	var made *fork.Fork
	old, err := sim.Run(sim.Case{
		Program: program, Function: "main", Seed: seed, Store: from, Foreign: python(&calls), Slice: 1, Fuel: 7,
		During: func(ctx context.Context, e *engine.Engine, session string) {
			_ = e.Clock.Sleep(ctx, time.Duration(random.IntN(8000))*time.Millisecond)
			s, err := replay.Open(ctx, from, session)
			require.NoError(t, err)
			made, err = fork.Make(ctx, s, store, fork.Options{At: instant(t, s, random), Clock: e.Clock})
			require.NoError(t, err)
			sameState(t, s, store, made)
		},
	})
	require.NoError(t, err)
	again, err := sim.Run(sim.Case{Program: program, Resume: made.Session, Seed: seed, Store: store, Foreign: python(&calls)})
	require.NoError(t, err)
	require.Equal(t, ending(old), ending(again), "at %v", made.Stop)
	require.NoError(t, check(t, store, made.Session))
}
