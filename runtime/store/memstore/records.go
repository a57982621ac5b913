package memstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What lies beside a head: waiters, slots, marks; and programs and values.

// Register adds a waiter to a head.
func (s *Store) Register(_ context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[target]
	if r == nil {
		return engine.Head{}, false, fmt.Errorf("register with %s: %w", target, engine.ErrNotFound)
	}
	h := &r.head
	present := slices.Contains(h.Waiters, w)
	if h.Done || !present && len(h.Waiters) >= engine.MaxWaiters {
		return copied(h), false, nil
	}
	if !present {
		h.Waiters = append(h.Waiters, w)
	}
	return engine.Head{}, true, nil
}

// SetMore says that there are waiters beside a head.
func (s *Store) SetMore(_ context.Context, target engine.ID) (engine.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[target]
	if r == nil {
		return engine.Head{}, false, fmt.Errorf("register with %s: %w", target, engine.ErrNotFound)
	}
	if r.head.Done {
		return copied(&r.head), false, nil
	}
	r.head.More = true
	return engine.Head{}, true, nil
}

// PutWaiter keeps a waiter beside a head.
func (s *Store) PutWaiter(_ context.Context, target engine.ID, w engine.Waiter, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[target]
	if r == nil {
		return fmt.Errorf("register with %s: %w", target, engine.ErrNotFound)
	}
	if !slices.Contains(r.waiters, w) {
		r.waiters = append(r.waiters, w)
	}
	return nil
}

// Waiters reads the waiters beside a head.
func (s *Store) Waiters(_ context.Context, target engine.ID) ([]engine.Waiter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.heads[target]; r != nil {
		return slices.Clone(r.waiters), nil
	}
	return nil, nil
}

// See marks a failure as raised in another thread.
func (s *Store) See(_ context.Context, id engine.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.heads[id]; r != nil && r.head.Done && r.head.Answer.Failed {
		r.head.Seen = true
	}
	return nil
}

// PutSlot stores an answer, once.
func (s *Store) PutSlot(_ context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[slot.ID]
	if r == nil {
		return engine.Slot{}, false, fmt.Errorf("log slot %d of %s: %w", slot.Number, slot.ID, engine.ErrNotFound)
	}
	if stored, ok := r.slots[slot.Number]; ok {
		return stored, false, nil
	}
	if r.slots == nil {
		r.slots = map[uint64]engine.Slot{}
	}
	r.slots[slot.Number] = slot
	return slot, true, nil
}

// PutMark stores a mark, once.
func (s *Store) PutMark(_ context.Context, m engine.Mark) (engine.Mark, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[m.ID]
	if r == nil {
		return engine.Mark{}, false, fmt.Errorf("mark slot %d of %s: %w", m.Number, m.ID, engine.ErrNotFound)
	}
	key := markKey{m.Number, m.Attempt, m.Kind}
	if stored, ok := r.marks[key]; ok {
		return stored, false, nil
	}
	if r.marks == nil {
		r.marks = map[markKey]engine.Mark{}
	}
	r.marks[key] = m
	return m, true, nil
}

// Slots reads a thread's log.
func (s *Store) Slots(_ context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[id]
	if r == nil {
		return nil, nil, nil
	}
	var slots []engine.Slot
	for n, slot := range r.slots {
		if n >= from {
			slots = append(slots, slot)
		}
	}
	var marks []engine.Mark
	for _, m := range r.marks {
		if m.Number >= from {
			marks = append(marks, m)
		}
	}
	slices.SortFunc(slots, func(a, b engine.Slot) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortFunc(marks, func(a, b engine.Mark) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.Kind, b.Kind))
	})
	return slots, marks, nil
}

// PutProgram stores a program.
func (s *Store) PutProgram(_ context.Context, hash string, program []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.programs[hash] = program
	return nil
}

// Program reads a program.
func (s *Store) Program(_ context.Context, hash string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	program, ok := s.programs[hash]
	if !ok {
		return nil, fmt.Errorf("read program %s: %w", hash, engine.ErrNotFound)
	}
	return program, nil
}

// PutBlob stores a value.
func (s *Store) PutBlob(_ context.Context, b engine.Blob) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blobs[blobKey{b.Session, b.Digest}] = b.Value
	return nil
}

// Blob reads a value.
func (s *Store) Blob(_ context.Context, session, digest string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.blobs[blobKey{session, digest}]
	if !ok {
		return nil, fmt.Errorf("read value %s of %s: %w", digest, session, engine.ErrNotFound)
	}
	return value, nil
}

// Expired names sessions of which a head has expired.
func (s *Store) Expired(_ context.Context, by time.Time, limit int) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sessions []string
	for id, r := range s.heads {
		if len(sessions) == limit {
			break
		}
		if e := r.head.Expires; !e.IsZero() && !e.After(by) && !slices.Contains(sessions, id.Session) {
			sessions = append(sessions, id.Session)
		}
	}
	return sessions, nil
}

// Delete removes what there is of a session.
func (s *Store) Delete(_ context.Context, session string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ofSession := func(id engine.ID, _ *record) bool { return id.Session == session }
	maps.DeleteFunc(s.heads, ofSession)
	maps.DeleteFunc(s.due, ofSession)
	maps.DeleteFunc(s.blobs, func(key blobKey, _ []byte) bool { return key.session == session })
	if at, found := slices.BinarySearch(s.sessions, session); found {
		s.sessions = slices.Delete(s.sessions, at, at+1)
	}
	return nil
}

// PutLive stores a batch of live output.
func (s *Store) PutLive(_ context.Context, l engine.Live) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[l.ID]
	if r == nil {
		return nil // its session was deleted meanwhile
	}
	if r.live == nil {
		r.live = map[liveKey]engine.Live{}
	}
	r.live[liveKey{l.Slot, l.Attempt, l.Chunk}] = l
	return nil
}

// Live reads a thread's live output.
func (s *Store) Live(_ context.Context, id engine.ID) ([]engine.Live, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[id]
	if r == nil {
		return nil, nil
	}
	return slices.SortedFunc(maps.Values(r.live), func(a, b engine.Live) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.Chunk, b.Chunk))
	}), nil
}

// DropLive deletes a call's live output.
func (s *Store) DropLive(_ context.Context, id engine.ID, slot uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.heads[id]; r != nil {
		maps.DeleteFunc(r.live, func(k liveKey, _ engine.Live) bool { return k.slot == slot })
	}
	return nil
}
