package sim_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/vm"
)

// seeds is how many worlds each program is run in.
func seeds() uint64 {
	if testing.Short() {
		return 10
	}
	return 25
}

// python are functions without a memory: what they return depends on their arguments only.
var python = sim.Python{
	"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
		a.Take(time.Duration(n) * time.Second)
		return sim.Return(vm.Int(2 * n))
	},
	"py.instant": func(*sim.Attempt) engine.CallResult { return sim.Return(vm.Null) },
	"py.flaky":   flaky,
	"py.fail":    func(a *sim.Attempt) engine.CallResult { return sim.Raise("ValueError", "no "+vm.Show(a.Args[0])) },
}

var programs = map[string]struct{ source, want string }{
	"a value": {`fn main() { 1 + 1 }`, "=> 2\n"},
	"one thread": {
		`fn f(x) { print("in f"); x * 2 }
		fn main() { a = async f(20); print("in main"); 2 + await a }`,
		"0: in main\n0.0: in f\n=> 42\n",
	},
	"many threads": {
		`fn f(x) { x * x }
		fn main() { reduce(lambda (a, b) { a + b }, await map_async(f, range(40)), 0) }`,
		"=> 20540\n",
	},
	"a tree": {
		`fn sum(n) { if n < 1 { 0 } else { a = async sum(n - 1); b = async sum(n - 2); n + await a + await b } }
		fn main() { sum(4) }`,
		"=> 14\n",
	},
	"a future returned": {
		`fn g() { 7 }
		fn f() { async g() }
		fn main() { await async f() }`,
		"=> 7\n",
	},
	"a shared future": {
		`fn slow() { sleep(2); 5 }
		fn wait(x) { 1 + await x }
		fn main() { s = async slow(); reduce(lambda (a, b) { a + b }, await map(lambda (i) { async wait(s) }, range(12)), 0) }`,
		"=> 72\n",
	},
	"errors cross": {
		`fn f() { signal("error", "broken") }
		fn main() { try { await async f() } catch e { print(get(e, "thread")); get(e, "message") } }`,
		"0: 0.0\n=> broken\n",
	},
	"the first error of a list": {
		`fn f(i) { if i > 2 { signal("error", str(i)) } else { i } }
		fn main() { try { await map_async(f, range(9)) } catch e { get(e, "message") } }`,
		"=> 3\n",
	},
	"failures nobody awaits": {
		`fn f(i) { if i > 0 { sleep(i); signal("error", str(i)) } else { i } }
		fn main() { map_async(f, range(4)); "gone" }`,
		"=> gone\n0.1 failed: error: 1\n0.2 failed: error: 2\n0.3 failed: error: 3\n",
	},
	"python": {
		`import(double, py, 1);
		fn main() { print("a"); x = double(3); print("b"); y = double(x); print("c"); x + y }`,
		"0: a\n0: doubling 3\n0: b\n0: doubling 6\n0: c\n=> 18\n",
	},
	"threads that are python": {
		`import(double, py, 1);
		fn main() { await map(lambda (i) { async double(i) }, range(5)) }`,
		"0.0: doubling 0\n0.1: doubling 1\n0.2: doubling 2\n0.3: doubling 3\n0.4: doubling 4\n=> [0, 2, 4, 6, 8]\n",
	},
	"python raises": {
		`import(fail, py, 1);
		fn main() { try { fail(1) } catch e { [get(e, "kind"), get(e, "message"), get(e, "function")] } }`,
		"=> [\"ValueError\", \"no 1\", \"main\"]\n",
	},
	"sleeps": {
		`fn f(s) { print(sleep(s)); s }
		fn main() { await [async f(0.5), async f(90), async f(3000)] }`,
		"0.0: 0.5\n0.1: 90\n0.2: 3000\n=> [0.5, 90, 3000]\n",
	},
	"much output": {
		`fn long(s, n) { if n == 0 { s } else { long(s + s, n - 1) } }
		fn main() { s = long("0123456789abcdef", 9); print(s); print(s); print("x\ny"); print(s); print(s); 0 }`,
		strings.Repeat("0: "+long+"\n", 2) + "0: x\n0: y\n" + strings.Repeat("0: "+long+"\n", 2) + "=> 0\n",
	},
	"a timeout that is not reached": {
		`fn f() { sleep(5); 3 }
		fn main() { with_timeout(async f(), 1000000) }`,
		"=> 3\n",
	},
	"for ever": {`fn main() { await future("x") }`, "stuck: the session cannot go on, because nothing will resolve what its threads wait for:\n" +
		"  thread 0 (main) waits for future(\"x\")\n"},
}

// long is a line of 8 KiB: with two of them, output has a slot of its own.
var long = strings.Repeat("0123456789abcdef", 512)

// TestTheSeedDecides: the same seed is the same run.
func TestTheSeedDecides(t *testing.T) {
	program := compiled.Program(t, programs["many threads"].source)
	steps := func(seed uint64) []engine.Event {
		log := &eventLog{}
		_, err := sim.Run(sim.Case{Program: program, Function: "main", Seed: seed, Faults: sim.Faults{Kill: 20, Double: 100}, Observer: log})
		require.NoError(t, err)
		return log.events
	}
	assert.Equal(t, steps(5), steps(5))
	assert.NotEqual(t, steps(5), steps(6))
}

// TestNothingIsLeft: a world that has ended leaves no goroutine behind, whatever its threads were doing.
func TestNothingIsLeft(t *testing.T) {
	program := compiled.Program(t, `fn f(n) { sleep(0.5); f(n + 1) }
fn main() { async f(0); async f(1); await future("x") }`)
	before := runtime.NumGoroutine()
	for seed := range seeds() {
		_, err := sim.Run(sim.Case{
			Program: program, Function: "main", Seed: seed, Faults: sim.Faults{Kill: 5},
			During: func(ctx context.Context, e *engine.Engine, session string) { assert.NoError(t, e.Cancel(ctx, session)) },
		})
		require.NoError(t, err)
	}
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 10*time.Second, time.Millisecond)
}

type eventLog struct {
	engine.Quiet
	events []engine.Event
}

func (l *eventLog) Event(e engine.Event) { l.events = append(l.events, e) }
