package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/sim"
)

// TestRandomPrograms runs programs nobody thought of in worlds where everything goes wrong: as in one where only the order is the
// seed's.
func TestRandomPrograms(t *testing.T) {
	for seed := range 8 * seeds() {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		program := compiled.Program(t, source)
		calm, err := sim.Run(sim.Case{Program: program, Function: "main", Seed: seed})
		require.NoError(t, err, "%s", source)
		wild, err := sim.Run(sim.Case{
			Program: program, Function: "main", Seed: seed + 1, Fuel: 40, Lease: time.Minute, Slice: time.Second,
			Faults: sim.Faults{Kill: 5, Lose: 100, Double: 200, Fail: 5},
		})
		require.NoError(t, err, "%s", source)
		require.Equal(t, calm.String(), wild.String(), "seed %d\n%s", seed, source)
	}
}
