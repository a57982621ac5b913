package vm

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What operations cost, counted rather than timed: items copied, bytes reserved, fuel.

func TestAppendInALoopCopiesLinearly(t *testing.T) {
	const n = 100_000
	list, copied := emptyList, 0
	for i := range n {
		next, c := appendItem(list, Int(int64(i)))
		list, copied = next, copied+c
	}
	assert.Zero(t, copied, "each append found the buffer's end free")
	assert.Equal(t, n, list.Len())
}

func TestAQueueCopiesLinearly(t *testing.T) {
	const n = 100_000
	list, copied, kept := emptyList, 0, 0
	for i := range n {
		next, c := appendItem(list, Int(int64(i)))
		list, copied = next, copied+c
		if list.Len() > 100 {
			list = list.view(1, list.Len()-1)
		}
		kept = max(kept, len(list.list().items))
	}
	assert.LessOrEqual(t, copied, n)
	assert.LessOrEqual(t, kept, 400, "what the queue has left behind is let go")
}

func TestTextInALoopIsCopiedLinearly(t *testing.T) {
	const n = 100_000
	s, copied := String("x"), 0
	for range n {
		next, c := joinText(s, constantText("ab"))
		s, copied = next, copied+c
	}
	assert.LessOrEqual(t, copied, 2*n+2)
}

// fuelOf is the fuel that a call of a builtin takes beyond its instruction.
func fuelOf(t *testing.T, name string, args ...Value) int {
	m := &Machine{}
	_, _, err := callOn(t, m, name, args...)
	require.Nil(t, err, name)
	return int(m.effort)
}

func numbers(n int) Value {
	items := make([]Value, n)
	for i := range items {
		items[i] = Int(int64(i))
	}
	return List(items...)
}

func TestFuelGrowsWithTheDataTouched(t *testing.T) {
	hash := func(n int) Value {
		h := hashBuilder{}
		for i := range n {
			require.Nil(t, h.set(Int(int64(i)), Null))
		}
		return h.finish()
	}
	text := func(n int) Value { return String(fmt.Sprintf("%0*d", n, 7)) }
	linear := map[string]func(n int) []Value{
		"reverse":  func(n int) []Value { return []Value{numbers(n)} },
		"range":    func(n int) []Value { return []Value{Int(int64(n))} },
		"zip":      func(n int) []Value { return []Value{numbers(n), numbers(n)} },
		"sort":     func(n int) []Value { return []Value{numbers(n)} },
		"contains": func(n int) []Value { return []Value{numbers(n), Null} },
		"str":      func(n int) []Value { return []Value{numbers(n)} },
		"to_json":  func(n int) []Value { return []Value{numbers(n)} },
		"keys":     func(n int) []Value { return []Value{hash(n)} },
		"items":    func(n int) []Value { return []Value{hash(n)} },
		"upper":    func(n int) []Value { return []Value{text(n)} },
		"trim":     func(n int) []Value { return []Value{text(n)} },
		"replace":  func(n int) []Value { return []Value{text(n), String("7"), String("8")} },
		"split":    func(n int) []Value { return []Value{text(n), String("7")} },
		"format":   func(n int) []Value { return []Value{text(n)} },
		"max":      func(n int) []Value { return []Value{numbers(n)} },
	}
	for name, args := range linear {
		small, large := fuelOf(t, name, args(2000)...), fuelOf(t, name, args(40_000)...)
		assert.Positive(t, small, name)
		assert.Greater(t, large, 10*small, name)
		assert.Less(t, large, 60*small, name)
	}
	constant := map[string]func(n int) []Value{
		"first":  func(n int) []Value { return []Value{numbers(n)} },
		"rest":   func(n int) []Value { return []Value{numbers(n)} },
		"nth":    func(n int) []Value { return []Value{numbers(n), Int(int64(n - 1))} },
		"length": func(n int) []Value { return []Value{text(n)} },
		"append": func(n int) []Value { return []Value{numbers(n), Null} },
		"get":    func(n int) []Value { return []Value{hash(n), Int(1)} },
	}
	for name, args := range constant {
		assert.Equal(t, fuelOf(t, name, args(20)...), fuelOf(t, name, args(40_000)...), name)
	}
	assert.Less(t, fuelOf(t, "set", hash(100_000), Int(1), Null), 20)
}

// Setting a key copies one way from the root of each trie.
func TestSetAllocatesLogarithmically(t *testing.T) {
	for _, n := range []int{1, 8, 9, 100, 10_000, 300_000} {
		b := hashBuilder{}
		for i := range n {
			require.Nil(t, b.set(Int(int64(i)), Null))
		}
		h := b.finish()
		old := testing.AllocsPerRun(10, func() { _, _ = hashSet(h, Int(int64(n/2)), Int(1)) })
		fresh := testing.AllocsPerRun(10, func() { _, _ = hashSet(h, Int(-1), Int(1)) })
		levels := float64(h.hash().depth) + 1
		assert.LessOrEqual(t, old, 2*levels+1, "%d keys", n)
		if n != leafPairs { // there the index is built
			assert.LessOrEqual(t, fresh, 2*(levels+8)+3, "%d keys", n)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	list := emptyList
	for b.Loop() {
		if list.Len() == 100_000 {
			list = emptyList
		}
		list, _ = appendItem(list, Null)
	}
}

func BenchmarkNth(b *testing.B) {
	args := []Value{numbers(1000), Int(500)}
	for b.Loop() {
		_, _ = builtinNth(nil, args)
	}
}

func BenchmarkHashSetNew(b *testing.B) {
	h := emptyHash
	for i := int64(0); b.Loop(); i++ {
		h, _ = hashSet(h, Int(i), Null)
	}
}

func BenchmarkHashGet(b *testing.B) {
	h := hashBuilder{}
	for i := range 100_000 {
		_ = h.set(Int(int64(i)), Null)
	}
	v := h.finish()
	for i := int64(0); b.Loop(); i++ {
		_, _, _ = hashGet(v, Int(i%100_000))
	}
}

func BenchmarkHashGetSmall(b *testing.B) {
	v := mustHash(String("kind"), Null, String("message"), Null, String("line"), Null)
	key := String("line")
	for b.Loop() {
		_, _, _ = hashGet(v, key)
	}
}

func BenchmarkHashBuild(b *testing.B) {
	for b.Loop() {
		h := hashBuilder{}
		for i := range 1000 {
			_ = h.set(Int(int64(i)), Null)
		}
		h.finish()
	}
}

func BenchmarkJoinText(b *testing.B) {
	s, x := String("x"), constantText("ab")
	for b.Loop() {
		s, _ = joinText(s, x)
	}
}

func BenchmarkSort(b *testing.B) {
	items := make([]Value, 10_000)
	for i := range items {
		items[i] = Int(int64(i * 7919 % 10_000))
	}
	list := List(items...)
	for b.Loop() {
		_, _ = builtinSort(&Machine{}, []Value{list})
	}
}

func BenchmarkFromJSON(b *testing.B) {
	row := `{"id": 12345, "name": "somebody", "score": 17.25, "tags": ["a", "b"], "ok": true}`
	text := "["
	for range 999 {
		text += row + ", "
	}
	text += row + "]"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := (&Machine{}).fromJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToJSON(b *testing.B) {
	v, _ := (&Machine{}).fromJSON(`[{"id": 12345, "name": "somebody", "score": 17.25, "tags": ["a", "b"], "ok": true}]`)
	v = repeated(v, 1000)
	text, _ := (&Machine{}).toJSON(v)
	b.SetBytes(int64(text.bytes()))
	for b.Loop() {
		_, _ = (&Machine{}).toJSON(v)
	}
}

func BenchmarkEqual(b *testing.B) {
	x, y := numbers(10_000), numbers(10_000)
	for b.Loop() {
		Equal(x, y)
	}
}
