//go:build race

package process_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Hundreds of processes under the race detector take minutes, and have nothing in common that could be raced for: they are
// this binary without it. The engine and the executor are looked at under it in the other packages' tests.
func init() {
	player = func(t *testing.T) string {
		binary := filepath.Join(t.TempDir(), "process.test")
		build := exec.Command("go", "test", "-c", "-o", binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := build.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return binary
	}
}
