package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What it costs to be durable: the same sessions in memory and on the disk. What a thread costs in DynamoDB is measured beside
// that store (BenchmarkThread).

// durable are the rows of the table, each measured on every store with a session of its own; published is what is known of
// AWS Lambda durable functions.
var durable = []struct {
	name, published string
	program         string
	measure         func(*kept, *bytecode.Program) (string, error)
}{
	{"a program that computes: fib(30), best of 5", "", fib, computing},
	{"Python calls in sequence, 1,000 in a session", "7 to 33/s", sequence + "fn main() { echo(0); loop(1, 1000) }", perSecondOf(1000)},
	{"10,000 threads, each started and awaited", "3,000 operations at most",
		"fn f(x) { x + 1 }\nfn main() { length(await map_async(f, range(10000))) }", perSecondOf(10_000)},
	{"going on after 100 recorded calls", "", recorded, resuming(100)},
	{"going on after 1,000", "", recorded, resuming(1000)},
	{"going on after 10,000", "", recorded, resuming(10_000)},
	{"memory of a thread that waits, of 10,000", "", waiting, waitingMemory},
}

const (
	fib      = "fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nfn main() { fib(30) }"
	sequence = `
import(echo, echo, 1);
fn loop(i, n) { if i == n { i } else { echo(i); loop(i + 1, n) } }
`
	recorded = sequence + `fn main(n) { loop(0, n); await future("go") }`
	waiting  = `
fn wait(i) { await future("never") }
fn main() { map(lambda (i) { async wait(i) }, range(10000)); await future("never") }`
)

// place is where sessions are kept.
type place struct {
	name string
	open func(folder string) (engine.Store, func() error, error)
}

var places = []place{
	{"memory", func(string) (engine.Store, func() error, error) {
		return memstore.New(), func() error { return nil }, nil
	}},
	{"sqlite", func(folder string) (engine.Store, func() error, error) {
		s, err := sqlitestore.Open(context.Background(), filepath.Join(folder, "sessions.db"), sqlitestore.Options{})
		if err != nil {
			return nil, nil, err
		}
		return s, s.Close, nil
	}},
}

func measureDurable() error {
	fmt.Printf("\n%-46s", "durable")
	for _, p := range places {
		fmt.Printf(" %-14s", p.name)
	}
	fmt.Println(" published: Lambda durable functions")
	for _, row := range durable {
		fmt.Printf("%-46s", row.name)
		for _, p := range places {
			got, err := measureOn(p, row.program, row.measure)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", row.name, p.name, err)
			}
			fmt.Printf(" %-14s", got)
		}
		fmt.Println(" " + row.published)
	}
	return nil
}

func measureOn(p place, text string, measure func(*kept, *bytecode.Program) (string, error)) (string, error) {
	program, err := generate(text)
	if err != nil {
		return "", err
	}
	k, err := keep(p)
	if err != nil {
		return "", err
	}
	defer k.close()
	return measure(k, program)
}

// kept is an engine on a store of its own, and the folder that both may use.
type kept struct {
	*engine.Engine
	folder string
	end    []func() error
}

func keep(p place) (*kept, error) {
	folder, err := os.MkdirTemp("", "hark-bench")
	if err != nil {
		return nil, err
	}
	k := &kept{folder: folder, end: []func() error{func() error { return os.RemoveAll(folder) }}}
	if err := os.WriteFile(filepath.Join(folder, "echo.py"), []byte("def echo(x):\n    return x\n"), 0o644); err != nil {
		return nil, err
	}
	store, closeStore, err := p.open(folder)
	if err != nil {
		return nil, err
	}
	pool := ffi.New(ffi.Config{Root: folder, Workers: 1})
	k.Engine = engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: pool})
	k.end = append(k.end, closeStore, pool.Close, k.Engine.Close)
	return k, nil
}

// close takes everything away, the engine first.
func (k *kept) close() {
	for i := len(k.end) - 1; i >= 0; i-- {
		_ = k.end[i]()
	}
}

func (k *kept) start(p *bytecode.Program, args ...vm.Value) (string, error) {
	return k.Start(context.Background(), engine.Session{Program: p, Function: "main", Args: args})
}

// finish waits for a session's end.
func (k *kept) finish(id string) error {
	result, err := k.Wait(context.Background(), id)
	if err == nil && result.Err != nil {
		err = result.Err
	}
	return err
}

// timed is how long a session takes.
func (k *kept) timed(p *bytecode.Program, args ...vm.Value) (time.Duration, error) {
	began := time.Now()
	id, err := k.start(p, args...)
	if err != nil {
		return 0, err
	}
	err = k.finish(id)
	return time.Since(began), err
}

func computing(k *kept, program *bytecode.Program) (string, error) {
	took, err := fastest(5, func() error {
		_, err := k.timed(program)
		return err
	})
	return fmt.Sprintf("%.1f ms", milliseconds(took)), err
}

// perSecondOf is how many of so many things of a session there are in a second.
func perSecondOf(things float64) func(*kept, *bytecode.Program) (string, error) {
	return func(k *kept, program *bytecode.Program) (string, error) {
		took, err := k.timed(program)
		return fmt.Sprintf("%.0f/s", things/took.Seconds()), err
	}
}

// resuming is how long it takes from the value that a session waits for to its end, after so many calls.
func resuming(calls int64) func(*kept, *bytecode.Program) (string, error) {
	return func(k *kept, program *bytecode.Program) (string, error) {
		id, err := k.start(program, vm.Int(calls))
		if err != nil {
			return "", err
		}
		if err := k.parked(id, engine.Root); err != nil {
			return "", err
		}
		began := time.Now()
		if _, err := k.Resolve(context.Background(), id, "go", vm.Int(1)); err != nil {
			return "", err
		}
		err = k.finish(id)
		return fmt.Sprintf("%.1f ms", milliseconds(time.Since(began))), err
	}
}

// parked waits until a thread waits.
func (k *kept) parked(session, thread string) error {
	id := engine.ID{Session: session, Thread: thread}
	for {
		heads, err := k.Store.Heads(context.Background(), []engine.ID{id})
		if err != nil {
			return err
		}
		if h := heads[0]; h != nil && h.Parked() {
			return nil
		}
		if h := heads[0]; h != nil && h.Done {
			return fmt.Errorf("thread %s has ended instead of waiting", id)
		}
		time.Sleep(time.Millisecond)
	}
}

// waitingMemory is what of this process's heap a thread that waits for an outside future holds.
func waitingMemory(k *kept, program *bytecode.Program) (string, error) {
	before := heap()
	id, err := k.start(program)
	if err != nil {
		return "", err
	}
	for _, thread := range []string{engine.Root, "0.9999"} {
		if err := k.parked(id, thread); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%.0f bytes", float64(heap()-before)/10_000), nil
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
