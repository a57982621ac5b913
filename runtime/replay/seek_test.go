package replay_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

const computingSource = `
fn loop(n, all, sum) { if n == 0 { sum } else { x = nth(all, n % length(all)); loop(n - 1, all, (sum + x * n) % 1000003) } }
fn main(n, k) { loop(n, range(k), 0) }`

// computing is a session whose one thread executes about 15 instructions for each turn, and keeps so many numbers.
func computing(t testing.TB, turns, numbers int64) (*memstore.Store, string) {
	t.Helper()
	program := compiled.Program(t, computingSource)
	store := memstore.New()
	live(t, program, store, turns, numbers)
	return store, "seed0"
}

func live(t testing.TB, program *bytecode.Program, store *memstore.Store, turns, numbers int64) {
	t.Helper()
	got, err := sim.Run(sim.Case{
		Program: program, Function: "main", Args: []vm.Value{vm.Int(turns), vm.Int(numbers)}, Store: store,
	})
	require.NoError(t, err)
	require.Nil(t, got.Result.Err)
}

// TestGoingBackCostsLittle: around where somebody looks seek points are as close as it is near, whatever the budget.
func TestGoingBackCostsLittle(t *testing.T) {
	const budget = 20_000
	ctx := context.Background()
	store, session := computing(t, 200_000, 30)
	s := open(t, store, session)
	s.SetBudget(budget)
	thread := s.Root()
	last, stop, err := thread.Last(ctx)
	require.NoError(t, err)
	require.Equal(t, replay.Ended, stop)
	require.Greater(t, last.At, uint64(1_000_000))
	random := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		at := random.Uint64N(last.At)
		_, err := thread.At(ctx, at)
		require.NoError(t, err)
		for back := uint64(1); back < at; back *= 3 {
			from := thread.SeekPoint(at - back + 1)
			assert.LessOrEqual(t, at-back-from, max(2*back, 128<<10), "%d back from %d, from %d", back, at, from)
		}
		require.LessOrEqual(t, s.Memory(), int64(budget))
	}
}

// TestToAndFro: wherever one comes from, and however little memory there is, an instant is the same.
func TestToAndFro(t *testing.T) {
	ctx := context.Background()
	store, session := computing(t, 20_000, 500)
	whole := open(t, store, session).Root()
	for _, budget := range []int64{0, 5_000, 50_000, 1 << 30} {
		s := open(t, store, session)
		s.SetBudget(budget)
		random := rand.New(rand.NewPCG(2, uint64(budget)))
		at := uint64(0)
		for range 40 {
			switch random.IntN(4) {
			case 0:
				at = random.Uint64N(300_000)
			case 1:
				at -= min(at, 1)
			default:
				at -= min(at, random.Uint64N(20_000))
			}
			c, err := s.Root().At(ctx, at)
			if err != nil { // behind the end
				continue
			}
			want, err := whole.At(ctx, at)
			require.NoError(t, err)
			require.Equal(t, want.Machine().Encode(), c.Machine().Encode(), "at %d", at)
			require.LessOrEqual(t, s.Memory(), budget)
		}
	}
}

// TestCursorsStopAtTraps: a cursor stops before an instruction with a trap, each time, and goes on from there.
func TestCursorsStopAtTraps(t *testing.T) {
	ctx := context.Background()
	store, session := computing(t, 1_000, 5)
	s := open(t, store, session)
	code, err := s.Code(ctx)
	require.NoError(t, err)
	loop := -1
	for i := range code.Program().Funcs {
		if code.Program().Funcs[i].Name == "loop" {
			loop = i
		}
	}
	traps := vm.NewTraps(code)
	traps.Set(loop, 0)
	c, err := s.Root().At(ctx, 0)
	require.NoError(t, err)
	c.Machine().Attach(traps)
	for range 1_001 {
		stop, err := c.RunTo(ctx, 1<<40)
		require.NoError(t, err)
		require.Equal(t, replay.Trapped, stop)
		require.Equal(t, vm.Frame{Function: loop, PC: 0, Tails: c.Machine().Frames(1)[0].Tails}, c.Machine().Frames(1)[0])
	}
	stop, err := c.RunTo(ctx, 1<<40)
	require.NoError(t, err)
	require.Equal(t, replay.Ended, stop)
}

// TestGivingUp: reading stops when its context does, and goes on from there the next time.
func TestGivingUp(t *testing.T) {
	store, session := computing(t, 400_000, 5)
	s := open(t, store, session)
	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	s.OnProgress(func(i replay.Instant) {
		if told++; told == 3 {
			cancel()
		}
	})
	_, _, err := s.Root().Last(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, told, 10)
	_, stop, err := s.Root().Last(context.Background())
	require.NoError(t, err)
	require.Equal(t, replay.Ended, stop)
}

// TestSeekPointsInALongLog: a seek point stands in the log where its machine does, between answers and lines that have slots of their own.
func TestSeekPointsInALongLog(t *testing.T) {
	program := compiled.Program(t, imports+`
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn loop(n, s) { if n == 0 { 0 } else { x = double(0); print(s); sleep(0.1); loop(n - 1, s) } }
fn main() { loop(800, grow("0123456789", 10)) }`)
	store, rec, got := original(t, program, 0, false)
	ctx := context.Background()
	s := open(t, store, got.Session)
	thread := s.Root()
	require.NoError(t, thread.Check(ctx))
	last, _, err := thread.Last(ctx)
	require.NoError(t, err)
	points := 0
	for at := last.At; at > 0; at = thread.SeekPoint(at) {
		points++
	}
	require.Greater(t, points, 5, "of which those after many answers")
	instants := rec.instants("0")
	toAndFro(t, thread, instants, rec.state["0"], rand.New(rand.NewPCG(3, 3)))
	slots, err := thread.Slots(ctx)
	require.NoError(t, err)
	for at := last.At; at > 0; at = thread.SeekPoint(at) {
		c, err := thread.At(ctx, thread.SeekPoint(at))
		require.NoError(t, err)
		stop, err := c.RunTo(ctx, last.At)
		require.NoError(t, err)
		require.Equal(t, replay.Ended, stop)
		require.EqualValues(t, len(slots), c.NextSlot())
	}
}
