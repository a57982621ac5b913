package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// The want.txt of an example is a transcript: lines "$ hark-ls …", each followed by what the command writes on standard
// output, and by "[exit N]" if it fails.
func TestExamples(t *testing.T) {
	root := testkit.Root(t)
	folders, err := filepath.Glob(filepath.Join(root, "examples", "*", "service.hk"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, path := range folders {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
			t.Chdir(dir)
			want, err := os.ReadFile("want.txt")
			require.NoError(t, err, "an example has a transcript")
			testkit.GoldenFile(t, "want.txt", rerun(t, string(want)))
		})
	}
}

// rerun runs the commands of a transcript again.
func rerun(t *testing.T, transcript string) string {
	t.Helper()
	var b strings.Builder
	for _, line := range strings.Split(transcript, "\n") {
		if command, ok := strings.CutPrefix(line, "$ hark-ls "); ok {
			b.WriteString(line + "\n" + transcribe(t, strings.Fields(command)))
		}
	}
	return b.String()
}

func transcribe(t *testing.T, args []string) string {
	t.Helper()
	var out, errors strings.Builder
	code := Main(args, Streams{strings.NewReader(""), &out, &errors})
	switch code {
	case exitGood:
		return out.String()
	case exitFailed:
		return out.String() + "[exit 1]\n"
	}
	require.Failf(t, "an example ends with an exit code of its own", "%d: %s", code, &errors)
	return ""
}

// The tour of "make demo", from the broken pipeline to the past of the mended one.
func TestDemo(t *testing.T) {
	if testing.Short() {
		return // the scripts run the same commands
	}
	self, err := os.Executable()
	require.NoError(t, err)
	binary := filepath.Join(t.TempDir(), "hark-ls")
	require.NoError(t, os.Symlink(self, binary))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", filepath.Join(testkit.Root(t), "examples", "demo", "demo.sh"), binary)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, shown := range []string{
		"error HK0101: 'lenght' is not defined", "HK0101  error  a name that is not defined", "Galicia         2289   15333   197550.40",
		"\"Galicia\"\n294\n", "report/service.hk:23  0:345", "\"Emilia\"\n709\n", "What to try next",
	} {
		assert.Contains(t, string(out), shown)
	}
}

// What the README shows are the examples.
func TestReadmeShowsExamples(t *testing.T) {
	root := testkit.Root(t)
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	for _, name := range []string{"shop/service.hk", "shop/src/shop.py"} {
		text, err := os.ReadFile(filepath.Join(root, "examples", name))
		require.NoError(t, err)
		require.Contains(t, string(page), string(text), "%s", name)
	}
	words, err := os.ReadFile(filepath.Join(root, "examples", "map", "service.hk"))
	require.NoError(t, err)
	snippet, _, _ := strings.Cut(string(words), "\n/**")
	require.Contains(t, string(page), snippet)
}

// The examples are in the canonical form, as they are what people copy.
func TestExamplesAreFormatted(t *testing.T) {
	t.Chdir(testkit.Root(t))
	for name, text := range testkit.Sources(t) {
		if !strings.HasPrefix(name, "examples/") && !strings.HasPrefix(name, "compiler/prelude/") && !strings.HasPrefix(name, "internal/cli/skeleton/") {
			continue
		}
		if canonical, ok := syntax.Format(text); ok {
			testkit.Equal(t, canonical, text)
		}
	}
}
