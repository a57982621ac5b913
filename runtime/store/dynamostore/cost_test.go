package dynamostore_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What sessions cost in DynamoDB, as docs/durability.md says: the real engine on DynamoDB Local, in simulated time.

// python are functions without a memory.
var python = sim.Python{
	"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
		a.Take(time.Duration(n) * time.Second)
		return sim.Return(vm.Int(2 * n))
	},
	"py.fail": func(a *sim.Attempt) engine.CallResult { return sim.Raise("ValueError", "no "+vm.Show(a.Args[0])) },
}

const imports = "import(double, py, 1); #[at_most_once] import(double, py, 1, mayonce); #[retry(3)] import(fail, py, 1);\n"

// cost is the writes of a session, their units with those of the indexes, and the heads that it reads.
type cost struct{ writes, units, reads int }

func (c cost) plus(o cost) cost {
	return cost{c.writes + o.writes, c.units + o.units, c.reads + o.reads}
}

// session is one that does nothing: start (2 indexes), claim, finish.
var session = cost{3, 6, 0}

// bench runs programs in a table and says what they cost.
type bench struct {
	*meter
	store      engine.Store
	transcript *sim.Transcript // of the last run
}

// later lets a little time pass before a wake: in the world of the simulation none does while requests are made, so that an
// entry of the index would be moved to where it is. One that stays where an alarm has left it does so here too.
type later struct {
	engine.Store
	alarms map[engine.ID]time.Time
}

func (s later) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	s.alarms[p.ID] = p.Due
	return s.Store.Park(ctx, p)
}

func (s later) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	if !w.Due.Equal(s.alarms[w.ID]) {
		w.Due = w.Due.Add(time.Millisecond)
	}
	return s.Store.Wake(ctx, w)
}

func newBench(t testing.TB) *bench {
	b := &bench{meter: &meter{}}
	b.store = later{open(t, b.metered), map[engine.ID]time.Time{}}
	return b
}

func (b *bench) costOf(t testing.TB, program *bytecode.Program, seed uint64, args ...vm.Value) cost {
	t.Helper()
	before := b.so()
	got, err := sim.Run(sim.Case{Program: program, Function: "main", Args: args, Foreign: python, Seed: seed, Store: b.store})
	require.NoError(t, err)
	require.Nil(t, got.Result.Err)
	b.transcript = got
	spent := b.so().minus(before)
	assert.Equal(t, got.Requests.Writes+got.Swept.Writes, spent.writes, "each operation that writes is one request")
	assert.LessOrEqual(t, b.largest, 2048, "bytes of a head")
	return cost{spent.writes, spent.units, got.Requests.Reads}
}

func TestCost(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	for name, c := range map[string]struct {
		source string
		more   cost
	}{
		"nothing":                 {"fn main() { 1 }", cost{0, 0, 0}},
		"plain calls":             {"fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } } fn main() { map(f, range(50)); print(1) }", cost{0, 0, 0}},
		"a chain of Python calls": {imports + "fn main() { " + strings.Repeat("double(1); ", 20) + "}", cost{20, 20, 0}},
		"a loop of Python calls":  {imports + "fn loop(n) { if n == 0 { 0 } else { double(0); loop(n - 1) } } fn main() { loop(30) }", cost{30, 30, 0}},
		"at most once":            {imports + "fn main() { mayonce(1) }", cost{2, 2, 0}},
		"failed tries":            {imports + "fn main() { try { fail(1) } catch e { 0 } }", cost{3, 3, 0}},
		"a long sleep":            {"fn main() { sleep(100) }", cost{3, 5, 0}},
		"a short sleep":           {"fn main() { sleep(1) }", cost{0, 0, 0}},
		"child slower":            {"fn f() { sleep(1) } fn main() { await async f() }", cost{7, 7 + 4, 1}},
		"child slower, sleeping":  {"fn f() { sleep(10) } fn main() { await async f() }", cost{7 + 3, 7 + 4 + 5, 1}},
		"child faster":            {"fn f() { 1 } fn main() { a = async f(); sleep(1); await a }", cost{4, 4 + 2, 0}},
		"a Python child, faster":  {imports + "fn main() { a = async double(0); sleep(1); await a }", cost{4, 4 + 2, 0}},
		"a Hark child in between": {imports + "fn f() { double(0) } fn main() { a = async f(); sleep(1); await a }", cost{5, 5 + 2, 0}},
		"nobody awaits":           {"fn f() { 1 } fn main() { async f(); 1 }", cost{3, 5, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			b, program := newBench(t), compiled.Program(t, c.source)
			for seed := range uint64(3) {
				require.Equal(t, session.plus(c.more), b.costOf(t, program, seed), "seed %d", seed)
			}
		})
	}
}

// TestCostOfAwait: each of the three orders that there are, with the seeds that bring it about.
func TestCostOfAwait(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	program := compiled.Program(t, "fn f() { 1 } fn main() { await async f() }")
	want := map[cost]string{{7, 7 + 4, 1}: "child slower", {6, 6 + 4, 1}: "child between register and park", {4, 4 + 2, 0}: "child faster"}
	limits := (&dynamostore.Store{}).Limits()
	for seed := uint64(0); len(want) > 0 && seed < 300; seed++ {
		// In memory first, to see whether it is one of those that are wanted.
		got, err := sim.Run(sim.Case{Program: program, Function: "main", Seed: seed, Store: memstore.NewWithLimits(limits)})
		require.NoError(t, err)
		for c, row := range want {
			if c.writes+session.writes == got.Requests.Writes+got.Swept.Writes {
				assert.Equal(t, session.plus(c), newBench(t).costOf(t, program, seed), "%s: seed %d", row, seed)
				delete(want, c)
			}
		}
	}
	assert.Empty(t, want, "orders that did not come about")
}

// TestCostOfFanOut: three requests for each thread, and for the one that waits four for each wake, three for one that came before it
// was parked, one for a thread that had ended already; whatever the order in which they end. The heads that it reads are fewer
// than three for each.
func TestCostOfFanOut(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	for order, world := range map[string]struct {
		f     string
		sizes []int
	}{
		"any order":   {"fn f(i) { i }", []int{1, 10, 100}},
		"first first": {"fn f(i) { sleep(i / 1000.0) }", []int{20}},
		"last first":  {"fn f(i) { sleep((1000 - i) / 1000.0) }", []int{20}},
	} {
		program := compiled.Program(t, world.f+" fn main(n) { length(await map_async(f, range(n))) }")
		for _, n := range world.sizes {
			t.Run(fmt.Sprint(order, "/", n), func(t *testing.T) {
				b := newBench(t)
				got := b.costOf(t, program, 1, vm.Int(int64(n)))
				by := b.transcript.Requests.ByName
				woken := by["claim"] - n - 1
				early, ended := by["park"]-woken, by["register"]-by["park"]
				writes, units := 3*n+4*woken+3*early+ended, 5*n+6*woken+5*early+ended
				assert.Equal(t, session.plus(cost{writes, units, got.reads}), got, "%v", by)
				assert.LessOrEqual(t, float64(woken+early), 2+math.Log(float64(n))+3*math.Sqrt(math.Log(float64(n))), "on average 2 + ln n")
				assert.LessOrEqual(t, got.reads, 3*n)
			})
		}
	}
}
