//go:build unix

// Package vscode_test tests the extension for VS Code, packaged as people install it, in the real editor.
package vscode_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	// The binary is in the package: a change of it is a reason to test again.
	_ "github.com/hark-lang/hark-ls/internal/cli"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// hang is how long a run of the editor may take.
const hang = 6 * time.Minute

// built bundles the extension and its tests, once.
func built(t *testing.T) {
	bundling.Do(func() {
		remember(t)
		command(t, testkit.Root(t), "make", "node_modules").run()
		command(t, ".", "node", "scripts/build.mjs", "--tests").run()
	})
}

var bundling sync.Once

// leftOut says whether this is the short form of the tests where npm has installed nothing yet: that takes longer than the whole form.
func leftOut(t *testing.T) bool {
	_, err := os.Stat(filepath.Join(testkit.Root(t), "node_modules"))
	return testing.Short() && err != nil
}

// remember reads what the tests are made of, so that their result is not taken from the cache when some of it has changed.
func remember(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && (entry.Name() == "dist" || entry.Name() == "node_modules") {
				return filepath.SkipDir
			}
			return err
		}
		_, err = os.ReadFile(path)
		return err
	})
	require.NoError(t, err)
}

// process is a command in a process group of its own, which is gone when the test is.
type process struct {
	t *testing.T
	*exec.Cmd
}

func command(t *testing.T, dir, name string, args ...string) process {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return process{t, cmd}
}

func (p process) run() []byte {
	p.t.Helper()
	var out, said bytes.Buffer
	p.Stdout, p.Stderr = &out, &said
	require.NoError(p.t, p.Start())
	defer p.guard()()
	require.NoError(p.t, p.Wait(), "%s\n%s%s", strings.Join(p.Args, " "), &out, &said)
	return out.Bytes()
}

// guard kills the group when it hangs, and when the function that it gives is called.
func (p process) guard() (end func()) {
	kill := func() { _ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL) }
	timer := time.AfterFunc(hang, kill)
	return func() {
		timer.Stop()
		kill()
	}
}

// event is a line of what mocha and the UI test report.
type event struct {
	Event    string
	Name     string
	MS       int
	Error    string
	Failures int
}

// inEditor runs a script of dist/test in the real editor; each test that it reports becomes one of Go's.
func inEditor(t *testing.T, script, artifacts string) {
	if leftOut(t) {
		return
	}
	built(t)
	if testing.Short() {
		return // that it can be built is the short form
	}
	tools := testkit.Install(t, "vscode.sh")
	p := command(t, ".", "node", "--enable-source-maps", filepath.Join("dist", "test", script))
	p.Env = append(os.Environ(), "HARK_TOOLS="+tools, "HARK_VSIX="+packaged(t), "HARK_WORKSPACE="+absolute(t, "test/workspace"),
		"HARK_ARTIFACTS="+artifacts, "HARK_DEBUGPY="+testkit.PythonWithDebugger(t))
	out, err := p.StdoutPipe()
	require.NoError(t, err)
	_, err = p.StdinPipe() // it ends when this process does, however that may be
	require.NoError(t, err)
	p.Stderr = p.Stdout
	require.NoError(t, p.Start())
	defer p.guard()()
	passed, ended, rest := report(t, out)
	err = p.Wait()
	if err != nil || !ended || passed == 0 || t.Failed() {
		t.Fatalf("%s: %v, %d tests passed; pictures are in %s\n%s", script, err, passed, artifacts, rest)
	}
}

// report turns the events of a run into tests; the rest of its output comes back.
func report(t *testing.T, out io.Reader) (passed int, ended bool, rest string) {
	var others strings.Builder
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Event == "" {
			others.WriteString(lines.Text() + "\n")
			continue
		}
		switch e.Event {
		case "end":
			ended = true
		case "pass":
			passed++
			t.Run(e.Name, func(t *testing.T) { t.Logf("%d ms", e.MS) })
		case "fail":
			t.Run(e.Name, func(t *testing.T) { t.Error(e.Error) })
		}
	}
	return passed, ended, others.String()
}

// packaged is the extension's package for this machine, with the binary of this checkout inside.
func packaged(t *testing.T) string {
	dir := absolute(t, "dist/test/package")
	packaging.Do(func() {
		require.NoError(t, os.RemoveAll(dir))
		command(t, ".", "node", "scripts/package.mjs", "--out", dir).run()
	})
	files, err := filepath.Glob(filepath.Join(dir, "*.vsix"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0]
}

var packaging sync.Once

// folder is an empty one below dist that stays there for those who look into what has happened.
func folder(t *testing.T, name string) string {
	dir := absolute(t, filepath.Join("dist", "test", t.Name(), name))
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return dir
}

func absolute(t *testing.T, path string) string {
	abs, err := filepath.Abs(path)
	require.NoError(t, err)
	return abs
}

// TestExtensionHost runs test/suite inside the editor's extension host.
func TestExtensionHost(t *testing.T) {
	t.Parallel() // mostly it waits, as the walk does
	inEditor(t, "host.js", folder(t, "artifacts"))
}

// TestScreen walks through the editor with mouse and keyboard, and looks at what it shows.
func TestScreen(t *testing.T) {
	t.Parallel()
	taken := folder(t, "artifacts")
	inEditor(t, "ui.js", taken)
	if !testing.Short() {
		pictures(t, taken)
	}
}
