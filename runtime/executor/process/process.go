// Package process runs each run of a thread in a process of its own, so that one that goes wrong takes nothing else along.
//
// The parent keeps a queue of invocations and a number of places; a child is told its thread in one line on its standard
// input, makes an engine on the same store, and runs the thread once. On its standard output it asks for invocations of
// other threads and shows lines as they come. None of that is needed for the session to go on rightly: when a child has
// ended, however it did, the parent reads from the record what it has committed, and if it died does what it may have left
// undone; the next run of the same thread gets its token, so that nobody waits for a dead run's lease.
//
// A child ends when its standard input does: by the end of the parent, or because it is asked to.
package process

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Config is how children are made.
type Config struct {
	// Path is the program of a child, which calls Child, and Args are its arguments, its own name first, as in os/exec.
	Path string
	Args []string
	// Env is the children's environment; nil for that of this process.
	Env []string
	// Setup is passed to the children, for them to make their engines by; any JSON.
	Setup []byte
	// Places is how many children there are at most at a time.
	Places int
	// Observer is shown what the children do.
	Observer engine.Observer
	// Started, if it is set, is told the process number of each child, and its thread.
	Started func(id engine.ID, pid int)
}

// Executor starts children.
type Executor struct {
	engine.Alone
	Config

	mu      sync.Mutex
	free    int
	queue   []engine.ID
	threads map[engine.ID]*thread
	alive   map[*child]struct{}
	closed  bool
	done    sync.WaitGroup
	e       *engine.Engine
}

var _ engine.Stopping = (*Executor)(nil)

// thread is what the parent knows of a thread that has been invoked.
type thread struct {
	// token is that of all runs which are started here, one after the other.
	token string
	// running says that a child has the thread, again that there was an invocation meanwhile.
	running, again bool

	mu sync.Mutex // for what follows
	// known says that slots is the number of the first slot whose lines have not been shown as committed.
	known bool
	slots uint64
	// over says that the lines of the thread's end have been shown.
	over bool
}

// New is an executor without children.
func New(c Config) *Executor {
	if c.Observer == nil {
		c.Observer = engine.Quiet{}
	}
	return &Executor{Config: c, free: max(c.Places, 1), threads: map[engine.ID]*thread{}, alive: map[*child]struct{}{}}
}

// Invoke lets a child run the thread as soon as there is a place. What is invoked while a child has it is run once more
// after that.
func (x *Executor) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return errors.New("the executor is closed")
	}
	if x.e == nil { // and not written again, where runs read it
		x.e = e
	}
	t := x.threads[id]
	if t == nil {
		t = &thread{token: e.Token()}
		x.threads[id] = t
	}
	if t.running {
		if t.again {
			e.Returned(id, nil) // one more run is enough for both
		}
		t.again = true
		return nil
	}
	t.running = true
	x.queue = append(x.queue, id)
	x.fill()
	return nil
}

// fill gives free places to those who are first in the queue.
func (x *Executor) fill() {
	for x.free > 0 && len(x.queue) > 0 && !x.closed {
		id, t := x.queue[0], x.threads[x.queue[0]]
		x.queue = x.queue[1:]
		x.free--
		x.done.Go(func() { x.work(id, t) })
	}
}

// work has a place: it runs the thread, and gives the place back.
func (x *Executor) work(id engine.ID, t *thread) {
	err := x.run(id, t)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.free++
	again := t.again && !x.closed
	if t.again && x.closed {
		x.e.Returned(id, nil)
	}
	t.running, t.again = again, false
	if again {
		x.queue = append(x.queue, id)
	}
	x.fill()
	x.e.Returned(id, err)
}

// run runs the thread in children until one of them has not died under it, and shows what they committed.
func (x *Executor) run(id engine.ID, t *thread) error {
	ctx := context.Background()
	if err := x.know(ctx, id, t); err != nil {
		return err
	}
	for {
		died, err := x.spawn(id, t.token)
		if err != nil {
			return err
		}
		if err := x.show(ctx, id, t); err != nil {
			return err
		}
		if !died || x.isClosed() {
			return nil
		}
		if runnable, err := x.e.Recover(ctx, id); err != nil || !runnable {
			return err
		}
	}
}

func (x *Executor) isClosed() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.closed
}

// know finds out what a thread had committed before this parent began.
func (x *Executor) know(ctx context.Context, id engine.ID, t *thread) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known {
		return nil
	}
	h, err := x.e.Noticed(ctx, id)
	if err != nil {
		return fmt.Errorf("run %s: %w", id, err)
	}
	if h.Epoch > 0 {
		if _, t.slots, err = x.e.LinesFrom(ctx, h, 0); err != nil {
			return err
		}
		t.over = h.Done
	}
	t.known = true
	return nil
}

// show tells the observer what the thread has committed since the last time.
func (x *Executor) show(ctx context.Context, id engine.ID, t *thread) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	h, err := x.e.Noticed(ctx, id)
	if err != nil || t.over || !t.known {
		return err
	}
	lines, next, err := x.e.LinesFrom(ctx, h, t.slots)
	if err != nil {
		return err
	}
	t.slots, t.over = next, h.Done
	for _, l := range lines {
		x.Observer.Committed(l)
	}
	return nil
}

// Settle tells the observer what has been committed by now: that a session has ended shows in the store, maybe before its
// last children are heard to have.
func (x *Executor) Settle(ctx context.Context) error {
	x.mu.Lock()
	threads := maps.Clone(x.threads)
	x.mu.Unlock()
	for id, t := range threads {
		if err := x.show(ctx, id, t); err != nil {
			return err
		}
	}
	return nil
}

// Close asks the children to give their threads up, which can be gone on with, and waits for their end.
func (x *Executor) Close() {
	x.mu.Lock()
	x.closed = true
	for _, id := range x.queue {
		x.e.Returned(id, nil)
	}
	x.queue = nil
	for c := range x.alive {
		c.release()
	}
	x.mu.Unlock()
	x.done.Wait()
}
