package replay_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// History: what is executed again from the records is what was executed, at every instant. The original runs are those of worlds in which
// threads are preempted after every few instructions, die, come twice and lose requests.

// recorder is a Runner that takes down the state of machines before and after each portion.
type recorder struct {
	mu   sync.Mutex
	most uint64 // of instructions in a portion, for a random number of them; 0 for what the engine wants
	// growing: the portions of one that runs for long get longer.
	growing bool
	rand    *rand.Rand
	state   map[string]map[uint64][32]byte
	wrong   []string
	engine.Quiet
	preempted int
	// function is that of each thread. One that is a single Python call has as many states behind it as there were answers,
	// until its end decides which of them counts: at such instants, undecided, nothing can be compared.
	function  map[string]string
	undecided map[string]map[uint64]bool
}

// Event counts preemptions, and takes down the functions of threads.
func (r *recorder) Event(e engine.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e.Kind {
	case engine.ThreadPreempted:
		r.preempted++
	case engine.ThreadClaimed:
		r.function[e.ID.Thread] = e.Function
	}
}

// alone says whether a thread is a single Python call.
func (r *recorder) alone(thread string, m *vm.Machine) bool {
	return slices.ContainsFunc(m.Code().Program().Imports, func(i bytecode.Import) bool { return i.Alias == r.function[thread] })
}

func newRecorder(seed, most uint64) *recorder {
	return &recorder{most: most, rand: rand.New(rand.NewPCG(seed, 7)), state: map[string]map[uint64][32]byte{},
		function: map[string]string{}, undecided: map[string]map[uint64]bool{}}
}

func (r *recorder) Run(_ context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	r.record(id, m)
	outcome := m.Run(r.portion(fuel, m))
	if outcome != vm.Spawn { // which may be refused yet
		r.record(id, m)
	}
	return outcome
}

func (r *recorder) portion(fuel uint64, m *vm.Machine) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.most == 0 {
		return fuel
	}
	most := r.most
	if r.growing {
		most += m.Steps() / 16
	}
	return min(fuel, 1+r.rand.Uint64N(most))
}

func (r *recorder) record(id engine.ID, m *vm.Machine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	states := r.state[id.Thread]
	if states == nil {
		states = map[uint64][32]byte{}
		r.state[id.Thread] = states
	}
	digest, at := m.Digest(), m.Steps()
	if r.undecided[id.Thread][at] {
		return
	}
	if before, known := states[at]; known && before != digest && r.alone(id.Thread, m) {
		if r.undecided[id.Thread] == nil {
			r.undecided[id.Thread] = map[uint64]bool{}
		}
		r.undecided[id.Thread][at] = true
		delete(states, at)
		return
	} else if known && before != digest {
		r.wrong = append(r.wrong, fmt.Sprintf("%s at %d has two states", id, at))
	}
	states[at] = digest
}

// states is how many were taken down.
func (r *recorder) states() int {
	n := 0
	for _, states := range r.state {
		n += len(states)
	}
	return n
}

// python are functions whose result depends on their arguments only.
var python = sim.Python{
	"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
		a.Take(time.Duration(n) * time.Second)
		return sim.Return(vm.Int(2 * n))
	},
	"py.echo": func(a *sim.Attempt) engine.CallResult { return sim.Return(a.Args[0]) },
	"py.fail": func(a *sim.Attempt) engine.CallResult { return sim.Raise("ValueError", "no "+vm.Show(a.Args[0])) },
}

// faults are what goes wrong in the original runs. Where time leaps, threads are preempted and leases end.
var faults = []sim.Faults{
	{Kill: 5, Lose: 100, Double: 200, Fail: 5},
	{Leap: 15, Late: 50, Double: 50, Kill: 3},
	{Fail: 15, Leap: 5},
}

// original runs a program in a world of a seed, and returns what it left behind.
func original(t testing.TB, program *bytecode.Program, seed uint64, wild bool) (*memstore.Store, *recorder, *sim.Transcript) {
	t.Helper()
	store, rec := memstore.New(), newRecorder(seed, 2+seed%60)
	c := sim.Case{Program: program, Function: "main", Seed: seed, Store: store, Runner: rec, Observer: rec, Foreign: python, During: resolveAll}
	if wild {
		if seed%2 == 0 {
			store = memstore.NewWithLimits(engine.Limits{Inline: 8, Batch: 3, Pipeline: 16, Shards: 1})
			c.Store = store
		}
		c.Lease, c.Slice, c.Faults = time.Minute, 1, faults[seed%uint64(len(faults))]
	}
	got, err := sim.Run(c)
	require.NoError(t, err)
	require.Empty(t, rec.wrong)
	return store, rec, got
}

// sameHistory compares all instants that were taken down: forwards, then some of them in random order.
func sameHistory(t testing.TB, store engine.Reader, rec *recorder, session string, seed uint64) {
	t.Helper()
	ctx := context.Background()
	s, err := replay.Open(ctx, readOnly(store), session)
	require.NoError(t, err)
	s.SetBudget(20_000)
	threads, gone, err := s.Threads(ctx)
	require.NoError(t, err)
	require.Empty(t, gone)
	for _, thread := range threads {
		if thread.Head().Entry.Empty() {
			continue
		}
		require.NoError(t, thread.Check(ctx))
		last, stop, err := thread.Last(ctx)
		require.NoError(t, err)
		instants := rec.instants(thread.ID())
		if stop != replay.Ended { // where the others are, nobody knows but the recorder
			instants = slices.DeleteFunc(instants, func(at uint64) bool { return at > last.At })
		}
		forwards(t, thread, instants, rec.state[thread.ID()])
		toAndFro(t, thread, instants, rec.state[thread.ID()], rand.New(rand.NewPCG(seed, 8)))
	}
}

// instants are those taken down of a thread, ascending.
func (r *recorder) instants(thread string) []uint64 { return slices.Sorted(maps.Keys(r.state[thread])) }

func forwards(t testing.TB, thread *replay.Thread, instants []uint64, states map[uint64][32]byte) {
	t.Helper()
	ctx := context.Background()
	c, err := thread.At(ctx, 0)
	require.NoError(t, err)
	for _, at := range instants {
		_, err := c.RunTo(ctx, at)
		require.NoError(t, err, "%s at %d", thread.ID(), at)
		require.Equal(t, at, c.Machine().Steps())
		require.Equal(t, states[at], c.Machine().Digest(), "%s at %d", thread.ID(), at)
	}
}

func toAndFro(t testing.TB, thread *replay.Thread, instants []uint64, states map[uint64][32]byte, random *rand.Rand) {
	t.Helper()
	for range min(len(instants), 20) {
		at := instants[random.IntN(len(instants))]
		c, err := thread.At(context.Background(), at)
		require.NoError(t, err, "%s at %d", thread.ID(), at)
		require.Equal(t, at, c.Machine().Steps())
		require.Equal(t, states[at], c.Machine().Digest(), "%s at %d", thread.ID(), at)
		walk(t, c, states, random)
	}
}

// walk steps on from an instant and compares what it meets.
func walk(t testing.TB, c *replay.Cursor, states map[uint64][32]byte, random *rand.Rand) {
	t.Helper()
	for range random.IntN(12) {
		stop, err := c.Step(context.Background())
		require.NoError(t, err)
		if digest, known := states[c.Machine().Steps()]; known {
			require.Equal(t, digest, c.Machine().Digest(), "at %v", c.Instant())
		}
		if stop != replay.Reached {
			return
		}
	}
}

func programs(t testing.TB) uint64 {
	t.Helper()
	if testing.Short() {
		return 40
	}
	return 1000
}

func TestHistoryOfRandomPrograms(t *testing.T) {
	states, preempted := 0, 0
	for seed := range programs(t) {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		store, rec, got := original(t, compiled.Program(t, source), seed, seed%4 != 0)
		sameHistory(t, store, rec, got.Session, seed)
		states, preempted = states+rec.states(), preempted+rec.preempted
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, source)
		}
	}
	t.Logf("%d states, %d preemptions", states, preempted)
	require.Positive(t, preempted)
}
