package fork_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// python are functions whose result depends on their arguments only; calls notes each call of them.
func python(calls *[]string) sim.Python {
	noted := func(f func(a *sim.Attempt) engine.CallResult) func(*sim.Attempt) engine.CallResult {
		return func(a *sim.Attempt) engine.CallResult {
			*calls = append(*calls, fmt.Sprintf("%s#%d %s", a.ID.Thread, a.Slot, vm.Show(vm.List(a.Args...))))
			return f(a)
		}
	}
	return sim.Python{
		"py.double": noted(func(a *sim.Attempt) engine.CallResult {
			n, ok := a.Args[0].Int64()
			if !ok {
				return sim.Raise("TypeError", "not a number")
			}
			a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
			a.Take(time.Duration(n) * time.Second)
			return sim.Return(vm.Int(2 * n))
		}),
		"py.fail": noted(func(a *sim.Attempt) engine.CallResult { return sim.Raise("ValueError", "no "+vm.Show(a.Args[0])) }),
	}
}

const imports = `
import(double, py, 1);
import(fail, py, 1);
`

// programs end in the same way however their threads are mixed.
var programs = map[string]string{
	"calls":   `fn main() { print("a"); x = double(1); print("b"); y = double(x); print("c"); [x, y, double(y), try { fail(1) } catch e { get(e, "kind") }] }`,
	"threads": `fn f(i) { print(str(i)); x = double(i); y = double(x); x + y } fn main() { a = async f(1); b = async f(2); x = double(5); c = async f(x); [await a, await [b, c], x] }`,
	"calls alone": `
fn main() { a = async double(1); b = async double(await a); c = async double(7); [await a, await b, await c] }`,
	"a tree": `
fn sum(n) { if n < 1 { double(1) } else { a = async sum(n - 1); b = async sum(n - 2); n + await a + await b } }
fn main() { sum(4) }`,
	"sleeps": `
fn f(s) { print("up"); sleep(s); print("late"); x = double(3); sleep(s); x + s }
fn main() { sleep(0.5); x = await [async f(0.25), async f(90), async f(3000)]; sleep(1.5); x }`,
	"errors": `
fn f(i) { if i > 2 { fail(i) } else { double(i) } }
fn main() { x = try { await map_async(f, range(6)) } catch e { get(e, "message") }; y = await async f(1); [x, y] }`,
	"which was first": `
fn f(s) { sleep(s); double(s); s }
fn main() { a = async f(1); x = first_of([a]); y = try { with_timeout(future("never"), 0.5) } catch e { get(e, "kind") }; [x, y, double(2), with_timeout(async f(3), 90)] }`,
	"much output": `
fn loop(n, s) { if n == 0 { 0 } else { print(s + "\n" + str(n)); loop(n - 1, s) } }
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn main() { s = grow("0123456789", 8); loop(20, s); x = double(1); loop(9, s); x }`,
	"its own number": `fn main() { a = sid(); x = double(length(a)); b = sid(); [x, a == b, tid()] }`,
}

// session is a session that has run.
type session struct {
	store *memstore.Store
	got   *sim.Transcript
	calls []string
}

func run(t testing.TB, program *bytecode.Program, seed uint64) *session {
	t.Helper()
	s := &session{store: memstore.New()}
	var err error
	s.got, err = sim.Run(sim.Case{Program: program, Function: "main", Seed: seed, Store: s.store, Foreign: python(&s.calls)})
	require.NoError(t, err)
	return s
}

func (s *session) open(t testing.TB) *replay.Session {
	t.Helper()
	opened, err := replay.Open(context.Background(), s.store, s.got.Session)
	require.NoError(t, err)
	return opened
}

// written is all that a store holds of a session.
func (s *session) written(t testing.TB) string {
	t.Helper()
	var all []any
	err := engine.Walk(context.Background(), s.store, s.got.Session, func(h *engine.Head) error {
		slots, marks, err := s.store.Slots(context.Background(), h.ID, 0)
		all = append(all, h, slots, marks)
		return err
	})
	require.NoError(t, err)
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return string(text)
}

// goOn runs a fork to its end.
func goOn(t testing.TB, store *memstore.Store, program *bytecode.Program, id string, seed uint64) *session {
	t.Helper()
	s := &session{store: store}
	var err error
	s.got, err = sim.Run(sim.Case{Program: program, Resume: id, Seed: seed, Store: store, Foreign: python(&s.calls)})
	require.NoError(t, err)
	return s
}

// instant is one of a session, at random.
func instant(t testing.TB, s *replay.Session, random *rand.Rand) replay.Instant {
	t.Helper()
	order, gaps, err := s.Order(context.Background())
	require.NoError(t, err)
	require.Empty(t, gaps)
	seg := order[random.IntN(len(order))]
	return replay.Instant{Thread: seg.Thread, At: seg.First + random.Uint64N(seg.Last-seg.First+1)}
}

// TestForks: a fork that changes nothing ends as the original did, whatever instant it is made at; what it keeps is not called again, and the rest is.
func TestForks(t *testing.T) {
	for name, source := range programs {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range uint64(testkit.Amount(10, 4)) {
				forkOnce(t, program, seed)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func TestForksOfRandomPrograms(t *testing.T) {
	for seed := range uint64(testkit.Amount(120, 40)) {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		forkOnce(t, compiled.Program(t, source), seed)
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, source)
		}
	}
}

func forkOnce(t *testing.T, program *bytecode.Program, seed uint64) {
	t.Helper()
	ctx, random := context.Background(), rand.New(rand.NewPCG(seed, 5))
	old := run(t, program, seed)
	before, from := old.written(t), old.open(t)
	at := instant(t, from, random)
	store := memstore.NewWithLimits(engine.Limits{Inline: 40, Batch: 3, Pipeline: 4, Shards: 1})
	made, err := fork.Make(ctx, from, store, fork.Options{At: at})
	require.NoError(t, err, "%v", at)
	require.Equal(t, at, made.Stop)
	kept := keptCalls(t, from, made)
	sameState(t, from, store, made)
	again := goOn(t, store, program, made.Session, seed+1)
	require.Equal(t, before, old.written(t), "the old session is not touched")
	require.Equal(t, vm.Show(old.got.Result.Value), vm.Show(again.got.Result.Value), "at %v", at)
	require.Equal(t, old.got.Result.Err == nil, again.got.Result.Err == nil)
	require.Equal(t, old.got.Lines, againLines(old, again), "at %v", at)
	all := append(slices.Clone(kept), again.calls...)
	slices.Sort(all)
	want := slices.Clone(old.calls)
	slices.Sort(want)
	require.Equal(t, want, all, "at %v, kept %v", at, kept)
	sameState(t, from, store, made) // still, when it has ended
	require.NoError(t, check(t, store, made.Session))
}

// againLines are the lines of a fork under the old session's name.
func againLines(old, again *session) map[string][]engine.Line {
	for _, lines := range again.got.Lines {
		for i := range lines {
			lines[i].ID.Session = old.got.Session
		}
	}
	return again.got.Lines
}

// keptCalls are the calls whose answers are kept.
func keptCalls(t *testing.T, from *replay.Session, made *fork.Fork) []string {
	t.Helper()
	ctx := context.Background()
	var kept []string
	for name, upTo := range made.Recorded {
		thread, err := from.Thread(ctx, name)
		require.NoError(t, err)
		segments, err := thread.Segments(ctx)
		require.NoError(t, err)
		for _, s := range segments {
			if s.Origin != replay.Called || s.First > upTo && !made.Whole[name] {
				continue
			}
			c, err := thread.At(ctx, s.First-1)
			require.NoError(t, err)
			m := c.Machine()
			require.Equal(t, vm.Foreign, m.Step())
			slot := max(s.Slot, 0)
			kept = append(kept, fmt.Sprintf("%s#%d %s", name, slot, vm.Show(vm.List(m.Foreign().Args...))))
		}
	}
	return kept
}

// sameState: at each instant that is kept the new session is the old one.
func sameState(t *testing.T, from *replay.Session, store engine.Reader, made *fork.Fork) {
	t.Helper()
	ctx := context.Background()
	s, err := replay.Open(ctx, store, made.Session)
	require.NoError(t, err)
	for name, upTo := range made.Recorded {
		was, err := from.Thread(ctx, name)
		require.NoError(t, err)
		is, err := s.Thread(ctx, name)
		require.NoError(t, err)
		if was.Head().Entry.Empty() {
			continue
		}
		for _, at := range []uint64{0, upTo / 2, upTo} {
			before, err := was.At(ctx, at)
			require.NoError(t, err)
			after, err := is.At(ctx, at)
			require.NoError(t, err, "%s at %d", name, at)
			require.Equal(t, before.Machine().Digest(), after.Machine().Digest(), "%s at %d", name, at)
			require.Equal(t, before.NextSlot(), after.NextSlot())
		}
	}
}

// check reads all of a session.
func check(t *testing.T, store engine.Reader, session string) error {
	t.Helper()
	s, err := replay.Open(context.Background(), store, session)
	require.NoError(t, err)
	order, gaps, err := s.Order(context.Background())
	require.NoError(t, err)
	assert.NotEmpty(t, order)
	for _, gap := range gaps {
		return gap
	}
	_, gaps, err = s.Lines(context.Background())
	assert.Empty(t, gaps)
	return err
}
