package replay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Stop says why a cursor stands where it does.
type Stop uint8

const (
	// Reached: it has executed as many instructions as it was asked to.
	Reached Stop = iota + 1
	// Trapped: it stands at a trap of its machine, or where an error is about to be raised (vm.Traps).
	Trapped
	// Ended: the thread has ended, with the machine's Result or Fault.
	Ended
	// Undecided: it stands as far as a thread has come that goes on; if that waits, at what it waits for.
	Undecided
	// Cut: the thread was ended by somebody else, and this is the last instant at which it certainly was.
	Cut
	// told: it has done what the machine asked for, and can go on at once.
	told
)

// Cursor is a machine at an instant of its thread, which is told what the records say when it is run. It is a copy: it belongs to
// whoever asked for it, and changing it changes nothing else. Cursors of one session take turns.
type Cursor struct {
	t *Thread
	m *vm.Machine
	progress
	// reads says that this is the cursor by which the thread is read for the first time.
	reads bool
	// upcoming is the change in the next slot, once it was read.
	upcoming *Edited
}

// progress is what there is to know of a thread's past beside its machine.
type progress struct {
	slot    uint64 // the number of the next one
	printed uint64 // lines
	bytes   int    // of the lines since the last slot
	// owed: so many lines wait for a slot of their own that the next thing to happen is that they get it.
	owed bool
}

// Machine is the machine: to be looked at, given traps, changed. Only the cursor may run it.
func (c *Cursor) Machine() *vm.Machine { return c.m }

// Instant is where the cursor stands.
func (c *Cursor) Instant() Instant { return Instant{c.t.id, c.m.Steps()} }

// NextSlot is the number of the next answer in the thread's log.
func (c *Cursor) NextSlot() uint64 { return c.slot }

// portion is how many instructions are executed between two looks at the context.
const portion = 4 << 20

// RunTo executes until a number of instructions have been, since the thread's start, or something else stops it. An error is a Missing,
// the store's, or the context's.
func (c *Cursor) RunTo(ctx context.Context, at uint64) (Stop, error) {
	c.t.s.mu.Lock()
	defer c.t.s.mu.Unlock()
	for {
		to := min(at, c.m.Steps()+portion)
		if err := c.t.readTo(ctx, to); err != nil {
			return 0, err
		}
		bound := min(to, c.t.bound())
		stop, err := c.runTo(ctx, bound)
		switch stop = shown(stop); {
		case err != nil || stop != Reached:
			return stop, err
		case bound < to:
			return c.t.why()
		case c.m.Steps() >= at:
			return Reached, nil
		}
	}
}

// Step executes one instruction, whether there is a trap or not.
func (c *Cursor) Step(ctx context.Context) (Stop, error) {
	c.t.s.mu.Lock()
	defer c.t.s.mu.Unlock()
	at := c.m.Steps() + 1
	if err := c.t.readTo(ctx, at); err != nil {
		return 0, err
	}
	if c.t.bound() < at {
		return c.t.why()
	}
	if c.owed {
		c.settleOutput()
	}
	before := c.m.Steps()
	if _, err := c.untilEdit(ctx, at); err != nil || c.m.Steps() > before {
		return Reached, err
	}
	stop, err := c.react(ctx, c.m.Step())
	return shown(stop), err
}

// RunAbove is RunTo, and stops with Reached too when there are no more than depth frames, and where what the machine asked for was done.
func (c *Cursor) RunAbove(ctx context.Context, at uint64, depth int) (Stop, error) {
	return c.run(ctx, at, func(fuel uint64) vm.Outcome { return c.m.RunAbove(fuel, depth) })
}

// RunWatching is RunTo, and stops with Trapped after an instruction that wrote one of the registers; hit is which, -1 if something else
// stopped it. It also stops, with Reached, where what the machine asked for was done, and where a watched frame has ended.
func (c *Cursor) RunWatching(ctx context.Context, at uint64, watches []vm.Watch) (stop Stop, hit int, err error) {
	hit = -1
	stop, err = c.run(ctx, at, func(fuel uint64) (outcome vm.Outcome) {
		outcome, hit = c.m.RunWatching(fuel, watches)
		return outcome
	})
	return stop, hit, err
}

// run has the machine run once, for at most a portion.
func (c *Cursor) run(ctx context.Context, at uint64, run func(fuel uint64) vm.Outcome) (Stop, error) {
	c.t.s.mu.Lock()
	defer c.t.s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	to := min(at, c.m.Steps()+portion)
	if err := c.t.readTo(ctx, to); err != nil {
		return 0, err
	}
	bound := min(to, c.t.bound())
	if c.m.Steps() >= bound {
		return c.t.why()
	}
	if c.owed {
		c.settleOutput()
	}
	before := c.m.Steps()
	bound, err := c.untilEdit(ctx, bound)
	if err != nil || c.m.Steps() > before {
		return Reached, err
	}
	stop, err := c.react(ctx, run(bound-c.m.Steps()))
	return shown(stop), err
}

// shown is a stop as others see it.
func shown(s Stop) Stop {
	if s == told {
		return Reached
	}
	return s
}

// runTo executes, and tells the machine what the records say. The cursor that reads stops each time it has.
func (c *Cursor) runTo(ctx context.Context, at uint64) (Stop, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if c.owed && !c.settleOutput() {
			return Undecided, nil
		}
		to, err := c.untilEdit(ctx, at)
		if err != nil {
			return 0, err
		}
		stop, err := c.react(ctx, c.m.RunTo(min(to, c.m.Steps()+portion)))
		if err != nil || stop != told && stop != Reached || c.reads && stop == told || c.m.Steps() >= at {
			return stop, err
		}
	}
}

// react does what follows an outcome.
func (c *Cursor) react(ctx context.Context, outcome vm.Outcome) (Stop, error) {
	switch outcome {
	case vm.Fuel:
		return Reached, nil
	case vm.Break:
		return Trapped, nil
	case vm.Done, vm.Fault:
		return Ended, nil
	}
	decided, err := c.tell(ctx, outcome)
	switch {
	case err != nil:
		return 0, err
	case !decided:
		return Undecided, nil
	case c.m.Fault() != nil:
		return Ended, nil
	}
	return told, nil
}

// tell does what the machine asks for, if that is decided.
func (c *Cursor) tell(ctx context.Context, outcome vm.Outcome) (decided bool, err error) {
	switch outcome {
	case vm.Spawn:
		return true, c.spawn(c.m.Spawn())
	case vm.Output:
		c.print(c.m.Output())
		return true, nil
	case vm.Sleep:
		return c.sleep(), nil
	case vm.Await:
		return c.await(ctx, c.m.Await())
	case vm.Foreign:
		return c.call(ctx, c.m.Foreign())
	}
	return false, fmt.Errorf("thread %s: the machine ended a run with %v", c.t.id, outcome)
}

func (c *Cursor) spawn(s vm.Spawned) error {
	at, index := c.m.Steps()-1, childIndex(s.Thread)
	if index < len(c.t.spawns) {
		c.raise(c.t.spawns[index].fault)
		return nil
	}
	start := engine.StartOf(c.t.s.id, s)
	entry, err := engine.EncodeEntry(c.t.code, start)
	if err != nil {
		return c.t.missing(err, "what it starts %s with", s.Thread)
	}
	fault := engine.TooLargeToStart(start, entry)
	c.t.spawns = append(c.t.spawns, spawned{at, fault})
	c.raise(fault)
	return nil
}

func (c *Cursor) raise(fault *vm.Error) {
	if fault != nil {
		own := *fault
		c.m.Raise(&own)
	}
}

// print counts lines as the engine does, which gives those a slot of their own that are too many for the next one.
func (c *Cursor) print(text string) {
	lines := uint64(strings.Count(text, "\n") + 1)
	if c.reads {
		frames := c.m.Frames(maxFrames)
		frames[0].PC-- // the machine stands behind it
		p := printed{at: c.m.Steps() - 1, number: c.progress.printed, lines: strings.Split(text, "\n"), frames: frames}
		c.t.prints = append(c.t.prints, p)
	}
	c.progress.printed += lines
	c.bytes += len(text) + 1
	c.owed = engine.NeedSlot(c.bytes)
}

// settleOutput gives lines their slot. It is false if they may not have got it yet. A run that could not store it goes on without, and the
// slot is another one's.
func (c *Cursor) settleOutput() bool {
	s := c.t.slot(c.slot)
	switch {
	case s != nil && s.Kind == engine.SlotOutput:
		c.advance()
	case s == nil && c.reads && c.t.mayStandHere(c):
		return false
	}
	c.owed = false
	return true
}

// advance is what follows a slot.
func (c *Cursor) advance() {
	c.slot++
	c.bytes = 0
}

// sleep is over, unless the thread might be sleeping still.
func (c *Cursor) sleep() bool {
	if c.reads && c.t.mayStandHere(c) {
		return false
	}
	slept := time.Duration(c.m.Seconds() * float64(time.Second))
	c.m.Answer(c.m.SleepValue())
	c.begin(segment{origin: Slept, slept: slept, slot: -1})
	return true
}

// begin is the beginning of a segment: the machine was told something.
func (c *Cursor) begin(seg segment) {
	if !c.reads {
		return
	}
	seg.first = c.m.Steps()
	c.t.segments = append(c.t.segments, seg)
}

// call answers a Python call from the log, or from the thread's end if it is all that the thread consists of.
func (c *Cursor) call(ctx context.Context, f vm.ForeignCall) (bool, error) {
	t := c.t
	if engine.IsAlone(t.code, t.start, f) {
		return c.callAlone(ctx)
	}
	if c.reads {
		ready, err := c.checkCall(f)
		if !ready || err != nil {
			return false, err
		}
	}
	if fault := t.refused[c.m.Steps()]; fault != nil {
		c.raise(fault)
		return true, nil
	}
	s := t.slot(c.slot)
	v, fault, err := engine.ReadAnswer(t.code, t.s.loader(ctx), s.Answer)
	if err != nil {
		return false, t.missingSlot(c.slot, err, "the answer of %s", s.Function)
	}
	seg := segment{origin: Called, slot: int(c.slot), time: s.Ended, fault: copyOf(fault)}
	if c.reads && !s.Output.Empty() {
		seg.frames = c.m.Frames(maxFrames)
	}
	engine.Tell(c.m, v, fault)
	c.begin(seg)
	c.advance()
	return true, nil
}

// checkCall says whether there is an answer to a call, after it has made sure that it belongs to it.
func (c *Cursor) checkCall(f vm.ForeignCall) (bool, error) {
	t := c.t
	asked, fault, err := engine.CallSlot(t.code, f)
	if err != nil {
		return false, t.missingSlot(c.slot, err, "the call that it answers")
	}
	if fault != nil {
		if t.refused == nil {
			t.refused = map[uint64]*vm.Error{}
		}
		t.refused[c.m.Steps()] = fault
		return true, nil
	}
	s, err := c.nextSlot(asked.Function)
	if s == nil || err != nil {
		return false, err
	}
	if err := s.Fits(asked); err != nil {
		return false, t.missingSlot(c.slot, err, "it does not belong to this execution")
	}
	return true, nil
}

// callAlone answers with what the thread ended with.
func (c *Cursor) callAlone(ctx context.Context) (bool, error) {
	t := c.t
	if !t.endedItself() {
		return false, nil
	}
	v, fault, err := engine.ReadAnswer(t.code, t.s.loader(ctx), t.head.Answer)
	if err != nil {
		return false, t.missing(err, "what it ended with")
	}
	seg := segment{origin: Called, slot: -1, time: t.head.Ended, fault: copyOf(fault)}
	if c.reads && !t.head.Output.Empty() {
		seg.frames = c.m.Frames(maxFrames)
	}
	engine.Tell(c.m, v, fault)
	c.begin(seg)
	return true, nil
}

// nextSlot is the slot that the machine asks for, nil if there is none yet.
func (c *Cursor) nextSlot(what string) (*engine.Slot, error) {
	s := c.t.slot(c.slot)
	if s != nil {
		return s, nil
	}
	if c.t.mustGoOn(c) {
		return nil, c.t.missingSlot(c.slot, nil, "its record, which answers %s, is not in the store", what)
	}
	return nil, nil
}

// await answers from the heads of what is awaited, and from the log if that decided something.
func (c *Cursor) await(ctx context.Context, a vm.Awaiting) (bool, error) {
	switch {
	case a.Timeout >= 0:
		return c.awaitTimed(ctx, a)
	case a.Mode == vm.AwaitFirst:
		return c.awaitFirst(ctx, a)
	}
	return c.awaitEnded(ctx, a, segment{origin: Awaited, slot: -1})
}

// decided is the slot of a wait that a slot decides.
func (c *Cursor) decided(kind engine.SlotKind, what string) (*engine.Slot, error) {
	s, err := c.nextSlot(what)
	if s != nil && s.Kind != kind {
		return nil, c.t.missingSlot(c.slot, nil, "it does not belong to this execution: %s is asked for, and it answers a call of %s", what, s.Function)
	}
	return s, err
}

func (c *Cursor) awaitTimed(ctx context.Context, a vm.Awaiting) (bool, error) {
	s, err := c.decided(engine.SlotTimeout, "with_timeout")
	if s == nil || err != nil {
		return false, err
	}
	timedOut, err := engine.TimedOut(c.t.code, c.t.s.loader(ctx), *s)
	if err != nil {
		return false, c.t.missingSlot(c.slot, err, "whether the wait timed out")
	}
	if !timedOut {
		told, err := c.awaitEnded(ctx, a, segment{origin: Awaited, slot: int(c.slot), time: s.Ended})
		if told {
			c.advance()
		}
		return told, err
	}
	fault := engine.TimeoutError(a)
	seg := segment{origin: TimedOut, slot: int(c.slot), time: s.Ended, fault: copyOf(fault)}
	c.m.Raise(fault)
	c.begin(seg)
	c.advance()
	return true, nil
}

func (c *Cursor) awaitFirst(ctx context.Context, a vm.Awaiting) (bool, error) {
	s, err := c.decided(engine.SlotFirst, "first_of")
	if s == nil || err != nil {
		return false, err
	}
	index, err := engine.WhichFirst(c.t.code, c.t.s.loader(ctx), a, *s)
	if err != nil {
		return false, c.t.missingSlot(c.slot, err, "which future ended first")
	}
	heads, err := c.ended(ctx, a.Futures[index:index+1])
	if heads == nil || err != nil {
		return false, err
	}
	if err := engine.TellFirst(c.m, c.t.s.loader(ctx), index, heads[0]); err != nil {
		return false, c.t.missing(err, "an answer that it awaits")
	}
	seg := segment{origin: First, slot: int(c.slot), time: s.Ended, resolver: heads[0].ID.Thread, fault: c.faultOf(ctx, heads)}
	c.begin(seg)
	c.advance()
	return true, nil
}

// awaitEnded answers when all futures have ended. The last of them begins the segment, or the slot's time if that is later.
func (c *Cursor) awaitEnded(ctx context.Context, a vm.Awaiting, seg segment) (bool, error) {
	heads, err := c.ended(ctx, a.Futures)
	if heads == nil || err != nil {
		return false, err
	}
	if err := engine.TellEnded(c.m, c.t.s.loader(ctx), heads); err != nil {
		return false, c.t.missing(err, "an answer that it awaits")
	}
	var last time.Time
	for _, h := range heads {
		if seg.resolver == "" || h.Ended.After(last) {
			seg.resolver, last = h.ID.Thread, h.Ended
		}
	}
	if last.After(seg.time) {
		seg.time = last
	}
	seg.fault = c.faultOf(ctx, heads)
	if len(a.Futures) > 1 {
		seg.awaited = a.Futures
	}
	c.begin(seg)
	return true, nil
}

// faultOf is the error that is told of futures that have ended, nil if it is values.
func (c *Cursor) faultOf(ctx context.Context, heads []*engine.Head) *vm.Error {
	for _, h := range heads {
		if !h.Answer.Failed || !c.reads {
			continue
		}
		if _, fault, err := engine.ReadAnswer(c.t.code, c.t.s.loader(ctx), h.Answer); err == nil {
			return fault
		}
	}
	return nil
}

// copyOf is an error as it is before it is raised, which adds frames to it.
func copyOf(fault *vm.Error) *vm.Error {
	if fault == nil {
		return nil
	}
	own := *fault
	return &own
}

// ended are the heads of futures that have all ended, nil if they have not.
func (c *Cursor) ended(ctx context.Context, futures []string) ([]*engine.Head, error) {
	heads, err := c.t.s.heads(ctx, futures)
	if err != nil {
		return nil, c.t.missing(err, "the records of the threads that it awaits")
	}
	for i, h := range heads {
		if h != nil && h.Done && c.inTime(h) {
			continue
		}
		if !c.t.mustGoOn(c) {
			return nil, nil
		}
		if h == nil {
			return nil, c.t.missing(nil, "the record of %s, which it awaited, is not in the store", futures[i])
		}
		return nil, c.t.missing(nil, "the end of %s, which it awaited, is not in the store", futures[i])
	}
	return heads, nil
}

// inTime says whether a future ended before the thread was ended by somebody else.
func (c *Cursor) inTime(h *engine.Head) bool {
	return !c.reads || !c.t.head.Outside || !c.t.head.Done || h.Ended.Before(c.t.head.Ended)
}
