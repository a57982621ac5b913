package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// worker runs sessions in this process: threads are goroutines, Python workers are started when the first call comes, and
// nothing is kept once the process ends.
type worker struct {
	store  *memstore.Store
	pool   *ffi.Pool
	engine *engine.Engine
}

func newWorker(p *project, observer engine.Observer) *worker {
	collectLess()
	w := &worker{store: memstore.New()}
	w.pool = ffi.New(ffi.Config{Python: p.Project.Python, Root: p.Root, Source: p.Project.PythonSrc})
	w.engine = engine.New(engine.Config{
		Store: w.store, Executor: local.New(), Foreign: w.pool, Observer: observer, Private: true,
	})
	return w
}

// run starts a session and waits for its end.
func (w *worker) run(ctx context.Context, j job) ended {
	id, err := w.engine.Start(ctx, engine.Session{Program: j.program, Function: j.function, Args: j.args, ID: j.session})
	if err != nil {
		return ended{err: err}
	}
	result, err := w.engine.Wait(ctx, id)
	return ended{id, result, err}
}

// patience is how long the end of the process waits for what is still running when it was interrupted.
const patience = time.Second

// close ends the workers and all that runs.
func (w *worker) close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = w.pool.Close()
		_ = w.engine.Close()
	}()
	select {
	case <-closed:
	case <-time.After(patience):
	}
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
