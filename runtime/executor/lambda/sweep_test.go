package lambda_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
}

func (c *patient) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *patient) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// queued is an executor that keeps the threads to be run.
type queued struct {
	engine.Alone
	ids []engine.ID
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
	c := engine.Config{Store: memstore.New(), Executor: q, Clock: clock}
	e := engine.New(c)
	session, err := e.Start(t.Context(), engine.Session{Program: compile(t, "fn main() { sleep(20); sleep(15); 7 }"), Function: "main"})
	require.NoError(t, err)
	q.run(t, e)

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	handler := lambda.NewHandler(c)
	_, err = handler.Invoke(ctx, lambda.SweepEvent())
	require.NoError(t, err)
	require.NotEmpty(t, q.ids)
	assert.Equal(t, 20*time.Second, clock.Now().Sub(begun))
	q.run(t, e)
	_, err = handler.Invoke(ctx, lambda.SweepEvent())
	require.NoError(t, err)
	assert.Equal(t, 35*time.Second, clock.Now().Sub(begun))
	q.run(t, e)
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	assert.Equal(t, vm.Int(7), result.Value)
}
