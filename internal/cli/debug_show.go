package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Making items of what the target tells.

// stopWords say why a target stands. A step says nothing.
var stopWords = map[debugger.Reason]string{
	debugger.AtEntry: "begins", debugger.OnPause: "paused", debugger.OnError: "error", debugger.OnHindrance: "cannot go on alone",
	debugger.AtGoto: "gone to", debugger.AtBeginning: "at the beginning, nothing is before it", debugger.AtEnd: "at the end, nothing comes after it",
	debugger.AfterRestart: "begins again",
}

// stopNames are what the protocol calls the reasons.
var stopNames = map[debugger.Reason]string{
	debugger.AtEntry: "entry", debugger.AtBreakpoint: "breakpoint", debugger.AfterStep: "step", debugger.OnPause: "pause",
	debugger.OnError: "exception", debugger.OnHindrance: "pause", debugger.AtGoto: "goto", debugger.OnWrite: "data breakpoint",
	debugger.AtBeginning: "entry", debugger.AtEnd: "end", debugger.AfterRestart: "restart",
}

// stopped is where and why the target stands. The frame is nil if there is none.
func (c *console) stopped(s debugger.Stop, f *debugger.Frame) item {
	shown := shownStop{Type: "stopped", Reason: stopNames[s.Reason], Why: c.why(s), Breakpoints: s.Breakpoints, Instant: jsonInstant(s.Instant)}
	shown.Thread = c.threadName()
	if s.Error != nil {
		shown.Error = &jsonProblem{s.Error.Kind, s.Error.Message}
	}
	if f != nil {
		frame := c.shownFrame(c.frame, f)
		shown.Frame, shown.source = &frame, c.around(f)
	}
	return shown
}

// why says in words why the target stands.
func (c *console) why(s debugger.Stop) string {
	why := stopWords[s.Reason]
	switch {
	case s.Reason == debugger.AtBreakpoint && len(s.Breakpoints) > 0:
		why = "breakpoint " + numberList(s.Breakpoints)
	case s.Reason == debugger.OnWrite:
		why = "watch " + numberList(s.Breakpoints)
	case s.Reason == debugger.OnError && s.Caught:
		why = "caught error"
	case s.Reason == debugger.OnError:
		why = "uncaught error"
	}
	text := s.Text
	if s.Error != nil {
		text = s.Error.Error()
	}
	if text != "" && why != "" {
		why += ": "
	}
	first, _, _ := strings.Cut(text, "\n")
	return why + first
}

func numberList(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// threadName is the number in its session of the thread that commands are about.
func (c *console) threadName() string {
	for _, t := range c.target.Threads() {
		if t.ID == c.thread {
			return t.Name
		}
	}
	return ""
}

func (c *console) shownFrame(number int, f *debugger.Frame) shownFrame {
	shown := shownFrame{Number: number, Function: f.Name, Label: f.Label, Started: f.Started}
	if f.Known {
		shown.File, shown.Line = c.target.fileName(f.Point), f.Point.Line+1
	}
	return shown
}

// around are the lines around a frame.
func (c *console) around(f *debugger.Frame) []shownRow {
	const lines = 2
	if !f.Known {
		return nil
	}
	return sourceRows(c.target.Program(), f.Point.File, f.Point.Line-lines, f.Point.Line+lines+1, f.Point.Line)
}

// sourceRows are lines of a file, from 0, the marked one included.
func sourceRows(program *debugger.Program, file, from, to, marked int) []shownRow {
	var rows []shownRow
	lines := source.NewLines(strings.TrimSuffix(program.Files[file].Text, "\n"))
	for line := max(0, from); line < min(to, lines.Count()); line++ {
		rows = append(rows, shownRow{Line: line + 1, Text: lines.Text(line), Current: line == marked})
	}
	return rows
}

// line is a line of output.
func (t *opened) line(l debugger.Line) item {
	shown := shownOutput{Type: "output", Text: l.Text, Stream: streamName(l.Stream), Thread: l.ID.Thread, Instant: jsonInstant(l.Instant)}
	if l.Known {
		shown.File, shown.Line = t.fileName(l.Point), l.Point.Line+1
	}
	return shown
}

// fileName is how the file of a point is called.
func (t *opened) fileName(p debugger.Point) string {
	return t.shownPath(t.Program().Files[p.File].Path)
}

// log is the message of a logpoint.
func (t *opened) log(l debugger.Log) item {
	return shownOutput{Type: "log", Text: l.Text, Thread: l.Instant.Thread, File: t.fileName(l.Point), Line: l.Point.Line + 1, Instant: jsonInstant(l.Instant)}
}

// end is how a session ended.
func (c *console) end(e debugger.End) item {
	shown := shownEnd{Type: "ended", Status: statusDone, program: c.target.Program().Program, shownPath: c.target.shownPath}
	for _, abandoned := range e.Result.Abandoned {
		shown.Abandoned = append(shown.Abandoned, abandonedFault{abandoned.ID.Thread, abandoned.Err.Error()})
	}
	var fault *vm.Error
	var deadlock *engine.Deadlock
	switch {
	case errors.As(e.Err, &fault), e.Err == nil && e.Result.Err != nil:
		if fault == nil {
			fault = e.Result.Err
		}
		shown.fault, shown.Error = fault, &jsonProblem{fault.Kind, fault.Message}
	case errors.As(e.Err, &deadlock):
		shown.Error = &jsonProblem{kindDeadlock, deadlock.Error()}
	case e.Err != nil:
		shown.Error = &jsonProblem{kindEnvironment, e.Err.Error()}
	default:
		shown.Result, shown.text = rawJSON(valueJSON(e.Result.Value)), debugger.Text(e.Result.Value)
		return shown
	}
	shown.Status = statusFailed
	return shown
}

func (c *console) shownPoint(p *point) shownPoint {
	shown := shownPoint{ID: p.id, Where: p.where, Condition: p.condition, Hits: p.hits, Message: p.message, Verified: len(p.places) > 0}
	if shown.Verified {
		shown.File, shown.Line = c.target.fileName(debugger.Point{File: p.file}), p.line+1
	} else if p.reason != nil {
		shown.Problem = p.reason.Error()
	}
	return shown
}

func shownWatch(w debugger.Watchpoint) shownPoint {
	return shownPoint{ID: w.ID, Where: w.Name, Watch: true, Thread: w.Thread, Condition: w.Condition, Hits: w.Hits, Verified: true}
}

func variableOf(v debugger.Variable) shownVariable {
	return shownVariable{Name: v.Name, Kind: debugger.Type(v.Value), Text: debugger.Text(v.Value)}
}

func futureOf(id, name string, f debugger.Future) shownFuture {
	shown := shownFuture{Thread: id, Name: name, State: f.State, Waiters: f.Waiters}
	if f.Value != nil {
		shown.Value = debugger.Text(*f.Value)
	}
	if f.Error != nil {
		shown.Error = f.Error.Error()
	}
	return shown
}
