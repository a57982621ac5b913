package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Read reads what is in a window of a session; only the threads that are shown are executed. The second result says what of it is missing.
func Read(ctx context.Context, session *replay.Session, w Window) (*Timeline, []error, error) {
	threads, gaps, err := session.Threads(ctx)
	if err != nil {
		return nil, nil, err
	}
	root := session.Root().Head()
	t := &Timeline{Session: session.ID(), Function: root.Function, Started: root.Started, byThread: map[string]*Lane{}}
	if t.Status, err = statusOf(ctx, session.Root()); err != nil {
		gaps = append(gaps, err)
	}
	for _, thread := range w.page(t, threads) {
		l, err := laneOf(ctx, thread, w.Now)
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			gaps = append(gaps, err)
		}
		t.Lanes = append(t.Lanes, l)
		t.byThread[l.Thread] = l
	}
	t.close(threads, w.Now)
	return t, gaps, nil
}

// page are the threads that are shown; it counts those that could be.
func (w *Window) page(t *Timeline, threads []*replay.Thread) []*replay.Thread {
	from, to := t.Started.Add(w.From), t.Started.Add(w.To)
	shown := make([]*replay.Thread, 0, len(threads))
	for _, thread := range threads {
		h := thread.Head()
		if w.To > 0 && h.Started.After(to) || h.Done && h.Ended.Before(from) && w.From > 0 {
			continue
		}
		if t.Total++; t.Total > w.First && (w.Lanes == 0 || len(shown) < w.Lanes) {
			shown = append(shown, thread)
		}
	}
	return shown
}

// statusOf is what has become of a session, as far as its record says.
func statusOf(ctx context.Context, root *replay.Thread) (string, error) {
	h := root.Head()
	switch {
	case !h.Done:
		return Running, nil
	case !h.Answer.Failed:
		return Done, nil
	case !h.Outside:
		return Failed, nil
	}
	_, fault, err := root.Result(ctx)
	if fault != nil && fault.Kind == vm.ErrCancelled {
		return Cancelled, err
	}
	return Failed, err
}

// close ends what has not ended: now, if somebody is at it, else with the last thing that is known to have happened.
func (t *Timeline) close(threads []*replay.Thread, now time.Time) {
	for _, thread := range threads {
		h := thread.Head()
		t.Ended = later(t.Ended, h.Started, h.Ended)
	}
	for _, l := range t.Lanes {
		for _, s := range l.Spans {
			t.Ended = later(t.Ended, s.From, s.To)
		}
	}
	t.Ended = later(t.Ended, now)
	for _, l := range t.Lanes {
		last := len(l.Spans) - 1
		if l.Ended.IsZero() && last >= 0 && l.Spans[last].To.IsZero() {
			l.Spans[last].To, l.Spans[last].Open = t.Ended, true
		}
	}
}

func later(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// laneOf reads a thread. What can be said without what is missing is said.
func laneOf(ctx context.Context, t *replay.Thread, now time.Time) (*Lane, error) {
	h := t.Head()
	l := &Lane{Thread: t.ID(), Function: h.Function, Parent: h.Parent, Status: t.Status().String(), Started: h.Started}
	if h.Done {
		l.Ended = h.Ended
		v, fault, err := t.Result(ctx)
		if err != nil {
			return l, err
		}
		if fault != nil {
			l.Error = &Problem{fault.Kind, fault.Message}
		} else {
			l.Result = vm.LiteralPrefix(v, 200)
		}
	}
	if h.Parked() && !h.Done {
		l.Waits = WaitsFor(&h)
	}
	slots, err := t.Slots(ctx)
	if err != nil {
		return l, err
	}
	segments, err := t.Segments(ctx)
	b := laneBuilder{ctx: ctx, thread: t, lane: l, head: &h, now: now, slots: map[int]*engine.Slot{}, segments: segments}
	for i := range slots {
		b.slots[int(slots[i].Number)] = &slots[i]
	}
	b.spans()
	if err == nil {
		l.Lines, err = t.Lines(ctx)
	}
	b.marks()
	return l, err
}

// WaitsFor is what a parked thread waits for, in words.
func WaitsFor(h *engine.Head) string {
	var parts []string
	for _, target := range h.Targets {
		parts = append(parts, TargetName(target))
	}
	text := strings.Join(parts, ", ")
	if last := len(parts) - 1; last > 0 {
		text = strings.Join(parts[:last], ", ") + " or " + parts[last]
	}
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

// TargetName is what a thread waits for, in words: another thread, or a future that is resolved from outside.
func TargetName(target string) string {
	if engine.IsOutside(target) {
		return fmt.Sprintf("future(%q)", strings.TrimPrefix(target, engine.OutsideFuture("")))
	}
	return "thread " + target
}

// When is about when an instant was.
func When(ctx context.Context, session *replay.Session, i replay.Instant) (time.Time, error) {
	seg, err := session.SegmentAt(ctx, i)
	if err != nil {
		return time.Time{}, err
	}
	return within(&seg, i.At), nil
}

// within is about when an instant of a segment was.
func within(seg *replay.Segment, at uint64) time.Time {
	when := seg.Start.Add(time.Duration(at-min(at, seg.First)) * perInstruction)
	if !seg.End.IsZero() && when.After(seg.End) {
		return later(seg.Start, seg.End)
	}
	return when
}
