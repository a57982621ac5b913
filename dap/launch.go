package dap

import (
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func (c *call) onLaunch(l Launch) (any, error) {
	switch {
	case l.Session == "" && l.Fork != nil:
		return nil, errors.New("fork is missing the session that it goes on from: {\"session\": ID, \"fork\": {\"thread\": …, \"at\": …}}")
	case l.Session == "":
		return c.begin(l, &runsHere)
	case l.Program != "":
		return nil, errors.New("launch takes program, to run it, or session, to look at one that has run, not both")
	case l.Fork != nil:
		return c.begin(l, &forks)
	}
	return c.begin(l, &replays)
}

func (c *call) onAttach(l Launch) (any, error) {
	switch {
	case !l.Live:
		return nil, errors.New("attach follows a session while it runs: {\"session\": ID, \"live\": true}; " +
			"to run a program, or to look at a session that was saved, use launch with program or session")
	case l.Session == "":
		return nil, errors.New("attach is missing the session: {\"session\": ID, \"live\": true}")
	}
	return c.begin(l, &follows)
}

// begin prepares a target, and lets it begin when the client has said all that it wants to say before.
func (c *call) begin(l Launch, kind *targetKind) (any, error) {
	if c.kind != nil {
		return nil, errors.New("something has been launched already")
	}
	if l.Function == "" {
		l.Function = "main"
	}
	c.launch, c.kind = l, kind
	if err := c.prepare(); err != nil {
		c.kind = nil
		return nil, err
	}
	c.then = func() {
		c.tellPrepared()
		c.event("initialized", nil)
		c.beginIfReady()
	}
	return nil, nil
}

// tellPrepared says what there is now to be debugged.
func (c *call) tellPrepared() {
	c.listener.Changed(c.target.Abilities())
	name := c.launch.Program
	if name == "" {
		name = "session " + c.launch.Session
	}
	c.event("process", dap.ProcessEventBody{Name: name, IsLocalProcess: c.kind.local, StartMethod: c.kind.method})
	if c.prepared.warning != "" {
		c.event("output", dap.OutputEventBody{Category: "important", Output: c.prepared.warning + "\n"})
	}
}

// prepare makes a target of what was launched.
func (c *call) prepare() error {
	l := &listener{s: c.session}
	m, err := c.kind.make(c, l)
	if err != nil {
		return err
	}
	if c.ctx.Err() != nil {
		m.end()
		return c.ctx.Err()
	}
	l.sources = newSources(m.target.Program(), m.root)
	c.prepared, c.program, c.target, c.sources, c.listener, c.begun = m, m.target.Program(), m.target, l.sources, l, false
	c.target.SetExceptionStops(c.breakpoints.errors)
	c.breakpoints.resolve(c.session)
	return nil
}

func (c *call) onConfigurationDone(none) (any, error) {
	if c.configured {
		return nil, errors.New("the configuration was done already")
	}
	c.configured = true
	c.then = c.beginIfReady
	return nil, nil
}

// beginIfReady lets the program begin once it was launched and the client has said all that it wants to say before.
func (c *call) beginIfReady() {
	if c.target == nil || !c.configured || c.begun {
		return
	}
	c.begun = true
	if err := c.target.Begin(c.life); err != nil {
		c.listener.Ended(debugger.End{Err: err})
		return
	}
	c.listener.Changed(c.target.Abilities())
}

// restartArguments are those of restart: the launch may have been changed since.
type restartArguments struct {
	Arguments *Launch `json:"arguments"`
}

func (c *call) onRestart(a restartArguments) (any, error) {
	c.endTarget()
	if a.Arguments != nil && (a.Arguments.Program != "" || a.Arguments.Session != "") {
		kind := c.launch
		c.launch = *a.Arguments
		c.launch.Program, c.launch.Session, c.launch.Live, c.launch.Fork = kind.Program, kind.Session, kind.Live, kind.Fork
		if c.launch.Function == "" {
			c.launch.Function = "main"
		}
	}
	if err := c.prepare(); err != nil {
		c.listener.finish(exitRefused)
		return nil, err
	}
	c.then = func() {
		c.tellPrepared()
		c.beginIfReady()
	}
	return nil, nil
}

// disconnectArguments tells what was not said from what was denied.
type disconnectArguments struct {
	TerminateDebuggee *bool `json:"terminateDebuggee"`
}

// onDisconnect ends what runs here. A session that is kept is left as it is, for resume to go on with, if the client says that it is not
// to be terminated.
func (c *call) onDisconnect(a disconnectArguments) (any, error) {
	c.over, c.leaves = true, a.TerminateDebuggee != nil && !*a.TerminateDebuggee
	return nil, nil
}

func (c *call) onTerminate(dap.TerminateArguments) (any, error) {
	c.then = func() {
		c.endTarget()
		c.listener.finish(exitTerminated)
	}
	return nil, nil
}

// endTarget ends what runs, and its Python.
func (s *session) endTarget() {
	if s.target == nil {
		return
	}
	s.listener.silence()
	if live, ok := s.target.(*debugger.Live); ok && s.leaves {
		live.Leave()
	}
	s.prepared.end()
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
