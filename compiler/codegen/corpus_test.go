package codegen_test

import (
	"errors"
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// generated is the program of one of the repository's sources as entry, nil if it has errors. Files that it imports are looked for
// beside it, in its archive or directory.
func generated(name string, source string, all map[string]string) *bytecode.Program {
	root := path.Dir(name)
	read := func(file string) (string, error) {
		if file == "entry.hk" {
			return source, nil
		}
		for _, candidate := range []string{path.Join(root, file), archiveOf(name) + file} {
			if text, ok := all[candidate]; ok {
				return text, nil
			}
		}
		return "", errors.New("no such file")
	}
	p := resolve.Load("entry.hk", read)
	if p.Stops() {
		return nil
	}
	return codegen.Generate(p)
}

// archiveOf is what the names of the other sources of an archive begin with.
func archiveOf(name string) string {
	for i := range name {
		if name[i] == ':' {
			return name[:i+1]
		}
	}
	return ""
}

// TestEverySourceVerifies holds that the code of every program of the repository is accepted by the verifier, and generated the
// same way twice.
func TestEverySourceVerifies(t *testing.T) {
	all, programs := testkit.Sources(t), 0
	for name, source := range all {
		p := generated(name, source, all)
		if p == nil {
			continue
		}
		programs++
		_, err := bytecode.Verify(p)
		assert.NoError(t, err, name)
		assert.Equal(t, bytecode.Disassemble(p), bytecode.Disassemble(generated(name, source, all)), name)
	}
	require.Greater(t, programs, 20)
	t.Logf("%d programs of %d sources", programs, len(all))
}
