package ffi

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// randomKey is a value that can be a key, of those that Python tells apart.
func randomKey(r *rand.Rand) vm.Value {
	switch r.IntN(5) {
	case 0:
		return vm.Null
	case 1:
		return vm.Int(int64(r.Uint64())>>r.IntN(60) | 2)
	case 2:
		i := new(big.Int).SetUint64(r.Uint64() | 2)
		return vm.BigInt(i.Lsh(i, uint(r.IntN(200))))
	case 3:
		return vm.Float(math.Float64frombits(r.Uint64() | 1<<62&^(1<<53)))
	}
	runes := make([]rune, r.IntN(6))
	for i := range runes {
		runes[i] = []rune{'a', 'é', '€', '𝄞', 0, '\n', '"', 0xFFFF}[r.IntN(8)]
	}
	return vm.String(string(runes))
}

func randomValue(t *testing.T, r *rand.Rand, size int) vm.Value {
	if size <= 1 {
		if r.IntN(4) == 0 {
			return vm.Bool(r.IntN(2) == 0)
		}
		return randomKey(r)
	}
	n := r.IntN(min(size, 8) + 1)
	var items []vm.Value
	for range n {
		items = append(items, randomValue(t, r, size/(n+1)))
	}
	if r.IntN(2) == 0 {
		return vm.List(items...)
	}
	for i := 0; i < len(items); i += 2 {
		items[i] = randomKey(r)
		if items[i].Kind() == vm.KindFloat && math.IsNaN(items[i].Float()) {
			items[i] = vm.Null
		}
	}
	return hash(t, items[:len(items)&^1]...)
}

func TestRandomValuesComeBack(t *testing.T) {
	p := newPool(t, Config{})
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		v := randomValue(t, r, 1+r.IntN(200))
		back := call(t, p, engine.Call{Module: "probe", Name: "echo", Args: []vm.Value{v}})
		require.Equal(t, text(v), back.good(t))
	}
}

// TestTheSlowWriterWritesWhatMarshalDoes compares the two ways in which a worker writes a result, byte by byte.
func TestTheSlowWriterWritesWhatMarshalDoes(t *testing.T) {
	const code = `
import marshal, random, sys
frame = sys._getframe()
while "Writer" not in frame.f_globals: frame = frame.f_back
Writer = frame.f_globals["Writer"]
def value(size):
    if size <= 1:
        return random.choice([None, True, False, 0, -1, 2**31, 2**90, 1.5, float("inf"), -0.0, "", "a", "\xe9\U0001d11e", "k" * 300])
    n = random.randrange(min(size, 8) + 1)
    kind = random.randrange(3)
    if kind == 2:
        return {random.choice([None, 7, 2.5, "k", "\xe9"]): value(size // (n + 1)) for _ in range(n)}
    return (list, tuple)[kind](value(size // (n + 1)) for _ in range(n))
random.seed(1)
if not args[0]: Writer.flat = staticmethod(lambda container: False)
for _ in range(500):
    v = value(random.randrange(300))
    assert Writer("f", 1 << 26).marshal(v) == marshal.dumps(v, 2), v
`
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, shortCut := range []bool{true, false} {
			assert.Equal(t, "null", run(t, p, code, vm.Bool(shortCut)).good(t))
		}
	})
}
