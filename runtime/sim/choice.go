package sim

import (
	"math/rand/v2"
	"time"
)

// Everything in a world that could be otherwise is decided here: by lot, by a schedule that is replayed, or by a search that
// tries all. A decision is made at a place, which has the same name in every world in which the same things have happened, and
// has a first option, which is what happens in a calm world: the task that runs goes on, nobody dies, nothing gets lost.

// place is where something is decided: a point of a task, by how many it has passed, or an invocation of a thread, by how many
// there were.
type place struct {
	name string
	n    int
}

// kind is what is decided.
type kind uint8

const (
	// order: which task goes on.
	order kind = iota
	// life: whether a run dies at a point.
	life
	// delivery: what becomes of an invocation.
	delivery
	// reply: what becomes of a request of the store.
	reply
	// leap: whether the clock goes on by itself.
	leap
	// stall: whether a task stands still for some time while all else goes on.
	stall
	// index: whether the sweep's index is behind.
	index
	// memory: whether a snapshot is gone.
	memory
	kinds
)

// options are what may happen at a decision of each kind. Those of order are the tasks.
var options = [kinds][]string{
	life:     {"", "dies"},
	delivery: {"", "is-lost", "comes-twice", "comes-late"},
	reply:    {"", "is-refused", "loses-its-answer"},
	leap:     {"", "1.1s-pass", "61s-pass", "2h-pass"},
	stall:    {"", "stands-still-for-2s", "stands-still-for-61s", "stands-still-for-2h"},
	index:    {"", "is-behind"},
	memory:   {"", "has-lost-its-snapshot"},
}

// leaps are by how much the clock goes on.
var leaps = [...]time.Duration{0, 1100 * time.Millisecond, 61 * time.Second, 2 * time.Hour}

// stalls are for how long a task stands still.
var stalls = [...]time.Duration{0, 2 * time.Second, 61 * time.Second, 2 * time.Hour}

// late is by how much an invocation is that comes late.
const late = 100 * time.Second

// Faults are what goes wrong, per mille: of the points at which a run dies (but at most 4 of a thread, which is poison after
// 5), of the invocations that get lost, come twice or come late, of the requests that are refused and as many whose answer is
// lost, of the points at which time passes by leaps, or a task stands still for some time, so that leases end while their
// runs live, of the reads of the sweep's index that show an older one, of the claims whose snapshot is gone.
type Faults struct {
	Kill, Lose, Double, Late, Fail, Leap, Stall, Lag, Forget int
	// Most is how many faults there are at most, 0 for any number.
	Most int
}

// chances are those of each option but the first.
func (f *Faults) chances() [kinds][]int {
	return [kinds][]int{
		life: {f.Kill}, delivery: {f.Lose, f.Double, f.Late}, reply: {f.Fail, f.Fail},
		leap: {f.Leap, f.Leap, f.Leap}, stall: {f.Stall, f.Stall, f.Stall}, index: {f.Lag}, memory: {f.Forget},
	}
}

// decider decides.
type decider interface {
	// decide is one of the options below n, of which there are at least two; w.option names them.
	decide(w *world, k kind, at place, n int) int
}

// lots decides by a seed.
type lots struct {
	random  *rand.Rand
	chances [kinds][]int
	// steady prefers that the task goes on that did.
	steady bool
}

func newLots(seed uint64, faults *Faults) *lots {
	return &lots{random: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), chances: faults.chances(), steady: seed%2 == 1}
}

func (l *lots) decide(_ *world, k kind, _ place, n int) int {
	if k == order {
		if l.steady && l.random.IntN(4) > 0 {
			return 0
		}
		return l.random.IntN(n)
	}
	lot := l.random.IntN(1000)
	for i, chance := range l.chances[k] {
		if lot < chance {
			return i + 1
		}
		lot -= chance
	}
	return 0
}

// recorded decides as a schedule says, and lets all else be calm.
type recorded map[decision]string

// decision is what was decided where.
type decision struct {
	at   place
	kind kind
}

func newRecorded(events []Event) recorded {
	r := make(recorded, len(events))
	for _, e := range events {
		r[decision{e.at, e.kind}] = e.what
	}
	return r
}

func (r recorded) decide(w *world, k kind, at place, n int) int {
	what, ok := r[decision{at, k}]
	if !ok {
		return 0
	}
	for i := range n {
		if w.option(k, i) == what {
			return i
		}
	}
	return 0
}

// option names what can be chosen.
func (w *world) option(k kind, i int) string {
	if k == order {
		return w.ready[i].name
	}
	return options[k][i]
}

// choose decides one thing. What is not calm becomes an event.
func (w *world) choose(k kind, at place, n int) int {
	i := w.decider.decide(w, k, at, n)
	if i > 0 {
		w.events = append(w.events, Event{at: at, kind: k, what: w.option(k, i)})
	}
	return i
}

// fault decides whether something goes wrong, and what.
func (w *world) fault(k kind, at place) int {
	if !w.possible[k] || w.over || w.most > 0 && w.faults >= w.most {
		return 0
	}
	i := w.choose(k, at, len(options[k]))
	if i > 0 {
		w.faults++
		w.note(at.name, options[k][i])
	}
	return i
}
