package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// console is the debugger in a terminal: it reads commands, lets the target go on and waits until it stands again.
type console struct {
	env     *environment
	options *debugOptions
	open    opener
	target  *opened
	hearing *hearing
	// saying: the program prints while the console does.
	saying sync.Mutex
	// lines are where commands come from; asking: somebody types them.
	lines  lineReader
	asking bool
	// signals are those of Ctrl-C, of a terminal only.
	signals chan os.Signal

	stops stops
	// thread and frame are what commands are about; stack is the thread's, read when it is wanted.
	thread, frame int
	stack         *debugger.Stack
	// listed is the line after the last one that was listed, 0 for around the frame's; in is the file.
	listed, in int

	// begun: it has been let go on. over: it has ended. failed: it ran here, and failed. leaving: somebody wants to.
	begun, over, failed, leaving bool
	// last is the command that an empty line repeats.
	last string
	// givenUp counts Ctrl-C at the prompt.
	givenUp int
}

func newConsole(env *environment, o *debugOptions, open opener) *console {
	c := &console{env: env, options: o, open: open}
	c.stops.at = debugger.ExceptionStops{Uncaught: true}
	return c
}

// start opens the target and lets it begin: it stops at once.
func (c *console) start(ctx context.Context) error {
	h := newHearing(c.say)
	target, err := c.open(ctx, h)
	if err != nil {
		return err
	}
	c.failed = false
	return c.begin(ctx, h, target)
}

// begin lets a target begin, with what stops it.
func (c *console) begin(ctx context.Context, h *hearing, target *opened) error {
	h.target, c.hearing, c.target = target, h, target
	c.begun, c.over, c.thread = false, false, 0
	c.forget()
	c.stops.place(target.Program())
	c.target.SetExceptionStops(c.stops.at)
	c.applyStops()
	if err := target.Begin(ctx); err != nil {
		return environmentError(err)
	}
	defer h.unmute()
	return c.wait(ctx)
}

// endTarget ends what runs, and its Python.
func (c *console) endTarget() {
	if c.target == nil {
		return
	}
	c.hearing.silence()
	c.target.end()
	c.target = nil
}

func (c *console) close() {
	c.endTarget()
	if c.lines != nil {
		c.lines.close()
	}
	if c.signals != nil {
		signal.Stop(c.signals)
	}
}

// loop carries out the commands of -c, then those of the input.
func (c *console) loop(ctx context.Context) error {
	for _, text := range c.options.commands {
		if err := c.script(ctx, text); err != nil || c.leaving {
			return c.outcome(err)
		}
	}
	if len(c.options.commands) > 0 && !c.options.interactive {
		return c.outcome(nil)
	}
	c.lines = newLineReader(c.env, lineOptions{
		complete: c.complete, history: "debug-history", greeting: `"help" lists the commands, Ctrl-D leaves.`,
	})
	if _, c.asking = c.lines.(*editedLines); c.asking {
		c.env.releaseSignals() // Ctrl-C pauses
		c.signals = make(chan os.Signal, 2)
		signal.Notify(c.signals, os.Interrupt)
	}
	for !c.leaving {
		input, err := c.lines.read("(hark) ")
		if errors.Is(err, errAborted) {
			c.aborted()
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = c.typed(ctx, input)
		}
		if err != nil {
			return c.outcome(err)
		}
	}
	return c.outcome(nil)
}

// aborted is Ctrl-C at the prompt: the second one leaves.
func (c *console) aborted() {
	if c.givenUp++; c.givenUp > 1 {
		c.leaving = true
		return
	}
	c.tell("Ctrl-C again leaves, and so does \"quit\"")
}

// typed is a line of the input.
func (c *console) typed(ctx context.Context, input string) error {
	c.givenUp = 0
	input = strings.TrimSpace(input)
	if !c.asking {
		return c.script(ctx, input)
	}
	if input == "" {
		input = c.last
	} else {
		c.lines.remember(input)
	}
	c.last = ""
	_ = c.script(ctx, input) // it was said what is wrong
	return ctx.Err()
}

// script carries out a line of commands. The error is for one that failed, unless that does not matter.
func (c *console) script(ctx context.Context, text string) error {
	for _, text := range splitCommands(text) {
		err := c.carryOut(ctx, text)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			c.say(shownProblem{Type: "error", Command: text, Message: withoutHint(err)})
			if !c.options.keepGoing {
				return errStopped
			}
		}
		if c.leaving {
			return nil
		}
	}
	return nil
}

// outcome is the error that says how it went.
func (c *console) outcome(err error) error {
	switch {
	case errors.Is(err, errStopped), err == nil && c.failed && !c.asking:
		return errFailed
	case err != nil:
		return fmt.Errorf("read a command: %w", err)
	}
	return nil
}

// wait waits until the target stands or has ended, and says so.
func (c *console) wait(ctx context.Context) error {
	interrupts := 0
	for {
		switch news := c.hearing.next().(type) {
		case nil:
		case debugger.Stop:
			return c.arrived(ctx, news)
		case debugger.End:
			c.ended(news)
			return nil
		default:
			continue
		}
		select {
		case <-c.hearing.more:
		case <-c.signals:
			if interrupts++; interrupts > 1 {
				c.leaving = true
				return nil
			}
			c.tell("pausing; Ctrl-C again leaves")
			if err := c.target.Pause(c.thread); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// arrived says where the target stands now.
func (c *console) arrived(ctx context.Context, s debugger.Stop) error {
	c.forget()
	s.Breakpoints = slices.DeleteFunc(slices.Clone(s.Breakpoints), func(id int) bool { return id == 0 }) // that of until
	c.thread = s.Thread
	if c.thread == 0 {
		c.thread = c.anyThread()
	}
	if c.target.runs {
		c.failed = s.Reason == debugger.OnError && !s.Caught
	}
	frame, err := c.current(ctx)
	if err != nil {
		frame = nil // a thread that has not begun, or has ended
	}
	if s.Instant.Thread == "" {
		s.Instant, _ = c.target.Instant(c.thread)
	}
	c.say(c.stopped(s, frame))
	return ctx.Err()
}

// forget is for what is no longer true once the target goes on.
func (c *console) forget() { c.stack, c.frame, c.listed = nil, 0, 0 }

func (c *console) anyThread() int {
	for _, t := range c.target.Threads() {
		return t.ID
	}
	return 0
}

// ended says how the session ended.
func (c *console) ended(e debugger.End) {
	c.forget()
	c.over = true
	c.failed = c.target.runs && (e.Err != nil || e.Result.Err != nil)
	c.say(c.end(e))
}

// current is the frame that commands are about: after a stop the innermost of the user's own.
func (c *console) current(ctx context.Context) (*debugger.Frame, error) {
	if c.stack == nil {
		stack, err := c.target.Stack(ctx, c.thread)
		if err != nil {
			return nil, err
		}
		c.stack, c.frame = stack, ownFrame(stack)
	}
	frames := c.stack.Frames(c.frame, 1)
	if len(frames) == 0 {
		return nil, errors.New("the thread has no frame: it has not begun")
	}
	return &frames[0], nil
}

// ownFrame is the number of the innermost frame that is not the prelude's.
func ownFrame(stack *debugger.Stack) int {
	const looked = 50
	for i, f := range stack.Frames(0, looked) {
		if f.Known && !f.Prelude && !f.Label {
			return i
		}
	}
	return 0
}

// instant is where the thread stands that commands are about.
func (c *console) instant() (replay.Instant, error) {
	return c.target.Instant(c.thread)
}

// say shows an item to whoever listens.
func (c *console) say(i item) {
	c.saying.Lock()
	defer c.saying.Unlock()
	if c.options.json {
		_ = writeJSON(c.env.Out, i)
		return
	}
	i.show(c.env)
}

func (c *console) tell(format string, args ...any) {
	c.say(shownMessage{Type: "message", Text: fmt.Sprintf(format, args...)})
}
