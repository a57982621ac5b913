package vm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Old versions never change: random programs of appends, rests and sets run beside a model that copies everything.

type listVersion struct {
	list  Value
	model []int64
}

func (v listVersion) check(t *testing.T) {
	t.Helper()
	require.Equal(t, len(v.model), v.list.Len())
	for i, item := range v.list.Items() {
		require.Equal(t, v.model[i], item.int())
	}
}

func TestListsArePersistent(t *testing.T) {
	for seed := range uint64(testkit.Amount(30, 6)) {
		random := rand.New(rand.NewPCG(seed, 11))
		versions := []listVersion{{list: emptyList}}
		for step := range int64(600) {
			// Mostly go on with the newest version, as programs do, so that buffers are extended in place.
			at := len(versions) - 1
			if random.IntN(4) == 0 {
				at = random.IntN(len(versions))
			}
			versions = append(versions, versions[at].next(t, random, versions, step))
		}
		for _, v := range versions {
			v.check(t)
		}
	}
}

func (v listVersion) next(t *testing.T, random *rand.Rand, others []listVersion, step int64) listVersion {
	switch random.IntN(8) {
	case 0, 1:
		rest, err := callBuiltin(t, "rest", v.list)
		require.Nil(t, err)
		return listVersion{rest, slices.Clone(v.model[min(1, len(v.model)):])}
	case 2:
		other := others[random.IntN(len(others))]
		if len(other.model)+len(v.model) > 500 {
			return listVersion{emptyList, nil}
		}
		joined, err := (&Machine{}).add(v.list, other.list)
		require.Nil(t, err)
		return listVersion{joined, slices.Concat(v.model, other.model)}
	}
	longer, err := callBuiltin(t, "append", v.list, Int(step))
	require.Nil(t, err)
	return listVersion{longer, append(slices.Clip(v.model), step)}
}

func TestStringsArePersistent(t *testing.T) {
	type version struct {
		text  Value
		model string
	}
	random := rand.New(rand.NewPCG(12, 1))
	versions := []version{{emptyString, ""}, {constantText("const"), "const"}}
	for range testkit.Amount(3000, 600) {
		v := versions[len(versions)-1]
		if random.IntN(3) == 0 {
			v = versions[random.IntN(len(versions))]
		}
		w := versions[random.IntN(len(versions))]
		if random.IntN(4) > 0 || len(v.model)+len(w.model) > 2000 {
			s := awkwardText(random, 3)
			w = version{String(s), s}
		}
		joined, err := (&Machine{}).add(v.text, w.text)
		require.Nil(t, err)
		versions = append(versions, version{joined, v.model + w.model})
	}
	for _, v := range versions {
		require.Equal(t, v.model, v.text.Text())
		require.Equal(t, len([]rune(v.model)), v.text.Len())
	}
	require.Equal(t, "const", versions[1].text.object().view(), "a constant's buffer was extended")
}

func (o *stringObject) view() string { return string(o.bytes) }

// hashModel is a Hash as keys in order and values by key.
type hashModel struct {
	keys   []string
	values map[string]int64
}

func (h hashModel) set(key string, value int64) hashModel {
	c := hashModel{slices.Clone(h.keys), map[string]int64{}}
	for k, v := range h.values {
		c.values[k] = v
	}
	if _, there := c.values[key]; !there {
		c.keys = append(c.keys, key)
	}
	c.values[key] = value
	return c
}

func (h hashModel) check(t *testing.T, v Value) {
	t.Helper()
	require.Equal(t, len(h.keys), v.Len())
	i := 0
	for key, value := range v.Pairs() {
		require.Equal(t, h.keys[i], Literal(key))
		require.Equal(t, h.values[h.keys[i]], value.int())
		got, found, err := hashGet(v, key)
		require.Nil(t, err)
		require.True(t, found)
		require.Equal(t, value, got)
		i++
	}
	checkShape(t, v)
}

// checkShape: a Hash has the one shape that its pairs have, however it came to be.
func checkShape(t *testing.T, v Value) {
	t.Helper()
	same, err := Hash(v.flatPairs()...)
	require.NoError(t, err)
	a, b := v.hash(), same.hash()
	require.Equal(t, a.depth, b.depth)
	requireSameNodes(t, a.entries, b.entries)
	require.Equal(t, a.index == nil, b.index == nil)
	if a.index != nil {
		requireSameNodes(t, a.index, b.index)
	}
}

func requireSameNodes(t *testing.T, a, b *nodeObject) {
	t.Helper()
	require.Equal(t, a.bits, b.bits)
	require.Equal(t, len(a.slots), len(b.slots))
	for i := range a.slots {
		require.Equal(t, a.slots[i].rep(), b.slots[i].rep())
		if a.slots[i].rep() == repNode {
			requireSameNodes(t, a.slots[i].node(), b.slots[i].node())
		} else {
			require.Equal(t, Literal(a.slots[i]), Literal(b.slots[i]))
		}
	}
}

func TestHashesArePersistent(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 13))
		values, models := []Value{emptyHash}, []hashModel{{}}
		span := 4 + int(seed)*25
		for step := range int64(250) {
			at := len(values) - 1
			if random.IntN(5) == 0 {
				at = random.IntN(len(values))
			}
			key := hashKeyNumber(random.IntN(span))
			next, err := callBuiltin(t, "set", values[at], key, Int(step))
			require.Nil(t, err)
			values, models = append(values, next), append(models, models[at].set(Literal(key), step))
		}
		for i := range values {
			models[i].check(t, values[i])
		}
	}
}

// hashKeyNumber is a key of one of several kinds.
func hashKeyNumber(n int) Value {
	switch n % 5 {
	case 0:
		return Int(int64(n))
	case 1:
		return Float(float64(n) + 0.5)
	case 2:
		return Symbol(fmt.Sprintf("s%d", n))
	}
	return String(fmt.Sprintf("key %d", n))
}

// Keys whose hashes agree in all bits lie side by side below the last level.
func TestHashesSurviveCollisions(t *testing.T) {
	byCode := map[uint32]int64{}
	var pairs [][2]int64
	for i := int64(0); len(pairs) < 3; i++ {
		code, err := hashKey(Int(i))
		require.Nil(t, err)
		if other, there := byCode[code]; there {
			pairs = append(pairs, [2]int64{other, i})
		}
		byCode[code] = i
	}
	h := emptyHash
	for i := range int64(20) {
		h, _ = hashSet(h, Int(-i-1), Int(i))
	}
	for _, pair := range pairs {
		for _, key := range pair {
			h, _ = hashSet(h, Int(key), Int(key))
		}
	}
	for _, pair := range pairs {
		for _, key := range pair {
			got, found, err := hashGet(h, Int(key))
			require.Nil(t, err)
			require.True(t, found)
			require.Equal(t, Int(key), got)
		}
	}
	checkShape(t, h)
}

func TestEqualKeysAreOneKey(t *testing.T) {
	same := [][]Value{
		{Int(1), Float(1)},
		{Int(0), Float(0), Float(math.Copysign(0, -1))},
		{value(t, "100000000000000000000"), Float(1e20)},
		{value(t, "9223372036854775808"), Float(1 << 63)},
		{Int(-1 << 63), Float(-1 << 63)},
		{String("a"), textValue("a")},
	}
	for _, keys := range same {
		for _, first := range keys {
			for _, second := range keys {
				h, err := Hash(first, Int(1), second, Int(2))
				require.NoError(t, err)
				require.Equal(t, 1, h.Len(), "%s %s", Literal(first), Literal(second))
				require.Equal(t, Literal(first), Literal(h.flatPairs()[0]), "the first key stays")
			}
		}
	}
	different, err := Hash(Int(1), Null, Bool(true), Null, String("1"), Null, Symbol("1"), Null, Null, Null, Float(1.5), Null)
	require.NoError(t, err)
	require.Equal(t, 6, different.Len())
}

func TestHashesCompareWithoutOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 1))
	for _, n := range []int{0, 1, 7, 8, 9, 100, 1000} {
		order := random.Perm(n)
		a, b := emptyHash, emptyHash
		for i := range n {
			a, _ = hashSet(a, hashKeyNumber(i), Int(int64(i)))
			b, _ = hashSet(b, hashKeyNumber(order[i]), Int(int64(order[i])))
		}
		require.True(t, Equal(a, b))
		if n > 0 {
			b, _ = hashSet(b, hashKeyNumber(order[0]), Int(-1))
			require.False(t, Equal(a, b))
		}
	}
}
