package debugger

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

// Walks to and fro through random programs: what is shown at an instant is the same whichever way it was reached, while the
// program runs and when it is only a record.

// bystander is a Listener of a walk.
type bystander struct {
	stops chan Stop
	ended chan End
}

func newBystander() *bystander { return &bystander{make(chan Stop, 10), make(chan End, 1)} }

func (b *bystander) Stopped(s Stop)    { b.stops <- s }
func (b *bystander) Ended(e End)       { b.ended <- e }
func (b *bystander) WentOn(int, bool)  {}
func (b *bystander) Began(Thread)      {}
func (b *bystander) Left(Thread)       {}
func (b *bystander) Wrote(Line)        {}
func (b *bystander) Logged(Log)        {}
func (b *bystander) Changed(Abilities) {}
func (b *bystander) Works(Progress)    {}

// wanderer walks through a target, and remembers what was to be seen at each instant.
type wanderer struct {
	t      *testing.T
	target Target
	*bystander
	random *rand.Rand
	stop   Stop
	states map[replay.Instant][32]byte
	// others is where the threads were when one was looked at in the past.
	others map[replay.Instant]string
	way    []string
}

// next waits for a stop; false is the end.
func (w *wanderer) next() bool {
	w.t.Helper()
	select {
	case w.stop = <-w.stops:
		w.look()
		return true
	case <-w.ended:
		return false
	case <-time.After(30 * time.Second):
		w.t.Fatalf("nothing stopped after %v", w.way[max(0, len(w.way)-8):])
	}
	return false
}

// look takes down what is to be seen, and compares it with what was.
func (w *wanderer) look() {
	w.t.Helper()
	stack, err := w.target.Stack(context.Background(), w.stop.Thread)
	require.NoError(w.t, err, "%v", w.way)
	at, err := w.target.Instant(w.stop.Thread)
	require.NoError(w.t, err)
	require.Equal(w.t, w.stop.Instant, at, "%v", w.way)
	if stack.machine == nil {
		return // it has not begun
	}
	digest := stack.machine.Digest()
	if known, ok := w.states[at]; ok {
		require.Equal(w.t, known, digest, "at %v after %v", at, w.way)
	}
	w.states[at] = digest
	if _, live := w.target.(*Live); live && w.target.Abilities().Edit {
		return // the present is not in order
	}
	var others strings.Builder
	for _, t := range w.target.Threads() {
		at, err := w.target.Instant(t.ID)
		require.NoError(w.t, err)
		fmt.Fprint(&others, at, t.Waiting, t.Ended, t.Failed, " ")
	}
	if known, ok := w.others[at]; ok {
		require.Equal(w.t, known, others.String(), "at %v after %v", at, w.way)
	}
	w.others[at] = others.String()
}

// wander makes random motions, backwards more often than not; false if the program has ended.
func (w *wanderer) wander(moves int) bool {
	w.t.Helper()
	for range moves {
		m := Motion{Kind: MotionKind(1 + w.random.IntN(8)), Thread: w.stop.Thread, Instruction: w.random.IntN(2) == 0, Single: w.random.IntN(4) == 0}
		if m.Kind == Continue && w.random.IntN(3) > 0 {
			m.Kind = BackIn
		}
		if _, live := w.target.(*Live); live && !m.Kind.Backwards() {
			m.Single = false // it could wait for ever for those that stand
		}
		if all := w.target.Threads(); w.random.IntN(5) == 0 {
			if t := all[w.random.IntN(len(all))]; !t.Ended {
				m.Thread = t.ID
			}
		}
		w.way = append(w.way, fmt.Sprintf("%v %+v", w.stop.Instant, m))
		if err := w.target.Move(m); err != nil {
			require.ErrorIs(w.t, err, errGone)
			continue
		}
		if !w.next() {
			return false
		}
	}
	return true
}

// keep opens a store for a walk.
func keep(t *testing.T, seed uint64) engine.Store {
	t.Helper()
	if seed%3 > 0 {
		return memstore.New()
	}
	store, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// places are some at which lines begin.
func places(p *Program, random *rand.Rand) []Breakpoint {
	var all []Breakpoint
	for line := range p.byLine[0] {
		if random.IntN(6) == 0 {
			for _, place := range p.byLine[0][line] {
				all = append(all, Breakpoint{ID: line + 1, Place: place})
			}
		}
	}
	slices.SortFunc(all, func(a, b Breakpoint) int { return a.ID - b.ID })
	return all
}

func walkedPrograms() uint64 {
	if testing.Short() {
		return 8
	}
	return 60
}

func TestWalks(t *testing.T) {
	for seed := range walkedPrograms() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			source := progen.Program(seed, progen.Options{Threads: true, Output: true})
			defer func() {
				if t.Failed() {
					t.Log(source)
				}
			}()
			store, random := keep(t, seed), rand.New(rand.NewPCG(seed, 3))
			w := &wanderer{t: t, bystander: newBystander(), random: random, states: map[replay.Instant][32]byte{}, others: map[replay.Instant]string{}}
			program := NewProgram(compiled.Program(t, source))
			live, err := NewLive(program, Entry{Function: "main", Stop: true}, World{Store: store, Executor: local.New()}, w)
			require.NoError(t, err)
			defer live.Close()
			w.target = live
			live.SetBreakpoints(places(program, random))
			require.NoError(t, live.Begin(context.Background()))
			if w.next() && w.wander(60) {
				live.SetBreakpoints(nil)
				live.SetExceptionStops(ExceptionStops{})
				require.NoError(t, live.Move(Motion{Kind: Continue}))
				require.False(t, w.next(), "%+v", w.stop)
			}
			w.recorded(store, live.Session())
		})
	}
}

// recorded walks through what the live program has left behind.
func (w *wanderer) recorded(store engine.Store, session string) {
	w.t.Helper()
	s, err := replay.Open(context.Background(), store, session)
	require.NoError(w.t, err)
	w.bystander, w.way = newBystander(), nil
	clear(w.others) // threads had not come to their ends
	target, err := NewRecorded(context.Background(), s, View{Stop: true}, w)
	require.NoError(w.t, err)
	defer target.Close()
	w.target = target
	target.SetBreakpoints(places(target.Program(), w.random))
	require.NoError(w.t, target.Begin(context.Background()))
	require.True(w.t, w.next())
	require.True(w.t, w.wander(100))
	for at := range w.states {
		require.NoError(w.t, target.Goto(context.Background(), at))
		require.True(w.t, w.next())
		require.Equal(w.t, at, w.stop.Instant)
	}
}
