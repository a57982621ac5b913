package progen_test

import (
	"strings"
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

// TestLongProgramsAreSound holds that programs for measuring are as long as asked, and that nothing is wrong with them.
func TestLongProgramsAreSound(t *testing.T) {
	text := progen.Long(1000, "fn head() { 1 }\n", "\nfn more_%[1]d() { part_%[1]d(1, 2) }\n")
	assert.InDelta(t, 1000, strings.Count(text, "\n"), 40)
	p := resolve.Load("main.hk", func(string) (string, error) { return text, nil })
	assert.Empty(t, p.Diagnostics())
}
