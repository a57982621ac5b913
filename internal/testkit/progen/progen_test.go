package progen_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// TestProgramsAreSound holds that programs have no error that would keep them from running, and depend on their seed alone.
func TestProgramsAreSound(t *testing.T) {
	for seed := range uint64(300) {
		options := progen.Options{Functions: int(seed % 12), Depth: int(seed % 6), Threads: seed%2 == 0, Output: seed%3 == 0}
		text := progen.Program(seed, options)
		require.Equal(t, text, progen.Program(seed, options))
		p := resolve.Load("main.hk", func(string) (string, error) { return text, nil })
		assert.False(t, p.Stops(), "seed %d: %v\n%s", seed, p.Diagnostics(), text)
	}
}
