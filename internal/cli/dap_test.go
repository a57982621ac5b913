package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// adapter is an editor's side of hark-ls dap, which runs as a process of its own.
type adapter struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out chan arrived
	seq int
	// events are those that came and were not asked for yet.
	events []arrived
}

// arrived is a message of the adapter.
type arrived struct {
	Type       string          `json:"type"`
	RequestSeq int             `json:"request_seq"`
	Success    bool            `json:"success"`
	Message    string          `json:"message"`
	Event      string          `json:"event"`
	Body       json.RawMessage `json:"body"`
}

func debugging(t *testing.T, flags ...string) *adapter {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	args := append([]string{"hark-ls", "dap"}, flags...)
	a := &adapter{t: t, cmd: &exec.Cmd{Path: self, Args: args, Dir: t.TempDir(), Env: append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"), Stderr: os.Stderr}}
	a.in, err = a.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := a.cmd.StdoutPipe()
	require.NoError(t, err)
	a.out = make(chan arrived, 1000)
	require.NoError(t, a.cmd.Start())
	go a.listen(bufio.NewReader(out))
	t.Cleanup(func() { _ = a.cmd.Process.Kill() })
	a.do("initialize", nil)
	return a
}

// request sends one and reads up to its answer.
func (a *adapter) request(command string, arguments any) arrived {
	a.t.Helper()
	a.seq++
	raw, err := json.Marshal(map[string]any{"seq": a.seq, "type": "request", "command": command, "arguments": arguments})
	require.NoError(a.t, err)
	require.NoError(a.t, godap.WriteBaseMessage(a.in, raw))
	for {
		if m := a.read(); m.Type == "response" {
			require.Equal(a.t, a.seq, m.RequestSeq)
			return m
		}
	}
}

// listen takes what the adapter says.
func (a *adapter) listen(out *bufio.Reader) {
	defer close(a.out)
	for {
		content, err := godap.ReadBaseMessage(out)
		var m arrived
		if err != nil || json.Unmarshal(content, &m) != nil {
			return
		}
		a.out <- m
	}
}

func (a *adapter) read() arrived {
	a.t.Helper()
	select {
	case m, ok := <-a.out:
		require.True(a.t, ok, "the adapter is gone; before: %s", a.events)
		if m.Type == "event" {
			a.events = append(a.events, m)
		}
		return m
	case <-time.After(20 * time.Second):
		require.FailNow(a.t, "the adapter says nothing", "before: %s", a.events)
		return arrived{}
	}
}

// do is a request that has to succeed.
func (a *adapter) do(command string, arguments any) map[string]any {
	a.t.Helper()
	m := a.request(command, arguments)
	require.True(a.t, m.Success, "%s: %s", command, m.Message)
	var body map[string]any
	if len(m.Body) > 0 {
		require.NoError(a.t, json.Unmarshal(m.Body, &body))
	}
	return body
}

// event is the next one of a name.
func (a *adapter) event(name string) map[string]any {
	a.t.Helper()
	for {
		at := slices.IndexFunc(a.events, func(m arrived) bool { return m.Event == name })
		if at < 0 {
			a.read()
			continue
		}
		m := a.events[at]
		a.events = slices.Delete(a.events, at, at+1)
		var body map[string]any
		if len(m.Body) > 0 {
			require.NoError(a.t, json.Unmarshal(m.Body, &body))
		}
		return body
	}
}

// start launches, or attaches, with breakpoints in a file.
func (a *adapter) start(request string, arguments map[string]any, file string, lines ...int) {
	a.t.Helper()
	a.do(request, arguments)
	a.event("initialized")
	var points []map[string]any
	for _, line := range lines {
		points = append(points, map[string]any{"line": line})
	}
	if file != "" {
		a.do("setBreakpoints", map[string]any{"source": map[string]any{"path": file}, "breakpoints": points})
	}
	a.do("configurationDone", nil)
}

// top is the innermost frame of a thread.
func (a *adapter) top(thread any) map[string]any {
	a.t.Helper()
	return a.do("stackTrace", map[string]any{"threadId": thread, "levels": 1})["stackFrames"].([]any)[0].(map[string]any)
}

// end disconnects, and waits for the process.
func (a *adapter) end() {
	a.t.Helper()
	began := time.Now()
	a.do("disconnect", nil)
	for range a.out {
	}
	require.NoError(a.t, a.cmd.Wait())
	assert.Less(a.t, time.Since(began), 2*time.Second)
}

var debugged = map[string]string{
	"hark.toml": "[project]\nhark_file = \"main.hk\"\n",
	"py.py": `
def count(n):
    with open("calls", "a") as f: f.write("%d\n" % n)
    return n
`,
	"main.hk": "import(count, py, 1);\n\nfn main() {\n  a = async work(1);\n  b = count(2);\n  print(b);\n  c = await a;\n  b + c\n}\n\nfn work(n) {\n  count(n) * 10\n}\n",
}

// bytesOf are those of the files in which a project keeps its sessions.
func bytesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, ".hark"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[entry.Name()] = string(text)
		return err
	}))
	return all
}

// A session that run kept is replayed: nothing is called, nothing is written.
func TestDebuggingASession(t *testing.T) {
	t.Parallel()
	dir := folder(t, debugged)
	finished(t, dir, "run", "main.hk")
	before, called := bytesOf(t, dir), calls(t, dir)
	var listed struct{ Sessions []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(finished(t, dir, "sessions", "--json")), &listed))

	a := debugging(t)
	m := a.request("launch", map[string]any{"session": "nowhere", "cwd": dir})
	assert.False(t, m.Success)
	for _, looked := range []string{filepath.Join(dir, ".hark", "sessions.db"), "cloud", "HARK_TABLE"} {
		assert.Contains(t, m.Message, looked)
	}
	assert.Contains(t, a.request("launch", map[string]any{"session": "nowhere", "cwd": dir, "store": "shelf"}).Message, `store is "local" or "cloud"`)
	a.start("launch", map[string]any{"session": listed.Sessions[0].ID, "cwd": dir}, filepath.Join(dir, "main.hk"), 12)
	stop := a.event("stopped")
	assert.Equal(t, "breakpoint", stop["reason"])
	assert.EqualValues(t, 12, a.top(stop["threadId"])["line"])
	instant := stop["instant"]
	a.do("setBreakpoints", map[string]any{"source": map[string]any{"path": filepath.Join(dir, "main.hk")}})
	a.do("continue", map[string]any{"threadId": stop["threadId"]})
	stop = a.event("stopped")
	assert.EqualValues(t, 8, a.top(stop["threadId"])["line"], "the last instant")
	output := a.event("output")
	assert.Equal(t, "2\n", output["output"])
	a.do("hark/gotoInstant", map[string]any{"instant": output["data"].(map[string]any)["instant"]})
	stop = a.event("stopped")
	assert.Equal(t, "goto", stop["reason"])
	assert.EqualValues(t, 6, a.top(stop["threadId"])["line"])
	a.do("hark/gotoInstant", map[string]any{"instant": instant})
	assert.Equal(t, instant, a.event("stopped")["instant"])
	a.end()
	assert.Equal(t, called, calls(t, dir))
	assert.Equal(t, before, bytesOf(t, dir))
}

// A program that is debugged is kept as one that is run.
func TestDebuggingARun(t *testing.T) {
	t.Parallel()
	for _, record := range []bool{true, false} {
		dir := folder(t, debugged)
		a := debugging(t)
		a.start("launch", map[string]any{"program": "main.hk", "cwd": dir, "record": record}, filepath.Join(dir, "main.hk"), 7)
		stop := a.event("stopped")
		assert.EqualValues(t, 7, a.top(stop["threadId"])["line"])
		a.do("continue", map[string]any{"threadId": stop["threadId"]})
		assert.EqualValues(t, 0, a.event("exited")["exitCode"])
		a.event("terminated")
		a.end()
		out := finished(t, dir, "sessions")
		assert.Equal(t, record, strings.Contains(out, "done"), out)
	}
}

// A run whose debugger ends is cancelled; one that is not to be terminated can be resumed.
func TestEndingADebuggedRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		arguments any
		status    string
	}{{nil, "cancelled"}, {map[string]any{"terminateDebuggee": false}, "interrupted"}} {
		dir := folder(t, debugged)
		a := debugging(t)
		a.start("launch", map[string]any{"program": "main.hk", "cwd": dir}, filepath.Join(dir, "main.hk"), 7)
		a.event("stopped")
		a.do("disconnect", c.arguments)
		for range a.out {
		}
		require.NoError(t, a.cmd.Wait())
		out := finished(t, dir, "sessions")
		assert.Contains(t, out, c.status)
		if c.status == "interrupted" {
			id := strings.Fields(strings.Split(out, "\n")[1])[0]
			assert.Contains(t, finished(t, dir, "resume", id), "12")
		}
	}
}

// Where the project's folder cannot be written, the run is in memory, and the user is told.
func TestDebuggingWithoutAFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t, debugged)
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".hark"), nil, 0o644)) // where the folder would be
	a := debugging(t)
	a.start("launch", map[string]any{"program": filepath.Join(dir, "main.hk"), "cwd": dir}, "")
	assert.Contains(t, a.event("output")["output"], "kept in memory only")
	assert.EqualValues(t, 0, a.event("exited")["exitCode"])
	a.end()
}

// A session that another process runs is followed, looked at, and left running.
func TestDebuggingWhatRunsElsewhere(t *testing.T) {
	t.Parallel()
	dir := folder(t, gate)
	run := launch(t, dir, "run", "main.hk")
	for run.line() != "waiting" {
	}
	a := debugging(t)
	assert.Contains(t, a.request("attach", map[string]any{"session": "latest", "cwd": dir}).Message, "use launch")
	a.start("attach", map[string]any{"session": "latest", "live": true, "cwd": dir}, "")
	a.event("thread")
	a.do("pause", map[string]any{"threadId": 1})
	stop := a.event("stopped")
	assert.NotEmpty(t, a.do("threads", nil)["threads"])
	assert.NotEmpty(t, a.top(stop["threadId"])["name"])
	assert.NotEmpty(t, a.do("hark/timeline", nil)["lanes"])
	a.do("continue", map[string]any{"threadId": stop["threadId"]})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	_, stderr, code := run.rest()
	assert.Equal(t, 0, code, stderr)
	stop = a.event("stopped")
	assert.Equal(t, "The end of the session", stop["description"])
	assert.NotEmpty(t, a.top(stop["threadId"])["name"], "it is a replay now")
	a.end()
}

// A session in the cloud is found where it is, forked here, and stays as it was.
func TestDebuggingASessionInTheCloud(t *testing.T) {
	if testing.Short() {
		return // the short form starts no servers
	}
	t.Setenv("AWS_ENDPOINT_URL", testkit.DynamoDB.URL(t))
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "dap"+fmt.Sprint(os.Getpid()))
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	dir := folder(t, debugged)
	finished(t, dir, "run", "main.hk", "--store", inDynamo, "--table", "debugged")
	called := calls(t, dir)
	a := debugging(t, "--table", "debugged")
	assert.Contains(t, a.request("launch", map[string]any{"session": "latest", "cwd": dir, "store": "local"}).Message, "looked in")
	a.start("launch", map[string]any{"session": "latest", "cwd": dir}, filepath.Join(dir, "main.hk"), 6)
	stop := a.event("stopped")
	assert.EqualValues(t, 6, a.top(stop["threadId"])["line"])
	a.do("stepBack", map[string]any{"threadId": stop["threadId"]})
	assert.EqualValues(t, 5, a.top(a.event("stopped")["threadId"])["line"])
	a.end()
	assert.Equal(t, called, calls(t, dir))

	at := stop["instant"].(map[string]any)
	b := debugging(t, "--table", "debugged")
	b.start("launch", map[string]any{"session": "latest", "cwd": dir, "store": "cloud", "fork": map[string]any{
		"thread": at["thread"], "at": at["at"], "answers": []any{map[string]any{"thread": "0", "slot": 0, "value": 40}}}}, "")
	stop = b.event("stopped")
	assert.EqualValues(t, 5, b.top(stop["threadId"])["line"], "just after the answer that is another one")
	b.do("next", map[string]any{"threadId": stop["threadId"]})
	b.event("stopped")
	frame := b.top(stop["threadId"])
	assert.EqualValues(t, 6, frame["line"])
	assert.Equal(t, "40", b.do("evaluate", map[string]any{"expression": "b", "frameId": frame["id"]})["result"])
	b.do("continue", map[string]any{"threadId": stop["threadId"]})
	for {
		if output := b.event("output"); output["output"] == "=> 50\n" {
			break
		}
	}
	b.end()
	assert.Contains(t, finished(t, dir, "sessions"), "done", "the fork is kept here")
}
