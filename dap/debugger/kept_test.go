package debugger_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
)

// kept is a World whose sessions outlive it, and its store.
func kept(t *testing.T) (debugger.World, engine.Store) {
	t.Helper()
	store, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return debugger.World{Store: store, Executor: local.New(), Foreign: foreign(), Keep: func(c engine.Config) engine.Config {
		c.Owner, c.Gone = "debugger", func(string) bool { return false }
		c.MaxAge = time.Hour
		return c
	}}, store
}

// other is the engine of another process.
func other(store engine.Store, owner string, gone bool) *engine.Engine {
	return engine.New(engine.Config{
		Store: store, Executor: local.New(), Foreign: foreign(), Owner: owner, Gone: func(o string) bool { return gone && o == "debugger" },
		Lease: time.Hour, MaxAge: time.Hour,
	})
}

func head(t *testing.T, store engine.Store, session, thread string) *engine.Head {
	t.Helper()
	heads, err := store.Heads(context.Background(), []engine.ID{{Session: session, Thread: thread}})
	require.NoError(t, err)
	require.NotNil(t, heads[0])
	return heads[0]
}

const keptSource = `import(double, py, 1);
fn main() {
  a = double(4);
  f = async later(a);
  b = double(a);
  b + await f
}
fn later(n) {
  n + 1
}
`

// standing is a kept session that stands behind its first call.
func standing(t *testing.T) (*walker, engine.Store) {
	t.Helper()
	run, store := kept(t)
	w := prepared(t, keptSource, debugger.Entry{Stop: true}, run)
	w.begin()
	w.move(debugger.StepOver)
	return w, store
}

// TestAClosedSessionIsCancelled, so that nobody takes it for one that was interrupted.
func TestAClosedSessionIsCancelled(t *testing.T) {
	w, store := standing(t)
	session := w.Session()
	w.Close()
	h := head(t, store, session, "0")
	assert.True(t, h.Done && h.Answer.Failed)
	code, err := vm.Load(w.Program().Program)
	require.NoError(t, err)
	fault, err := engine.DecodeError(code, h.Answer.Value.Bytes)
	require.NoError(t, err)
	assert.Equal(t, vm.ErrCancelled, fault.Kind)
}

// TestASessionThatWasLeftGoesOn elsewhere, where it stood.
func TestASessionThatWasLeftGoesOn(t *testing.T) {
	w, store := standing(t)
	session := w.Session()
	w.Target.(*debugger.Live).Leave()
	assert.False(t, head(t, store, session, "0").Done)
	e := other(store, "another", true)
	require.NoError(t, e.Resume(context.Background(), session))
	result, err := e.Wait(context.Background(), session)
	require.NoError(t, err)
	assert.Equal(t, "25", vm.Show(result.Value))
	require.NoError(t, e.Close())
}

// TestNobodyTakesAThreadThatStands, however long it does.
func TestNobodyTakesAThreadThatStands(t *testing.T) {
	w, store := standing(t)
	assert.Greater(t, time.Until(head(t, store, w.Session(), "0").Lease), 365*24*time.Hour)
	e := other(store, "another", false)
	require.NoError(t, e.Resume(context.Background(), w.Session()))
	require.NoError(t, e.Close())
	assert.Equal(t, "25", vm.Show(w.end().Result.Value))
}

// TestTheDebuggerIsGone: who knows that takes the thread at once, and the run that is left over does nothing more.
func TestTheDebuggerIsGone(t *testing.T) {
	w, store := standing(t)
	e := other(store, "another", true)
	require.NoError(t, e.Resume(context.Background(), w.Session()))
	result, err := e.Wait(context.Background(), w.Session())
	require.NoError(t, err)
	assert.Equal(t, "25", vm.Show(result.Value))
	require.NoError(t, e.Close())
	w.Close()
	assert.False(t, head(t, store, w.Session(), "0").Answer.Failed)
}

// TestAStepAloneIntoAThread: the thread that starts another one stands, and the other begins nevertheless.
func TestAStepAloneIntoAThread(t *testing.T) {
	world, _ := kept(t)
	w := prepared(t, twoThreads, debugger.Entry{Stop: true}, world)
	w.begin()
	w.move(debugger.StepOver, single)
	w.move(debugger.StepIn, single)
	assert.Equal(t, "0.0:16", w.at())
	w.move(debugger.StepOver, single)
	assert.Equal(t, "0.0:17", w.at())
	w.move(debugger.BackIn)
	assert.Equal(t, "0.0:16", w.at())
}
