package timeline_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/timeline"
	"github.com/hark-lang/hark-ls/vm"
)

// python are functions that take as many seconds as their argument says.
var python = sim.Python{
	"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		a.Output(engine.Stdout, "doubling "+vm.Show(a.Args[0]))
		a.Take(time.Duration(n) * time.Second)
		return sim.Return(vm.Int(2 * n))
	},
	"py.fail": func(a *sim.Attempt) engine.CallResult {
		a.Take(time.Second)
		return sim.Raise("ValueError", "no "+vm.Show(a.Args[0]))
	},
}

// session runs a program in a world that has its own clock, and opens what it left behind.
func session(t *testing.T, source string, args ...vm.Value) *replay.Session {
	t.Helper()
	store := memstore.New()
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, source), Function: "main", Args: args, Store: store, Foreign: python})
	require.NoError(t, err)
	s, err := replay.Open(context.Background(), store, got.Session)
	require.NoError(t, err)
	return s
}

// seconds are times in a timeline: what instructions take is too little to be seen.
func seconds(tl *timeline.Timeline, at time.Time) string { return fmt.Sprintf("%.1f", tl.Since(at)) }

func shown(tl *timeline.Timeline) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s to %s, %d threads\n", tl.Function, tl.Status, seconds(tl, tl.Ended), tl.Total)
	for _, l := range tl.Lanes {
		fmt.Fprintf(&b, "%s %s %s %s\n", l.Thread, l.Function, l.Status, l.Waits)
		for _, s := range l.Spans {
			fmt.Fprintf(&b, "  %s to %s %s %s", seconds(tl, s.From), seconds(tl, s.To), s.Kind, s.Name)
			if s.Failed {
				b.WriteString(" failed")
			}
			if s.Open {
				b.WriteString(" …")
			}
			fmt.Fprintf(&b, " @%d\n", s.Instant.At)
		}
		for _, m := range l.Marks {
			fmt.Fprintf(&b, "  %s %s %q @%d\n", seconds(tl, m.Time), m.Kind, m.Text, m.Instant.At)
		}
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// TestTimelines: each case is a program and what its threads did.
func TestTimelines(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		s := session(t, c.Text(t, "main.hk"))
		tl, gaps, err := timeline.Read(context.Background(), s, timeline.Window{})
		require.NoError(t, err)
		require.Empty(t, gaps)
		c.Golden(t, "want", shown(tl))
		instantsExist(t, s, tl)
	})
}

// instantsExist: each instant of a timeline can be gone to, and was about when the timeline says.
func instantsExist(t *testing.T, s *replay.Session, tl *timeline.Timeline) {
	t.Helper()
	exists := func(i replay.Instant, before time.Time) {
		thread, err := s.Thread(context.Background(), i.Thread)
		require.NoError(t, err)
		if thread.Head().Attempts > 0 && i.At == 0 { // one that is a single call has no code of its own
			return
		}
		_, err = thread.At(context.Background(), i.At)
		require.NoError(t, err)
		at, err := timeline.When(context.Background(), s, i)
		require.NoError(t, err)
		assert.False(t, at.After(before.Add(time.Millisecond)), "%v at %v, after %v", i, at, before)
	}
	for _, l := range tl.Lanes {
		for _, span := range l.Spans {
			exists(span.Instant, span.From)
		}
		for _, m := range l.Marks {
			exists(m.Instant, m.Time)
		}
	}
}

const fanOut = `fn f(i) { sleep(i); i } fn main(n) { await map_async(f, range(n)); sleep(10) }`

// TestWindow: of many threads only those are shown that were there at a time, and of them a page.
func TestWindow(t *testing.T) {
	s := session(t, fanOut, vm.Int(100))
	for name, c := range map[string]struct {
		window      timeline.Window
		total       int
		first, last string
	}{
		"everything": {timeline.Window{}, 101, "0", "0.99"},
		"late":       {timeline.Window{From: 90500 * time.Millisecond}, 10, "0", "0.99"},
		"early":      {timeline.Window{From: time.Millisecond, To: time.Second}, 100, "0", "0.99"},
		"a page":     {timeline.Window{From: 90500 * time.Millisecond, First: 2, Lanes: 3}, 10, "0.92", "0.94"},
		"after all":  {timeline.Window{From: 105 * time.Second, To: 106 * time.Second}, 1, "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			tl, _, err := timeline.Read(context.Background(), s, c.window)
			require.NoError(t, err)
			require.NotEmpty(t, tl.Lanes)
			assert.Equal(t, c.total, tl.Total)
			assert.Equal(t, []string{c.first, c.last}, []string{tl.Lanes[0].Thread, tl.Lanes[len(tl.Lanes)-1].Thread})
			assert.NotNil(t, tl.Lane(c.first))
			assert.Nil(t, tl.Lane("0.100"))
			assert.Equal(t, "109.0", seconds(tl, tl.Ended))
		})
	}
}

// TestNow: what has not ended goes on until now, if somebody is at the session.
func TestNow(t *testing.T) {
	s := session(t, `fn main() { sleep(1); await future("x") }`)
	now := s.Root().Head().Started.Add(time.Minute)
	tl, _, err := timeline.Read(context.Background(), s, timeline.Window{Now: now})
	require.NoError(t, err)
	spans := tl.Lanes[0].Spans
	last := spans[len(spans)-1]
	assert.Equal(t, now, tl.Ended)
	assert.Equal(t, now, last.To)
	assert.True(t, last.Open)
	assert.Equal(t, `future("x")`, last.Name)
}
