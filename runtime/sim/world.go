package sim

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// world is the scheduler. Everything that runs is a task, on a goroutine of its own, of which exactly one runs at any time:
// a task that comes to a point (before and after each thing it does in the world) waits there until the scheduler picks it
// again, by lot. Time stands still while any task can go on, and then jumps to the next timer.
type world struct {
	random  *rand.Rand
	now     time.Time
	ready   []*task
	asleep  []*task // with a context that may be cancelled
	timers  timers
	order   uint64
	current *task
	back    chan struct{} // the running task gives control back
	kill    int           // per mille of points at which a run dies
	deaths  map[engine.ID]int
	killed  int
	// requests are those of all runs.
	requests *Requests
	outside  outside
	over     bool // nothing goes on any more
}

// count counts a request of the running task.
func (w *world) count(name string, reads int) {
	if w.current == nil || w.current.requests == nil {
		return
	}
	r := w.current.requests
	r.ByName[name]++
	if reads == 0 {
		r.Writes++
	}
	r.Reads += reads
}

// task is something that runs.
type task struct {
	wake chan struct{}
	// run is what dies together; nil for what does not die.
	run *liveRun
	ctx context.Context // of a sleep
	// waiting counts the jobs that a task waits for.
	waiting int
	// requests are those that the task and others like it have made; nil if they are not counted.
	requests *Requests
}

// liveRun is one run of a thread: its tasks die together, as those of a process do.
type liveRun struct {
	id   engine.ID
	dead bool
}

// maxDeaths is how often a thread dies at most.
const maxDeaths = 4

func newWorld(seed uint64) *world {
	return &world{
		random: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)),
		now:    time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		back:   make(chan struct{}),
		deaths: map[engine.ID]int{}, outside: outside{arrived: make(chan func()), over: make(chan struct{})}, requests: &Requests{ByName: map[string]int{}},
	}
}

// start makes a task that is ready to run.
func (w *world) start(run *liveRun, do func()) *task {
	t := &task{wake: make(chan struct{}), run: run, requests: w.requests}
	if w.current != nil && w.current.run == run {
		t.requests = w.current.requests
	}
	w.ready = append(w.ready, t)
	go func() {
		// Also when the task dies, by runtime.Goexit.
		defer func() { w.back <- struct{}{} }()
		<-t.wake
		w.dieIfDead(t)
		do()
	}()
	return t
}

// cancelEvery is after how many steps, on average, a cancelled sleep ends.
const cancelEvery = 16

// step lets one task go on that is ready; it says whether there was one.
func (w *world) step() bool {
	w.outside.wait()
	if len(w.ready) == 0 || w.random.IntN(cancelEvery) == 0 {
		w.wakeCancelled()
	}
	if len(w.ready) == 0 {
		return false
	}
	i := w.random.IntN(len(w.ready))
	t := w.ready[i]
	w.ready = slices.Delete(w.ready, i, i+1)
	w.current = t
	t.wake <- struct{}{}
	<-w.back
	w.current = nil
	return true
}

// wakeCancelled lets those go on whose sleep was cancelled.
func (w *world) wakeCancelled() {
	w.asleep = slices.DeleteFunc(w.asleep, func(t *task) bool {
		over := t.ctx.Err() != nil || w.dead(t)
		if over {
			w.ready = append(w.ready, t)
		}
		return over
	})
}

// point is where another task may go on, and where a run may die. Outside of tasks it is nothing.
func (w *world) point() {
	t := w.current
	if t == nil || w.dead(t) {
		return
	}
	w.ready = append(w.ready, t)
	w.pause(t)
	if t.run != nil && w.random.IntN(1000) < w.kill && w.deaths[t.run.id] < maxDeaths {
		t.run.dead = true
		w.deaths[t.run.id]++
		w.killed++
	}
	w.dieIfDead(t)
}

// pause gives control back until the scheduler picks the task.
func (w *world) pause(t *task) {
	w.back <- struct{}{}
	<-t.wake
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
	w.ready = append(w.ready, w.outside.waiting...)
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
		w.start(parent.run, func() {
			defer func() {
				if parent.waiting--; parent.waiting == 0 {
					w.ready = append(w.ready, parent)
				}
			}()
			job()
		})
	}
	w.pause(parent)
	w.dieIfDead(parent)
}

// sleep waits for a time, or for the context.
func (w *world) sleep(ctx context.Context, d time.Duration) error {
	t := w.current
	if t == nil || w.dead(t) {
		return nil
	}
	t.ctx = ctx
	w.asleep = append(w.asleep, t)
	stop := w.after(d, func() {
		if at := slices.Index(w.asleep, t); at >= 0 {
			w.asleep = slices.Delete(w.asleep, at, at+1)
			w.ready = append(w.ready, t)
		}
	})
	w.pause(t)
	stop()
	w.dieIfDead(t)
	return ctx.Err()
}

// after calls fire, between two steps, when the time has come.
func (w *world) after(d time.Duration, fire func()) (stop func()) {
	w.order++
	t := &timer{at: w.now.Add(d), order: w.order, fire: fire}
	heap.Push(&w.timers, t)
	return func() { t.fire = nil }
}

// advance jumps to the next timer that is not later than limit; if there is none, to limit.
func (w *world) advance(limit time.Time) {
	for w.timers.Len() > 0 && w.timers[0].fire == nil {
		heap.Pop(&w.timers)
	}
	if w.outside.calls > 0 {
		w.passReally(limit)
		return
	}
	if w.timers.Len() == 0 || w.timers[0].at.After(limit) {
		w.now = limit
		return
	}
	if at := w.timers[0].at; at.After(w.now) {
		w.now = at
	}
	w.fireDue()
}

// fireDue fires the first timer if its time has come.
func (w *world) fireDue() {
	if w.timers.Len() == 0 || w.timers[0].at.After(w.now) {
		return
	}
	if t := heap.Pop(&w.timers).(*timer); t.fire != nil {
		t.fire()
	}
}

// timer is something to do at a time.
type timer struct {
	at    time.Time
	order uint64
	fire  func() // nil when it was stopped
}

// timers is a heap, earliest first, of the same time the one made first.
type timers []*timer

func (q timers) Len() int { return len(q) }

func (q timers) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].order < q[j].order
	}
	return q[i].at.Before(q[j].at)
}

func (q timers) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for container/heap.
func (q *timers) Push(x any) { *q = append(*q, x.(*timer)) }

// Pop is for container/heap.
func (q *timers) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}
