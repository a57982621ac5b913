package dap

import (
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

// handles are what the client may ask about at a stop, by number. Numbers are never used twice, so that an old one is known to
// be gone.
type handles struct {
	last       int
	frames     map[int]debugger.Frame
	containers map[int]container
}

// container has variables: a scope, or a value.
type container struct {
	scope []debugger.Variable
	value *vm.Value
}

// clear forgets everything: the program goes on.
func (h *handles) clear() { h.frames, h.containers = nil, nil }

func (h *handles) frame(f debugger.Frame) int {
	if h.frames == nil {
		h.frames = map[int]debugger.Frame{}
	}
	h.last++
	h.frames[h.last] = f
	return h.last
}

func (h *handles) container(c container) int {
	if h.containers == nil {
		h.containers = map[int]container{}
	}
	h.last++
	h.containers[h.last] = c
	return h.last
}

func (s *session) onThreads(none) (any, error) {
	body := dap.ThreadsResponseBody{Threads: []dap.Thread{}}
	if s.listener.isOver() {
		return body, nil
	}
	for _, t := range s.target.Threads() {
		name := t.Name
		if t.Function != "" {
			name += " " + t.Function + "(…)"
		}
		if t.Waiting != "" {
			name += " " + t.Waiting
		}
		body.Threads = append(body.Threads, dap.Thread{Id: t.ID, Name: name})
	}
	return body, nil
}

func (s *session) onStackTrace(a dap.StackTraceArguments) (any, error) {
	stack, err := s.target.Stack(s.ctx, a.ThreadId)
	if err != nil {
		return nil, err
	}
	body := dap.StackTraceResponseBody{StackFrames: []dap.StackFrame{}, TotalFrames: stack.Len()}
	for _, f := range stack.Frames(a.StartFrame, a.Levels) {
		body.StackFrames = append(body.StackFrames, s.shownFrame(f))
	}
	return body, nil
}

func (s *session) shownFrame(f debugger.Frame) dap.StackFrame {
	shown := dap.StackFrame{Id: s.handles.frame(f), Name: f.Name}
	if f.Known {
		shown.Source = s.sources.of(f.Point.File)
		shown.Line, shown.Column = s.line(f.Point.Line), s.column(f.Point.Column)
	}
	switch {
	case f.Label:
		shown.PresentationHint = "label"
	case f.Started, f.Prelude:
		shown.PresentationHint = "subtle"
	}
	return shown
}

func (s *session) frame(id int) (debugger.Frame, error) {
	f, ok := s.handles.frames[id]
	if id == 0 {
		return f, errors.New("no frame is selected")
	}
	if !ok {
		return f, fmt.Errorf("there is no frame %d: the program has gone on since", id)
	}
	return f, nil
}

func (s *session) onScopes(a dap.ScopesArguments) (any, error) {
	f, err := s.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	vars := f.Variables()
	body := dap.ScopesResponseBody{Scopes: []dap.Scope{}}
	for _, scope := range []struct {
		name, hint string
		vars       []debugger.Variable
		always     bool
	}{
		{"Locals", "locals", vars.Locals, true},
		{"Arguments", "arguments", vars.Arguments, false},
		{"Captures", "", vars.Captures, false},
	} {
		if len(scope.vars) == 0 && !scope.always {
			continue
		}
		body.Scopes = append(body.Scopes, dap.Scope{
			Name: scope.name, PresentationHint: scope.hint, NamedVariables: len(scope.vars),
			VariablesReference: s.handles.container(container{scope: scope.vars}),
		})
	}
	return body, nil
}

func (s *session) onVariables(a dap.VariablesArguments) (any, error) {
	c, ok := s.handles.containers[a.VariablesReference]
	if !ok {
		return nil, fmt.Errorf("there are no variables %d: the program has gone on since", a.VariablesReference)
	}
	if a.Start < 0 || a.Count < 0 {
		return nil, errors.New("start and count cannot be negative")
	}
	body := dap.VariablesResponseBody{Variables: []dap.Variable{}}
	if c.value != nil {
		body.Variables = append(body.Variables, s.parts(*c.value, a)...)
		return body, nil
	}
	for _, v := range c.scope {
		shown := s.shownVariable(v)
		shown.EvaluateName = v.Name
		body.Variables = append(body.Variables, shown)
	}
	return body, nil
}

// parts are those parts of a value that the client asks for.
func (s *session) parts(v vm.Value, a dap.VariablesArguments) []dap.Variable {
	var all []dap.Variable
	if a.Filter != "named" {
		for _, part := range s.program.Indexed(v, a.Start, a.Count) {
			all = append(all, s.shownVariable(part))
		}
	}
	if a.Filter == "indexed" {
		return all
	}
	for _, captured := range s.program.Captured(v) {
		all = append(all, s.shownVariable(captured))
	}
	if v.Kind() == vm.KindFuture {
		all = append(all, s.future(v.FutureID())...)
	}
	return all
}

// future is what is known of a future.
func (s *session) future(id string) []dap.Variable {
	f := s.target.Future(id)
	all := []dap.Variable{{Name: "thread", Value: id}, {Name: "state", Value: f.State}}
	if f.Value != nil {
		all = append(all, s.shownVariable(debugger.Variable{Name: "value", Value: *f.Value}))
	}
	if f.Error != nil {
		all = append(all, dap.Variable{Name: "error", Value: f.Error.Error()})
	}
	return all
}

func (s *session) shownVariable(v debugger.Variable) dap.Variable {
	shown := dap.Variable{Name: v.Name, Value: debugger.Text(v.Value), Type: debugger.Type(v.Value)}
	shown.VariablesReference, shown.IndexedVariables, shown.NamedVariables = s.contained(v.Value)
	return shown
}

// contained makes a container of a value that has parts.
func (s *session) contained(v vm.Value) (reference, indexed, named int) {
	indexed, named = s.program.Parts(v)
	if indexed+named > 0 {
		reference = s.handles.container(container{value: &v})
	}
	return reference, indexed, named
}

func (s *session) onExceptionInfo(a dap.ExceptionInfoArguments) (any, error) {
	e := s.listener.error()
	if e == nil {
		return nil, errors.New("the program does not stand at an error")
	}
	return dap.ExceptionInfoResponseBody{
		ExceptionId: e.Kind, Description: e.Message, BreakMode: "unhandled",
		Details: &dap.ExceptionDetails{Message: e.Message, TypeName: e.Kind, StackTrace: trace(e)},
	}, nil
}
