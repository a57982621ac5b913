package testkit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/stretchr/testify/require"
)

// Programs that tests need and a machine may not have, such as editors, are installed by scripts of internal/testkit/install,
// each once per machine and into a folder outside the checkout.

// Install is the folder that "SCRIPT FOLDER ARGS…" has filled; it is run unless it has been, with the same text and arguments.
// Tests of several processes may ask for the same folder at the same time.
func Install(t testing.TB, script string, args ...string) string {
	t.Helper()
	path := filepath.Join(Root(t), "internal", "testkit", "install", script)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	folder := installed(t, script, text, args)
	unlock, err := lockedfile.MutexAt(folder + ".lock").Lock()
	require.NoError(t, err)
	defer unlock()
	complete := filepath.Join(folder, ".complete")
	if _, err := os.Stat(complete); err == nil {
		return folder
	}
	require.NoError(t, os.RemoveAll(folder)) // what an interrupted run has left
	require.NoError(t, os.MkdirAll(folder, 0o755))
	var said bytes.Buffer
	cmd := exec.Command("bash", append([]string{path, folder}, args...)...)
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Run(), "install %s: %s", strings.Join(args, " "), &said)
	require.NoError(t, os.WriteFile(complete, nil, 0o644))
	return folder
}

// installed is where a script with these arguments installs: a change of either installs anew.
func installed(t testing.TB, script string, text []byte, args []string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	sum := sha256.Sum256(append(text, strings.Join(args, "\x00")...))
	name := strings.TrimSuffix(script, filepath.Ext(script)) + "-" + strings.ReplaceAll(strings.Join(args, "-"), "/", "-")
	parent := filepath.Join(cache, "hark-ls-test")
	require.NoError(t, os.MkdirAll(parent, 0o755))
	return filepath.Join(parent, strings.Trim(name, "-")+"-"+hex.EncodeToString(sum[:4]))
}
