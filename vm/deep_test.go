package vm

import (
	"math/big"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Neither depth nor sharing hurts: values nested deeper than the stack could be, and values whose tree is exponentially larger than they are.

// veryDeep is how deeply the values of these tests are nested, smallStack how many bytes of stack there are meanwhile: whoever calls itself for
// each level needs more.
const (
	veryDeep   = 100_000
	smallStack = 2 << 20
)

func deepList(depth int) Value {
	v := emptyList
	for range depth - 1 {
		v = List(v)
	}
	return v
}

func deepHash(depth int) Value {
	v := emptyHash
	for range depth - 1 {
		v = mustHash(String("a"), v)
	}
	return v
}

// doubled holds itself twice on every level: 2^levels leaves in a few bytes.
func doubled(levels int, leaf Value) Value {
	v := leaf
	for range levels {
		v = List(v, v)
	}
	return v
}

func TestDeepValues(t *testing.T) {
	defer debug.SetMaxStack(debug.SetMaxStack(smallStack))
	lists := deepList(veryDeep)
	assert.False(t, Equal(lists, deepList(veryDeep-1)))

	text := strings.Repeat("[", veryDeep) + strings.Repeat("]", veryDeep)
	assert.Equal(t, text, Show(lists))
	assert.Equal(t, text, outcomeOf(t, "to_json", lists))
	read, err := callBuiltin(t, "from_json", String(text))
	require.Nil(t, err)
	assert.True(t, Equal(lists, read))

	deep := veryDeep / 10
	hashes := deepHash(deep)
	objects := strings.Repeat(`{"a": `, deep-1) + "{}" + strings.Repeat("}", deep-1)
	assert.Equal(t, objects, outcomeOf(t, "to_json", hashes))
	read, err = callBuiltin(t, "from_json", String(objects))
	require.Nil(t, err)
	assert.True(t, Equal(hashes, read))

	_, err = callBuiltin(t, "from_json", String(strings.Repeat("[", veryDeep)))
	assert.NotNil(t, err)
}

func TestSharedValuesAreComparedOnce(t *testing.T) {
	assert.True(t, Equal(doubled(200, Int(1)), doubled(200, Int(1))))
	assert.True(t, Equal(doubled(200, Int(1)), doubled(200, Float(1))))
	assert.False(t, Equal(doubled(200, Int(1)), doubled(200, Int(2))))
	assert.False(t, Equal(List(doubled(200, Int(1)), Int(1)), List(doubled(200, Int(1)), Int(2))))
	v := doubled(200, Int(1))
	assert.True(t, Equal(v, v))
}

// What has text without end meets the limit of memory, on the way there and not after it.
func TestTextWithoutEndIsRefused(t *testing.T) {
	v := doubled(60, String("leaf"))
	for _, name := range []string{"str", "to_json", "print"} {
		_, err := callBuiltin(t, name, v)
		require.NotNil(t, err, name)
		assert.Equal(t, ErrLimit, err.Kind, name)
	}
	_, err := callBuiltin(t, "format", String("{}"), v)
	require.NotNil(t, err)
	assert.Equal(t, ErrLimit, err.Kind)
	assert.Len(t, LiteralPrefix(v, 100), 100+len("…"))
	assert.Less(t, len(Literal(v)), 2<<20)
}

func TestWhatWouldBeTooLargeIsRefusedAtOnce(t *testing.T) {
	huge := BigInt(new(big.Int).Lsh(big.NewInt(1), maxIntBits-1))
	text := String(strings.Repeat("x", 1<<20))
	for _, c := range []struct {
		name string
		args []Value
	}{
		{"range", []Value{Int(1_000_000_000_000)}},
		{"range", []Value{Int(-1 << 63), Int(1<<63 - 1)}},
		{"range", []Value{Int(0), huge}},
		{"replace", []Value{text, String("x"), text}},
		{"replace", []Value{text, String(""), text}},
		{"join", []Value{repeated(text, 2000), String("")}},
		{"parse_int", []Value{String(strings.Repeat("9", 6_000_000))}},
		{"parse_float", []Value{huge}},
	} {
		_, err := callBuiltin(t, c.name, c.args...)
		if assert.NotNil(t, err, c.name) {
			assert.Equal(t, ErrLimit, err.Kind, c.name)
		}
	}
	_, err := (&Machine{}).mul(huge, huge)
	require.NotNil(t, err)
	assert.Equal(t, ErrLimit, err.Kind)
	_, err = (&Machine{}).add(huge, Float(1))
	require.NotNil(t, err)
	assert.Equal(t, ErrLimit, err.Kind)
}

func repeated(v Value, times int) Value {
	items := make([]Value, times)
	for i := range items {
		items[i] = v
	}
	return List(items...)
}

// The largest Int there is can be written and read.
func TestTheLargestInt(t *testing.T) {
	largest := BigInt(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), maxIntBits), big.NewInt(1)))
	text, err := callBuiltin(t, "str", largest)
	require.Nil(t, err)
	again, err := callBuiltin(t, "parse_int", text)
	require.Nil(t, err)
	assert.True(t, Equal(largest, again))
	_, err = (&Machine{}).add(largest, Int(1))
	require.NotNil(t, err)
	assert.Equal(t, ErrLimit, err.Kind)
}

func TestLargeInts(t *testing.T) {
	digits := "1" + strings.Repeat("234567890", 10_000)
	i, err := callBuiltin(t, "parse_int", String(digits))
	require.Nil(t, err)
	assert.Equal(t, digits, Show(i))
	for _, n := range []int{1199, 1200, 1201, 2399, 2400, 2401, 4801, 10000} {
		assert.Equal(t, digits[:n], bigFromDigits(digits[:n]).String())
	}
	i, err = callBuiltin(t, "parse_int", String("-"+strings.Repeat("0", 3000)+digits[:3000]))
	require.Nil(t, err)
	assert.Equal(t, "-"+digits[:3000], Show(i))
}
