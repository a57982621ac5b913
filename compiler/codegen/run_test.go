package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// session is the least that can run a program with threads: each runs to its end where it is started.
type session struct {
	code *vm.Code
	// every is after how many steps each machine is written to bytes and goes on as another; 0 is never.
	every   uint64
	log     strings.Builder
	futures map[string]ended
}

type ended struct {
	value vm.Value
	fault *vm.Error
}

// fuel ends programs that do not.
const fuel = 20_000_000

// run is what a program shows: its output, then its result, or the error that ended it.
func run(t testing.TB, p *bytecode.Program) string {
	t.Helper()
	return suspended(t, p, 0)
}

// suspended is run with machines that move every so many steps.
func suspended(t testing.TB, p *bytecode.Program, every uint64) string {
	t.Helper()
	code, err := vm.Load(p)
	require.NoError(t, err)
	s := &session{code: code, every: every, futures: map[string]ended{}}
	main, ok := code.Export("main")
	require.True(t, ok)
	end := s.thread(t, vm.Start{Session: "s", Thread: "0", Function: main})
	if end.fault != nil {
		return s.log.String() + fmt.Sprintf("%s: %s (%s, line %d)", end.fault.Kind, end.fault.Message, end.fault.Function, end.fault.Line)
	}
	return s.log.String() + vm.Literal(end.value)
}

func (s *session) thread(t testing.TB, start vm.Start) ended {
	m, err := vm.New(s.code, start)
	require.NoError(t, err)
	for m.Steps() < fuel {
		budget := uint64(fuel)
		if s.every > 0 {
			budget = s.every
			m, err = vm.Decode(s.code, m.Encode())
			require.NoError(t, err)
		}
		switch outcome := m.Run(budget); outcome {
		case vm.Fuel:
		case vm.Done:
			return ended{value: m.Result()}
		case vm.Fault:
			return ended{fault: m.Fault()}
		case vm.Output:
			fmt.Fprintf(&s.log, "%s| %s\n", start.Thread, m.Output())
		case vm.Sleep:
			m.Answer(m.SleepValue())
		case vm.Spawn:
			spawned := m.Spawn()
			s.futures[spawned.Thread] = s.thread(t, vm.Start{Session: "s", Thread: spawned.Thread,
				Function: spawned.Function, Args: spawned.Args, Names: spawned.Names, Trace: spawned.Trace})
		case vm.Await:
			s.await(m)
		default:
			require.Fail(t, "unexpected outcome", "%s", outcome)
		}
	}
	return ended{fault: &vm.Error{Kind: "Fuel"}}
}

func (s *session) await(m *vm.Machine) {
	values := []vm.Value{}
	for _, id := range m.Await().Futures {
		end := s.futures[id]
		if end.fault != nil {
			m.Raise(end.fault)
			return
		}
		values = append(values, end.value)
	}
	switch m.Await().Mode {
	case vm.AwaitOne:
		m.Answer(values[0])
	case vm.AwaitFirst:
		m.AnswerFirst(0, values[0])
	default:
		m.AnswerAll(values)
	}
}

// TestValues holds what the programs of testdata/run show.
func TestValues(t *testing.T) {
	testkit.Run(t, "testdata/run/*.txtar", func(t *testing.T, c *testkit.Case) {
		want := run(t, compile(t, "main.hk", c.Read))
		c.Golden(t, "want/result", want)
		assert.Equal(t, want, run(t, codegen.GenerateWide(load(t, "main.hk", c.Read))), "the wide way")
	})
}

// TestBothWaysAgree holds that the two ways of compiling mean the same, on random programs, also when they run a few steps at a
// time, each time in another machine.
func TestBothWaysAgree(t *testing.T) {
	values := 0
	const programs = 300
	for seed := range uint64(programs) {
		source := progen.Program(seed, progen.Options{Threads: seed%2 == 0, Output: seed%3 == 0})
		p := load(t, "main.hk", text(source))
		ordinary, wide := codegen.Generate(p), codegen.GenerateWide(p)
		_, err := bytecode.Verify(wide)
		require.NoError(t, err)
		want := run(t, ordinary)
		require.Equal(t, want, run(t, wide), "seed %d", seed)
		if seed%5 == 0 {
			require.Equal(t, want, suspended(t, ordinary, 1+seed%17), "seed %d, moved", seed)
			require.Equal(t, want, suspended(t, wide, 1+seed%13), "seed %d, the wide way, moved", seed)
		}
		if strings.HasSuffix(want, "]") {
			values++
		}
	}
	require.Greater(t, values, programs/2, "most random programs have to end with a value")
}
