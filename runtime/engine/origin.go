package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// What a thread has that was taken over from another session. It goes on as the one that it was: sid() answers what it has always
// answered there, since what it computed from that is in its answers. Both are written behind the entry, where a version that does not
// know of them refuses to read on.

// Origin says where a thread was taken over from.
type Origin struct {
	// Sid is what sid() answers: the session that the thread was started in.
	Sid string
	// Session and Thread and At name the instant that a whole session was made from; only thread 0 has them.
	Session string
	Thread  string
	At      uint64
}

// WithOrigin is an encoded entry, of a thread that was taken over.
func WithOrigin(entry []byte, o Origin) ([]byte, error) {
	r := newReader(entry)
	r.entry()
	if r.bad {
		return nil, fmt.Errorf("read an entry: %w", errCorrupt)
	}
	w := &writer{b: append([]byte(nil), entry[:len(entry)-len(r.b)]...)}
	w.text(o.Sid)
	w.text(o.Session)
	w.text(o.Thread)
	w.uint(o.At)
	return w.b, nil
}

// entry passes what EncodeEntry wrote.
func (r *reader) entry() {
	r.bytes()
	for range r.count() {
		r.text()
	}
	for range r.count() {
		r.text()
		r.text()
		r.uint()
		if r.uint() == 0 {
			r.text()
		}
	}
}

// origin is what follows an entry, if something does.
func (r *reader) origin() (o Origin) {
	if r.bad || len(r.b) == 0 {
		return o
	}
	return Origin{Sid: r.text(), Session: r.text(), Thread: r.text(), At: r.uint()}
}

// OriginOf says where a thread was taken over from; it is zero if it was not.
func OriginOf(ctx context.Context, store Reader, h *Head) (Origin, error) {
	if h.Entry.Empty() {
		return Origin{}, nil
	}
	b, err := h.Entry.Bytes, error(nil)
	if h.Entry.Digest != "" {
		b, err = store.Blob(ctx, h.ID.Session, h.Entry.Digest)
	}
	if err != nil {
		return Origin{}, fmt.Errorf("read entry of %s: %w", h.ID, err)
	}
	r := newReader(b)
	r.entry()
	o := r.origin()
	if err := r.end(); err != nil {
		return Origin{}, fmt.Errorf("read entry of %s: %w", h.ID, err)
	}
	return o, nil
}

// State is a machine with what a run has to know beside it.
type State struct {
	Machine *vm.Machine
	// Slot is the number of the next slot; Printed counts the lines, and Children the threads so far.
	Slot     uint64
	Printed  uint64
	Children int
	// Pending are the lines since the last slot.
	Pending []Line
}

// Encode is the state as a snapshot (Head.Snap). The run that goes on from it reads the log first. If the machine waits for something, it asks
// for that anew.
func (s *State) Encode() []byte {
	p := progress{slot: s.Slot, printed: s.Printed, children: s.Children, pending: s.Pending}
	return encodeSnapshot(&p, s.Machine.Encode())
}

// TimeoutOf is how long a thread that starts with the function may take, 0 for as long as it likes.
func TimeoutOf(code *vm.Code, f vm.Value) time.Duration { return threadTimeout(code, f) }
