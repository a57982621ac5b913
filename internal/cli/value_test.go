package cli

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm"
)

func hash(t *testing.T, pairs ...vm.Value) vm.Value {
	t.Helper()
	h, err := vm.Hash(pairs...)
	require.NoError(t, err)
	return h
}

func TestValueJSON(t *testing.T) {
	for want, v := range map[string]vm.Value{
		`null`: vm.Null, `true`: vm.Bool(true), `-3`: vm.Int(-3), `1.0`: vm.Float(1), `1e+16`: vm.Float(1e16), `0.1`: vm.Float(0.1),
		`{"$float":"nan"}`: vm.Float(math.NaN()), `{"$float":"-inf"}`: vm.Float(math.Inf(-1)),
		`"a\"<é"`: vm.String(`a"<é`), `":sym"`: vm.Symbol("sym"), `{"$future":"0.1"}`: vm.Future("0.1"),
		`[]`: vm.List(), `[1,[2],"x"]`: vm.List(vm.Int(1), vm.List(vm.Int(2)), vm.String("x")),
		`{}`: hash(t), `{"b":1,"a":[]}`: hash(t, vm.String("b"), vm.Int(1), vm.String("a"), vm.List()),
		`{"$hash":[["b",1],[2,{}]]}`: hash(t, vm.String("b"), vm.Int(1), vm.Int(2), hash(t)),
	} {
		got := valueJSON(v)
		assert.Equal(t, want, got)
		assert.True(t, json.Valid([]byte(got)), "%s", got)
	}
}

func TestValueJSONIsNotDeep(t *testing.T) {
	v := vm.List()
	for range 1_000_000 {
		v = vm.List(v)
	}
	assert.Len(t, valueJSON(v), 2_000_002)
}

func TestParseArguments(t *testing.T) {
	for _, text := range []string{
		`[]`, `[null,true,-3,123456789012345678901234567890,1.5,"é"]`, `[{"b":1,"a":[{}]}]`, `[{"$float":"inf"}]`,
		`[{"$hash":[[1,2],[null,[]]]}]`,
	} {
		args, err := parseArguments(text)
		require.NoError(t, err, "%s", text)
		assert.Equal(t, text, valueJSON(vm.List(args...)))
	}
}

func TestParseArgumentsRefuses(t *testing.T) {
	for _, text := range []string{
		``, `1`, `{}`, `[`, `[1`, `[1] 2`, `[1}`, `[1]]`, `[1]}`, `{"a"`, `[1e999]`, `[{"$float":"x"}]`, `[{"$hash":[[1]]}]`, `[{"$hash":1}]`, `[{"$fn":"f"}]`,
		`[{"$hash":[[[],1]]}]`,
	} {
		_, err := parseArguments(text)
		assert.Error(t, err, "%s", text)
	}
}
