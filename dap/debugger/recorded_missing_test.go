package debugger_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// reader is a store from which something is missing.
type reader struct {
	engine.Reader
	slots   string // the log of this thread is empty
	program bool   // the program is gone
	wrong   bool   // the program is of another version
}

func (r *reader) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	if id.Thread == r.slots {
		return nil, nil, nil
	}
	return r.Reader.Slots(ctx, id, from)
}

func (r *reader) Program(ctx context.Context, hash string) ([]byte, error) {
	if r.program {
		return nil, engine.ErrNotFound
	}
	b, err := r.Reader.Program(ctx, hash)
	if r.wrong && err == nil {
		b = append([]byte(nil), b...)
		b[4] = 0xFE
	}
	return b, err
}

const manyCalls = `import(double, py, 1);
#[retry(max=5, backoff=0.1)] import(double, py, 1, again);
fn main(n) {
  print("begins");
  x = double(1);
  all = map(lambda (i) { async work(i) }, range(n));
  reduce(lambda (a, b) { a + b }, await all, x)
}
fn work(i) {
  print(format("work {}", i));
  a = again(i % 3);
  b = double(a % 2);
  a + b
}
`

// many runs a program with so many threads in a world where everything goes wrong.
func many(t *testing.T, threads int, faults sim.Faults) (*memstore.Store, string) {
	t.Helper()
	store := memstore.New()
	program := compiled.Program(t, fmt.Sprint(manyCalls, "fn begin() { main(", threads, ") }\n"))
	got, err := sim.Run(sim.Case{Program: program, Function: "begin", Store: store, Foreign: python, Faults: faults, Seed: 5})
	require.NoError(t, err)
	require.Nil(t, got.Stuck)
	return store, got.Session
}

// TestAThousandThreads: all of them can be looked at, at any instant, whatever happened to their runs.
func TestAThousandThreads(t *testing.T) {
	threads := 1000
	if testing.Short() {
		threads = 50
	}
	store, id := many(t, threads, sim.Faults{Kill: 5, Lose: 50, Double: 100, Fail: 5})
	s, err := replay.Open(context.Background(), store, id)
	require.NoError(t, err)
	w := recorded(t, s, debugger.View{})
	assert.Equal(t, debugger.AtEnd, w.stop.Reason)
	assert.LessOrEqual(t, len(w.Threads()), 502)
	for i := range threads {
		thread, err := s.Thread(context.Background(), fmt.Sprint("0.", i))
		require.NoError(t, err)
		last, _, err := thread.Last(context.Background())
		require.NoError(t, err)
		_, err = thread.At(context.Background(), last.At/3)
		require.NoError(t, err)
		if i%8 > 0 {
			continue
		}
		to := replay.Instant{Thread: thread.ID(), At: last.At / 2}
		require.NoError(t, w.Goto(context.Background(), to))
		assert.Equal(t, to, w.wait().Instant)
		v, err := w.Evaluate(context.Background(), w.top(), "i", false)
		require.NoError(t, err)
		n, _ := v.Int64()
		assert.EqualValues(t, i, n)
	}
}

// TestGaps: a session of which something is missing says what, and is shown as far as it is there.
func TestGaps(t *testing.T) {
	store, id := many(t, 5, sim.Faults{})
	ctx := context.Background()
	_, err := replay.Open(ctx, store, "nothing")
	require.ErrorIs(t, err, engine.ErrNotFound)

	s, err := replay.Open(ctx, &reader{Reader: store, program: true}, id)
	require.NoError(t, err)
	_, err = debugger.NewRecorded(ctx, s, debugger.View{}, newWatcher())
	require.ErrorContains(t, err, "program")

	s, err = replay.Open(ctx, &reader{Reader: store, wrong: true}, id)
	require.NoError(t, err)
	_, err = debugger.NewRecorded(ctx, s, debugger.View{}, newWatcher())
	require.ErrorContains(t, err, "version")

	s, err = replay.Open(ctx, &reader{Reader: store, slots: "0.3"}, id)
	require.NoError(t, err)
	w := recorded(t, s, debugger.View{})
	assert.Contains(t, w.stop.Text, "thread 0.3")
	require.NoError(t, w.Goto(ctx, replay.Instant{Thread: "0.3"}))
	w.wait()
	assert.Equal(t, "0.3:10", w.at())
	require.NoError(t, w.Goto(ctx, replay.Instant{Thread: "0.4", At: 10}))
	w.wait()
}

// TestEndedFromOutside: a thread that was not there for its own end is shown at what it certainly came to, and says so.
func TestEndedFromOutside(t *testing.T) {
	r := recorded(t, session(t, `import(double, py, 1);
fn main() {
  f = async limited();
  double(2);
  await f
}
#[timeout(5)]
fn limited() {
  a = double(1);
  double(a + 100)
}
`), debugger.View{})
	assert.Equal(t, debugger.OnError, r.stop.Reason)
	threads := r.Threads()
	require.Len(t, threads, 2)
	assert.True(t, threads[1].Cut)
	assert.Equal(t, "ended after its 1st answer", threads[1].Waiting)
	r.move(debugger.ReverseContinue)
	assert.False(t, r.Threads()[0].Cut)
}
