package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/executor/process"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/vm"
)

// worker runs sessions: in this process, where threads are goroutines and Python workers are started when the first call
// comes, or in children.
type worker struct {
	store *storage
	// pool is nil if threads run in children, which have their own.
	pool   *ffi.Pool
	engine *engine.Engine
	// children are those that threads run in; nil if they run here.
	children *process.Executor
	// noticing, if it is set, is told what a session waits for, when that is all that is left.
	noticing func([]engine.Waiting)
}

// newWorker is a worker that keeps nothing once the process ends.
func newWorker(p *config.Config, observer engine.Observer) *worker {
	return newWorkerOn(inMemoryOnly(p), observer)
}

// newWorkerOn is a worker that keeps its sessions in a store, which it closes in the end.
func newWorkerOn(s *storage, observer engine.Observer) *worker {
	collectLess()
	w := &worker{store: s, pool: pythonOf(s.project, 0)}
	c := engine.Config{Store: s.Store, Executor: local.New(), Foreign: w.pool, Observer: observer, Private: !s.kept()}
	if s.kept() {
		c = lasting(c, s.project, processName())
	}
	w.engine = engine.New(c)
	return w
}

// pythonOf is the Python of a project, in so many workers at most; 0 for the usual number.
func pythonOf(p *config.Config, workers int) *ffi.Pool {
	return ffi.New(ffi.Config{Python: p.Project.Python, Root: p.Root, Source: p.Project.PythonSrc, Workers: workers})
}

// lasting is the configuration of an engine whose sessions outlive it.
func lasting(c engine.Config, p *config.Config, owner string) engine.Config {
	c.Owner, c.Gone = owner, hasEnded
	return aging(c, p)
}

// instanceVariable names the instance of hark.toml that a process belongs to, if it belongs to one.
const instanceVariable = "HARK_INSTANCE"

// aging is the configuration of an engine whose sessions become as old as the project says.
func aging(c engine.Config, p *config.Config) engine.Config {
	ages := p.Ages(os.Getenv(instanceVariable))
	c.MaxAge, c.TTL = ages.MaxAge, ages.TTL
	return c
}

// run starts a session and waits for its end.
func (w *worker) run(ctx context.Context, j job) ended {
	id, err := w.engine.Start(ctx, engine.Session{Program: j.program, Function: j.function, Args: j.args, ID: j.session})
	if err != nil {
		return ended{err: err}
	}
	return w.wait(ctx, id)
}

// resume lets a session go on and waits for its end.
func (w *worker) resume(ctx context.Context, id string) ended {
	if err := w.engine.Resume(ctx, id); err != nil {
		return ended{session: id, err: err}
	}
	return w.wait(ctx, id)
}

func (w *worker) wait(ctx context.Context, id string) ended {
	if w.noticing != nil {
		defer w.notice(ctx, id)()
	}
	result, err := w.engine.Wait(ctx, id)
	if err == nil && w.children != nil {
		err = w.children.Settle(ctx)
	}
	return ended{id, result, err}
}

// patience is how long the end of the process waits for what is still running when it was interrupted.
const patience = time.Second

// finish waits for the runs of a session that has ended: the store says so before they have told what they committed.
func (w *worker) finish() {
	patiently(func() {
		if w.children != nil {
			w.children.Close()
		}
		_ = w.engine.Close()
	})
}

// patiently waits for something, but not for long.
func patiently(do func()) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		do()
	}()
	select {
	case <-over:
	case <-time.After(patience):
	}
}

// close ends all that runs, which gives its threads up so that they can be gone on with, then the workers and the store.
func (w *worker) close() {
	patiently(func() {
		if w.children != nil {
			w.children.Close()
		}
		_ = w.engine.Close()
		if w.pool != nil {
			_ = w.pool.Close()
		}
		_ = w.store.close()
	})
}

// settled is what a thread that has ended came to.
func (w *worker) settled(ctx context.Context, code *vm.Code, id engine.ID) settled {
	value, fault, err := w.answer(ctx, code, id)
	if err != nil {
		fault = &vm.Error{Kind: vm.ErrCancelled, Message: err.Error()}
	}
	return settled{value, fault}
}

func (w *worker) answer(ctx context.Context, code *vm.Code, id engine.ID) (vm.Value, *vm.Error, error) {
	heads, err := w.store.Heads(ctx, []engine.ID{id})
	if err != nil {
		return vm.Null, nil, fmt.Errorf("look up thread %s: %w", id.Thread, err)
	}
	if heads[0] == nil || !heads[0].Done {
		return vm.Null, nil, fmt.Errorf("thread %s has not ended", id.Thread)
	}
	answer := heads[0].Answer
	bytes := answer.Value.Bytes
	if answer.Value.Digest != "" {
		if bytes, err = w.store.Blob(ctx, id.Session, answer.Value.Digest); err != nil {
			return vm.Null, nil, fmt.Errorf("read the result of thread %s: %w", id.Thread, err)
		}
	}
	if answer.Failed {
		fault, err := engine.DecodeError(code, bytes)
		return vm.Null, fault, err
	}
	value, err := vm.DecodeValue(code, bytes)
	return value, nil, err
}

// settle puts what a future has come to into a session that is not there yet.
func (w *worker) settle(ctx context.Context, code *vm.Code, session, name string, s settled) error {
	bytes, err := encodeSettled(code, s)
	if err != nil {
		return fmt.Errorf("keep the future %s: %w", name, err)
	}
	now := time.Now()
	_, err = w.store.Create(ctx, engine.Head{
		ID:   engine.ID{Session: session, Thread: engine.OutsideFuture(name)},
		Done: true, Outside: true, Started: now, Ended: now,
		Answer: engine.Answer{Failed: s.fault != nil, Value: engine.Data{Bytes: bytes}},
	})
	if err != nil {
		return fmt.Errorf("keep the future %s: %w", name, err)
	}
	return nil
}

func encodeSettled(code *vm.Code, s settled) ([]byte, error) {
	if s.fault != nil {
		return engine.EncodeError(code, s.fault)
	}
	return vm.EncodeValue(code, s.value)
}

// interrupted says whether a run ended because its context did: by a signal, or because whoever asked for it went away.
func interrupted(err error) bool {
	var caught *signalled
	return errors.Is(err, context.Canceled) || errors.As(err, &caught)
}
