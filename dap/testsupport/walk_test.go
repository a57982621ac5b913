// Package testsupport_test drives the adapter with the client that Microsoft tests adapters with.
package testsupport_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/cli"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// The tests' own binary is hark-ls for the client, so that what is tested is what has been built.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hark-ls": func() { os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})) },
	})
}

// patience is how long a walk may take: a client that waits for an event that does not come would wait for long.
const patience = 2 * time.Minute

// Each walk is a test of walk.js, with an adapter of its own.
func TestWalk(t *testing.T) {
	script, err := filepath.Abs("walk.js")
	require.NoError(t, err)
	_, err = os.ReadFile(script) // so that the go command knows that the result depends on it
	require.NoError(t, err)
	modules := filepath.Join(testkit.Install(t, "npm.sh", "@vscode/debugadapter-testsupport@1.68.0"), "node_modules")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", script)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "HOME="+home, "PROJECT="+t.TempDir())
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "pass")
}
