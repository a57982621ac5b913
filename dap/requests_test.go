package dap_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCancel gives up a request that takes long, while it is at work and before.
func TestCancel(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(nil, 6)
	frame := c.stack(c.stopped().ThreadId)[0].Id
	spin := map[string]any{"expression": "spin(0)", "frameId": frame}
	first, second := c.send("evaluate", spin), c.send("evaluate", spin)
	c.do("cancel", map[string]any{"requestId": second})
	c.do("cancel", map[string]any{"requestId": first})
	for _, seq := range []int{first, second} {
		m := c.response(seq)
		assert.False(t, m.Success)
		assert.Equal(t, "cancelled", m.Message)
	}
	c.do("cancel", map[string]any{"requestId": first})
	c.do("cancel", map[string]any{"requestId": 999, "progressId": "none"})
	c.do("cancel", nil)
	assert.Equal(t, "1", ask[godap.EvaluateResponseBody](c, "evaluate", map[string]any{"expression": "1", "frameId": frame}).Result)
}

// TestUrgent: pause is answered while another request is at work, and a disconnect gives that up.
func TestUrgent(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(nil, 6)
	frame := c.stack(c.stopped().ThreadId)[0].Id
	spin := c.send("evaluate", map[string]any{"expression": "spin(0)", "frameId": frame})
	pause := c.send("pause", map[string]any{"threadId": 1})
	m := c.next("response", func(m message) bool { return m.Type == "response" })
	assert.Equal(t, pause, m.RequestSeq)
	began := time.Now()
	end := c.send("disconnect", nil)
	assert.Equal(t, "cancelled", c.response(spin).Message)
	assert.True(t, c.response(end).Success)
	c.gone()
	assert.Less(t, time.Since(began), 2*time.Second)
}

// TestManyAtOnce answers what came before the end of the input, in its order.
func TestManyAtOnce(t *testing.T) {
	c := connect(t, program(t, loop))
	commands := []string{"initialize", "launch", "setBreakpoints", "configurationDone", "threads", "disconnect"}
	arguments := map[string]any{
		"launch":         map[string]any{"program": c.path},
		"setBreakpoints": map[string]any{"source": map[string]any{"path": c.path}, "breakpoints": []any{}},
	}
	for _, command := range commands {
		c.send(command, arguments[command])
	}
	for i, command := range commands {
		m := c.next("response", func(m message) bool { return m.Type == "response" })
		assert.Equal(t, i+1, m.RequestSeq)
		assert.True(t, m.Success || m.Message == "cancelled", "%s: %s", command, m.Message)
	}
	c.gone()
}

// TestLaunches refuses what cannot be launched, and says what to do.
func TestLaunches(t *testing.T) {
	c := connect(t, program(t, loop))
	c.do("initialize", nil)
	for _, refused := range []struct {
		request, arguments, reason string
	}{
		{"launch", `{"program": 7}`, "program cannot be a JSON number"},
		{"launch", `{"program": "service.hk", "args": {"a": 1}}`, "args cannot be a JSON object"},
		{"launch", `{"program": "service.hk", "session": "x"}`, "not both"},
		{"launch", `{"fork": {"thread": "0", "at": 1}}`, "missing the session"},
		{"launch", `{"session": "none"}`, "not found"},
		{"launch", `{"session": "x", "fork": {"thread": "0", "at": -1}}`, "fork.at cannot be a JSON number -1"},
		{"launch", `[1]`, "arguments cannot be a JSON array"},
		{"attach", `{"session": "x"}`, "use launch"},
		{"attach", `{"live": true}`, "missing the session"},
		{"attach", `{"live": "yes"}`, "live cannot be a JSON string"},
	} {
		assert.Contains(t, c.refuse(refused.request, json.RawMessage(refused.arguments)), refused.reason, refused.arguments)
	}
	c.do("launch", map[string]any{"program": c.path, "later": 1, "type": "hark", "request": "launch"})
}

// TestCapabilities of a target are told when there is one, also that it cannot do something any more.
func TestCapabilities(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  1\n}\n"}))
	always := ask[godap.Capabilities](c, "initialize", nil)
	assert.True(t, always.SupportsDataBreakpoints)
	assert.False(t, always.SupportsStepBack)
	assert.False(t, always.SupportsReadMemoryRequest)
	require.Len(t, always.ExceptionBreakpointFilters, 3)
	assert.True(t, always.ExceptionBreakpointFilters[0].Default)
	c.do("launch", map[string]any{"session": c.keep(), "stopOnEntry": true})
	told := decode[struct{ Capabilities map[string]bool }](t, c.event("capabilities").Body).Capabilities
	assert.Equal(t, map[string]bool{
		"supportsStepBack": true, "supportsSetVariable": false, "supportsSetExpression": false,
		"supportsGotoTargetsRequest": false, "supportsRestartFrame": false,
	}, told)
}

// TestUnrecorded runs cannot go back, and do not say that they could.
func TestUnrecorded(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(map[string]any{"record": false, "stopOnEntry": true})
	thread := c.stopped().ThreadId
	for _, m := range c.queue {
		if m.Event == "capabilities" {
			assert.NotContains(t, string(m.Body), `"supportsStepBack":true`)
		}
	}
	for _, command := range []string{"stepBack", "reverseContinue", "hark/stepBackIn", "hark/stepBackOut"} {
		assert.Contains(t, c.refuse(command, map[string]any{"threadId": thread}), "record")
	}
	assert.Contains(t, c.refuse("hark/gotoInstant", map[string]any{"instant": map[string]any{"thread": "0", "at": 0}}), "record")
}

// TestDisassembly pages through the instructions, beyond both ends, and stops at them.
func TestDisassembly(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(nil, 6)
	thread := c.stopped().ThreadId
	frame := c.stack(thread)[0]
	require.NotEmpty(t, frame.InstructionPointerReference)
	type listing struct{ Instructions []map[string]any }
	at := func(instructions, count int) []map[string]any {
		return ask[listing](c, "disassemble", map[string]any{
			"memoryReference": frame.InstructionPointerReference, "instructionOffset": instructions, "instructionCount": count, "resolveSymbols": true,
		}).Instructions
	}
	here := at(0, 3)
	require.Len(t, here, 3)
	assert.Equal(t, frame.InstructionPointerReference, here[0]["address"])
	assert.EqualValues(t, 6, here[0]["line"])
	assert.Equal(t, "spin", here[0]["symbol"])
	assert.Equal(t, here[0], at(-2, 3)[2], "the same from further up")
	far := at(-1000, 1001)
	require.Len(t, far, 1001)
	assert.Equal(t, "invalid", far[0]["presentationHint"])
	assert.Equal(t, here[0], far[1000])
	for i := 1; i < len(far); i++ {
		assert.Less(t, far[i-1]["address"], far[i]["address"])
	}
	assert.Contains(t, c.refuse("disassemble", map[string]any{"memoryReference": "0x1", "instructionCount": 1 << 40}), "up to")
	assert.Contains(t, c.refuse("disassemble", map[string]any{"memoryReference": "here", "instructionCount": 1}), "not an address")

	c.breakAt()
	points := ask[godap.SetInstructionBreakpointsResponseBody](c, "setInstructionBreakpoints", map[string]any{
		"breakpoints": []any{map[string]any{"instructionReference": here[1]["address"]}, map[string]any{"instructionReference": "0x1"}}}).Breakpoints
	assert.True(t, points[0].Verified)
	assert.False(t, points[1].Verified)
	c.do("continue", map[string]any{"threadId": thread})
	stop := c.stopped()
	assert.Equal(t, []int{points[0].Id}, stop.HitBreakpointIds)
	assert.Equal(t, "instruction breakpoint", stop.Reason)
	assert.Equal(t, here[1]["address"], c.stack(thread)[0].InstructionPointerReference)
	c.do("next", map[string]any{"threadId": thread, "granularity": "instruction"})
	c.stopped()
	assert.NotEqual(t, here[1]["address"], c.stack(thread)[0].InstructionPointerReference)

	c.do("setInstructionBreakpoints", map[string]any{"breakpoints": []any{}})
	c.do("setFunctionBreakpoints", map[string]any{"breakpoints": []any{map[string]any{"name": "spin"}}})
	c.do("continue", map[string]any{"threadId": thread})
	assert.Equal(t, "function breakpoint", c.stopped().Reason)
	c.breakAt(6)
	c.do("continue", map[string]any{"threadId": thread})
	assert.Equal(t, "breakpoint", c.stopped().Reason, "one of each")
}

// TestValues: names for parts, locations of functions, digits in hexadecimal, completions.
func TestValues(t *testing.T) {
	c := connect(t, program(t, map[string]string{
		"service.hk": "fn main() {\n  xs = [255, {\"k\": [twice]}];\n  number = 4096;\n  xs\n}\n\nfn twice(n) {\n  n * 2\n}\n"}))
	c.start(nil, 4)
	frame := c.stack(c.stopped().ThreadId)[0].Id
	evaluate := func(text string) godap.EvaluateResponseBody {
		return ask[godap.EvaluateResponseBody](c, "evaluate", map[string]any{"expression": text, "frameId": frame, "format": map[string]any{"hex": true}})
	}
	locals := c.variables(c.scopes(frame)[0].VariablesReference)
	require.Len(t, locals, 2)
	parts := c.variables(locals[0].VariablesReference)
	assert.Equal(t, "0xff", evaluate(parts[0].EvaluateName).Result)
	keys := c.variables(parts[1].VariablesReference)
	assert.Equal(t, `get(nth(xs, 1), "k")`, keys[0].EvaluateName)
	assert.Equal(t, "List[1]", evaluate(keys[0].EvaluateName).Type)
	type located struct {
		Variables []struct {
			Value                        string
			ValueLocationReference       int
			DeclarationLocationReference int
		}
	}
	function := ask[located](c, "variables", map[string]any{"variablesReference": keys[0].VariablesReference}).Variables[0]
	place := ask[map[string]any](c, "locations", map[string]any{"locationReference": function.ValueLocationReference})
	assert.EqualValues(t, 7, place["line"])
	assert.Contains(t, c.refuse("locations", map[string]any{"locationReference": 123456}), "no location")
	targets := ask[godap.CompletionsResponseBody](c, "completions", map[string]any{"frameId": frame, "text": "1 + nu", "column": 7}).Targets
	require.NotEmpty(t, targets)
	assert.Equal(t, godap.CompletionItem{Label: "number", Type: "variable", Detail: "4096", Start: 4, Length: 2}, targets[0])
	assert.NotEmpty(t, ask[godap.CompletionsResponseBody](c, "completions", map[string]any{"text": "tw", "column": 3}).Targets)
}

// TestModules are the files of the program.
func TestModules(t *testing.T) {
	c := connect(t, program(t, loop))
	c.start(map[string]any{"stopOnEntry": true})
	frame := c.stack(c.stopped().ThreadId)[0]
	all := ask[godap.ModulesResponseBody](c, "modules", nil)
	require.NotEmpty(t, all.Modules)
	assert.Equal(t, all.TotalModules, len(all.Modules))
	assert.Equal(t, "service.hk", all.Modules[0].Name)
	assert.Equal(t, all.Modules[0].Id, frame.ModuleId)
	assert.Empty(t, ask[godap.ModulesResponseBody](c, "modules", map[string]any{"startModule": 1000}).Modules)
	assert.Len(t, frame.Source.Checksums, 1)
}

// TestStoredSource: where the file here is another one, the session's is shown, and lines are those of it.
func TestStoredSource(t *testing.T) {
	dir := program(t, map[string]string{"service.hk": "fn main() {\n  x = 1;\n  x\n}\n"})
	c := connect(t, dir)
	session := c.keep()
	rewrite(t, dir, "service.hk", "// another one\n\n\n\nfn main() {\n  2\n}\n")
	c.start(map[string]any{"session": session, "program": ""}, 3)
	frame := c.stack(c.stopped().ThreadId)[0]
	assert.Equal(t, 3, frame.Line)
	require.NotZero(t, frame.Source.SourceReference)
	text := ask[godap.SourceResponseBody](c, "source", godap.SourceArguments{SourceReference: frame.Source.SourceReference})
	assert.Contains(t, text.Content, "x = 1")
	assert.Contains(t, c.breakAt(2)[0].Message, "not the one")
}

// TestFrames are paged; those that started the thread have the values of then.
func TestFrames(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  secret = 42;\n  f = async child(7);\n  await f\n}\n\nfn child(n) {\n  deeper(n) + 1\n}\n\nfn deeper(m) {\n  m\n}\n"}))
	for _, launch := range []map[string]any{{"session": c.keep(), "program": ""}, {}} {
		c := connectTo(t, filepath.Dir(c.path), c.store)
		c.start(launch, 12)
		c.checkFrames(t, c.stopped().ThreadId)
	}
}

func (c *client) checkFrames(t *testing.T, thread int) {
	page := func(first, count int) godap.StackTraceResponseBody {
		return ask[godap.StackTraceResponseBody](c, "stackTrace", map[string]any{"threadId": thread, "startFrame": first, "levels": count})
	}
	all := page(0, 0)
	require.Len(t, all.StackFrames, 4)
	assert.Equal(t, 4, all.TotalFrames)
	assert.Equal(t, []string{"", "", "label", "subtle"}, []string{
		all.StackFrames[0].PresentationHint, all.StackFrames[1].PresentationHint, all.StackFrames[2].PresentationHint, all.StackFrames[3].PresentationHint})
	assert.Equal(t, "async 0.0 ← 0", all.StackFrames[2].Name)
	second := page(1, 1)
	require.Len(t, second.StackFrames, 1)
	assert.Equal(t, all.StackFrames[1].Name, second.StackFrames[0].Name)
	assert.Equal(t, 4, second.TotalFrames)
	assert.Empty(t, page(4, 10).StackFrames)
	starter := c.variables(c.scopes(all.StackFrames[3].Id)[0].VariablesReference)
	require.NotEmpty(t, starter)
	assert.Equal(t, "secret", starter[0].Name)
	assert.Equal(t, "42", ask[godap.EvaluateResponseBody](c, "evaluate", map[string]any{"expression": "secret", "frameId": all.StackFrames[3].Id}).Result)
	assert.Contains(t, c.refuse("stackTrace", map[string]any{"threadId": thread, "startFrame": -1}), "negative")
}

// TestTimeline has a lane for each thread.
func TestTimeline(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  print(\"hello\");\n  await async child(7)\n}\n\nfn child(n) {\n  n\n}\n"}))
	c.start(map[string]any{"session": c.keep(), "program": ""})
	c.stopped()
	type lane struct {
		Thread, Status string
		Spans          []struct{ Kind string }
		Marks          []struct {
			Kind, Text string
			Instant    struct {
				Thread string
				At     uint64
			}
		}
	}
	got := ask[struct {
		Session string
		Total   int
		Now     map[string]any
		Lanes   []lane
	}](c, "hark/timeline", nil)
	require.Len(t, got.Lanes, 2)
	assert.NotNil(t, got.Now)
	assert.Equal(t, "returned", got.Lanes[0].Status)
	require.Len(t, got.Lanes[0].Marks, 1)
	assert.Equal(t, "hello", got.Lanes[0].Marks[0].Text)
	c.do("hark/gotoInstant", map[string]any{"instant": got.Lanes[0].Marks[0].Instant})
	assert.Equal(t, 2, c.stack(c.stopped().ThreadId)[0].Line)
	assert.Contains(t, c.refuse("hark/timeline", map[string]any{"from": -1}), "negative")
	one := ask[map[string]any](c, "hark/timeline", map[string]any{"lanes": 1, "to": 1e300})
	assert.Len(t, one["lanes"], 1)
	assert.EqualValues(t, 2, one["total"])
}

// TestTimelineStands while the program does.
func TestTimelineStands(t *testing.T) {
	c := connect(t, program(t, map[string]string{"service.hk": "fn main() {\n  x = 1;\n  x\n}\n"}))
	c.start(nil, 3)
	c.stopped()
	first := ask[map[string]any](c, "hark/timeline", nil)
	assert.Positive(t, first["to"])
	assert.Equal(t, first["to"], ask[map[string]any](c, "hark/timeline", nil)["to"])
}

// TestManyThreads are told a page at a time.
func TestManyThreads(t *testing.T) {
	c := connect(t, program(t, map[string]string{
		"service.hk": "fn main() {\n  length(await map_async(work, range(50)))\n}\n\nfn work(n) {\n  n\n}\n"}))
	c.start(map[string]any{"session": c.keep(), "program": ""})
	c.stopped()
	for first := 0; first < 51; first += 20 {
		page := ask[struct {
			Threads []struct{ Thread, Status string }
			Total   int
		}](c, "hark/threads", map[string]any{"start": first, "count": 20})
		assert.Equal(t, 51, page.Total)
		assert.Len(t, page.Threads, min(20, 51-first), fmt.Sprint(first))
	}
}

// TestHeaders: others than the length are passed over; without one there is nothing to go on with.
func TestHeaders(t *testing.T) {
	c := connect(t, program(t, loop))
	for i, header := range []string{"Content-Length: %d\r\nContent-Type: utf-8\r\n\r\n%s", "content-length:%d\n\n%s", "\r\nX: y\r\nContent-Length: %d\r\n\r\n%s"} {
		content := fmt.Sprintf(`{"seq":%d,"type":"request","command":"cancel"}`, i+1)
		_, err := fmt.Fprintf(c.conn, header, len(content), content)
		require.NoError(t, err)
		assert.True(t, c.response(i+1).Success)
	}
	_, err := c.conn.Write([]byte("Content-Length: 99999999999999\r\n\r\n"))
	require.NoError(t, err)
	c.gone()
}

// TestPythonFromTheConsole is called for real, and can be given up.
func TestPythonFromTheConsole(t *testing.T) {
	c := connect(t, program(t, call))
	c.start(map[string]any{"stopOnEntry": true})
	frame := c.stack(c.stopped().ThreadId)[0].Id
	hang := map[string]any{"expression": "hang()", "frameId": frame, "context": "watch"}
	assert.Contains(t, c.refuse("evaluate", hang), "may have effects")
	hang["context"] = "repl"
	seq := c.send("evaluate", hang)
	c.event("output")
	c.do("cancel", map[string]any{"requestId": seq})
	assert.Equal(t, "cancelled", c.response(seq).Message)
	c.send("evaluate", hang)
	c.event("output")
	began := time.Now()
	require.NoError(t, c.conn.Close())
	c.gone()
	assert.Less(t, time.Since(began), 2*time.Second)
}
