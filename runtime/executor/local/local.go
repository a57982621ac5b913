// Package local runs threads as goroutines of this process.
//
// A run needs a place to compute, and there are as many as processors. Places are given in the order in which they were
// asked for; a run gives its place back while it waits for the world, and to whoever is next after each portion of fuel. A
// thread that has not begun is only its ID in a queue: what costs memory are the runs that have begun and not ended.
package local

import (
	"context"
	"runtime"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Executor runs threads in this process.
type Executor struct {
	engine.Alone // Together

	mu    sync.Mutex
	free  int // places that nobody has
	queue queue
}

var _ engine.Executor = (*Executor)(nil)

// New is an executor with as many places as the process has processors.
func New() *Executor { return WithPlaces(runtime.GOMAXPROCS(0)) }

// WithPlaces is an executor that computes at most so many runs at a time.
func WithPlaces(places int) *Executor { return &Executor{free: places} }

// claimant wants a place: a run that has begun already and is told on its channel, or one that has not.
type claimant struct {
	resume chan struct{}
	begin  func()
}

// Invoke lets a run of the thread begin as soon as there is a place.
func (x *Executor) Invoke(ctx context.Context, e *engine.Engine, id engine.ID) error {
	// What goes wrong in a run is known to the engine, which tells those who wait for the session.
	x.request(claimant{begin: func() { _ = e.Run(ctx, id) }})
	return nil
}

// Outside gives the place back while wait waits.
func (x *Executor) Outside(wait func()) {
	x.release()
	wait()
	resume := make(chan struct{})
	x.request(claimant{resume: resume})
	<-resume
}

// Yield lets those who ask for a place now go first.
func (x *Executor) Yield() {
	x.mu.Lock()
	if x.queue.empty() {
		x.mu.Unlock()
		runtime.Gosched()
		return
	}
	resume := make(chan struct{})
	x.queue.push(claimant{resume: resume})
	x.mu.Unlock()
	x.release()
	<-resume
}

// request gives the claimant a place at once, or when its turn has come.
func (x *Executor) request(c claimant) {
	x.mu.Lock()
	if x.free == 0 {
		x.queue.push(c)
		x.mu.Unlock()
		return
	}
	x.free--
	x.mu.Unlock()
	if c.begin != nil {
		go x.work(c)
		return
	}
	close(c.resume)
}

// work runs what has not begun, one after the other, as long as the place is not wanted by a run that has.
func (x *Executor) work(c claimant) {
	for {
		c.begin()
		next, ok := x.next()
		if !ok {
			return
		}
		if next.begin == nil {
			close(next.resume)
			return
		}
		c = next
	}
}

// release hands the place to the next claimant.
func (x *Executor) release() {
	next, ok := x.next()
	switch {
	case !ok:
	case next.begin != nil:
		go x.work(next)
	default:
		close(next.resume)
	}
}

// next is who has the place now; if nobody wants it, it is free.
func (x *Executor) next() (claimant, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.queue.empty() {
		x.free++
		return claimant{}, false
	}
	return x.queue.pop(), true
}

// queue is first in, first out.
type queue struct {
	items []claimant
	head  int
}

func (q *queue) empty() bool { return q.head == len(q.items) }

func (q *queue) push(c claimant) { q.items = append(q.items, c) }

func (q *queue) pop() claimant {
	c := q.items[q.head]
	q.items[q.head] = claimant{}
	q.head++
	if q.head > len(q.items)/2 {
		q.items = append(q.items[:0], q.items[q.head:]...)
		q.head = 0
	}
	return c
}
