package vm

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzListing has something of everything that a machine's state can hold.
const fuzzListing = `
import fetch = "src.web" "fetch" 2
func main()
  unset r9
  const r0, "text"
  add r1, r0, r0
  int r2, 7
  list r3, r0, 3
  callb2 r3, r3, r3, append
  hash r4, r0, 2
  int r5, 0
  call r5, 1, fill
  closure r6, r5, adder
  const r7, 123456789012345678901234567890
  const r8, :symbol
  move r10, r6
  int r11, 4
  callv r10, 1, ()
  func r11, main
  foreign r12, i0
  builtin r13, nth
  const r14, 1.5
  jfalse r14, @skip
  move r15, r6
skip:
  func r11, failing
  spawn r11, 0, ()
  await r11, r11
end:
  ret r11
caught:
  ret r0
handler 3..end -> @caught r0
func fill(n)
  list r1, r1, 0
  hash r2, r2, 0
  tailcall r0, 3, more
func more(n, xs, h)
  jlti r0, 30, 1, @go
  list r0, r0, 3
  ret r0
go:
  move r3, r0
  list r4, r0, 1
  hashset r2, r3, 1
  callb2 r1, r1, r0, append
  addi r0, r0, 1
  loop
func adder(x) captures=n
  capture r1, 0
  list r2, r0, 2
  self r3
  callb2 r2, r2, r3, append
  call r2, 1, failing1
  ret r2
func failing1(x)
  move r1, r0
  ret r1
func failing()
  null r0
  ret r0
export main
export fetch = i0`

func FuzzDecodeValue(f *testing.F) {
	code := assembled(f, fuzzListing)
	m := started(f, code, "main")
	for m.Run(1) == Fuel {
		for _, v := range m.roots() {
			if data, err := EncodeValue(code, v); err == nil && !v.IsUnset() {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := DecodeValue(code, data)
		if err != nil {
			return
		}
		again, err := EncodeValue(code, v)
		require.NoError(t, err)
		require.Equal(t, data, again)
		if len(data) < 100 { // shared values can be large when they are shown
			_ = Literal(v)
		}
		_ = Equal(v, v)
		if v.Kind() == KindHash {
			for k := range v.Pairs() {
				_, _, _ = hashGet(v, k)
			}
			_, _ = hashSet(v, Int(1), Null)
		}
	})
}

func FuzzDecodeMachine(f *testing.F) {
	code := assembled(f, fuzzListing)
	m := started(f, code, "main")
	f.Add(m.Encode())
	for outcome := Fuel; outcome == Fuel || outcome == Spawn; outcome = m.Run(1) {
		f.Add(m.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(code, data)
		if err != nil {
			return
		}
		require.Equal(t, data, m.Encode())
		_ = m.Digest()
		_ = m.traceback()
		for range 20 {
			if outcome := m.Run(300); outcome != Fuel && outcome != Spawn && outcome != Output {
				break
			}
		}
		_ = m.Encode()
	})
}
