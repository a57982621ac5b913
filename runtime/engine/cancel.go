package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// A session is cancelled by ending its threads from outside. Their runs notice, but not at once, and may start others until then:
//
//   - Whoever cancels looks again until no thread is alive, and the sweep does so again, at least until cancelFor later.
//   - What is started after that is started by a process that has stood still for a long time between two requests: a run that
//     has not looked at its own head for watchEvery does so before it starts any. So the new thread's head says that it was
//     started long ago, and its first run, which sees that, looks at thread 0. That costs a read where it is in vain: once a minute
//     and session in a process that has fallen behind with its threads.

// cancelFor is for how long the sweep looks for threads of a cancelled session, and after what time it looks again if it has found some.
const cancelFor = 2 * time.Minute

// Cancel ends all threads of a session that have not ended, with kind Cancelled.
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
		return e.finishOutside(ctx, h, errCancelled(), due)
	})
	return live, err
}

func errCancelled() *vm.Error {
	return &vm.Error{Kind: vm.ErrCancelled, Message: "the session was cancelled"}
}

// endIfLeftOver ends a thread that was started when its session had been cancelled: one that begins late, or again.
func (r *run) endIfLeftOver() (bool, error) {
	now := r.e.Clock.Now()
	if r.id.Thread == Root || r.head.Epoch > 1 && r.head.Tries == 1 || now.Sub(r.head.Started) < watchEvery {
		return false, nil
	}
	cancelled, err := r.e.cancelledLongAgo(r.ctx, r.id.Session, now)
	if err != nil || !cancelled {
		return false, err
	}
	return true, r.e.finishOutside(r.ctx, &r.head, errCancelled(), time.Time{})
}

// unended is a session of which it was known at a time that nobody had cancelled it.
type unended struct {
	mu      sync.Mutex
	session string
	at      time.Time
}

// cancelledLongAgo says whether a session was cancelled, if that is so long ago that nobody looks for its threads any more.
func (e *Engine) cancelledLongAgo(ctx context.Context, session string, now time.Time) (bool, error) {
	u := &e.unended
	u.mu.Lock()
	known := u.session == session && now.Sub(u.at) < cancelFor/2
	u.mu.Unlock()
	if known {
		return false, nil
	}
	root, err := e.head(ctx, ID{session, Root})
	if err != nil {
		return false, err
	}
	if root.Done && root.Outside && root.Answer.Failed {
		if _, fault, err := e.EndOf(ctx, root); err != nil || fault.Kind == vm.ErrCancelled {
			return err == nil, err
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.session, u.at = session, now
	return false, nil
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
