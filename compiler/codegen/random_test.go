package codegen_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// TestRandomProgramsVerify holds that whatever is generated is accepted by the verifier.
func TestRandomProgramsVerify(t *testing.T) {
	for seed := range uint64(300) {
		source := progen.Program(seed, progen.Options{Threads: seed%2 == 0, Output: seed%3 == 0, Functions: int(seed%9) + 1})
		compile(t, "main.hk", text(source))
	}
}
