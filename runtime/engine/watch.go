package engine

import (
	"context"
	"fmt"
	"time"
)

// Of several processes that sweep the store of a cloud one stays up for what is due soon: it has the watch. That saves work, and
// nothing else: were two to have it, both would wake the same threads.

// watchman is the head that says who has the watch. It is no thread's, and of no session's.
var watchman = ID{Session: ".watch", Thread: OutsideFuture("sweep")}

// Watch is a process's turn at the watch.
type Watch struct {
	e     *Engine
	epoch uint64
}

// Watch takes the watch until a time; nil if another process has it.
func (e *Engine) Watch(ctx context.Context, until time.Time) (*Watch, error) {
	claim := Claim{ID: watchman, Token: e.token(), Now: e.Clock.Now(), Lease: until}
	head, ok, err := e.Store.Claim(ctx, claim)
	if err == nil && !ok && head.ID == (ID{}) {
		if _, err = e.Store.Create(ctx, Head{ID: watchman, Started: claim.Now}); err == nil {
			head, ok, err = e.Store.Claim(ctx, claim)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("take the watch: %w", err)
	}
	if !ok {
		return nil, nil
	}
	return &Watch{e, head.Epoch}, nil
}

// Leave gives the watch up.
func (w *Watch) Leave(ctx context.Context) error {
	if _, err := w.e.Store.Preempt(ctx, Preempt{ID: watchman, Epoch: w.epoch}); err != nil {
		return fmt.Errorf("leave the watch: %w", err)
	}
	return nil
}

// Lookout finds who has to be woken soon: of the many in the index most are there for safety only, which the next sweep is soon
// enough for. Which ones those are their heads say; each is read once.
type Lookout struct {
	e *Engine
	// others are the entries that are no alarms.
	others map[Due]struct{}
}

// Lookout is a new one.
func (e *Engine) Lookout() *Lookout { return &Lookout{e, map[Due]struct{}{}} }

// mostOthers is how many entries are remembered at most.
const mostOthers = 100_000

// Next is the first time within a minute at which a thread is to be woken, or its time is over; zero if there is none.
func (l *Lookout) Next(ctx context.Context) (time.Time, error) {
	if len(l.others) > mostOthers {
		clear(l.others)
	}
	var next time.Time
	before := l.e.Clock.Now().Add(firstPoll)
	for shard := range l.e.Store.Limits().Shards {
		entries, err := l.e.Store.Due(ctx, shard, "", before, sweepPage)
		if err != nil {
			return next, fmt.Errorf("read the index: %w", err)
		}
		for len(entries) > 0 {
			n := min(len(entries), l.e.Store.Limits().Batch)
			at, err := l.earliest(ctx, entries[:n])
			if err != nil {
				return next, err
			}
			if next.IsZero() || !at.IsZero() && at.Before(next) {
				next = at
			}
			entries = entries[n:]
		}
	}
	return next, nil
}

// earliest is the first alarm among some entries.
func (l *Lookout) earliest(ctx context.Context, entries []Due) (at time.Time, err error) {
	var ids []ID
	var asked []Due
	for _, entry := range entries {
		if _, known := l.others[entry]; !known {
			ids, asked = append(ids, entry.ID), append(asked, entry)
		}
	}
	if len(ids) == 0 {
		return at, nil
	}
	heads, err := l.e.Store.Heads(ctx, ids)
	if err != nil {
		return at, fmt.Errorf("look who has to be woken: %w", err)
	}
	for i, h := range heads {
		alarm := h != nil && !h.Done && (h.Parked() && h.Until.Equal(h.Due) || h.Deadline.Equal(h.Due)) && h.Due.Equal(asked[i].At)
		switch {
		case !alarm:
			l.others[asked[i]] = struct{}{}
		case at.IsZero() || h.Due.Before(at):
			at = h.Due
		}
	}
	return at, nil
}
