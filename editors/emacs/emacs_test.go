// Package emacs_test compiles the mode for Emacs and tests it in a real one, against the real server.
package emacs_test

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

func TestInEmacs(t *testing.T) {
	dir := t.TempDir() // what is compiled lies beside its source
	for _, name := range []string{"hark-mode.el", "hark-dape.el", "test/hark-mode-test.el", "test/hark-dape-test.el"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o644))
	}
	said := emacs(t, dir, "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", "hark-mode.el", "hark-dape.el")
	require.FileExists(t, filepath.Join(dir, "hark-mode.elc"), said)
	require.FileExists(t, filepath.Join(dir, "hark-dape.elc"), said)
	for _, tests := range []string{"hark-mode-test.el", "hark-dape-test.el"} {
		said = emacs(t, dir, "-l", "hark-mode.elc", "-l", tests, "-f", "ert-run-tests-batch-and-exit")
		require.Contains(t, said, "0 unexpected")
		t.Log(said)
	}
}

// emacs runs Emacs in a folder. It has been unpacked rather than installed, so that it is told where its parts are.
func emacs(t *testing.T, dir string, args ...string) string {
	t.Helper()
	root := filepath.Join(testkit.Install(t, "debian.sh", "emacs-nox", "emacs-nox"), "usr")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args = append([]string{"--dump-file", one(t, root, "libexec/emacs/*/*/emacs-*.pdmp"), "-Q", "--batch", "-L", "."}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", "emacs-nox"), args...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "PROJECT="+t.TempDir(), "REPOSITORY="+testkit.Root(t),
		"EMACSLOADPATH="+folders(t, one(t, root, "share/emacs/*/lisp")), "EMACSDATA="+one(t, root, "share/emacs/*/etc"),
		"EMACSDOC="+one(t, root, "share/emacs/*/etc"), "EMACSPATH="+one(t, root, "libexec/emacs/*/*"))
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return string(said)
}

// one is the one path that a pattern has below a folder.
func one(t *testing.T, root, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	require.NoError(t, err)
	require.Len(t, paths, 1, pattern)
	return paths[0]
}

// folders are a folder and all below it, as a list for the environment.
func folders(t *testing.T, root string) string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			all = append(all, path)
		}
		return err
	}))
	return strings.Join(all, string(os.PathListSeparator))
}
