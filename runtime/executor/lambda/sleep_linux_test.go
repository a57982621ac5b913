package lambda_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/lambdalocal"
	"github.com/hark-lang/hark-ls/vm"
)

// TestShortSleepsAreInTime: who sleeps for seconds is woken in time, though the schedule never has the store swept.
func TestShortSleepsAreInTime(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{})
	began := time.Now()
	session := c.start(t, "fn nap(s) { sleep(s); s }\nfn main() { await [async nap(2), async nap(4), async nap(3)] }")
	c.Settle()
	took := time.Since(began)
	result, over, err := c.e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over, "%v", c.Log())
	assert.Equal(t, "[2, 4, 3]", vm.Show(result.Value))
	assert.Greater(t, took, 4*time.Second)
	assert.Less(t, took, 25*time.Second)
}
