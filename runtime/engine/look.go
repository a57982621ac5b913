package engine

import (
	"context"

	"github.com/hark-lang/hark-ls/vm"
)

// For those who look at sessions.

// EndOf is what a thread that has ended came to: a value, or the error it failed with.
func (e *Engine) EndOf(ctx context.Context, h *Head) (vm.Value, *vm.Error, error) {
	code, err := e.code(ctx, h.Program)
	if err != nil {
		return vm.Null, nil, err
	}
	return e.answer(ctx, code, h.ID.Session, h.Answer)
}

// Held says whether a process runs the thread now, as far as can be known.
func (e *Engine) Held(h *Head) bool { return h.Live(e.Clock.Now()) && !e.gone(h) }

// Ready says whether the thread could go on now, if somebody ran it: it does not wait, or what it waits for has come.
func (e *Engine) Ready(ctx context.Context, h *Head) (bool, error) {
	if h.Done || e.Held(h) {
		return false, nil
	}
	if !h.Parked() {
		return true, nil
	}
	return e.released(ctx, h, e.Clock.Now())
}

// AnswerOf is what an answer in the log of a thread holds: a value, or an error.
func (e *Engine) AnswerOf(ctx context.Context, h *Head, a Answer) (vm.Value, *vm.Error, error) {
	code, err := e.code(ctx, h.Program)
	if err != nil {
		return vm.Null, nil, err
	}
	return e.answer(ctx, code, h.ID.Session, a)
}
