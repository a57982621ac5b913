package debugger

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// A past is a position in a session that is executed again from its records, and the ways to go from there: forwards
// (past_forward.go), back by steps (past_back.go) and back to what stops (past_scan.go). Recorded and Live share it.
//
// The session's order puts the segments of all threads one after the other (see runtime/replay). A position is an instant of one
// thread, and the others are where they were just before the segment of that one began. Instants at which a thread has ended
// have no frames, and are no positions.

// past is used by one goroutine at a time.
type past struct {
	program *Program
	session *replay.Session
	code    *vm.Code
	stops   *Stops

	// order are the segments that have positions; of are indexes into it, by thread, and names the threads in the order in which
	// they began. gaps is what is missing of the session.
	order []replay.Segment
	of    map[string][]int
	names []string
	gaps  []error
	ends  map[string]ending
	// finals are the segments of threads that begin with what ends them.
	finals map[string]*replay.Segment

	// here is the position, in order[index]. raising: it is there because of the error that the next instruction raises.
	here    replay.Instant
	index   int
	raising bool
	// halt is a stop that is told when its instant is passed, whatever there is to stop for.
	halt Stop
	// cursors are machines of threads at some instant. They may be looked at until the next motion.
	cursors map[string]*replay.Cursor
	// waits says what a thread waits for that stands at the end of a segment.
	waits map[replay.Instant]waiting
	// lines are traps where lines begin, of the program, and of all.
	lines [2]*vm.Traps
	// stacks are those at seek points: a search looks at the same ones again and again.
	stacks map[replay.Instant][]vm.Frame
	// edits are the changes that were made of threads.
	edits map[string][]replay.Edited
	// counted is what was in force when passes were counted last.
	counted *force
	// passes is told of each segment that execution has passed forwards.
	passes func(ctx context.Context)
	logs   func(l Log)
}

// ending is how a thread stops, and its last instant.
type ending struct {
	stop replay.Stop
	at   uint64
}

// maxCursors is how many machines are kept beside the seek points.
const maxCursors = 256

// openPast is a position at the beginning of a session.
func openPast(ctx context.Context, session *replay.Session, program *Program, stops *Stops) (*past, error) {
	code, err := session.Code(ctx)
	if err != nil {
		return nil, err
	}
	p := &past{
		program: program, session: session, code: code, stops: stops, passes: func(context.Context) {}, logs: func(Log) {},
		cursors: map[string]*replay.Cursor{}, waits: map[replay.Instant]waiting{},
	}
	return p, p.readOrder(ctx)
}

// readOrder reads the order of the session, as far as it is decided now.
func (p *past) readOrder(ctx context.Context) error {
	order, gaps, err := p.session.Order(ctx)
	if err != nil {
		return err
	}
	p.order, p.of, p.names, p.gaps, p.edits = nil, map[string][]int{}, nil, gaps, map[string][]replay.Edited{}
	p.ends, p.finals = map[string]ending{}, map[string]*replay.Segment{}
	for _, seg := range order {
		if err := p.add(ctx, seg); err != nil {
			return err
		}
	}
	if len(p.order) == 0 {
		if len(gaps) > 0 {
			return gaps[0]
		}
		return fmt.Errorf("nothing of session %s can be executed again", p.session.ID())
	}
	return nil
}

// missing says what cannot be shown of the session, "" if everything can.
func (p *past) missing() string {
	switch n := len(p.gaps); n {
	case 0:
		return ""
	case 1:
		return "; what is missing is not shown: " + p.gaps[0].Error()
	default:
		return fmt.Sprintf("; what is missing is not shown: %v (and %d more)", p.gaps[0], n-1)
	}
}

// add takes a segment in, without the instant at which its thread has ended.
func (p *past) add(ctx context.Context, seg replay.Segment) error {
	end, known := p.ends[seg.Thread]
	if !known {
		t, err := p.session.Thread(ctx, seg.Thread)
		if err != nil {
			return err
		}
		last, stop, err := t.Last(ctx)
		end = ending{stop, last.At}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			end.stop = replay.Cut // what cannot be read is a gap, and was told of as one
		}
		p.ends[seg.Thread] = end
	}
	if end.stop == replay.Ended && seg.Last == end.at {
		if seg.Last == seg.First {
			p.finals[seg.Thread] = &seg
			return nil
		}
		seg.Last--
	}
	if p.of[seg.Thread] == nil {
		p.names = append(p.names, seg.Thread)
	}
	p.of[seg.Thread] = append(p.of[seg.Thread], len(p.order))
	p.order = append(p.order, seg)
	return nil
}

// locate is the segment of an instant. An instant at which a thread has just ended stands for the one before.
func (p *past) locate(i replay.Instant) (int, replay.Instant, error) {
	all := p.of[i.Thread]
	if len(all) == 0 {
		return 0, i, fmt.Errorf("there is no instant %d of thread %s: the session has no thread of that number that has begun", i.At, i.Thread)
	}
	k := sort.Search(len(all), func(k int) bool { return p.order[all[k]].First > i.At }) - 1
	last := p.order[all[len(all)-1]].Last
	switch {
	case i.At > last+1 || i.At > last && p.ends[i.Thread].stop != replay.Ended:
		return 0, i, fmt.Errorf("thread %s has no instant %d: its last one is %d", i.Thread, i.At, last)
	case i.At > last:
		i.At = last
	}
	return all[k], i, nil
}

// set moves to an instant.
func (p *past) set(i replay.Instant) error {
	index, i, err := p.locate(i)
	if err != nil {
		return err
	}
	p.here, p.index, p.raising = i, index, false
	return nil
}

// segmentOf is the index of the segment in which a thread is shown now, -1 if it has not begun.
func (p *past) segmentOf(thread string) int {
	all := p.of[thread]
	k := sort.SearchInts(all, p.index+1) - 1
	if k < 0 {
		return -1
	}
	return all[k]
}

// shown is the instant at which a thread is shown now, false if it has not begun.
func (p *past) shown(thread string) (replay.Instant, bool) {
	if thread == p.here.Thread {
		return p.here, true
	}
	k := p.segmentOf(thread)
	if k < 0 {
		return replay.Instant{Thread: thread}, false
	}
	return replay.Instant{Thread: thread, At: p.order[k].Last}, true
}

// instant is where a thread is shown now.
func (p *past) instant(thread string) (replay.Instant, error) {
	at, begun := p.shown(thread)
	if !begun {
		return at, fmt.Errorf("thread %s has not begun by now", thread)
	}
	return at, nil
}

// over says whether a thread has ended by now.
func (p *past) over(thread string) bool {
	all := p.of[thread]
	if thread == p.here.Thread || len(all) == 0 || p.segmentOf(thread) != all[len(all)-1] {
		return false
	}
	switch p.ends[thread].stop {
	case replay.Ended:
		final := p.finals[thread]
		return final == nil || replay.CompareSegments(final, &p.order[p.index]) <= 0
	case replay.Cut:
		t, err := p.session.Thread(context.Background(), thread)
		return err == nil && t.Status() >= replay.Returned && !t.Head().Ended.After(p.order[p.index].Start)
	}
	return false
}

// cursor is a machine at an instant, to be looked at.
func (p *past) cursor(ctx context.Context, i replay.Instant) (*replay.Cursor, error) {
	if c := p.cursors[i.Thread]; c != nil && c.Instant() == i {
		return c, nil
	}
	t, err := p.session.Thread(ctx, i.Thread)
	if err != nil {
		return nil, err
	}
	c, err := t.At(ctx, i.At)
	if err != nil {
		return nil, err
	}
	p.keep(c)
	return c, nil
}

func (p *past) keep(c *replay.Cursor) {
	if len(p.cursors) >= maxCursors {
		clear(p.cursors)
	}
	p.cursors[c.Instant().Thread] = c
}

// nearby is how many instructions are executed rather than looking for a seek point.
const nearby = 64 << 10

// going is a machine at an instant, to be run on from there.
func (p *past) going(ctx context.Context, i replay.Instant) (*replay.Cursor, error) {
	c := p.cursors[i.Thread]
	if c == nil || c.Instant().At > i.At || i.At-c.Instant().At > nearby {
		return p.cursor(ctx, i)
	}
	c.Machine().Attach(nil)
	for c.Instant().At < i.At {
		if stop, err := c.RunTo(ctx, i.At); err != nil || stop != replay.Reached {
			delete(p.cursors, i.Thread)
			return p.cursor(ctx, i)
		}
	}
	return c, nil
}

// machine is that of a thread as it is shown now.
func (p *past) machine(ctx context.Context, thread string) (*vm.Machine, error) {
	at, begun := p.shown(thread)
	if !begun {
		return nil, fmt.Errorf("thread %s has not begun", thread)
	}
	c, err := p.cursor(ctx, at)
	if err != nil {
		return nil, err
	}
	return c.Machine(), nil
}

// stack is that of a thread as it is shown now.
func (p *past) stack(ctx context.Context, thread string) (*Stack, error) {
	m, err := p.machine(ctx, thread)
	if err != nil {
		return nil, err
	}
	t, err := p.session.Thread(ctx, thread)
	if err != nil {
		return nil, err
	}
	entry, err := t.Entry(ctx)
	if err != nil {
		return nil, err
	}
	return &Stack{program: p.program, machine: m, origin: entry.Trace, thread: thread, function: t.Head().Function}, nil
}

// first is the first instant of the session.
func (p *past) first() replay.Instant {
	return replay.Instant{Thread: p.order[0].Thread, At: p.order[0].First}
}

// last is the last instant of the session.
func (p *past) last() replay.Instant {
	end := &p.order[len(p.order)-1]
	return replay.Instant{Thread: end.Thread, At: end.Last}
}

// cause is what brought about that a thread is where it is shown.
func (p *past) cause(ctx context.Context, thread string) (*replay.Cause, error) {
	at, begun := p.shown(thread)
	if !begun {
		return nil, fmt.Errorf("thread %s has not begun", thread)
	}
	return p.session.Cause(ctx, at)
}

// begun are the threads that have begun by now, in that order.
func (p *past) begun() []string {
	n := sort.Search(len(p.names), func(k int) bool { return p.of[p.names[k]][0] > p.index })
	return slices.Clip(p.names[:n])
}

// next is the segment after one: of the session, or of its own thread. -1 is none.
func (p *past) next(index int, single bool) int {
	if !single {
		if index+1 < len(p.order) {
			return index + 1
		}
		return -1
	}
	return p.beside(index, 1)
}

// previous is the segment before one.
func (p *past) previous(index int, single bool) int {
	if !single {
		return index - 1
	}
	return p.beside(index, -1)
}

// beside is the next or previous segment of the same thread, -1 for none.
func (p *past) beside(index, step int) int {
	all := p.of[p.order[index].Thread]
	k := sort.SearchInts(all, index) + step
	if k < 0 || k >= len(all) {
		return -1
	}
	return all[k]
}

// endAfter is the segment of the same thread after one, nil if there is none. It may be one that has no positions: that of the end.
func (p *past) endAfter(index int) *replay.Segment {
	if k := p.beside(index, 1); k >= 0 {
		return &p.order[k]
	}
	return p.finals[p.order[index].Thread]
}
