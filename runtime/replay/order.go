package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The session's order is that of its segments: by when they began, then by thread. When one began is stored with the answer that began it.
// But no segment is put before the one that precedes it in its thread, nor before the one that caused it: in which the thread was started,
// or the last one of the thread whose end it awaited.

// Segments are what the thread does between its answers, in order, as far as it can be read: the error says what is missing of the rest.
func (t *Thread) Segments(ctx context.Context) ([]Segment, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	err := t.readAll(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	all, other := t.allSegments(ctx)
	return all, errors.Join(err, other)
}

// allSegments are those of a thread that was read.
func (t *Thread) allSegments(ctx context.Context) ([]Segment, error) {
	all := make([]Segment, 0, len(t.segments))
	for i := range t.segments {
		if t.segments[i].first > t.bound() {
			break
		}
		if err := t.settle(ctx, i); err != nil {
			return nil, err
		}
		all = append(all, t.segment(i))
	}
	return all, nil
}

// segment is one that was settled.
func (t *Thread) segment(i int) Segment {
	s := &t.segments[i]
	seg := Segment{
		Thread: t.id, Index: i, First: s.first, Last: t.bound(), Origin: s.origin, Slot: s.slot, Start: s.start, Resolver: s.resolver,
		Awaited: s.awaited,
		Fault:   s.fault,
	}
	if i+1 == len(t.segments) || t.segments[i+1].first > t.bound() {
		seg.End = t.endTime()
		return seg
	}
	next := &t.segments[i+1]
	seg.Last = next.first - 1
	if next.origin == Called && next.slot >= 0 {
		seg.End = t.slot(uint64(next.slot)).Begun
	}
	return seg
}

// settle finds out when a segment began.
func (t *Thread) settle(ctx context.Context, i int) error {
	first := i
	for first > 0 && t.segments[first-1].settled == unsettled {
		first--
	}
	for ; first <= i; first++ {
		if t.segments[first].settled != unsettled { // or in progress: a circle, which only damaged records can have
			continue
		}
		t.segments[first].settled = inProgress
		start, err := t.begunAt(ctx, first)
		if err != nil {
			t.segments[first].settled = unsettled
			return err
		}
		t.segments[first].start, t.segments[first].settled = start, settled
	}
	return nil
}

// begunAt is when a segment began, if the one before is settled.
func (t *Thread) begunAt(ctx context.Context, i int) (time.Time, error) {
	s := t.segments[i]
	start := s.time
	if i > 0 {
		if before := t.segments[i-1].start.Add(s.slept); before.After(start) {
			start = before
		}
	}
	cause, at, err := t.causeOf(ctx, i)
	if cause == nil || err != nil {
		return start, err
	}
	by := cause.find(at)
	if err := cause.settle(ctx, by); err != nil {
		return start, err
	}
	caused := cause.segments[by].start
	switch c := caused.Compare(start); {
	case c < 0:
		return start, nil
	case engine.CompareThreads(cause.id, t.id) < 0:
		return caused, nil
	default:
		return caused.Add(1), nil
	}
}

// find is the index of the segment that an instant is in.
func (t *Thread) find(at uint64) int {
	return sort.Search(len(t.segments), func(i int) bool { return t.segments[i].first > at }) - 1
}

// causeOf is the instant in another thread that brought a segment about, nil if there is none, or none that can be read.
func (t *Thread) causeOf(ctx context.Context, i int) (*Thread, uint64, error) {
	s := t.segments[i]
	switch {
	case s.origin == Started && t.head.Parent != "":
		return t.startedAt(ctx)
	case s.resolver != "" && !engine.IsOutside(s.resolver):
		return t.resolvedAt(ctx, s.resolver)
	}
	return nil, 0, nil
}

// startedAt is where the thread was started.
func (t *Thread) startedAt(ctx context.Context) (*Thread, uint64, error) {
	parent, err := t.s.thread(ctx, t.head.Parent)
	if err != nil {
		return nil, 0, ctx.Err()
	}
	index := childIndex(t.id)
	for err == nil && len(parent.spawns) <= index && !parent.over {
		err = parent.readTo(ctx, parent.bound()+1)
	}
	if len(parent.spawns) <= index || index < 0 {
		return nil, 0, ctx.Err()
	}
	return parent, parent.spawns[index].at, nil
}

// resolvedAt is the last instruction of a thread that has ended, or the last instant of one that somebody else ended.
func (t *Thread) resolvedAt(ctx context.Context, resolver string) (*Thread, uint64, error) {
	r, err := t.s.thread(ctx, resolver)
	if err != nil {
		return nil, 0, ctx.Err()
	}
	if err := r.readTo(ctx, end); err != nil {
		return nil, 0, ctx.Err()
	}
	return r, r.lastInstruction(), nil
}

// lastInstruction is the instant at which the thread stands at its last instruction: afterwards it has no frames to be shown.
func (t *Thread) lastInstruction() uint64 {
	if t.ending == Ended && t.last > 0 {
		return t.last - 1
	}
	return t.bound()
}

// Cause is what brought about that a thread is where it is.
type Cause struct {
	// Started: the instant is that of the instruction that started the thread. Else it is the last one of the thread, or outside
	// future, whose end it awaited.
	Started bool
	Thread  string
	// Instant is the instant, nil if an outside future was resolved.
	Instant *Instant
}

// Cause is what let a thread go on the last time before or at an instant: the end of what it awaited, or its start. Nil for thread 0
// before it has awaited anything.
func (s *Session) Cause(ctx context.Context, i Instant) (*Cause, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.at(ctx, i)
	if err != nil {
		return nil, err
	}
	for k := t.find(i.At); k >= 0; k-- {
		seg := &t.segments[k]
		if seg.resolver == "" && seg.origin != Started {
			continue
		}
		cause, at, err := t.causeOf(ctx, k)
		if err != nil {
			return nil, err
		}
		if cause != nil {
			name := cause.id
			return &Cause{seg.origin == Started, name, &Instant{name, at}}, nil
		}
		if seg.resolver != "" {
			return &Cause{Thread: seg.resolver}, nil
		}
	}
	return nil, nil
}

// at is the thread of an instant, which has to be one.
func (s *Session) at(ctx context.Context, i Instant) (*Thread, error) {
	t, err := s.thread(ctx, i.Thread)
	if err != nil {
		return nil, err
	}
	if err := t.readTo(ctx, i.At); err != nil {
		return nil, err
	}
	if i.At > t.bound() {
		return nil, t.noInstant(i.At)
	}
	return t, nil
}

func (t *Thread) noInstant(at uint64) error {
	return fmt.Errorf("thread %s has no instant %d: its last one is %d", t.id, at, t.bound())
}

// SegmentAt is the segment that an instant is in.
func (s *Session) SegmentAt(ctx context.Context, i Instant) (Segment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.segmentAt(ctx, i)
}

func (s *Session) segmentAt(ctx context.Context, i Instant) (Segment, error) {
	t, err := s.at(ctx, i)
	if err != nil {
		return Segment{}, err
	}
	// How far the segment goes is known when the thread has been read further.
	if err := t.readTo(ctx, end); err != nil && ctx.Err() != nil {
		return Segment{}, err
	}
	k := t.find(i.At)
	if err := t.settle(ctx, k); err != nil {
		return Segment{}, err
	}
	return t.segment(k), nil
}

// Before is the instant at which another thread is shown when one stands at an instant: its last one before the segment that the instant
// is in. It is false if the other thread has not begun by then.
func (s *Session) Before(ctx context.Context, i Instant, other string) (Instant, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other == i.Thread {
		return i, true, nil
	}
	seg, err := s.segmentAt(ctx, i)
	if err != nil {
		return Instant{}, false, err
	}
	o, err := s.thread(ctx, other)
	if err != nil {
		return Instant{}, false, err
	}
	if err := o.readAll(ctx); err != nil && (ctx.Err() != nil || len(o.segments) == 0) {
		return Instant{}, false, err
	}
	all, err := o.allSegments(ctx)
	if err != nil {
		return Instant{}, false, err
	}
	k := sort.Search(len(all), func(k int) bool { return CompareSegments(&all[k], &seg) > 0 }) - 1
	if k < 0 {
		return Instant{other, 0}, false, nil
	}
	return Instant{other, all[k].Last}, true, nil
}

// CompareSegments is the session's order: negative if a comes before b.
func CompareSegments(a, b *Segment) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	if a.Thread == b.Thread {
		return a.Index - b.Index
	}
	return engine.CompareThreads(a.Thread, b.Thread)
}

// Order are all segments of the session in its order; all its threads are read for that. The second result says what is missing.
func (s *Session) Order(ctx context.Context) ([]Segment, []error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inOrder(ctx)
}

func (s *Session) inOrder(ctx context.Context) ([]Segment, []error, error) {
	if s.order != nil {
		return s.order, s.gaps, nil
	}
	threads, gaps, err := s.walk(ctx)
	if err != nil {
		return nil, nil, err
	}
	order := []Segment{}
	for _, t := range threads {
		if err := t.readAll(ctx); err != nil {
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			gaps = append(gaps, err)
		}
		segments, err := t.allSegments(ctx)
		if err != nil {
			return nil, nil, err
		}
		order = append(order, segments...)
	}
	slices.SortFunc(order, func(a, b Segment) int { return CompareSegments(&a, &b) })
	s.order, s.gaps = order, gaps
	return order, gaps, nil
}

// Next is the instant after another one in the session's order, false at its end.
func (s *Session) Next(ctx context.Context, i Instant) (Instant, bool, error) {
	return s.beside(ctx, i, 1)
}

// Previous is the instant before another one in the session's order, false at its beginning.
func (s *Session) Previous(ctx context.Context, i Instant) (Instant, bool, error) {
	return s.beside(ctx, i, -1)
}

func (s *Session) beside(ctx context.Context, i Instant, step int) (Instant, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seg, err := s.segmentAt(ctx, i)
	if err != nil {
		return i, false, err
	}
	switch {
	case step > 0 && i.At < seg.Last:
		return Instant{i.Thread, i.At + 1}, true, nil
	case step < 0 && i.At > seg.First:
		return Instant{i.Thread, i.At - 1}, true, nil
	}
	order, _, err := s.inOrder(ctx)
	if err != nil {
		return i, false, err
	}
	k, found := slices.BinarySearchFunc(order, seg, func(a, b Segment) int { return CompareSegments(&a, &b) })
	if k += step; !found || k < 0 || k >= len(order) {
		return i, false, nil
	}
	if step > 0 {
		return Instant{order[k].Thread, order[k].First}, true, nil
	}
	return Instant{order[k].Thread, order[k].Last}, true, nil
}
