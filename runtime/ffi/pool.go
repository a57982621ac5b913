package ffi

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Config says where Python is and what it may use. The zero value is good for a program in the current directory.
type Config struct {
	// Python is the interpreter as hark.toml gives it, "" if it does not: see Interpreter.
	Python string
	// Root is the project's root, "" for the current directory. Python finds modules there and in Source.
	Root string
	// Source is the folder python_src of the project, relative to Root; "" for none.
	Source string
	// Dir is the workers' current directory, "" for ours.
	Dir string
	// Env is the workers' environment as in os/exec, nil for ours.
	Env []string
	// Workers is how many there may be at once, 0 for DefaultWorkers.
	Workers int
	// Limit is how many bytes a value that crosses may take, marshalled; 0 for DefaultLimit.
	Limit int
	// Stray is told of lines that are printed when no call runs, by threads that outlived theirs. It may be nil.
	Stray func(line string)
}

// DefaultLimit is the language's limit for a value that crosses, in bytes.
const DefaultLimit = 64 << 20

// DefaultWorkers is how many workers a pool has at most if nothing else is said: twice the processors that we may use, since calls often
// wait for something else than a processor, and at least 4.
func DefaultWorkers() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// ErrClosed is returned by Call once the pool has been closed.
var ErrClosed = errors.New("the pool of Python workers is closed")

// Pool makes Python calls in worker processes: one call at a time in each, as many workers as there are calls at once, up to
// a limit; calls beyond wait their turn in order. Workers are started when they are needed, and kept. It is safe for use by many
// goroutines.
type Pool struct {
	config Config
	limit  int // of workers

	mu      sync.Mutex
	plan    plan
	planned bool
	closed  bool
	workers map[*worker]bool // all that have been started and not yet discarded
	idle    []*worker        // the one used last is at the end, and used first
	slots   int              // workers, those being started included
	waiting []chan *worker   // those who wait for a worker, in order; nil is the permit to start one

	starter starter
	life    context.Context // ends with Close
	end     context.CancelFunc
	calls   sync.WaitGroup // in flight
	ending  sync.WaitGroup // discarded workers
}

var _ engine.Foreign = (*Pool)(nil)

// New is a pool without workers: a program that does not call Python does not need one.
func New(config Config) *Pool {
	limit := config.Workers
	if limit <= 0 {
		limit = DefaultWorkers()
	}
	if config.Limit <= 0 {
		config.Limit = DefaultLimit
	}
	if config.Stray == nil {
		config.Stray = func(string) {}
	}
	p := &Pool{config: config, limit: limit, workers: map[*worker]bool{}}
	p.life, p.end = context.WithCancel(context.Background())
	return p
}

// Call implements engine.Foreign.
func (p *Pool) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	body, refused := encodeCall(&c, p.config.Limit)
	if refused != nil {
		return engine.CallResult{Raised: refused}, nil
	}
	if !p.enter() {
		return engine.CallResult{}, ErrClosed
	}
	defer p.calls.Done()
	for tries := 0; ; tries++ {
		if tries == manyTries {
			c.Debug = nil // it may be what they die of
		}
		w, err := p.acquire(ctx)
		if err != nil {
			return engine.CallResult{}, err
		}
		if c.Begin != nil && tries == 0 {
			c.Begin()
		}
		result, err := w.call(ctx, &c, body)
		p.put(w)
		if errors.Is(err, errUnsent) {
			continue // it died in its sleep
		}
		if err == nil && result.Crashed != "" && p.isClosed() {
			err = ErrClosed
		}
		return result, err
	}
}

// manyTries is how many workers are given a call that is to be debugged before it is made without.
const manyTries = 3

// enter counts a call in, so that Close can wait for it; false if there must not be any more.
func (p *Pool) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.calls.Add(1)
	}
	return !p.closed
}

// acquire is a worker for the caller alone: one that is idle, a new one, or the next that somebody puts back.
func (p *Pool) acquire(ctx context.Context) (*worker, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	for len(p.idle) > 0 {
		w := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if !w.dead() {
			p.mu.Unlock()
			return w, nil
		}
		p.drop(w)
	}
	if p.slots < p.limit {
		p.slots++
		p.mu.Unlock()
		return p.launch(ctx)
	}
	turn := make(chan *worker, 1)
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	return p.await(ctx, turn)
}

func (p *Pool) await(ctx context.Context, turn chan *worker) (*worker, error) {
	select {
	case w, open := <-turn:
		switch {
		case !open:
			return nil, ErrClosed
		case w == nil:
			return p.launch(ctx)
		}
		return w, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	at := slices.Index(p.waiting, turn)
	if at >= 0 {
		p.waiting = slices.Delete(p.waiting, at, at+1)
	}
	p.mu.Unlock()
	if at < 0 { // it was our turn at the same moment
		if w, open := <-turn; open {
			p.pass(w)
		}
	}
	return nil, ctx.Err()
}

// launch starts a worker; the caller has a slot for it.
func (p *Pool) launch(ctx context.Context) (*worker, error) {
	plan, err := p.makePlan()
	if err != nil {
		p.pass(nil)
		return nil, err
	}
	starting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(p.life, func() { cancel(ErrClosed) })
	defer stop()
	w, h, err := startWorker(starting, plan)
	if err != nil {
		p.pass(nil)
		return nil, err
	}
	p.mu.Lock()
	p.workers[w] = true
	if h.interpreter != "" {
		p.plan.interpreter = h.interpreter // without the scripts that lead to it
	}
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.put(w)
		return nil, ErrClosed
	}
	return w, nil
}

// makePlan finds the interpreter, once it is needed.
func (p *Pool) makePlan() (plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.planned {
		return p.plan, nil
	}
	c := p.config
	interpreter, err := Interpreter(c.Python, c.Root)
	if err != nil {
		return plan{}, err
	}
	root, err := filepath.Abs(c.Root)
	if err != nil {
		return plan{}, err
	}
	path := []string{root}
	if c.Source != "" {
		path = append(path, filepath.Join(root, c.Source))
	}
	p.plan = plan{interpreter: interpreter, dir: c.Dir, env: c.Env, path: path, limit: c.Limit, stray: c.Stray, starter: &p.starter}
	p.planned = true
	return p.plan, nil
}

// put gives a worker back.
func (p *Pool) put(w *worker) {
	if w.dead() || p.isClosed() {
		p.mu.Lock()
		p.drop(w)
		p.slots++ // drop freed it, but it is ours to pass on
		p.mu.Unlock()
		p.pass(nil)
		return
	}
	p.pass(w)
}

// pass hands a worker, or without one the slot for one, to who has waited longest.
func (p *Pool) pass(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(p.waiting) > 0:
		turn := p.waiting[0]
		p.waiting = p.waiting[1:]
		turn <- w
	case w != nil && p.closed:
		p.drop(w)
	case w != nil:
		p.idle = append(p.idle, w)
	default:
		p.slots--
	}
}

// drop ends a worker and frees its slot. p.mu is held.
func (p *Pool) drop(w *worker) {
	delete(p.workers, w)
	p.slots--
	w.kill()
	p.ending.Go(w.release)
}

func (p *Pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// Close ends all workers: idle ones may run their finalizers for half a second, busy ones are killed and their calls
// return ErrClosed. It returns when no process is left.
func (p *Pool) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.end()
	for _, turn := range p.waiting {
		close(turn)
	}
	p.waiting = nil
	for _, w := range p.idle {
		delete(p.workers, w)
		p.ending.Go(w.close)
	}
	p.idle = nil
	for w := range p.workers {
		w.kill() // whoever uses it puts it back, which waits for its end
	}
	p.mu.Unlock()
	p.calls.Wait()
	p.ending.Wait()
	p.starter.stop()
	return nil
}
