package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A session that another process cancels ends at once, with the Python calls that it makes: they would look by themselves only after half a
// minute.
func TestCancelOfARunElsewhere(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"threads": nil, "processes": {"--isolated"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, gate)
			run := launch(t, dir, append([]string{"run", "main.hk"}, flags...)...)
			for run.line() != "waiting" {
			}
			began := time.Now()
			assert.Contains(t, finished(t, dir, "cancel", "latest"), "is cancelled: 1 thread ended")
			_, stderr, code := run.rest()
			assert.Equal(t, 1, code)
			assert.Contains(t, stderr, "Cancelled: the session was cancelled")
			assert.Less(t, time.Since(began), 20*time.Second)
		})
	}
}
