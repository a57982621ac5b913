package debugger

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Looking back for what stops: segment by segment, and within one in windows that get longer the farther away they are. Each is executed
// from its beginning at full speed between traps, and the last stop in it counts.

// backScan is the search for the last stop before the position.
type backScan struct {
	p      *past
	single bool
	// until is the instant where it ends, in the order's segment bottom; -1 is none.
	until  replay.Instant
	bottom int
}

// reverse goes back to the last stop, and if there is none to the beginning: of the session, or of the only thread that goes.
func (p *past) reverse(ctx context.Context, single bool) (Stop, error) {
	s := &backScan{p: p, single: single, bottom: -1}
	stop, err := s.run(ctx)
	if err != nil || stop.Reason != 0 {
		return stop, err
	}
	to := p.first()
	if single {
		to = replay.Instant{Thread: p.here.Thread}
	}
	return Stop{Reason: AtBeginning, Instant: to}, p.set(to)
}

// stopBetween is the last stop after an instant and before the position; no Reason is none. The position is then where it was.
func (p *past) stopBetween(ctx context.Context, to replay.Instant, single bool) (Stop, error) {
	bottom, to, err := p.locate(to)
	if err != nil {
		return Stop{}, err
	}
	here, index, raising := p.here, p.index, p.raising
	s := &backScan{p: p, single: single, until: to, bottom: bottom}
	stop, err := s.run(ctx)
	if stop.Reason == 0 && err == nil {
		p.here, p.index, p.raising = here, index, raising
	}
	return stop, err
}

// run goes back segment by segment, and moves the position with it. It ends at a stop, or without one where there is nothing left.
func (s *backScan) run(ctx context.Context) (Stop, error) {
	p := s.p
	for before := p.unedited(ctx, p.here).At; ; before = p.order[p.index].Last + 1 {
		seg := &p.order[p.index]
		p.here.Thread, p.raising = seg.Thread, false
		from := seg.First
		if p.index == s.bottom {
			from = s.until.At + 1
		}
		stop, err := s.segment(ctx, from, before)
		if err != nil || stop.Reason != 0 {
			p.raising = stop.Reason == OnError
			return stop, err
		}
		next := p.previous(p.index, s.single)
		if p.index == s.bottom || next < s.bottom || next < 0 {
			return Stop{}, nil
		}
		p.index = next
		p.here = replay.Instant{Thread: p.order[next].Thread, At: p.order[next].Last}
	}
}

// segment is the last stop in a part of the position's segment.
func (s *backScan) segment(ctx context.Context, from, before uint64) (Stop, error) {
	p := s.p
	last := p.order[p.index].Last
	if before == last+1 && before > from {
		stop, err := s.atLast(ctx, last)
		if err != nil || stop.Reason != 0 {
			return stop, err
		}
	}
	if !p.needScan() {
		p.here.At = from
		return Stop{}, ctx.Err()
	}
	t, err := p.session.Thread(ctx, p.here.Thread)
	if err != nil {
		return Stop{}, err
	}
	for size := uint64(nearby); before > from; size *= 2 {
		low := from
		if before-from > size {
			low = max(from, t.SeekPoint(before-size+1))
		}
		stop, err := s.window(ctx, t, low, before)
		if err != nil || stop.Reason != 0 {
			return stop, err
		}
		before = low
		p.here.At = low
	}
	return Stop{}, nil
}

// needScan says whether there may be a stop anywhere, and not only at the ends of segments.
func (p *past) needScan() bool {
	errors := p.stops.Errors()
	return p.stops.Any() || errors.Caught || errors.Python
}

// atLast is the stop at the end of a segment: for what comes from outside, or because the thread fails there.
func (s *backScan) atLast(ctx context.Context, last uint64) (Stop, error) {
	p := s.p
	c, err := s.machineAt(ctx, last)
	if err != nil {
		return Stop{}, err
	}
	m := c.Machine()
	p.here.At = last
	if stop := p.outsideError(m); stop.Reason != 0 {
		return stop, nil
	}
	next := p.beside(p.index, 1)
	if stop, err := s.writtenAt(ctx, m, next); err != nil || stop.Reason != 0 {
		return stop, err
	}
	return p.failure(ctx)
}

// writtenAt is the stop before an answer that is written where somebody watches.
func (s *backScan) writtenAt(ctx context.Context, m *vm.Machine, next int) (Stop, error) {
	p := s.p
	watches := p.stops.Watches(m)
	written := m.Writes(Registers(watches))
	if written < 0 || next < 0 {
		return Stop{}, nil
	}
	after, err := s.machineAt(ctx, p.order[next].First)
	if err != nil || !watches[written].Stands(after.Machine()) {
		return Stop{}, err
	}
	stop := p.stops.AtWrite(ctx, after.Machine(), watches[written], p.futures(ctx))
	stop.Instant = p.here
	return stop, nil
}

// machineAt is a machine of the position's thread that belongs to nobody else.
func (s *backScan) machineAt(ctx context.Context, at uint64) (*replay.Cursor, error) {
	t, err := s.p.session.Thread(ctx, s.p.here.Thread)
	if err != nil {
		return nil, err
	}
	return t.At(ctx, at)
}

// window is the last stop in a part of a segment, by executing it.
func (s *backScan) window(ctx context.Context, t *replay.Thread, from, before uint64) (found Stop, err error) {
	p := s.p
	c, err := t.At(ctx, from)
	if err != nil {
		return Stop{}, err
	}
	m := c.Machine()
	m.Attach(p.stops.Traps(p.code))
	for {
		p.here.At = m.Steps()
		if stop := p.hit(ctx, m); stop.Reason != 0 {
			found = stop
		}
		if m.Steps() >= before-1 && (!s.watched(m) || m.Steps() >= p.order[p.index].Last) {
			break
		}
		stop, err := s.forward(ctx, c, before)
		if err != nil {
			return Stop{}, err
		}
		if stop.Reason != 0 && stop.Instant.At < before {
			found = stop
		}
		if m.Steps() >= before {
			break
		}
	}
	if found.Reason == AtBreakpoint {
		found.Instant = p.allEdited(ctx, found.Instant)
	}
	if found.Reason != 0 {
		p.here.At = found.Instant.At
	}
	return found, nil
}

func (s *backScan) watched(m *vm.Machine) bool { return len(s.p.stops.Watches(m)) > 0 }

// forward executes until there may be a stop, before an instant: at a trap, an error, or after a write, whose stop is before it.
func (s *backScan) forward(ctx context.Context, c *replay.Cursor, before uint64) (Stop, error) {
	p, m := s.p, c.Machine()
	watches := p.stops.Watches(m)
	if len(watches) > 0 {
		return s.watching(ctx, c, watches, min(before, p.order[p.index].Last))
	}
	stop, err := c.Step(ctx)
	if err == nil && stop != replay.Trapped && m.Steps() < before-1 && len(p.stops.Watches(m)) == 0 {
		stop, err = c.RunTo(ctx, p.untilEdit(ctx, c.Instant(), before-1))
	}
	if err != nil {
		return Stop{}, err
	}
	return s.raised(ctx, c, stop)
}

// raised is the stop for an error that is about to be raised; the machine goes on past it.
func (s *backScan) raised(ctx context.Context, c *replay.Cursor, stop replay.Stop) (Stop, error) {
	m := c.Machine()
	if stop != replay.Trapped || m.Raised() == nil {
		return Stop{}, nil
	}
	s.p.here.At = m.Steps()
	found := Stop{}
	if !m.Given() { // what comes from outside was seen at the end of its segment
		found = s.p.stops.AtError(m, s.p.told(m.Raised()))
	}
	_, err := c.Step(ctx)
	return found, err
}

func (s *backScan) watching(ctx context.Context, c *replay.Cursor, watches []*Watch, to uint64) (Stop, error) {
	p, m := s.p, c.Machine()
	registers := Registers(watches)
	written := m.Writes(registers)
	stop, err := c.Step(ctx)
	if to = p.untilEdit(ctx, c.Instant(), to); err == nil && stop != replay.Trapped && written < 0 && m.Steps() < to {
		stop, written, err = c.RunWatching(ctx, to, registers)
	}
	if err != nil {
		return Stop{}, err
	}
	if written >= 0 && m.Raised() == nil && watches[written].Stands(m) {
		found := p.stops.AtWrite(ctx, m, watches[written], p.futures(ctx))
		found.Instant.At--
		return found, nil
	}
	return s.raised(ctx, c, stop)
}

// count numbers the passes of breakpoints with hit counts in the order of the session, so that a count means the same wherever
// the search begins.
func (p *past) count(ctx context.Context) error {
	force := p.stops.force.Load()
	if p.counted == force || !force.counts() {
		return nil
	}
	here, index, raising := p.here, p.index, p.raising
	defer func() { p.here, p.index, p.raising = here, index, raising }()
	for i := range p.order {
		p.index = i
		p.here = replay.Instant{Thread: p.order[i].Thread, At: p.order[i].First}
		c, err := p.going(ctx, p.here)
		if err != nil {
			return err
		}
		if err := p.countIn(ctx, c, p.order[i].Last); err != nil {
			return err
		}
	}
	p.counted = force
	return nil
}

// countIn passes a segment.
func (p *past) countIn(ctx context.Context, c *replay.Cursor, last uint64) error {
	m := c.Machine()
	m.Attach(p.stops.Traps(p.code))
	for {
		p.here.At = m.Steps()
		p.hit(ctx, m)
		if m.Steps() >= last {
			return ctx.Err()
		}
		stop, err := c.Step(ctx)
		for err == nil && stop == replay.Trapped {
			stop, err = c.Step(ctx)
		}
		if err == nil && m.Steps() < last {
			_, err = c.RunTo(ctx, p.untilEdit(ctx, c.Instant(), last))
		}
		if err != nil {
			return err
		}
	}
}

// counts says whether anything has a hit count.
func (f *force) counts() bool {
	for _, rules := range f.breakpoints {
		for _, r := range rules {
			if r.hits.op != "" {
				return true
			}
		}
	}
	return false
}
