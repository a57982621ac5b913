package bug_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/internal/bug"
)

func TestReportFailsTests(t *testing.T) {
	assert.PanicsWithValue(t, "hark-ls: bug: 3 is not 4", func() { bug.Report("%d is not %d", 3, 4) })
}
