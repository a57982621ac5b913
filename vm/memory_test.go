package vm

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hoardListing = `
func main()
  list r0, r0, 0
  int r1, 0
  call r0, 2, hoard
caught:
  const r1, "kind"
  callb2 r0, r0, r1, get
  ret r0
handler 2..caught -> @caught r0
func hoard(xs, i)
  const r2, "some text, "
  add r3, r2, r2
  list r4, r3, 1
  callb2 r0, r0, r4, append
  addi r1, r1, 1
  loop
func churn(i)
  jgti r0, 0, 1, @more
  ret r0
more:
  const r2, "some text, "
  add r3, r2, r2
  list r4, r3, 1
  callb2 r4, r4, r3, append
  subi r0, r0, 1
  loop
export main
export churn`

// limited is a machine that may have 256 KiB.
func limited(m *Machine) *Machine {
	const limit = 256 << 10
	m.memory.limit, m.memory.mark = limit, limit/markShare
	return m
}

func TestMemoryIsBounded(t *testing.T) {
	code := assembled(t, hoardListing)
	m := limited(started(t, code, "main"))
	require.Equal(t, Done, m.Run(1<<40))
	assert.Equal(t, "Limit", Show(m.Result()), "the error can be caught, and what took the memory is gone")
}

func TestGarbageIsNotCounted(t *testing.T) {
	code := assembled(t, hoardListing)
	m := limited(started(t, code, "churn", Int(100_000)))
	require.Equal(t, Done, m.Run(1<<40))
	assert.Equal(t, "0", ending(m))
}

// TestMemoryIsCountedTheSameEverywhere meets the limit at the same instruction however the run is cut.
func TestMemoryIsCountedTheSameEverywhere(t *testing.T) {
	code := assembled(t, hoardListing)
	straight := limited(started(t, code, "main"))
	require.Equal(t, Done, straight.Run(1<<40))
	for _, slice := range []uint64{370, 1000, 5003} {
		m := limited(started(t, code, "main"))
		for m.Run(slice) == Fuel {
			data := m.Encode()
			next, err := Decode(code, data)
			require.NoError(t, err)
			next.memory.limit = m.memory.limit
			m = next
		}
		assert.Equal(t, straight.Steps(), m.Steps())
		assert.Equal(t, straight.memory, m.memory)
	}
}

func BenchmarkEncode(b *testing.B) {
	code := assembled(b, hoardListing)
	m := started(b, code, "main")
	m.RunTo(600_000)
	data := m.Encode()
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			m.Encode()
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := Decode(code, data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("digest", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			m.Digest()
		}
	})
}
