package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/internal/bug"
)

// register wants the run's thread to be woken when the target has ended. If it has ended already, its head is the result.
func (r *run) register(target string) (*Head, error) {
	if err := r.flush(); err != nil {
		return nil, err
	}
	id, waiter := ID{r.id.Session, target}, Waiter{r.id.Thread, r.number}
	head, registered, err := r.e.Store.Register(r.ctx, id, waiter)
	if errors.Is(err, ErrNotFound) {
		if err := r.createOutside(target); err != nil {
			return nil, err
		}
		head, registered, err = r.e.Store.Register(r.ctx, id, waiter)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("register with %s: %w", id, err)
	case registered:
		return nil, nil
	case head.Done:
		return &head, nil
	}
	return r.registerBeside(id, waiter)
}

// registerBeside registers with a thread whose head is full of waiters. Either its end sees the mark and reads the waiter,
// or the mark or the last read here sees the end.
func (r *run) registerBeside(id ID, w Waiter) (*Head, error) {
	head, open, err := r.e.Store.SetMore(r.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("register with %s: %w", id, err)
	}
	if !open {
		return &head, nil
	}
	if err := r.e.Store.PutWaiter(r.ctx, id, w, r.head.Expires); err != nil {
		return nil, fmt.Errorf("register with %s: %w", id, err)
	}
	now, err := r.e.head(r.ctx, id)
	if err != nil || !now.Done {
		return nil, err
	}
	return now, nil
}

// createOutside puts the head of a future that is resolved from outside: who comes first does.
func (r *run) createOutside(target string) error {
	if !IsOutside(target) {
		bug.Report("%s awaits %s, which does not exist", r.id, target)
		return fmt.Errorf("%s awaits %s: %w", r.id, target, ErrNotFound)
	}
	_, err := r.e.Store.Create(r.ctx, r.e.outsideHead(ID{r.id.Session, target}, r.head.Program, r.head.Expires))
	if err != nil {
		return fmt.Errorf("create %s: %w", target, err)
	}
	return nil
}

func (e *Engine) outsideHead(id ID, program string, expires time.Time) Head {
	return Head{ID: id, Program: program, Started: e.Clock.Now(), Expires: expires}
}

// park gives the thread up until one of the targets has ended or the time has come, and ends the run. If the wait was
// released meanwhile the run goes on: park returns nil.
func (r *run) park(targets []string, until time.Time) error {
	if err := r.flush(); err != nil {
		return err
	}
	snap, err := r.snapshot(r.ctx, true)
	if err != nil {
		return err
	}
	p := Park{ID: r.id, Epoch: r.head.Epoch, Wait: r.number, Until: until, Snap: snap, Spawned: r.children}
	p.Targets = targets[:min(len(targets), MaxTargets)]
	p.Unnamed = len(targets) - len(p.Targets)
	p.Due = r.alarm(targets, until)
	outcome, err := r.e.Store.Park(r.ctx, p)
	if err != nil {
		return fmt.Errorf("park %s: %w", r.id, err)
	}
	if outcome == Woken {
		r.woken = true
		return nil
	}
	if outcome == Parked {
		r.e.event(Event{Kind: ThreadParked, ID: r.id, Function: r.head.Function, Targets: p.Targets, Until: until})
		r.e.hub.due(p.Due)
		r.e.alarm(r.ctx, Place{ID: r.id, Version: r.head.Version}, p.Due)
	}
	return errOver
}

// alarm is when the sweep has to look at the thread that parks, zero if it does not matter: it is polled anyway. A target
// may have ended without anybody to tell, so that a time limit far away must not replace the polls.
func (r *run) alarm(targets []string, until time.Time) time.Time {
	limit := until
	if d := r.head.Deadline; !d.IsZero() && (limit.IsZero() || d.Before(limit)) {
		limit = d
	}
	poll := r.e.Clock.Now().Add(firstPoll)
	switch {
	case len(targets) == 0:
		if !r.head.Expires.IsZero() {
			limit = earliest(limit, r.head.Expires.Add(-r.e.TTL))
		}
		return limit
	case !limit.IsZero():
		return earliest(limit, poll)
	case alarmed(&r.head):
		return poll // the entry is where an alarm has left it
	}
	return time.Time{}
}

// see says of failures that they were raised in a thread that awaited them.
func (r *run) see(ctx context.Context, heads ...*Head) error {
	var unseen []*Head
	for _, h := range heads {
		if h.Answer.Failed && !h.Seen {
			unseen = append(unseen, h)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	return r.e.together(len(unseen), func(i int) error {
		if err := r.e.Store.See(ctx, unseen[i].ID); err != nil {
			return fmt.Errorf("mark the failure of %s: %w", unseen[i].ID, err)
		}
		return nil
	})
}
