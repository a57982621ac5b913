package testkit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// PythonDebugger is an editor's side of a session with the Python debugger, as an editor starts it when it is asked to by startDebugging.
type PythonDebugger struct {
	t    testing.TB
	conn net.Conn

	mu      sync.Mutex
	seq     int
	changed *sync.Cond
	answers map[int]pythonMessage
	events  []pythonMessage
	over    bool // the connection is
}

type pythonMessage struct {
	Type       string          `json:"type"`
	RequestSeq int             `json:"request_seq"`
	Success    bool            `json:"success"`
	Message    string          `json:"message"`
	Event      string          `json:"event"`
	Body       json.RawMessage `json:"body"`
}

// pythonSoon is how long anything of a Python debugger may take before a test gives up.
const pythonSoon = 30 * time.Second

// PythonWithDebugger is an interpreter that has debugpy.
func PythonWithDebugger(t testing.TB) string {
	t.Helper()
	return filepath.Join(Install(t, "debugpy.sh"), "python", "bin", "python")
}

// AttachPython begins a session with the debugger that listens at an address, and sets breakpoints: lines by file, from 1.
func AttachPython(t testing.TB, address string, configuration map[string]any, breakpoints map[string][]int) *PythonDebugger {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, pythonSoon)
	require.NoError(t, err)
	d := &PythonDebugger{t: t, conn: conn, answers: map[int]pythonMessage{}}
	d.changed = sync.NewCond(&d.mu)
	go d.read()
	t.Cleanup(func() { _ = conn.Close() })
	d.Ask("initialize", map[string]any{"adapterID": "debugpy", "linesStartAt1": true, "columnsStartAt1": true, "pathFormat": "path"})
	attached := d.send("attach", configuration)
	d.Event("initialized")
	for path, lines := range breakpoints {
		var at []map[string]any
		for _, line := range lines {
			at = append(at, map[string]any{"line": line})
		}
		d.Ask("setBreakpoints", map[string]any{"source": map[string]any{"path": path}, "breakpoints": at})
	}
	d.Ask("configurationDone", nil)
	d.answer("attach", attached)
	return d
}

func (d *PythonDebugger) read() {
	in := bufio.NewReader(d.conn)
	for {
		m, err := readPythonMessage(in)
		d.mu.Lock()
		switch {
		case err != nil:
			d.over = true
		case m.Type == "response":
			d.answers[m.RequestSeq] = m
		case m.Type == "event":
			d.events = append(d.events, m)
		}
		d.changed.Broadcast()
		over := d.over
		d.mu.Unlock()
		if over {
			return
		}
	}
}

func readPythonMessage(in *bufio.Reader) (m pythonMessage, err error) {
	head, err := textproto.NewReader(in).ReadMIMEHeader()
	if err != nil {
		return m, err
	}
	length, err := strconv.Atoi(head.Get("Content-Length"))
	if err != nil {
		return m, err
	}
	content := make([]byte, length)
	if _, err := io.ReadFull(in, content); err != nil {
		return m, err
	}
	return m, json.Unmarshal(content, &m)
}

func (d *PythonDebugger) send(command string, arguments any) (seq int) {
	d.t.Helper()
	d.mu.Lock()
	d.seq++
	seq = d.seq
	d.mu.Unlock()
	content, err := json.Marshal(map[string]any{"seq": seq, "type": "request", "command": command, "arguments": arguments})
	require.NoError(d.t, err)
	_, err = fmt.Fprintf(d.conn, "Content-Length: %d\r\n\r\n%s", len(content), content)
	require.NoError(d.t, err)
	return seq
}

// Ask sends a request, which has to succeed, and returns the body of its answer.
func (d *PythonDebugger) Ask(command string, arguments any) json.RawMessage {
	d.t.Helper()
	return d.answer(command, d.send(command, arguments))
}

func (d *PythonDebugger) answer(command string, seq int) json.RawMessage {
	d.t.Helper()
	var m pythonMessage
	d.await("the answer to "+command, func() bool {
		answer, ok := d.answers[seq]
		m = answer
		return ok
	})
	require.True(d.t, m.Success, "%s: %s", command, m.Message)
	return m.Body
}

// Event waits for the next event of a name, and returns its body.
func (d *PythonDebugger) Event(name string) json.RawMessage {
	d.t.Helper()
	var body json.RawMessage
	d.await("the event "+name, func() bool {
		for i, e := range d.events {
			if e.Event == name {
				body, d.events = e.Body, append(d.events[:i:i], d.events[i+1:]...)
				return true
			}
		}
		return false
	})
	return body
}

// Ended waits until the debugger says that the session has ended, leaves it as an editor does, and waits until the debugger is gone.
func (d *PythonDebugger) Ended() {
	d.t.Helper()
	d.Event("terminated")
	d.send("disconnect", nil)
	d.mu.Lock()
	defer d.mu.Unlock()
	for !d.over {
		d.changed.Wait()
	}
}

func (d *PythonDebugger) await(what string, there func() bool) {
	d.t.Helper()
	timer := time.AfterFunc(pythonSoon, func() {
		_ = d.conn.Close()
	})
	defer timer.Stop()
	d.mu.Lock()
	defer d.mu.Unlock()
	for !there() {
		if d.over {
			require.Fail(d.t, "the Python debugger is gone", "while waiting for %s", what)
		}
		d.changed.Wait()
	}
}

// PythonStop is where a thread of Python stands.
type PythonStop struct {
	Reason         string
	Thread         int
	File, Function string
	// Line counts from 1.
	Line int
	// Frames is the depth of the stack.
	Frames int
}

// Stopped waits for the next stop.
func (d *PythonDebugger) Stopped() PythonStop {
	d.t.Helper()
	var stop struct {
		Reason   string `json:"reason"`
		ThreadID int    `json:"threadId"`
	}
	require.NoError(d.t, json.Unmarshal(d.Event("stopped"), &stop))
	var stack struct {
		StackFrames []struct {
			Name   string `json:"name"`
			Line   int    `json:"line"`
			Source struct {
				Path string `json:"path"`
			} `json:"source"`
		} `json:"stackFrames"`
	}
	require.NoError(d.t, json.Unmarshal(d.Ask("stackTrace", map[string]any{"threadId": stop.ThreadID}), &stack))
	require.NotEmpty(d.t, stack.StackFrames)
	top := stack.StackFrames[0]
	return PythonStop{stop.Reason, stop.ThreadID, top.Source.Path, top.Name, top.Line, len(stack.StackFrames)}
}

// Go lets a thread go on: continue, next, stepIn or stepOut.
func (d *PythonDebugger) Go(how string, thread int) {
	d.t.Helper()
	d.Ask(how, map[string]any{"threadId": thread})
}
