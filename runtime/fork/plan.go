package fork

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// What is kept of each thread.

// whole is the instant up to which a thread is kept that nothing cuts.
const whole = math.MaxUint64

// plan is what is kept of a session.
type plan struct {
	o       Options
	threads map[string]*thread
	order   []*thread // parents before their children
	// latest is when the last thing happened that is kept.
	latest time.Time
	code   *vm.Code
}

// thread is one of the old session.
type thread struct {
	*replay.Thread
	head     engine.Head
	segments []replay.Segment
	spawns   []uint64
	last     uint64
	// ended: its record has an end that can be kept. cut is the last instant that is kept.
	ended   bool
	cut     uint64
	dropped bool
	// followed: its end is kept, but nothing that follows from it.
	followed bool
	// changed is the answer that is replaced. fresh is the instant just after it. alone: the changed answer is the thread's end.
	changed *Answer
	fresh   uint64
	alone   bool
}

// isWhole says whether the thread is kept with its end.
func (t *thread) isWhole() bool { return t.ended && t.cut == whole && !t.dropped }

// upTo is where the thread stands in the new session: at the last instant that is kept, or just after the answer that is changed.
func (t *thread) upTo() uint64 {
	if t.changed != nil && !t.alone {
		return t.fresh
	}
	return min(t.cut, t.last)
}

func newPlan(ctx context.Context, from *replay.Session, o Options) (*plan, error) {
	p := &plan{o: o, threads: map[string]*thread{}}
	var err error
	if p.code, err = from.Code(ctx); err != nil {
		return nil, err
	}
	all, gone, err := from.Threads(ctx)
	if err != nil {
		return nil, err
	}
	if len(gone) > 0 {
		return nil, gone[0]
	}
	for _, t := range all {
		read, err := p.read(ctx, t)
		if err != nil {
			return nil, err
		}
		p.threads[t.ID()] = read
		p.order = append(p.order, read)
	}
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	for p.spread() {
	}
	for _, a := range o.Answers {
		if t := p.threads[a.Thread]; t.dropped || t.changed == nil || !t.alone && t.cut+1 < t.fresh {
			return nil, fmt.Errorf("answer %d of thread %s: %w", a.Slot, a.Thread, ErrNothingKept)
		}
	}
	p.findLatest()
	return p, nil
}

// read is what there is to know of a thread.
func (p *plan) read(ctx context.Context, of *replay.Thread) (*thread, error) {
	t := &thread{Thread: of, head: of.Head(), cut: whole}
	t.ended = t.head.Done
	if t.head.Entry.Empty() {
		return t, nil // it never ran
	}
	var err error
	if t.segments, err = of.Segments(ctx); err != nil {
		return nil, err
	}
	if t.spawns, err = of.Spawns(ctx); err != nil {
		return nil, err
	}
	last, _, err := of.Last(ctx)
	if err != nil {
		return nil, err
	}
	t.last = last.At
	if t.head.Done && t.head.Outside {
		_, fault, err := of.Result(ctx)
		if err != nil {
			return nil, err
		}
		if fault.Kind == vm.ErrCancelled || fault.Kind == vm.ErrExpired {
			t.ended, t.cut = false, t.last // who stopped the session did not mean the fork
		}
	}
	return t, nil
}

// begin cuts the thread of the instant, and those with a changed answer.
func (p *plan) begin(ctx context.Context) error {
	at := p.o.At
	t := p.threads[at.Thread]
	if t == nil {
		return fmt.Errorf("the session has no thread %s", at.Thread)
	}
	if _, err := t.At(ctx, at.At); err != nil {
		return err
	}
	if t.ended && !t.head.Outside && (at.At == t.last || at.At > 0 && p.isAlone(ctx, t)) {
		t.followed = true
	} else {
		t.cut = min(t.cut, at.At)
	}
	for i := range p.o.Answers {
		if err := p.change(ctx, &p.o.Answers[i]); err != nil {
			return err
		}
	}
	return nil
}

// change cuts a thread at an answer that is replaced.
func (p *plan) change(ctx context.Context, a *Answer) error {
	t := p.threads[a.Thread]
	if t == nil {
		return fmt.Errorf("the session has no thread %s", a.Thread)
	}
	if t.changed != nil {
		return fmt.Errorf("two answers of thread %s are to be changed: the second would be asked for anew", a.Thread)
	}
	slots, err := t.Slots(ctx)
	if err != nil {
		return err
	}
	if len(slots) == 0 && a.Slot == 0 && p.isAlone(ctx, t) {
		t.changed, t.alone, t.followed, t.cut = a, true, true, whole
		return nil
	}
	i := slices.IndexFunc(slots, func(s engine.Slot) bool { return s.Number == a.Slot })
	k := slices.IndexFunc(t.segments, func(s replay.Segment) bool { return s.Slot >= 0 && uint64(s.Slot) == a.Slot })
	if i < 0 || k < 0 {
		return fmt.Errorf("thread %s has no answer %d", a.Thread, a.Slot)
	}
	if slots[i].Kind != engine.SlotCall {
		return fmt.Errorf("answer %d of thread %s is not that of a Python call: only those can be changed", a.Slot, a.Thread)
	}
	if t.segments[k].First > t.cut {
		return fmt.Errorf("answer %d of thread %s: %w", a.Slot, a.Thread, ErrNothingKept)
	}
	t.changed, t.fresh = a, t.segments[k].First
	t.cut = t.fresh - 1
	return nil
}

// isAlone says whether a thread is nothing but one Python call that has ended.
func (p *plan) isAlone(ctx context.Context, t *thread) bool {
	start, err := t.Entry(ctx)
	if err != nil || !t.ended || t.head.Outside {
		return false
	}
	for i := range p.code.Program().Imports {
		if vm.Equal(start.Function, p.code.Import(i)) {
			return true
		}
	}
	return false
}

// spread cuts what follows from what is cut, once; false if nothing does.
func (p *plan) spread() (more bool) {
	for _, t := range p.order {
		if t.dropped {
			continue
		}
		if p.startedAfter(t) {
			t.dropped, more = true, true
			continue
		}
		for k := range t.segments {
			s := &t.segments[k]
			if s.First > t.cut {
				break
			}
			if p.resumedAfter(s) {
				t.cut, more = s.First-1, true
				break
			}
		}
	}
	return more
}

// startedAfter says whether a thread was started by an instruction that is not kept.
func (p *plan) startedAfter(t *thread) bool {
	parent := p.threads[t.head.Parent]
	switch {
	case parent == nil || parent.cut == whole && !parent.dropped:
		return false
	case parent.dropped:
		return true
	}
	index := childIndex(t.ID())
	return index >= len(parent.spawns) || parent.spawns[index] >= parent.cut
}

// childIndex is the last part of a thread's number.
func childIndex(thread string) int {
	n, err := strconv.Atoi(thread[strings.LastIndexByte(thread, '.')+1:])
	if err != nil {
		return -1
	}
	return n
}

// resumedAfter says whether a segment was begun by the end of a thread whose end is not kept.
func (p *plan) resumedAfter(s *replay.Segment) bool {
	ended := s.Awaited
	if s.Origin == replay.First || len(ended) == 0 {
		ended = []string{s.Resolver}
	}
	return slices.ContainsFunc(ended, func(name string) bool {
		t := p.threads[name]
		return t != nil && (!t.isWhole() || t.followed)
	})
}

// findLatest finds out when the last thing happened that is kept.
func (p *plan) findLatest() {
	note := func(at time.Time) {
		if at.After(p.latest) {
			p.latest = at
		}
	}
	for _, t := range p.order {
		if t.dropped {
			continue
		}
		for k := range t.segments {
			if t.segments[k].First <= t.cut {
				note(t.segments[k].Start)
			}
		}
		if t.isWhole() {
			note(t.head.Ended)
		}
	}
}

// stop is where the new session is to stop first.
func (p *plan) stop() replay.Instant {
	t := p.threads[p.o.At.Thread]
	switch {
	case t.dropped:
		root := p.threads[engine.Root]
		return replay.Instant{Thread: engine.Root, At: root.upTo()}
	case t.changed != nil && !t.alone:
		return replay.Instant{Thread: t.ID(), At: t.fresh}
	}
	// A thread that is kept with its end may be looked at before it.
	return replay.Instant{Thread: t.ID(), At: min(p.o.At.At, t.upTo())}
}

// futures are the outside futures that are kept: those whose value a kept segment began with, and those that had one by then.
func (p *plan) futures(ctx context.Context, from *replay.Session) ([]*engine.Head, error) {
	names := map[string]bool{}
	for _, t := range p.order {
		for k := range t.segments {
			s := &t.segments[k]
			for _, name := range append([]string{s.Resolver}, s.Awaited...) {
				if engine.IsOutside(name) {
					names[name] = names[name] || !t.dropped && s.First <= t.cut
				}
			}
		}
	}
	var heads []*engine.Head
	for name, used := range names {
		h, err := from.Future(ctx, name)
		if err != nil {
			return nil, err
		}
		if h != nil && h.Done && (used || !h.Ended.After(p.latest)) {
			heads = append(heads, h)
		}
	}
	return heads, nil
}
