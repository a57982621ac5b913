package vm

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The greatest depth is exact, whatever room the machine had before.
func TestDepthIsExact(t *testing.T) {
	const listing = `
func main()
  int r0, %d
  %s
func count(n) registers=3
  jeqi r0, 0, 0, @more
  int r1, 0
  ret r1
more:
  int r1, 1
  subi r2, r0, 1
  call r2, 1, count
  add r1, r1, r2
  ret r1
export main`
	for _, c := range []struct {
		calls   int
		call    string
		outcome Outcome
	}{
		{MaxDepth - 1, "tailcall r0, 1, count", Done},
		{MaxDepth, "tailcall r0, 1, count", Fault},
		{MaxDepth - 2, "call r0, 1, count\n  ret r0", Done},
		{MaxDepth - 1, "call r0, 1, count\n  ret r0", Fault},
	} {
		m := started(t, assembled(t, fmt.Sprintf(listing, c.calls, c.call)), "main")
		require.Equal(t, c.outcome, m.Run(1<<50), "%d calls by %s", c.calls, c.call)
	}
}
