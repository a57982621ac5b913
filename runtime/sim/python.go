package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Python stands in for Python: functions of Go, by "module.name".
type Python map[string]func(p *Attempt) engine.CallResult

var _ engine.Foreign = Python{}

// Attempt is one attempt of a call.
type Attempt struct {
	engine.Call
	ctx context.Context
	w   *world
}

// Call calls the function.
func (p Python) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	return p.call(ctx, nil, c)
}

func (p Python) call(ctx context.Context, w *world, c engine.Call) (engine.CallResult, error) {
	f := p[c.Module+"."+c.Name]
	if f == nil {
		return Raise("AttributeError", fmt.Sprintf("module %s has no function %s", c.Module, c.Name)), nil
	}
	c.Begin()
	result := f(&Attempt{Call: c, ctx: ctx, w: w})
	if ctx.Err() != nil {
		return engine.CallResult{}, ctx.Err()
	}
	return result, nil
}

// Take lets the call take time; it is cut short when the call is stopped.
func (a *Attempt) Take(d time.Duration) {
	if a.w != nil {
		_ = a.w.sleep(a.ctx, d)
	}
}

// Return is a call that returns v.
func Return(v vm.Value) engine.CallResult { return engine.CallResult{Value: v} }

// Raise is a call that raises an exception of a class; bases are the names of its base classes.
func Raise(class, message string, bases ...string) engine.CallResult {
	return engine.CallResult{Raised: &vm.Error{Kind: class, Message: message}, Bases: bases}
}

// Crash is a call whose worker dies.
func Crash(how string) engine.CallResult { return engine.CallResult{Crashed: how} }
