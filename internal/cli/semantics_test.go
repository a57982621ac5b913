package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// fromAnotherTime keeps two sessions, as a hark-ls of another semantics number would have: one that goes on, and one that failed.
func fromAnotherTime(t *testing.T) (dir, open, failed string) {
	t.Helper()
	dir = folder(t, map[string]string{"main.hk": "fn main() { await future(\"x\") }"})
	_, program, err := build(t.Context(), filepath.Join(dir, "main.hk"))
	require.NoError(t, err)
	code, err := vm.Load(program)
	require.NoError(t, err)
	main, _ := code.Export("main")
	program.Semantics = 99
	b := bytecode.Encode(program)
	sum := sha256.Sum256(b)
	hash := hex.EncodeToString(sum[:])
	s, err := (&storeFlags{kind: inSQLite}).open(t.Context(), config.Default(dir))
	require.NoError(t, err)
	defer s.close()
	require.NoError(t, s.PutProgram(t.Context(), hash, b))
	open, failed = "06h0000000000000000000open", "06h00000000000000000failed"
	for _, session := range []string{open, failed} {
		start := vm.Start{Session: session, Thread: engine.Root, Function: main}
		entry, err := engine.EncodeEntry(code, start)
		require.NoError(t, err)
		head := engine.Head{ID: engine.ID{Session: session, Thread: engine.Root}, Function: "main", Program: hash, Entry: engine.Data{Bytes: entry}, Started: time.Now()}
		if session == failed {
			fault, err := engine.EncodeError(code, &vm.Error{Kind: "Type", Message: "of old"})
			require.NoError(t, err)
			head.Done, head.Ended, head.Answer = true, time.Now(), engine.Answer{Failed: true, Value: engine.Data{Bytes: fault}}
		}
		_, err = s.Create(t.Context(), head)
		require.NoError(t, err)
	}
	return dir, open, failed
}

// A session whose program means something else here is left as it is, and every command says which hark-ls can do something with it.
func TestOtherSemantics(t *testing.T) {
	t.Parallel()
	dir, open, failed := fromAnotherTime(t)
	for _, args := range [][]string{
		{"resume", open}, {"resume", open, "--isolated"}, {"stdout", open}, {"stdout", open, "--follow"}, {"events", open}, {"trace", open}, {"cancel", open},
		{"resolve", open, "x", "1"}, {"retry", failed}, {"retry", failed, "--code", "new"}, {"stdout", failed}, {"events", failed, "--json"},
	} {
		out, stderr, code := launch(t, dir, args...).rest()
		assert.Equal(t, exitEnvironment, code, "%v", args)
		assert.Contains(t, out+stderr, "semantics number 99, and this hark-ls has", "%v", args)
		assert.Contains(t, out+stderr, "'hark-ls version'", "%v", args)
		assert.NotContains(t, out+stderr, "resume "+open+" goes on", "%v", args)
	}
	list := finished(t, dir, "sessions", "--json")
	assert.Contains(t, list, `"id":"`+open+`","status":"interrupted"`)
	assert.Contains(t, list, `"id":"`+failed+`","status":"failed"`)
	assert.Contains(t, finished(t, dir, "sessions"), "Environment: load program")
	assert.Contains(t, finished(t, dir, "gc", "--older-than", "0s"), "1 session")
}
