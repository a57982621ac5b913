package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A command that waits for somebody to write its program into a pipe ends at the first signal.
func TestInterruptBeforeTheProgramIsThere(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, args := range [][]string{{"run"}, {"run", "--json"}, {"check"}, {"fmt", "--check"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "pipe.hk")
			require.NoError(t, syscall.Mkfifo(pipe, 0o600))
			var stdout, stderr strings.Builder
			cmd := &exec.Cmd{Path: self, Args: append(append([]string{"hark-ls"}, args...), pipe), Stdout: &stdout, Stderr: &stderr}
			require.NoError(t, cmd.Start())
			held, err := os.OpenFile(pipe, os.O_WRONLY, 0) // when the command has opened it
			require.NoError(t, err)
			defer held.Close()
			require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
			_ = cmd.Wait()
			assert.Equal(t, exitTerminated, cmd.ProcessState.ExitCode())
			assert.Equal(t, "hark-ls: terminated\n", stderr.String())
			if len(args) > 1 && args[1] == "--json" {
				assert.Contains(t, stdout.String(), `"error":{"kind":"Cancelled","message":"terminated","traceback":[]}`)
			}
		})
	}
}
