package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/internal/bug"
	"github.com/hark-lang/hark-ls/vm"
)

// finish ends the thread with a value.
func (r *run) finish(v vm.Value) error {
	b, err := vm.EncodeValue(r.code, v)
	if err != nil {
		return fmt.Errorf("store the result of %s: %w", r.id, err)
	}
	if len(b) > maxCrossing {
		return r.fail(r.placed(tooLarge("the result of "+r.head.Function+" is", len(b))))
	}
	data, err := r.e.keepInHead(r.ctx, &r.head, b, r.head.Entry)
	if err != nil {
		return err
	}
	return r.decide(Answer{Value: data})
}

// fail ends the thread with an error.
func (r *run) fail(fault *vm.Error) error {
	answer, err := r.e.errorAnswer(r.ctx, r.code, &r.head, fault)
	if err != nil {
		return err
	}
	return r.decide(answer)
}

// placed is an error that belongs to no instruction of the thread: it names its entry.
func (r *run) placed(fault *vm.Error) *vm.Error {
	return atEntry(fault, &r.start)
}

func (e *Engine) errorAnswer(ctx context.Context, code *vm.Code, h *Head, fault *vm.Error) (Answer, error) {
	b, err := EncodeError(code, fault)
	if err != nil {
		return Answer{}, fmt.Errorf("store an error: %w", err)
	}
	data, err := e.keepInHead(ctx, h, b, h.Entry, h.Snap)
	return Answer{Failed: true, Value: data}, err
}

// decide decides what the thread ended with, and wakes those who wait for it.
func (r *run) decide(a Answer) error {
	if err := r.flush(); err != nil {
		return err
	}
	output, err := r.e.keepInHead(r.ctx, &r.head, EncodeLines(r.pending), r.head.Entry, a.Value)
	if err != nil {
		return err
	}
	f := Finish{ID: r.id, Answer: a, Ended: r.e.Clock.Now(), Output: output, Spawned: r.children, Attempts: r.attempts}
	if _, err := r.e.conclude(r.ctx, f, r.pending); err != nil {
		return err
	}
	return errOver
}

// conclude decides what a thread ended with and wakes its waiters, also if somebody else has decided: he may have died
// before he could wake them. The lines are committed by who decides.
func (e *Engine) conclude(ctx context.Context, f Finish, lines []Line) (decided bool, err error) {
	head, decided, err := e.Store.Finish(ctx, f)
	if err != nil {
		return false, fmt.Errorf("finish %s: %w", f.ID, err)
	}
	if decided {
		e.commit(lines)
		e.event(Event{Kind: ThreadFinished, ID: f.ID, Function: head.Function, Answer: f.Answer})
		if f.Outside {
			ctx = context.WithoutCancel(ctx) // it may be the run itself that does all this
			e.stop(f.ID)
		}
	}
	err = e.wakeAll(ctx, &head)
	e.hub.finished(f.ID)
	return decided, err
}

func (e *Engine) wakeAll(ctx context.Context, head *Head) error {
	waiters := head.Waiters
	if head.More {
		more, err := e.Store.Waiters(ctx, head.ID)
		if err != nil {
			return fmt.Errorf("read the waiters of %s: %w", head.ID, err)
		}
		waiters = append(waiters[:len(waiters):len(waiters)], more...)
	}
	for _, w := range waiters {
		if err := e.wake(ctx, ID{head.ID.Session, w.Thread}, w.Wait); err != nil {
			return err
		}
	}
	return nil
}

// wake releases a wait of a thread and, if the thread is parked at it, lets it run.
func (e *Engine) wake(ctx context.Context, id ID, wait uint64) error {
	return e.wakeAt(ctx, id, wait, e.Clock.Now().Add(firstPoll))
}

// wakeAt is wake, and says when the sweep looks whether the thread does run.
func (e *Engine) wakeAt(ctx context.Context, id ID, wait uint64, due time.Time) error {
	now := e.Clock.Now()
	head, woken, err := e.Store.Wake(ctx, Wake{ID: id, Wait: wait, Due: due})
	if errors.Is(err, ErrNotFound) {
		bug.Report("%s is awaited by %s, which does not exist", id.Session, id)
		return nil
	}
	if err != nil {
		return fmt.Errorf("wake %s: %w", id, err)
	}
	if woken {
		e.event(Event{Kind: ThreadWoken, ID: id, Function: head.Function})
	}
	// Who has released the wait before may have died before the invocation.
	if head.Wait == wait && head.Wake == wait && head.Claimable(now) {
		return e.invokeThread(ctx, &head)
	}
	return nil
}

func (e *Engine) commit(lines []Line) {
	for _, l := range lines {
		e.Observer.Committed(l)
	}
}
