package sqlitestore_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Whole sessions on the store.

func open(t testing.TB, path string, o sqlitestore.Options) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.Open(context.Background(), path, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// run runs main of a program to its end.
func run(t testing.TB, store engine.Store, c engine.Config, program *bytecode.Program, args ...vm.Value) engine.Result {
	t.Helper()
	c.Store, c.Executor, c.Private = store, local.New(), true
	e := engine.New(c)
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main", Args: args})
	require.NoError(t, err)
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	require.NoError(t, e.Close())
	return result
}

// counted counts requests by the kinds that the cost table tells apart.
type counted struct {
	engine.Store
	creates, claims, parks, wakes, finishes, registers, others atomic.Int64
	heads                                                      atomic.Int64 // that were read
}

func (s *counted) Create(ctx context.Context, h engine.Head) (bool, error) {
	s.creates.Add(1)
	return s.Store.Create(ctx, h)
}

func (s *counted) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	s.claims.Add(1)
	return s.Store.Claim(ctx, c)
}

func (s *counted) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	s.parks.Add(1)
	return s.Store.Park(ctx, p)
}

func (s *counted) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	s.wakes.Add(1)
	return s.Store.Wake(ctx, w)
}

func (s *counted) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	s.finishes.Add(1)
	return s.Store.Finish(ctx, f)
}

func (s *counted) Register(ctx context.Context, id engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	s.registers.Add(1)
	return s.Store.Register(ctx, id, w)
}

func (s *counted) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	s.others.Add(1)
	return s.Store.Preempt(ctx, p)
}

func (s *counted) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	s.others.Add(1)
	return s.Store.PutSlot(ctx, slot)
}

func (s *counted) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	s.others.Add(1)
	return s.Store.SetDue(ctx, id, was, due, poll)
}

func (s *counted) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	s.heads.Add(int64(len(ids)))
	return s.Store.Heads(ctx, ids)
}

const fanOut = `
fn square(x) { x * x }
fn main(n) { reduce(lambda (a, b) { a + b }, await map_async(square, range(n)), 0) }`

// TestManyThreads: what a thread costs does not depend on how many a session has. Each is created, claimed and finished once;
// only the thread that waits for them all is woken a few times more.
func TestManyThreads(t *testing.T) {
	program := compiled.Program(t, fanOut)
	many := map[int]string{100: "328350", most: mostSum}
	if testing.Short() {
		many = map[int]string{100: "328350", 1000: "332833500"}
	}
	for n, sum := range many {
		store := &counted{Store: open(t, filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})}
		result := run(t, store, engine.Config{}, program, vm.Int(int64(n)))
		assert.Nil(t, result.Err)
		assert.Equal(t, sum, vm.Show(result.Value))
		total, waits := int64(n)+1, store.parks.Load()
		assert.Equal(t, total, store.creates.Load(), "created")
		assert.Equal(t, total, store.finishes.Load(), "finished")
		assert.Equal(t, total+waits, store.claims.Load(), "claimed")
		assert.LessOrEqual(t, waits, int64(40))
		assert.LessOrEqual(t, store.registers.Load(), 2*waits+2)
		assert.LessOrEqual(t, store.wakes.Load(), 2*waits+2)
		assert.Zero(t, store.others.Load())
		t.Logf("%d threads: %d waits, %.2f heads read for each", n, waits, float64(store.heads.Load())/float64(n))
		assert.LessOrEqual(t, store.heads.Load(), 5*total)
	}
}
