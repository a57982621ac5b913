package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A program that is watched runs again when a file of it has changed, also while it runs, and also after it could not be run.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"main.hk": "import(f, py, 0);\nfn main() { print(\"one\"); print(f()) }",
		"py.py":   "import time\ndef f():\n    print('called', flush=True)\n    time.sleep(600)\n",
	})
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	run := launch(t, dir, "run", "main.hk", "--watch")
	until := func(want string) {
		for line := run.line(); line != want; line = run.line() {
			require.NotContains(t, line, "600")
		}
	}
	tell := func(want string) {
		for {
			line, err := run.stderr.ReadString('\n')
			require.NoError(t, err)
			if strings.Contains(line, want) {
				return
			}
		}
	}
	until("called")
	write("py.py", "def f(): return 'soon'\n") // the run that hangs is broken off
	tell("py.py has changed")
	until("soon")
	tell("waiting for changes")
	write("main.hk", "fn main() { nothing() }")
	tell("HK0101")
	tell("waiting for changes")
	write("main.hk", "fn main() { print(\"mended\") }")
	until("mended")
	tell("waiting for changes")
	write("other.hk", "fn helper() { 1 }")
	tell("other.hk has changed")
	until("mended")
	tell("waiting for changes")
	require.NoError(t, run.Process.Signal(syscall.SIGINT))
	_, stderr, code := run.rest()
	assert.Equal(t, exitInterrupted, code)
	assert.Equal(t, "hark-ls: interrupted\n", stderr)
	_, stderr, code = launch(t, dir, "run", "main.hk", "--watch", "--json").rest()
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, "--watch")
}

// A change counts when the files are at rest.
func TestDifference(t *testing.T) {
	a := stamps{"a.hk": "1", "b.py": "1"}
	assert.Empty(t, a.difference(stamps{"a.hk": "1", "b.py": "1"}))
	assert.Equal(t, "b.py", a.difference(stamps{"a.hk": "1", "b.py": "2"}))
	assert.Equal(t, "b.py", a.difference(stamps{"a.hk": "1"}))
	assert.Equal(t, "a.hk", a.difference(stamps{"a.hk": "2", "b.py": "2", "c.hk": "1"}))
}
