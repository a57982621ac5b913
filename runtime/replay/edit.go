package replay

import (
	"context"
	"errors"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Edits: changes that a debugger made of a thread while it ran. Each is a slot of the log, and says itself at which instant it was made. It
// begins no segment: the thread was told nothing by anybody else.

// Edited is a change that a debugger made.
type Edited struct {
	// Slot is its number in the thread's log; the thread had executed At instructions before it, and At+1 after it.
	Slot uint64
	At   uint64
	Edit engine.Edit
}

// Edits are the changes that were made of the thread, in order.
func (t *Thread) Edits(ctx context.Context) ([]Edited, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if err := t.prepare(ctx); err != nil {
		return nil, err
	}
	var all []Edited
	for i := range t.slots {
		if t.slots[i].Kind != engine.SlotEdit {
			continue
		}
		e, err := t.edit(ctx, &t.slots[i])
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

// edit is the change that a slot holds.
func (t *Thread) edit(ctx context.Context, s *engine.Slot) (Edited, error) {
	at, e, err := engine.ReadEdit(t.code, t.s.loader(ctx), *s)
	if err != nil {
		return Edited{}, t.missingSlot(s.Number, err, "the change that was made")
	}
	return Edited{s.Number, at, e}, nil
}

// nextEdit is the change in a cursor's next slot, nil if that is none.
func (c *Cursor) nextEdit(ctx context.Context) (*Edited, error) {
	s := c.t.slot(c.slot)
	if s == nil || s.Kind != engine.SlotEdit {
		return nil, nil
	}
	if known := c.upcoming; known != nil && known.Slot == s.Number {
		return known, nil
	}
	e, err := c.t.edit(ctx, s)
	if err != nil {
		return nil, err
	}
	if e.At < c.m.Steps() {
		return nil, c.t.missingSlot(s.Number, nil, "it is a change at instant %d, which the thread had passed", e.At)
	}
	c.upcoming = &e
	return c.upcoming, nil
}

// untilEdit makes the changes for where the cursor stands, if it is to go further, and says how far it may go before the next one.
func (c *Cursor) untilEdit(ctx context.Context, at uint64) (uint64, error) {
	for {
		e, err := c.nextEdit(ctx)
		switch {
		case err != nil || e == nil:
			return at, err
		case e.At > c.m.Steps() || at <= c.m.Steps():
			return min(at, e.At), nil
		}
		if err := c.m.Edit(e.Edit); err != nil {
			return at, c.t.missingSlot(e.Slot, err, "the change does not fit this execution")
		}
		c.upcoming = nil
		c.advance()
	}
}

// lastEdit is the instant after the last change, 0 if there is none. What cannot be read is found out when it is made.
func (t *Thread) lastEdit(ctx context.Context) (uint64, error) {
	for i := len(t.slots) - 1; i >= 0; i-- {
		if t.slots[i].Kind != engine.SlotEdit {
			continue
		}
		e, err := t.edit(ctx, &t.slots[i])
		if missing := (*Missing)(nil); errors.As(err, &missing) && ctx.Err() == nil {
			return 0, nil
		}
		return e.At + 1, err
	}
	return 0, nil
}
