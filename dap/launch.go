package dap

import (
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// initializeArguments are those of initialize that matter here. Lines and columns start at 1 unless they are said not to.
type initializeArguments struct {
	LinesStartAt1   *bool `json:"linesStartAt1"`
	ColumnsStartAt1 *bool `json:"columnsStartAt1"`
}

func (s *session) onInitialize(a initializeArguments) (any, error) {
	if s.initialized {
		return nil, errors.New("the session is initialized already")
	}
	s.initialized = true
	s.lineBase, s.columnBase = base(a.LinesStartAt1), base(a.ColumnsStartAt1)
	return dap.Capabilities{
		SupportsConfigurationDoneRequest:      true,
		SupportsEvaluateForHovers:             true,
		SupportsClipboardContext:              true,
		SupportsExceptionInfoRequest:          true,
		SupportsDelayedStackTraceLoading:      true,
		SupportsLoadedSourcesRequest:          true,
		SupportsTerminateRequest:              true,
		SupportTerminateDebuggee:              true,
		SupportsRestartRequest:                true,
		SupportsBreakpointLocationsRequest:    true,
		SupportsSingleThreadExecutionRequests: true,
		ExceptionBreakpointFilters: []dap.ExceptionBreakpointsFilter{{
			Filter: uncaughtFilter, Label: "Uncaught errors", Default: true,
			Description: "Stop where an error is raised that nothing in its thread catches",
		}},
	}, nil
}

func base(startsAt1 *bool) int {
	if startsAt1 != nil && !*startsAt1 {
		return 0
	}
	return 1
}

func (s *session) onLaunch(l Launch) (any, error) {
	if s.prepared != nil {
		return nil, errors.New("a program has been launched already")
	}
	if l.Function == "" {
		l.Function = "main"
	}
	s.launch = l
	if err := s.prepare(); err != nil {
		return nil, err
	}
	s.then = func() {
		s.event("process", dap.ProcessEventBody{Name: l.Program, IsLocalProcess: true, StartMethod: "launch"})
		s.event("initialized", nil)
		s.beginIfReady()
	}
	return nil, nil
}

func (s *session) onAttach(none) (any, error) {
	return nil, errors.New("attach is not supported: launch a program")
}

// prepare makes a target of what was launched.
func (s *session) prepare() error {
	prepared, err := s.Prepare(s.ctx, s.launch)
	if err != nil {
		return err
	}
	program := debugger.NewProgram(prepared.Program)
	s.sources = newSources(program, prepared.Root)
	l := &listener{s: s, sources: s.sources}
	entry := debugger.Entry{
		Function: s.launch.Function, Args: prepared.Args, Stop: s.launch.StopOnEntry && !s.launch.NoDebug, Free: s.launch.NoDebug,
	}
	target, err := debugger.NewLive(program, entry, prepared.World, l)
	if err != nil {
		return err
	}
	s.prepared, s.program, s.target, s.listener, s.begun = prepared, program, target, l, false
	s.target.SetExceptionStops(debugger.ExceptionStops{Uncaught: s.uncaught})
	s.breakpoints.resolve(s)
	return nil
}

func (s *session) onConfigurationDone(none) (any, error) {
	if s.configured {
		return nil, errors.New("the configuration was done already")
	}
	s.configured = true
	s.then = s.beginIfReady
	return nil, nil
}

// beginIfReady lets the program begin once it was launched and the client has said all that it wants to say before.
func (s *session) beginIfReady() {
	if s.target == nil || !s.configured || s.begun {
		return
	}
	s.begun = true
	if err := s.target.Begin(s.ctx); err != nil {
		s.listener.Ended(debugger.End{Err: err})
	}
}

func (s *session) onRestart(none) (any, error) {
	s.endTarget()
	if err := s.prepare(); err != nil {
		s.listener.finish(exitRefused)
		return nil, err
	}
	s.then = s.beginIfReady
	return nil, nil
}

func (s *session) onDisconnect(dap.DisconnectArguments) (any, error) {
	s.over = true
	return nil, nil
}

func (s *session) onTerminate(dap.TerminateArguments) (any, error) {
	s.then = func() {
		s.endTarget()
		s.listener.finish(exitTerminated)
	}
	return nil, nil
}

// endTarget ends what runs, and its Python.
func (s *session) endTarget() {
	if s.target == nil {
		return
	}
	s.listener.silence()
	s.target.Close()
	s.handles.clear()
}

// Exit codes, as the command line has them.
const (
	exitGood       = 0
	exitFailed     = 1
	exitRefused    = 2
	exitTerminated = 143
)

// outcome is what to say about the end of a session, and the exit code.
func outcome(e debugger.End) (text, category string, code int) {
	var fault *vm.Error
	var deadlock *engine.Deadlock
	switch {
	case errors.As(e.Err, &fault):
		return describe(fault), "stderr", exitFailed
	case errors.As(e.Err, &deadlock):
		return deadlock.Error() + "\n", "stderr", exitFailed
	case e.Err != nil:
		return e.Err.Error() + "\n", "important", exitFailed
	case e.Result.Err != nil:
		return describe(e.Result.Err), "stderr", exitFailed
	}
	return fmt.Sprintf("=> %s\n", debugger.Text(e.Result.Value)), "console", exitGood
}
