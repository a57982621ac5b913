package ffi

import (
	"bufio"
	"bytes"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// fuzzLimit keeps a value that fuzzing finds from being large for good reasons.
const fuzzLimit = 1 << 20

// FuzzDecodeValue reads hostile bytes: an error, or a value that crosses back as what it is.
func FuzzDecodeValue(f *testing.F) {
	out, err := exec.Command(anyPython(f), "-c", `
import marshal, sys
x = ["k", 1, 2**70, -2**70, 1.5, None, True, (), (1,), {"k": {}}, {1: 2, None: 3}]
for v in [x, [x, x, (x,)], {"a": x}, b"x", {1}, 1j, ..., StopIteration, "\ud800", {(1,): 2}, {float("nan"): 1}]:
    for version in (2, 3, 4):
        data = marshal.dumps(v, version)
        sys.stdout.buffer.write(len(data).to_bytes(4, "little") + data)
x = []; x.append(x)
data = marshal.dumps(x, 3)
sys.stdout.buffer.write(len(data).to_bytes(4, "little") + data)
`).Output()
	require.NoError(f, err)
	for len(out) > 0 {
		n := int(out[0]) | int(out[1])<<8
		f.Add(out[4 : 4+n])
		out = out[4+n:]
	}
	f.Add(bytes.Repeat([]byte("[\x01\x00\x00\x00"), 10_000))
	f.Add([]byte("[\xff\xff\xff\x7f"))
	f.Add([]byte("u\xff\xff\xff\xff"))
	f.Add([]byte("l\x00\x00\x00\x80"))
	f.Add([]byte("0"))
	f.Add([]byte("{N0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := decodeValue(data, fuzzLimit)
		if err != nil {
			return
		}
		body, refused := encodeCall(&engine.Call{Args: []vm.Value{v}}, 2*fuzzLimit)
		if refused != nil {
			return // keys that Python cannot tell apart
		}
		back, err := decodeValue(body[headSize:], 2*fuzzLimit)
		require.NoError(t, err)
		call := back.Index(back.Len() - 1)
		assert.True(t, vm.Equal(call.Index(2).Index(0), v) || !vm.Equal(v, v)) // nan is not equal to itself
	})
}

// FuzzReadFrame reads a hostile stream: each frame is whole, and nothing is allocated for what does not come.
func FuzzReadFrame(f *testing.F) {
	good := newFrame(frameResult, 1, append(make([]byte, headSize), "N"...))
	f.Add(good)
	f.Add(append(bytes.Clone(good), good...))
	f.Add(newFrame(frameRaised, 7, make([]byte, headSize)))
	f.Add([]byte("HARK\x01B\x00\x00\x01\x00\x00\x00\xff\xff\xff\x03\x00\x00\x00\x00"))
	for i := range good {
		broken := bytes.Clone(good)
		broken[i] ^= 1
		f.Add(broken)
		f.Add(good[:i])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			frame, err := readFrame(r, fuzzLimit)
			if err != nil {
				return
			}
			again := newFrame(frame.kind, frame.call, append(make([]byte, headSize), frame.body...))
			require.True(t, bytes.Contains(data, again))
			_, _ = readRaised(frame.body)
			_, _ = readHello(frame)
		}
	})
}

// TestADamagedFrameIsSeen changes each bit of a frame.
func TestADamagedFrameIsSeen(t *testing.T) {
	good := newFrame(frameResult, 1, append(make([]byte, headSize), "i\x01\x02\x03\x04"...))
	for bit := range 8 * len(good) {
		bad := bytes.Clone(good)
		bad[bit/8] ^= 1 << (bit % 8)
		_, err := readFrame(bufio.NewReader(bytes.NewReader(bad)), fuzzLimit)
		assert.ErrorIs(t, err, errDamaged, "bit %d", bit)
	}
}
