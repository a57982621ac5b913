package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// Commands that let the target go on, or back.

// move lets the target go on until it stands again.
func (c *console) move(ctx context.Context, m debugger.Motion, rest string) error {
	switch rest {
	case "":
	case "alone":
		m.Single = true
	default:
		return fmt.Errorf("'%s' is not understood: \"alone\" lets only this thread go on", rest)
	}
	if err := c.standing(ctx, m.Kind.Backwards()); err != nil {
		return err
	}
	m.Thread = c.thread
	c.forget()
	if err := c.target.Move(m); err != nil {
		return err
	}
	c.begun = true
	return c.wait(ctx)
}

// standing makes sure that there is something to move: the past of a program that has ended is opened for going back.
func (c *console) standing(ctx context.Context, back bool) error {
	if !c.over {
		return nil
	}
	if !back {
		return errors.New("the program has ended: restart runs it again, back looks at its past")
	}
	return c.lookBack(ctx)
}

// run goes from the beginning to the first stop.
func (c *console) run(ctx context.Context, rest string) error {
	switch {
	case c.over:
		if err := c.start(ctx); err != nil {
			return err
		}
	case c.begun && c.target.runs:
		return errors.New("the program runs already: continue goes on, restart begins anew")
	case !c.target.runs:
		if err := c.toBeginning(ctx); err != nil {
			return err
		}
	}
	return c.move(ctx, debugger.Motion{Kind: debugger.Continue}, rest)
}

// toBeginning goes to a saved session's first instant, unless it stands there.
func (c *console) toBeginning(ctx context.Context) error {
	first := replay.Instant{Thread: "0"}
	if now, err := c.instant(); err == nil && now == first {
		return nil
	}
	return c.travel(ctx, first)
}

// restart begins anew.
func (c *console) restart(ctx context.Context, _ string) error {
	c.endTarget()
	if err := c.start(ctx); err != nil {
		c.leaving = true // there is nothing left to debug
		c.failed = true
		return err
	}
	return nil
}

// until goes on to a line.
func (c *console) until(ctx context.Context, rest string) error {
	if rest == "" {
		return errors.New("until which line? until 12; goto THREAD:STEPS goes to an instant")
	}
	if _, err := parseInstant(rest); err == nil {
		return c.gotoInstant(ctx, rest)
	}
	p, err := c.stops.parse(rest)
	if err == nil {
		err = c.placed(ctx, p)
	}
	if err != nil {
		return err
	}
	c.stops.temporary = p
	c.applyStops()
	defer func() {
		c.stops.temporary = nil
		c.applyStops()
	}()
	return c.move(ctx, debugger.Motion{Kind: debugger.Continue}, "")
}

// gotoInstant goes to an instant.
func (c *console) gotoInstant(ctx context.Context, rest string) error {
	to, err := parseInstant(rest)
	if err != nil {
		return err
	}
	if err := c.standing(ctx, true); err != nil {
		return err
	}
	return c.travel(ctx, to)
}

func (c *console) travel(ctx context.Context, to replay.Instant) error {
	if err := c.target.Goto(ctx, to); err != nil {
		return err
	}
	return c.wait(ctx)
}

// cause shows what let the thread go on, or goes there.
func (c *console) cause(ctx context.Context, rest string) error {
	if rest != "" && rest != "go" {
		return fmt.Errorf("'%s' is not understood: \"cause go\" goes to the cause", rest)
	}
	cause, err := c.target.Cause(ctx, c.thread)
	if err != nil {
		return err
	}
	if cause == nil {
		return errors.New("nothing did: this is the session's first thread, and no await of it has gone on yet")
	}
	if cause.Instant == nil {
		c.tell("the future %s was resolved from outside, by nothing that could be shown", cause.Thread)
		return nil
	}
	if rest == "go" {
		return c.travel(ctx, *cause.Instant)
	}
	kind := "resolved"
	if cause.Started {
		kind = "started"
	}
	text := fmt.Sprintf("%s by thread %s at %s; \"cause go\" goes there", kind, cause.Thread, instantText(*cause.Instant))
	c.say(shownInstant{Type: "cause", Kind: kind, Instant: jsonInstant(*cause.Instant), text: text})
	return nil
}

func (c *console) showInstant(context.Context, string) error {
	i, err := c.instant()
	if err != nil {
		return err
	}
	c.say(shownInstant{Type: "instant", Instant: jsonInstant(i), text: instantText(i)})
	return nil
}

// jump lets the function go on at another line.
func (c *console) jump(ctx context.Context, rest string) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	p, err := c.stops.parse(rest)
	if err == nil {
		err = c.placed(ctx, p)
	}
	if err != nil {
		return err
	}
	here, _ := f.Place()
	for _, place := range p.places {
		if place.Function == here.Function {
			return c.edit(ctx, debugger.Edit{Kind: debugger.Jump, Thread: c.thread, Frame: f.Number(), PC: place.PC})
		}
	}
	return fmt.Errorf("line %d is not one of the function %s, which cannot be left by a jump", p.line+1, functionName(f))
}

// functionName is that of a frame without its arguments.
func functionName(f *debugger.Frame) string {
	name, _, _ := strings.Cut(f.Name, "(")
	return name
}

func (c *console) restartFrame(ctx context.Context, _ string) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	if !f.Restartable() {
		return errors.New("this frame cannot begin anew: choose one of this thread with \"frame\"")
	}
	return c.edit(ctx, debugger.Edit{Kind: debugger.RestartFrame, Thread: c.thread, Frame: f.Number()})
}

// edit changes the program, and shows where it stands then.
func (c *console) edit(ctx context.Context, e debugger.Edit) error {
	if err := c.target.Edit(ctx, e); err != nil {
		return err
	}
	number := c.frame
	c.forget()
	if e.Kind != debugger.SetRegister {
		return c.wait(ctx)
	}
	_, err := c.current(ctx)
	c.frame = number
	return err
}
