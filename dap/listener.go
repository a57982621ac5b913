package dap

import (
	"fmt"
	"strings"
	"sync"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// listener tells the client what happens to the target. It is called by many goroutines.
type listener struct {
	s       *session
	sources sources

	mu sync.Mutex
	// over: the program has ended. silent: it was ended, and nothing more is told. ended: that was told.
	over, silent, ended bool
	// raised is the error at which it stands.
	raised *vm.Error
}

var _ debugger.Listener = (*listener)(nil)

func (l *listener) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

func (l *listener) silence() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent, l.over = true, true
}

// finish says once that there is nothing left to debug.
func (l *listener) finish(code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended, l.over = true, true
	l.s.event("exited", dap.ExitedEventBody{ExitCode: code})
	l.s.event("terminated", dap.TerminatedEventBody{})
}

func (l *listener) tell(name string, body any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.silent {
		l.s.event(name, body)
	}
}

var reasons = map[debugger.Reason]string{
	debugger.AtEntry: "entry", debugger.AtBreakpoint: "breakpoint", debugger.AfterStep: "step",
	debugger.OnPause: "pause", debugger.OnError: "exception", debugger.OnHindrance: "pause",
}

// Stopped implements debugger.Listener.
func (l *listener) Stopped(stop debugger.Stop) {
	body := dap.StoppedEventBody{
		Reason: reasons[stop.Reason], ThreadId: stop.Thread, AllThreadsStopped: true, HitBreakpointIds: stop.Breakpoints, Text: stop.Text,
	}
	l.mu.Lock()
	l.raised = stop.Error
	l.mu.Unlock()
	if stop.Error != nil {
		body.Description, body.Text = "Uncaught error", stop.Error.Error()
	}
	l.tell("stopped", body)
}

// error is what the program stands at.
func (l *listener) error() *vm.Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.raised
}

// Began implements debugger.Listener.
func (l *listener) Began(t debugger.Thread) {
	l.tell("thread", dap.ThreadEventBody{Reason: "started", ThreadId: t.ID})
}

// Left implements debugger.Listener.
func (l *listener) Left(t debugger.Thread) {
	l.tell("thread", dap.ThreadEventBody{Reason: "exited", ThreadId: t.ID})
}

// Wrote implements debugger.Listener.
func (l *listener) Wrote(line debugger.Line) {
	body := dap.OutputEventBody{Category: "stdout", Output: line.Text + "\n"}
	if line.Stream == engine.Stderr {
		body.Category = "stderr"
	}
	if line.Known {
		body.Source = l.sources.of(line.Point.File)
		body.Line, body.Column = l.s.line(line.Point.Line), l.s.column(line.Point.Column)
	}
	l.mu.Lock()
	silent := l.silent
	l.mu.Unlock()
	if !silent {
		l.s.out.sendSlowly(newEvent("output", body))
	}
}

// WentOn implements debugger.Listener.
func (l *listener) WentOn(thread int, all bool) {
	l.tell("continued", dap.ContinuedEventBody{ThreadId: thread, AllThreadsContinued: all})
}

// Logged implements debugger.Listener.
func (l *listener) Logged(log debugger.Log) {
	body := dap.OutputEventBody{Category: "console", Output: log.Text + "\n", Source: l.sources.of(log.Point.File)}
	body.Line, body.Column = l.s.line(log.Point.Line), l.s.column(log.Point.Column)
	l.tell("output", body)
}

// Changed implements debugger.Listener.
func (l *listener) Changed(debugger.Abilities) {}

// Works implements debugger.Listener.
func (l *listener) Works(debugger.Progress) {}

// Ended implements debugger.Listener.
func (l *listener) Ended(e debugger.End) {
	for _, abandoned := range e.Result.Abandoned {
		text := fmt.Sprintf("thread %s failed, and nobody awaited it\n%s", abandoned.ID.Thread, describe(abandoned.Err))
		l.tell("output", dap.OutputEventBody{Category: "stderr", Output: text})
	}
	text, category, code := outcome(e)
	l.tell("output", dap.OutputEventBody{Category: category, Output: text})
	l.finish(code)
}

// describe is an error with the way to it, innermost frame first.
func describe(e *vm.Error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.Error())
	b.WriteString(trace(e))
	return b.String()
}

func trace(e *vm.Error) string {
	var b strings.Builder
	for _, f := range e.Traceback {
		fmt.Fprintf(&b, "  %s  %s:%d  thread %s\n", f.Function, f.File, f.Line, f.Thread)
	}
	if e.Python != "" {
		fmt.Fprintf(&b, "in Python:\n%s\n", strings.TrimRight(e.Python, "\n"))
	}
	return b.String()
}
