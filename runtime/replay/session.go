package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Session is a session as its records tell it. Its methods may be called by several goroutines; they take turns.
type Session struct {
	store engine.Reader
	id    string

	mu      sync.Mutex
	threads map[string]*Thread // those that were met
	codes   map[string]*vm.Code
	blobs   blobs
	seek    seek
	// order is that of all segments, and gaps what is missing of it; nil when it has to be made anew.
	order []Segment
	gaps  []error
	// progress is told, while a thread is read, how far.
	progress func(Instant)
}

// Open begins to read a session. It reads one record; everything else is read when it is asked for. The error is engine.ErrNotFound
// if the store has no such session.
func Open(ctx context.Context, store engine.Reader, session string) (*Session, error) {
	s := &Session{store: store, id: session, threads: map[string]*Thread{}, codes: map[string]*vm.Code{}}
	s.seek.budget = DefaultBudget
	heads, err := engine.ReadHeads(ctx, store, session, []string{engine.Root})
	switch {
	case err != nil:
		return nil, fmt.Errorf("open session %s: %w", session, err)
	case heads[0] == nil:
		return nil, fmt.Errorf("open session %s: %w", session, engine.ErrNotFound)
	}
	s.meet(heads[0])
	return s, nil
}

// ID is the session's.
func (s *Session) ID() string { return s.id }

// SetBudget limits the memory for seek points, in bytes.
func (s *Session) SetBudget(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seek.budget = bytes
	s.thin()
}

// OnProgress has f called from time to time while a thread is read, with how far that has come. It must not use the session.
func (s *Session) OnProgress(f func(Instant)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = f
}

// Root is the thread that the session started with; its record is the session's.
func (s *Session) Root() *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.threads[engine.Root]
}

// Code is the program that the session runs.
func (s *Session) Code(ctx context.Context) (*vm.Code, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.code(ctx, s.threads[engine.Root].head.Program)
}

func (s *Session) code(ctx context.Context, hash string) (*vm.Code, error) {
	if code := s.codes[hash]; code != nil {
		return code, nil
	}
	b, err := s.store.Program(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("read program %s of session %s: %w", hash, s.id, err)
	}
	program, err := bytecode.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("read program %s of session %s: %w (a session is read by a version of hark-ls that knows its program: this one, or a newer one)", hash, s.id, err)
	}
	code, err := vm.Load(program)
	if err != nil {
		return nil, fmt.Errorf("read program %s of session %s: %w", hash, s.id, err)
	}
	if digest(b) != hash {
		return nil, fmt.Errorf("read program %s of session %s: %w", hash, s.id, errDamaged)
	}
	s.codes[hash] = code
	return code, nil
}

// Thread is one thread; engine.ErrNotFound if there is none of that number.
func (s *Session) Thread(ctx context.Context, thread string) (*Thread, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.thread(ctx, thread)
}

func (s *Session) thread(ctx context.Context, thread string) (*Thread, error) {
	if t := s.threads[thread]; t != nil {
		return t, nil
	}
	heads, err := engine.ReadHeads(ctx, s.store, s.id, []string{thread})
	if err != nil {
		return nil, fmt.Errorf("read thread %s of session %s: %w", thread, s.id, err)
	}
	if heads[0] == nil {
		return nil, fmt.Errorf("read thread %s of session %s: %w", thread, s.id, engine.ErrNotFound)
	}
	return s.meet(heads[0]), nil
}

// meet keeps what a head says.
func (s *Session) meet(h *engine.Head) *Thread {
	t := s.threads[h.ID.Thread]
	if t == nil {
		t = &Thread{s: s, id: h.ID.Thread}
		s.threads[h.ID.Thread] = t
		s.order = nil
	}
	if h.Done && !t.head.Done {
		t.reopen()
		s.order = nil
	}
	t.head = *h
	return t
}

// Threads are all threads of the session that can be found, parents before their children. The second result are those that have to be
// there and cannot be read.
func (s *Session) Threads(ctx context.Context) ([]*Thread, []error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.walk(ctx)
}

func (s *Session) walk(ctx context.Context) ([]*Thread, []error, error) {
	var all []*Thread
	var gone []error
	for todo := []string{engine.Root}; len(todo) > 0; {
		n := min(s.store.Limits().Batch, len(todo))
		found, lost, err := s.readThreads(ctx, todo[:n])
		if err != nil {
			return nil, nil, err
		}
		all, gone, todo = append(all, found...), append(gone, lost...), todo[n:]
		for _, t := range found {
			children, err := t.findChildren(ctx)
			if err != nil {
				return nil, nil, err
			}
			todo = append(todo, children...)
		}
	}
	slices.SortFunc(all, func(a, b *Thread) int { return engine.CompareThreads(a.id, b.id) })
	return all, gone, nil
}

// readThreads reads at most a batch. Where that fails each is read by itself, so that one that is damaged does not hide the others.
func (s *Session) readThreads(ctx context.Context, names []string) (found []*Thread, lost []error, err error) {
	var ask []string
	for _, name := range names {
		if s.threads[name] == nil {
			ask = append(ask, name)
		}
	}
	heads, err := engine.ReadHeads(ctx, s.store, s.id, ask)
	for _, h := range heads {
		if h != nil {
			s.meet(h)
		}
	}
	for _, name := range names {
		t, one := s.threads[name], err
		if t == nil && err != nil {
			t, one = s.thread(ctx, name)
			one = errors.Unwrap(one)
		}
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if t == nil {
			lost = append(lost, &Missing{Session: s.id, Thread: name, Slot: -1, What: "its record, though the thread was started", Err: absent(one)})
			continue
		}
		found = append(found, t)
	}
	return found, lost, nil
}

// absent is err, unless that only says that something is not there.
func absent(err error) error {
	if errors.Is(err, engine.ErrNotFound) {
		return nil
	}
	return err
}

// heads are those of some threads or outside futures, as they are now unless they have ended; nil for those that do not exist.
func (s *Session) heads(ctx context.Context, names []string) ([]*engine.Head, error) {
	var ask []string
	known := make(map[string]*engine.Head, len(names))
	for _, name := range names {
		if t := s.threads[name]; t != nil && t.head.Done {
			known[name] = &t.head
		} else if _, asked := known[name]; !asked {
			known[name] = nil
			ask = append(ask, name)
		}
	}
	read, err := engine.ReadHeads(ctx, s.store, s.id, ask)
	if err != nil {
		return nil, err
	}
	for _, h := range read {
		if h != nil {
			known[h.ID.Thread] = &s.meet(h).head
		}
	}
	heads := make([]*engine.Head, len(names))
	for i, name := range names {
		heads[i] = known[name]
	}
	return heads, nil
}

// Refresh forgets what may have changed since it was read, in a session that is still running: which threads there are, whether
// they have ended, and what they got. Everything that was decided stays.
func (s *Session) Refresh(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []string
	for name, t := range s.threads {
		if !t.head.Done {
			open = append(open, name)
		}
		t.children = nil
	}
	if _, err := s.heads(ctx, open); err != nil {
		return fmt.Errorf("look at session %s again: %w", s.id, err)
	}
	for _, name := range open {
		s.threads[name].reopen()
	}
	s.order = nil
	return nil
}

// errDamaged: what lies under a digest has another one.
var errDamaged = errors.New("the stored bytes are damaged")

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// blobs are the values read last.
type blobs struct {
	bytes    int
	byDigest map[string][]byte
}

// maxBlobs is how many bytes of values are kept.
const maxBlobs = 64 << 20

// loader reads the values that the session's records hold or name.
func (s *Session) loader(ctx context.Context) engine.Loader {
	return func(d engine.Data) ([]byte, error) {
		if d.Digest == "" {
			return d.Bytes, nil
		}
		if b, ok := s.blobs.byDigest[d.Digest]; ok {
			return b, nil
		}
		b, err := s.store.Blob(ctx, s.id, d.Digest)
		if err != nil {
			return nil, fmt.Errorf("load the value with digest %s: %w", d.Digest, err)
		}
		if digest(b) != d.Digest {
			return nil, fmt.Errorf("load the value with digest %s: %w", d.Digest, errDamaged)
		}
		s.blobs.keep(d.Digest, b)
		return b, nil
	}
}

func (c *blobs) keep(digest string, b []byte) {
	if c.bytes += len(b); c.bytes > maxBlobs || c.byDigest == nil {
		c.bytes, c.byDigest = len(b), map[string][]byte{}
	}
	c.byDigest[digest] = b
}
