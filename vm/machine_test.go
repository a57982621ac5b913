package vm

import (
	"testing"

	"github.com/hark-lang/hark-ls/vm/bytecode"
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
export fib
`

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

func TestFib(t *testing.T) {
	m := started(t, assembled(t, fibListing), "fib", Int(20))
	require.Equal(t, Done, m.Run(1<<40))
	require.Equal(t, Int(6765), m.Result())
}
