package engine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// TestDeadlockOfMany: a session whose threads wait for any of so many futures that the record does not name them all cannot go on either.
func TestDeadlockOfMany(t *testing.T) {
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Private: true})
	program := compiled.Program(t, `fn main() { first_of(map(lambda (i) { future(str(i)) }, range(7))) }`)
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	_, err = e.Wait(t.Context(), session)
	var deadlock *engine.Deadlock
	require.ErrorAs(t, err, &deadlock)
	assert.Equal(t, "  thread 0 (main) waits for future(\"0\") or future(\"1\") or future(\"2\") or future(\"3\") or 3 more",
		strings.Split(deadlock.Error(), "\n")[1])
}
