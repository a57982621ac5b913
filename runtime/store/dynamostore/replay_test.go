package dynamostore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// tourist walks to and fro through a program, and takes down what it sees at each instant.
type tourist struct {
	t      *testing.T
	target debugger.Target
	random *rand.Rand
	stops  chan debugger.Stop
	ended  chan debugger.End
	at     debugger.Stop
	seen   map[replay.Instant]string
}

func (o *tourist) Stopped(s debugger.Stop)    { o.stops <- s }
func (o *tourist) Ended(e debugger.End)       { o.ended <- e }
func (o *tourist) WentOn(int, bool)           {}
func (o *tourist) Began(debugger.Thread)      {}
func (o *tourist) Left(debugger.Thread)       {}
func (o *tourist) Wrote(debugger.Line)        {}
func (o *tourist) Logged(debugger.Log)        {}
func (o *tourist) Changed(debugger.Abilities) {}
func (o *tourist) Works(debugger.Progress)    {}

// next waits for a stop, and looks around; false is the end.
func (o *tourist) next() bool {
	select {
	case o.at = <-o.stops:
	case <-o.ended:
		return false
	}
	stack, err := o.target.Stack(o.t.Context(), o.at.Thread)
	require.NoError(o.t, err)
	var view strings.Builder
	for _, f := range stack.Frames(0, 0) {
		vars := f.Variables()
		fmt.Fprintln(&view, f.Name, f.Point)
		for _, v := range append(append(vars.Locals, vars.Arguments...), vars.Captures...) {
			fmt.Fprintln(&view, v.Name, vm.Show(v.Value))
		}
	}
	if known, ok := o.seen[o.at.Instant]; ok {
		require.Equal(o.t, known, view.String(), "%v", o.at.Instant)
	}
	o.seen[o.at.Instant] = view.String()
	return true
}

// walk makes motions, more often backwards; false if the program has ended.
func (o *tourist) walk(moves int) bool {
	kinds := []debugger.MotionKind{debugger.StepIn, debugger.StepOver, debugger.StepOut, debugger.BackIn, debugger.BackOver, debugger.BackOut}
	for range moves {
		m := debugger.Motion{Kind: kinds[o.random.IntN(len(kinds))], Thread: o.at.Thread, Instruction: o.random.IntN(2) == 0}
		require.NoError(o.t, o.target.Move(m))
		if !o.next() {
			return false
		}
	}
	return true
}

// TestToAndFro: a program that runs on DynamoDB goes back in time, and what it has left there shows the same.
func TestToAndFro(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	for seed := range uint64(3) {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		store := open(t)
		o := &tourist{
			t: t, random: rand.New(rand.NewPCG(seed, 4)), stops: make(chan debugger.Stop, 1), ended: make(chan debugger.End, 1),
			seen: map[replay.Instant]string{},
		}
		program := debugger.NewProgram(compiled.Program(t, source))
		entry := debugger.Entry{Function: "main", Stop: true}
		live, err := debugger.NewLive(program, entry, debugger.World{Store: store, Executor: local.New()}, o)
		require.NoError(t, err)
		t.Cleanup(live.Close)
		live.SetExceptionStops(debugger.ExceptionStops{})
		o.target = live
		require.NoError(t, live.Begin(t.Context()))
		if o.next() && o.walk(25) {
			require.NoError(t, live.Move(debugger.Motion{Kind: debugger.Continue}))
			require.False(t, o.next())
		}
		o.revisit(store, live.Session())
	}
}

// revisit walks through the records, and goes to all instants again.
func (o *tourist) revisit(store engine.Reader, session string) {
	s, err := replay.Open(context.Background(), store, session)
	require.NoError(o.t, err)
	target, err := debugger.NewRecorded(o.t.Context(), s, debugger.View{Stop: true}, o)
	require.NoError(o.t, err)
	defer target.Close()
	target.SetExceptionStops(debugger.ExceptionStops{})
	o.target = target
	require.NoError(o.t, target.Begin(o.t.Context()))
	require.True(o.t, o.next())
	require.True(o.t, o.walk(25))
	for at := range o.seen {
		require.NoError(o.t, target.Goto(o.t.Context(), at))
		require.True(o.t, o.next())
		require.Equal(o.t, at, o.at.Instant)
	}
}
