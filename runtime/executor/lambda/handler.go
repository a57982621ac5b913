package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// margin is how long before its deadline an invocation gives its thread up: writing a snapshot, of many megabytes at worst, has
// to fit in. Of a short time it is a quarter.
const margin = 5 * time.Second

// Handler does what the events of one process ask for. Lambda gives a process one at a time.
type Handler struct {
	engine *engine.Engine
	clock  *clock
}

// NewHandler is a handler whose engine is made of a configuration.
func NewHandler(c engine.Config) *Handler {
	if c.Clock == nil {
		c.Clock = engine.SystemClock{}
	}
	timed := newClock(c.Clock)
	c.Clock = timed
	return &Handler{engine: engine.New(c), clock: timed}
}

// Invoke does what one event asks for. Its deadline is the context's. Nothing goes on after it has returned: the process will
// be frozen. The answer is empty, and an error one of the outside world, after which the event should come again.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	defer h.clock.settle()
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	end, dead, err := h.term(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case e.Sweep:
		return nil, h.sweep(ctx, end, e.Alarm)
	case e.Session == "" || e.Thread == "":
		return nil, fmt.Errorf("the event %.200s names no thread: it has to have a session and a thread, as this program's own have", payload)
	}
	// Were the context to end with the deadline, giving the thread up would take its last moments for itself.
	ctx = context.WithoutCancel(ctx)
	return nil, h.engine.RunUntil(ctx, engine.ID{Session: e.Session, Thread: e.Thread}, engine.Term{End: end, Dead: dead})
}

// term is when the invocation has to come to its end, and when its process will be ended.
func (h *Handler) term(ctx context.Context) (end, dead time.Time, err error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return end, dead, errors.New("the invocation has no deadline: this is a function of Lambda's, and is not run by anything else")
	}
	left := time.Until(deadline)
	if left <= 0 {
		return end, dead, errors.New("no time is left for the invocation: give the function a longer time-out")
	}
	now := h.clock.Now()
	return now.Add(left - min(margin, left/4)), now.Add(left), nil
}
