// Package neovim_test runs the plugin in a real Neovim, without a screen, against the real server.
package neovim_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/cli"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// The tests' own binary is hark-ls for the editor, so that what is tested is what has been built.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hark-ls": func() { os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})) },
	})
}

// patience is how long a scenario may take: an editor that asks something without a screen would wait for ever.
const patience = 3 * time.Minute

// Each file of test/suite is a scenario of its own in an editor of its own.
func TestInNeovim(t *testing.T) {
	readAll(t, ".")
	neovim := os.Getenv("NEOVIM") // another one than that of the tests
	if neovim == "" {
		neovim = filepath.Join(testkit.Install(t, "debian.sh", "nvim", "neovim"), "usr", "bin", "nvim")
	}
	runtime := t.TempDir()
	grammar(t, runtime)
	suites, err := filepath.Glob("test/suite/*.lua")
	require.NoError(t, err)
	require.NotEmpty(t, suites)
	for _, suite := range suites {
		t.Run(strings.TrimSuffix(filepath.Base(suite), ".lua"), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			out, err := editor(t, ctx, neovim, suite, "RUNTIME="+runtime).CombinedOutput()
			t.Logf("%s", out)
			assert.NoError(t, err)
			assert.Contains(t, string(out), "passed\n", "the scenario did not come to its end")
		})
	}
}

// editor is Neovim without a user's configuration, in a folder and a home of the test's.
func editor(t *testing.T, ctx context.Context, neovim, suite string, env ...string) *exec.Cmd {
	plugin, err := os.Getwd()
	require.NoError(t, err)
	home := t.TempDir()
	project := filepath.Join(home, "project")
	require.NoError(t, os.Mkdir(project, 0o755))
	cmd := exec.CommandContext(ctx, neovim, "--clean", "--headless", "--cmd", "set rtp^="+plugin, "-S", "test/run.lua")
	cmd.Env = append(os.Environ(),
		"HOME="+home, "XDG_CONFIG_HOME="+home+"/config", "XDG_DATA_HOME="+home+"/data", "XDG_STATE_HOME="+home+"/state",
		"XDG_CACHE_HOME="+home+"/cache", "VIRTUAL_ENV=", "PYTHONDONTWRITEBYTECODE=1",
		"SUITE="+filepath.Join(plugin, suite), "PROJECT="+project, "REPOSITORY="+testkit.Root(t))
	cmd.Env = append(cmd.Env, env...)
	cmd.WaitDelay = time.Second // the server may hold the output open
	return cmd
}

// grammar compiles the tree-sitter parser to where Neovim looks for it on its runtime path.
func grammar(t *testing.T, runtime string) {
	source := "../tree-sitter-hark/src"
	_, err := os.ReadFile(filepath.Join(source, "parser.c"))
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(runtime, "parser"), 0o755))
	library := filepath.Join(runtime, "parser", "hark.so")
	out, err := exec.Command("cc", "-shared", "-fPIC", "-O1", "-I", source, filepath.Join(source, "parser.c"), "-o", library).CombinedOutput()
	require.NoError(t, err, "compile the parser: %s", out)
}

// readAll opens every file of the plugin, so that the go command knows that a result depends on them.
func readAll(t *testing.T, dir string) {
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			_, err = os.ReadFile(path)
		}
		return err
	}))
}
