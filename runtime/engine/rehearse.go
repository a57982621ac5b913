package engine

import (
	"context"
	"fmt"

	"github.com/hark-lang/hark-ls/vm"
)

// Executing a thread of a session that failed once more, to find out what of it a new session can take over: the answers it
// got, the threads it started and the outside futures it awaited, until it got what its session failed of. Nothing is called
// and nothing is stored. The program may be another one than the session's: then each answer has to fit what it asks for.

// rehearsal is one thread, executed again.
type rehearsal struct {
	r    *retry
	ctx  context.Context
	old  *Head
	load Loader
	// slots are the stored ones; taken is how many of them fit and come before the failure.
	slots map[uint64]Slot
	taken uint64
	bytes int // printed since the last slot
	m     *vm.Machine

	children []vm.Start
	outside  []string
	// differs is how the thread does something else than it did.
	differs *Difference
}

// rehearse executes a thread from its start, up to the failure, to where its records end, or to its own end.
func (r *retry) rehearse(ctx context.Context, old *Head, start vm.Start) (*rehearsal, error) {
	stored, _, err := r.e.Store.Slots(ctx, old.ID, 0)
	if err != nil {
		return nil, fmt.Errorf("read the log of %s: %w", old.ID, err)
	}
	h := &rehearsal{r: r, ctx: ctx, old: old, slots: map[uint64]Slot{}}
	h.load = func(d Data) ([]byte, error) { return r.e.load(ctx, old.ID.Session, d) }
	for _, s := range stored {
		h.slots[s.Number] = s
	}
	if h.m, err = vm.New(r.code, start); err != nil {
		return nil, fmt.Errorf("execute %s again: %w", old.ID, err)
	}
	for goesOn := true; goesOn; {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		fuel, err := h.untilEdit()
		if err != nil {
			return nil, fmt.Errorf("execute %s again: %w", old.ID, err)
		}
		if fuel == 0 {
			break
		}
		if goesOn, err = h.react(start, h.m.Run(fuel)); err != nil {
			return nil, fmt.Errorf("execute %s again: %w", old.ID, err)
		}
	}
	return h, nil
}

// untilEdit makes the edits that are stored for where the machine stands, and is how much it may execute before the next one; 0 if one does
// not fit. An edit names instructions and registers: it fits no other program than the one that it was made in.
func (h *rehearsal) untilEdit() (fuel uint64, err error) {
	for {
		s, ok := h.slots[h.taken]
		if !ok || s.Kind != SlotEdit {
			return h.r.e.Fuel, nil
		}
		if h.r.other {
			h.differs = &Difference{Thread: h.old.ID.Thread, Slot: int(s.Number), Stored: describeSlot(s), Asked: "none"}
			return 0, nil
		}
		at, e, err := ReadEdit(h.r.code, h.load, s)
		switch now := h.m.Steps(); {
		case err != nil:
			return 0, err
		case at > now:
			return min(h.r.e.Fuel, at-now), nil
		case at < now || h.m.CanEdit(e) != nil:
			return 0, nil
		}
		if err := h.m.Edit(e); err != nil {
			return 0, err
		}
		h.advance()
	}
}

// react does what the machine asks for, as far as the records go.
func (h *rehearsal) react(start vm.Start, outcome vm.Outcome) (goesOn bool, err error) {
	switch outcome {
	case vm.Fuel, vm.Break:
		return true, nil
	case vm.Spawn:
		return h.spawn(h.m.Spawn())
	case vm.Output:
		return h.print(h.m.Output()), nil
	case vm.Sleep:
		h.m.Answer(h.m.SleepValue())
		return true, nil
	case vm.Foreign:
		f := h.m.Foreign()
		if IsAlone(h.r.code, start, f) {
			return false, nil
		}
		return h.call(f)
	case vm.Await:
		return h.await(h.m.Await())
	}
	return false, nil
}

func (h *rehearsal) spawn(s vm.Spawned) (bool, error) {
	start := StartOf(h.r.session, s)
	entry, err := EncodeEntry(h.r.code, start)
	if err != nil {
		return false, err
	}
	if fault := TooLargeToStart(start, entry); fault != nil {
		h.m.Raise(fault)
	}
	h.children = append(h.children, start)
	return true, nil
}

// print takes the slot that long output has to itself.
func (h *rehearsal) print(text string) bool {
	h.bytes += len(text) + 1
	if !NeedSlot(h.bytes) {
		return true
	}
	_, ok := h.next(Slot{Kind: SlotOutput})
	if ok {
		h.advance()
	}
	return ok
}

func (h *rehearsal) advance() {
	h.taken++
	h.bytes = 0
}

// next is the next slot, if there is one and it fits.
func (h *rehearsal) next(asked Slot) (Slot, bool) {
	s, ok := h.slots[h.taken]
	if !ok {
		return s, false
	}
	if s.Kind != asked.Kind || s.Function != asked.Function || s.Arguments != asked.Arguments {
		h.differs = &Difference{Thread: h.old.ID.Thread, Slot: int(s.Number), Stored: describeSlot(s), Asked: describeSlot(asked)}
		return s, false
	}
	return s, true
}

func (h *rehearsal) call(f vm.ForeignCall) (bool, error) {
	asked, fault, err := CallSlot(h.r.code, f)
	if err != nil {
		return false, err
	}
	if fault != nil {
		h.m.Raise(fault)
		return true, nil
	}
	s, ok := h.next(asked)
	if !ok {
		return false, nil
	}
	v, fault, err := ReadAnswer(h.r.code, h.load, s.Answer)
	if err != nil {
		return false, err
	}
	if failed, err := h.isFailure(s, fault); failed || err != nil {
		return false, err
	}
	h.advance()
	Tell(h.m, v, fault)
	return true, nil
}

// isFailure says whether an answer is what the session failed of: the last one with that error in a thread that is tried
// again. What the thread did after it, such as tidying up before it raised the error further, is done again.
func (h *rehearsal) isFailure(s Slot, fault *vm.Error) (bool, error) {
	of := h.r.failures[h.old.ID.Thread]
	if fault == nil || of == nil || fault.Kind != of.Kind || fault.Message != of.Message {
		return false, nil
	}
	for n := s.Number + 1; n < uint64(len(h.slots)); n++ {
		later := h.slots[n]
		if later.Kind != SlotCall || !later.Answer.Failed {
			continue
		}
		_, fault, err := ReadAnswer(h.r.code, h.load, later.Answer)
		if err != nil || fault.Kind == of.Kind && fault.Message == of.Message {
			return false, err
		}
	}
	return true, nil
}

func (h *rehearsal) await(a vm.Awaiting) (bool, error) {
	for _, future := range a.Futures {
		if IsOutside(future) {
			h.outside = append(h.outside, future)
		}
	}
	switch {
	case a.Mode == vm.AwaitFirst:
		return h.awaitFirst(a)
	case a.Timeout >= 0:
		return h.awaitTimed(a)
	}
	heads, ok, err := h.ended(a.Futures)
	if err != nil || !ok {
		return false, err
	}
	return true, TellEnded(h.m, h.load, heads)
}

func (h *rehearsal) awaitFirst(a vm.Awaiting) (bool, error) {
	s, ok := h.next(Slot{Kind: SlotFirst, Function: "first_of"})
	if !ok {
		return false, nil
	}
	index, err := WhichFirst(h.r.code, h.load, a, s)
	if err != nil {
		return false, err
	}
	heads, ok, err := h.ended(a.Futures[index : index+1])
	if err != nil || !ok {
		return false, err
	}
	h.advance()
	return true, TellFirst(h.m, h.load, index, heads[0])
}

func (h *rehearsal) awaitTimed(a vm.Awaiting) (bool, error) {
	s, ok := h.next(Slot{Kind: SlotTimeout, Function: "with_timeout"})
	if !ok {
		return false, nil
	}
	over, err := TimedOut(h.r.code, h.load, s)
	if err != nil {
		return false, err
	}
	if over {
		if failed, err := h.isFailure(s, TimeoutError(a)); failed || err != nil {
			return false, err
		}
		h.advance()
		h.m.Raise(TimeoutError(a))
		return true, nil
	}
	heads, ok, err := h.ended(a.Futures)
	if err != nil || !ok {
		return false, err
	}
	h.advance()
	return true, TellEnded(h.m, h.load, heads)
}

// ended are the heads of futures, if all have ended, and what the thread is told of them is not an error that is tried again.
func (h *rehearsal) ended(futures []string) ([]*Head, bool, error) {
	heads := make([]*Head, len(futures))
	told := "" // the first one that failed
	for i, future := range futures {
		head, err := h.r.find(h.ctx, future)
		if err != nil || head == nil || !head.Done {
			return nil, false, err
		}
		if head.Answer.Failed && told == "" {
			told = future
		}
		heads[i] = head
	}
	if h.r.failures[told] == nil {
		h.r.raised[told] = true
		return heads, true, nil
	}
	for i, future := range futures {
		if heads[i].Answer.Failed {
			h.r.beside[future] = true
		}
	}
	return heads, false, nil
}
