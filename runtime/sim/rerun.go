package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What was stored of a thread is enough to run it again, from its first instruction: with an engine whose store answers
// from the records and takes nothing, whose Python cannot be called, and whose clock goes on when somebody waits.

var errPast = errors.New("the past cannot be changed")

// past is the store, the clock and the Python of a thread that is run again.
type past struct {
	engine.Store
	e     *engine.Engine
	head  engine.Head
	now   time.Time
	wrong error
	end   *engine.Finish
}

func newPast(store engine.Store) *past {
	p := &past{Store: store}
	p.e = engine.New(engine.Config{Store: p, Executor: idle{}, Foreign: p, Clock: p, Random: rand.New(rand.NewPCG(1, 1)), Fuel: 1000})
	return p
}

// rerun runs all threads again.
func (m *monitor) rerun(heads []*engine.Head) {
	p := newPast(m.store)
	for _, h := range heads {
		if err := p.rerun(h); err != nil {
			m.fails(remembers, "%s, when it is run again: %v", h.ID.Thread, err)
		}
	}
}

// rerun runs a thread that has ended again, and says how it came out otherwise than it did.
func (p *past) rerun(h *engine.Head) error {
	if !h.Done || h.Outside || h.Attempts > 0 || engine.IsOutside(h.ID.Thread) {
		return nil // its end is not its own, or it is one Python call, whose answer is its end
	}
	p.head, p.now, p.wrong, p.end = *h, h.Started, nil, nil
	if err := p.e.Run(context.Background(), h.ID); err != nil {
		return errors.Join(p.wrong, err)
	}
	if p.wrong != nil {
		return p.wrong
	}
	if p.end == nil {
		return errors.New("it does not come to its end")
	}
	if !same(p.end.Answer, h.Answer) || p.end.Spawned != h.Spawned || !bytes.Equal(p.end.Output.Bytes, h.Output.Bytes) || p.end.Output.Digest != h.Output.Digest {
		return errors.New("it comes to another end")
	}
	return nil
}

func (p *past) begun() engine.Head {
	h := p.head
	h.Done, h.Snap, h.Waiters, h.More = false, engine.Data{}, nil, false
	h.Deadline, h.Expires = time.Time{}, time.Time{}
	h.Epoch, h.Tries, h.Wait, h.Wake = 2, 2, 0, 0
	return h
}

func (p *past) Now() time.Time { return p.now }

func (p *past) Sleep(_ context.Context, d time.Duration) error {
	p.now = p.now.Add(d)
	return nil
}

func (p *past) AfterFunc(time.Duration, func()) func() { return func() {} }

func (p *past) Call(_ context.Context, c engine.Call) (engine.CallResult, error) {
	p.wrong = fmt.Errorf("it calls %s", c.Alias)
	return engine.CallResult{}, errPast
}

func (p *past) Create(context.Context, engine.Head) (bool, error) { return false, nil }

func (p *past) Claim(context.Context, engine.Claim) (engine.Head, bool, error) {
	return p.begun(), true, nil
}

func (p *past) Park(_ context.Context, park engine.Park) (engine.ParkOutcome, error) {
	if len(park.Targets) > 0 {
		p.wrong = fmt.Errorf("it waits for %v", park.Targets)
		return engine.Fenced, nil
	}
	p.now = park.Until
	return engine.Woken, nil
}

func (p *past) Finish(_ context.Context, f engine.Finish) (engine.Head, bool, error) {
	p.end = &f
	return p.begun(), false, nil
}

func (p *past) Preempt(context.Context, engine.Preempt) (bool, error) { return true, nil }

func (p *past) Register(ctx context.Context, target engine.ID, _ engine.Waiter) (engine.Head, bool, error) {
	heads, err := p.Store.Heads(ctx, []engine.ID{target})
	if err != nil || heads[0] == nil {
		return engine.Head{}, false, errors.Join(err, engine.ErrNotFound)
	}
	return *heads[0], !heads[0].Done, nil
}

func (p *past) See(context.Context, engine.ID) error { return nil }

func (p *past) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	heads, err := p.Store.Heads(ctx, ids)
	for i, h := range heads {
		if h != nil && h.ID == p.head.ID {
			own := p.begun()
			heads[i] = &own
		}
	}
	return heads, err
}

func (p *past) PutSlot(ctx context.Context, s engine.Slot) (engine.Slot, bool, error) {
	slots, _, err := p.Store.Slots(ctx, s.ID, s.Number)
	if err != nil || len(slots) == 0 || slots[0].Number != s.Number {
		p.wrong = fmt.Errorf("its slot %d is missing", s.Number)
		return s, false, errors.Join(err, errPast)
	}
	return slots[0], false, nil
}

func (p *past) PutBlob(context.Context, engine.Blob) error { return nil }

// idle runs nothing but what it has to wait for.
type idle struct{}

func (idle) Invoke(context.Context, *engine.Engine, engine.ID) error { return nil }

func (idle) Outside(wait func()) { wait() }

func (idle) Yield() {}

func (idle) Together(jobs ...func()) {
	for _, job := range jobs {
		job()
	}
}
