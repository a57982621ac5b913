package vm

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMulIntsFindsOverflow(t *testing.T) {
	edges := []int64{0, 1, -1, 2, -2, 3, 1 << 31, -1 << 31, 1<<32 + 1, 3037000499, 3037000500, -3037000500, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1}
	for _, a := range edges {
		for _, b := range edges {
			want := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
			got, ok := mulInts(a, b)
			assert.Equal(t, want.IsInt64(), ok, "%d * %d", a, b)
			if ok {
				assert.Equal(t, want.Int64(), got, "%d * %d", a, b)
			}
		}
	}
}
