package vm

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A constant is shared by all machines: it crosses like any String, and neither it nor what was decoded from it is extended.
func TestConstantTextCrosses(t *testing.T) {
	code, err := Load(&bytecode.Program{Semantics: bytecode.Semantics, Consts: []bytecode.Const{{Kind: bytecode.ConstString, Text: "é!"}}})
	require.NoError(t, err)
	constant := code.consts[0]
	data, err := EncodeValue(code, constant)
	require.NoError(t, err)
	decoded, err := DecodeValue(code, data)
	require.NoError(t, err)
	assert.Equal(t, "é!", decoded.Text())
	assert.False(t, constant.extendsText())
	assert.False(t, decoded.extendsText())
}

// Ints beyond 64 bits are constants in one form, and none is larger than what the machine could compute.
func TestIntConstants(t *testing.T) {
	load := func(text string) (Value, error) {
		code, err := Load(&bytecode.Program{Semantics: bytecode.Semantics, Consts: []bytecode.Const{{Kind: bytecode.ConstBigInt, Text: text}}})
		if err != nil {
			return Null, err
		}
		return code.consts[0], nil
	}
	for _, text := range []string{"9223372036854775808", "-9223372036854775809", "1" + strings.Repeat("0", 5000)} {
		v, err := load(text)
		require.NoError(t, err)
		assert.Equal(t, text, Show(v))
	}
	for _, text := range []string{"", "-", "1", "9223372036854775807", "-9223372036854775808", "+9223372036854775808", "09223372036854775808", "99999999999999999999x",
		"9999999999x9999999999", "--9223372036854775808", "-09223372036854775809", strings.Repeat("9", 1_262_614)} {
		_, err := load(text)
		assert.Error(t, err, text[:min(len(text), 30)])
	}
}
