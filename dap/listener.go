package dap

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// listener tells the client what happens to the target. It is called by many goroutines.
type listener struct {
	s       *session
	sources *sources

	mu sync.Mutex
	// over: the program has ended. silent: it was ended, and nothing more is told. ended: that was told.
	over, silent, ended bool
	// held: stops are not told yet, but kept in later.
	held  bool
	later []stoppedBody
	// last is why it stands.
	last debugger.Stop
	// working are the works that the client knows of.
	working map[int]bool
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
	for id := range l.working {
		l.works(debugger.Progress{ID: id, Done: true})
	}
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

// reason is how the protocol calls one, and a sentence for those who do not know it.
type reason struct{ name, description string }

var reasons = map[debugger.Reason]reason{
	debugger.AtEntry:      {"entry", ""},
	debugger.AtBreakpoint: {"breakpoint", ""},
	debugger.AfterStep:    {"step", ""},
	debugger.OnPause:      {"pause", ""},
	debugger.OnError:      {"exception", "Uncaught error"},
	debugger.OnHindrance:  {"pause", "It cannot go on alone"},
	debugger.AtGoto:       {"goto", ""},
	debugger.OnWrite:      {"data breakpoint", ""},
	debugger.AtBeginning:  {"step", "The beginning of the session"},
	debugger.AtEnd:        {"step", "The end of the session"},
	debugger.AfterRestart: {"restart", ""},
}

// Stopped implements debugger.Listener.
func (l *listener) Stopped(stop debugger.Stop) {
	r := reasons[stop.Reason]
	if stop.Reason == debugger.AtBreakpoint {
		r.name = l.s.breakpoints.reason(stop.Breakpoints)
	}
	body := stoppedBody{StoppedEventBody: dap.StoppedEventBody{
		Reason: r.name, Description: r.description, ThreadId: stop.Thread, AllThreadsStopped: true,
		HitBreakpointIds: stop.Breakpoints, Text: stop.Text,
	}}
	if stop.Error != nil {
		body.Text = stop.Error.Error()
		if stop.Caught {
			body.Description = "Caught error"
		}
	}
	body.Instant = instantOf(stop.Instant)
	l.mu.Lock()
	l.last = stop
	held := l.held
	if held {
		l.later = append(l.later, body)
	}
	l.mu.Unlock()
	if !held {
		l.tell("stopped", body)
	}
}

// hold keeps stops back until release: those that a request brings about come after its answer.
func (c *call) hold() {
	c.held = true
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.listener.held = true
}

func (l *listener) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, body := range l.later {
		if !l.silent {
			l.s.event("stopped", body)
		}
	}
	l.held, l.later = false, nil
}

// instantOf is an instant, nil if it is not known.
func instantOf(i replay.Instant) *replay.Instant {
	if i.Thread == "" {
		return nil
	}
	return &i
}

// stop is why the target stands.
func (l *listener) stop() debugger.Stop {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// error is what a thread stands at, nil for nothing.
func (l *listener) error(thread int) (e *vm.Error, caught bool) {
	stop := l.stop()
	if thread != 0 && thread != stop.Thread {
		return nil, false
	}
	return stop.Error, stop.Caught
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
	body := outputBody{Category: "stdout", Output: line.Text + "\n"}
	if line.Stream == engine.Stderr {
		body.Category = "stderr"
	}
	if line.Known {
		l.place(&body, line.Point)
	}
	body.remember(line.Instant)
	l.say(body)
}

// say tells a line of output. A program that says more than the client takes has to wait.
func (l *listener) say(body outputBody) {
	l.mu.Lock()
	silent := l.silent
	l.mu.Unlock()
	if !silent {
		l.s.out.sendSlowly(newEvent("output", body))
	}
}

// place says where a line of output comes from.
func (l *listener) place(body *outputBody, p debugger.Point) {
	body.Source = l.sources.of(p.File)
	body.Line, body.Column = at(l.s.line(p.Line)), at(l.s.column(p.Column))
}

// remember says which instant a line of output comes from.
func (b *outputBody) remember(i replay.Instant) {
	if known := instantOf(i); known != nil {
		b.Data = map[string]any{"instant": known}
	}
}

// WentOn implements debugger.Listener.
func (l *listener) WentOn(thread int, all bool) {
	l.tell("continued", continuedBody{ThreadID: thread, AllThreadsContinued: all})
}

// Logged implements debugger.Listener.
func (l *listener) Logged(log debugger.Log) {
	body := outputBody{Category: "console", Output: log.Text + "\n"}
	if log.Instant.Thread != "" {
		l.place(&body, log.Point)
	}
	body.remember(log.Instant)
	l.say(body)
}

// Works implements debugger.Listener.
func (l *listener) Works(p debugger.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.silent && l.s.client.Progress {
		l.works(p)
	}
}

func (l *listener) works(p debugger.Progress) {
	id := progressPrefix + strconv.Itoa(p.ID)
	switch {
	case p.Done && !l.working[p.ID]:
	case p.Done:
		delete(l.working, p.ID)
		l.s.event("progressEnd", dap.ProgressEndEventBody{ProgressId: id, Message: p.Message})
	case l.working[p.ID]:
		l.s.event("progressUpdate", dap.ProgressUpdateEventBody{ProgressId: id, Message: p.Message})
	default:
		if l.working == nil {
			l.working = map[int]bool{}
		}
		l.working[p.ID] = true
		l.s.event("progressStart", dap.ProgressStartEventBody{ProgressId: id, Title: p.Title, Message: p.Message, Cancellable: true})
	}
}

// progressPrefix begins the IDs of works.
const progressPrefix = "work-"

// isWorking says whether the client knows of a work with an ID that is not done.
func (l *listener) isWorking(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	number, err := strconv.Atoi(strings.TrimPrefix(id, progressPrefix))
	return err == nil && strings.HasPrefix(id, progressPrefix) && l.working[number]
}

// Ended implements debugger.Listener.
func (l *listener) Ended(e debugger.End) {
	for _, abandoned := range e.Result.Abandoned {
		text := fmt.Sprintf("thread %s failed, and nobody awaited it\n%s", abandoned.ID.Thread, describe(abandoned.Err))
		l.tell("output", outputBody{Category: "stderr", Output: text})
	}
	text, category, code := outcome(e)
	l.tell("output", outputBody{Category: category, Output: text})
	l.finish(code)
}

// describe is an error with the way to it, innermost frame first.
func describe(e *vm.Error) string {
	text := e.Error() + "\n" + trace(e)
	if e.Python != "" {
		text += "in Python:\n" + strings.TrimRight(e.Python, "\n") + "\n"
	}
	return text
}

// trace is the way to an error through Hark, across threads.
func trace(e *vm.Error) string {
	var b strings.Builder
	for _, f := range e.Traceback {
		fmt.Fprintf(&b, "  %s  %s:%d  thread %s\n", f.Function, f.File, f.Line, f.Thread)
	}
	return b.String()
}
