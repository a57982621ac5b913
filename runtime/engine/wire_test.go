package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var someLines = []Line{
	{ID: ID{"s", "0"}, Stream: Print, Text: "a", Number: 3},
	{ID: ID{"s", "0"}, Stream: Stdout, Text: "", Call: 4, Attempt: 2, Index: 1},
	{ID: ID{"s", "0"}, Stream: Stderr, Text: "é\x00", Call: 4, Attempt: 2, Index: 2},
}

var someProgress = progress{
	slot: 5, printed: 4, children: 70, attempts: 2, settled: true, pending: someLines,
	wait: waiting{begun: true, until: time.Unix(0, 1_893_456_000_123_456_789), ended: []bool{true, false, true, true, false, false, true, false, true}, tries: 2, crashes: 1, cut: true},
}

func TestLinesCrossUnchanged(t *testing.T) {
	lines, err := DecodeLines(ID{"s", "0"}, EncodeLines(someLines))
	require.NoError(t, err)
	assert.Equal(t, someLines, lines)
	assert.Nil(t, EncodeLines(nil))
}

func TestSnapshotsCrossUnchanged(t *testing.T) {
	for name, p := range map[string]progress{"empty": {pending: []Line{}}, "full": someProgress} {
		t.Run(name, func(t *testing.T) {
			got, machine, err := decodeSnapshot(ID{"s", "0"}, encodeSnapshot(&p, []byte("machine")))
			require.NoError(t, err)
			assert.Equal(t, p, got)
			assert.Equal(t, "machine", string(machine))
		})
	}
}

// FuzzRecords: bytes that nobody wrote are an error or a record, never a panic or a large allocation.
func FuzzRecords(f *testing.F) {
	snapshot := encodeSnapshot(&someProgress, []byte("machine"))
	f.Add(snapshot)
	f.Add(EncodeLines(someLines))
	f.Add(snapshot[:len(snapshot)/2])
	f.Add([]byte{wireVersion, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, machine, err := decodeSnapshot(ID{"s", "0"}, b); err == nil {
			again, _, err := decodeSnapshot(ID{"s", "0"}, encodeSnapshot(&p, machine))
			require.NoError(t, err)
			require.Equal(t, p, again)
		}
		_, _ = DecodeLines(ID{"s", "0"}, b)
	})
}

func TestThreadsAreOrdered(t *testing.T) {
	ordered := []string{"0", "0.0", "0.0.5", "0.0.10", "0.1", "0.2", "0.10", "0.10.0", "0.11"}
	for i, a := range ordered {
		for j, b := range ordered {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			got := CompareThreads(a, b)
			assert.Equal(t, want, max(-1, min(1, got)), "%s and %s", a, b)
		}
	}
}

type fixedClock struct{ SystemClock }

func (fixedClock) Now() time.Time { return time.UnixMilli(1_900_000_000_000) }

func TestSessionIDsSortByTime(t *testing.T) {
	earlier := New(Config{Clock: fixedClock{}})
	a, b := earlier.newSession(), earlier.newSession()
	assert.Len(t, a, 26)
	assert.NotEqual(t, a, b)
	assert.Equal(t, a[:9], b[:9], "of the same millisecond")
	assert.Greater(t, a, New(Config{}).newSession(), "2030 is later than now")
}
