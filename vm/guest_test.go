package vm

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

const growingListing = `
func main()
  null r0
  ret r0
func more(xs, s) registers=6
  int r2, 7
  move r3, r0
  move r4, r2
  callb r3, 2, append
  int r4, 8
  callb r3, 2, append
  const r5, "x"
  add r1, r1, r5
  ret r3
export main
export more`

// TestAGuestLeavesNoTrace: what it appends to values of another machine changes neither these nor how that machine goes on.
func TestAGuestLeavesNoTrace(t *testing.T) {
	code, err := Load(growing(t))
	require.NoError(t, err)
	extended, err := code.Extend(growing(t))
	require.NoError(t, err)
	list, _ := appendItem(List(Int(1)), Int(2))
	text, _ := joinText(String("a"), String("b"))
	used, bytes := list.list().used, text.object().used
	m, err := NewGuest(extended, Start{Thread: "0", Function: extended.Function(1), Args: []Value{list, text}})
	require.NoError(t, err)
	require.Equal(t, Done, m.Run(100))
	assert.Equal(t, "[1, 2, 7, 8]", Show(m.Result()))
	assert.Equal(t, used, list.list().used)
	assert.Equal(t, bytes, text.object().used)
	assert.Equal(t, "[1, 2]", Show(list))
}

// TestFunctionsOfAFamily are equal, and can be called by each other's machines.
func TestFunctionsOfAFamily(t *testing.T) {
	code, err := Load(growing(t))
	require.NoError(t, err)
	extended, err := code.Extend(growing(t))
	require.NoError(t, err)
	other, err := Load(growing(t))
	require.NoError(t, err)
	m := started(t, code, "main")
	assert.True(t, m.equal(code.Function(1), extended.Function(1)))
	assert.False(t, m.equal(code.Function(1), other.Function(1)))
}

// TestAnErrorFromOutsideIsShown: a machine whose error from outside was caught says so once, where it goes on.
func TestAnErrorFromOutsideIsShown(t *testing.T) {
	code := assembled(t, `
func main(f) registers=2
  await r0, r0
  ret r0
  null r0
  ret r0
handler 0..1 -> @2 r0
export main`)
	m := started(t, code, "main", Future("0.0"))
	traps := NewTraps(code)
	traps.Raises = true
	traps.Set(0, 2)
	m.Attach(traps)
	require.Equal(t, Await, m.Run(100))
	m.Raise(&Error{Kind: "X", Message: "gone", Thread: "0.0"})
	require.True(t, m.Deliver())
	require.True(t, m.Given())
	assert.Equal(t, "gone", m.Raised().Message)
	assert.Equal(t, Frame{0, 2, 0}, where(m))
	assert.False(t, m.Deliver())
	require.Equal(t, Break, m.Run(100), "the trap there")
	assert.Nil(t, m.Raised())
	assert.Equal(t, Done, m.Run(100))
}

func growing(t *testing.T) *bytecode.Program { return assembled(t, growingListing).Program() }
