package fork

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Answer replaces what a Python call came to.
type Answer struct {
	Thread string
	// Slot is the number of the answer in the thread's log, from 0. A thread that is nothing but one Python call has no log: its end is slot 0.
	Slot  uint64
	Value vm.Value
}

// Options say where a session is forked, and how.
type Options struct {
	At      replay.Instant
	Answers []Answer
	// Clock and Random are the system's if nil. Lease is how long the new threads are nobody's while they are written, MaxAge and TTL are
	// those of the engine that will run them.
	Clock       engine.Clock
	Random      engine.Source
	MaxAge, TTL time.Duration
}

// Fork is a new session.
type Fork struct {
	// Session is its ID.
	Session string
	// Stop is the instant at which it is what was asked for: the one that it was forked at, or, if a changed answer of that thread comes
	// before, the one just after that answer; or where the thread stands, if it cannot come so far without what is executed anew.
	Stop replay.Instant
	// Recorded has, for each of its threads, the instant up to which it is the old one: where it goes on, or its end.
	Recorded map[string]uint64
	// Whole are the threads that have ended.
	Whole map[string]bool
}

// ErrNothingKept says that an answer is to be changed that the fork would not keep.
var ErrNothingKept = errors.New("it comes after the instant of the fork, and will be asked for anew")

// Make forks a session into a store, which may be the one that it is in. The new session runs when an engine resumes it.
func Make(ctx context.Context, from *replay.Session, to engine.Store, o Options) (*Fork, error) {
	if o.Clock == nil {
		o.Clock = engine.SystemClock{}
	}
	if o.Random == nil {
		o.Random = engine.SystemRandom{}
	}
	p, err := newPlan(ctx, from, o)
	if err != nil {
		return nil, fmt.Errorf("fork session %s at %s:%d: %w", from.ID(), o.At.Thread, o.At.At, err)
	}
	w := &writer{p: p, from: from, to: to, o: o, session: engine.NewSession(o.Clock.Now(), o.Random)}
	if err := w.write(ctx); err != nil {
		return nil, fmt.Errorf("fork session %s at %s:%d: %w", from.ID(), o.At.Thread, o.At.At, err)
	}
	f := &Fork{Session: w.session, Stop: p.stop(), Recorded: map[string]uint64{}, Whole: map[string]bool{}}
	for name, t := range p.threads {
		if t.dropped {
			continue
		}
		f.Recorded[name], f.Whole[name] = t.upTo(), t.isWhole()
	}
	return f, nil
}
