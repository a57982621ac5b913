package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
)

// What is too large fails in the thread that wants it to cross; the others do not notice.
const large = `
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn measure(s) { length(s) }
fn kind(f) { try { f() } catch e { get(e, "kind") } }
fn main(fits, over) {
    small = async measure("abc");
    made = async grow(fits, 16);
    received = await made;
    [
        length(received), await async measure(received), kind(lambda () { await async grow(over, 16) }),
        kind(lambda () { async measure(grow(over, 16)) }), await small, await async measure("abcd"),
    ]
}`

func TestLargeValues(t *testing.T) {
	program := compiled.Program(t, large)
	// 64 MiB less 64 KiB, and 64 MiB of text with what says that it is text.
	fits, over := vm.String(string(make([]byte, 1023))), vm.String(string(make([]byte, 1024)))
	stores := map[string]engine.Store{"memory": memstore.New()}
	if !testing.Short() {
		stores["sqlite"] = open(t, filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})
	}
	for name, store := range stores {
		result := run(t, store, engine.Config{}, program, fits, over)
		assert.Nil(t, result.Err, name)
		assert.Equal(t, `[67043328, 67043328, "Limit", "Limit", 3, 4]`, vm.Show(result.Value), name)
	}
}
