package replay

import (
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Line is a line of the session's output, and the instant that wrote it.
type Line struct {
	engine.Line
	// Instant is where the machine stands at the instruction that printed the line, or at the call of the Python function that wrote it.
	// If the thread cannot be executed to there, Known is false and Instant the last one before that it can.
	Instant Instant
	Known   bool
	// Committed: a record holds the line. Of a thread that goes on, or was ended by somebody else, execution shows lines that none does.
	Committed bool
	// Segment is the one in which the line was printed, or that begins with the answer of the call that wrote it: its place in the
	// session's order.
	Segment Segment
	// Frames are the innermost of those that printed it or called, innermost first; nil if that is not known.
	Frames []vm.Frame
}

// Lines are the lines of the thread, in order. They come from its records; execution says where each of them was written. The error says
// what could not be read; all other lines are there.
func (t *Thread) Lines(ctx context.Context) ([]Line, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.lines(ctx)
}

func (t *Thread) lines(ctx context.Context) ([]Line, error) {
	problem := t.readAll(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := t.readSlots(ctx); err != nil {
		return nil, err
	}
	segments, err := t.allSegments(ctx)
	if err != nil {
		return nil, err
	}
	l := &liner{t: t, segments: segments, called: map[int]int{}}
	for i, seg := range segments {
		if seg.Origin == Called {
			l.called[seg.Slot] = i
		}
	}
	for i := range t.slots {
		problem = errors.Join(problem, l.record(ctx, t.slots[i].Output, int(t.slots[i].Number)))
	}
	problem = errors.Join(problem, l.record(ctx, t.head.Output, -1))
	if !t.endedItself() {
		l.rest()
	}
	problem = errors.Join(problem, l.live(ctx))
	return l.lines, errors.Join(problem, l.odd)
}

// liner puts the lines of a thread's records beside the instants at which execution wrote them.
type liner struct {
	t        *Thread
	segments []Segment
	called   map[int]int // segments by the slots of the calls before them
	lines    []Line
	printed  uint64
	at       uint64 // of the line before
	odd      error
}

// record adds the lines of a record: a slot, or the thread's end.
func (l *liner) record(ctx context.Context, data engine.Data, slot int) error {
	b, err := l.t.s.loader(ctx)(data)
	if err != nil {
		return l.missing(slot, err)
	}
	lines, err := engine.DecodeLines(l.t.head.ID, b)
	if err != nil {
		return l.missing(slot, err)
	}
	for _, line := range lines {
		placed := Line{Line: line, Committed: true}
		l.place(&placed, slot)
		l.add(placed)
	}
	return nil
}

func (l *liner) missing(slot int, err error) error {
	return &Missing{Session: l.t.s.id, Thread: l.t.id, Slot: slot, What: "the output", Err: err}
}

func (l *liner) add(line Line) {
	if line.Instant.Thread = l.t.id; !line.Known {
		line.Instant.At = l.at
	}
	l.at = line.Instant.At
	l.lines = append(l.lines, line)
	if line.Stream == engine.Print {
		l.printed = line.Number + 1
	}
}

// place finds where a line was written.
func (l *liner) place(line *Line, slot int) {
	line.Segment = l.segmentOf(l.t.bound())
	if line.Stream == engine.Print {
		p := l.t.printOf(line.Number)
		switch {
		case p == nil:
		case p.lines[line.Number-p.number] == line.Text:
			line.Segment, line.Instant.At, line.Known, line.Frames = l.segmentOf(p.at), p.at, true, p.frames
		case l.odd == nil:
			l.odd = l.t.missingSlot(uint64(slot), nil, "line %d of its output is %.40q, and execution prints %.40q", line.Number, line.Text, p.lines[line.Number-p.number])
		}
		return
	}
	if i, ok := l.called[slot]; ok {
		line.Segment, line.Instant.At, line.Known = l.segments[i], l.segments[i].First-1, true
		line.Frames = l.t.segments[i].frames
	}
}

func (l *liner) segmentOf(at uint64) Segment {
	k := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].First > at }) - 1
	if k < 0 {
		return Segment{Thread: l.t.id, Slot: -1, Origin: Started, Start: l.t.head.Started}
	}
	return l.segments[k]
}

// printOf is the print that wrote a line, nil if execution shows none.
func (t *Thread) printOf(number uint64) *printed {
	k := sort.Search(len(t.prints), func(i int) bool { return t.prints[i].number > number }) - 1
	if k < 0 || number-t.prints[k].number >= uint64(len(t.prints[k].lines)) {
		return nil
	}
	return &t.prints[k]
}

// rest adds the lines that no record holds yet, or ever will.
func (l *liner) rest() {
	for _, p := range l.t.prints {
		for i, text := range p.lines {
			number := p.number + uint64(i)
			if number < l.printed || p.at >= l.t.bound() {
				continue
			}
			line := engine.Line{ID: l.t.head.ID, Stream: engine.Print, Text: text, Number: number}
			l.add(Line{Line: line, Known: true, Instant: Instant{At: p.at}, Segment: l.segmentOf(p.at), Frames: p.frames})
		}
	}
}

// live adds the lines that the thread's open call has written so far.
func (l *liner) live(ctx context.Context) error {
	lines, err := engine.LiveLines(ctx, l.t.s.store, &l.t.head, l.t.slotCount())
	if err != nil {
		return l.missing(int(l.t.slotCount()), err)
	}
	if len(lines) == 0 {
		return nil
	}
	at := l.t.bound()
	var frames []vm.Frame
	if c, err := l.t.at(ctx, at); err == nil {
		frames = c.m.Frames(maxFrames)
	}
	for _, line := range lines {
		l.add(Line{Line: line, Known: true, Instant: Instant{At: at}, Segment: l.segmentOf(at), Frames: frames})
	}
	return nil
}

// Lines are all lines of the session in its order; all its threads are read for that. The second result says what is missing.
func (s *Session) Lines(ctx context.Context) ([]Line, []error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	threads, gaps, err := s.walk(ctx)
	if err != nil {
		return nil, nil, err
	}
	var all []Line
	for _, t := range threads {
		lines, err := t.lines(ctx)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			gaps = append(gaps, err)
		}
		all = append(all, lines...)
	}
	slices.SortStableFunc(all, func(a, b Line) int { return CompareSegments(&a.Segment, &b.Segment) })
	return all, gaps, nil
}
