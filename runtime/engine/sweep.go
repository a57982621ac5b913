package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// The sweep makes good for what got lost: invocations, wakes, and processes that died. And it is the alarm clock of threads
// that are parked until a time.

const (
	// sweepPage is how many entries of the index are read at once.
	sweepPage = 1000
	// maxFailed is after how many threads that cannot be looked at a sweep ends: then it is not the threads, but the store.
	maxFailed = 10
)

// Sweep looks at every thread of the store that is due by now.
func (e *Engine) Sweep(ctx context.Context) error { return e.sweep(ctx, "") }

// sweepOwn looks at the threads that this process is there for: in a store that others use too, those of the sessions that
// somebody here waits for. One that was interrupted is not run on in a process that was started for another one.
func (e *Engine) sweepOwn(ctx context.Context) error {
	if e.Private {
		return e.Sweep(ctx)
	}
	return e.sweep(ctx, e.hub.sessions()...)
}

func (e *Engine) sweep(ctx context.Context, sessions ...string) error {
	now := e.Clock.Now()
	next := now.Add(firstPoll)
	e.hub.swept(next)
	var failed []error
	for _, session := range sessions {
		for shard := range e.Store.Limits().Shards {
			// A thread whose records are damaged does not keep the others from being looked at.
			looked, err := e.sweepShard(ctx, shard, session, now)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			later, err := e.Store.Due(ctx, shard, session, next, looked+1)
			if err != nil {
				return fmt.Errorf("read the index: %w", err)
			}
			for _, entry := range later {
				if entry.At.After(now) {
					e.hub.due(entry.At)
					break
				}
			}
		}
	}
	return errors.Join(failed...)
}

// SweepDue is when Sweep has something to do, as far as this process knows: at the latest a minute after the last one.
func (e *Engine) SweepDue() time.Time { return e.hub.nextSweep() }

// sweepShard looks at each thread of a shard that is due, and says how many those were. Some entries stay where they are, and an
// index may lag behind: so it reads on behind what it has seen.
func (e *Engine) sweepShard(ctx context.Context, shard int, session string, now time.Time) (int, error) {
	seen := map[ID]struct{}{}
	var failed []error
	for {
		limit, before := len(seen)+sweepPage, len(seen)
		entries, err := e.Store.Due(ctx, shard, session, now, limit)
		if err != nil {
			return 0, fmt.Errorf("read the index: %w", err)
		}
		for _, entry := range entries {
			if _, known := seen[entry.ID]; known {
				continue
			}
			seen[entry.ID] = struct{}{}
			if err := e.sweepThread(ctx, entry, now); err != nil {
				failed = append(failed, err)
			}
			if len(failed) == maxFailed {
				return 0, errors.Join(failed...)
			}
		}
		if len(entries) < limit || len(seen) == before {
			return len(seen), errors.Join(failed...)
		}
	}
}

// sweepThread does what is to be done about one thread, and moves its entry to when to look again.
func (e *Engine) sweepThread(ctx context.Context, entry Due, now time.Time) error {
	h, err := e.head(ctx, entry.ID)
	if errors.Is(err, ErrNotFound) {
		return nil // its session was deleted meanwhile
	}
	if err != nil {
		return err
	}
	if h.Done {
		return e.sweepEnded(ctx, h)
	}
	if over, err := e.endIfOver(ctx, h); over || err != nil {
		return err
	}
	if h.Due.After(now) || h.Due.IsZero() || alarmed(h) && now.Before(h.Due.Add(firstPoll)) {
		return nil // the index lags behind, or the thread was woken a moment ago
	}
	if h.Live(now) && !e.gone(h) {
		return e.lookAgain(ctx, h, h.Lease, h.Poll)
	}
	if !h.Parked() {
		if err := e.invokeThread(ctx, h); err != nil {
			return err
		}
		return e.lookAgain(ctx, h, now.Add(firstPoll), 0)
	}
	released, err := e.released(ctx, h, now)
	if err != nil {
		return err
	}
	if released && h.Due.Equal(h.Until) {
		return e.wakeAt(ctx, h.ID, h.Wait, h.Due)
	}
	if released {
		return e.wake(ctx, h.ID, h.Wait)
	}
	poll := min(max(2*h.Poll, firstPoll), lastPoll)
	return e.lookAgain(ctx, h, now.Add(poll), poll)
}

// alarmed says whether the thread was woken because its time had come. Its entry in the index has stayed where it was then,
// because moving it costs as much as two requests: it counts as if it was a minute later.
func alarmed(h *Head) bool {
	return !h.Parked() && !h.Until.IsZero() && h.Due.Equal(h.Until)
}

// sweepEnded carries a cancel on; every other thread that has ended is nothing to look at.
func (e *Engine) sweepEnded(ctx context.Context, h *Head) error {
	if h.ID.Thread != Root || !h.Outside {
		return e.forget(ctx, h.ID)
	}
	live, err := e.cancelOnce(ctx, h.ID.Session)
	if err != nil {
		return err
	}
	now := e.Clock.Now()
	if live == 0 && !now.Before(h.Ended.Add(cancelFor)) {
		return e.forget(ctx, h.ID)
	}
	return e.lookAgain(ctx, h, now.Add(cancelFor), 0)
}

func (e *Engine) lookAgain(ctx context.Context, h *Head, at time.Time, poll time.Duration) error {
	if !h.Deadline.IsZero() {
		at = earliest(at, h.Deadline)
	}
	if h.Parked() && !h.Until.IsZero() {
		at = earliest(at, h.Until)
	}
	if !h.Expires.IsZero() {
		at = earliest(at, h.Expires.Add(-e.TTL))
	}
	if _, err := e.Store.SetDue(ctx, h.ID, h.Due, at, poll); err != nil {
		return fmt.Errorf("move %s in the index: %w", h.ID, err)
	}
	return nil
}

// released says whether what a parked thread waits for has come.
func (e *Engine) released(ctx context.Context, h *Head, now time.Time) (bool, error) {
	if !h.Until.IsZero() && !now.Before(h.Until) {
		return true, nil
	}
	names, known := h.Targets, true
	if h.Unnamed > 0 {
		names, known = e.targets(ctx, h)
	}
	if !known {
		return true, nil // it has to look itself
	}
	targets, err := e.heads(ctx, h.ID.Session, names)
	if err != nil {
		return false, err
	}
	for _, target := range targets {
		if target != nil && target.Done {
			return true, nil
		}
	}
	return false, nil
}

// targets are all that a parked thread waits for, of which its head names only some: its machine knows.
func (e *Engine) targets(ctx context.Context, h *Head) (names []string, known bool) {
	code, err := e.code(ctx, h.Program)
	if err != nil {
		return nil, false
	}
	snap, err := e.load(ctx, h.ID.Session, h.Snap)
	if err != nil {
		return nil, false
	}
	_, machine, err := decodeSnapshot(h.ID, snap)
	if err != nil {
		return nil, false
	}
	m, err := vm.Decode(code, machine)
	if err != nil || m.Run(1) != vm.Await {
		return nil, false
	}
	return distinct(m.Await().Futures), true
}
