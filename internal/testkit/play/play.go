// Package play runs programs with threads for tests, with the least that can: each thread runs to its end where it is started, and
// nobody is outside. Only tests import it.
package play

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Shown is what a program shows.
type Shown struct {
	// Output has a line for each print, after the name of the thread.
	Output string
	// Value is what main gave back, Fault the error that ended it instead.
	Value vm.Value
	Fault *vm.Error
}

// fuel ends programs that do not.
const fuel = 20_000_000

// Main runs a program's main. After so many steps each machine is written to bytes and goes on as another one; never if that is 0.
func Main(t testing.TB, p *bytecode.Program, every uint64) Shown {
	t.Helper()
	code, err := vm.Load(p)
	require.NoError(t, err)
	s := &session{code: code, every: every, futures: map[string]ended{}}
	main, ok := code.Export("main")
	require.True(t, ok)
	end := s.thread(t, vm.Start{Session: "s", Thread: "0", Function: main})
	return Shown{Output: s.log.String(), Value: end.value, Fault: end.fault}
}

type session struct {
	code    *vm.Code
	every   uint64
	log     strings.Builder
	futures map[string]ended
}

type ended struct {
	value vm.Value
	fault *vm.Error
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
