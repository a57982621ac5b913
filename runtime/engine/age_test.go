package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// handClock stands still until it is moved.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *handClock) Sleep(context.Context, time.Duration) error { return nil }

func (c *handClock) AfterFunc(time.Duration, func()) func() { return func() {} }

// parked says when threads have parked.
type parked struct {
	engine.Quiet
	threads chan string
}

func (p *parked) Event(e engine.Event) {
	if e.Kind == engine.ThreadParked {
		p.threads <- e.ID.Thread
	}
}

// A session that is too old fails with kind Expired, also where it only waits; and until its records go, they can be read.
func TestExpired(t *testing.T) {
	const day = 24 * time.Hour
	clock := &handClock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	seen := &parked{threads: make(chan string, 4)}
	store := memstore.New()
	e := engine.New(engine.Config{Store: store, Executor: local.New(), Clock: clock, Observer: seen, MaxAge: 90 * day, TTL: 30 * day})
	program := compiled.Program(t, `
fn child() { await future("never") }
fn sleeper() { sleep(20000000) }
fn main() { async sleeper(); await async child() }`)
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"0", "0.0", "0.1"}, []string{<-seen.threads, <-seen.threads, <-seen.threads})

	clock.move(90*day - time.Second)
	require.NoError(t, e.Sweep(t.Context()))
	_, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	assert.False(t, over)

	clock.move(2 * time.Second)
	require.NoError(t, e.Sweep(t.Context()))
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over, "the sweep looks at the latest when it is too old")
	require.NotNil(t, result.Err)
	assert.Equal(t, vm.ErrExpired, result.Err.Kind)
	threads, err := e.Threads(t.Context(), session)
	require.NoError(t, err)
	for _, h := range threads {
		assert.True(t, clock.Now().Add(30*day-time.Second).Equal(h.Expires), "%s: the same on every item", h.ID)
	}
	gone, err := store.Expired(t.Context(), clock.Now(), 10)
	require.NoError(t, err)
	assert.Empty(t, gone)
	gone, err = store.Expired(t.Context(), clock.Now().Add(30*day), 10)
	require.NoError(t, err)
	assert.Equal(t, []string{session}, gone)
}
