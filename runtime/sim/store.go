package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// errBroken is a request that failed, though it may have been applied.
var errBroken = errors.New("the connection broke")

// store lets other tasks go on before and after each request, lets some fail, before or after they are applied, and shows
// the monitor all of them.
type store struct {
	engine.Store
	w *world
	m *monitor
	// index is an older state of the sweep's index.
	index []engine.Due
}

// request does a request of the store that writes (reads is 0), or reads a number of records; -1 is not counted.
func request[T any](s *store, name string, reads int, do func() (T, error)) (T, error) {
	var none T
	s.w.point()
	fails := 0
	if t := s.w.current; t != nil && (t.run == nil || s.w.tries[t.run.id] <= maxTries) {
		fails = s.w.fault(reply, t.place())
	}
	if fails == 1 {
		return none, errBroken
	}
	s.w.count(name, reads)
	result, err := do()
	s.w.pointUnlessCoarse()
	if fails == 2 {
		return none, errBroken
	}
	return result, err
}

// both are two results of a request.
type both[A, B any] struct {
	a A
	b B
}

func request2[A, B any](s *store, name string, reads int, do func() (A, B, error)) (A, B, error) {
	result, err := request(s, name, reads, func() (both[A, B], error) {
		a, b, err := do()
		return both[A, B]{a, b}, err
	})
	return result.a, result.b, err
}

func request0(s *store, name string, reads int, do func() error) error {
	_, err := request(s, name, reads, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// did notes a request that was answered.
func (s *store) did(format string, args ...any) {
	if s.w.trace != nil && s.w.current != nil {
		s.w.note(s.w.who(), fmt.Sprintf(format, args...))
	}
}

func (s *store) Create(ctx context.Context, h engine.Head) (bool, error) {
	return request(s, "create", 0, func() (bool, error) {
		put, err := s.Store.Create(ctx, h)
		s.did("create %s: %v", h.ID.Thread, put)
		s.m.acts(h.ID.Thread != engine.Root)
		s.m.created(&h)
		return put, err
	})
}

func (s *store) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	return request2(s, "claim", 0, func() (engine.Head, bool, error) {
		head, ok, err := s.Store.Claim(ctx, c)
		s.did("claim %s: %v, epoch %d, wait %d, wake %d", c.ID.Thread, ok, head.Epoch, head.Wait, head.Wake)
		if ok {
			s.w.tries[c.ID] = head.Tries
			s.m.claimed(&c, &head)
			if t := s.w.current; t != nil && !head.Snap.Empty() && s.w.fault(memory, t.place()) > 0 {
				head.Snap = engine.Data{}
			}
		}
		return head, ok, err
	})
}

func (s *store) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	return request(s, "park", 0, func() (engine.ParkOutcome, error) {
		outcome, err := s.Store.Park(ctx, p)
		s.did("park %s at %d for %v: %v", p.ID.Thread, p.Wait, p.Targets, [...]string{"", "parked", "woken", "fenced"}[outcome])
		s.m.acts(true)
		if outcome == engine.Parked {
			s.m.gaveUp(p.ID)
		}
		return outcome, err
	})
}

func (s *store) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	return request2(s, "finish", 0, func() (engine.Head, bool, error) {
		s.m.acts(!f.Outside && f.Attempts == 0)
		head, decided, err := s.Store.Finish(ctx, f)
		s.did("finish %s: %v", f.ID.Thread, decided)
		s.m.finished(&f, decided, &head)
		return head, decided, err
	})
}

func (s *store) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	return request2(s, "wake", 0, func() (engine.Head, bool, error) {
		head, woken, err := s.Store.Wake(ctx, w)
		s.did("wake %s from %d: %v, wait %d, wake %d", w.ID.Thread, w.Wait, woken, head.Wait, head.Wake)
		return head, woken, err
	})
}

func (s *store) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	return request(s, "preempt", 0, func() (bool, error) {
		mine, err := s.Store.Preempt(ctx, p)
		s.did("preempt %s: %v, lease %v", p.ID.Thread, mine, !p.Lease.IsZero())
		switch {
		case mine && p.Lease.IsZero():
			s.m.gaveUp(p.ID)
		case mine:
			s.m.renewed(p.ID, p.Lease)
		}
		return mine, err
	})
}

func (s *store) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	return request2(s, "register", 0, func() (engine.Head, bool, error) {
		head, registered, err := s.Store.Register(ctx, target, w)
		s.did("register %s's wait %d with %s: %v", w.Thread, w.Wait, target.Thread, registered)
		s.m.acts(true)
		return head, registered, err
	})
}

func (s *store) SetMore(ctx context.Context, target engine.ID) (engine.Head, bool, error) {
	return request2(s, "setmore", 0, func() (engine.Head, bool, error) {
		head, set, err := s.Store.SetMore(ctx, target)
		s.did("set more of %s: %v", target.Thread, set)
		return head, set, err
	})
}

func (s *store) PutWaiter(ctx context.Context, target engine.ID, w engine.Waiter, expires time.Time) error {
	return request0(s, "putwaiter", 0, func() error {
		s.did("put waiter %s, wait %d beside %s", w.Thread, w.Wait, target.Thread)
		return s.Store.PutWaiter(ctx, target, w, expires)
	})
}

func (s *store) Waiters(ctx context.Context, target engine.ID) ([]engine.Waiter, error) {
	return request(s, "waiters", 1, func() ([]engine.Waiter, error) {
		waiters, err := s.Store.Waiters(ctx, target)
		s.did("read the waiters beside %s: %v", target.Thread, waiters)
		return waiters, err
	})
}

func (s *store) See(ctx context.Context, id engine.ID) error {
	return request0(s, "see", 0, func() error {
		s.did("see the failure of %s", id.Thread)
		return s.Store.See(ctx, id)
	})
}

func (s *store) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	return request(s, "heads", len(ids), func() ([]*engine.Head, error) {
		heads, err := s.Store.Heads(ctx, ids)
		s.did("read %d heads from %s on", len(ids), ids[0].Thread)
		s.m.looked(ids)
		return heads, err
	})
}

func (s *store) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	return request2(s, "putslot", 0, func() (engine.Slot, bool, error) {
		stored, mine, err := s.Store.PutSlot(ctx, slot)
		s.did("put slot %d of %s: %v", slot.Number, slot.ID.Thread, mine)
		s.m.logged(&slot, &stored, mine)
		return stored, mine, err
	})
}

func (s *store) PutMark(ctx context.Context, m engine.Mark) (engine.Mark, bool, error) {
	return request2(s, "putmark", 0, func() (engine.Mark, bool, error) {
		mark, mine, err := s.Store.PutMark(ctx, m)
		s.m.marks(&m)
		s.did("put mark %d of slot %d of %s: %v", m.Attempt, m.Number, m.ID.Thread, mine)
		return mark, mine, err
	})
}

func (s *store) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	return request2(s, "slots", 1, func() ([]engine.Slot, []engine.Mark, error) {
		slots, marks, err := s.Store.Slots(ctx, id, from)
		s.did("read the log of %s from %d on: %d slots", id.Thread, from, len(slots))
		return slots, marks, err
	})
}

// forever is after all times.
var forever = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)

// Due may show the index as it was at an earlier time.
func (s *store) Due(ctx context.Context, shard int, session string, before time.Time, limit int) ([]engine.Due, error) {
	return request(s, "due", -1, func() ([]engine.Due, error) {
		t := s.w.current
		if !s.w.possible[index] || t == nil {
			return s.Store.Due(ctx, shard, session, before, limit)
		}
		if s.w.fault(index, t.place()) == 0 {
			now, err := s.Store.Due(ctx, shard, session, forever, 1<<20)
			if err != nil {
				return nil, err
			}
			s.index = now
		}
		var entries []engine.Due
		for _, entry := range s.index {
			if !entry.At.After(before) && len(entries) < limit {
				entries = append(entries, entry)
			}
		}
		return entries, nil
	})
}

func (s *store) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	return request(s, "setdue", 0, func() (bool, error) {
		set, err := s.Store.SetDue(ctx, id, was, due, poll)
		s.did("look at %s again at %s: %v", id.Thread, due.Format("02 15:04:05"), set)
		return set, err
	})
}

func (s *store) PutBlob(ctx context.Context, b engine.Blob) error {
	return request0(s, "putblob", 0, func() error { return s.Store.PutBlob(ctx, b) })
}

func (s *store) Blob(ctx context.Context, session, digest string) ([]byte, error) {
	return request(s, "blob", -1, func() ([]byte, error) { return s.Store.Blob(ctx, session, digest) })
}

func (s *store) PutProgram(ctx context.Context, hash string, program []byte) error {
	return request0(s, "putprogram", -1, func() error { return s.Store.PutProgram(ctx, hash, program) })
}

func (s *store) Program(ctx context.Context, hash string) ([]byte, error) {
	return request(s, "program", -1, func() ([]byte, error) { return s.Store.Program(ctx, hash) })
}
