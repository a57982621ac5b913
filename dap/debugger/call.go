package debugger

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Calls of Python from the console of a live program. They are made once, whatever the attributes of the import say; nobody logs them, so that
// no replay knows of them.

// callTime is how long such a call may take.
const callTime = time.Minute

// errCallTime is why a call was ended.
var errCallTime = fmt.Errorf("the Python call took more than %v, and was ended", callTime)

// Evaluate is the value of an expression in a frame. It has no effect on the program, whatever Python does if it may be called.
func (l *Live) Evaluate(ctx context.Context, f *Frame, text string, mayCall bool) (vm.Value, error) {
	if p, err := l.away(); err != nil {
		return vm.Null, err
	} else if p != nil {
		return l.awayEvaluate(ctx, p, f, text)
	}
	w := &world{futures: l.futureNow}
	if mayCall && l.world.Foreign != nil {
		ending, stop := context.WithCancel(ctx)
		defer stop()
		defer context.AfterFunc(l.quitting, stop)()
		ctx, w.call = ending, l.call
	}
	return f.evaluate(ctx, text, w)
}

// call calls Python for an expression. What Python writes is output without a place.
func (l *Live) call(ctx context.Context, m *vm.Machine) (vm.Value, *vm.Error, error) {
	f := m.Foreign()
	spec := &m.Code().Program().Imports[f.Import]
	id := engine.ID{Session: l.Session(), Thread: m.Thread()}
	ctx, stop := context.WithTimeoutCause(ctx, callTime, errCallTime)
	defer stop()
	result, err := l.world.Foreign.Call(ctx, engine.Call{
		ID: id, Slot: ^uint64(0), Attempt: 1, Module: spec.Module, Name: spec.Name, Alias: spec.Alias, Args: f.Args, Names: f.Names,
		Begin: func() {},
		Output: func(s engine.Stream, line string) {
			l.listener.Wrote(Line{Line: engine.Line{ID: id, Stream: s, Text: line}})
		},
	})
	switch {
	case context.Cause(ctx) != nil:
		return vm.Null, nil, context.Cause(ctx)
	case err != nil:
		return vm.Null, nil, err
	case result.Crashed != "":
		return vm.Null, &vm.Error{Kind: vm.ErrCrash, Message: fmt.Sprintf("%s: %s", spec.Alias, result.Crashed)}, nil
	}
	return result.Value, result.Raised, nil
}
