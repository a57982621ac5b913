package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// world is the scheduler. Everything that runs is a task, on a goroutine of its own, of which exactly one runs at any time:
// a task that comes to a point (before and after each thing it does in the world) waits there until it is chosen to go on.
// It is the task that stops that chooses, and hands on to the chosen one; the scheduler's own goroutine is back when
// there is none.
type world struct {
	decider decider
	// possible are the kinds of faults that there can be, faults is how many there were, most how many there may be.
	possible     [kinds]bool
	faults, most int
	events       []Event
	random       *rand.Rand // the engine's
	coarse       bool       // there is one point to each request, before it

	now     time.Time
	ready   []*task
	asleep  []*task // with a context that may be cancelled
	timers  timers
	order   uint64
	steps   int
	limit   int // of steps
	quiet   int // how often the scheduler's goroutine was back
	current *task
	back    chan struct{} // to the scheduler's goroutine

	deaths map[engine.ID]int
	killed int
	// tries are the claims of a thread since it last got anywhere.
	tries map[engine.ID]int
	// invoked counts the invocations of each thread; awaited are those that come late, and tasks that stand still.
	invoked map[engine.ID]int
	awaited int
	stalled []*task
	// sweep starts a sweep if one is due; nil if that is left to quiet times.
	sweep func()

	// requests are those of all runs.
	requests *Requests
	outside  outside
	trace    *[]string // what happens, in words; nil if nobody asks
	over     bool      // nothing goes on any more
}

// count counts a request of the running task.
func (w *world) count(name string, reads int) {
	if w.current == nil || w.current.requests == nil || reads < 0 {
		return
	}
	r := w.current.requests
	r.ByName[name]++
	if reads == 0 {
		r.Writes++
	}
	r.Reads += reads
}

// note adds to the trace.
func (w *world) note(who, what string) {
	if w.trace != nil {
		*w.trace = append(*w.trace, fmt.Sprintf("%s %s %s", w.now.Format("02 15:04:05.000"), who, what))
	}
}

// task is something that runs.
type task struct {
	// name is the same in every world in which the same has happened. points counts where it was stopped, others the tasks
	// that it has started.
	name           string
	points, others int
	begun, atomic  bool
	yields         int // in a row: a task that does nothing else takes ever more time

	wake chan struct{}
	// run is what dies together; nil for what does not die.
	run *liveRun
	ctx context.Context // of a sleep
	// waiting counts the jobs that a task waits for; each knows it as its parent.
	waiting int
	parent  *task
	// requests are those that the task and others like it have made; nil if they are not counted.
	requests *Requests
}

func (t *task) place() place { return place{t.name, t.points} }

// other is the name of another task that this one starts.
func (t *task) other() string {
	t.others++
	return t.name + "+" + strconv.Itoa(t.others)
}

// liveRun is one run of a thread: its tasks die together, as those of a process do.
type liveRun struct {
	id   engine.ID
	dead bool
	holding
}

const (
	// maxDeaths is how often a thread dies at most.
	maxDeaths = 4
	// maxTries is after how many claims in which a thread has got nowhere it is spared: it would be poison soon.
	maxTries = 3
)

func newWorld(d decider, faults Faults, seed uint64) *world {
	w := &world{
		decider: d, most: faults.Most, random: rand.New(rand.NewPCG(seed, seed^0x2545f4914f6cdd1d)),
		now:  time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		back: make(chan struct{}), deaths: map[engine.ID]int{}, tries: map[engine.ID]int{}, invoked: map[engine.ID]int{},
		outside: outside{arrived: make(chan func()), over: make(chan struct{})}, requests: &Requests{ByName: map[string]int{}},
	}
	for k, chances := range faults.chances() {
		w.possible[k] = slices.ContainsFunc(chances, func(c int) bool { return c > 0 })
	}
	return w
}

// start makes a task that is ready to run.
func (w *world) start(name string, run *liveRun, do func()) *task {
	t := &task{name: name, wake: make(chan struct{}, 1), run: run, requests: w.requests}
	if w.current != nil && w.current.run == run {
		t.requests = w.current.requests
	}
	w.ready = append(w.ready, t)
	go func() {
		// Also when the task dies, by runtime.Goexit.
		defer w.handOn(t)
		<-t.wake
		w.dieIfDead(t)
		do()
	}()
	return t
}

// step lets tasks go on until none can; it says whether there was one.
func (w *world) step() bool {
	w.quiet++
	t := w.pick(place{"quiet", w.quiet})
	if t == nil {
		return false
	}
	w.current = t
	t.wake <- struct{}{}
	<-w.back
	return true
}

// pick chooses the task that goes on; nil if there is none, or if there were too many steps.
func (w *world) pick(at place) *task {
	w.outside.wait()
	w.wakeCancelled()
	if w.steps++; w.steps > w.limit && !w.over {
		return nil
	}
	if len(w.ready) == 0 {
		return nil
	}
	if w.sweep != nil && !w.over {
		w.sweep()
	}
	i := 0
	if len(w.ready) > 1 && !w.over {
		i = w.choose(order, at, len(w.ready))
	}
	t := w.ready[i]
	w.ready = slices.Delete(w.ready, i, i+1)
	return t
}

// handOn lets another task go on, or the scheduler's goroutine if there is none.
func (w *world) handOn(t *task) {
	t.points++
	if p := t.parent; p != nil {
		if p.waiting--; p.waiting == 0 {
			w.ready = append(w.ready, p)
		}
	}
	w.pass(w.pick(t.place()))
}

func (w *world) pass(to *task) {
	w.current = to
	if to == nil {
		w.back <- struct{}{}
		return
	}
	to.wake <- struct{}{}
}

// point is where another task may go on, and where a run may die. Outside of tasks it is nothing.
func (w *world) point() {
	t := w.current
	if t == nil || w.dead(t) {
		return
	}
	t.yields = 0
	if w.coarse && (!t.begun || t.atomic) {
		t.begun = true // it has waited since it was started
		t.points++
		return
	}
	// The task that is first in line is the one that goes on if nothing else is chosen.
	w.ready = slices.Insert(w.ready, 0, t)
	w.stop(t)
}

// yield is a point at which another task goes on, if there is one and nothing else is chosen. What came before it took time.
func (w *world) yield(took time.Duration) {
	t := w.current
	if t == nil || w.dead(t) {
		return
	}
	t.yields++
	w.leap(min(time.Duration(t.yields)*took, longestYield))
	w.ready = append(w.ready, t)
	w.stop(t)
}

// longestYield is how much time passes at most between two yields of a task.
const longestYield = 100 * time.Millisecond

// stop lets tasks go on, and may let the clock leap and the task die.
func (w *world) stop(t *task) {
	w.pause(t)
	if n := w.faultUnlessFragile(leap, t); n > 0 {
		w.leap(leaps[n])
	}
	if t.run != nil && w.tries[t.run.id] < maxTries {
		w.stall(t, stalls[w.fault(stall, t.place())])
	}
	if t.run != nil && w.deaths[t.run.id] < maxDeaths && w.tries[t.run.id] <= maxTries && w.fault(life, t.place()) > 0 {
		t.run.dead = true
		w.deaths[t.run.id]++
		w.killed++
	}
	w.dieIfDead(t)
}

// stall lets the task stand still.
func (w *world) stall(t *task, d time.Duration) {
	if d == 0 {
		return
	}
	w.awaited++
	w.after(d, func() {
		w.awaited--
		w.stalled = slices.DeleteFunc(w.stalled, func(other *task) bool { return other == t })
		w.ready = append(w.ready, t)
	})
	w.stalled = append(w.stalled, t)
	w.pause(t)
}

// faultUnlessFragile spares threads that are about to become poison, because their runs never got anywhere.
func (w *world) faultUnlessFragile(k kind, t *task) int {
	if !w.possible[k] {
		return 0
	}
	for _, tries := range w.tries {
		if tries >= maxTries {
			return 0
		}
	}
	return w.fault(k, t.place())
}

// pause gives control to another task until this one is chosen.
func (w *world) pause(t *task) {
	t.points++
	if next := w.pick(t.place()); next != t {
		w.pass(next)
		<-t.wake
		return
	}
	w.current = t
}

// pointUnlessCoarse is the point after a request.
func (w *world) pointUnlessCoarse() {
	if !w.coarse {
		w.point()
	}
}

// who is the running task's name.
func (w *world) who() string {
	if w.current == nil {
		return ""
	}
	return w.current.name
}

func (w *world) dead(t *task) bool { return w.over || t.run != nil && t.run.dead }

func (w *world) dieIfDead(t *task) {
	if w.dead(t) {
		runtime.Goexit()
	}
}

// end lets every task die, so that the world leaves no goroutine behind.
func (w *world) end() {
	w.over = true
	close(w.outside.over)
	w.ready = append(append(w.ready, w.outside.waiting...), w.stalled...)
	w.outside.waiting, w.outside.calls = nil, 0
	for w.step() {
	}
}

// together runs jobs as tasks of the same run and waits for all of them.
func (w *world) together(jobs []func()) {
	parent := w.current
	if parent == nil || w.dead(parent) {
		return
	}
	parent.waiting = len(jobs)
	for _, job := range jobs {
		w.start(parent.other(), parent.run, job).parent = parent
	}
	w.pause(parent)
	w.dieIfDead(parent)
}
