package replay

import (
	"context"
	"slices"

	"github.com/hark-lang/hark-ls/vm"
)

// Seek points are machines as bytes, taken while a thread is executed. They lie the closer together the closer they are to where
// somebody looks: going back by k instructions then executes about as many, and a thread of n instructions needs about log n of
// them. When they use up their budget, those go first that are close together for how far away they are.

// DefaultBudget is the memory for the seek points of a session, in bytes.
const DefaultBudget = 256 << 20

const (
	// interval is the least number of instructions between two seek points of the first reading, perByte how many more there are for
	// each byte of the machine: making one takes as long as executing a few instructions for each.
	interval = 64 << 10
	perByte  = 16
	// answers is after how many answers there is a seek point, however few instructions lie between them.
	answers = 256
	// closest is the distance below which no seek point is made: executing so many instructions takes no time that anybody notices.
	closest = 4 << 10
	// overhead is what a seek point takes beside its machine.
	overhead = 96
)

// point is a seek point.
type point struct {
	at uint64
	progress
	machine []byte
}

// seek is the memory that the seek points of a session use.
type seek struct{ used, budget int64 }

// At is the thread at an instant. It is an error if the thread has none of that number.
func (t *Thread) At(ctx context.Context, at uint64) (*Cursor, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if err := t.readTo(ctx, at); err != nil {
		return nil, err
	}
	if at > t.bound() {
		return nil, t.noInstant(at)
	}
	t.focus = at
	return t.at(ctx, at)
}

// SeekPoint is the last instant before a number of instructions that can be had at once: a seek point, or the thread's beginning.
func (t *Thread) SeekPoint(before uint64) uint64 {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if before == 0 {
		return 0
	}
	if i := t.pointBefore(before - 1); i >= 0 {
		return t.points[i].at
	}
	return 0
}

// pointBefore is the index of the last seek point that is not after an instant, -1 if there is none.
func (t *Thread) pointBefore(at uint64) int {
	i, found := slices.BinarySearchFunc(t.points, at, func(p point, at uint64) int { return compare(p.at, at) })
	if found {
		return i
	}
	return i - 1
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// at executes from the seek point before an instant, and leaves others behind: at half the way, at half of what is left, and so on.
func (t *Thread) at(ctx context.Context, at uint64) (*Cursor, error) {
	c, err := t.from(t.pointBefore(at))
	if err != nil {
		return nil, err
	}
	for c.m.Steps() < at {
		left, to := at-c.m.Steps(), at
		if left > closest {
			to = at - left/2
		}
		if stop, err := c.runTo(ctx, to); err != nil || stop != Reached && c.m.Steps() < to {
			return nil, cannotReach(c, at, stop, err)
		}
		if to < at && c.m.Steps() == to {
			t.keep(c)
		}
	}
	return c, nil
}

func cannotReach(c *Cursor, at uint64, stop Stop, err error) error {
	if err != nil {
		return err
	}
	return c.t.missing(nil, "it stops at instant %d (%d) on the way to %d, where it was before", c.m.Steps(), stop, at)
}

// from is a cursor at a seek point, or at the thread's beginning for -1.
func (t *Thread) from(i int) (*Cursor, error) {
	if i < 0 {
		m, err := vm.New(t.code, t.start)
		if err != nil {
			return nil, t.missing(err, "what it was started with")
		}
		return &Cursor{t: t, m: m}, nil
	}
	m, err := vm.Decode(t.code, t.points[i].machine)
	if err != nil {
		return nil, t.missing(err, "its state at instant %d", t.points[i].at)
	}
	return &Cursor{t: t, m: m, progress: t.points[i].progress}, nil
}

// keep makes a seek point where a cursor stands, and says how large it is.
func (t *Thread) keep(c *Cursor) int {
	i := t.pointBefore(c.m.Steps())
	if i >= 0 && t.points[i].at == c.m.Steps() {
		return len(t.points[i].machine)
	}
	p := point{at: c.m.Steps(), progress: c.progress, machine: c.m.Encode()}
	t.points = slices.Insert(t.points, i+1, p)
	t.s.seek.used += p.size()
	if t.s.seek.used > t.s.seek.budget {
		t.s.thin()
	}
	return len(p.machine)
}

func (p *point) size() int64 { return int64(len(p.machine)) + overhead }

// thin forgets seek points until a quarter of the budget is free.
func (s *Session) thin() {
	// Seek points stay whose distance to the one before is more than this part of their distance to where somebody looks.
	for part := 1.0 / 1024; s.seek.used > s.seek.budget/4*3; part *= 2 {
		if part > 1<<40 {
			part = 0
		}
		for _, t := range s.threads {
			t.thin(part)
		}
		if part == 0 {
			return
		}
	}
}

// thin of part 0 forgets all.
func (t *Thread) thin(part float64) {
	kept, last := t.points[:0], uint64(0)
	for _, p := range t.points {
		away := float64(max(p.at, t.focus) - min(p.at, t.focus))
		if part > 0 && float64(p.at-last) > part*max(away, closest) {
			kept, last = append(kept, p), p.at
			continue
		}
		t.s.seek.used -= p.size()
	}
	clear(t.points[len(kept):])
	t.points = kept
}

// Memory is how many bytes the session's seek points take.
func (s *Session) Memory() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seek.used
}
