package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// alarms is a clock whose timers go off when the test says so.
type alarms struct {
	engine.SystemClock
	mu    sync.Mutex
	armed map[int]func()
	count int
}

func (a *alarms) AfterFunc(_ time.Duration, f func()) func() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.armed == nil {
		a.armed = map[int]func(){}
	}
	n := a.count
	a.count++
	a.armed[n] = f
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.armed, n)
	}
}

// goOff lets all timers go off, and says how many there were.
func (a *alarms) goOff() int {
	a.mu.Lock()
	all := a.armed
	a.armed = nil
	a.mu.Unlock()
	for _, f := range all {
		f()
	}
	return len(all)
}

// talking is Python that writes what the test says, and returns when that is over.
type talking struct{ lines, written chan string }

func (p talking) Call(_ context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	for line := range p.lines {
		c.Output(engine.Stdout, line)
		p.written <- line
	}
	return engine.CallResult{}, nil
}

func (p talking) write(lines ...string) {
	for _, line := range lines {
		p.lines <- line
		<-p.written
	}
}

// TestLiveOutput: what a call writes that takes long can be read elsewhere before its answer is there, and not twice after it.
func TestLiveOutput(t *testing.T) {
	for name, main := range map[string]string{"a call": "fn main() { f() }", "a thread": "fn main() { await async f() }"} {
		t.Run(name, func(t *testing.T) {
			store, clock, python := memstore.New(), &alarms{}, talking{make(chan string), make(chan string)}
			e := engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: python, Clock: clock})
			session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, "import(f, py, 0);\n"+main), Function: "main"})
			require.NoError(t, err)
			id := engine.ID{Session: session, Thread: engine.Root}
			if name == "a thread" {
				id.Thread = "0.0"
			}
			shown := func() []string {
				heads, err := store.Heads(t.Context(), []engine.ID{id})
				require.NoError(t, err)
				lines, err := engine.LiveLines(t.Context(), store, heads[0], 0)
				require.NoError(t, err)
				var texts []string
				for _, l := range lines {
					texts = append(texts, fmt.Sprint(l.Index, l.Attempt, " ", l.Text))
				}
				return texts
			}
			python.write("one", "two")
			assert.Empty(t, shown(), "it has only begun")
			assert.Equal(t, 1, clock.goOff(), "one request for both")
			assert.Equal(t, []string{"0 1 one", "1 1 two"}, shown())
			assert.Zero(t, clock.goOff(), "nothing new")
			python.write(strings.Repeat("ü", 20_000))
			require.Equal(t, 1, clock.goOff())
			if assert.Len(t, shown(), 3) {
				assert.Less(t, len(shown()[2]), 17_000, "a line that is too long is cut")
				assert.True(t, strings.HasSuffix(shown()[2], "ü…"))
			}
			close(python.lines)
			e.Close()
			assert.Empty(t, shown())
			all, err := store.Live(t.Context(), id)
			require.NoError(t, err)
			assert.Empty(t, all, "deleted when the answer was there")
		})
	}
}

// counted is a store that counts batches of live output.
type counted struct {
	*memstore.Store
	batches int
}

func (s *counted) PutLive(ctx context.Context, l engine.Live) error {
	s.batches++
	return s.Store.PutLive(ctx, l)
}

// TestShortCallsShowNothing: a call of less than a second costs no request for its output, nor does one that nobody else could look at.
func TestShortCallsShowNothing(t *testing.T) {
	for _, private := range []bool{false, true} {
		store, clock, python := &counted{Store: memstore.New()}, &alarms{}, talking{make(chan string), make(chan string)}
		e := engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: python, Clock: clock, Private: private})
		_, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, "import(f, py, 0);\nfn main() { f() }"), Function: "main"})
		require.NoError(t, err)
		python.write("one")
		if private {
			clock.goOff()
		}
		close(python.lines)
		e.Close()
		clock.goOff()
		assert.Zero(t, store.batches)
	}
}

// TestTheAttemptThatCounts: of several attempts, of one run or of two, the latest one's lines are shown.
func TestTheAttemptThatCounts(t *testing.T) {
	store := memstore.New()
	id := engine.ID{Session: "s", Thread: "0"}
	h := engine.Head{ID: id}
	_, err := store.Create(t.Context(), h)
	require.NoError(t, err)
	show := func(slot, epoch uint64, attempt, chunk int, text string) {
		line := engine.Line{ID: id, Stream: engine.Stdout, Call: slot, Attempt: attempt, Text: text}
		require.NoError(t, store.PutLive(t.Context(), engine.Live{
			ID: id, Slot: slot, Epoch: epoch, Attempt: attempt, Chunk: chunk, Output: engine.EncodeLines([]engine.Line{line}),
		}))
	}
	shown := func(next uint64) (all []string) {
		lines, err := engine.LiveLines(t.Context(), store, &h, next)
		require.NoError(t, err)
		for _, l := range lines {
			all = append(all, l.Text)
		}
		return all
	}
	show(0, 1, 1, 0, "answered already")
	show(1, 1, 1, 0, "first try")
	show(1, 1, 1, 1, "more of the first try")
	assert.Equal(t, []string{"first try", "more of the first try"}, shown(1))
	show(1, 2, 1, 0, "first try of the second run")
	assert.Equal(t, []string{"first try of the second run"}, shown(1), "what the first run left is not its")
	show(1, 2, 2, 0, "second try")
	assert.Equal(t, []string{"second try"}, shown(1))
	assert.Empty(t, shown(2))
}
