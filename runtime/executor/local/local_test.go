package local_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// run runs main of a program in this process.
func run(t testing.TB, program *bytecode.Program, c engine.Config, args ...vm.Value) engine.Result {
	t.Helper()
	c.Store, c.Private = memstore.New(), true
	if c.Executor == nil {
		c.Executor = local.New()
	}
	e := engine.New(c)
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main", Args: args})
	require.NoError(t, err)
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	require.NoError(t, e.Close())
	return result
}

const fanOut = `
fn square(x) { x * x }
fn main(n) { reduce(lambda (a, b) { a + b }, await map_async(square, range(n)), 0) }`

func TestManyThreads(t *testing.T) {
	result := run(t, compiled.Program(t, fanOut), engine.Config{}, vm.Int(10_000))
	assert.Nil(t, result.Err)
	assert.Equal(t, "333283335000", vm.Show(result.Value))
}

// Threads nested deep have long numbers: what is stored of each must not have many of them.
func TestNestedThreads(t *testing.T) {
	program := compiled.Program(t, `fn f(n) { if n == 0 { 0 } else { 1 + await async f(n - 1) } } fn main(n) { f(n) }`)
	result := run(t, program, engine.Config{}, vm.Int(2000))
	assert.Equal(t, "2000", vm.Show(result.Value))
}

// Threads that wait for a time are parked, and woken in time.
func TestManySleepers(t *testing.T) {
	program := compiled.Program(t, `fn f(i) { sleep(1.01) } fn main(n) { length(await map_async(f, range(n))) }`)
	began := time.Now()
	result := run(t, program, engine.Config{}, vm.Int(2000))
	assert.Equal(t, "2000", vm.Show(result.Value))
	assert.GreaterOrEqual(t, time.Since(began), 1010*time.Millisecond)
}

// A thread that computes for ever must not keep the others from their turn.
func TestFairness(t *testing.T) {
	program := compiled.Program(t, `
fn spin(n) { spin(n + 1) }
fn short(x) { x }
fn main() { async spin(0); async spin(0); print("before"); x = await map_async(short, range(100)); print("after"); length(x) }`)
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.WithPlaces(1), Private: true, Observer: nil, Fuel: 1000})
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !ended(t, e, session) {
		require.NoError(t, ctx.Err())
		runtime.Gosched()
	}
	require.NoError(t, e.Close())
}

func ended(t *testing.T, e *engine.Engine, session string) bool {
	heads, err := e.Store.Heads(t.Context(), []engine.ID{{Session: session, Thread: engine.Root}})
	require.NoError(t, err)
	return heads[0].Done
}

// blocking is Python that answers when a number of calls are there at once.
type blocking struct {
	mu      sync.Mutex
	present int
	all     chan struct{}
	want    int
}

func (b *blocking) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	b.mu.Lock()
	if b.present++; b.present == b.want {
		close(b.all)
	}
	b.mu.Unlock()
	<-b.all
	return engine.CallResult{Value: vm.Null}, nil
}

// Calls of Python hold no place: more of them than places are there at once.
func TestCallsHoldNoPlace(t *testing.T) {
	program := compiled.Program(t, `
import(meet, py, 1);
fn f(i) { meet(i); i }
fn main(n) { length(await map_async(f, range(n))) }`)
	const n = 300
	result := run(t, program, engine.Config{Executor: local.WithPlaces(1), Foreign: &blocking{want: n, all: make(chan struct{})}}, vm.Int(n))
	assert.Equal(t, fmt.Sprint(n), vm.Show(result.Value))
}

// Closing gives threads up where they are; another engine goes on with them.
func TestCloseAndGoOn(t *testing.T) {
	program := compiled.Program(t, `
import(stop, py, 1);
fn count(n, to) { if n == to { n } else { count(n + 1, to) } }
fn main() { print("once"); count(0, 100000) + stop(1) }`)
	store := memstore.New()
	called := make(chan struct{})
	first := engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: foreignFunc(func(ctx context.Context, c engine.Call) (engine.CallResult, error) {
		close(called)
		<-ctx.Done()
		return engine.CallResult{}, ctx.Err()
	})})
	session, err := first.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	<-called
	require.NoError(t, first.Close())

	second := engine.New(engine.Config{Store: store, Executor: local.New(), Private: true, Foreign: foreignFunc(func(context.Context, engine.Call) (engine.CallResult, error) {
		return engine.CallResult{Value: vm.Int(5)}, nil
	})})
	require.NoError(t, second.Resume(t.Context(), session))
	result, err := second.Wait(t.Context(), session)
	require.NoError(t, err)
	assert.Equal(t, "100005", vm.Show(result.Value))
	lines, err := second.Lines(t.Context(), engine.ID{Session: session, Thread: engine.Root})
	require.NoError(t, err)
	assert.Len(t, lines, 1)
}

// Without Python a session cannot go on here: waiting for it ends with that error. Nothing of it is stored, so that it can go on
// when there is one.
func TestNoPython(t *testing.T) {
	program := compiled.Program(t, `
import(f, py, 1);
fn main() { [f(1), await async f(2)] }`)
	missing := errors.New("there is no Python")
	var absent atomic.Bool
	absent.Store(true)
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Private: true, Foreign: foreignFunc(func(_ context.Context, c engine.Call) (engine.CallResult, error) {
		if absent.Load() {
			return engine.CallResult{}, missing
		}
		return engine.CallResult{Value: c.Args[0]}, nil
	})})
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	_, err = e.Wait(t.Context(), session)
	require.ErrorIs(t, err, missing)
	absent.Store(false)
	require.NoError(t, e.Resume(t.Context(), session))
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	assert.Equal(t, "[1, 2]", vm.Show(result.Value))
	require.NoError(t, e.Close())
}

type foreignFunc func(context.Context, engine.Call) (engine.CallResult, error)

func (f foreignFunc) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	return f(ctx, c)
}

// BenchmarkThreads is a session of 10,000 threads.
func BenchmarkThreads(b *testing.B) {
	program := compiled.Program(b, fanOut)
	b.ReportAllocs()
	for b.Loop() {
		run(b, program, engine.Config{}, vm.Int(10_000))
	}
}
