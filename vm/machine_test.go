package vm

import (
	"strings"
	"testing"

	"github.com/hark-lang/hark-ls/vm/bytecode"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fibListing = `
func fib(n) registers=4
  jlti r0, 2, 0, @more
  ret r0
more:
  subi r1, r0, 1
  call r1, 1, fib
  subi r2, r0, 2
  call r2, 1, fib
  add r1, r1, r2
  ret r1
export fib`

func assembled(t testing.TB, listing string) *Code {
	t.Helper()
	program, err := bytecode.Assemble(listing)
	require.NoError(t, err)
	code, err := Load(program)
	require.NoError(t, err)
	return code
}

func started(t testing.TB, code *Code, name string, args ...Value) *Machine {
	t.Helper()
	f, ok := code.Export(name)
	require.True(t, ok, name)
	m, err := New(code, Start{Session: "s", Thread: "0", Function: f, Args: args})
	require.NoError(t, err)
	return m
}

// world runs a session's threads one after the other, and answers what they ask.
type world struct {
	t    testing.TB
	code *Code
	// run runs a machine to its next outcome other than Fuel and Break; it may replace the machine by its like.
	run     func(m *Machine) (*Machine, Outcome)
	results map[string]Value
	faults  map[string]*Error
	output  strings.Builder
}

func newWorld(t testing.TB, code *Code, run func(m *Machine) (*Machine, Outcome)) *world {
	return &world{t: t, code: code, run: run, results: map[string]Value{}, faults: map[string]*Error{}}
}

func runAtOnce(m *Machine) (*Machine, Outcome) { return m, m.Run(1 << 50) }

// finish is the machine at its end.
func (w *world) finish(m *Machine) *Machine {
	for {
		var outcome Outcome
		m, outcome = w.run(m)
		switch outcome {
		case Done, Fault:
			w.results[m.Thread()], w.faults[m.Thread()] = m.Result(), m.Fault()
			return m
		case Output:
			w.output.WriteString(m.Output() + "\n")
		case Spawn:
			s := m.Spawn()
			child, err := New(w.code, Start{Session: "s", Thread: s.Thread, Function: w.fresh(s.Function), Args: w.freshAll(s.Args), Names: s.Names, Trace: s.Trace})
			require.NoError(w.t, err)
			w.finish(child)
		case Sleep:
			m.Answer(m.SleepValue())
		case Foreign:
			m.Answer(w.fresh(List(m.Foreign().Args...)))
		case Await:
			w.await(m)
		default:
			require.Fail(w.t, "outcome", "%s", outcome)
		}
	}
}

func (w *world) await(m *Machine) {
	var values []Value
	for _, id := range m.Await().Futures {
		if err := w.faults[id]; err != nil {
			m.Raise(err)
			return
		}
		values = append(values, w.fresh(w.results[id]))
	}
	if m.Await().Mode == AwaitAll {
		m.AnswerAll(values)
		return
	}
	m.Answer(values[0])
}

// fresh is the value as it arrives in another thread.
func (w *world) fresh(v Value) Value {
	data, err := EncodeValue(w.code, v)
	require.NoError(w.t, err)
	v, err = DecodeValue(w.code, data)
	require.NoError(w.t, err)
	return v
}

func (w *world) freshAll(values []Value) []Value {
	fresh := make([]Value, len(values))
	for i, v := range values {
		fresh[i] = w.fresh(v)
	}
	return fresh
}

// ending is what a machine ended with.
func ending(m *Machine) string {
	if m.Fault() != nil {
		return m.Fault().Error()
	}
	return Show(m.Result())
}

func TestPrograms(t *testing.T) {
	for _, c := range machineCases {
		t.Run(c.name, func(t *testing.T) {
			code := assembled(t, c.listing)
			m := newWorld(t, code, runAtOnce).finish(started(t, code, "main"))
			assert.Equal(t, c.want, ending(m))
		})
	}
}

// TestSuspendedAnywhere encodes and decodes after every instruction.
func TestSuspendedAnywhere(t *testing.T) {
	for _, c := range machineCases {
		if c.name == "deep recursion that fails" {
			continue // a million frames, after each of a million instructions
		}
		t.Run(c.name, func(t *testing.T) {
			code := assembled(t, c.listing)
			w := newWorld(t, code, func(m *Machine) (*Machine, Outcome) { return stepEncoded(t, code, m) })
			m := w.finish(started(t, code, "main"))
			straight := newWorld(t, code, runAtOnce).finish(started(t, code, "main"))
			assert.Equal(t, c.want, ending(m))
			assert.Equal(t, straight.Steps(), m.Steps())
			assert.Equal(t, straight.memory, m.memory)
			assert.Equal(t, straight.Digest(), m.Digest())
			assert.Equal(t, straight.Fault(), m.Fault())
		})
	}
}

// stepEncoded runs to the next outcome, one instruction at a time, each in a machine made of the last one's bytes.
func stepEncoded(t *testing.T, code *Code, m *Machine) (*Machine, Outcome) {
	for {
		data := m.Encode()
		next, err := Decode(code, data)
		require.NoError(t, err)
		require.Equal(t, data, next.Encode(), "after %d steps", m.Steps())
		require.Equal(t, m.Digest(), next.Digest(), "after %d steps", m.Steps())
		m = next
		before := m.Steps()
		if outcome := m.Run(1); outcome != Fuel {
			return m, outcome
		}
		require.Equal(t, before+1, m.Steps())
	}
}

func TestTraceback(t *testing.T) {
	code := assembled(t, `func main()
  func r0, work
  spawn r0, 0, ()
  await r0, r0
  ret r0
func work()
  int r0, 1
  call r0, 1, inner
  ret r0
func inner(x)
  divi r0, r0, 0
  ret r0
export main`)
	m := newWorld(t, code, runAtOnce).finish(started(t, code, "main"))
	file := "listing.hk"
	assert.Equal(t, &Error{Kind: ErrZeroDivision, Message: "division by zero", Function: "inner", Line: 11, Thread: "0.0", Traceback: []TraceFrame{
		{"inner", file, 11, "0.0"}, {"work", file, 8, "0.0"}, {"main", file, 3, "0"},
	}}, m.Fault())
}
