package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What things cost in requests of the store, as docs/durability.md says. A session without anything is 3 writes: start, claim,
// finish; "more" is what comes on top of that.

type cost struct{ writes, reads int }

const session = 3

func costOf(t *testing.T, seed uint64, program *bytecode.Program, args ...vm.Value) cost {
	t.Helper()
	got, err := sim.Run(sim.Case{Program: program, Function: "main", Args: args, Foreign: python, Seed: seed})
	require.NoError(t, err)
	require.Nil(t, got.Result.Err)
	return cost{got.Requests.Writes + got.Swept.Writes, got.Requests.Reads}
}

func TestCost(t *testing.T) {
	const imports = "import(double, py, 1); #[at_most_once] import(double, py, 1, mayonce);"
	for name, c := range map[string]struct {
		source string
		more   cost
	}{
		"nothing":                 {"fn main() { 1 }", cost{0, 0}},
		"plain calls":             {"fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } } fn main() { map(f, range(50)); print(1) }", cost{0, 0}},
		"a chain of Python calls": {imports + "fn main() { " + repeat("double(1); ", 20) + "}", cost{20, 0}},
		"a loop of Python calls":  {imports + "fn loop(n) { if n == 0 { 0 } else { double(0); loop(n - 1) } } fn main() { loop(30) }", cost{30, 0}},
		"at most once":            {imports + "fn main() { mayonce(1) }", cost{2, 0}},
		"a long sleep":            {"fn main() { sleep(100) }", cost{3, 0}}, // one of them the sweep's
		"a short sleep":           {"fn main() { sleep(1) }", cost{0, 0}},
		"child slower":            {"fn f() { sleep(1) } fn main() { await async f() }", cost{7, 1}},
		"child slower, sleeping":  {"fn f() { sleep(10) } fn main() { await async f() }", cost{7 + 3, 1}},
		"child faster":            {"fn f() { 1 } fn main() { a = async f(); sleep(1); await a }", cost{4, 0}},
		"a Python child, faster":  {imports + "fn main() { a = async double(0); sleep(1); await a }", cost{4, 0}},
		"a Hark child in between": {imports + "fn f() { double(0) } fn main() { a = async f(); sleep(1); await a }", cost{5, 0}},
		"nobody awaits":           {"fn f() { 1 } fn main() { async f(); 1 }", cost{3, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, c.source)
			for seed := range uint64(10) {
				got := costOf(t, seed, program)
				require.Equal(t, cost{session + c.more.writes, c.more.reads}, got, "seed %d", seed)
			}
		})
	}
}

func repeat(s string, n int) string {
	all := ""
	for range n {
		all += s
	}
	return all
}

// TestCostOfAwait: whatever the order, an await costs what one of the three rows says, and each of them happens.
func TestCostOfAwait(t *testing.T) {
	seen := map[cost]int{}
	program := compiled.Program(t, "fn f() { 1 } fn main() { await async f() }")
	for seed := range uint64(300) {
		got := costOf(t, seed, program)
		got.writes -= session
		seen[got]++
	}
	want := map[cost]string{{7, 1}: "child slower", {6, 1}: "child between register and park", {4, 0}: "child faster"}
	for c, times := range seen {
		assert.Contains(t, want, c, "%d times", times)
	}
	assert.Len(t, seen, len(want), "%v", seen)
}

// TestCostOfFanOut: linear in the number of threads, whatever the order in which they end.
func TestCostOfFanOut(t *testing.T) {
	orders := map[string]string{
		"any order":    "fn f(i) { i }",
		"first first":  "fn f(i) { sleep(i / 1000.0) }",
		"last first":   "fn f(i) { sleep((1000 - i) / 1000.0) }",
		"middle first": "fn f(i) { sleep(abs(i - 50.0) / 1000) }",
	}
	worlds := testkit.Amount(12, 3)
	for order, f := range orders {
		program := compiled.Program(t, f+" fn main(n) { length(await map_async(f, range(n))) }")
		for _, n := range []int{1, 10, 100, testkit.Amount(300, 30)} {
			t.Run(fmt.Sprint(order, "/", n), func(t *testing.T) {
				writes := 0
				for seed := range uint64(worlds) {
					got := costOf(t, seed, program, vm.Int(int64(n)))
					assert.LessOrEqual(t, got.reads, 3*n, "seed %d", seed)
					writes += got.writes
				}
				wakes := float64(writes-worlds*(session+3*n)) / 4 / float64(worlds)
				spread := 3 * math.Sqrt(math.Log(float64(n))/float64(worlds)) // of an average of so many worlds
				assert.LessOrEqual(t, wakes, 2+math.Log(float64(n))+spread, "on average")
			})
		}
	}
}
