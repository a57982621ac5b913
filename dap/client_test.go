package dap_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// message is what comes from the adapter.
type message struct {
	Seq        int             `json:"seq"`
	Type       string          `json:"type"`
	RequestSeq int             `json:"request_seq"`
	Arguments  json.RawMessage `json:"arguments"`
	Success    bool            `json:"success"`
	Command    string          `json:"command"`
	Message    string          `json:"message"`
	Event      string          `json:"event"`
	Body       json.RawMessage `json:"body"`
}

// client is an editor's side of a session.
type client struct {
	t    testing.TB
	conn io.ReadWriteCloser
	in   chan message
	seq  int
	last int // seq of the last message of the adapter
	// queue are messages that came while another was waited for.
	queue []message
	// path is the program's file.
	path string
	// store keeps sessions that were saved.
	store engine.Store
	// passed: messages come from another adapter, too.
	passed bool
	// ended is closed when Serve has returned.
	ended chan struct{}
}

// soon is how long anything may take before a test gives up.
const soon = 20 * time.Second

// connect starts an adapter for programs in a folder.
func connect(t testing.TB, dir string) *client { return connectTo(t, dir, memstore.New()) }

// connectTo has its saved sessions in a store.
func connectTo(t testing.TB, dir string, store engine.Store) *client {
	here, there := net.Pipe()
	c := attach(t, here, filepath.Join(dir, "service.hk"))
	c.store = store
	go func() {
		defer close(c.ended)
		_ = dap.Serve(context.Background(), there, there, configOn(dir, c.store))
		_ = there.Close()
	}()
	t.Cleanup(func() {
		_ = here.Close()
		c.gone()
	})
	return c
}

// attach is a client on a connection.
func attach(t testing.TB, conn io.ReadWriteCloser, path string) *client {
	c := &client{t: t, conn: conn, in: make(chan message, 10_000), path: path, ended: make(chan struct{})}
	go func() {
		defer close(c.in)
		for in := bufio.NewReader(conn); ; {
			content, err := godap.ReadBaseMessage(in)
			if err != nil {
				return
			}
			var m message
			if json.Unmarshal(content, &m) == nil {
				c.in <- m
			}
		}
	}()
	return c
}

// config compiles programs of a folder, for which resolved text is read from the disk.
func config(dir string) dap.Config { return configOn(dir, memstore.New()) }

// configOn has its saved sessions in a store.
func configOn(dir string, store engine.Store) dap.Config {
	return dap.Config{
		Prepare: func(_ context.Context, l dap.Launch) (*dap.Prepared, error) {
			program, err := build(dir, filepath.Base(l.Program))
			if err != nil {
				return nil, err
			}
			args := make([]vm.Value, len(l.Args))
			for i, arg := range l.Args {
				args[i] = vm.String(string(arg))
			}
			return &dap.Prepared{Program: program, Root: dir, Args: args, Kept: world(dir, memstore.New())}, nil
		},
		Open: func(_ context.Context, l dap.Launch) (*dap.Saved, error) {
			return &dap.Saved{
				Store: store, ID: l.Session, Root: dir, Place: "the test",
				World: func(context.Context) (dap.Kept, error) { return world(dir, store), nil },
				Value: func(text string) (vm.Value, error) { return vm.String(text), nil },
			}, nil
		},
	}
}

func world(dir string, store engine.Store) dap.Kept {
	pool := ffi.New(ffi.Config{Root: dir})
	return dap.Kept{World: debugger.World{Store: store, Executor: local.New(), Foreign: pool, Close: pool.Close}}
}

// build compiles a file of a folder.
func build(dir, file string) (*bytecode.Program, error) {
	p := resolve.Load(file, func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join(dir, path))
		return string(text), err
	})
	for _, of := range p.Diagnostics() {
		for _, d := range of.Problems {
			if p.Stops() {
				return nil, &refused{of.File.Path + ": " + d.Code.String() + " " + d.Message}
			}
		}
	}
	return codegen.Generate(p), nil
}

// keep runs the client's program to its end, and is the session that it leaves in the client's store.
func (c *client) keep(args ...vm.Value) string {
	c.t.Helper()
	dir := filepath.Dir(c.path)
	program, err := build(dir, filepath.Base(c.path))
	require.NoError(c.t, err)
	w := world(dir, c.store).World
	e := engine.New(engine.Config{Store: w.Store, Executor: w.Executor, Foreign: w.Foreign, Private: true})
	id, err := e.Start(context.Background(), engine.Session{Program: program, Function: "main", Args: args})
	require.NoError(c.t, err)
	_, err = e.Wait(context.Background(), id)
	require.NoError(c.t, err)
	require.NoError(c.t, e.Close())
	require.NoError(c.t, w.Close())
	return id
}

type refused struct{ text string }

func (r *refused) Error() string { return r.text }

// program writes a program and its Python into a folder.
func program(t testing.TB, files map[string]string) (dir string) {
	dir = t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

// post sends a request as it is.
func (c *client) post(raw string) {
	c.t.Helper()
	require.NoError(c.t, godap.WriteBaseMessage(c.conn, []byte(raw)))
}

// send sends a request and does not wait.
func (c *client) send(command string, arguments any) int {
	c.t.Helper()
	c.seq++
	raw, err := json.Marshal(map[string]any{"seq": c.seq, "type": "request", "command": command, "arguments": arguments})
	require.NoError(c.t, err)
	c.post(string(raw))
	return c.seq
}

// next is the first message that matches, kept back or new.
func (c *client) next(what string, matches func(m message) bool) message {
	c.t.Helper()
	for i, m := range c.queue {
		if matches(m) {
			c.queue = append(c.queue[:i:i], c.queue[i+1:]...)
			return m
		}
	}
	timeout := time.After(soon)
	for {
		select {
		case m, ok := <-c.in:
			require.True(c.t, ok, "the adapter is gone, without %s; before: %v", what, c.queue)
			if !c.passed {
				require.Equal(c.t, c.last+1, m.Seq, "messages are numbered in order")
			}
			c.last = m.Seq
			if matches(m) {
				return m
			}
			c.queue = append(c.queue, m)
		case <-timeout:
			require.FailNow(c.t, "no "+what, "%v", c.queue)
		}
	}
}

func (c *client) response(seq int) message {
	c.t.Helper()
	return c.next("response", func(m message) bool { return m.Type == "response" && m.RequestSeq == seq })
}

// event is the next event of that name.
func (c *client) event(name string) message {
	c.t.Helper()
	return c.next("event "+name, func(m message) bool { return m.Type == "event" && m.Event == name })
}

// ask sends a request that has to succeed, and reads the body of its answer.
func ask[B any](c *client, command string, arguments any) (body B) {
	c.t.Helper()
	m := c.response(c.send(command, arguments))
	require.True(c.t, m.Success, "%s: %s", command, m.Message)
	if len(m.Body) > 0 {
		require.NoError(c.t, json.Unmarshal(m.Body, &body))
	}
	return body
}

// refuse sends a request that has to fail, and is the reason.
func (c *client) refuse(command string, arguments any) string {
	c.t.Helper()
	m := c.response(c.send(command, arguments))
	require.False(c.t, m.Success, command)
	return m.Message
}

func (c *client) do(command string, arguments any) {
	c.t.Helper()
	ask[json.RawMessage](c, command, arguments)
}

// start launches the program with breakpoints at lines.
func (c *client) start(launch map[string]any, lines ...int) {
	c.t.Helper()
	c.do("initialize", nil)
	arguments := map[string]any{"program": c.path}
	for key, value := range launch {
		arguments[key] = value
	}
	c.do("launch", arguments)
	c.event("initialized")
	c.breakAt(lines...)
	c.do("configurationDone", nil)
}

func (c *client) breakAt(lines ...int) []godap.Breakpoint {
	c.t.Helper()
	points := make([]godap.SourceBreakpoint, len(lines))
	for i, line := range lines {
		points[i].Line = line
	}
	arguments := godap.SetBreakpointsArguments{Source: godap.Source{Path: c.path}, Breakpoints: points}
	return ask[godap.SetBreakpointsResponseBody](c, "setBreakpoints", arguments).Breakpoints
}

// stopped is the next stop.
func (c *client) stopped() godap.StoppedEventBody {
	c.t.Helper()
	m := c.next("event stopped", func(m message) bool { return m.Event == "stopped" || m.Event == "terminated" })
	require.Equal(c.t, "stopped", m.Event)
	return decode[godap.StoppedEventBody](c.t, m.Body)
}

func (c *client) stack(thread int) []godap.StackFrame {
	c.t.Helper()
	return ask[godap.StackTraceResponseBody](c, "stackTrace", godap.StackTraceArguments{ThreadId: thread}).StackFrames
}

func (c *client) scopes(frame int) []godap.Scope {
	c.t.Helper()
	return ask[godap.ScopesResponseBody](c, "scopes", godap.ScopesArguments{FrameId: frame}).Scopes
}

func (c *client) variables(reference int) []godap.Variable {
	c.t.Helper()
	return ask[godap.VariablesResponseBody](c, "variables", godap.VariablesArguments{VariablesReference: reference}).Variables
}

// finish lets the program go on to its end, and is its exit code.
func (c *client) finish() int {
	c.t.Helper()
	var exited godap.ExitedEventBody
	require.NoError(c.t, json.Unmarshal(c.event("exited").Body, &exited))
	c.event("terminated")
	return exited.ExitCode
}

// gone waits until the adapter has ended by itself.
func (c *client) gone() {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(soon):
		require.FailNow(c.t, "the adapter does not end")
	}
}

func decode[B any](t testing.TB, raw json.RawMessage) (body B) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &body))
	return body
}

// rewrite writes one file of a program anew.
func rewrite(t testing.TB, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}
