package vm

import (
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
