package dynamostore_test

import (
	"context"
	"math"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/vm"
)

// operations counts those of a store that write, by kind, and the heads that it reads.
type operations struct {
	engine.Store
	create, claim, finish, register, park, wake, other, heads atomic.Int64
}

func (o *operations) Create(ctx context.Context, h engine.Head) (bool, error) {
	o.create.Add(1)
	return o.Store.Create(ctx, h)
}

func (o *operations) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	o.claim.Add(1)
	return o.Store.Claim(ctx, c)
}

func (o *operations) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	o.finish.Add(1)
	return o.Store.Finish(ctx, f)
}

func (o *operations) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	o.register.Add(1)
	return o.Store.Register(ctx, target, w)
}

func (o *operations) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	o.park.Add(1)
	return o.Store.Park(ctx, p)
}

func (o *operations) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	o.wake.Add(1)
	return o.Store.Wake(ctx, w)
}

func (o *operations) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	o.other.Add(1)
	return o.Store.SetDue(ctx, id, was, due, poll)
}

func (o *operations) PutBlob(ctx context.Context, b engine.Blob) error {
	o.other.Add(1)
	return o.Store.PutBlob(ctx, b)
}

func (o *operations) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	o.heads.Add(int64(len(ids)))
	return o.Store.Heads(ctx, ids)
}

// threads is how many threads the session of TestLinear has; HARK_THREADS may say otherwise.
func threads(t *testing.T) int64 {
	if s := os.Getenv("HARK_THREADS"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		require.NoError(t, err)
		return n
	}
	return 500
}

// TestLinear: a session of many threads makes as many requests for each as one of a hundred, in real time and by several runs at once.
func TestLinear(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	program := compiled.Program(t, "fn f(i) { i } fn main(n) { length(await map_async(f, range(n))) }")
	for _, n := range []int64{100, threads(t)} {
		m := &meter{}
		store := &operations{Store: open(t, m.metered)}
		e := engine.New(engine.Config{Store: store, Executor: local.WithPlaces(32)})
		began := time.Now()
		session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main", Args: []vm.Value{vm.Int(n)}})
		require.NoError(t, err)
		result, err := e.Wait(t.Context(), session)
		require.NoError(t, err)
		require.True(t, vm.Equal(vm.Int(n), result.Value))
		took := time.Since(began)
		require.NoError(t, e.Close())

		woken := store.claim.Load() - n - 1
		t.Logf("%d threads: %d writes, %d units, %d heads read, %d wakes, heads of up to %d bytes, %v", n, m.writes, m.units, store.heads.Load(), woken, m.largest, took)
		assert.Equal(t, []int64{n + 1, n + 1}, []int64{store.create.Load(), store.finish.Load()})
		waiting := store.register.Load() + store.park.Load() + store.wake.Load() + woken
		assert.EqualValues(t, 3*(n+1)+waiting+store.other.Load(), m.writes, "three for each, and what the one that waits does")
		assert.LessOrEqual(t, float64(waiting), 4*(2+4*math.Log(float64(n))))
		assert.LessOrEqual(t, store.heads.Load(), 5*n+400, "the thread that waits reads fewer than 3 n, the process fewer than 2 n")
	}
}
