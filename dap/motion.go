package dap

import (
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// move lets the program go on, or back, after the request was answered.
func (c *call) move(m debugger.Motion) (any, error) {
	if m.Kind.Backwards() && !c.target.Abilities().Back {
		return nil, errNoWayBack
	}
	if m.Single || m.Kind != debugger.Continue && m.Kind != debugger.ReverseContinue {
		if err := c.exists(m.Thread); err != nil {
			return nil, err
		}
	}
	c.then = func() {
		c.handles.clear()
		if err := c.target.Move(m); err != nil {
			c.refused(m.Thread, err)
		}
	}
	return nil, nil
}

var errNoWayBack = errors.New("going back needs a record of the run, and there is none: it was launched with \"record\": false, or has none yet")

// refused is a motion that was answered and that the target does not make: the client is told that it stands where it stood.
func (c *call) refused(thread int, err error) {
	c.Log.Sugar().Warnf("go on: %v", err)
	if c.target.Stopped() {
		c.event("output", outputBody{Category: "important", Output: err.Error() + "\n"})
		c.listener.Stopped(debugger.Stop{Reason: debugger.OnPause, Thread: thread, Text: err.Error()})
	}
}

func (c *call) exists(thread int) error {
	for _, t := range c.target.Threads() {
		if t.ID == thread {
			return nil
		}
	}
	return fmt.Errorf("there is no thread %d", thread)
}

func (c *call) onContinue(a dap.ContinueArguments) (any, error) {
	if _, err := c.move(debugger.Motion{Kind: debugger.Continue, Thread: a.ThreadId, Single: a.SingleThread}); err != nil {
		return nil, err
	}
	return map[string]bool{"allThreadsContinued": !a.SingleThread}, nil
}

func (c *call) onReverseContinue(a dap.ReverseContinueArguments) (any, error) {
	return c.move(debugger.Motion{Kind: debugger.ReverseContinue, Thread: a.ThreadId, Single: a.SingleThread})
}

// stepArguments are those of all steps.
type stepArguments struct {
	ThreadID     int    `json:"threadId"`
	SingleThread bool   `json:"singleThread"`
	Granularity  string `json:"granularity"`
	TargetID     int    `json:"targetId"`
}

func (c *call) onNext(a stepArguments) (any, error)        { return c.step(debugger.StepOver, a) }
func (c *call) onStepOut(a stepArguments) (any, error)     { return c.step(debugger.StepOut, a) }
func (c *call) onStepBack(a stepArguments) (any, error)    { return c.step(debugger.BackOver, a) }
func (c *call) onStepBackIn(a stepArguments) (any, error)  { return c.step(debugger.BackIn, a) }
func (c *call) onStepBackOut(a stepArguments) (any, error) { return c.step(debugger.BackOut, a) }

func (c *call) onStepIn(a stepArguments) (any, error) { return c.step(debugger.StepIn, a) }

func (c *call) step(kind debugger.MotionKind, a stepArguments) (any, error) {
	m := debugger.Motion{Kind: kind, Thread: a.ThreadID, Single: a.SingleThread, Instruction: a.Granularity == "instruction"}
	if a.TargetID != 0 && kind == debugger.StepIn {
		place, err := c.handles.place(a.TargetID)
		if err != nil {
			return nil, err
		}
		m.Into = &place
	}
	return c.move(m)
}

// onPause is handled also while another request is at work.
func (c *call) onPause(a dap.PauseArguments) (any, error) {
	c.then = func() {
		if err := c.target.Pause(a.ThreadId); err != nil {
			c.Log.Sugar().Warnf("pause: %v", err) // the program is ending
		}
	}
	return nil, nil
}

// onCancel gives up a request, or a work that takes long. That there is none such is no error: it may have ended just now.
func (c *call) onCancel(a dap.CancelArguments) (any, error) {
	if a.RequestId != 0 {
		c.queue.cancel(a.RequestId)
	}
	if c.listener != nil && c.listener.isWorking(a.ProgressId) {
		c.queue.cancelLong()
		return nil, c.target.Pause(0)
	}
	return nil, nil
}

func (c *call) onStepInTargets(a dap.StepInTargetsArguments) (any, error) {
	f, err := c.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	body := targetsBody{Targets: []targetBody{}}
	if f.Number() != 0 || f.Started {
		return body, nil // one steps on from the innermost frame
	}
	for _, called := range f.Calls() {
		r := c.rangeOf(called.Range)
		body.Targets = append(body.Targets, targetBody{
			ID: c.handles.keepPlace(called.Place), Label: called.Name,
			Line: r.Line, Column: r.Column, EndLine: r.EndLine, EndColumn: r.EndColumn,
		})
	}
	return body, nil
}

func (c *call) onGotoTargets(a dap.GotoTargetsArguments) (any, error) {
	if !c.target.Abilities().Edit {
		return nil, errNoEdit
	}
	file, ok := c.sources.find(a.Source)
	if !ok {
		return nil, errors.New("the file does not belong to the program")
	}
	body := targetsBody{Targets: []targetBody{}}
	seen := map[int]bool{}
	for _, place := range c.program.Starts(file, a.Line-c.lineBase) {
		if seen[place.Function] {
			continue
		}
		seen[place.Function] = true
		from, _ := c.program.Point(place)
		body.Targets = append(body.Targets, targetBody{
			ID: c.handles.keepPlace(place), Label: c.program.FunctionName(place) + fmt.Sprintf(", line %d", from.Line+1),
			Line: c.line(from.Line), Column: c.column(from.Column), EndLine: c.line(from.Line), EndColumn: c.column(from.Column),
		})
	}
	return body, nil
}

func (c *call) onGoto(a dap.GotoArguments) (any, error) {
	place, err := c.handles.place(a.TargetId)
	if err != nil {
		return nil, err
	}
	stack, err := c.target.Stack(c.ctx, a.ThreadId)
	if err != nil {
		return nil, err
	}
	frames := stack.Frames(0, 1)
	if len(frames) == 0 {
		return nil, errors.New("the thread has not begun")
	}
	if here, ok := frames[0].Place(); !ok || here.Function != place.Function {
		return nil, fmt.Errorf("the thread stands in %s, and goto stays in its function: %s is another one",
			c.program.FunctionName(here), c.program.FunctionName(place))
	}
	return nil, c.jump(debugger.Edit{Kind: debugger.Jump, Thread: a.ThreadId, PC: place.PC})
}

func (c *call) onRestartFrame(a dap.RestartFrameArguments) (any, error) {
	f, err := c.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	if !f.Restartable() {
		return nil, errors.New("this frame cannot be restarted: it is not one of the thread's own")
	}
	thread := c.handles.threadOf(a.FrameId)
	return nil, c.jump(debugger.Edit{Kind: debugger.RestartFrame, Thread: thread, Frame: f.Number()})
}

// instantBody is the body of requests about one.
type instantBody struct {
	Instant replay.Instant `json:"instant"`
}

type threadArguments struct {
	ThreadID int `json:"threadId"`
	FrameID  int `json:"frameId"`
}

func (c *call) onInstant(a threadArguments) (any, error) {
	i, err := c.target.Instant(a.ThreadID)
	return instantBody{i}, err
}

type gotoArguments struct {
	Instant  *replay.Instant `json:"instant"`
	ThreadID int             `json:"threadId"`
}

func (c *call) onGotoInstant(a gotoArguments) (any, error) {
	if a.Instant == nil || a.Instant.Thread == "" {
		return nil, errors.New(`instant is missing: {"thread": "0.1", "at": 1234}, as stopped events and hark/instant have it`)
	}
	if !c.target.Abilities().Back {
		return nil, errNoWayBack
	}
	c.hold()
	if err := c.target.Goto(c.ctx, *a.Instant); err != nil {
		return nil, err
	}
	c.handles.clear()
	return instantBody{*a.Instant}, nil
}
