package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests here run the commands as processes of their own, because sessions are there to outlive those.

// launched is a hark-ls that a test has started.
type launched struct {
	t *testing.T
	*exec.Cmd
	out    *bufio.Reader
	stderr *bufio.Reader
}

// launch starts a command in a folder.
func launch(t *testing.T, dir string, args ...string) *launched {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := &launched{t: t, Cmd: &exec.Cmd{Path: self, Args: append([]string{"hark-ls"}, args...), Dir: dir, Env: append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")}}
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	stderr, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill() })
	c.out, c.stderr = bufio.NewReader(out), bufio.NewReader(stderr)
	return c
}

// line is the next line of standard output.
func (c *launched) line() string {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	require.NoError(c.t, err)
	return strings.TrimSuffix(line, "\n")
}

// rest is what comes until the end, and the exit code.
func (c *launched) rest() (out, stderr string, code int) {
	var read sync.WaitGroup
	var o, e []byte
	read.Go(func() { o, _ = io.ReadAll(c.out) })
	read.Go(func() { e, _ = io.ReadAll(c.stderr) })
	read.Wait()
	_ = c.Wait()
	return string(o), string(e), c.ProcessState.ExitCode()
}

// finished runs a command to its end, which has to be a good one.
func finished(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, stderr, code := launch(t, dir, args...).rest()
	require.Equal(t, 0, code, "%s%s", out, stderr)
	return out
}

// folder is one with files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

// gate is Python whose calls are counted in a file, and one of which waits until another file is there.
var gate = map[string]string{
	"py.py": `
import os, time
def count(n):
    with open("calls", "a") as f: f.write("%d\n" % n)
    return n
def wait(n):
    print("waiting", flush=True)
    while not os.path.exists("open"): time.sleep(0.01)
    return n
`,
	"main.hk": `
import(count, py, 1);
import(wait, py, 1);
fn work(i) { print("work " + str(i)); count(i) }
fn main() {
  print("begin");
  a = map(lambda (i) { async work(i) }, range(5));
  x = await a;
  print("counted");
  y = wait(6);
  [x, y, count(7)]
}`,
}

func calls(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "calls"))
	require.NoError(t, err)
	return string(text)
}

// Whatever ends the process, resume goes on with the session at once, prints all of it, and makes no call again whose answer
// is stored.
func TestResume(t *testing.T) {
	t.Parallel()
	signals := []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM}
	if testing.Short() {
		signals = signals[:1]
	}
	for _, signal := range signals {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			dir := folder(t, gate)
			run := launch(t, dir, "run", "main.hk")
			for run.line() != "waiting" {
			}
			status := finished(t, dir, "sessions", "--json")
			assert.Contains(t, status, `"status":"running"`)
			require.NoError(t, run.Process.Signal(signal))
			_, stderr, code := run.rest()
			if signal != syscall.SIGKILL {
				assert.Regexp(t, `\nhark-ls resume [0-9a-z]{26} goes on with it\n$`, stderr)
				assert.Equal(t, map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143}[signal], code)
			}
			assert.Contains(t, finished(t, dir, "sessions"), "interrupted")
			assert.NotContains(t, finished(t, dir, "stdout"), "waiting", "lines of a call that was cut off are not committed")

			require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
			require.NoError(t, os.Remove(filepath.Join(dir, "main.hk")), "a session runs the program that it was started with")
			out := finished(t, dir, "resume")
			lines := strings.Split(strings.TrimSpace(out), "\n")
			assert.ElementsMatch(t, []string{"begin", "work 0", "work 1", "work 2", "work 3", "work 4", "counted", "waiting", "=> [[0, 1, 2, 3, 4], 6, 7]"}, lines)
			assert.Equal(t, []string{"counted", "waiting", "=> [[0, 1, 2, 3, 4], 6, 7]"}, lines[6:])
			counted := strings.Fields(calls(t, dir))
			assert.ElementsMatch(t, strings.Fields("0 1 2 3 4 7"), counted)
			assert.Equal(t, strings.Join(lines[:8], "\n")+"\n", finished(t, dir, "stdout"))
		})
	}
}

// One who waits for a future of another process hears at once that it is resolved, and told what to do meanwhile.
func TestResolveFromAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.hk": `fn main() { print("asked"); [await future("approval"), await future("it's")] }`})
	run := launch(t, dir, "run", "main.hk", "--json")
	hint, err := run.stderr.ReadString('\n')
	require.NoError(t, err)
	assert.Regexp(t, `^thread 0 \(main\) waits for future\("approval"\): hark-ls resolve [0-9a-z]{26} approval VALUE\n$`, hint)
	assert.Contains(t, finished(t, dir, "sessions"), "waiting")
	assert.Regexp(t, `^future\("approval"\) of [0-9a-z]{26} is \{"by": \["Ada", 1.5\]\}\n$`, finished(t, dir, "resolve", "latest", "approval", `{"by": ["Ada", 1.5]}`))
	out, stderr, code := launch(t, dir, "resolve", "latest", "approval", "2").rest()
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "has a value already", out)
	assert.Contains(t, finished(t, dir, "resolve", "latest", "it's", "text that is no JSON", "--json"), `"future":"it's"`)

	out, _, code = run.rest()
	assert.Equal(t, 0, code)
	var object struct {
		Session string          `json:"session"`
		Result  json.RawMessage `json:"result"`
		Output  []string        `json:"output"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &object))
	assert.JSONEq(t, `[{"by": ["Ada", 1.5]}, "text that is no JSON"]`, string(object.Result))
	assert.Equal(t, []string{"asked"}, object.Output)
	assert.Len(t, object.Session, 26)
	assert.Contains(t, finished(t, dir, "sessions"), object.Session)
}

// A session that waits outlives the process that ran it, and is cancelled wherever it is.
func TestCancelFromAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := folder(t, gate)
	run := launch(t, dir, "run", "main.hk")
	for run.line() != "waiting" {
	}
	assert.Regexp(t, `^[0-9a-z]{26} is cancelled: 1 thread ended\n$`, finished(t, dir, "cancel", "latest"))
	_, stderr, code := run.rest()
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "Cancelled: the session was cancelled")
	assert.Contains(t, finished(t, dir, "sessions", "--status", "cancelled"), "main")
	assert.Contains(t, finished(t, dir, "cancel", "latest", "--json"), `"ended":0`)
}

// Any number of processes run sessions of one project at the same time, and none runs another one's.
func TestManyRunsInOneProject(t *testing.T) {
	if testing.Short() {
		return // one run shows the same but for the crowd
	}
	t.Parallel()
	dir := folder(t, gate)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	const many = 6
	runs := make([]*launched, many)
	for i := range runs {
		runs[i] = launch(t, dir, "run", "main.hk")
	}
	for _, run := range runs {
		out, stderr, code := run.rest()
		assert.Equal(t, 0, code, stderr)
		assert.Contains(t, out, "=> [[0, 1, 2, 3, 4], 6, 7]")
		assert.Equal(t, 9, strings.Count(out, "\n"), out)
	}
	assert.Equal(t, many, strings.Count(finished(t, dir, "sessions"), " done "))
	assert.Equal(t, many*6, strings.Count(calls(t, dir), "\n"))
}

// A second signal ends the process at once.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"py.py":   "import signal, time\ndef stay():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    print('waiting', flush=True)\n    time.sleep(60)\n",
		"main.hk": "import(stay, py, 0); fn main() { stay() }",
	})
	run := launch(t, dir, "run", "main.hk")
	for run.line() != "waiting" {
	}
	require.NoError(t, run.Process.Signal(os.Interrupt))
	_ = run.Process.Signal(os.Interrupt)
	_, _, code := run.rest()
	assert.Contains(t, []int{-1, 130}, code)
	assert.Contains(t, finished(t, dir, "sessions"), "interrupted")
}

// Shells complete the sessions there are.
func TestCompletionOfSessions(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.hk": `fn main() { 1 }`})
	finished(t, dir, "run", "main.hk")
	id := strings.Fields(finished(t, dir, "sessions"))[5]
	for _, command := range []string{"resume", "stdout", "events", "trace", "cancel", "resolve"} {
		out := finished(t, dir, "__complete", command, id[:4])
		assert.Contains(t, out, id+"\tmain, ", command)
		assert.NotContains(t, out, latest)
		assert.Contains(t, finished(t, dir, "__complete", command, ""), latest+"\t", command)
	}
	assert.Contains(t, finished(t, dir, "__complete", "sessions", "--status", ""), fmt.Sprintln(statusInterrupted))
}

// With --isolated each run of a thread is a process, and what a session does is the same.
func TestIsolated(t *testing.T) {
	t.Parallel()
	dir := folder(t, gate)
	_, stderr, code := launch(t, dir, "run", "main.hk", "--isolated", "--store", "memory").rest()
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--isolated wants a store that keeps the session")
	run := launch(t, dir, "run", "main.hk", "--isolated")
	lines := []string{run.line()}
	for lines[len(lines)-1] != "waiting" {
		lines = append(lines, run.line())
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	out, stderr, code := run.rest()
	require.Equal(t, 0, code, stderr)
	assert.Equal(t, "=> [[0, 1, 2, 3, 4], 6, 7]\n", out)
	assert.ElementsMatch(t, []string{"begin", "work 0", "work 1", "work 2", "work 3", "work 4", "counted", "waiting"}, lines)
	assert.Len(t, strings.Fields(calls(t, dir)), 6)

	out, _, code = launch(t, dir, "run", "main.hk", "--isolated", "--json").rest()
	require.Equal(t, 0, code)
	assert.Contains(t, out, `"result":[[0,1,2,3,4],6,7],"output":["begin"`)
}

// A session that ran in processes of its own is gone on with like any other, also if its parent was killed.
func TestResumeOfIsolated(t *testing.T) {
	if testing.Short() {
		return // TestIsolated and TestResume show the halves
	}
	t.Parallel()
	dir := folder(t, gate)
	run := launch(t, dir, "run", "main.hk", "--isolated")
	for run.line() != "waiting" {
	}
	require.NoError(t, run.Process.Kill())
	_, _, _ = run.rest()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	assert.Contains(t, finished(t, dir, "resume"), "=> [[0, 1, 2, 3, 4], 6, 7]")
	assert.Len(t, strings.Fields(calls(t, dir)), 6)
}

// One who resumes a session that another process runs waits for its end, and prints what the other one does too.
func TestResumeOfRunning(t *testing.T) {
	if testing.Short() {
		return // TestResume shows what is usual
	}
	t.Parallel()
	for _, flag := range []string{"--quiet", "--json"} {
		dir := folder(t, gate)
		run := launch(t, dir, "run", "main.hk")
		for run.line() != "waiting" {
		}
		resume := launch(t, dir, "resume", "latest", flag)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
		_, stderr, code := run.rest()
		require.Equal(t, 0, code, stderr)
		out, stderr, code := resume.rest()
		require.Equal(t, 0, code, stderr)
		assert.Equal(t, 1, strings.Count(out, "counted"), out)
		assert.Equal(t, 1, strings.Count(out, "waiting"), out)
		assert.Len(t, strings.Fields(calls(t, dir)), 6)
	}
}
