package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// Commands about the whole of a session, by its records.

// records are what a replay of the session reads.
func (c *console) records(ctx context.Context) (*replay.Session, error) {
	session, err := c.target.Records(ctx)
	if err == nil && session == nil {
		err = errors.New("nothing of this run is recorded")
	}
	return session, err
}

// output shows what was printed so far.
func (c *console) output(ctx context.Context, _ string) error {
	session, err := c.records(ctx)
	if err != nil {
		return err
	}
	lines, gaps, err := session.Lines(ctx)
	if err != nil {
		return err
	}
	all := shownLines{Type: "lines", Lines: []shownOutput{}}
	for _, l := range lines {
		all.Lines = append(all.Lines, shownOutput{
			Type: "output", Text: l.Text, Stream: streamName(l.Stream), Thread: l.ID.Thread, Instant: jsonInstant(l.Instant),
		})
	}
	c.say(all)
	return errors.Join(gaps...)
}

// streamName is how a line's stream is called.
func streamName(s engine.Stream) string {
	if s == engine.Stderr {
		return "stderr"
	}
	return "stdout"
}

// timeline draws the threads over time.
func (c *console) timeline(ctx context.Context, _ string) error {
	session, err := c.records(ctx)
	if err != nil {
		return err
	}
	t, gaps, err := timeline.Read(ctx, session, timeline.Window{})
	if err != nil {
		return err
	}
	c.say(shownTimeline{Type: "timeline", Timeline: t})
	return errors.Join(gaps...)
}

// lookBack opens the past of a program that has ended, at its end.
func (c *console) lookBack(ctx context.Context) error {
	session, err := c.records(ctx)
	if err != nil {
		return fmt.Errorf("look back at what has ended: %w", err)
	}
	h := newHearing(c.say)
	h.muted = true
	target, err := debugger.NewRecorded(ctx, session, debugger.View{}, h)
	if err != nil {
		return err
	}
	ended := c.target
	c.hearing.silence()
	past := &opened{Target: target, shownPath: ended.shownPath, world: ended.world, close: func() error {
		ended.end()
		return nil
	}}
	return c.begin(ctx, h, past)
}

// fork goes on for real from where the thread stands, or from another instant.
func (c *console) fork(ctx context.Context, rest string) error {
	at, err := c.instant()
	if rest != "" {
		at, err = parseInstant(rest)
	}
	if err != nil {
		return err
	}
	session, err := c.records(ctx)
	if err != nil {
		return fmt.Errorf("fork what was not recorded: %w", err)
	}
	kept, err := c.target.world(ctx)
	if err != nil {
		return err
	}
	h := newHearing(c.say)
	h.muted = true
	target, err := debugger.NewFork(ctx, session, fork.Options{At: at}, debugger.Entry{}, kept.World, h)
	if err != nil {
		_ = kept.Close()
		return err
	}
	from := c.target
	c.hearing.silence()
	from.end()
	c.tell("a fork of session %s from %s", session.ID(), instantText(at))
	return c.begin(ctx, h, &opened{Target: target, shownPath: from.shownPath, runs: true, world: from.world, close: kept.Close})
}
