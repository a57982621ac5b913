package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who follows a session sees what it prints as it comes, also the lines of a Python call that has not ended, and each once.
func TestFollow(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"threads": nil, "processes": {"--isolated"}} {
		if testing.Short() && flags != nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, gate)
			run := launch(t, dir, append([]string{"run", "main.hk"}, flags...)...)
			for run.line() != "waiting" {
			}
			follow := launch(t, dir, "stdout", "--follow")
			lines := []string{}
			for len(lines) == 0 || lines[len(lines)-1] != "waiting" { // of a call that goes on
				lines = append(lines, follow.line())
			}
			assert.Contains(t, finished(t, dir, "events", "--unified"), "printed  waiting")
			assert.Contains(t, finished(t, dir, "stdout", "--json"), `"text":"waiting","committed":false`)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o600))
			rest, stderr, code := follow.rest()
			assert.Equal(t, 0, code, stderr)
			all := strings.Join(lines, "\n") + "\n" + rest
			_, _, _ = run.rest()
			assert.ElementsMatch(t, strings.Split(finished(t, dir, "stdout"), "\n"), strings.Split(all, "\n"), "each line once")

			following := strings.Split(strings.TrimSpace(finished(t, dir, "stdout", "--follow", "--json")), "\n")
			require.Len(t, following, len(strings.Split(strings.TrimSpace(all), "\n")), "of a session that has ended: all lines, at once")
			for _, line := range following {
				var l jsonLine
				require.NoError(t, json.Unmarshal([]byte(line), &l))
				assert.True(t, l.Committed)
			}
		})
	}
}
