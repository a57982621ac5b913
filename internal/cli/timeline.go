package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// What the threads of a session did when, for lists and pictures: a lane for each thread, spans of time in it. The records
// say when answers came; when a thread began to wait for another one they do not say, so that what it computed before is
// estimated by the number of its instructions.

// Kinds of spans.
const (
	spanRun   = "run"
	spanCall  = "call"
	spanWait  = "wait"
	spanSleep = "sleep"
)

// perInstruction is about how long an instruction takes.
const perInstruction = 20 * time.Nanosecond

// timeline is what a session did.
type timeline struct {
	Session  string    `json:"session"`
	Function string    `json:"function"`
	Status   string    `json:"status"`
	Started  time.Time `json:"started"`
	// Ended is when the last thread ended; for a session that has not, the last time that is known of.
	Ended time.Time `json:"ended"`
	Lanes []*lane   `json:"lanes"`
	// byThread are the lanes by their threads' numbers.
	byThread map[string]*lane
}

// lane is a thread.
type lane struct {
	Thread   string `json:"thread"`
	Function string `json:"function"`
	Parent   string `json:"parent,omitempty"`
	// Status is the thread's: running, waiting, returned or failed.
	Status  string       `json:"status"`
	Started time.Time    `json:"started"`
	Ended   time.Time    `json:"ended"`
	Spans   []span       `json:"spans"`
	Result  string       `json:"result,omitempty"`
	Error   *jsonProblem `json:"error,omitempty"`
	// waits is what the thread waits for, if it does.
	waits string
	lines []replay.Line
}

// span is what a thread did for a time.
type span struct {
	Kind string    `json:"kind"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Name is the Python function, or what was waited for.
	Name     string `json:"name,omitempty"`
	Slot     int    `json:"slot,omitempty"`
	Attempts int    `json:"attempts,omitempty"`
	// Failed says that the call raised, or the wait brought an error; Error says which, of a call.
	Failed bool         `json:"failed,omitempty"`
	Error  *jsonProblem `json:"error,omitempty"`
	// Resolver is the thread whose end ended a wait.
	Resolver string `json:"resolver,omitempty"`
}

// timelineOf reads a session. The second result says what of it is missing.
func (s *storage) timelineOf(ctx context.Context, root *engine.Head) (*timeline, []error, error) {
	session, err := replay.Open(ctx, s.Store, root.ID.Session)
	if err != nil {
		return nil, nil, err
	}
	threads, gaps, err := session.Threads(ctx)
	if err != nil {
		return nil, nil, err
	}
	row, err := s.describe(ctx, root)
	if err != nil {
		return nil, nil, err
	}
	t := &timeline{Session: root.ID.Session, Function: root.Function, Status: row.Status, Started: root.Started, byThread: map[string]*lane{}}
	for _, thread := range threads {
		l, err := s.laneOf(ctx, thread)
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			gaps = append(gaps, err)
		}
		t.Lanes = append(t.Lanes, l)
		t.byThread[l.Thread] = l
	}
	t.close(time.Now())
	return t, gaps, nil
}

// close ends what has not ended: now, if somebody is at it, else with the last thing that is known to have happened.
func (t *timeline) close(now time.Time) {
	for _, l := range t.Lanes {
		t.Ended = later(t.Ended, l.Started, l.Ended)
		for _, s := range l.Spans {
			t.Ended = later(t.Ended, s.From, s.To)
		}
	}
	if t.Status == statusRunning || t.Status == statusWaiting {
		t.Ended = later(t.Ended, now)
	}
	for _, l := range t.Lanes {
		last := len(l.Spans) - 1
		if l.Ended.IsZero() && last >= 0 && l.Spans[last].To.IsZero() {
			l.Spans[last].To = t.Ended
		}
	}
}

func later(times ...time.Time) time.Time {
	last := times[0]
	for _, t := range times[1:] {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// laneOf reads a thread. What can be said without what is missing is said.
func (s *storage) laneOf(ctx context.Context, t *replay.Thread) (*lane, error) {
	h := t.Head()
	l := &lane{Thread: t.ID(), Function: h.Function, Parent: h.Parent, Status: t.Status().String(), Started: h.Started}
	if h.Done {
		l.Ended = h.Ended
		v, fault, err := t.Result(ctx)
		if err != nil {
			return l, err
		}
		if fault != nil {
			l.Error = &jsonProblem{fault.Kind, fault.Message}
		} else {
			l.Result = vm.LiteralPrefix(v, 200)
		}
	}
	if h.Parked() && !h.Done {
		l.waits = waitsFor(&h)
	}
	slots, err := t.Slots(ctx)
	if err != nil {
		return l, err
	}
	segments, err := t.Segments(ctx)
	b := laneBuilder{s: s, ctx: ctx, lane: l, head: &h, slots: map[int]*engine.Slot{}, segments: segments}
	for i := range slots {
		b.slots[int(slots[i].Number)] = &slots[i]
	}
	b.spans()
	if err == nil {
		l.lines, err = t.Lines(ctx)
	}
	return l, err
}

// waitsFor is what a parked thread waits for, in words.
func waitsFor(h *engine.Head) string {
	var parts []string
	for _, target := range h.Targets {
		parts = append(parts, targetName(target))
	}
	text := orList(parts)
	if h.Unnamed > 0 {
		text += fmt.Sprintf(" or %d more", h.Unnamed)
	}
	switch {
	case h.Until.IsZero():
		return text
	case text == "":
		return "until " + h.Until.Local().Format(time.DateTime)
	}
	return text + ", at most until " + h.Until.Local().Format(time.DateTime)
}

func targetName(target string) string {
	if engine.IsOutside(target) {
		return fmt.Sprintf("future(%q)", outsideName(target))
	}
	return "thread " + target
}

// laneBuilder makes the spans of a lane from the thread's segments.
type laneBuilder struct {
	s        *storage
	ctx      context.Context
	lane     *lane
	head     *engine.Head
	slots    map[int]*engine.Slot
	segments []replay.Segment
}

func (b *laneBuilder) add(s span) {
	if s.To.IsZero() || s.To.After(s.From) || s.Kind == spanCall {
		b.lane.Spans = append(b.lane.Spans, s)
	}
}

func (b *laneBuilder) spans() {
	if b.head.Attempts > 0 { // the thread is one Python call
		b.add(span{Kind: spanCall, From: b.head.Started, To: b.head.Ended, Name: b.head.Function, Attempts: b.head.Attempts, Failed: b.head.Answer.Failed, Error: b.lane.Error})
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
		end = b.estimated(seg, next.Start)
	}
	b.add(span{Kind: spanRun, From: seg.Start, To: end})
	s := span{Kind: spanWait, From: end, To: next.Start, Resolver: next.Resolver}
	switch {
	case next.Origin == replay.Called && b.slots[next.Slot] != nil:
		slot := b.slots[next.Slot]
		s.Kind, s.Name, s.Slot, s.Attempts, s.Failed = spanCall, slot.Function, next.Slot, slot.Attempts, slot.Answer.Failed
		s.Error = b.error(slot)
	case next.Origin == replay.Slept:
		s.Kind = spanSleep
	case next.Resolver != "":
		s.Name = targetName(next.Resolver)
	}
	b.add(s)
}

// estimated is when a thread may have begun to wait.
func (b *laneBuilder) estimated(seg *replay.Segment, atMost time.Time) time.Time {
	end := seg.Start.Add(time.Duration(seg.Last-seg.First) * perInstruction)
	if end.After(atMost) {
		return atMost
	}
	return end
}

// last adds what a thread does, or did, behind its last answer.
func (b *laneBuilder) last(seg *replay.Segment) {
	if b.head.Done {
		b.add(span{Kind: spanRun, From: seg.Start, To: b.head.Ended})
		return
	}
	end := b.estimated(seg, time.Now())
	b.add(span{Kind: spanRun, From: seg.Start, To: end})
	if b.head.Parked() {
		b.add(span{Kind: spanWait, From: end, Name: b.lane.waits})
		return
	}
	b.add(span{Kind: spanRun, From: end})
}

func (b *laneBuilder) error(slot *engine.Slot) *jsonProblem {
	if !slot.Answer.Failed {
		return nil
	}
	_, fault, err := b.s.reader().AnswerOf(b.ctx, b.head, slot.Answer)
	if err != nil || fault == nil {
		return nil
	}
	return &jsonProblem{fault.Kind, fault.Message}
}
