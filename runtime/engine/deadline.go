package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// A thread with a deadline is ended from outside when it is over: by a timer of the run that has it, else by the sweep.

// overdue ends the thread if its time is over before it has begun.
func (r *run) overdue() (bool, error) {
	return r.e.endIfOver(r.ctx, &r.head)
}

// endIfOver ends a thread whose deadline has passed, or whose session has become too old.
func (e *Engine) endIfOver(ctx context.Context, h *Head) (bool, error) {
	now := e.Clock.Now()
	if fault := e.timeIsOver(h, now); fault != nil {
		return true, e.finishOutside(ctx, h, fault, time.Time{})
	}
	return false, nil
}

func (e *Engine) timeIsOver(h *Head, now time.Time) *vm.Error {
	if !h.Deadline.IsZero() && !now.Before(h.Deadline) {
		return timeoutOf(h)
	}
	if !h.Expires.IsZero() && !now.Before(h.Expires.Add(-e.TTL)) {
		return &vm.Error{Kind: vm.ErrExpired, Message: "the session is too old to go on"}
	}
	return nil
}

func timeoutOf(h *Head) *vm.Error {
	limit := h.Deadline.Sub(h.Started).Seconds()
	return &vm.Error{Kind: vm.ErrTimeout, Message: fmt.Sprintf("%s took longer than %v seconds", h.Function, limit)}
}

func (r *run) guardDeadline() {
	if r.head.Deadline.IsZero() {
		return
	}
	ctx := context.WithoutCancel(r.ctx)
	left := r.head.Deadline.Sub(r.e.Clock.Now())
	r.stopDeadline = r.e.Clock.AfterFunc(left, func() {
		// If it fails the sweep does it.
		_, _ = r.e.endIfOver(ctx, &r.head)
	})
}

// earlier is the time at which the sweep has to look at the own thread: at, unless its deadline is before.
func (r *run) earlier(at time.Time) time.Time {
	if d := r.head.Deadline; !d.IsZero() && d.Before(at) {
		return d
	}
	return at
}

// finishOutside ends a thread that has not come to an end itself. The error says where the thread was started.
func (e *Engine) finishOutside(ctx context.Context, h *Head, fault *vm.Error, due time.Time) error {
	answer, err := e.outsideAnswer(ctx, h, fault)
	if err != nil {
		return err
	}
	_, err = e.conclude(ctx, Finish{ID: h.ID, Answer: answer, Ended: e.Clock.Now(), Outside: true, Due: due}, nil)
	return err
}

func (e *Engine) outsideAnswer(ctx context.Context, h *Head, fault *vm.Error) (Answer, error) {
	code, err := e.code(ctx, h.Program)
	if err != nil {
		return Answer{}, err
	}
	entry, err := e.load(ctx, h.ID.Session, h.Entry)
	if err != nil {
		return Answer{}, err
	}
	start, err := DecodeEntry(code, h.ID, entry)
	if err != nil {
		return Answer{}, err
	}
	located := *fault
	return e.errorAnswer(ctx, code, h, atEntry(&located, &start))
}
