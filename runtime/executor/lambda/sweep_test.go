package lambda_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// patient is a clock on which time passes only while somebody sleeps.
type patient struct {
	engine.SystemClock
	mu  sync.Mutex
	now time.Time
	// at is what happens at times, while somebody sleeps.
	at map[time.Time]func()
}

func (c *patient) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *patient) Sleep(ctx context.Context, d time.Duration) error {
	until := c.Now().Add(d)
	for {
		next, do := until, (func())(nil)
		for at, what := range c.at {
			if !at.After(next) {
				next, do = at, what
			}
		}
		c.mu.Lock()
		c.now = next
		c.mu.Unlock()
		if do == nil {
			return ctx.Err()
		}
		delete(c.at, next)
		do()
	}
}

// queued is an executor that keeps the threads to be run.
type queued struct {
	engine.Alone
	ids    []engine.ID
	alarms []time.Time
}

func (q *queued) Alarm(_ context.Context, _ engine.Place, at time.Time) error {
	q.alarms = append(q.alarms, at)
	return nil
}

func (q *queued) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	q.ids = append(q.ids, id)
	e.Returned(id, nil)
	return nil
}

func (q *queued) run(t *testing.T, e *engine.Engine) {
	t.Helper()
	for ; len(q.ids) > 0; q.ids = q.ids[1:] {
		require.NoError(t, e.Run(t.Context(), q.ids[0]))
	}
}

// A schedule sweeps once a minute, but who sleeps is woken in time.
func TestASweepWakesWhoSleepsInTime(t *testing.T) {
	begun := time.Unix(1_700_000_000, 0)
	clock, q := &patient{now: begun}, &queued{}
	watching := &wakes{clock: clock, begun: begun, woken: map[string]time.Duration{}}
	c := engine.Config{Store: memstore.New(), Executor: q, Clock: clock, Observer: watching}
	e := engine.New(c)
	session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, "fn main() { sleep(20); sleep(15); 7 }"), Function: "main"})
	require.NoError(t, err)
	q.run(t, e)

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	handler := lambda.NewHandler(c)
	_, err = handler.Invoke(ctx, lambda.SweepEvent())
	require.NoError(t, err)
	require.NotEmpty(t, q.ids)
	slept := clock.Now()
	assert.Equal(t, 20*time.Second, watching.woken[session])
	q.run(t, e)
	_, err = handler.Invoke(ctx, lambda.SweepEvent())
	require.NoError(t, err)
	assert.Equal(t, slept.Add(15*time.Second).Sub(begun), watching.woken[session])
	q.run(t, e)
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	assert.Equal(t, vm.Int(7), result.Value)
}

// TestAnAlarmIsHeard: who parks when no sweep is up sends for one; further alarms find the watch taken, and those who sent them are woken all
// the same.
func TestAnAlarmIsHeard(t *testing.T) {
	begun := time.Unix(1_700_000_000, 0)
	clock, q := &patient{now: begun, at: map[time.Time]func(){}}, &queued{}
	woken := map[string]time.Duration{}
	watching := &wakes{clock: clock, begun: begun, woken: woken}
	c := engine.Config{Store: memstore.New(), Executor: q, Clock: clock, Observer: watching}
	e := engine.New(c)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	program := compiled.Program(t, "fn main(s) { sleep(s) }")
	start := func(name string, seconds float64) {
		session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main", Args: []vm.Value{vm.Float(seconds)}, ID: name})
		require.NoError(t, err)
		require.Equal(t, name, session)
		q.run(t, e)
	}
	requests := 0
	hear := func() {
		for len(q.alarms) > 0 {
			q.alarms = q.alarms[1:]
			requests++
			before, heard := clock.Now(), requests > 1
			_, err := lambda.NewHandler(c).Invoke(ctx, lambda.AlarmEvent())
			require.NoError(t, err)
			assert.Equal(t, heard, clock.Now().Equal(before), "only the first one stays")
		}
	}
	_, err := lambda.NewHandler(c).Invoke(ctx, lambda.SweepEvent())
	require.NoError(t, err)
	assert.Equal(t, begun, clock.Now(), "nobody sleeps: nobody stays")

	start("a", 20)
	clock.at[begun.Add(5*time.Second)] = func() { start("b", 4.5); hear() }
	clock.at[begun.Add(15*time.Second)] = func() { start("c", 70); start("d", 25); hear() }
	hear()
	for name, want := range map[string]time.Duration{"a": 20 * time.Second, "b": 9500 * time.Millisecond, "c": 85 * time.Second, "d": 40 * time.Second} {
		assert.GreaterOrEqual(t, woken[name], want, name)
		assert.LessOrEqual(t, woken[name], want+2*time.Second, name)
	}
	assert.Equal(t, 3, requests)
	assert.LessOrEqual(t, clock.Now().Sub(begun), 88*time.Second, "nobody sleeps any more")
}

// wakes says when which session was woken.
type wakes struct {
	engine.Quiet
	clock *patient
	begun time.Time
	woken map[string]time.Duration
}

func (w *wakes) Event(e engine.Event) {
	if e.Kind == engine.ThreadWoken {
		w.woken[e.ID.Session] = w.clock.Now().Sub(w.begun)
	}
}
