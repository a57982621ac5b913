package debugger

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Steps into Python.
//
// A step that comes to a Python call asks for the call to be stepped into (engine.Call.Debug). The worker then has debugpy listen; the
// client is asked to attach another debugger there (Starter), and the call stops at the first line of its function, in that
// debugger. Hark's thread is at its call meanwhile, and its step is not over: it ends at the next line after the call. While a
// call is stepped into the program's clock stands, so that no time that somebody thinks counts for its timeout, or for any other. Any
// later call may come to a breakpoint of the Python debugger, of which nobody here hears: such a call has no timeout of its own.

// foreign makes the Python calls of a live program.
type foreign struct {
	engine.Foreign
	l *Live
}

// Call makes a call, and has it stepped into if its thread makes a step into it.
func (f foreign) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	steps, debugged := f.l.stepsIntoCall(c.ID.Thread)
	if debugged {
		c.Begin = func() {} // from which its time would count
	}
	if !steps {
		return f.Foreign.Call(ctx, c)
	}
	f.l.clock.freeze()
	defer f.l.clock.thaw()
	c.Debug = func(ctx context.Context, address string, why error) error {
		return f.l.debugPython(ctx, &c, address, why)
	}
	return f.Foreign.Call(ctx, c)
}

// stepsIntoCall says whether the call that a thread makes is to be stepped into, and whether a Python debugger is there already.
func (l *Live) stepsIntoCall(thread string) (steps, debugged bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.threads[thread]
	if t == nil || !t.intoCall || l.noPython {
		return false, l.python
	}
	t.intoCall = false
	return true, l.python
}

// goesIntoCall says whether a step goes into the Python call that the machine is about to make.
func (s *plan) goesIntoCall(m *vm.Machine) bool {
	if s == nil || s.kind != into || s.instruction {
		return false
	}
	if s.target == nil {
		return true
	}
	for _, f := range m.Frames(manyFrames) {
		if (Place{f.Function, f.PC}) == *s.target {
			return true
		}
	}
	return false
}

// answering is how long a client may take to say whether it starts another debugger.
const answering = 20 * time.Second

// errNoAnswer: the client does not react.
var errNoAnswer = errors.New("the editor does not answer the request to start another debugger")

// debugPython has the client attach a Python debugger to a call. An error means that there will be none.
func (l *Live) debugPython(ctx context.Context, c *engine.Call, address string, why error) error {
	if why == nil {
		why = l.startPython(ctx, c, address)
	}
	if why == nil || ctx.Err() != nil || l.quitting.Err() != nil {
		return why
	}
	l.mu.Lock()
	said := l.noPython
	l.noPython = true
	l.mu.Unlock()
	if !said {
		l.listener.Logged(Log{Text: fmt.Sprintf("%s.%s is stepped over, and so will be other Python functions: %v", c.Module, c.Name, why)})
	}
	return why
}

// startPython asks the client to attach, and waits for its answer.
func (l *Live) startPython(ctx context.Context, c *engine.Call, address string) error {
	starter, ok := l.listener.(Starter)
	if !ok {
		return errors.New("there is no editor that could start another debugger")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("attach a Python debugger: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("attach a Python debugger: %w", err)
	}
	answer := make(chan error, 1)
	starter.StartDebugging(map[string]any{
		"type": "debugpy", "request": "attach", "name": "Python of thread " + c.ID.Thread,
		"connect": map[string]any{"host": host, "port": number}, "justMyCode": false, "subProcess": false,
	}, func(err error) { answer <- err })
	timer := time.NewTimer(answering)
	defer timer.Stop()
	select {
	case err := <-answer:
		l.mu.Lock()
		l.python = l.python || err == nil
		l.mu.Unlock()
		return err
	case <-timer.C:
		return errNoAnswer
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-l.quitting.Done():
		return context.Cause(l.quitting)
	}
}
