package timeline

import (
	"context"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// laneBuilder makes the spans of a lane from the thread's segments.
type laneBuilder struct {
	ctx      context.Context
	thread   *replay.Thread
	lane     *Lane
	head     *engine.Head
	now      time.Time // zero for none
	slots    map[int]*engine.Slot
	segments []replay.Segment
}

func (b *laneBuilder) add(s Span, at uint64) {
	s.Instant = replay.Instant{Thread: b.lane.Thread, At: at}
	if s.To.IsZero() || s.To.After(s.From) || s.Kind == Call {
		b.lane.Spans = append(b.lane.Spans, s)
	}
}

func (b *laneBuilder) spans() {
	if b.head.Attempts > 0 { // the thread is one Python call
		b.add(Span{Kind: Call, From: b.head.Started, To: b.head.Ended, Name: b.head.Function, Attempts: b.head.Attempts, Failed: b.head.Answer.Failed, Error: b.lane.Error}, 0)
		return
	}
	for i := range b.segments {
		seg := &b.segments[i]
		if i+1 == len(b.segments) {
			b.last(seg)
			return
		}
		b.between(seg, &b.segments[i+1])
	}
}

// between adds the run of a segment, and the call or the wait that ends with the next one.
func (b *laneBuilder) between(seg, next *replay.Segment) {
	end := seg.End
	if end.IsZero() || end.After(next.Start) {
		end = estimated(seg, next.Start)
	}
	b.add(Span{Kind: Run, From: seg.Start, To: end}, seg.First)
	s := Span{Kind: Wait, From: end, To: next.Start, Resolver: next.Resolver}
	switch {
	case next.Origin == replay.Called && b.slots[next.Slot] != nil:
		slot := b.slots[next.Slot]
		s.Kind, s.Name, s.Slot, s.Attempts, s.Failed = Call, slot.Function, next.Slot, slot.Attempts, slot.Answer.Failed
		s.Error = b.problem(slot)
	case next.Origin == replay.Slept:
		s.Kind = Sleep
	case next.Resolver != "":
		s.Name = TargetName(next.Resolver)
	}
	b.add(s, seg.Last)
}

// estimated is when a thread may have begun to wait; atMost zero is no limit.
func estimated(seg *replay.Segment, atMost time.Time) time.Time {
	end := seg.Start.Add(time.Duration(seg.Last-seg.First) * perInstruction)
	if end.After(atMost) && !atMost.IsZero() {
		return atMost
	}
	return end
}

// last adds what a thread does, or did, behind its last answer.
func (b *laneBuilder) last(seg *replay.Segment) {
	if b.head.Done {
		b.add(Span{Kind: Run, From: seg.Start, To: b.head.Ended}, seg.First)
		return
	}
	end := estimated(seg, b.now)
	b.add(Span{Kind: Run, From: seg.Start, To: end}, seg.First)
	if b.head.Parked() {
		b.add(Span{Kind: Wait, From: end, Name: b.lane.Waits}, seg.Last)
		return
	}
	b.add(Span{Kind: Run, From: end}, seg.Last)
}

// problem is the error that a call raised.
func (b *laneBuilder) problem(slot *engine.Slot) *Problem {
	if !slot.Answer.Failed {
		return nil
	}
	_, fault, err := b.thread.Answer(b.ctx, slot)
	if err != nil || fault == nil {
		return nil
	}
	return &Problem{fault.Kind, fault.Message}
}

// marks adds those of the lines and of the errors.
func (b *laneBuilder) marks() {
	l := b.lane
	for i := range l.Lines {
		line := &l.Lines[i]
		at := line.Segment.Start
		if line.Stream == engine.Print {
			at = within(&line.Segment, line.Instant.At)
		}
		l.Marks = append(l.Marks, Mark{Kind: Output, Time: at, Text: line.Text, Stream: line.Stream, Instant: line.Instant})
	}
	for i := range l.Spans {
		if s := &l.Spans[i]; s.Failed && s.Error != nil && b.head.Attempts == 0 {
			b.wrong(s.To, s.Error, s.Instant.At)
		}
	}
	if l.Error != nil {
		b.wrong(l.Ended, l.Error, b.failedAt())
	}
	slices.SortStableFunc(l.Marks, func(a, b Mark) int { return a.Time.Compare(b.Time) })
}

func (b *laneBuilder) wrong(at time.Time, p *Problem, instant uint64) {
	mark := Mark{Kind: Error, Time: at, Text: p.Kind + ": " + p.Message, Instant: replay.Instant{Thread: b.lane.Thread, At: instant}}
	same := func(m Mark) bool { return m.Kind == Error && m.Instant == mark.Instant }
	if !slices.ContainsFunc(b.lane.Marks, same) { // an error of a call that the thread ended with is one
		b.lane.Marks = append(b.lane.Marks, mark)
	}
}

// failedAt is the instant of the instruction that the thread failed at, or the last one of a thread that somebody else ended.
func (b *laneBuilder) failedAt() uint64 {
	last, stop, err := b.thread.Last(b.ctx)
	if err == nil && stop == replay.Ended && last.At > 0 {
		return last.At - 1
	}
	return last.At
}
