package replay_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// Programs that do everything that a thread can do, in worlds where everything goes wrong.

const imports = `
import(double, py, 1);
import(fail, py, 1);
#[retry(max=3, backoff=10.0)] import(fail, py, 1, failing);
#[at_most_once] import(double, py, 1, once);
`

var worlds = map[string]string{
	"calls":            `fn main() { print("a"); x = double(1); print("b"); y = double(x); [x, y, try { fail(1) } catch e { get(e, "kind") }] }`,
	"tries":            `fn main() { [try { failing(1) } catch e { get(e, "message") }, once(1)] }`,
	"threads of calls": `fn main() { await map(lambda (i) { async double(i) }, range(5)) }`,
	"a call that fails alone": `
fn main() { try { await async fail(1) } catch e { [get(e, "thread"), get(e, "function"), length(get(e, "traceback"))] } }`,
	"a tree": `
fn sum(n) { if n < 1 { 0 } else { a = async sum(n - 1); b = async sum(n - 2); n + await a + await b } }
fn main() { sum(4) }`,
	"returned futures": `
fn g() { 7 }
fn f() { async g() }
fn main() { await async f() }`,
	"sleeps": `
fn f(s) { print("up"); sleep(s); print("late"); s }
fn main() { sleep(0.5); x = await [async f(0.25), async f(90), async f(3000)]; sleep(1.5); x }`,
	"errors": `
fn f(i) { if i > 2 { sleep(1); signal("error", str(i)) } else { i } }
fn main() { x = try { await map_async(f, range(6)) } catch e { get(e, "message") }; async f(9); x }`,
	"which was first": `
fn f(s) { sleep(s); s }
fn main() { a = async f(1); b = async f(1); x = first_of([a, b, 3]); y = first_of([a, b]); [y, await [a, b]] }`,
	"timeouts of waits": `
fn f(s) { sleep(s); s }
fn main() { a = async f(60); x = try { with_timeout(a, 2.5) } catch e { get(e, "kind") }; y = with_timeout(async f(1), 90); [x, y, await a] }`,
	"timeouts of threads": `
#[timeout(5)] fn slow() { print("slow"); x = double(1); async slower(); print("still"); y = double(40); print("never") }
#[timeout(7)] fn slower() { print("slower"); sleep(60) }
#[timeout(3)] fn forever(n) { if n == 0 { sleep(1); forever(50) } else { forever(n - 1) } }
fn main() { [try { await async slow() } catch e { get(e, "kind") }, try { await async forever(9) } catch e { get(e, "message") }] }`,
	"outside futures": `
fn f(name) { 1 + await future(name) }
fn main() { await [async f("x"), future("y"), async f("x")] }`,
	"much output": `
fn loop(n, s) { if n == 0 { 0 } else { print(s + "\n" + str(n)); loop(n - 1, s) } }
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn main() { s = grow("0123456789", 8); loop(20, s); x = double(1); loop(9, s); x }`,
	"the same constant before and after": `
#[retry(max=3)] import(echo, py, 1);
fn f(s) { s }
fn main() { a = async f("x"); x = echo(["x", await a, "x", :y, sleep(2), :y]); await async f(["x", x, "x"]) }`,
	"closures and lists": `
fn count(n, acc) { if n == 0 { acc } else { count(n - 1, append(acc, lambda () { n + length(acc) })) } }
fn main() { a = async count(10, []); b = await a; reduce(lambda (x, f) { x + f() }, b, await async double(3)) }`,
}

func seeds() uint64 {
	if testing.Short() {
		return 4
	}
	return 12
}

func TestWorlds(t *testing.T) {
	for name, source := range worlds {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range seeds() {
				store, rec, got := original(t, program, seed, seed > 0)
				require.Nil(t, got.Stuck)
				sameHistory(t, store, rec, got.Session, seed)
				s := open(t, store, got.Session)
				soundOrder(t, s, rand.New(rand.NewPCG(seed, 9)))
				soundLines(t, s, got)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func open(t testing.TB, store engine.Reader, session string) *replay.Session {
	t.Helper()
	s, err := replay.Open(context.Background(), readOnly(store), session)
	require.NoError(t, err)
	return s
}

// resolveAll resolves the outside futures of the worlds, if their program awaits any, after a time.
func resolveAll(ctx context.Context, e *engine.Engine, session string) {
	_ = e.Clock.Sleep(ctx, time.Second)
	for i, name := range []string{"y", "x"} {
		for range 20 { // requests fail
			if _, err := e.Resolve(ctx, session, name, vm.Int(int64(i))); err == nil {
				break
			}
		}
	}
}

// soundOrder: segments follow each other without a gap, nothing comes before its cause, and the order can be walked both ways.
func soundOrder(t *testing.T, s *replay.Session, random *rand.Rand) {
	t.Helper()
	ctx := context.Background()
	order, gaps, err := s.Order(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	next, total := map[string]uint64{}, uint64(0)
	for i := range order {
		seg := &order[i]
		if i > 0 {
			require.Negative(t, replay.CompareSegments(&order[i-1], seg))
		}
		require.Equal(t, next[seg.Thread], seg.First, "%+v", seg)
		require.GreaterOrEqual(t, seg.Last, seg.First)
		next[seg.Thread] = seg.Last + 1
		total += seg.Last - seg.First + 1
		soundCause(t, s, seg)
	}
	for range 20 {
		soundBefore(t, s, order, random)
	}
	if total < 4000 {
		soundWalk(t, s, order, total)
	}
}

func soundCause(t *testing.T, s *replay.Session, seg *replay.Segment) {
	t.Helper()
	ctx := context.Background()
	cause, err := s.Cause(ctx, replay.Instant{Thread: seg.Thread, At: seg.First})
	require.NoError(t, err)
	if seg.Thread != engine.Root {
		require.NotNil(t, cause)
	}
	if cause == nil || cause.Instant == nil {
		return
	}
	before, err := s.SegmentAt(ctx, *cause.Instant)
	require.NoError(t, err)
	require.Negative(t, replay.CompareSegments(&before, seg), "%+v caused %+v", before, seg)
	thread, err := s.Thread(ctx, cause.Thread)
	require.NoError(t, err)
	c, err := thread.At(ctx, cause.Instant.At)
	require.NoError(t, err)
	if cause.Started {
		require.Equal(t, vm.Spawn, c.Machine().Step())
	}
}

// soundBefore: another thread is shown at its last instant before the segment in which one stands.
func soundBefore(t *testing.T, s *replay.Session, order []replay.Segment, random *rand.Rand) {
	t.Helper()
	at := random.IntN(len(order))
	seg, other := order[at], order[random.IntN(len(order))].Thread
	if other == seg.Thread {
		return
	}
	instant := replay.Instant{Thread: seg.Thread, At: seg.First + random.Uint64N(seg.Last-seg.First+1)}
	got, begun, err := s.Before(context.Background(), instant, other)
	require.NoError(t, err)
	for at--; at >= 0 && order[at].Thread != other; at-- {
	}
	require.Equal(t, at >= 0, begun)
	if begun {
		require.Equal(t, replay.Instant{Thread: other, At: order[at].Last}, got)
	}
}

// soundWalk: every instant comes once, in either direction.
func soundWalk(t *testing.T, s *replay.Session, order []replay.Segment, total uint64) {
	t.Helper()
	ctx := context.Background()
	at, steps := replay.Instant{Thread: order[0].Thread, At: order[0].First}, uint64(1)
	for {
		next, more, err := s.Next(ctx, at)
		require.NoError(t, err)
		if !more {
			break
		}
		back, more, err := s.Previous(ctx, next)
		require.NoError(t, err)
		require.True(t, more)
		require.Equal(t, at, back)
		at, steps = next, steps+1
	}
	require.Equal(t, total, steps)
	last := order[len(order)-1]
	require.Equal(t, replay.Instant{Thread: last.Thread, At: last.Last}, at)
}

// soundLines: the committed lines of each thread are those that the engine reads, and the machine stands where each was written.
func soundLines(t *testing.T, s *replay.Session, got *sim.Transcript) {
	t.Helper()
	ctx := context.Background()
	all, gaps, err := s.Lines(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	lines := map[string][]engine.Line{}
	for i, l := range all {
		require.True(t, l.Known)
		if i > 0 {
			require.LessOrEqual(t, replay.CompareSegments(&all[i-1].Segment, &all[i].Segment), 0)
		}
		if l.Committed {
			lines[l.Instant.Thread] = append(lines[l.Instant.Thread], l.Line)
		}
		thread, err := s.Thread(ctx, l.Instant.Thread)
		require.NoError(t, err)
		c, err := thread.At(ctx, l.Instant.At)
		require.NoError(t, err)
		if l.Stream == engine.Print {
			require.Equal(t, vm.Output, c.Machine().Step())
			require.Contains(t, c.Machine().Output(), l.Text)
		} else {
			require.Equal(t, vm.Foreign, c.Machine().Step())
		}
	}
	require.Equal(t, got.Lines, lines)
}

// TestRunningSessions reads a session again and again while it runs: what has been decided can be read and stays so.
func TestRunningSessions(t *testing.T) {
	for name, source := range worlds {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range seeds() {
				whileItRuns(t, sim.Case{Program: program, Function: "main", Seed: seed, Foreign: python, Faults: sim.Faults{Kill: 5, Double: 100}})
			}
		})
	}
}

func whileItRuns(t *testing.T, c sim.Case) {
	t.Helper()
	store, rec := memstore.New(), newRecorder(c.Seed, 30)
	c.Store, c.Runner = store, rec
	views := 0
	c.During = func(ctx context.Context, e *engine.Engine, session string) {
		followed := open(t, store, session)
		for pause := time.Millisecond; pause < time.Hour; pause *= 3 {
			require.NoError(t, followed.Refresh(ctx))
			for _, s := range []*replay.Session{followed, open(t, store, session)} {
				view(t, s, rec)
				views++
			}
			_ = e.Clock.Sleep(ctx, pause)
			if pause > time.Second {
				resolveAll(ctx, e, session)
			}
		}
	}
	got, err := sim.Run(c)
	require.NoError(t, err)
	require.Positive(t, views)
	sameHistory(t, store, rec, got.Session, c.Seed)
}

// view reads a running session.
func view(t *testing.T, s *replay.Session, rec *recorder) {
	t.Helper()
	ctx := context.Background()
	threads, gone, err := s.Threads(ctx)
	require.NoError(t, err)
	require.Empty(t, gone)
	for _, thread := range threads {
		require.NoError(t, thread.Check(ctx))
		last, stop, err := thread.Last(ctx)
		require.NoError(t, err)
		head := thread.Head()
		assert.Equal(t, head.Done && !head.Outside, stop == replay.Ended)
		assert.Equal(t, head.Done && head.Outside, stop == replay.Cut)
		instants := slices.DeleteFunc(rec.instants(thread.ID()), func(at uint64) bool { return at > last.At })
		forwards(t, thread, instants, rec.state[thread.ID()])
	}
	_, gaps, err := s.Order(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	_, gaps, err = s.Lines(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
}
