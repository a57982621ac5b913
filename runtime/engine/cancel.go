package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Cancel ends all threads of a session that have not ended, with kind Cancelled. Threads may start others meanwhile, so it
// looks again until it finds none alive. A run elsewhere may not have noticed yet, and start another one: thread 0 stays in
// the index of the sweep, which carries on until it finds none either.
func (e *Engine) Cancel(ctx context.Context, session string) error {
	for {
		if live, err := e.cancelOnce(ctx, session); err != nil || live == 0 {
			return err
		}
	}
}

// cancelOnce ends every thread found alive, parents before their children.
func (e *Engine) cancelOnce(ctx context.Context, session string) (live int, err error) {
	err = e.walk(ctx, session, func(h *Head) error {
		if h.Done {
			return nil
		}
		live++
		due := time.Time{}
		if h.ID.Thread == Root {
			due = e.Clock.Now().Add(firstPoll)
		}
		return e.finishOutside(ctx, h, &vm.Error{Kind: vm.ErrCancelled, Message: "the session was cancelled"}, due)
	})
	return live, err
}

// forget takes a thread that has ended out of the index of the sweep.
func (e *Engine) forget(ctx context.Context, id ID) error {
	head, err := e.head(ctx, id)
	if err != nil || head.Due.IsZero() || !head.Done {
		return err
	}
	if _, err := e.Store.SetDue(ctx, id, head.Due, time.Time{}, 0); err != nil {
		return fmt.Errorf("take %s out of the index: %w", id, err)
	}
	return nil
}
