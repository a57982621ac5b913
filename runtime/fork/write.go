package fork

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// The new session's records. Thread 0 comes last: until then there is no session. Each thread has a lease until its answers are there.

// writer writes a fork.
type writer struct {
	p       *plan
	from    *replay.Session
	to      engine.Store
	o       Options
	session string
	expires time.Time
	now     time.Time
	seen    map[string]bool // the failures that were raised in a kept segment
}

// guard is how long a thread is nobody's while it is written, at most.
const guard = time.Hour

// soon is when a sweep looks at a thread that nobody has run.
const soon = time.Minute

func (w *writer) write(ctx context.Context) error {
	w.now = w.o.Clock.Now()
	if w.o.MaxAge > 0 {
		w.expires = w.now.Add(w.o.MaxAge + w.o.TTL).Truncate(time.Second)
	}
	w.findSeen()
	root := w.p.threads[engine.Root]
	program, err := w.from.Program(ctx, root.head.Program)
	if err != nil {
		return err
	}
	if err := w.to.PutProgram(ctx, root.head.Program, program); err != nil {
		return fmt.Errorf("store the program: %w", err)
	}
	futures, err := w.p.futures(ctx, w.from)
	if err != nil {
		return err
	}
	for _, h := range futures {
		if err := w.future(ctx, h); err != nil {
			return fmt.Errorf("take over %s: %w", h.ID.Thread, err)
		}
	}
	for _, t := range slices.Backward(w.p.order) {
		if t.dropped {
			continue
		}
		if err := w.thread(ctx, t); err != nil {
			return fmt.Errorf("take over thread %s: %w", t.ID(), err)
		}
	}
	return nil
}

// findSeen finds the threads that a kept segment awaited.
func (w *writer) findSeen() {
	w.seen = map[string]bool{}
	for _, t := range w.p.order {
		for k := range t.segments {
			if s := &t.segments[k]; !t.dropped && s.First <= t.cut {
				w.seen[s.Resolver] = true
				for _, name := range s.Awaited {
					w.seen[name] = true
				}
			}
		}
	}
}

// moved is a time of the old session in the new one.
func (w *writer) moved(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.Add(w.now.Sub(w.p.latest))
}

// future takes over an outside future.
func (w *writer) future(ctx context.Context, old *engine.Head) error {
	head := engine.Head{
		ID: engine.ID{Session: w.session, Thread: old.ID.Thread}, Program: old.Program, Started: w.moved(old.Started), Expires: w.expires,
		Done: true, Ended: w.moved(old.Ended), Outside: old.Outside,
	}
	var err error
	if head.Answer, err = w.answer(ctx, old.Answer); err != nil {
		return err
	}
	_, err = w.to.Create(ctx, head)
	return err
}

// thread takes over a thread: its record, then its answers, then it may be run.
func (w *writer) thread(ctx context.Context, t *thread) error {
	if err := w.newborn(ctx, t); err != nil {
		return err
	}
	head, err := w.head(ctx, t)
	if err != nil {
		return err
	}
	slots, err := w.slots(ctx, t)
	if err != nil {
		return err
	}
	if !head.Done {
		head.Lease, head.Token = w.now.Add(guard), engine.NewSession(w.now, w.o.Random)
	}
	if created, err := w.to.Create(ctx, head); err != nil || !created {
		return errors.Join(err, exists(created))
	}
	for _, s := range slots {
		if _, _, err := w.to.PutSlot(ctx, s); err != nil {
			return err
		}
	}
	if head.Done {
		return nil
	}
	due := w.now.Add(soon)
	if !head.Deadline.IsZero() && head.Deadline.Before(due) {
		due = head.Deadline
	}
	_, err = w.to.Preempt(ctx, engine.Preempt{ID: head.ID, Epoch: head.Epoch, Snap: head.Snap, Spawned: head.Spawned, Due: due})
	return err
}

// newborn writes the threads that a thread had started whose records were not stored yet when its run was cut off.
func (w *writer) newborn(ctx context.Context, t *thread) error {
	for i, at := range t.spawns {
		if name := engine.ChildID(t.ID(), i); at >= t.upTo() || w.p.threads[name] != nil {
			continue
		}
		c, err := t.At(ctx, at)
		if err != nil {
			return err
		}
		if outcome := c.Machine().Step(); outcome != vm.Spawn {
			return fmt.Errorf("the instruction at %d starts no thread (%v)", at, outcome)
		}
		if err := w.start(ctx, t, engine.StartOf(w.session, c.Machine().Spawn())); err != nil {
			return err
		}
	}
	return nil
}

// start writes a thread that has not run.
func (w *writer) start(ctx context.Context, parent *thread, start vm.Start) error {
	b, err := engine.EncodeEntry(w.p.code, start)
	if err != nil || engine.TooLargeToStart(start, b) != nil {
		return err // that was raised where it was to be started
	}
	head := engine.Head{
		ID: engine.ID{Session: w.session, Thread: start.Thread}, Function: start.Function.FunctionName(), Parent: parent.ID(),
		Program: parent.head.Program, Started: w.now, Expires: w.expires, Due: w.now.Add(soon),
	}
	if limit := engine.TimeoutOf(w.p.code, start.Function); limit > 0 {
		head.Deadline = w.now.Add(limit)
	}
	if head.Entry, err = w.keep(ctx, b); err != nil {
		return err
	}
	_, err = w.to.Create(ctx, head)
	return err
}

func exists(created bool) error {
	if created {
		return nil
	}
	return errors.New("the new session's number is taken")
}

// head is the record of a thread in the new session.
func (w *writer) head(ctx context.Context, t *thread) (engine.Head, error) {
	old := &t.head
	head := engine.Head{
		ID: engine.ID{Session: w.session, Thread: t.ID()}, Function: old.Function, Parent: old.Parent, Program: old.Program,
		Started: w.moved(old.Started), Expires: w.expires,
		// The first run was in the old session: the next one reads the log.
		Epoch: 1,
	}
	var err error
	if head.Entry, err = w.entry(ctx, t); err != nil {
		return head, err
	}
	if t.isWhole() {
		return head, w.end(ctx, t, &head)
	}
	start, err := t.Entry(ctx)
	if err != nil {
		return head, err
	}
	if limit := engine.TimeoutOf(w.p.code, start.Function); limit > 0 {
		head.Deadline = w.now.Add(limit)
	}
	if t.upTo() == 0 {
		return head, nil
	}
	state, err := w.state(ctx, t)
	if err != nil {
		return head, err
	}
	head.Spawned = state.Children
	head.Snap, err = w.keep(ctx, state.Encode())
	return head, err
}

// state is the thread where it stands in the new session: after the changed answer, if it has one.
func (w *writer) state(ctx context.Context, t *thread) (engine.State, error) {
	state, err := t.State(ctx, min(t.cut, t.last))
	if err != nil || t.changed == nil {
		return state, err
	}
	answer, err := w.value(ctx, t.changed.Value)
	if err != nil {
		return state, err
	}
	load := func(d engine.Data) ([]byte, error) { return w.load(ctx, d) }
	v, fault, err := engine.ReadAnswer(w.p.code, load, answer)
	if err != nil {
		return state, err
	}
	engine.Tell(state.Machine, v, fault)
	state.Slot, state.Pending = state.Slot+1, nil
	return state, nil
}

// load is what a record of the new session holds or names.
func (w *writer) load(ctx context.Context, d engine.Data) ([]byte, error) {
	if d.Digest == "" {
		return d.Bytes, nil
	}
	b, err := w.to.Blob(ctx, w.session, d.Digest)
	if err != nil {
		return nil, fmt.Errorf("load a value: %w", err)
	}
	return b, nil
}

// entry is what the thread was started with, and where it was taken over from.
func (w *writer) entry(ctx context.Context, t *thread) (engine.Data, error) {
	if t.head.Entry.Empty() {
		return engine.Data{}, nil
	}
	b, err := w.from.Load(ctx, t.head.Entry)
	if err != nil {
		return engine.Data{}, err
	}
	start, err := t.Entry(ctx)
	if err != nil {
		return engine.Data{}, err
	}
	origin := engine.Origin{Sid: start.Session}
	if t.ID() == engine.Root {
		origin.Session, origin.Thread, origin.At = w.from.ID(), w.o.At.Thread, w.o.At.At
	}
	if b, err = engine.WithOrigin(b, origin); err != nil {
		return engine.Data{}, err
	}
	return w.keep(ctx, b)
}

// end is what a thread that is kept whole ended with.
func (w *writer) end(ctx context.Context, t *thread, head *engine.Head) (err error) {
	old := &t.head
	head.Done, head.Ended, head.Outside, head.Seen = true, w.moved(old.Ended), old.Outside, old.Seen && w.seen[t.ID()]
	head.Spawned, head.Attempts = old.Spawned, old.Attempts
	if head.Output, err = w.data(ctx, old.Output); err != nil {
		return err
	}
	if t.alone {
		head.Seen = false
		head.Answer, err = w.value(ctx, t.changed.Value)
		return err
	}
	head.Answer, err = w.answer(ctx, old.Answer)
	return err
}

// slots are the answers that are kept, and the one that is changed.
func (w *writer) slots(ctx context.Context, t *thread) ([]engine.Slot, error) {
	all, err := t.Slots(ctx)
	if err != nil {
		return nil, err
	}
	next := uint64(whole)
	if !t.isWhole() {
		c, err := t.At(ctx, min(t.cut, t.last))
		if err != nil {
			return nil, err
		}
		next = c.NextSlot()
	}
	var kept []engine.Slot
	for _, s := range all {
		changed := t.changed != nil && !t.alone && s.Number == t.changed.Slot
		if s.Number >= next && !changed {
			continue
		}
		if s, err = w.slot(ctx, s); err != nil {
			return nil, err
		}
		if changed {
			if s.Answer, err = w.value(ctx, t.changed.Value); err != nil {
				return nil, err
			}
		}
		kept = append(kept, s)
	}
	return kept, nil
}

func (w *writer) slot(ctx context.Context, s engine.Slot) (engine.Slot, error) {
	s.ID.Session, s.Epoch, s.Expires = w.session, 1, w.expires
	s.Begun, s.Ended = w.moved(s.Begun), w.moved(s.Ended)
	var err error
	if s.Answer, err = w.answer(ctx, s.Answer); err != nil {
		return s, err
	}
	s.Output, err = w.data(ctx, s.Output)
	return s, err
}

func (w *writer) value(ctx context.Context, v vm.Value) (engine.Answer, error) {
	b, err := vm.EncodeValue(w.p.code, v)
	if err != nil {
		return engine.Answer{}, fmt.Errorf("store the changed answer: %w", err)
	}
	data, err := w.keep(ctx, b)
	return engine.Answer{Value: data}, err
}

func (w *writer) answer(ctx context.Context, a engine.Answer) (engine.Answer, error) {
	data, err := w.data(ctx, a.Value)
	return engine.Answer{Failed: a.Failed, Value: data}, err
}

// data is what a record of the old session holds or names, for the new one.
func (w *writer) data(ctx context.Context, d engine.Data) (engine.Data, error) {
	if d.Empty() {
		return d, nil
	}
	b, err := w.from.Load(ctx, d)
	if err != nil {
		return d, err
	}
	return w.keep(ctx, b)
}

// keep is b as a record of the new session holds it. A head that can hold little has several of them.
func (w *writer) keep(ctx context.Context, b []byte) (engine.Data, error) {
	limits := w.to.Limits()
	room := limits.Inline
	if limits.Head > 0 {
		const parts = 4
		room = min(room, limits.Head/parts)
	}
	if len(b) <= room {
		return engine.Data{Bytes: b}, nil
	}
	sum := sha256.Sum256(b)
	d := engine.Data{Digest: hex.EncodeToString(sum[:])}
	err := w.to.PutBlob(ctx, engine.Blob{Session: w.session, Digest: d.Digest, Value: b, Expires: w.expires})
	if err != nil {
		return d, fmt.Errorf("store a value of %d bytes: %w", len(b), err)
	}
	return d, nil
}
