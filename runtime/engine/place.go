package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Where a thread runs. For most executors one place is as good as another. Some have several kinds of them: with more
// memory, or with another version of what was deployed.

// Place is what decides where a thread runs.
type Place struct {
	ID ID
	// Version is the deployment that the thread's session was started with.
	Version string
	// MemoryMB is what #[memory] says of the function that the thread starts with, 0 if nothing. Of several functions of
	// one name it is the one that asks for most.
	MemoryMB uint32
}

// Placing is an Executor that has several kinds of places. Its engine calls InvokeAt instead of Invoke.
type Placing interface {
	Executor
	InvokeAt(ctx context.Context, e *Engine, p Place) error
}

// Alarming is an Executor whose store is swept by a schedule, from time to time, and by whoever is told that somebody has to be woken
// before that may come.
type Alarming interface {
	Executor
	// Alarm is told of a thread that waits until a time less than a minute away. It does not wait for that.
	Alarm(ctx context.Context, p Place, at time.Time) error
}

// alarm tells the executor, if it wants to know. Without it the sweep is late.
func (e *Engine) alarm(ctx context.Context, p Place, at time.Time) {
	if x, ok := e.Executor.(Alarming); ok && !at.IsZero() && at.Before(e.Clock.Now().Add(firstPoll)) {
		_ = x.Alarm(ctx, p, at)
	}
}

// invokeThread lets a run of the thread happen, where it belongs.
func (e *Engine) invokeThread(ctx context.Context, h *Head) error {
	x, ok := e.Executor.(Placing)
	if !ok {
		return e.invoke(h.ID)
	}
	code, err := e.code(ctx, h.Program)
	if err != nil {
		return fmt.Errorf("invoke %s: %w", h.ID, err)
	}
	place := Place{ID: h.ID, Version: h.Version, MemoryMB: memoryOf(code.Program(), h.Function)}
	return e.invoking(h.ID, func() error { return x.InvokeAt(e.base, e, place) })
}

func memoryOf(p *bytecode.Program, function string) uint32 {
	most := uint32(0)
	for i := range p.Funcs {
		if p.Funcs[i].Name == function {
			most = max(most, p.Funcs[i].Attrs.MemoryMB)
		}
	}
	for i := range p.Imports {
		if p.Imports[i].Alias == function {
			most = max(most, p.Imports[i].Attrs.MemoryMB)
		}
	}
	return most
}
