package debugger

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// Random walks over random programs: wherever a motion leads is what a table of all instants says, made by executing every thread one
// instruction after the other.

// truth are all instants of a session.
type truth struct {
	threads map[string][]moment
	program *Program
}

// moment is what is known of an instant.
type moment struct {
	digest [32]byte
	frames []vm.Frame // innermost first
	// line: a line begins here, at which a step stops. begins: a line begins here.
	line, begins, user bool
	number             int
}

// tell executes everything.
func tell(t *testing.T, p *past) *truth {
	t.Helper()
	ctx := context.Background()
	all := &truth{map[string][]moment{}, p.program}
	for _, name := range p.names {
		thread, err := p.session.Thread(ctx, name)
		require.NoError(t, err)
		c, err := thread.At(ctx, 0)
		require.NoError(t, err)
		segments := p.of[name]
		last := p.order[segments[len(segments)-1]].Last
		for {
			m := c.Machine()
			now := moment{frames: m.Frames(m.Depth())}
			if last < 20_000 {
				now.digest = m.Digest()
			}
			all.add(name, now)
			if m.Steps() >= last {
				break
			}
			_, err := c.Step(ctx)
			require.NoError(t, err)
		}
	}
	return all
}

// add works out whether a step by lines stops at an instant: a line begins, and it is not the one that began last in its frame.
func (all *truth) add(thread string, m moment) {
	f := m.frames[0]
	m.number, m.begins, m.user = all.program.at(Place{f.Function, f.PC})
	if m.begins {
		m.line = true
		if i := all.before(thread, len(all.threads[thread]), m.frames, len(m.frames), func(o *moment) bool { return o.begins }); i >= 0 {
			o := &all.threads[thread][i]
			m.line = o.number != m.number || o.frames[0].Tails != f.Tails
		}
	}
	all.threads[thread] = append(all.threads[thread], m)
}

// before is the last instant before another one, in the frame of a depth as it is there, that is as wanted; -1 if there is none.
func (all *truth) before(thread string, at int, frames []vm.Frame, depth int, wanted func(*moment) bool) int {
	moments := all.threads[thread]
	for i := at - 1; i >= 0; i-- {
		switch d := len(moments[i].frames); {
		case d < depth:
			return -1
		case d == depth && wanted(&moments[i]):
			return i
		}
	}
	return -1
}

// step is where a step back leads, -1 for the beginning of the thread.
func (all *truth) step(m Motion, thread string, at int) int {
	moments := all.threads[thread]
	here := &moments[at]
	depth := len(here.frames)
	user := func(o *moment) bool { return o.user || !here.user }
	for i := at - 1; i >= 0; i-- {
		o := &moments[i]
		lower := len(o.frames) < depth
		depth = min(depth, len(o.frames))
		inside := len(o.frames) > depth
		switch {
		case m.Kind == BackIn && m.Instruction:
			return i
		case m.Kind == BackIn:
			if o.line && user(o) {
				return i
			}
		case inside:
		case m.Kind == BackOut:
			if lower && user(o) {
				return i
			}
		case m.Instruction:
			return i
		case o.line && user(o):
			return i
		}
	}
	return -1
}

// remember runs a program, and opens its past.
func remember(t testing.TB, source string, seed uint64) *past {
	t.Helper()
	ctx := context.Background()
	store := memstore.New()
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, source), Function: "main", Seed: seed, Store: store})
	require.NoError(t, err)
	s, err := replay.Open(ctx, store, got.Session)
	require.NoError(t, err)
	return reopen(t, s)
}

func reopen(t testing.TB, s *replay.Session) *past {
	t.Helper()
	ctx := context.Background()
	code, err := s.Code(ctx)
	require.NoError(t, err)
	program := NewProgram(code.Program())
	p, err := openPast(ctx, s, program, NewStops(program))
	require.NoError(t, err)
	return p
}

var backSteps = []Motion{
	{Kind: BackIn, Instruction: true}, {Kind: BackOver, Instruction: true}, {Kind: BackIn}, {Kind: BackOver}, {Kind: BackOut},
}

func TestStepsBackOfRandomPrograms(t *testing.T) {
	programs := uint64(30)
	if testing.Short() {
		programs = 15
	}
	for seed := range programs {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		p := remember(t, source, seed)
		p.stops.SetExceptionStops(ExceptionStops{})
		all := tell(t, p)
		random := rand.New(rand.NewPCG(seed, 1))
		for range 30 {
			name := p.names[random.IntN(len(p.names))]
			here := replay.Instant{Thread: name, At: random.Uint64N(uint64(len(all.threads[name])))}
			for _, m := range backSteps {
				all.check(t, p, m, here)
			}
			if t.Failed() {
				t.Fatalf("seed %d\n%s", seed, source)
			}
		}
	}
}

// TestStepsBackOverSeekPoints is for calls that are so long that they are left out.
func TestStepsBackOverSeekPoints(t *testing.T) {
	source := strings.NewReplacer("850000", "5000", "fib(22)", "fib(15)", "20000", "3500").Replace(tenMillion)
	p := remember(t, source, 1)
	all := tell(t, p)
	require.Greater(t, len(all.threads["0"]), 100_000)
	random := rand.New(rand.NewPCG(1, 1))
	for range 40 {
		at := random.IntN(len(all.threads["0"]))
		if random.IntN(2) == 0 { // where the outermost frame stands
			for at > 0 && len(all.threads["0"][at].frames) > 1 {
				at--
			}
		}
		for _, m := range backSteps {
			all.check(t, p, m, replay.Instant{Thread: "0", At: uint64(at)})
		}
	}
}

// check makes one step back and compares where it leads.
func (all *truth) check(t *testing.T, p *past, m Motion, from replay.Instant) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, p.set(from))
	to, beginning, err := p.back(ctx, m, from.Thread)
	require.NoError(t, err)
	want := all.step(m, from.Thread, int(from.At))
	got := fmt.Sprintf("%+v from %v", m, from)
	if want < 0 {
		if from.Thread == "0" {
			require.True(t, beginning, got)
			return
		}
		cause, err := p.session.Cause(ctx, replay.Instant{Thread: from.Thread})
		require.NoError(t, err)
		require.Equal(t, *cause.Instant, to, got)
		return
	}
	require.False(t, beginning, got)
	require.Equal(t, replay.Instant{Thread: from.Thread, At: uint64(want)}, to, got)
	c, err := p.cursor(ctx, to)
	require.NoError(t, err)
	moment := &all.threads[to.Thread][to.At]
	require.Equal(t, moment.frames, c.Machine().Frames(c.Machine().Depth()), got)
	if moment.digest != [32]byte{} {
		require.Equal(t, moment.digest, c.Machine().Digest(), got)
	}
}
