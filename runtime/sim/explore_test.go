package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/sim"
)

// All schedules of small programs: that there are as many as one finds with pencil and paper shows that none is left out.
//
// A step is one request, with what is computed after it; of the tasks that can make one, any may be next. A thread's first
// request is its claim. In what follows P is thread 0, whose steps up to the start of its first child nothing can
// interrupt, and A and B are its children:
//
//	cA    P puts A's head         a1    A claims itself
//	R     P registers with A      a2    A finishes
//	K     P parks                 a3    A wakes P, if P has registered before a2
//	p     P's second run claims   h     P reads A's head
//	F     P finishes
//
// # One await
//
// After cA, P has R and K before it, A has a1 and a2.
//
//	a2 before R   R holds the value, then F. a1 a2 R F:                                        1
//	R before a2   K before a3, and so a3 p h F at the end: of the 6 orders in which R K and
//	              a1 a2 can be merged, all but a1 a2 R K:                                      5
//	              K after a3: K is told so, then h F. R comes before a2, so before or
//	              after a1:                                                                    2
//
// 8 in all.
//
// # Two awaits, one after the other
//
// P puts A and B, awaits A, then B. Whichever way the first await goes, A has nothing more to do when it is over: a3 lets P go on.
// So count the ways of the first await, with B's b1 and b2 put in between, and for each the ways of the second one, which
// depend only on how far B is. G(j) are those if B has made j steps:
//
//	G(2) = 1       R holds the value
//	G(1) = 1 + 3   b2 R F; or R first, and then K anywhere among b2 b3
//	G(0) = 8       as above
//
// If m steps of P and A come after cB until the first await is over, B's j steps fall into m gaps, in C(m+j-1, j) ways. So each
// order of P's and A's steps counts
//
//	W(m) = G(0) + m G(1) + m(m+1)/2 G(2) = 8 + 4m + m(m+1)/2
//
//	a2 before R   cB a1 a2 R, a1 cB a2 R, a1 a2 cB R:  W(3) + W(2) + W(1) = 26 + 19 + 13             58
//	K before a3   a1 before cB: cB R, K and a2 in 2 orders, a3 p h:  2 W(6) = 2 · 53                106
//	              else R K a1 a2 in 5 orders, a3 p h:  5 W(7) = 5 · 64                              320
//	K after a3    a1 before cB: cB R a2 a3 K h:  W(5)                                                43
//	              else R a1 in 2 orders, a2 a3 K h:  2 W(6)                                         106
//
// 633 in all.
//
// # Two children that nobody awaits
//
// After cA there are cB F, a1 a2 and, after cB, b1 b2. F and b1 b2 come after cB in 3 orders; a1 a2 are merged with these four
// in C(6, 2) = 15 ways: 45.
//
// # first_of one future
//
// P reads A's head (h), then registers and parks if A is not done; when it is, P puts a slot and reads the head it delivers
// (all that is one line of steps, s).
//
//	a2 before h              a1 a2 h s                                                          1
//	h before a2 before R     a1 before or after h, then a2 R h s                                2
//	R before a2, K before a3 h R K and a1 a2 can be merged in 10 ways; in 3 of them a2 is
//	                         before R: 7, then a3 p h s                                         7
//	R before a2, K after a3  a1 in 3 places before, among or after h R, then a2 a3 K h s        3
//
// 13 in all.
//
// # Deaths
//
// A thread that sleeps for long claims itself and parks; the sweep wakes it; it claims itself and finishes. A run can die before
// each request but its claim. One that comes after a death reads the log before it goes on, and one that comes after a run
// which came after a death does too, so that there are two places to die in it instead of one. With at most two deaths, of
// which d are before the park and e after:
//
//	d = 0: e = 0, 1, 2 in 1, 1, 1·2 ways    4
//	d = 1, in 1 way: e = 0, 1 in 1, 2 ways  3
//	d = 2, in 1·2 ways: e = 0               2
//
// 9 in all. The sweep itself, alone at its time, has no choice.
//
// # A depth
//
// With one child that nobody awaits, there are F and a1 a2 after cA: 3 orders. Of the decisions F or a1, and F or a2 if it was a1,
// the first one alone makes 2.
func TestAllSchedules(t *testing.T) {
	const f = "fn f() { 1 } "
	for name, c := range map[string]struct {
		source string
		faults sim.Faults
		depth  int
		want   string
		count  int
	}{
		"one await":                    {f + "fn main() { await async f() }", sim.Faults{}, 0, "=> 1\n", 8},
		"two awaits":                   {f + "fn main() { a = async f(); b = async f(); await a; await b }", sim.Faults{}, 0, "=> 1\n", 633},
		"two children nobody awaits":   {f + "fn main() { async f(); async f(); 2 }", sim.Faults{}, 0, "=> 2\n", 45},
		"first_of one":                 {f + "fn main() { first_of([async f()]) }", sim.Faults{}, 0, "=> [0, 1]\n", 13},
		"a sleep":                      {"fn main() { sleep(100) }", sim.Faults{}, 0, "=> 100\n", 1},
		"a sleep and one death":        {"fn main() { sleep(100) }", sim.Faults{Kill: 1, Most: 1}, 0, "=> 100\n", 3},
		"a sleep and two deaths":       {"fn main() { sleep(100) }", sim.Faults{Kill: 1, Most: 2}, 0, "=> 100\n", 9},
		"one decision":                 {f + "fn main() { async f(); 2 }", sim.Faults{}, 1, "=> 2\n", 2},
		"two decisions":                {f + "fn main() { async f(); 2 }", sim.Faults{}, 2, "=> 2\n", 3},
		"as many decisions as one has": {f + "fn main() { async f(); 2 }", sim.Faults{}, 0, "=> 2\n", 3},
	} {
		t.Run(name, func(t *testing.T) {
			session := sim.Case{Program: compiled.Program(t, c.source), Function: "main", Faults: c.faults, Lease: time.Minute, Rerun: true}
			count, err := sim.Explore(session, c.depth, func(got *sim.Transcript, err error) error {
				assert.Equal(t, c.want, got.String())
				return err
			})
			require.NoError(t, err)
			assert.Equal(t, c.count, count)
		})
	}
}

// TestDeathEverywhere: the run that dies, the request that breaks off and the invocation that gets lost are each in turn every
// one there is, in the order of a calm world.
func TestDeathEverywhere(t *testing.T) {
	for _, s := range subjects(t) {
		if s.took > time.Hour {
			continue // thousands of sweeps, each of them the same
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for kind, faults := range map[string]sim.Faults{"deaths": {Kill: 1, Most: 1}, "requests": {Fail: 1, Most: 1}, "invocations": {Lose: 1, Double: 1, Late: 1, Most: 1}} {
				if testing.Short() && kind != "deaths" {
					continue
				}
				w := world{Name: kind, Faults: faults, Lease: time.Minute}
				places, err := sim.EachFault(s.schedule(w, 0), func(got *sim.Transcript, err error) error {
					if broken := s.judge(w, got, err); broken != nil {
						t.Errorf("%v: %v", got.Events, broken)
					}
					return nil
				})
				require.NoError(t, err)
				assert.Positive(t, places)
			}
		})
	}
}
