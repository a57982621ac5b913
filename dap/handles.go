package dap

import (
	"errors"
	"fmt"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

// handles are what the client may ask about at a stop, by number. Numbers are never used twice, so that an old one is known to
// be gone.
type handles struct {
	last       int
	frames     map[int]frameHandle
	containers map[int]container
	places     map[int]debugger.Place
	locations  map[int]debugger.Range
	// edits counts changes of the program since it stopped.
	edits int
}

// frameHandle is a frame of a thread's stack, as it was after so many edits.
type frameHandle struct {
	debugger.Frame
	thread int
	edits  int
	// asOf: its values are those of when it started the thread.
	asOf bool
}

// container has variables: a scope of a frame, the parts of a value, or what is known of a future.
type container struct {
	// scope and frame: a scope.
	scope *scope
	frame int
	// value is one with parts, name an expression for it, "" if there is none.
	value *vm.Value
	name  string
}

// clear forgets everything: the program goes on.
func (h *handles) clear() { *h = handles{last: h.last} }

// keep gives a number to something.
func keep[T any](h *handles, in *map[int]T, what T) int {
	if *in == nil {
		*in = map[int]T{}
	}
	h.last++
	(*in)[h.last] = what
	return h.last
}

func (h *handles) keepFrame(f debugger.Frame, thread int) int {
	return keep(h, &h.frames, frameHandle{Frame: f, thread: thread, edits: h.edits})
}

func (h *handles) keepContainer(c container) int     { return keep(h, &h.containers, c) }
func (h *handles) keepPlace(p debugger.Place) int    { return keep(h, &h.places, p) }
func (h *handles) keepLocation(r debugger.Range) int { return keep(h, &h.locations, r) }
func (h *handles) threadOf(frame int) int            { return h.frames[frame].thread }
func (h *handles) edited()                           { h.edits++ }

func (h *handles) place(id int) (debugger.Place, error) {
	p, ok := h.places[id]
	if !ok {
		return p, fmt.Errorf("there is no target %d: the program has gone on since", id)
	}
	return p, nil
}

// frame is a frame by its number, as it is now.
func (c *call) frame(id int) (*debugger.Frame, error) {
	if id == 0 {
		return nil, errors.New("no frame is selected")
	}
	f, ok := c.handles.frames[id]
	if !ok {
		return nil, fmt.Errorf("there is no frame %d: the program has gone on since", id)
	}
	if f.edits == c.handles.edits || f.asOf {
		return &f.Frame, nil
	}
	stack, err := c.target.Stack(c.ctx, f.thread)
	if err != nil {
		return nil, err
	}
	frames := stack.Frames(f.Number(), 1)
	if f.Started || f.Label || len(frames) == 0 {
		return &f.Frame, nil
	}
	f.Frame, f.edits = frames[0], c.handles.edits
	c.handles.frames[id] = f
	return &f.Frame, nil
}

// framed is a frame with values: one that led to the thread's start has those of then.
func (c *call) framed(id int) (*debugger.Frame, error) {
	f, err := c.frame(id)
	if err != nil || !f.Started {
		return f, err
	}
	handle := c.handles.frames[id]
	if handle.asOf {
		return f, nil
	}
	thread, err := c.target.Instant(handle.thread)
	if err != nil {
		return nil, err
	}
	records, err := c.target.Records(c.ctx)
	if err != nil {
		return nil, err
	}
	if records == nil {
		return nil, errors.New("nothing is recorded of the threads that started this one")
	}
	handle.Frame, err = f.AsOf(c.ctx, records, thread.Thread)
	if err != nil {
		return nil, err
	}
	handle.asOf = true
	c.handles.frames[id] = handle
	return &handle.Frame, nil
}
