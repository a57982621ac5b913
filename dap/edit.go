package dap

import (
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

// Changes of the program where it stands.

var errNoEdit = errors.New("nothing can be changed here: what has run cannot be; start a fork here (launch with \"session\" and \"fork\"), which goes on for real")

func (c *call) onSetVariable(a dap.SetVariableArguments) (any, error) {
	holder, ok := c.handles.containers[a.VariablesReference]
	switch {
	case !ok:
		return nil, fmt.Errorf("there are no variables %d: the program has gone on since", a.VariablesReference)
	case !c.target.Abilities().Edit:
		return nil, errNoEdit
	case holder.scope == nil:
		return nil, errors.New("a part of a value cannot be changed, since values never change: set the variable to another value")
	case !holder.scope.assignable:
		return nil, fmt.Errorf("%s cannot be set: locals and arguments can", a.Name)
	}
	return c.assign(holder.frame, a.Name, a.Value, a.Format)
}

func (c *call) onSetExpression(a dap.SetExpressionArguments) (any, error) {
	if !c.target.Abilities().Edit {
		return nil, errNoEdit
	}
	if a.FrameId == 0 {
		return nil, errors.New("no frame is selected")
	}
	return c.assign(a.FrameId, a.Expression, a.Value, a.Format)
}

// assign gives a local or argument of a frame the value of an expression.
func (c *call) assign(frame int, name, text string, format *dap.ValueFormat) (any, error) {
	f, err := c.frame(frame)
	if err != nil {
		return nil, err
	}
	if f.Started || f.Label {
		return nil, errors.New("the frame is one of another thread, as it was: only the thread's own frames can be changed")
	}
	register, err := f.Assignable(name)
	if err != nil {
		return nil, err
	}
	v, err := c.target.Evaluate(c.ctx, f, text, false)
	if err != nil {
		return nil, err
	}
	e := debugger.Edit{Kind: debugger.SetRegister, Thread: c.handles.threadOf(frame), Frame: f.Number(), Register: register, Value: v}
	if err := c.edit(e); err != nil {
		return nil, err
	}
	if c.client.Invalidated {
		c.then = func() {
			c.event("invalidated", dap.InvalidatedEventBody{Areas: []dap.InvalidatedAreas{"stacks", "variables"}, ThreadId: e.Thread})
		}
	}
	return c.assigned(v, name, format), nil
}

func (c *call) assigned(v vm.Value, name string, format *dap.ValueFormat) assigned {
	c.shape = &shape{hex: format != nil && format.Hex}
	defer func() { c.shape = nil }()
	body := assigned{SetExpressionResponseBody: dap.SetExpressionResponseBody{Value: c.text(v), Type: debugger.Type(v)}}
	body.VariablesReference, body.IndexedVariables, body.NamedVariables = c.contained(v, name)
	body.ValueLocation = c.defined(v)
	return body
}

// edit makes a change. Frames are looked at anew after it.
func (c *call) edit(e debugger.Edit) error {
	if !c.target.Abilities().Edit {
		return errNoEdit
	}
	err := c.target.Edit(c.ctx, e)
	c.handles.edited()
	return err
}

// jump makes a thread stand elsewhere. The client is told of that as a stop, after the answer.
func (c *call) jump(e debugger.Edit) error {
	if !c.target.Abilities().Edit {
		return errNoEdit
	}
	c.hold()
	if err := c.target.Edit(c.ctx, e); err != nil {
		return err
	}
	c.handles.clear()
	return nil
}
