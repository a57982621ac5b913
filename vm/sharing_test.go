package vm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Whether a buffer is extended in place or copied does not depend on how often the values were encoded and decoded on the way:
// one row of values is left alone, its twin goes through bytes at random moments, and both do the same and pay the same.
func TestCopiesDoNotDependOnEncoding(t *testing.T) {
	code, err := Load(&bytecode.Program{Semantics: bytecode.Semantics})
	require.NoError(t, err)
	for seed := range uint64(testkit.Amount(20, 5)) {
		random := rand.New(rand.NewPCG(seed, 17))
		alone, twin := []Value{emptyList, emptyString, emptyHash}, []Value{emptyList, emptyString, emptyHash}
		for step := range 300 {
			if random.IntN(3) == 0 {
				twin = throughBytes(t, code, twin)
			}
			if random.IntN(20) == 0 { // some are given up: buffers lose their owners
				at := random.IntN(len(alone))
				alone[at], twin[at] = Null, Null
			}
			at, other, op := random.IntN(len(alone)), random.IntN(len(alone)), random.IntN(4)
			if random.IntN(2) == 0 {
				at = len(alone) - 1
			}
			a, costA := nextValue(alone, at, other, op, step)
			b, costB := nextValue(twin, at, other, op, step)
			require.Equal(t, costA, costB, "step %d", step)
			require.True(t, Equal(a, b))
			if a.Kind() == KindList && a.Len() > 300 || a.Kind() == KindString && a.Len() > 3000 {
				a, b = emptyList, emptyList
			}
			alone, twin = append(alone, a), append(twin, b)
		}
		require.Equal(t, Literal(List(alone...)), Literal(List(twin...)))
	}
}

// nextValue is a value made from one or two others, and what it cost.
func nextValue(values []Value, at, other, op, step int) (made Value, cost string) {
	m := &Machine{}
	v, w := values[at], values[other]
	switch {
	case v.Kind() == KindList && op == 0 && v.Len() > 0:
		made = v.view(1, v.Len()-1)
	case v.Kind() == KindList && w.Kind() == KindList && op == 1:
		made, _ = m.add(v, w)
	case v.Kind() == KindList:
		var copied int
		made, copied = appendItem(v, Int(int64(step)))
		return made, fmt.Sprint("copied ", copied)
	case v.Kind() == KindString && w.Kind() == KindString && op == 1:
		made, _ = m.add(v, w)
	case v.Kind() == KindString:
		made, _ = m.add(v, constantText("é"))
	case v.Kind() == KindHash:
		made, _ = hashSet(v, Int(int64(step%40)), w)
	default:
		made = []Value{emptyList, emptyString, emptyHash}[op%3]
	}
	return made, fmt.Sprint(m.memory.used, m.effort)
}

func throughBytes(t *testing.T, code *Code, values []Value) []Value {
	bytes, err := EncodeValue(code, List(values...))
	require.NoError(t, err)
	back, err := DecodeValue(code, bytes)
	require.NoError(t, err)
	again, err := EncodeValue(code, back)
	require.NoError(t, err)
	require.Equal(t, bytes, again)
	return append([]Value(nil), back.items()...)
}
