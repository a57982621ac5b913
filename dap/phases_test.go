package dap_test

import (
	"net"
	"testing"
	"time"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap"
)

var loop = map[string]string{"service.hk": "fn main() {\n  spin(0)\n}\n\nfn spin(n) {\n  spin(n + 1)\n}\n"}

var call = map[string]string{
	"service.hk": "import(hang, steps, 0);\n\nfn main() {\n  hang()\n}\n",
	"steps.py":   "import time\n\ndef hang():\n    print('hanging', flush=True)\n    time.sleep(600)\n",
}

// TestDisconnect ends the adapter in every phase, by request and by the end of the input.
func TestDisconnect(t *testing.T) {
	phases := []struct {
		name  string
		files map[string]string
		reach func(c *client)
	}{
		{"at once", loop, func(*client) {}},
		{"initialized", loop, func(c *client) { c.do("initialize", nil) }},
		{"launched", loop, func(c *client) {
			c.do("initialize", nil)
			c.do("launch", map[string]any{"program": c.path})
		}},
		{"running", loop, func(c *client) { c.start(nil); c.event("thread") }},
		{"running without a debugger", loop, func(c *client) { c.start(map[string]any{"noDebug": true}); c.event("thread") }},
		{"stopped", loop, func(c *client) { c.start(nil, 6); c.stopped() }},
		{"in Python", call, func(c *client) { c.start(nil); c.event("output") }},
		{"stopped while Python works", call, func(c *client) {
			c.start(nil)
			c.event("output")
			c.do("pause", map[string]any{"threadId": 1})
			c.stopped()
		}},
		{"ended", map[string]string{"service.hk": "fn main() {\n  1\n}\n"}, func(c *client) { c.start(nil); c.finish() }},
	}
	for _, phase := range phases {
		for _, way := range []string{"request", "end of input"} {
			t.Run(phase.name+", "+way, func(t *testing.T) {
				c := connect(t, program(t, phase.files))
				phase.reach(c)
				began := time.Now()
				if way == "request" {
					c.do("disconnect", nil)
				} else {
					require.NoError(t, c.conn.Close())
				}
				c.gone()
				assert.Less(t, time.Since(began), 2*time.Second)
			})
		}
	}
}

// TestThreadAtItsCall shows a thread that waits for Python where it calls.
func TestThreadAtItsCall(t *testing.T) {
	c := connect(t, program(t, call))
	c.start(nil)
	c.event("output")
	c.do("pause", map[string]any{"threadId": 1})
	stop := c.stopped()
	assert.Equal(t, "pause", stop.Reason)
	assert.Equal(t, 4, c.stack(stop.ThreadId)[0].Line)
	threads := ask[godap.ThreadsResponseBody](c, "threads", nil).Threads
	assert.Equal(t, "0 main(…) in a Python call of hang", threads[0].Name)
	assert.Equal(t, "the program has gone on", c.afterContinue(stop.ThreadId))
}

// afterContinue lets a call go on, and is what a request about the stop before says then.
func (c *client) afterContinue(thread int) string {
	c.do("continue", map[string]any{"threadId": thread})
	m := c.refuse("stackTrace", map[string]any{"threadId": thread})
	require.Equal(c.t, "the program is running; pause it first", m)
	return "the program has gone on"
}

// TestPause stops a program that computes, and sets a breakpoint while it runs.
func TestPause(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(nil)
	c.event("thread")
	c.do("pause", map[string]any{"threadId": 1})
	stop := c.stopped()
	assert.Equal(t, "pause", stop.Reason)
	frame := c.stack(stop.ThreadId)[0]
	assert.Contains(t, []int{2, 6}, frame.Line)
	c.do("continue", map[string]any{"threadId": stop.ThreadId})
	assert.True(t, c.breakAt(5)[0].Verified)
	assert.Equal(t, "breakpoint", c.stopped().Reason)
	assert.Contains(t, c.refuse("scopes", map[string]any{"frameId": frame.Id}), "gone on")
}

// TestWrongMessages answers what is wrong, and goes on.
func TestWrongMessages(t *testing.T) {
	c := connect(t, program(t, loop))
	assert.Contains(t, c.refuse("launch", nil), "initialize")
	c.post(`{"seq":0,"type":"request","command":"initialize","arguments":null}`)
	assert.True(t, c.response(0).Success, "any seq will do")
	for name, wrong := range map[string]struct{ raw, reason string }{
		"wrong type":    {`{"seq":-7,"type":"request","command":"setBreakpoints","arguments":{"source":{"path":"x"},"breakpoints":[{"line":"1"}]}}`, "string"},
		"not an object": {`{"seq":-7,"type":"request","command":"setBreakpoints","arguments":[1]}`, "array"},
		"unknown":       {`{"seq":-7,"type":"request","command":"fly"}`, "not supported"},
		"no command":    {`{"seq":-7,"type":"request"}`, "no command"},
		"a response":    {`{"seq":-7,"type":"response","command":"x"}`, "not a request"},
		"no seq type":   {`{"seq":-7,"type":"request","command":7}`, "number"},
		"too early":     {`{"seq":-7,"type":"request","command":"stackTrace","arguments":{"threadId":1}}`, "launched"},
	} {
		t.Run(name, func(t *testing.T) {
			c.post(wrong.raw)
			m := c.response(-7)
			assert.False(t, m.Success)
			assert.Contains(t, m.Message, wrong.reason)
			body := decode[godap.ErrorResponseBody](t, m.Body)
			assert.NotNil(t, body.Error)
		})
	}
	c.post(`[]`)
	assert.Contains(t, c.response(0).Message, "it is a JSON array")
	c.post(`not JSON`)
	assert.Contains(t, c.response(0).Message, "JSON")
	c.post(`{"seq":9,"type":"request","command":"launch","arguments":{"program":"service.hk","later":{"x":1}},"extra":[]}`)
	assert.True(t, c.response(9).Success, "what is not known is no mistake")
	assert.Contains(t, c.refuse("launch", map[string]any{"program": "x"}), "already")
	assert.Contains(t, c.refuse("attach", nil), "use launch")
	assert.Contains(t, c.refuse("next", map[string]any{"threadId": 1}), "configurationDone")
}

// TestCountingFromZero is a client for which the first line is 0.
func TestCountingFromZero(t *testing.T) {
	c := connect(t, program(t, loop))
	c.do("initialize", map[string]any{"linesStartAt1": false, "columnsStartAt1": false})
	c.do("launch", map[string]any{"program": c.path})
	assert.Equal(t, 5, c.breakAt(4)[0].Line)
	c.do("configurationDone", nil)
	frame := c.stack(c.stopped().ThreadId)[0]
	assert.Equal(t, []int{5, 2}, []int{frame.Line, frame.Column})
}

// TestABreakpointBeforeTheLaunch is verified when the program is there.
func TestABreakpointBeforeTheLaunch(t *testing.T) {
	c := connect(t, program(t, loop))
	c.do("initialize", nil)
	assert.False(t, c.breakAt(5)[0].Verified)
	c.do("configurationDone", nil)
	c.do("launch", map[string]any{"program": c.path})
	b := decode[godap.BreakpointEventBody](t, c.event("breakpoint").Body)
	assert.True(t, b.Breakpoint.Verified)
	assert.Equal(t, 6, b.Breakpoint.Line)
	assert.Equal(t, []int{b.Breakpoint.Id}, c.stopped().HitBreakpointIds)
}

// TestABadProgram is refused with what is wrong; the session can launch another one.
func TestABadProgram(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  nowhere\n}\n"}))
	c.do("initialize", nil)
	assert.Contains(t, c.refuse("launch", map[string]any{"program": c.path}), "HK0101")
	c.do("disconnect", nil)
	c.gone()
}

// TestRestart begins again with the same breakpoints, and ends once.
func TestRestart(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  x = 1;\n  x\n}\n"}))
	c.start(nil, 3)
	c.stopped()
	c.do("restart", nil)
	stop := c.stopped()
	assert.Equal(t, "breakpoint", stop.Reason)
	c.do("continue", map[string]any{"threadId": stop.ThreadId})
	assert.Equal(t, 0, c.finish())
	c.do("terminate", nil)
	c.do("disconnect", nil)
	c.gone()
	for m := range c.in {
		c.queue = append(c.queue, m)
	}
	for _, m := range c.queue {
		assert.NotContains(t, []string{"exited", "terminated"}, m.Event)
	}
}

// TestTerminate ends a program that would go on for ever.
func TestTerminate(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(nil)
	c.do("terminate", nil)
	assert.Equal(t, 143, c.finish())
}

// TestSources are shown: those of the prelude have no path.
func TestSources(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  map(lambda(x) { x }, [1])\n}\n"}))
	c.start(nil, 2)
	stop := c.stopped()
	c.do("stepIn", map[string]any{"threadId": stop.ThreadId})
	frames := c.stack(c.stopped().ThreadId)
	require.GreaterOrEqual(t, len(frames), 2)
	prelude := frames[1].Source
	require.NotZero(t, prelude.SourceReference)
	text := ask[godap.SourceResponseBody](c, "source", godap.SourceArguments{SourceReference: prelude.SourceReference})
	assert.Contains(t, text.Content, "fn map(")
	all := ask[godap.LoadedSourcesResponseBody](c, "loadedSources", nil).Sources
	assert.Contains(t, all, *prelude)
	places := ask[godap.BreakpointLocationsResponseBody](c, "breakpointLocations", godap.BreakpointLocationsArguments{
		Source: godap.Source{Path: c.path}, Line: 1, EndLine: 3})
	assert.Equal(t, []godap.BreakpointLocation{{Line: 2, Column: 3}, {Line: 2, Column: 19}}, places.Breakpoints)
	c.do("setBreakpoints", godap.SetBreakpointsArguments{Source: *prelude, Breakpoints: []godap.SourceBreakpoint{{Line: 12}}})
}

// TestPages takes a large List a page at a time.
func TestPages(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  xs = range(100000);\n  xs\n}\n"}))
	c.start(nil, 3)
	frame := c.stack(c.stopped().ThreadId)[0]
	xs := c.variables(c.scopes(frame.Id)[0].VariablesReference)[0]
	assert.Equal(t, 100_000, xs.IndexedVariables)
	page := ask[godap.VariablesResponseBody](c, "variables", godap.VariablesArguments{
		VariablesReference: xs.VariablesReference, Filter: "indexed", Start: 99_998, Count: 10}).Variables
	require.Len(t, page, 2)
	assert.Equal(t, "[99999]", page[1].Name)
	assert.Equal(t, "99999", page[1].Value)
}

// TestTwoClients do not see each other, over TCP.
func TestTwoClients(t *testing.T) {
	dir := program(t, loop)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	var clients []*client
	for range 2 {
		here, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		there, err := listener.Accept()
		require.NoError(t, err)
		c := attach(t, here, dir+"/service.hk")
		go func() {
			defer close(c.ended)
			_ = dap.Serve(t.Context(), there, there, config(dir))
			_ = there.Close()
		}()
		clients = append(clients, c)
	}
	clients[0].start(nil, 6)
	clients[0].stopped()
	clients[1].start(nil)
	clients[1].event("thread")
	clients[1].do("pause", map[string]any{"threadId": 1})
	assert.Equal(t, "pause", clients[1].stopped().Reason)
	clients[0].do("disconnect", nil)
	clients[0].gone()
	assert.NotEmpty(t, clients[1].stack(1))
	require.NoError(t, clients[1].conn.Close())
	clients[1].gone()
}

// TestRunningFree takes no notice of breakpoints.
func TestRunningFree(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  1\n}\n"}))
	c.start(map[string]any{"noDebug": true, "stopOnEntry": true}, 2)
	assert.Equal(t, 0, c.finish())
}

// TestEveryThreadStops: a breakpoint that many threads come to at once stops each of them.
func TestEveryThreadStops(t *testing.T) {
	c := connect(t, program(t, map[string]string{
		"service.hk": "fn main() {\n  length(await map_async(work, range(50)))\n}\n\nfn work(n) {\n  m = n + 1;\n  m\n}\n"}))
	c.start(nil, 6)
	seen := map[string]bool{}
	for range 50 {
		stop := c.stopped()
		frame := c.stack(stop.ThreadId)[0]
		require.Equal(t, 6, frame.Line)
		seen[frame.Name] = true
		c.do("continue", map[string]any{"threadId": stop.ThreadId})
	}
	assert.Len(t, seen, 50)
	assert.Equal(t, 0, c.finish())
}

// TestStepsAmongThreads: a step is one thread's; a breakpoint of another ends it, and its own stop is forgotten.
func TestStepsAmongThreads(t *testing.T) {
	c := connect(t, program(t, map[string]string{
		"service.hk": "fn main() {\n  f = async count(0);\n  g = async count(0);\n  await [f, g]\n}\n\nfn count(n) {\n  if n < 2000 { count(n + 1) } else { n }\n}\n"}))
	c.start(nil, 8)
	for range 200 {
		stop := c.stopped()
		c.do("next", map[string]any{"threadId": stop.ThreadId})
	}
	c.breakAt()
	c.do("continue", map[string]any{"threadId": c.stopped().ThreadId})
	assert.Equal(t, 0, c.finish())
}
