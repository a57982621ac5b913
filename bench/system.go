package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// figures are what is measured beside the comparison; goal is what it is held against, in words.
var figures = []struct {
	name, goal string
	measure    func(rounds int) (string, error)
}{
	{"compile a 10,000-line file", "", compileSpeed},
	{"encode a machine that holds 100,000 values", "", encodeSpeed},
	{"decode it", "", decodeSpeed},
	{"10,000 threads, each started and awaited", "", tenThousandThreads},
	{"Python call on a warm worker", "≤ 0.2 ms", pythonCall},
	{"5 MB String to Python and back", "≤ 100 ms", pythonString},
	{"hark-ls run of an empty main, as a process", "≤ 30 ms", emptyRun},
}

func measureSystem(rounds int) error {
	fmt.Println()
	for _, f := range figures {
		got, err := f.measure(rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		fmt.Printf("%-46s %-28s %s\n", f.name, got, f.goal)
	}
	return nil
}

// fastest is the shortest of several runs.
func fastest(rounds int, run func() error) (time.Duration, error) {
	best := time.Duration(1<<63 - 1)
	for range rounds {
		started := time.Now()
		if err := run(); err != nil {
			return 0, err
		}
		best = min(best, time.Since(started))
	}
	return best, nil
}

func perSecond(bytes int, d time.Duration) string {
	return fmt.Sprintf("%.1f MB/s (%.1f ms)", float64(bytes)/1e6/d.Seconds(), milliseconds(d))
}

// sourceLines is a pipeline of ordinary functions, repeated under other names until it has 10,000 lines.
func sourceLines() string {
	var b strings.Builder
	for i := range 10_000 / 10 {
		fmt.Fprintf(&b, `/** Part %[1]d of a pipeline. */
fn part_%[1]d(items, limit) {
  chosen = filter(lambda(x) { x > limit }, items);
  if nullp(chosen) { signal("info", "nothing above " + str(limit)) } else { null };
  futures = map(lambda(x) { async step_%[1]d(x, limit) }, chosen);
  total = reduce(lambda(a, x) { a + x }, await futures, 0);
  {"total": total, "count": length(chosen), "mean": total / length(chosen)}
}
fn step_%[1]d(x, by) { try { x * by + 1 } catch e { 0 } }

`, i)
	}
	b.WriteString("fn main() { part_0([1, 2, 3], 1) }\n")
	return b.String()
}

func generate(text string) (*bytecode.Program, error) {
	loaded := resolve.Load("main.hk", func(path string) (string, error) {
		if path != "main.hk" {
			return "", os.ErrNotExist
		}
		return text, nil
	})
	if loaded.Stops() {
		return nil, fmt.Errorf("the program has errors: %v", loaded.Diagnostics())
	}
	return codegen.Generate(loaded), nil
}

func compileSpeed(rounds int) (string, error) {
	text := sourceLines()
	took, err := fastest(rounds, func() error {
		_, err := generate(text)
		return err
	})
	return perSecond(len(text), took), err
}

// heldValues is a machine that waits while it holds 100,000 values of several kinds.
func heldValues() (*vm.Machine, error) {
	code, err := compile(`
fn main() { xs = map(lambda(i) { [i, i * 0.5, str(i), {"k": i}] }, range(20000)); await future("x"); xs }`)
	if err != nil {
		return nil, err
	}
	entry, _ := code.Export("main")
	m, err := vm.New(code, vm.Start{Session: "bench", Thread: "0", Function: entry})
	if err != nil {
		return nil, err
	}
	if outcome := m.Run(1 << 40); outcome != vm.Await {
		return nil, fmt.Errorf("the machine is %s: %v", outcome, m.Fault())
	}
	return m, nil
}

func encodeSpeed(rounds int) (string, error) {
	m, err := heldValues()
	if err != nil {
		return "", err
	}
	size := len(m.Encode())
	took, err := fastest(rounds, func() error { m.Encode(); return nil })
	return perSecond(size, took), err
}

func decodeSpeed(rounds int) (string, error) {
	m, err := heldValues()
	if err != nil {
		return "", err
	}
	data := m.Encode()
	took, err := fastest(rounds, func() error {
		_, err := vm.Decode(m.Code(), data)
		return err
	})
	return perSecond(len(data), took), err
}

// session runs a program's main to its end, on the memory store.
func session(p *bytecode.Program, python engine.Foreign) error {
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Foreign: python, Private: true})
	id, err := e.Start(context.Background(), engine.Session{Program: p, Function: "main"})
	if err != nil {
		return err
	}
	result, err := e.Wait(context.Background(), id)
	if err == nil && result.Err != nil {
		err = result.Err
	}
	if closing := e.Close(); err == nil {
		err = closing
	}
	return err
}

func tenThousandThreads(rounds int) (string, error) {
	program, err := generate("fn f(x) { x + 1 }\nfn main() { await map_async(f, range(10000)) }")
	if err != nil {
		return "", err
	}
	took, err := fastest(max(1, rounds/3), func() error { return session(program, nil) })
	return fmt.Sprintf("%.0f ms (%.0f threads/s)", milliseconds(took), 10000/took.Seconds()), err
}

// pool has one warm worker with the module echo.
func pool() (*ffi.Pool, func(), error) {
	dir, err := os.MkdirTemp("", "hark-bench")
	if err != nil {
		return nil, nil, err
	}
	text := "def echo(x):\n    return x\n"
	if err := os.WriteFile(filepath.Join(dir, "echo.py"), []byte(text), 0o644); err != nil {
		return nil, nil, err
	}
	p := ffi.New(ffi.Config{Root: dir, Workers: 1})
	done := func() { _ = p.Close(); _ = os.RemoveAll(dir) }
	_, err = p.Call(context.Background(), echo(vm.Null))
	return p, done, err
}

func echo(v vm.Value) engine.Call {
	return engine.Call{Module: "echo", Name: "echo", Alias: "echo", Args: []vm.Value{v}}
}

func pythonCall(rounds int) (string, error) {
	p, done, err := pool()
	if err != nil {
		return "", err
	}
	defer done()
	const calls = 200
	took, err := fastest(rounds, func() error {
		for range calls {
			if result, err := p.Call(context.Background(), echo(vm.Int(5))); err != nil || result.Raised != nil {
				return fmt.Errorf("%w %v", err, result.Raised)
			}
		}
		return nil
	})
	return fmt.Sprintf("%.3f ms", milliseconds(took)/calls), err
}

func pythonString(rounds int) (string, error) {
	p, done, err := pool()
	if err != nil {
		return "", err
	}
	defer done()
	text := vm.String(strings.Repeat("hark 🐍", 5_000_000/len("hark 🐍")))
	took, err := fastest(rounds, func() error {
		result, err := p.Call(context.Background(), echo(text))
		if err == nil && !vm.Equal(result.Value, text) {
			err = fmt.Errorf("another String came back: %v", result.Raised)
		}
		return err
	})
	return fmt.Sprintf("%.1f ms", milliseconds(took)), err
}

// emptyRun starts the binary that "make build" has made.
func emptyRun(rounds int) (string, error) {
	binary, err := filepath.Abs(filepath.Join("..", "bin", "hark-ls"))
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "hark-bench")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "empty.hk")
	if err := os.WriteFile(file, []byte("fn main() { null }\n"), 0o644); err != nil {
		return "", err
	}
	took, err := fastest(rounds, func() error { return exec.Command(binary, "run", file).Run() })
	return fmt.Sprintf("%.1f ms", milliseconds(took)), err
}
