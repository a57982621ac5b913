// Package memstore keeps sessions in memory: for local runs that are not to outlive the process, for tests and for the
// simulator. It is also the plainest statement of what each operation of engine.Store does.
//
// One lock guards everything: an operation is a few assignments, and holding it makes every condition and its effect one
// step. Heads are handed out as copies; the byte slices in them are shared, because nobody changes those.
package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Store is a store in memory. The zero value is not one: use New.
type Store struct {
	mu       sync.Mutex
	heads    map[engine.ID]*record
	due      map[engine.ID]*record
	sessions []string // ascending
	programs map[string][]byte
	blobs    map[blobKey][]byte
	limits   engine.Limits
}

var (
	_ engine.Store     = (*Store)(nil)
	_ engine.LiveStore = (*Store)(nil)
)

// record is a head and what lies beside it.
type record struct {
	head    engine.Head
	slots   map[uint64]engine.Slot
	marks   map[markKey]engine.Mark
	waiters []engine.Waiter
	live    map[liveKey]engine.Live
}

type blobKey struct{ session, digest string }

type markKey struct {
	number  uint64
	attempt int
	kind    engine.MarkKind
}

type liveKey struct {
	slot           uint64
	attempt, chunk int
}

// New is an empty store.
func New() *Store {
	// Values are shared anyway, so that nothing is gained by keeping large ones apart from their records.
	return NewWithLimits(engine.Limits{Inline: 1 << 20, Batch: 100, Pipeline: 1, Shards: 1})
}

// NewWithLimits is an empty store with limits of one's own, for tests of what happens beyond them.
func NewWithLimits(limits engine.Limits) *Store {
	return &Store{
		heads: map[engine.ID]*record{}, due: map[engine.ID]*record{},
		programs: map[string][]byte{}, blobs: map[blobKey][]byte{}, limits: limits,
	}
}

// Limits are those the store was made with.
func (s *Store) Limits() engine.Limits { return s.limits }

// Create puts a head that is not there.
func (s *Store) Create(_ context.Context, h engine.Head) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heads[h.ID] != nil {
		return false, nil
	}
	r := &record{head: h}
	s.heads[h.ID] = r
	s.setDue(r, h.Due)
	if h.ID.Thread == engine.Root {
		at, _ := slices.BinarySearch(s.sessions, h.ID.Session)
		s.sessions = slices.Insert(s.sessions, at, h.ID.Session)
	}
	return true, nil
}

// Claim gives a run the thread.
func (s *Store) Claim(_ context.Context, c engine.Claim) (engine.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[c.ID]
	if r == nil {
		return engine.Head{}, false, nil
	}
	h := &r.head
	if h.Done || h.Parked() || h.Live(c.Now) && h.Token != c.Token {
		return copied(h), false, nil
	}
	h.Epoch++
	h.Lease, h.Token = c.Lease, c.Token
	h.Tries++
	return copied(h), true, nil
}

// Park takes the thread from its run until it is woken.
func (s *Store) Park(_ context.Context, p engine.Park) (engine.ParkOutcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[p.ID]
	switch {
	case r == nil, r.head.Epoch != p.Epoch, r.head.Done:
		return engine.Fenced, nil
	case r.head.Wake >= p.Wait:
		return engine.Woken, nil
	}
	h := &r.head
	h.Wait, h.Targets, h.Unnamed, h.Until = p.Wait, p.Targets, p.Unnamed, p.Until
	h.Snap, h.Spawned = p.Snap, p.Spawned
	h.Lease, h.Token, h.Tries = time.Time{}, "", 0
	if !p.Due.IsZero() {
		s.setDue(r, p.Due)
	}
	return engine.Parked, nil
}

// Finish decides what the thread ends with.
func (s *Store) Finish(_ context.Context, f engine.Finish) (engine.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[f.ID]
	if r == nil {
		return engine.Head{}, false, fmt.Errorf("finish %s: %w", f.ID, engine.ErrNotFound)
	}
	h := &r.head
	if h.Done {
		return copied(h), false, nil
	}
	h.Done, h.Answer, h.Ended, h.Outside = true, f.Answer, f.Ended, f.Outside
	if !f.Outside {
		h.Output, h.Spawned, h.Attempts, h.Snap = f.Output, f.Spawned, f.Attempts, engine.Data{}
	}
	h.Lease, h.Token, h.Targets, h.Unnamed, h.Until = time.Time{}, "", nil, 0, time.Time{}
	s.setDue(r, f.Due)
	return copied(h), true, nil
}

// Wake releases a wait.
func (s *Store) Wake(_ context.Context, w engine.Wake) (engine.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[w.ID]
	if r == nil {
		return engine.Head{}, false, fmt.Errorf("wake %s: %w", w.ID, engine.ErrNotFound)
	}
	h := &r.head
	if h.Done || h.Wake >= w.Wait || h.Wait > w.Wait {
		return copied(h), false, nil
	}
	h.Wake = w.Wait
	s.setDue(r, w.Due)
	return copied(h), true, nil
}

// Preempt stores a snapshot.
func (s *Store) Preempt(_ context.Context, p engine.Preempt) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[p.ID]
	if r == nil || r.head.Epoch != p.Epoch || r.head.Done {
		return false, nil
	}
	h := &r.head
	h.Snap, h.Spawned, h.Lease, h.Tries = p.Snap, p.Spawned, p.Lease, 0
	if p.Lease.IsZero() {
		h.Token = ""
	}
	s.setDue(r, p.Due)
	return true, nil
}

// Heads reads heads.
func (s *Store) Heads(_ context.Context, ids []engine.ID) ([]*engine.Head, error) {
	if len(ids) > s.limits.Batch {
		return nil, fmt.Errorf("read %d heads at once: at most %d go", len(ids), s.limits.Batch)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	heads := make([]*engine.Head, len(ids))
	for i, id := range ids {
		if r := s.heads[id]; r != nil {
			h := copied(&r.head)
			heads[i] = &h
		}
	}
	return heads, nil
}

// Sessions lists sessions, latest first.
func (s *Store) Sessions(_ context.Context, before string, limit int) ([]engine.Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := len(s.sessions)
	if before != "" {
		at, _ = slices.BinarySearch(s.sessions, before)
	}
	var heads []engine.Head
	for at > 0 && len(heads) < limit {
		at--
		heads = append(heads, copied(&s.heads[engine.ID{Session: s.sessions[at], Thread: engine.Root}].head))
	}
	return heads, nil
}

// Due reads the sweep's index.
func (s *Store) Due(_ context.Context, shard int, session string, before time.Time, limit int) ([]engine.Due, error) {
	if shard != 0 {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var entries []engine.Due
	for id, r := range s.due {
		if !r.head.Due.After(before) && (session == "" || session == id.Session) {
			entries = append(entries, engine.Due{ID: id, At: r.head.Due})
		}
	}
	slices.SortFunc(entries, func(a, b engine.Due) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID.Session, b.ID.Session), cmp.Compare(a.ID.Thread, b.ID.Thread))
	})
	return entries[:min(limit, len(entries))], nil
}

// SetDue changes an entry of the sweep's index.
func (s *Store) SetDue(_ context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.heads[id]
	if r == nil || !r.head.Due.Equal(was) {
		return false, nil
	}
	r.head.Poll = poll
	s.setDue(r, due)
	return true, nil
}

func (s *Store) setDue(r *record, due time.Time) {
	r.head.Due = due
	if due.IsZero() {
		delete(s.due, r.head.ID)
		return
	}
	s.due[r.head.ID] = r
}

// copied is the head as of now: later appends to its waiters do not show.
func copied(h *engine.Head) engine.Head {
	c := *h
	c.Waiters = slices.Clip(h.Waiters)
	return c
}
