package process_test

import (
	"crypto/sha256"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

// onlooker waits for the stops of a replay.
type onlooker struct {
	stops chan debugger.Stop
	ended chan debugger.End
}

func (o *onlooker) Stopped(s debugger.Stop)    { o.stops <- s }
func (o *onlooker) Ended(e debugger.End)       { o.ended <- e }
func (o *onlooker) WentOn(int, bool)           {}
func (o *onlooker) Began(debugger.Thread)      {}
func (o *onlooker) Left(debugger.Thread)       {}
func (o *onlooker) Wrote(debugger.Line)        {}
func (o *onlooker) Logged(debugger.Log)        {}
func (o *onlooker) Changed(debugger.Abilities) {}
func (o *onlooker) Works(debugger.Progress)    {}

func (o *onlooker) wait(w *world) debugger.Stop {
	select {
	case s := <-o.stops:
		return s
	case e := <-o.ended:
		require.Fail(w.t, "the replay ended", "%+v", e)
	}
	return debugger.Stop{}
}

// replayed shows every thread of the session in a debugger, at several instants, and makes sure that nothing was called or written for it.
func (w *world) replayed() {
	path := filepath.Join(w.folder, "sessions.db")
	records := func() [32]byte {
		b, err := os.ReadFile(path)
		require.NoError(w.t, err)
		return sha256.Sum256(b)
	}
	effects, before := w.effects(), records()
	store, err := sqlitestore.Open(w.t.Context(), path, sqlitestore.Options{})
	require.NoError(w.t, err)
	session, err := replay.Open(w.t.Context(), store, theSession)
	require.NoError(w.t, err)
	o := &onlooker{make(chan debugger.Stop, 1), make(chan debugger.End, 1)}
	target, err := debugger.NewRecorded(w.t.Context(), session, debugger.View{}, o)
	require.NoError(w.t, err)
	target.SetExceptionStops(debugger.ExceptionStops{})
	require.NoError(w.t, target.Begin(w.t.Context()))
	assert.Equal(w.t, debugger.AtEnd, o.wait(w).Reason)
	threads, gone, err := session.Threads(w.t.Context())
	require.NoError(w.t, err)
	require.Empty(w.t, gone)
	for _, thread := range threads {
		w.visit(target, o, thread)
	}
	target.Close()
	require.NoError(w.t, store.Close())
	assert.Equal(w.t, effects, w.effects())
	assert.Equal(w.t, before, records())
}

// visit goes to some instants of a thread, and from there a step back and a step in.
func (w *world) visit(target *debugger.Recorded, o *onlooker, thread *replay.Thread) {
	last, _, err := thread.Last(w.t.Context())
	require.NoError(w.t, err)
	for _, at := range []uint64{0, last.At / 3, last.At / 2, last.At - 1} {
		to := replay.Instant{Thread: thread.ID(), At: at}
		require.NoError(w.t, target.Goto(w.t.Context(), to))
		stop := o.wait(w)
		require.Equal(w.t, to, stop.Instant)
		stack, err := target.Stack(w.t.Context(), stop.Thread)
		require.NoError(w.t, err)
		require.NotEmpty(w.t, stack.Frames(0, 1))
		if at == 0 {
			continue
		}
		for _, kind := range []debugger.MotionKind{debugger.BackIn, debugger.StepIn} {
			require.NoError(w.t, target.Move(debugger.Motion{Kind: kind, Thread: stop.Thread, Single: true, Instruction: true}))
			stop = o.wait(w)
		}
		require.True(w.t, stop.Instant == to || stop.Instant.At == 0, "%v, back and forth, is %v", to, stop.Instant)
	}
}
