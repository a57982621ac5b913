package sim_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/vm"
)

// script is a Python function py.f whose attempts come to what the script says, one after the other.
func script(attempts ...func(a *sim.Attempt) engine.CallResult) (sim.Python, *int) {
	made := new(int)
	return sim.Python{"py.f": func(a *sim.Attempt) engine.CallResult {
		next := attempts[min(*made, len(attempts)-1)]
		*made++
		a.Output(engine.Stderr, fmt.Sprint("attempt ", *made))
		return next(a)
	}}, made
}

func raises(class string, bases ...string) func(*sim.Attempt) engine.CallResult {
	return func(*sim.Attempt) engine.CallResult { return sim.Raise(class, "on purpose", bases...) }
}

func crashes(*sim.Attempt) engine.CallResult { return sim.Crash("killed by signal 9") }

func returns(*sim.Attempt) engine.CallResult { return sim.Return(vm.Int(7)) }

func takes(d time.Duration) func(*sim.Attempt) engine.CallResult {
	return func(a *sim.Attempt) engine.CallResult {
		a.Take(d)
		return sim.Return(vm.Int(7))
	}
}

// TestAttributesOfImports calls py.f once and says what came of it, how many attempts were made and how long it took.
func TestAttributesOfImports(t *testing.T) {
	type attempts []func(*sim.Attempt) engine.CallResult
	for name, c := range map[string]struct {
		attributes string
		script     attempts
		want       string
		made       int
		took       time.Duration
	}{
		"none":               {"", attempts{returns}, "7", 1, 0},
		"no retry":           {"", attempts{raises("E"), returns}, "E: on purpose", 1, 0},
		"retry":              {"#[retry(max=3, backoff=2.0)]", attempts{raises("E"), raises("E"), returns}, "7", 3, 6 * time.Second},
		"retry in vain":      {"#[retry(max=3, backoff=0.5)]", attempts{raises("E")}, "E: on purpose", 3, 1500 * time.Millisecond},
		"retry, parked":      {"#[retry(max=4, backoff=100.0)]", attempts{raises("E"), raises("E"), raises("E"), returns}, "7", 4, 700 * time.Second},
		"retry on a class":   {`#[retry(max=3, on="E")]`, attempts{raises("E"), returns}, "7", 2, 0},
		"retry on a base":    {`#[retry(max=3, on="OSError")]`, attempts{raises("E", "OSError"), returns}, "7", 2, 0},
		"retry on another":   {`#[retry(max=3, on="OSError")]`, attempts{raises("E", "ValueError"), returns}, "E: on purpose", 1, 0},
		"timeout":            {"#[timeout(30)]", attempts{takes(time.Minute)}, "Timeout: f took longer than 30 seconds", 1, 30 * time.Second},
		"timeout in time":    {"#[timeout(30)]", attempts{takes(29 * time.Second)}, "7", 1, 29 * time.Second},
		"timeout and retry":  {"#[timeout(30), retry(max=2)]", attempts{takes(time.Minute), returns}, "7", 2, 30 * time.Second},
		"a crash":            {"", attempts{crashes, crashes, returns}, "7", 3, 0},
		"crashes":            {"", attempts{crashes}, "Crash: the call of f failed: killed by signal 9", 3, 0},
		"crash at most once": {"#[at_most_once]", attempts{crashes, returns}, "Crash: the call of f failed: killed by signal 9", 1, 0},
		"retry on Crash":     {`#[at_most_once, retry(max=2, on="Crash")]`, attempts{crashes, returns}, "7", 2, 0},
		"crash and retry":    {"#[retry(max=2)]", attempts{crashes, raises("E"), crashes, returns}, "7", 4, 0},
	} {
		for _, call := range []string{"f(1)", "await async f(1)"} {
			t.Run(name+"/"+call, func(t *testing.T) {
				python, made := script(c.script...)
				source := c.attributes + "import(f, py, 1);\nfn main() { try { str(" + call + `) } catch e { get(e, "kind") + ": " + get(e, "message") } }`
				got, err := sim.Run(sim.Case{Program: compiled.Program(t, source), Function: "main", Foreign: python})
				require.NoError(t, err)
				require.Nil(t, got.Result.Err)
				assert.Equal(t, c.want, vm.Show(got.Result.Value))
				assert.Equal(t, c.made, *made)
				assert.Equal(t, c.took, got.Took)
				for thread, lines := range got.Lines {
					assert.Len(t, lines, 1, thread)
					assert.Equal(t, fmt.Sprint("attempt ", c.made), lines[0].Text, "of the attempt that counts")
				}
			})
		}
	}
}

// TestCallsAreCounted: with processes that die, an at_most_once call is made at most once; and a retried one, however often
// it is cut off, raises at most as often as max says.
func TestCallsAreCounted(t *testing.T) {
	program := compiled.Program(t, `
#[at_most_once]
import(once, py, 1);
#[retry(max=3, backoff=20.0)]
import(three, py, 1);
fn try_(f, x) { try { f(x) } catch e { get(e, "kind") } }
fn main() { await map(lambda (i) { async try_(once, i) }, range(5)); await map(lambda (i) { async try_(three, i) }, range(5)) }`)
	for seed := range seeds() {
		calls := map[string]int{}
		count := func(a *sim.Attempt) { calls[a.Name+vm.Show(a.Args[0])]++ }
		python := sim.Python{
			"py.once":  func(a *sim.Attempt) engine.CallResult { count(a); return returns(a) },
			"py.three": func(a *sim.Attempt) engine.CallResult { count(a); return sim.Raise("E", "") },
		}
		got, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: python, Seed: seed, Faults: sim.Faults{Kill: 30, Double: 100}})
		require.NoError(t, err)
		require.Nil(t, got.Result.Err)
		for i := range 5 {
			require.LessOrEqual(t, calls[fmt.Sprint("once", i)], 1, "seed %d", seed)
			require.LessOrEqual(t, calls[fmt.Sprint("three", i)], 3+4, "seed %d: 3 tries, and 4 that were cut off", seed)
		}
	}
}

// outcomes are programs whose result and duration are known.
var outcomes = map[string]struct {
	source string
	want   string
	took   time.Duration
}{
	"timeout of a thread": {`
#[timeout(5)]
fn slow() { sleep(60); 1 }
fn main() { try { await async slow() } catch e { [get(e, "kind"), get(e, "message"), get(e, "function"), get(e, "thread")] } }`,
		"=> [\"Timeout\", \"slow took longer than 5 seconds\", \"slow\", \"0.0\"]\n", 5 * time.Second},
	"timeout of a thread in a call": {`
import(f, py, 1);
#[timeout(5)]
fn slow() { f(1) }
fn main() { try { await async slow() } catch e { get(e, "kind") } }`,
		"=> Timeout\n", 5 * time.Second},
	"timeout of a thread that computes": {`
#[timeout(5)]
fn slow(n) { sleep(1); slow(n + 1) }
fn main() { try { await async slow(0) } catch e { get(e, "kind") } }`,
		"=> Timeout\n", 5 * time.Second},
	"timeout of a thread that computes for ever": {`
#[timeout(5)]
fn slow(n) { slow(n + 1) }
fn main() { try { await async slow(0) } catch e { get(e, "kind") } }`,
		"=> Timeout\n", 5 * time.Second},
	"no timeout without async": {`
#[timeout(5)]
fn slow() { sleep(60); 1 }
fn main() { slow() }`,
		"=> 1\n", 60 * time.Second},
	"with_timeout": {`
fn slow() { sleep(60); 1 }
fn main() { s = async slow(); x = try { with_timeout(s, 2.5) } catch e { get(e, "kind") + ": " + get(e, "message") }; [x, await s] }`,
		"=> [\"Timeout: the future did not resolve within 2.5 seconds\", 1]\n", 60 * time.Second},
	"with_timeout in time": {`
fn slow() { sleep(2); 1 }
fn main() { with_timeout(async slow(), 60) }`,
		"=> 1\n", 2 * time.Second},
	"with_timeout of nothing": {`
fn slow() { sleep(2); 1 }
fn main() { try { with_timeout(async slow(), 0) } catch e { get(e, "kind") } }`,
		"=> Timeout\n", 2 * time.Second},
	"first_of": {`
fn f(s) { sleep(s); s }
fn main() { first_of([async f(30), async f(10), async f(20)]) }`,
		"=> [1, 10]\n", 30 * time.Second},
	"first_of ended ones": {`
fn f(s) { sleep(s); s }
fn main() { a = async f(3); b = async f(2); sleep(10); first_of([a, b]) }`,
		"=> [1, 2]\n", 10 * time.Second},
	"first_of a failure": {`
fn f(s) { sleep(s); signal("error", str(s)) }
fn main() { try { first_of([async f(3), async f(2)]) } catch e { get(e, "message") } }`,
		"=> 2\n0.0 failed: error: 3\n", 3 * time.Second},
	"a list with what is no future": {`
fn f(x) { x }
fn main() { a = async f(1); await [a, 2, a, async f(3)] }`,
		"=> [1, 2, 1, 3]\n", 0},
	"await nothing":        {"fn main() { await [] }", "=> []\n", 0},
	"sleep is never early": {"fn main() { sleep(0.25); sleep(1.5); sleep(3600) }", "=> 3600\n", 3601*time.Second + 750*time.Millisecond},
	"arguments too large": {`
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn f(s) { length(s) }
fn main() { s = grow("0123456789abcdef", 22); try { async f(s); "started" } catch e { [get(e, "kind"), get(e, "message"), get(e, "line")] } }`,
		"=> [\"Limit\", \"the arguments of f are too large: 64 MiB, and at most 64 MiB may cross\", 4]\n", 0},
	"a result too large": {`
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn main() { try { await async grow("0123456789abcdef", 22) } catch e { [get(e, "kind"), get(e, "thread")] } }`,
		"=> [\"Limit\", \"0.0\"]\n", 0},
}

func TestOutcomes(t *testing.T) {
	python := sim.Python{"py.f": takes(time.Hour)}
	for name, c := range outcomes {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, c.source)
			for seed := range uint64(5) {
				got, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: python, Seed: seed})
				require.NoError(t, err)
				require.Equal(t, c.want, got.String(), "seed %d", seed)
				require.GreaterOrEqual(t, got.Took, c.took, "seed %d", seed)
				require.Less(t, got.Took, c.took+time.Second, "seed %d: the rest is what it takes to compute", seed)
			}
		})
	}
}

// TestDecidedOnce: which of several was first, and whether a wait timed out, may depend on the order, but not on the run that
// asks: a thread that dies after it has shown which it was shows the same again.
func TestDecidedOnce(t *testing.T) {
	program := compiled.Program(t, `
fn f(s) { sleep(s); s }
fn main() {
  a = async f(1); b = async f(1);
  x = first_of([a, b]);
  y = try { with_timeout(async f(3), 3) } catch e { "late" };
  print(str([x, y]));
  sleep(1); sleep(1); sleep(1);
  str([x, y])
}`)
	for seed := range seeds() {
		got, err := sim.Run(sim.Case{Program: program, Function: "main", Seed: seed, Faults: sim.Faults{Kill: 40, Double: 100}, Lease: time.Second})
		require.NoError(t, err)
		require.Nil(t, got.Result.Err)
		require.Len(t, got.Lines["0"], 1)
		require.Equal(t, got.Lines["0"][0].Text, vm.Show(got.Result.Value), "seed %d", seed)
	}
}

// TestOutsideFutures resolves futures from outside, before or after they are awaited.
func TestOutsideFutures(t *testing.T) {
	program := compiled.Program(t, `
fn f(name) { await future(name) }
fn main() { await [async f("x"), future("y"), async f("x")] }`)
	for seed := range seeds() {
		got, err := sim.Run(sim.Case{
			Program: program, Function: "main", Seed: seed, Faults: sim.Faults{Double: 100},
			During: func(ctx context.Context, e *engine.Engine, session string) {
				for i, name := range []string{"y", "x", "x"} {
					first, err := e.Resolve(ctx, session, name, vm.Int(int64(i)))
					assert.NoError(t, err)
					assert.Equal(t, i < 2, first)
				}
			},
		})
		require.NoError(t, err)
		require.Equal(t, "=> [1, 0, 1]\n", got.String(), "seed %d", seed)
	}
}

// TestCancel ends every thread, whatever it does.
func TestCancel(t *testing.T) {
	program := compiled.Program(t, `
import(f, py, 1);
fn tree(n) { sleep(0.1); if n > 0 { async tree(n - 1); await async tree(n - 1) } else { f(1); sleep(1000000) } }
fn main() { async tree(2); await future("never") }`)
	for seed := range seeds() {
		got, err := sim.Run(sim.Case{
			Program: program, Function: "main", Seed: seed, Foreign: sim.Python{"py.f": takes(time.Hour)},
			Faults: sim.Faults{Double: 100, Kill: 2}, Lease: time.Minute,
			During: func(ctx context.Context, e *engine.Engine, session string) {
				assert.NoError(t, e.Clock.Sleep(ctx, time.Duration(seed)*37*time.Millisecond))
				assert.NoError(t, e.Cancel(ctx, session))
			},
		})
		require.NoError(t, err)
		require.NotNil(t, got.Result.Err, "seed %d", seed)
		assert.Equal(t, vm.ErrCancelled, got.Result.Err.Kind)
		for _, f := range got.Result.Abandoned {
			assert.Equal(t, vm.ErrCancelled, f.Err.Kind)
		}
		assert.Less(t, got.Took, time.Hour)
	}
}

// deadly kills the process of one thread at once, each time.
type deadly struct {
	thread string
	deaths int
}

func (d *deadly) Run(_ context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	if id.Thread == d.thread {
		d.deaths++
		runtime.Goexit()
	}
	return m.Run(fuel)
}

func TestPoison(t *testing.T) {
	program := compiled.Program(t, `fn f() { 1 }
fn main() { try { await async f() } catch e { get(e, "kind") + ": " + get(e, "message") } }`)
	runner := &deadly{thread: "0.0"}
	got, err := sim.Run(sim.Case{Program: program, Function: "main", Runner: runner, Lease: time.Minute})
	require.NoError(t, err)
	assert.Equal(t, "=> Crash: the thread's process died 5 times at the same place\n", got.String())
	assert.Equal(t, 5, runner.deaths)
}

func TestEntry(t *testing.T) {
	program := compiled.Program(t, `fn main(a: Int, b: List[Float]?, c: Hash[String, Any]) { a }`)
	hash, err := vm.Hash(vm.String("k"), vm.Null)
	require.NoError(t, err)
	bad, err := vm.Hash(vm.Int(1), vm.Null)
	require.NoError(t, err)
	for _, c := range []struct {
		function string
		args     []vm.Value
		want     string
	}{
		{"main", []vm.Value{vm.Int(1), vm.Null, hash}, ""},
		{"main", []vm.Value{vm.Int(1), vm.List(vm.Int(1), vm.Float(2)), hash}, ""},
		{"main", []vm.Value{vm.String("1"), vm.Null, hash}, "Type: argument a of main has to be Int, not String"},
		{"main", []vm.Value{vm.Int(1), vm.List(vm.String("1")), hash}, "Type: argument b of main has to be List[Float]?, not List"},
		{"main", []vm.Value{vm.Int(1), vm.Null, bad}, "Type: argument c of main has to be Hash[String, Any], not Hash"},
		{"other", nil, "Name: there is no function other to start with"},
	} {
		_, err := sim.Run(sim.Case{Program: program, Function: c.function, Args: c.args})
		if c.want == "" {
			assert.NoError(t, err)
			continue
		}
		var fault *vm.Error
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, c.want, fault.Error())
	}
}

// real is Python that takes real time, outside of the world.
type real struct{ takes time.Duration }

func (r real) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	c.Begin()
	c.Output(engine.Stdout, "on its way")
	select {
	case <-time.After(r.takes):
		return sim.Return(vm.Int(7)), nil
	case <-ctx.Done():
		return engine.CallResult{}, ctx.Err()
	}
}

// TestRealCalls: a world with real Python in it, which is stopped when its time is over.
func TestRealCalls(t *testing.T) {
	program := compiled.Program(t, `
#[timeout(1)]
import(f, py, 1);
fn main() { try { [async f(1), f(2)]; await async f(3) } catch e { get(e, "kind") } }`)
	for takes, want := range map[time.Duration]string{time.Millisecond: "=> 7\n", time.Hour: "=> Timeout\n0.0 failed: Timeout: f took longer than 1 seconds\n"} {
		got, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: real{takes}})
		require.NoError(t, err)
		got.Lines = nil
		assert.Equal(t, want, got.String())
	}
}
