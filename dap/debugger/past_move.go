package debugger

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/replay"
)

// move makes a motion. If the context ends on the way, the position is where it had come to, and the error the context's.
func (p *past) move(ctx context.Context, m Motion, thread string) (arrival, error) {
	if err := p.count(ctx); err != nil {
		return arrival{}, err
	}
	switch {
	case !m.Kind.Backwards():
		return p.forwards(ctx, m, thread)
	case m.Kind == ReverseContinue:
		if err := p.onlyOne(m, thread); err != nil {
			return arrival{}, err
		}
		stop, err := p.reverse(ctx, m.Single)
		return arrival{Stop: stop}, err
	}
	stop, err := p.stepBack(ctx, m, thread)
	return arrival{Stop: stop}, err
}

// onlyOne makes the thread that is the only one to go that of the position.
func (p *past) onlyOne(m Motion, thread string) error {
	if !m.Single || thread == p.here.Thread {
		return nil
	}
	at, begun := p.shown(thread)
	if !begun {
		return errGone
	}
	return p.set(at)
}

// stepBack makes a step back, unless something else stops it on the way.
func (p *past) stepBack(ctx context.Context, m Motion, thread string) (Stop, error) {
	to, beginning, err := p.back(ctx, m, thread)
	if err != nil {
		return Stop{}, err
	}
	if err := p.onlyOne(m, thread); err != nil {
		return Stop{}, err
	}
	if index, _, err := p.locate(to); err == nil && index <= p.index && to != p.here {
		if stop, err := p.stopBetween(ctx, to, m.Single); err != nil || stop.Reason != 0 {
			return stop, err
		}
	}
	if err := p.set(to); err != nil {
		return Stop{}, err
	}
	stop := Stop{Reason: AfterStep, Instant: p.here}
	if beginning {
		stop.Reason = AtBeginning
	}
	return p.named(ctx, stop)
}

// named adds the breakpoints of the place.
func (p *past) named(ctx context.Context, s Stop) (Stop, error) {
	c, err := p.cursor(ctx, p.unedited(ctx, p.here))
	if err != nil {
		return s, err
	}
	s.Breakpoints = p.hit(ctx, c.Machine()).Breakpoints
	return s, nil
}

// begin goes to where a session is shown first that nobody wants to see from its beginning: to the first stop, else to where
// it fails, else to its last instant.
func (p *past) begin(ctx context.Context) (Stop, error) {
	if err := p.set(p.first()); err != nil {
		return Stop{}, err
	}
	if err := p.count(ctx); err != nil {
		return Stop{}, err
	}
	at, err := p.forwards(ctx, Motion{Kind: Continue}, p.here.Thread)
	if err != nil || at.Reason != AtEnd {
		return at.Stop, err
	}
	root := p.session.Root()
	all := p.of[root.ID()]
	if root.Status() != replay.Failed || len(all) == 0 {
		return at.Stop, nil
	}
	_, fault, err := root.Result(ctx)
	if err != nil {
		return at.Stop, nil // what it failed with is missing; that it is shown to its end is something
	}
	to := replay.Instant{Thread: root.ID(), At: p.order[all[len(all)-1]].Last}
	if err := p.set(to); err != nil {
		return at.Stop, err
	}
	p.raising = true
	return Stop{Reason: OnError, Instant: to, Error: fault}, nil
}
