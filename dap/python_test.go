package dap_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// Stepping from Hark into Python and back, with the real debugpy, in one client.

var mixed = map[string]string{
	"service.hk": `#[timeout(5)] import(double, calls, 1);
fn main() {
  a = 20;
  b = double(a);
  c = double(b);
  d = double(c);
  d + 1
}
`,
	"calls.py": `def double(n):
    half = n
    whole = half + n
    return whole
`,
}

// mixedClient debugs a program whose Python is that of an interpreter.
func mixedClient(t *testing.T, python string) (c *client, script string) {
	t.Helper()
	dir := program(t, mixed)
	if python == "" {
		rewrite(t, dir, "debugpy.py", `raise ImportError("debugpy is not here")`)
	}
	here, there := net.Pipe()
	c = attach(t, here, filepath.Join(dir, "service.hk"))
	go func() {
		defer close(c.ended)
		_ = dap.Serve(context.Background(), there, there, dap.Config{Prepare: func(context.Context, dap.Launch) (*dap.Prepared, error) {
			program, err := build(dir, "service.hk")
			pool := ffi.New(ffi.Config{Root: dir, Python: python})
			world := debugger.World{Store: memstore.New(), Executor: local.New(), Foreign: pool, Close: pool.Close}
			return &dap.Prepared{Program: program, Root: dir, Kept: dap.Kept{World: world}}, err
		}})
		_ = there.Close()
	}()
	t.Cleanup(func() {
		_ = here.Close()
		c.gone()
	})
	return c, filepath.Join(dir, "calls.py")
}

// into launches the program, and makes a step into the first call.
func (c *client) into(capabilities map[string]any) (thread int) {
	c.t.Helper()
	c.do("initialize", capabilities)
	c.do("launch", map[string]any{"program": c.path})
	c.event("initialized")
	c.breakAt(4)
	c.do("configurationDone", nil)
	thread = c.stopped().ThreadId
	c.do("stepIn", map[string]any{"threadId": thread})
	return thread
}

// startDebugging is the adapter's request to start another debugger, with where that is.
func (c *client) startDebugging() (request message, configuration map[string]any, address string) {
	c.t.Helper()
	request = c.next("the request startDebugging", func(m message) bool { return m.Type == "request" && m.Command == "startDebugging" })
	var arguments struct {
		Request       string
		Configuration map[string]any
	}
	require.NoError(c.t, json.Unmarshal(request.Arguments, &arguments))
	assert.Equal(c.t, "attach", arguments.Request)
	connect := arguments.Configuration["connect"].(map[string]any)
	return request, arguments.Configuration, net.JoinHostPort(connect["host"].(string), strconv.Itoa(int(connect["port"].(float64))))
}

func (c *client) reply(to message, success bool, reason string) {
	c.t.Helper()
	c.seq++
	raw, err := json.Marshal(map[string]any{
		"seq": c.seq, "type": "response", "request_seq": to.Seq, "command": to.Command, "success": success, "message": reason,
	})
	require.NoError(c.t, err)
	c.post(string(raw))
}

var startsDebugging = map[string]any{"supportsStartDebuggingRequest": true}

// TestStepIntoPython: a step into a call stops in the Python debugger, whose steps lead back to Hark: behind the call.
func TestStepIntoPython(t *testing.T) {
	t.Parallel()
	c, script := mixedClient(t, testkit.PythonWithDebugger(t))
	thread := c.into(startsDebugging)
	request, configuration, address := c.startDebugging()
	c.reply(request, true, "")
	python := testkit.AttachPython(t, address, configuration, map[string][]int{script: {3}})
	stop := python.Stopped()
	require.Equal(t, script, stop.File)
	require.Equal(t, 2, stop.Line)
	python.Go("next", stop.Thread)
	require.Equal(t, 3, python.Stopped().Line)
	python.Go("continue", stop.Thread)
	back := c.stopped()
	require.Equal(t, "step", back.Reason)
	require.Equal(t, 5, c.stack(thread)[0].Line)

	// The debugger is there already: the next call needs no other one, and steps lead out of it, too.
	c.do("stepIn", map[string]any{"threadId": thread})
	require.Equal(t, 2, python.Stopped().Line)
	for range 3 {
		python.Go("next", stop.Thread)
		if line := python.Stopped().Line; line == 4 {
			break
		}
	}
	python.Go("next", stop.Thread)
	require.Equal(t, "step", c.stopped().Reason)
	require.Equal(t, 6, c.stack(thread)[0].Line)

	// Its breakpoints work also in a call that is stepped over.
	c.do("next", map[string]any{"threadId": thread})
	stop = python.Stopped()
	require.Equal(t, "breakpoint", stop.Reason)
	require.Equal(t, 3, stop.Line)
	python.Go("continue", stop.Thread)
	require.Equal(t, "step", c.stopped().Reason)
	require.Equal(t, 7, c.stack(thread)[0].Line)
	c.do("continue", map[string]any{"threadId": thread})
	require.Equal(t, 0, c.finish())
	c.do("disconnect", nil)
	python.Ended()
}

// TestStepOverPythonWithoutDebugger: where Python cannot be debugged a call is stepped over, which is said once.
func TestStepOverPythonWithoutDebugger(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		python       string
		capabilities map[string]any
		refuses      bool
		said         string
	}{
		"no debugpy":   {"", startsDebugging, false, "debugpy"},
		"no such wish": {testkit.PythonWithDebugger(t), nil, false, "supportsStartDebuggingRequest"},
		"refused":      {testkit.PythonWithDebugger(t), startsDebugging, true, "no Python extension"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := mixedClient(t, c.python)
			thread := client.into(c.capabilities)
			if c.refuses {
				request, _, _ := client.startDebugging()
				client.reply(request, false, c.said)
			}
			said := client.next("a message about Python", func(m message) bool {
				return m.Event == "output" && decode[struct{ Category string }](t, m.Body).Category == "console"
			})
			assert.Contains(t, string(said.Body), c.said)
			assert.Contains(t, string(said.Body), "calls.double is stepped over")
			client.stopped()
			require.Equal(t, 5, client.stack(thread)[0].Line)
			client.do("stepIn", map[string]any{"threadId": thread})
			client.stopped()
			require.Equal(t, 6, client.stack(thread)[0].Line)
			client.do("continue", map[string]any{"threadId": thread})
			require.Equal(t, 0, client.finish())
			for _, m := range client.queue {
				assert.NotContains(t, string(m.Body), "stepped over")
			}
		})
	}
}

// TestDisconnectInPython: a worker that stands in the Python debugger ends with its program, and the debugger's session does.
func TestDisconnectInPython(t *testing.T) {
	t.Parallel()
	c, _ := mixedClient(t, testkit.PythonWithDebugger(t))
	c.into(startsDebugging)
	request, configuration, address := c.startDebugging()
	c.reply(request, true, "")
	python := testkit.AttachPython(t, address, configuration, nil)
	python.Stopped()
	c.do("disconnect", nil)
	c.gone()
	python.Ended()
}

// TestDisconnectBeforePython: nor does one stay that waits for a client which never says whether it starts a debugger, or never attaches.
func TestDisconnectBeforePython(t *testing.T) {
	t.Parallel()
	for _, answers := range []bool{false, true} {
		t.Run(strconv.FormatBool(answers), func(t *testing.T) {
			c, _ := mixedClient(t, testkit.PythonWithDebugger(t))
			c.into(startsDebugging)
			request, _, address := c.startDebugging()
			if answers {
				c.reply(request, true, "")
			}
			c.do("disconnect", nil)
			c.gone()
			gone(t, address)
		})
	}
}

// gone waits until nobody listens at an address any more: a connection to who is about to end is closed by the other side.
func gone(t *testing.T, address string) {
	t.Helper()
	for {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(soon)))
		_, err = io.Copy(io.Discard, conn)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "%s is still there", address)
		_ = conn.Close()
	}
}

// TestPassedOn: a client that starts another session of the same kind for the Python debugger gets to that through the adapter.
func TestPassedOn(t *testing.T) {
	t.Parallel()
	c, script := mixedClient(t, testkit.PythonWithDebugger(t))
	thread := c.into(startsDebugging)
	request, configuration, _ := c.startDebugging()
	c.reply(request, true, "")
	child := connect(t, filepath.Dir(script))
	child.passed = true
	child.do("initialize", map[string]any{"adapterID": "hark", "linesStartAt1": true})
	attached := child.send("attach", configuration)
	told := decode[struct{ Capabilities map[string]any }](t, child.event("capabilities").Body).Capabilities
	assert.Equal(t, true, told["supportsConditionalBreakpoints"])
	assert.Equal(t, false, told["supportsInstructionBreakpoints"], "of our adapter only")
	child.event("initialized")
	child.do("setBreakpoints", map[string]any{"source": map[string]any{"path": script}, "breakpoints": []map[string]any{{"line": 4}}})
	child.do("configurationDone", nil)
	require.True(t, child.response(attached).Success)
	stop := child.stopped()
	require.Equal(t, 2, child.stack(stop.ThreadId)[0].Line)
	child.do("continue", map[string]any{"threadId": stop.ThreadId})
	require.Equal(t, 4, child.stack(child.stopped().ThreadId)[0].Line)
	child.do("continue", map[string]any{"threadId": stop.ThreadId})
	c.stopped()
	require.Equal(t, 5, c.stack(thread)[0].Line)
	c.do("disconnect", nil)
	c.gone()
	child.event("terminated")
	child.do("disconnect", nil)
	_ = child.conn.Close()
	child.gone()
}

// TestPassedOnToNobody: an address at which nobody listens is told of, and the session can go on otherwise.
func TestPassedOnToNobody(t *testing.T) {
	t.Parallel()
	c := connect(t, program(t, mixed))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	require.NoError(t, l.Close())
	c.do("initialize", nil)
	assert.Contains(t, c.refuse("attach", map[string]any{"connect": map[string]any{"port": port}}), "no debugger listens at 127.0.0.1:")
	assert.Contains(t, c.refuse("attach", nil), "use launch")
}
