package sim

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Violation is a promise that was broken, and how.
type Violation struct {
	// Promise is the invariant's name, as the table in docs/simulation.md has it.
	Promise string
	Message string
	// Seed is the world's.
	Seed uint64
}

func (v *Violation) Error() string {
	return fmt.Sprintf("seed %d: %s: %s", v.Seed, v.Promise, v.Message)
}

// The promises that hold in every world.
const (
	// spawnsOnce: whoever starts a thread starts it with the same call.
	spawnsOnce = "spawn"
	// decidesOnce: all runs of a thread come to the same end, and what a head or a slot was decided to be stays.
	decidesOnce = "decided"
	// callsOnce: no Python call is made by a run that began when its answer was in the store.
	callsOnce = "call"
	// callsOnceAtMost: a call that was marked as one that must not be made twice is not.
	callsOnceAtMost = "at most once"
	// storesFirst: an answer is in the store before what follows it can be seen.
	storesFirst = "stored first"
	// commitsOnce: committed lines come once, in order, and none is missing in between.
	commitsOnce = "lines"
	// leasesHold: a thread has no other run while the lease of one that lives is not over.
	leasesHold = "lease"
	// comesToAnEnd: the session ends, and no thread is left that waits for what has ended.
	comesToAnEnd = "end"
	// costsLinear: requests are bounded by what the session does, and by what went wrong.
	costsLinear = "cost"
	// doesNotPanic: what cannot happen does not.
	doesNotPanic = "bug"
	// remembers: what is stored is enough to run every thread again.
	remembers = "history"
)

// monitor sees every request when it is applied, every Python call and every committed line, and compares them with what
// was promised. It knows the runs, which the store does not.
type monitor struct {
	w       *world
	store   engine.Store // what is stored, past the points
	seed    uint64
	broken  *Violation
	threads map[engine.ID]*watched
	// changes are the requests since the last look that may have brought the session on.
	changes int
	given   int // how often threads were given up, or runs looked whether they still had them
}

// watched is what is known of a thread.
type watched struct {
	entry  engine.Data
	parent string
	// holder is the run that has it, nil if it gave it up or ended.
	holder *liveRun
	slots  map[uint64]*loggedSlot
	// marked are the begins of calls that must not be made twice: how often each was made.
	marked map[begin]int
	// own is the end that a run of the thread came to, end is the one that was decided.
	own, end *engine.Answer
	// told are the lines that were said to be committed.
	told map[spot]struct{}
}

// holding is what a run has claimed.
type holding struct {
	step  int // of the claim
	lease time.Time
	// open is the call whose answer the run has, if it has one; slots below were logged.
	open *engine.Call
	// shown is the number after that of the last line printed that it committed.
	shown uint64
}

// begin is an attempt of a call.
type begin struct {
	slot    uint64
	attempt int
}

type loggedSlot struct {
	step int
	slot engine.Slot
}

func newMonitor(w *world, store engine.Store, seed uint64) *monitor {
	return &monitor{w: w, store: store, seed: seed, threads: map[engine.ID]*watched{}}
}

// fails keeps the first violation, which ends the world.
func (m *monitor) fails(promise, format string, args ...any) {
	if m.broken == nil && !m.w.over {
		m.broken = &Violation{Promise: promise, Message: fmt.Sprintf(format, args...), Seed: m.seed}
	}
}

func (m *monitor) thread(id engine.ID) *watched {
	t := m.threads[id]
	if t == nil {
		t = &watched{slots: map[uint64]*loggedSlot{}, marked: map[begin]int{}, told: map[spot]struct{}{}}
		m.threads[id] = t
	}
	return t
}

// run is the one that does what is being done, nil if none does.
func (m *monitor) run() *liveRun {
	if m.w.current == nil {
		return nil
	}
	return m.w.current.run
}

func (m *monitor) created(h *engine.Head) {
	m.changes++
	if engine.IsOutside(h.ID.Thread) {
		return
	}
	t, known := m.threads[h.ID]
	if !known {
		t = m.thread(h.ID)
		t.entry, t.parent = h.Entry, h.Parent
		return
	}
	if t.parent != h.Parent || t.entry.Digest != h.Entry.Digest || !bytes.Equal(t.entry.Bytes, h.Entry.Bytes) {
		m.fails(spawnsOnce, "%s is started with another call than before", h.ID.Thread)
	}
}

func (m *monitor) claimed(c *engine.Claim, h *engine.Head) {
	m.changes++
	t, run := m.thread(c.ID), m.run()
	if run == nil {
		return
	}
	if other := t.holder; other != nil && other != run && !other.dead && m.w.now.Before(other.lease) {
		m.fails(leasesHold, "%s is claimed, and another run has it until %s", c.ID.Thread, other.lease.Format("15:04:05"))
	}
	t.holder = run
	run.holding = holding{step: m.w.steps, lease: c.Lease}
	if t.end != nil {
		m.fails(decidesOnce, "%s is claimed, and has ended", c.ID.Thread)
	}
}

// gaveUp: the run has parked or preempted the thread.
func (m *monitor) gaveUp(id engine.ID) {
	if holder, run := m.thread(id).holder, m.run(); run != nil && holder != nil && holder != run && !holder.dead {
		m.fails(leasesHold, "%s is given up by a run that has lost it to another one", id.Thread)
	}
	m.released(id)
}

// released: no run has the thread any more.
func (m *monitor) released(id engine.ID) {
	m.changes++
	m.given++
	m.thread(id).holder = nil
	delete(m.w.tries, id)
}

// looked: a run that goes on for long looks at its own head from time to time.
func (m *monitor) looked(ids []engine.ID) {
	if run := m.run(); run != nil && len(ids) == 1 && ids[0] == run.id {
		m.given++
	}
}

func (m *monitor) renewed(id engine.ID, lease time.Time) {
	delete(m.w.tries, id)
	if run := m.run(); run != nil && m.thread(id).holder == run {
		run.lease = lease
	}
}

// returned: the run has nothing more to do. What it still holds, it holds until its lease is over.
func (m *monitor) returned(run *liveRun) {
	if t := m.threads[run.id]; t != nil && t.holder == run {
		t.holder = nil
	}
}

// calls is the begin of an attempt of a Python call.
func (m *monitor) calls(c *engine.Call) {
	run := m.run()
	if run == nil {
		return
	}
	m.acts(run.open != nil && run.open.Slot != c.Slot)
	at := begin{c.Slot, c.Attempt}
	if made, marked := m.thread(c.ID).marked[at]; marked {
		m.thread(c.ID).marked[at]++
		if made > 0 {
			m.fails(callsOnceAtMost, "call %d of %s, of %s, is made twice", c.Slot, c.ID.Thread, c.Alias)
		}
	}
	if s := m.thread(c.ID).slots[c.Slot]; s != nil && s.step < run.step {
		m.fails(callsOnce, "call %d of %s, of %s, is made by a run that was claimed when its answer was in the store", c.Slot, c.ID.Thread, c.Alias)
	}
}

// answered: the run has the answer of a call.
func (m *monitor) answered(c *engine.Call) {
	if run := m.run(); run != nil {
		run.open = c
	}
}

// acts is something that others can see, if it is. What the run knows has to be in the store then.
func (m *monitor) acts(seen bool) {
	run := m.run()
	if run == nil || run.open == nil || !seen {
		return
	}
	open := run.open
	run.open = nil
	slots, _, err := m.store.Slots(context.Background(), open.ID, open.Slot)
	if err != nil || len(slots) == 0 || slots[0].Number != open.Slot {
		m.fails(storesFirst, "%s shows what follows call %d, of %s, whose answer is not in the store", open.ID.Thread, open.Slot, open.Alias)
	}
}

// marks: a call is about to begin that must not be made twice.
func (m *monitor) marks(k *engine.Mark) {
	if at := (begin{k.Number, k.Attempt}); k.Kind == engine.MarkBegun {
		m.thread(k.ID).marked[at] += 0
	}
}

func (m *monitor) logged(slot, stored *engine.Slot, mine bool) {
	if run := m.run(); run != nil && run.open != nil && run.open.Slot != slot.Number {
		m.acts(true)
	}
	if mine {
		delete(m.w.tries, slot.ID) // the thread got somewhere
	}
	t := m.thread(slot.ID)
	before := t.slots[slot.Number]
	if before == nil {
		t.slots[slot.Number] = &loggedSlot{m.w.steps, *stored}
		return
	}
	if mine {
		m.fails(decidesOnce, "slot %d of %s is stored twice", slot.Number, slot.ID.Thread)
	}
	if before.slot.Kind == engine.SlotEdit {
		return // it was not asked for: a run that comes behind its instant has to begin again
	}
	if before.slot.Kind != slot.Kind || before.slot.Function != slot.Function || before.slot.Arguments != slot.Arguments {
		m.fails(decidesOnce, "slot %d of %s is asked for %s, and was for %s", slot.Number, slot.ID.Thread, slot.Function, before.slot.Function)
	}
	if !same(before.slot.Answer, stored.Answer) {
		m.fails(decidesOnce, "slot %d of %s holds another answer than before", slot.Number, slot.ID.Thread)
	}
}

func same(a, b engine.Answer) bool {
	return a.Failed == b.Failed && a.Value.Digest == b.Value.Digest && bytes.Equal(a.Value.Bytes, b.Value.Bytes)
}

func (m *monitor) finished(f *engine.Finish, decided bool, h *engine.Head) {
	t := m.thread(f.ID)
	if !f.Outside {
		if t.own != nil && !same(*t.own, f.Answer) {
			m.fails(decidesOnce, "two runs of %s come to different ends", f.ID.Thread)
		}
		t.own = &f.Answer
	}
	if !h.Done {
		m.fails(decidesOnce, "%s has not ended when it was ended", f.ID.Thread)
	}
	if t.end != nil && (decided || !same(*t.end, h.Answer)) {
		m.fails(decidesOnce, "%s is ended a second time", f.ID.Thread)
	}
	t.end = &h.Answer
	m.released(f.ID)
}

// committed is a line that the engine says is stored now.
func (m *monitor) committed(l engine.Line) {
	at := spot{printed: l.Stream == engine.Print, call: l.Call, attempt: l.Attempt, index: l.Index, number: l.Number}
	t := m.thread(l.ID)
	if _, twice := t.told[at]; twice {
		m.fails(commitsOnce, "a line of %s is committed twice: %q", l.ID.Thread, l.Text)
	}
	t.told[at] = struct{}{}
	run := m.run()
	if run == nil {
		return
	}
	if at.printed {
		if l.Number < run.shown {
			m.fails(commitsOnce, "line %d of %s is committed after line %d", l.Number, l.ID.Thread, run.shown-1)
		}
		run.shown = l.Number + 1
	}
}

// spot is where a line belongs.
type spot struct {
	printed        bool
	call           uint64
	attempt, index int
	number         uint64
}
