package bytecode

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuiltinsAreComplete(t *testing.T) {
	signature := regexp.MustCompile(`^fn [a-z_.]+\(.*\) -> [A-Z].*$`)
	seen := map[string]bool{}
	for i, b := range Builtins {
		assert.False(t, seen[b.Name], "%s is there twice", b.Name)
		seen[b.Name] = true
		index, ok := FindBuiltin(b.Name)
		assert.True(t, ok)
		assert.Equal(t, i, index)
		for line := range strings.Lines(b.Signature) {
			assert.Regexp(t, signature, strings.TrimSuffix(line, "\n"), b.Name)
			assert.True(t, strings.HasPrefix(line, "fn "+b.Name+"("), b.Name)
		}
		assert.NotEmpty(t, b.Doc, b.Name)
		for _, example := range b.Examples {
			assert.Contains(t, example, " // ", b.Name)
		}
		if b.Max >= 0 {
			assert.Len(t, b.Params, b.Max, b.Name)
			assert.LessOrEqual(t, b.Min, b.Max, b.Name)
		}
	}
	_, ok := FindBuiltin("map")
	assert.False(t, ok, "map takes a function, so it is written in Hark")
}

func TestBuiltinAccepts(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		want bool
	}{{"list", 0, true}, {"list", 99, true}, {"round", 0, false}, {"round", 2, true}, {"round", 3, false}} {
		i, ok := FindBuiltin(c.name)
		require.True(t, ok)
		assert.Equal(t, c.want, Builtins[i].Accepts(c.n), "%s of %d", c.name, c.n)
	}
}
