package resolve_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/resolve"
)

func TestNearest(t *testing.T) {
	names := []string{"main", "check", "on_upload"}
	for name, want := range map[string]string{"mian": "main", "chek": "check", "onupload": "on_upload", "Main": "main", "xyz": "", "m": "", "": ""} {
		assert.Equal(t, want, resolve.Nearest(name, slices.Values(names)), "%s", name)
	}
}
