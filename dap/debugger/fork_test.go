package debugger_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

const forkedSource = `import(double, py, 1);
fn main() {
  print("first");
  a = double(1);
  print("second");
  f = async work(a);
  b = double(a);
  c = double(b);
  c + await f
}
fn work(n) {
  print("working");
  m = double(n + 100);
  m
}
`

// counted is a Python that counts its calls, by argument.
func counted(w *debugger.World) func(argument string) int {
	var mu sync.Mutex
	calls := map[string]int{}
	python := foreign()
	double := python["double"]
	python["double"] = func(ctx context.Context, c engine.Call) engine.CallResult {
		mu.Lock()
		defer mu.Unlock()
		calls[vm.Show(c.Args[0])]++
		return double(ctx, c)
	}
	w.Foreign = python
	return func(argument string) int {
		mu.Lock()
		defer mu.Unlock()
		return calls[argument]
	}
}

// saved is a session that has ended, and a world in which forks of it run.
func saved(t *testing.T) (*replay.Session, debugger.World, func(string) int) {
	t.Helper()
	run, store := kept(t)
	calls := counted(&run)
	w := prepared(t, forkedSource, debugger.Entry{Stop: true}, run)
	w.begin()
	assert.Equal(t, "212", vm.Show(w.end().Result.Value))
	session, err := replay.Open(context.Background(), store, w.Session())
	require.NoError(t, err)
	return session, run, calls
}

// forked is a fork of a session.
func forked(t *testing.T, from *replay.Session, o fork.Options, run debugger.World) *walker {
	t.Helper()
	l := newWatcher()
	target, err := debugger.NewFork(context.Background(), from, o, debugger.Entry{Stop: true}, run, l)
	require.NoError(t, err)
	t.Cleanup(target.Close)
	return &walker{T: t, Target: target, watcher: l}
}

// behind is the instant just after an answer in a thread's log.
func behind(t *testing.T, s *replay.Session, thread string, slot int) replay.Instant {
	t.Helper()
	of, err := s.Thread(context.Background(), thread)
	require.NoError(t, err)
	segments, err := of.Segments(context.Background())
	require.NoError(t, err)
	for _, seg := range segments {
		if seg.Slot == slot {
			return replay.Instant{Thread: thread, At: seg.First}
		}
	}
	require.Fail(t, "no such answer")
	return replay.Instant{}
}

// TestAFork stops where it was made, with what was recorded, calls nothing again that came before, and goes on for real.
func TestAFork(t *testing.T) {
	session, run, calls := saved(t)
	at := behind(t, session, "0", 1)
	w := forked(t, session, fork.Options{At: at}, run)
	w.begin()
	assert.Equal(t, debugger.AtEntry, w.stop.Reason)
	assert.Equal(t, at, w.stop.Instant)
	here, err := w.Instant(w.stop.Thread)
	require.NoError(t, err)
	assert.Equal(t, at, here)
	assert.Equal(t, "0:7", w.at())
	assert.Equal(t, "2", w.value("a"))
	assert.Equal(t, "first\ndoubling 1\nsecond\nworking\ndoubling 102\ndoubling 2", w.sorted())
	w.move(debugger.StepOver)
	assert.Equal(t, "0:8", w.at())
	require.NoError(t, w.assign("b", "b + 1000"))
	assert.Equal(t, "2212", vm.Show(w.end().Result.Value))
	assert.Equal(t, []int{1, 1, 1}, []int{calls("1"), calls("2"), calls("102")})
	assert.Equal(t, []int{1, 1}, []int{calls("4"), calls("1004")})
	assert.Equal(t, "doubling 1004", w.output(), "what was told is not told again")

	session, err = replay.Open(context.Background(), run.Store, w.Session())
	require.NoError(t, err)
	w = forked(t, session, fork.Options{At: behind(t, session, "0", 3)}, run) // slot 2 is the edit
	w.begin()
	assert.Equal(t, "1004", w.value("b"), "a fork of a fork keeps what was changed")
	assert.Equal(t, "2212", vm.Show(w.end().Result.Value))
	assert.Equal(t, 1, calls("1004"))
}

// sorted is the output as a set, the lines of thread 0 first: those of others may be anywhere.
func (w *walker) sorted() string {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var own, others string
	for _, l := range w.lines {
		if l.ID.Thread == engine.Root {
			own += "\n" + l.Text
			continue
		}
		others += l.Text + "\n"
	}
	w.lines = nil
	first, rest := own[1:], ""
	if i := len("first\ndoubling 1\nsecond"); len(first) > i {
		first, rest = first[:i], first[i:]
	}
	if others != "" {
		others = "\n" + others[:len(others)-1]
	}
	return first + others + rest
}

// TestAForkWithAnotherAnswer stops just after it, and all that follows from it is done anew.
func TestAForkWithAnotherAnswer(t *testing.T) {
	session, run, calls := saved(t)
	at := behind(t, session, "0", 2)
	o := fork.Options{At: at, Answers: []fork.Answer{{Thread: "0", Slot: 0, Value: vm.Int(50)}}}
	w := forked(t, session, o, run)
	w.begin()
	assert.Equal(t, behind(t, session, "0", 0), w.stop.Instant)
	assert.Equal(t, "0:4", w.at())
	w.move(debugger.StepOver)
	assert.Equal(t, "50", w.value("a"))
	assert.Equal(t, "500", vm.Show(w.end().Result.Value))
	assert.Equal(t, []int{1, 1, 1, 1}, []int{calls("1"), calls("50"), calls("100"), calls("150")})
}

// TestAForkInAnotherThread: the one that the instant is in stands there; the others where they do not follow from it.
func TestAForkInAnotherThread(t *testing.T) {
	session, run, calls := saved(t)
	at := behind(t, session, "0.0", 0)
	w := forked(t, session, fork.Options{At: replay.Instant{Thread: "0.0", At: at.At - 1}}, run)
	w.begin()
	assert.Equal(t, "0.0:13", w.at())
	assert.Equal(t, "2", w.value("n"))
	assert.Len(t, w.Threads(), 2)
	stack, err := w.Stack(context.Background(), 1)
	require.NoError(t, err)
	frames := stack.Frames(0, 1)
	assert.Equal(t, 8, frames[0].Point.Line, "thread 0 waits for it")
	assert.Equal(t, "212", vm.Show(w.end().Result.Value))
	assert.Equal(t, []int{1, 1, 1, 2}, []int{calls("1"), calls("2"), calls("4"), calls("102")})
}

// TestAForkAtTheEnd has nothing to do.
func TestAForkAtTheEnd(t *testing.T) {
	session, run, _ := saved(t)
	last, _, err := session.Root().Last(context.Background())
	require.NoError(t, err)
	w := forked(t, session, fork.Options{At: last}, run)
	require.NoError(t, w.Begin(context.Background()))
	assert.Equal(t, "212", vm.Show(w.ending().Result.Value))
	require.NotEqual(t, session.ID(), w.Session())
}

// TestAForkOfWhatIsNotThere says so, and leaves nothing behind.
func TestAForkOfWhatIsNotThere(t *testing.T) {
	session, run, _ := saved(t)
	for text, o := range map[string]fork.Options{
		"no thread 0.7":                {At: replay.Instant{Thread: "0.7"}},
		"has no instant":               {At: replay.Instant{Thread: "0", At: 1e9}},
		"has no answer 9":              {At: behind(t, session, "0", 1), Answers: []fork.Answer{{Thread: "0", Slot: 9}}},
		"comes after the instant":      {At: behind(t, session, "0", 0), Answers: []fork.Answer{{Thread: "0", Slot: 2, Value: vm.Null}}},
		"two answers of thread 0 are ": {At: behind(t, session, "0", 1), Answers: []fork.Answer{{Thread: "0"}, {Thread: "0", Slot: 1}}},
	} {
		_, err := debugger.NewFork(context.Background(), session, o, debugger.Entry{}, run, newWatcher())
		require.ErrorContains(t, err, text)
	}
}

// TestGoingBackInAFork: into what was recorded before it, and home again, to go on for real.
func TestGoingBackInAFork(t *testing.T) {
	session, run, calls := saved(t)
	at := behind(t, session, "0", 1)
	w := forked(t, session, fork.Options{At: at}, run)
	w.begin()
	assert.True(t, w.Abilities().Back)
	w.move(debugger.BackOver)
	assert.Equal(t, "0:7", w.at(), "the call that it stands behind is on that line")
	assert.ErrorContains(t, w.assign("a", "5"), "fork")
	require.NoError(t, w.Goto(context.Background(), behind(t, session, "0", 0)))
	assert.Equal(t, debugger.AtGoto, w.wait().Reason)
	w.move(debugger.StepOver)
	assert.Equal(t, "2", w.value("a"))
	require.NoError(t, w.Goto(context.Background(), at))
	w.wait()
	w.move(debugger.StepOver)
	assert.Equal(t, "0:8", w.at())
	assert.Equal(t, "212", vm.Show(w.end().Result.Value))
	assert.Equal(t, []int{1, 1, 1, 2}, []int{calls("1"), calls("102"), calls("2"), calls("4")})
}

// TestAForkOfWhatWasCutOff: of a session that was left, and of one that was cancelled, each goes on from where it was.
func TestAForkOfWhatWasCutOff(t *testing.T) {
	for name, end := range map[string]func(*debugger.Live){"left": (*debugger.Live).Leave, "cancelled": (*debugger.Live).Close} {
		t.Run(name, func(t *testing.T) {
			w, store := standing(t)
			session := w.Session()
			end(w.Target.(*debugger.Live))
			records, err := replay.Open(context.Background(), store, session)
			require.NoError(t, err)
			last, _, err := records.Root().Last(context.Background())
			require.NoError(t, err)
			run := world()
			calls := counted(&run)
			f := forked(t, records, fork.Options{At: last}, run)
			f.begin()
			assert.Equal(t, "25", vm.Show(f.end().Result.Value))
			assert.Equal(t, []int{0, 1}, []int{calls("4"), calls("8")})
		})
	}
}
