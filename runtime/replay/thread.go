package replay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Thread is a thread as its records tell it.
type Thread struct {
	s    *Session
	id   string
	head engine.Head

	// code and start are what its machines are made of, once prepared.
	code     *vm.Code
	start    vm.Start
	prepared bool

	slots []engine.Slot // ascending
	// slotsRead says that these are all.
	slotsRead bool
	// children are the numbers of the threads it started, nil if nobody has looked.
	children []string

	reading
	// seen is how far somebody saw the thread come; stands: and no further.
	seen   uint64
	stands bool
	points []point
	// focus is the instant that was asked for last: seek points are dense around it.
	focus uint64
}

// Status says how a thread is doing.
type Status uint8

const (
	// Running: a run of it is going on, or will begin.
	Running Status = iota + 1
	// Waiting: it is parked.
	Waiting
	// Returned: it has ended with a value.
	Returned
	// Failed: it has ended with an error.
	Failed
)

var statusNames = [...]string{"", "running", "waiting", "returned", "failed"}

// String is the status in a word.
func (s Status) String() string { return statusNames[s] }

// ID is the thread's number, as "0.1".
func (t *Thread) ID() string { return t.id }

// Head is the thread's record as it was read last.
func (t *Thread) Head() engine.Head {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.head
}

// Status says how the thread is doing, by its record.
func (t *Thread) Status() Status {
	h := t.Head()
	switch {
	case h.Done && h.Answer.Failed:
		return Failed
	case h.Done:
		return Returned
	case h.Parked():
		return Waiting
	}
	return Running
}

// Entry is the call that the thread consists of, and the frames that led to it.
func (t *Thread) Entry(ctx context.Context) (vm.Start, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	err := t.prepare(ctx)
	return t.start, err
}

// Result is what a thread that has ended came to: a value or an error. It comes from the thread's record, not from execution.
func (t *Thread) Result(ctx context.Context) (vm.Value, *vm.Error, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if !t.head.Done {
		return vm.Null, nil, fmt.Errorf("thread %s has not ended", t.id)
	}
	code, err := t.s.code(ctx, t.head.Program)
	if err != nil {
		return vm.Null, nil, err
	}
	v, fault, err := engine.ReadAnswer(code, t.s.loader(ctx), t.head.Answer)
	if err != nil {
		return vm.Null, nil, t.missing(err, "what it ended with")
	}
	return v, fault, nil
}

// Slots are the answers in the thread's log, ascending.
func (t *Thread) Slots(ctx context.Context) ([]engine.Slot, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	err := t.readSlots(ctx)
	return slices.Clone(t.slots), err
}

// Answer is what an answer in the thread's log holds: a value or an error.
func (t *Thread) Answer(ctx context.Context, slot *engine.Slot) (vm.Value, *vm.Error, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	code, err := t.s.code(ctx, t.head.Program)
	if err != nil {
		return vm.Null, nil, err
	}
	v, fault, err := engine.ReadAnswer(code, t.s.loader(ctx), slot.Answer)
	if err != nil {
		return vm.Null, nil, t.missingSlot(slot.Number, err, "the answer")
	}
	return v, fault, nil
}

// Children are the numbers of the threads that this one has started, as far as their records are there.
func (t *Thread) Children(ctx context.Context) ([]string, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.findChildren(ctx)
}

// findChildren asks the store only where the record does not say how many there are: of a thread that is parked it does.
func (t *Thread) findChildren(ctx context.Context) ([]string, error) {
	if t.children != nil {
		return t.children, nil
	}
	if !t.head.Done && t.head.Parked() {
		t.children = []string{}
		for i := range t.head.Spawned {
			t.children = append(t.children, engine.ChildID(t.id, i))
		}
		return t.children, nil
	}
	children, err := engine.Children(ctx, t.s.store, &t.head)
	if err != nil {
		return nil, err
	}
	t.children = children
	return children, nil
}

// readSlots reads those that were not there the last time: they are stored one after the other.
func (t *Thread) readSlots(ctx context.Context) error {
	if t.slotsRead {
		return nil
	}
	slots, _, err := t.s.store.Slots(ctx, t.head.ID, t.slotCount())
	if err != nil {
		return t.missing(err, "its log")
	}
	t.slots, t.slotsRead = append(t.slots, slots...), true
	return nil
}

// slot is an answer in the log, nil if it is not there.
func (t *Thread) slot(number uint64) *engine.Slot {
	if number < uint64(len(t.slots)) && t.slots[number].Number == number {
		return &t.slots[number]
	}
	for i := range t.slots {
		if t.slots[i].Number == number {
			return &t.slots[i]
		}
	}
	return nil
}

// slotCount is one more than the number of the last slot.
func (t *Thread) slotCount() uint64 {
	if len(t.slots) == 0 {
		return 0
	}
	return t.slots[len(t.slots)-1].Number + 1
}

// prepare reads the program, the entry and the log.
func (t *Thread) prepare(ctx context.Context) error {
	if err := t.readSlots(ctx); err != nil || t.prepared {
		return err
	}
	code, err := t.s.code(ctx, t.head.Program)
	if err != nil {
		return err
	}
	if t.neverRan() {
		return t.missing(nil, "it never ran: what it was to be started with was too large, or it is a future that others resolve")
	}
	entry, err := t.s.loader(ctx)(t.head.Entry)
	if err != nil {
		return t.missing(err, "what it was started with")
	}
	if t.start, err = engine.DecodeEntry(code, t.head.ID, entry); err != nil {
		return t.missing(err, "what it was started with")
	}
	t.code, t.prepared = code, true
	return nil
}

// neverRan says whether there is nothing to execute: what the thread was to be started with was too large, or it is an outside future.
func (t *Thread) neverRan() bool {
	return t.head.Entry.Empty() && (t.head.Done && t.head.Answer.Failed || engine.IsOutside(t.id))
}

// endedItself says whether the thread came to its own end: nobody else ended it.
func (t *Thread) endedItself() bool { return t.head.Done && !t.head.Outside }

// endTime is when the thread ended, zero if it has not.
func (t *Thread) endTime() time.Time {
	if !t.head.Done {
		return time.Time{}
	}
	return t.head.Ended
}
