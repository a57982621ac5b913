package dap

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

func (c *call) onThreads(none) (any, error) {
	body := dap.ThreadsResponseBody{Threads: []dap.Thread{}}
	if c.listener.isOver() {
		return body, nil
	}
	for _, t := range c.target.Threads() {
		body.Threads = append(body.Threads, dap.Thread{Id: t.ID, Name: threadName(t)})
	}
	return body, nil
}

// threadName is how a thread is shown: "0.1 work(…) waiting on 0.3".
func threadName(t debugger.Thread) string {
	name := t.Name
	if t.Function != "" {
		name += " " + t.Function + "(…)"
	}
	switch {
	case t.Cut:
		name += " " + t.Waiting
	case t.Failed:
		name += " failed"
	case t.Ended:
		name += " ended"
	case t.Waiting != "":
		name += " " + t.Waiting
	}
	return name
}

func (c *call) onStackTrace(a dap.StackTraceArguments) (any, error) {
	if a.StartFrame < 0 || a.Levels < 0 {
		return nil, errors.New("startFrame and levels cannot be negative")
	}
	stack, err := c.target.Stack(c.ctx, a.ThreadId)
	if err != nil {
		return nil, err
	}
	body := stackBody{StackFrames: []frameBody{}, TotalFrames: stack.Len()}
	for _, f := range stack.Frames(a.StartFrame, a.Levels) {
		body.StackFrames = append(body.StackFrames, c.shownFrame(f, a.ThreadId))
	}
	return body, nil
}

func (c *call) shownFrame(f debugger.Frame, thread int) frameBody {
	shown := frameBody{StackFrame: dap.StackFrame{Id: c.handles.keepFrame(f, thread), Name: f.Name, CanRestart: f.Restartable()}}
	if f.Known {
		shown.Source = c.sources.of(f.Point.File)
		shown.ModuleId = f.Point.File + 1
		shown.Line, shown.Column = c.line(f.Point.Line), c.column(f.Point.Column)
	}
	if place, ok := f.Place(); ok {
		shown.InstructionPointerReference = c.program.Reference(place)
	}
	switch {
	case f.Label:
		shown.PresentationHint = "label"
	case f.Started, f.Prelude:
		shown.PresentationHint = "subtle"
	}
	return shown
}

// scope is a part of what a frame shows. Its variables are looked up when they are asked for, so that they are those of after an edit.
type scope struct {
	name, hint string
	// always: also if it is empty. expensive: not opened by itself.
	always, expensive bool
	// assignable: its variables can be set.
	assignable bool
	list       func(c *call, f *debugger.Frame) []variable
}

var scopes = []scope{
	{name: "Locals", hint: "locals", always: true, assignable: true, list: func(c *call, f *debugger.Frame) []variable {
		return c.named(f, f.Variables().Locals)
	}},
	{name: "Arguments", hint: "arguments", assignable: true, list: func(c *call, f *debugger.Frame) []variable {
		return c.named(f, f.Variables().Arguments)
	}},
	{name: "Captures", list: func(c *call, f *debugger.Frame) []variable { return c.named(f, f.Variables().Captures) }},
	{name: "Futures", list: (*call).futures},
	{name: "Registers", hint: "registers", expensive: true, list: func(c *call, f *debugger.Frame) []variable {
		return c.listed(f.Registers(), "")
	}},
	{name: "Session", expensive: true, list: (*call).sessionFacts},
}

func (c *call) onScopes(a dap.ScopesArguments) (any, error) {
	f, err := c.framed(a.FrameId)
	if err != nil {
		return nil, err
	}
	body := dap.ScopesResponseBody{Scopes: []dap.Scope{}}
	for i := range scopes {
		s := &scopes[i]
		count := 0
		if !s.expensive {
			if count = len(s.list(c, f)); count == 0 && !s.always {
				continue
			}
		}
		body.Scopes = append(body.Scopes, dap.Scope{
			Name: s.name, PresentationHint: s.hint, NamedVariables: count, Expensive: s.expensive,
			VariablesReference: c.handles.keepContainer(container{scope: s, frame: a.FrameId}),
		})
	}
	return body, nil
}

func (c *call) onVariables(a dap.VariablesArguments) (any, error) {
	holder, ok := c.handles.containers[a.VariablesReference]
	if !ok {
		return nil, fmt.Errorf("there are no variables %d: the program has gone on since", a.VariablesReference)
	}
	if a.Start < 0 || a.Count < 0 {
		return nil, errors.New("start and count cannot be negative")
	}
	shown := &shape{hex: a.Format != nil && a.Format.Hex}
	c.shape = shown
	defer func() { c.shape = nil }()
	if holder.value != nil {
		return variablesBody{append([]variable{}, c.parts(holder, a)...)}, nil
	}
	f, err := c.framed(holder.frame)
	if err != nil {
		return nil, err
	}
	all := page(holder.scope.list(c, f), a)
	return variablesBody{append([]variable{}, all...)}, nil
}

// page is the part of named variables that the client asks for.
func page(all []variable, a dap.VariablesArguments) []variable {
	if a.Filter == "indexed" {
		return nil
	}
	all = all[min(a.Start, len(all)):]
	if a.Count > 0 {
		all = all[:min(a.Count, len(all))]
	}
	return all
}

// parts are those parts of a value that the client asks for.
func (c *call) parts(of container, a dap.VariablesArguments) []variable {
	var all []variable
	v := *of.value
	if a.Filter != "named" {
		for i, part := range c.program.Indexed(v, a.Start, a.Count) {
			all = append(all, c.shown(part, debugger.PartName(v, of.name, a.Start+i, part)))
		}
	}
	if a.Filter == "indexed" {
		return all
	}
	all = append(all, c.listed(c.program.Captured(v), "")...)
	if v.Kind() == vm.KindFuture {
		all = append(all, c.future(v.FutureID())...)
	}
	return all
}

// future is what is known of a future.
func (c *call) future(id string) []variable {
	f := c.target.Future(id)
	all := []variable{fact("thread", id), fact("state", f.State)}
	if len(f.Waiters) > 0 {
		all = append(all, fact("waiters", strings.Join(f.Waiters, ", ")))
	}
	if f.Value != nil {
		all = append(all, c.shown(debugger.Variable{Name: "value", Value: *f.Value}, ""))
	}
	if f.Error != nil {
		all = append(all, fact("error", f.Error.Error()))
	}
	return all
}

// fact is something to know that is no value.
func fact(name, text string) variable {
	return variable{Variable: dap.Variable{Name: name, Value: text, PresentationHint: &dap.VariablePresentationHint{
		Kind: "virtual", Attributes: []string{"readOnly"},
	}}}
}

// manyFutures is how many futures a scope shows: the newest.
const manyFutures = 200

// futures are those of the threads that the frame's thread has started, with their states.
func (c *call) futures(f *debugger.Frame) []variable {
	var all []variable
	children := f.Children()
	for _, id := range children[max(0, len(children)-manyFutures):] {
		v := vm.Future(id)
		shown := c.shown(debugger.Variable{Name: id, Value: v}, "")
		known := c.target.Future(id)
		shown.Value = known.State
		if known.Value != nil {
			shown.Value += ": " + debugger.Text(*known.Value)
		}
		if known.Error != nil {
			shown.Value += ": " + known.Error.Error()
		}
		all = append(all, shown)
	}
	return all
}

// sessionFacts are about the whole session.
func (c *call) sessionFacts(f *debugger.Frame) []variable {
	place := c.prepared.place
	if place == "" {
		place = "memory: it is not kept"
	}
	return []variable{
		fact("id", c.target.Session()), fact("store", place), fact("program", c.program.Hash()), fact("thread", f.Thread()),
	}
}

// named are variables of a frame, which an expression can mention.
func (c *call) named(f *debugger.Frame, vars []debugger.Variable) []variable {
	all := make([]variable, len(vars))
	for i, v := range vars {
		all[i] = c.shown(v, v.Name)
		if at, ok := f.Declaration(v.Name); ok {
			all[i].DeclarationLocation = c.handles.keepLocation(at)
		}
	}
	return all
}

func (c *call) listed(vars []debugger.Variable, name string) []variable {
	all := make([]variable, len(vars))
	for i, v := range vars {
		all[i] = c.shown(v, name)
	}
	return all
}

// shape is how values are to be shown.
type shape struct{ hex bool }

func (c *call) text(v vm.Value) string {
	if c.shape != nil && c.shape.hex {
		return debugger.HexText(v)
	}
	return debugger.Text(v)
}

// shown is a variable; name is an expression for it, "" if there is none.
func (c *call) shown(v debugger.Variable, name string) variable {
	shown := variable{Variable: dap.Variable{Name: v.Name, Value: c.text(v.Value), Type: debugger.Type(v.Value), EvaluateName: name}}
	shown.VariablesReference, shown.IndexedVariables, shown.NamedVariables = c.contained(v.Value, name)
	shown.ValueLocation = c.defined(v.Value)
	return shown
}

// contained makes a container of a value that has parts.
func (c *call) contained(v vm.Value, name string) (reference, indexed, named int) {
	indexed, named = c.program.Parts(v)
	if indexed+named > 0 {
		reference = c.handles.keepContainer(container{value: &v, name: name})
	}
	return reference, indexed, named
}

// defined is a reference to where a function is defined, 0 for other values.
func (c *call) defined(v vm.Value) int {
	if at, ok := c.program.Definition(v); ok {
		return c.handles.keepLocation(at)
	}
	return 0
}

func (c *call) onLocations(a locationsArguments) (any, error) {
	at, ok := c.handles.locations[a.LocationReference]
	if !ok {
		return nil, fmt.Errorf("there is no location %d: the program has gone on since", a.LocationReference)
	}
	return c.rangeOf(at), nil
}

func (c *call) onExceptionInfo(a dap.ExceptionInfoArguments) (any, error) {
	e, caught := c.listener.error(a.ThreadId)
	if e == nil {
		return nil, errors.New("the thread does not stand at an error")
	}
	details := &dap.ExceptionDetails{Message: e.Message, TypeName: e.Kind, FullTypeName: e.Kind, StackTrace: c.way(e)}
	if e.Python != "" {
		details.InnerException = []dap.ExceptionDetails{{
			Message: e.Message, TypeName: e.Kind, FullTypeName: "Python " + e.Kind, StackTrace: strings.TrimRight(e.Python, "\n"),
		}}
	}
	mode := "unhandled"
	if caught {
		mode = "always"
	}
	return dap.ExceptionInfoResponseBody{
		ExceptionId: e.Kind, Description: e.Message, BreakMode: dap.ExceptionBreakMode(mode), Details: details,
	}, nil
}

// way is the way to an error, across threads. One that is about to be raised has none yet: it is that of its thread.
func (c *call) way(e *vm.Error) string {
	if len(e.Traceback) > 0 {
		return trace(e)
	}
	stack, err := c.target.Stack(c.ctx, c.listener.stop().Thread)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, f := range stack.Frames(0, manyFrames) {
		if f.Label || !f.Known {
			continue
		}
		fmt.Fprintf(&b, "  %s  %s:%d  thread %s\n", f.Name, c.program.Files[f.Point.File].Path, f.Point.Line+1, f.Thread())
	}
	return b.String()
}

// manyFrames is how many frames the way to an error has at most.
const manyFrames = 1000
