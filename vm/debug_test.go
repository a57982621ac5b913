package vm

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFastIsPlain compares the dispatch loop with one plain step at a time, at every instruction: the count, the state and the
// bytes counted.
func TestFastIsPlain(t *testing.T) {
	for _, c := range machineCases {
		if c.name == "deep recursion that fails" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			code := assembled(t, c.listing)
			plain := started(t, code, "main")
			for plain.step() == 0 && plain.Steps() < 700 {
				fast := started(t, code, "main")
				require.Equal(t, Fuel, fast.RunTo(plain.Steps()))
				require.Equal(t, plain.Steps(), fast.Steps())
				require.Equal(t, plain.Encode(), fast.Encode(), "after %d steps", plain.Steps())
			}
		})
	}
}

const trappedListing = `
func main()
  int r0, 3
  int r1, 0
  call r0, 2, sum
  int r1, 7
  ret r0
func sum(n, acc) registers=4
  jeqi r0, 0, 0, @more
  ret r1
more:
  subi r2, r0, 1
  add r1, r1, r0
  move r0, r2
  loop
export main`

// where is the innermost frame.
func where(m *Machine) Frame { return m.Frames(1)[0] }

func TestTraps(t *testing.T) {
	code := assembled(t, trappedListing)
	traps := NewTraps(code)
	m := started(t, code, "main")
	m.Attach(traps)
	traps.Set(1, 3) // the second of a fused pair
	var sums []string
	for m.Run(1000) == Break {
		assert.Equal(t, 3, where(m).PC)
		assert.Equal(t, 1, where(m).Function)
		acc, ok := m.Register(0, 1)
		require.True(t, ok)
		sums = append(sums, Show(acc))
	}
	assert.Equal(t, []string{"0", "3", "5"}, sums)
	assert.Equal(t, Done, m.Run(1))
	assert.Equal(t, "6", ending(m))

	plain := started(t, code, "main")
	require.Equal(t, Done, plain.Run(1000))
	assert.Equal(t, plain.Steps(), m.Steps())
}

func TestTrapsAreTakenAway(t *testing.T) {
	code := assembled(t, trappedListing)
	traps := NewTraps(code)
	for pc := range 6 {
		traps.Set(1, pc)
	}
	for pc := range 6 {
		traps.Clear(1, pc)
	}
	assert.Equal(t, code.exec.instrs, traps.exec.instrs)
}

func TestStepsIntoATrap(t *testing.T) {
	code := assembled(t, trappedListing)
	traps := NewTraps(code)
	traps.Set(0, 1)
	m := started(t, code, "main")
	m.Attach(traps)
	require.Equal(t, Fuel, m.Step())
	require.Equal(t, 1, where(m).PC)
	require.Equal(t, Fuel, m.Step(), "a step goes on, whatever lies there")
	require.Equal(t, 2, where(m).PC)
}

func TestFramesAndRegisters(t *testing.T) {
	code := assembled(t, trappedListing)
	m := started(t, code, "main")
	require.Equal(t, Fuel, m.RunTo(10))
	assert.Equal(t, []Frame{{1, 3, 1}, {0, 2, 0}}, m.Frames(10))
	assert.Equal(t, 2, m.Depth())
	_, ok := m.Register(1, 1)
	assert.False(t, ok, "the caller's register belongs to the callee now")
	require.NoError(t, m.SetRegister(0, 1, Int(100)))
	require.Error(t, m.SetRegister(0, 3, Null))
	require.Equal(t, Done, m.Run(1000))
	assert.Equal(t, "103", ending(m))
}

func TestStopsBeforeAnErrorIsRaised(t *testing.T) {
	code := assembled(t, `
func main()
  int r0, 1
  call r0, 1, fail
  ret r0
  null r0
  ret r0
handler 1..2 -> @3 r0
func fail(x)
  divi r0, r0, 0
  ret r0
export main`)
	traps := NewTraps(code)
	traps.Raises = true
	m := started(t, code, "main")
	m.Attach(traps)
	require.Equal(t, Break, m.Run(100))
	assert.Equal(t, "division by zero", m.Raised().Message)
	assert.Equal(t, Frame{1, 0, 0}, where(m))
	assert.True(t, m.Catches())
	require.Equal(t, Done, m.Run(100))
	assert.Nil(t, m.Raised())
	assert.Equal(t, "null", ending(m))
}

func TestWatching(t *testing.T) {
	code := assembled(t, trappedListing)
	m := started(t, code, "main")
	var hits []string
	for {
		outcome, hit := m.RunWatching(1000, []Watch{{Level: 0, Register: 0}, {Level: 1, Register: 1}})
		if outcome == Fuel {
			continue // a frame has ended
		}
		if outcome != Break {
			assert.Equal(t, Done, outcome)
			break
		}
		f := where(m)
		if v, ok := m.Register(m.Depth()-1-hit, hit); ok {
			hits = append(hits, Show(v))
		}
		assert.LessOrEqual(t, f.Function, 1)
	}
	assert.Equal(t, []string{"3", "3", "5", "6", "6"}, hits)
}

func TestAStillMachineIsNotAnswered(t *testing.T) {
	code := assembled(t, `
func main(f) registers=2
  await r0, r0
  ret r0
export main`)
	m := started(t, code, "main", Future("0.0"))
	require.Equal(t, Await, m.Run(100))
	still := m.Still()
	m.Answer(Int(1))
	f, ok := still.Register(0, 0)
	require.True(t, ok)
	assert.Equal(t, KindFuture, f.Kind())
	assert.Equal(t, Frame{0, 0, 0}, where(still))
	require.Equal(t, Done, m.Run(100))
}

const nestedListing = `
func main() registers=4
  int r0, 3
  move r1, r0
  call r1, 1, down
  add r0, r0, r1
  ret r0
func down(n) registers=3
  jeqi r0, 0, 0, @end
  subi r1, r0, 1
  call r1, 1, down
  add r0, r0, r1
end:
  ret r0
export main`

// TestRunAbove stops where all frames further in have returned, and nowhere else.
func TestRunAbove(t *testing.T) {
	code := assembled(t, nestedListing)
	for depth := range 6 {
		m, plain := started(t, code, "main"), started(t, code, "main")
		for m.Depth() <= depth && m.Step() == Fuel {
		}
		if m.Depth() <= depth {
			continue // it never gets that deep
		}
		outcome := m.RunAbove(1000, depth)
		if depth == 0 {
			assert.Equal(t, Done, outcome)
			continue
		}
		require.Equal(t, Fuel, outcome)
		require.Equal(t, Fuel, plain.RunTo(m.Steps()-1))
		assert.Equal(t, depth+1, plain.Depth(), "the instruction before")
		require.Equal(t, Fuel, plain.Step())
		assert.Equal(t, depth, m.Depth())
		assert.Equal(t, plain.Encode(), m.Encode())
		require.Equal(t, Fuel, m.RunAbove(1000, depth), "it is there already")
		assert.Equal(t, plain.Steps(), m.Steps())
		assert.Equal(t, Done, m.Run(1000))
	}
}

// TestWatchingFromFarInside finds what one plain instruction after the other finds.
func TestWatchingFromFarInside(t *testing.T) {
	code := assembled(t, nestedListing)
	for _, w := range []Watch{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 1}} {
		var found, plainly []uint64
		m := started(t, code, "main")
		for {
			outcome, hit := m.RunWatching(1000, []Watch{w})
			if outcome != Break && outcome != Fuel {
				break
			}
			if hit == 0 {
				found = append(found, m.Steps())
			}
		}
		plain := started(t, code, "main")
		for plain.state == running {
			depth := len(plain.frames)
			before := plain.slot(w)
			writes, level := plain.writes()
			plain.Step()
			if w.Level < min(depth, len(plain.frames)) && (w.Level == level && w.Register == writes || plain.state == running && plain.slot(w) != before) {
				plainly = append(plainly, plain.Steps())
			}
		}
		assert.Equal(t, plainly, found, "%v", w)
	}
}
