package debugger_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
)

// A session that an engine runs, and that somebody else follows by its store. It goes on when an outside future is resolved.

const gated = `fn main() {
  a = 1;
  print("begin");
  f = async child(a);
  x = await future("first");
  print("second");
  y = await future("last");
  z = await f;
  print("end");
  x + y + z
}
fn child(n) {
  print("child");
  m = await future("child");
  print("child goes on");
  n + m
}
`

// following is a session with the one who follows it.
type following struct {
	*testing.T
	debugger.Target
	*hearsay
	engine *engine.Engine
	id     string
	queue  []string
}

// hearsay is a Listener whose events are text.
type hearsay struct {
	events chan string
	stops  chan debugger.Stop
}

func (h *hearsay) Stopped(s debugger.Stop)    { h.stops <- s }
func (h *hearsay) WentOn(int, bool)           {}
func (h *hearsay) Began(t debugger.Thread)    { h.events <- "began " + t.Name }
func (h *hearsay) Left(t debugger.Thread)     { h.events <- "left " + t.Name }
func (h *hearsay) Changed(debugger.Abilities) {}
func (h *hearsay) Works(debugger.Progress)    {}
func (h *hearsay) Ended(e debugger.End)       { h.events <- fmt.Sprintf("ended %+v", e) }
func (h *hearsay) Logged(l debugger.Log)      { h.events <- "said " + l.Text }
func (h *hearsay) Wrote(l debugger.Line) {
	h.events <- fmt.Sprintf("line %s at %s:%d", l.Text, l.Instant.Thread, l.Point.Line+1)
}

// follow runs a program, and follows it by another store of the same records.
func follow(t *testing.T, source string, writes engine.Store, reads engine.Reader, stop bool) *following {
	t.Helper()
	return followCalls(t, source, python, writes, reads, stop)
}

// followCalls has Python functions of its own.
func followCalls(t *testing.T, source string, calls engine.Foreign, writes engine.Store, reads engine.Reader, stop bool) *following {
	t.Helper()
	ctx := context.Background()
	e := engine.New(engine.Config{Store: writes, Executor: local.New(), Foreign: calls, Owner: "runs"})
	t.Cleanup(func() { _ = e.Close() })
	id, err := e.Start(ctx, engine.Session{Program: compiled.Program(t, source), Function: "main"})
	require.NoError(t, err)
	f := &following{T: t, engine: e, id: id}
	f.attach(reads, stop)
	return f
}

// attach begins to follow.
func (f *following) attach(reads engine.Reader, stop bool) {
	f.Helper()
	f.hearsay = &hearsay{events: make(chan string, 10_000), stops: make(chan debugger.Stop, 100)}
	s, err := replay.Open(context.Background(), reads, f.id)
	require.NoError(f, err)
	f.Target, err = debugger.NewFollow(context.Background(), reads, s, stop, f.hearsay)
	require.NoError(f, err)
	f.Cleanup(f.Target.Close)
	require.NoError(f, f.Begin(context.Background()))
}

// onDisk are two stores of one file, as two processes have them.
func onDisk(t *testing.T, path string) (writes, reads engine.Store) {
	t.Helper()
	open := func() engine.Store {
		s, err := sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	return open(), open()
}

// await waits until an event has come; what comes before it stays for others.
func (f *following) await(event string) {
	f.Helper()
	for i, e := range f.queue {
		if strings.HasPrefix(e, event) {
			f.queue = append(f.queue[:i:i], f.queue[i+1:]...)
			return
		}
	}
	for {
		select {
		case e := <-f.events:
			if strings.HasPrefix(e, event) {
				return
			}
			f.queue = append(f.queue, e)
		case <-time.After(30 * time.Second):
			f.Fatalf("%q has not come: %q", event, f.queue)
		}
	}
}

func (f *following) stop() debugger.Stop {
	f.Helper()
	select {
	case s := <-f.stops:
		return s
	case <-time.After(30 * time.Second):
		f.Fatalf("nothing stopped: %q", f.queue)
		return debugger.Stop{}
	}
}

func (f *following) resolve(name string, n int64) {
	f.Helper()
	_, err := f.engine.Resolve(context.Background(), f.id, name, vm.Int(n))
	require.NoError(f, err)
}

// line is where a thread of a view stands.
func (f *following) line(thread int) int {
	f.Helper()
	stack, err := f.Stack(context.Background(), thread)
	require.NoError(f, err)
	return stack.Frames(0, 1)[0].Point.Line + 1
}

// threads are names and states.
func (f *following) threads() string {
	var all []string
	for _, t := range f.Threads() {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", t.ID, t.Name, t.Function, t.Waiting)))
	}
	return strings.Join(all, "; ")
}

// ended waits for the session's end.
func (f *following) ended() {
	f.Helper()
	_, err := f.engine.Wait(context.Background(), f.id)
	require.NoError(f, err)
}

// TestFollow: what happens to a session elsewhere is told as it is committed; paused, the session as it was then can be walked through
// while it goes on; at the end of that it is followed again, and at its own end looked at.
func TestFollow(t *testing.T) {
	writes, reads := onDisk(t, filepath.Join(t.TempDir(), "sessions.db"))
	f := follow(t, gated, writes, reads, false)
	f.await("began 0")
	f.await("began 0.0")
	require.NoError(t, f.Pause(2))
	s := f.stop()
	require.Equal(t, debugger.OnPause, s.Reason)
	require.Equal(t, "0.0", s.Instant.Thread)
	assert.Equal(t, 2, s.Thread)
	assert.True(t, f.Target.Stopped())
	assert.Equal(t, 14, f.line(2))
	assert.Equal(t, 5, f.line(1))
	f.await("line begin at 0:3")
	f.await("line child at 0.0:13")

	f.resolve("child", 10) // it goes on meanwhile, which the view does not show
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.ReverseContinue, Thread: 1}))
	require.Equal(t, debugger.AtBeginning, f.stop().Reason)
	require.Equal(t, 2, f.line(1))
	_, places, ok := f.Program().Snap(0, 12)
	require.True(t, ok)
	f.SetBreakpoints([]debugger.Breakpoint{{ID: 7, Place: places[0]}})
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.Continue, Thread: 1}))
	s = f.stop()
	require.Equal(t, []int{7}, s.Breakpoints)
	require.Equal(t, 13, f.line(s.Thread))
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.Continue, Thread: 1}))
	f.await("line child goes on at 0.0:15")
	f.await("left 0.0")
	require.False(t, f.Target.Stopped())
	_, err := f.Stack(context.Background(), 1)
	require.ErrorContains(t, err, "pause")
	require.Equal(t, "1 0 main waiting on f:first; 2 0.0 child", f.threads())
	assert.Equal(t, "11", vm.Show(*f.Future("0.0").Value))

	f.resolve("first", 1)
	f.await("line second at 0:6")
	f.resolve("last", 2)
	f.ended()
	s = f.stop()
	require.Equal(t, debugger.AtEnd, s.Reason)
	f.await("said session " + f.id + " has ended with a result")
	f.await("left 0")
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.BackOver, Thread: s.Thread}))
	require.Equal(t, 10, func() int { s := f.stop(); return f.line(s.Thread) }())
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.Continue, Thread: 1}))
	require.Equal(t, debugger.AtEnd, f.stop().Reason)
	f.await("line end at 0:9")
	assert.Empty(t, f.queue, "each line is told once, and a session that is followed is not told to have ended")
}

// TestFollowFromTheMiddle: what a session has printed before somebody follows it is told first; with stop, a view is taken at once.
func TestFollowFromTheMiddle(t *testing.T) {
	writes, reads := onDisk(t, filepath.Join(t.TempDir(), "sessions.db"))
	f := follow(t, gated, writes, reads, false)
	f.await("line child")
	f.resolve("child", 10)
	f.await("left 0.0")
	f.Close()
	f.attach(reads, true)
	require.Equal(t, debugger.OnPause, f.stop().Reason)
	f.await("line begin")
	f.await("line child at")
	f.await("line child goes on")
	require.Equal(t, "1 0 main waiting on f:first; 2 0.0 child", f.threads(), "what has ended is listed, but not told of")
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.Continue, Thread: 1}))
	f.resolve("first", 1)
	f.resolve("last", 1)
	f.ended()
	require.Equal(t, debugger.AtEnd, f.stop().Reason)
}

// TestFollowWritesNothing: the file of a session is the same after it was followed, paused, walked through and left; the session goes on.
func TestFollowWritesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	writes, reads := onDisk(t, path)
	f := follow(t, gated, writes, reads, false)
	f.await("line child")
	f.await("line begin")
	require.NoError(t, f.engine.Close())
	before := fileSum(t, path)
	require.NoError(t, f.Pause(0))
	s := f.stop()
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.ReverseContinue, Thread: s.Thread}))
	f.stop()
	require.NoError(t, f.Move(debugger.Motion{Kind: debugger.StepIn, Thread: 1}))
	f.stop()
	require.ErrorContains(t, f.Edit(context.Background(), debugger.Edit{}), "fork")
	f.Close()
	require.Equal(t, before, fileSum(t, path))
	f.engine = engine.New(engine.Config{Store: writes, Executor: local.New(), Foreign: python, Owner: "goes on"})
	t.Cleanup(func() { _ = f.engine.Close() })
	require.NoError(t, f.engine.Resume(context.Background(), f.id))
	f.resolve("child", 1)
	f.resolve("first", 1)
	f.resolve("last", 1)
	f.ended()
}

// fileSum is the content of a store's file and of its log.
func fileSum(t *testing.T, path string) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		sum.Write(b)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// unversioned is a store that cannot say whether anybody has written.
type unversioned struct{ engine.Reader }

// TestFollowUnversioned: such a store is read once in a while.
func TestFollowUnversioned(t *testing.T) {
	store := memstore.New()
	f := follow(t, `fn main() { print("a"); await future("x"); print("b") }`, store, unversioned{store}, false)
	f.await("line a")
	f.resolve("x", 1)
	f.ended()
	f.await("line b")
	require.Equal(t, debugger.AtEnd, f.stop().Reason)
}

// TestFollowFailing: a session that fails is looked at where it ends, which is said; the errors of its store are told, and tried again.
func TestFollowFailing(t *testing.T) {
	store := memstore.New()
	reads := &failing{Reader: store}
	f := follow(t, `fn main() { await future("x"); 1 + "a" }`, store, reads, false)
	f.await("began 0")
	reads.fail.Store(true)
	f.await("said look at session " + f.id)
	reads.fail.Store(false)
	f.resolve("x", 1)
	f.ended()
	s := f.stop()
	require.Equal(t, debugger.AtEnd, s.Reason)
	require.Contains(t, s.Text, "has failed: Type")
	require.Equal(t, 1, f.line(s.Thread))
}

type failing struct {
	engine.Reader
	fail atomic.Bool
}

func (r *failing) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	if r.fail.Load() {
		return nil, errors.New("no network")
	}
	return r.Reader.Heads(ctx, ids)
}

// TestFollowACall: what a Python call prints is told while it lasts, and what was printed before it, each line once.
func TestFollowACall(t *testing.T) {
	release := make(chan struct{})
	once := sync.OnceFunc(func() { close(release) })
	calls := stand{"work": func(_ context.Context, c engine.Call) engine.CallResult {
		c.Output(engine.Stdout, "working")
		<-release
		c.Output(engine.Stdout, "done")
		return engine.CallResult{Value: vm.Int(1)}
	}}
	writes, reads := onDisk(t, filepath.Join(t.TempDir(), "sessions.db"))
	f := followCalls(t, "import(work, py, 0);\nfn main() {\n  print(\"first\");\n  work()\n}\n", calls, writes, reads, false)
	t.Cleanup(once)
	f.await("line first at 0:3")
	f.await("line working at 0:4")
	once()
	f.ended()
	f.await("line done at 0:4")
	require.Equal(t, debugger.AtEnd, f.stop().Reason)
	for _, e := range f.queue {
		assert.False(t, strings.HasPrefix(e, "line "), e)
	}
}
