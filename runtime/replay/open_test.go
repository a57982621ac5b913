package replay_test

import (
	"context"
	"fmt"
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

// many is a session with so many threads, which have all ended or all wait.
func many(t testing.TB, threads int, ended bool) (*memstore.Store, string) {
	t.Helper()
	source := `fn f(i) { sleep(2); print(i); i * 2 } fn main(n) { length(await map_async(f, range(n))) }`
	if !ended {
		source = `fn f(i) { await future("x") } fn main(n) { length(await map_async(f, range(n))) }`
	}
	store := memstore.New()
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, source), Function: "main", Args: []vm.Value{vm.Int(int64(threads))}, Store: store})
	require.NoError(t, err)
	require.Equal(t, ended, got.Stuck == nil)
	return store, got.Session
}

// TestManyThreads: a session of a thousand threads is listed with few requests, and a thread of it read with few more.
func TestManyThreads(t *testing.T) {
	ctx := context.Background()
	for _, ended := range []bool{true, false} {
		t.Run(fmt.Sprint("ended ", ended), func(t *testing.T) {
			store, session := many(t, 1000, ended)
			r := readOnly(store)
			began := time.Now()
			s, err := replay.Open(ctx, r, session)
			require.NoError(t, err)
			assert.Equal(t, 1, r.requests)
			threads, gone, err := s.Threads(ctx)
			require.NoError(t, err)
			require.Empty(t, gone)
			require.Len(t, threads, 1001)
			assert.Equal(t, 1+10, r.requests)
			c, err := threads[500].At(ctx, 2)
			require.NoError(t, err)
			assert.EqualValues(t, 2, c.Machine().Steps())
			assert.Equal(t, 1+10+2, r.requests, "the program and a log")
			listed := time.Since(began)
			order, gaps, err := s.Order(ctx)
			require.NoError(t, err)
			require.Empty(t, gaps)
			assert.GreaterOrEqual(t, len(order), 1001)
			t.Logf("listed in %v, in order in %v", listed, time.Since(began))
		})
	}
}

func TestOpenNothing(t *testing.T) {
	_, err := replay.Open(context.Background(), memstore.New(), "nothing")
	require.ErrorIs(t, err, engine.ErrNotFound)
	require.EqualError(t, err, "open session nothing: not found")
}

// ended runs a program whose threads are ended by others, and is the session.
func cut(t *testing.T, source string, during func(context.Context, *engine.Engine, string)) *replay.Session {
	t.Helper()
	store := memstore.New()
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, imports+source), Function: "main", Store: store, Foreign: python, During: during})
	require.NoError(t, err)
	return open(t, store, got.Session)
}

// TestCut: a thread that others ended is shown where it was certainly: at its last answer, where it started its last thread, or where it was
// parked.
func TestCut(t *testing.T) {
	const quiet = `fn quiet() { sleep(900) } `
	for name, c := range map[string]struct {
		thread  string
		answers int
		// at is the line at which it stands.
		at int
	}{
		"#[timeout(5)] fn f() {\n sleep(60) }":                                                                                                    {"0.0", 0, 2},
		"#[timeout(5)] fn f() {\n double(1);\n double(2);\n double(3) }":                                                                          {"0.0", 2, 4},
		"#[timeout(5)] fn f() {\n double(1);\n async quiet();\n x = 1 + 1;\n double(60) }":                                                        {"0.0", 1, 4},
		"#[timeout(5)] fn f() {\n print(1);\n double(60) }":                                                                                       {"0.0", 0, 2},
		"#[timeout(5)] fn f() {\n await async quiet();\n 1 }":                                                                                     {"0.0", 0, 2},
		"#[timeout(5)] fn f() {\n await async double(1);\n x = 1;\n await async quiet();\n 1 }":                                                   {"0.0", 1, 4},
		"#[timeout(5)] fn f() {\n double(1);\n loop(0) }\nfn loop(n) { if n < 0 { 0 } else { rest(n) } }\nfn rest(n) { sleep(1);\n loop(n + 1) }": {"0.0", 1, 3},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s := cut(t, name+"\n"+quiet+" fn main() { try { await async f() } catch e { 0 } }", nil)
			thread, err := s.Thread(ctx, c.thread)
			require.NoError(t, err)
			require.NoError(t, thread.Check(ctx))
			last, stop, err := thread.Last(ctx)
			require.NoError(t, err)
			require.Equal(t, replay.Cut, stop)
			answers, err := thread.Answers(ctx, last.At)
			require.NoError(t, err)
			assert.Equal(t, c.answers, answers)
			cursor, err := thread.At(ctx, last.At)
			require.NoError(t, err)
			assert.Equal(t, c.at, lineOf(t, s, cursor.Machine()))
			stop, err = cursor.Step(ctx)
			require.NoError(t, err)
			assert.Equal(t, replay.Cut, stop)
			_, err = thread.At(ctx, last.At+1)
			assert.ErrorContains(t, err, fmt.Sprintf("thread 0.0 has no instant %d: its last one is %d", last.At+1, last.At))
		})
	}
}

// lineOf is the line of f in which a machine stands, from 1.
func lineOf(t *testing.T, s *replay.Session, m *vm.Machine) int {
	t.Helper()
	code, err := s.Code(context.Background())
	require.NoError(t, err)
	frames := m.Frames(100)
	frame := frames[len(frames)-1]
	fn := &code.Program().Funcs[frame.Function]
	line := 1
	for _, b := range []byte(code.Program().Files[fn.File].Text[len(imports):fn.Debug.Spans[frame.PC].Start]) {
		if b == '\n' {
			line++
		}
	}
	return line
}

// TestNeverRan: a thread that was too large to start is in the session, and has nothing to be executed.
func TestNeverRan(t *testing.T) {
	ctx := context.Background()
	s := cut(t, `
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn f(s) { length(s) }
fn main() { s = grow("0123456789abcdef", 22); x = try { async f(s); "started" } catch e { get(e, "kind") }; y = try { double(s) } catch e { get(e, "kind") }; [x, y] }`, nil)
	order, gaps, err := s.Order(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps)
	require.Len(t, order, 1)
	_, _, err = s.Lines(ctx)
	require.NoError(t, err)
	root, err := s.Root().At(ctx, order[0].Last)
	require.NoError(t, err)
	assert.Equal(t, `["Limit", "Limit"]`, vm.Show(root.Machine().Result()))
	child, err := s.Thread(ctx, "0.0")
	require.NoError(t, err)
	assert.Equal(t, replay.Failed, child.Status())
	_, err = child.At(ctx, 0)
	require.ErrorContains(t, err, "thread 0.0 of session seed0: it never ran")
}

func TestCancelled(t *testing.T) {
	ctx := context.Background()
	s := cut(t, `fn f(i) { double(i); await future("never") } fn main() { await map_async(f, range(5)) }`,
		func(ctx context.Context, e *engine.Engine, session string) {
			_ = e.Clock.Sleep(ctx, 2500*time.Millisecond)
			require.NoError(t, e.Cancel(ctx, session))
		})
	threads, _, err := s.Threads(ctx)
	require.NoError(t, err)
	require.Len(t, threads, 6)
	for i, thread := range threads {
		require.NoError(t, thread.Check(ctx))
		assert.Equal(t, replay.Failed, thread.Status())
		_, fault, err := thread.Result(ctx)
		require.NoError(t, err)
		assert.Equal(t, vm.ErrCancelled, fault.Kind)
		last, _, err := thread.Last(ctx)
		require.NoError(t, err)
		answers, err := thread.Answers(ctx, last.At)
		require.NoError(t, err)
		assert.Equal(t, i > 0 && i <= 3, answers == 1, "thread %s", thread.ID())
	}
}
