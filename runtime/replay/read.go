package replay

import (
	"context"
	"math"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// reading is what is known of a thread from executing it, as far as somebody has asked.
type reading struct {
	// cursor stands as far as the thread has been read, nil before the beginning.
	cursor   *Cursor
	segments []segment
	spawns   []spawned // by the children's numbers
	prints   []printed
	// over: it has been read as far as it came, which is last; ending says what is there.
	over   bool
	last   uint64
	ending Stop
	// certain is how far the thread came at least, if certainRead.
	certain     certain
	certainRead bool
	// next is the instant of the next seek point, unless there are many answers before it: told counts those since the last.
	next uint64
	told int
	// refused are the faults of calls whose arguments are too large, by their instants.
	refused map[uint64]*vm.Error
	// odd is what does not agree between the execution and the record of a thread that ended.
	odd error
}

// certain is what shows how far a thread came at least that did not come to its own end.
type certain struct {
	slots    uint64
	children int
	steps    uint64 // of its last snapshot
}

// gap is how many instructions are executed, at most, to find out what a thread that goes on waits for.
const gap = 20_000_000

// end is the instant of a thread's end, for those who want all of it.
const end = math.MaxUint64

// readTo reads the thread to an instant, or as far as it came. An error does not undo what was read; the next call tries again.
func (t *Thread) readTo(ctx context.Context, at uint64) error {
	if t.over || t.cursor != nil && t.cursor.m.Steps() >= at {
		return nil
	}
	if err := t.begin(ctx); err != nil {
		return err
	}
	for !t.over && t.cursor.m.Steps() < at {
		stop, err := t.cursor.runTo(ctx, t.target(at))
		if err != nil {
			return err
		}
		if err := t.note(ctx, stop); err != nil {
			return err
		}
	}
	return nil
}

// begin prepares the reading.
func (t *Thread) begin(ctx context.Context) error {
	if err := t.prepare(ctx); err != nil {
		return err
	}
	if t.cursor == nil {
		c, err := t.from(-1)
		if err != nil {
			return err
		}
		c.reads = true
		t.cursor, t.next = c, interval
		t.segments = []segment{{origin: Started, slot: -1, time: t.head.Started}}
	}
	if t.endedItself() || t.certainRead {
		return nil
	}
	return t.readCertain(ctx)
}

// readCertain finds out how far the thread came at least.
func (t *Thread) readCertain(ctx context.Context) error {
	children, err := t.findChildren(ctx)
	if err != nil {
		return err
	}
	t.certain = certain{slots: t.slotCount()}
	for _, child := range children {
		t.certain.children = max(t.certain.children, childIndex(child)+1)
	}
	edited, err := t.lastEdit(ctx)
	if err != nil {
		return err
	}
	t.certain.steps = max(t.seen, edited)
	// A snapshot only saves work: without it, less is certain.
	if !t.head.Snap.Empty() {
		if snap, err := t.s.loader(ctx)(t.head.Snap); err == nil {
			t.certain.steps = max(t.certain.steps, engine.SnapshotSteps(t.code, t.head.ID, snap))
		}
	}
	t.certainRead = true
	return nil
}

// target is where to look up next on the way to an instant.
func (t *Thread) target(at uint64) uint64 {
	now := t.cursor.m.Steps()
	to := min(at, max(t.next, now+1), now+portion)
	if t.stands && !t.head.Done {
		return min(to, max(t.seen, now))
	}
	if t.endedItself() {
		return to
	}
	if now < t.certain.steps {
		return min(to, t.certain.steps)
	}
	return min(to, max(t.sure()+gap, now+1))
}

// note takes down where the reading cursor has come to.
func (t *Thread) note(ctx context.Context, stop Stop) error {
	now := t.cursor.m.Steps()
	if stop == told {
		t.told++
	}
	if stop == Reached && now >= t.next || t.told >= answers {
		t.next, t.told = now+uint64(max(interval, perByte*t.keep(t.cursor))), 0
		if t.s.progress != nil {
			t.s.progress(Instant{t.id, now})
		}
	}
	if t.endedItself() {
		if stop == Ended {
			odd := t.compare(ctx)
			if err := ctx.Err(); err != nil {
				return err
			}
			t.odd = odd
			t.finish(now, Ended)
			t.cursor = nil // nothing is left to read
		}
		return nil
	}
	t.noteOpen(stop, now)
	return nil
}

// noteOpen is note for a thread that did not come to its own end.
func (t *Thread) noteOpen(stop Stop, now uint64) {
	cut := t.head.Done
	arrived := t.arrived(t.cursor)
	switch {
	case cut && arrived && (stop == Undecided || stop == Ended || len(t.spawns) > t.certain.children):
		t.finish(t.sure(), Cut)
	case cut && arrived && now >= t.sure()+gap:
		t.finish(t.sure(), Cut)
	case stop == Undecided || stop == Ended || t.stands && !cut && now >= t.seen:
		t.finish(now, Undecided)
	case arrived && now >= t.sure()+gap:
		t.finish(t.sure(), Undecided)
	}
}

func (t *Thread) finish(last uint64, ending Stop) { t.over, t.last, t.ending = true, last, ending }

// arrived says whether a cursor has come as far as the thread certainly came.
func (t *Thread) arrived(c *Cursor) bool {
	return c.slot >= t.certain.slots && len(t.spawns) >= t.certain.children && c.m.Steps() >= t.certain.steps
}

// mayStandHere says whether the thread may not have come further than the cursor by which it is read.
func (t *Thread) mayStandHere(c *Cursor) bool { return !t.endedItself() && t.arrived(c) }

// mustGoOn says whether what a cursor asks for must be there, because the thread came further.
func (t *Thread) mustGoOn(c *Cursor) bool { return !c.reads || !t.mayStandHere(c) }

// sure is the last instant at which the thread certainly was: of its last answer, of the last thread it started, of its snapshot.
func (t *Thread) sure() uint64 {
	sure := max(t.certain.steps, t.segments[len(t.segments)-1].first)
	if n := min(t.certain.children, len(t.spawns)); n > 0 {
		sure = max(sure, t.spawns[n-1].at+1)
	}
	return sure
}

// bound is the last instant that can be shown, as far as the thread has been read.
func (t *Thread) bound() uint64 {
	switch {
	case t.over:
		return t.last
	case t.cursor == nil:
		return 0
	}
	return t.cursor.m.Steps()
}

// reopen lets the reading go on, after more may have been decided.
func (t *Thread) reopen() {
	t.slotsRead, t.certainRead, t.over = false, false, false
}

// compare says what is odd about the record of a thread's end, compared with how it ends when it is executed.
func (t *Thread) compare(ctx context.Context) error {
	if t.head.Spawned != len(t.spawns) {
		return t.missing(nil, "it starts %d threads, and %d by its record: the program, or what executes it, is not that of the session", len(t.spawns), t.head.Spawned)
	}
	if n := t.slotCount(); t.cursor.slot < n {
		return t.missingSlot(t.cursor.slot, nil, "the thread ends without having asked for it")
	}
	load := t.s.loader(ctx)
	b, err := load(t.head.Answer.Value)
	if err != nil {
		return t.missing(err, "what it ended with")
	}
	fits, err := engine.EndsWith(t.cursor.m, t.head.Answer.Failed, b)
	if err != nil {
		return t.missing(err, "what it ended with")
	}
	if !fits {
		return t.missing(nil, "it ends otherwise than its record says: the program, or what executes it, is not that of the session")
	}
	return nil
}

// why says why a cursor at the thread's last instant does not go on.
func (t *Thread) why() (Stop, error) {
	if t.ending == 0 {
		return Undecided, nil
	}
	return t.ending, nil
}

// Last is the thread's last instant: of its end, or, if somebody else ended it or it goes on, how far it came.
func (t *Thread) Last(ctx context.Context) (Instant, Stop, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	err := t.readTo(ctx, end)
	stop, _ := t.why()
	return Instant{t.id, t.bound()}, stop, err
}

// Seen says that the thread has come as far as an instant, on the word of somebody who has it before him: a thread that goes on is not known
// by its records alone to have come further than its last answer.
func (t *Thread) Seen(at uint64) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if at <= t.seen || t.head.Done {
		return
	}
	t.seen = at
	if at > t.bound() {
		t.over, t.certainRead = false, false
		t.s.order = nil
	}
}

// Stands is Seen of somebody who knows that the thread has not come further either: it is shown up to there, although what it does next
// may be certain. It lasts until the next word about it, or until the thread ends.
func (t *Thread) Stands(at uint64) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.head.Done {
		return
	}
	t.seen, t.stands = max(t.seen, at), true
	if at > t.bound() {
		t.over, t.certainRead = false, false
	}
	t.s.order = nil
}

// Check reads all of the thread, and says what is missing or does not agree with its record.
func (t *Thread) Check(ctx context.Context) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.readAll(ctx)
}

// readAll reads the thread. That one never ran is no problem of its records.
func (t *Thread) readAll(ctx context.Context) error {
	if t.neverRan() {
		return nil
	}
	if err := t.readTo(ctx, end); err != nil {
		return err
	}
	return t.odd
}

// Answers counts the answers that the thread got until an instant.
func (t *Thread) Answers(ctx context.Context, at uint64) (int, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	err := t.readTo(ctx, at)
	n := 0
	for _, seg := range t.segments {
		if seg.first <= at && seg.origin != Started && seg.origin != Slept {
			n++
		}
	}
	return n, err
}
