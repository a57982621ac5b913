package cli

import (
	"context"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// Following a session that another process runs: a store that can say whether something has changed is asked often, another one is read
// once in a while.

const (
	followAsk  = 50 * time.Millisecond
	followRead = time.Second
)

// lineSpot is where a line belongs. It is the same before the line is stored and after that.
type lineSpot struct {
	thread       string
	stream       engine.Stream
	number, call uint64
	try, index   int
}

func spotOf(l *replay.Line) lineSpot {
	return lineSpot{l.ID.Thread, l.Stream, l.Number, l.Call, l.Attempt, l.Index}
}

// followed prints the lines of a session as they come, until it has ended.
func (o *outputFlags) followed(ctx context.Context, env *environment, s *storage, root *engine.Head) error {
	session, err := replay.Open(ctx, s.Store, root.ID.Session)
	if err != nil {
		return err
	}
	shown := map[lineSpot]bool{}
	changes := &changes{store: s.Store}
	for {
		// Whether it has ended is looked at first: then no line comes after the last reading.
		live, err := s.live(ctx, root.ID.Session)
		if err != nil {
			return err
		}
		lines, gaps, err := s.linesOf(ctx, session)
		if err != nil {
			return err
		}
		for i := range lines {
			if l := &lines[i]; o.wants(l) && !shown[spotOf(l)] {
				shown[spotOf(l)] = true
				if err := o.show(env, l); err != nil {
					return err
				}
			}
		}
		if live == 0 || len(gaps) > 0 {
			return missing(env, gaps)
		}
		if err := changes.wait(ctx); err != nil {
			return err
		}
		if err := session.Refresh(ctx); err != nil {
			return err
		}
	}
}

func (o *outputFlags) show(env *environment, l *replay.Line) error {
	if o.json {
		return writeJSON(env.Out, lineOf(l))
	}
	printLine(env, l)
	return nil
}

// changes says when another process may have written to a store.
type changes struct {
	store   engine.Store
	version int64
	known   bool
}

func (c *changes) wait(ctx context.Context) error {
	versioned, ok := c.store.(engine.Versioned)
	every := followRead
	if ok {
		every = followAsk
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
		if !ok {
			return nil
		}
		version, err := versioned.Version(ctx)
		if err != nil {
			return err
		}
		if before, known := c.version, c.known; !known || version != before {
			c.version, c.known = version, true
			return nil
		}
	}
}
