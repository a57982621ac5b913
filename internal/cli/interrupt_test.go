package cli

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm"
)

// A program that computes, and one whose Python call hangs, end at once when they are interrupted.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	write("hang.py", "import time\ndef hang():\n    print('started', flush=True)\n    time.sleep(600)\n")
	for name, text := range map[string]string{
		"loop.hk":   "fn main() { print(\"started\"); loop() } fn loop() { loop() }",
		"python.hk": "import(hang, hang, 0); fn main() { hang() }",
	} {
		path := write(name, text)
		for signal, want := range map[os.Signal]string{os.Interrupt: "130 interrupted", syscall.SIGTERM: "143 terminated"} {
			t.Run(name+" "+signal.String(), func(t *testing.T) { assert.Equal(t, want, signalWhenStarted(t, signal, "run", path)) })
		}
	}
}

// What a signal cut off is no fault of the environment.
func TestInterruptedKind(t *testing.T) {
	for _, message := range []string{"interrupted", "terminated"} {
		fault, err := faultOf(ended{err: &signalled{message, exitInterrupted}})
		assert.Equal(t, &vm.Error{Kind: vm.ErrCancelled, Message: message}, fault)
		assert.ErrorIs(t, err, errFailed)
	}
}

// signalWhenStarted starts a command, sends it a signal when it has written a line, and is its exit code and last message.
func signalWhenStarted(t *testing.T, signal os.Signal, args ...string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	var stderr strings.Builder
	cmd := &exec.Cmd{Path: self, Args: append([]string{"hark-ls"}, args...), Stderr: &stderr}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "%s", &stderr)
	require.Equal(t, "started\n", line)
	require.NoError(t, cmd.Process.Signal(signal))
	var ended *exec.ExitError
	require.True(t, errors.As(cmd.Wait(), &ended))
	message, afterword, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "hark-ls: "), "\n")
	require.Regexp(t, "^hark-ls resume [0-9a-z]{26} goes on with it$", afterword)
	return strings.TrimPrefix(ended.ProcessState.String(), "exit status ") + " " + message
}
