package vm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
)

// TestInterruptionsDoNotShow: what a machine gives to others has the same bytes, sharing included, whether or not the machine was
// written to bytes on the way: answers are stored under the digest of what was asked.
func TestInterruptionsDoNotShow(t *testing.T) {
	sources := []string{
		`fn f(x) { x } fn main() { a = async f(1); b = async f(["same", await a, "same", :same, :same, 123456789012345678901, 123456789012345678901]); await b }`,
		`fn f(x) { x } fn main() { s = "ab"; t = s + "c"; a = async f([s, t, "ab", "abc"]); [await a, s, "ab"] }`,
	}
	for seed := range uint64(150) {
		sources = append(sources, progen.Program(seed, progen.Options{Threads: true}))
	}
	for _, source := range sources {
		p := resolve.Load("main.hk", func(string) (string, error) { return source, nil })
		require.False(t, p.Stops(), "%s", source)
		code, err := vm.Load(codegen.Generate(p))
		require.NoError(t, err)
		main, ok := code.Export("main")
		require.True(t, ok)
		straight, interrupted := &given{code: code}, &given{code: code, interrupt: true}
		straight.run(t, vm.Start{Session: "s", Thread: "0", Function: main})
		interrupted.run(t, vm.Start{Session: "s", Thread: "0", Function: main})
		require.Equal(t, straight.bytes, interrupted.bytes, "%s", source)
	}
}

// given runs threads where they are started, and keeps what they are started with and end with, as bytes.
type given struct {
	code      *vm.Code
	interrupt bool
	bytes     [][]byte
}

// encode is a value as another thread gets it.
func (g *given) encode(t *testing.T, v vm.Value) vm.Value {
	b, err := vm.EncodeValue(g.code, v)
	require.NoError(t, err)
	g.bytes = append(g.bytes, b)
	v, err = vm.DecodeValue(g.code, b)
	require.NoError(t, err)
	return v
}

// run is the value or error with which a thread ends.
func (g *given) run(t *testing.T, start vm.Start) (vm.Value, *vm.Error) {
	m, err := vm.New(g.code, start)
	require.NoError(t, err)
	type end struct {
		value vm.Value
		fault *vm.Error
	}
	ends := map[string]end{}
	for m.Steps() < 200_000 {
		if g.interrupt {
			m, err = vm.Decode(g.code, m.Encode())
			require.NoError(t, err)
		}
		switch m.RunTo(m.Steps() + 1) {
		case vm.Done:
			return g.encode(t, m.Result()), nil
		case vm.Fault:
			return vm.Null, m.Fault()
		case vm.Spawn:
			s := m.Spawn()
			call := g.encode(t, vm.List(append([]vm.Value{s.Function}, s.Args...)...))
			var args []vm.Value
			for _, arg := range call.Items() {
				args = append(args, arg)
			}
			value, fault := g.run(t, vm.Start{Session: "s", Thread: s.Thread, Function: args[0], Args: args[1:], Names: s.Names, Trace: s.Trace})
			ends[s.Thread] = end{value, fault}
		case vm.Await:
			var values []vm.Value
			for _, id := range m.Await().Futures {
				values = append(values, ends[id].value)
			}
			switch e := ends[m.Await().Futures[0]]; {
			case e.fault != nil:
				m.Raise(e.fault)
			case m.Await().Mode == vm.AwaitOne:
				m.Answer(e.value)
			default:
				m.AnswerAll(values)
			}
		}
	}
	return vm.Null, nil
}
