package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzDebugCommands: whatever is typed, the debugger of the terminal says something about it and goes on.
func FuzzDebugCommands(f *testing.F) {
	for _, seed := range []string{
		"break 2\nrun\nback\nprint a + b\nset c = 3\nup 9\ndown 9\nframe -1\nlist -3\nlist 99999999999\nstack 0",
		"goto 0:99999999999999999999\ngoto 0.:1\nthread\nthread 0.\nbreak :2\nbreak 0\nbreak\nlog\nlog 2\nlog 2 {\ncatch x y z\nwatch\ndelete -1",
		"until 3; cause go; cause x; fork 0:1; fork 0.9:9; restart; jump 2; restart-frame; timeline; output; futures; threads; disassemble",
		"stepi; nexti; backi; rc; rc; c; c; back; back-out alone; print \"; print (; print };;;\nhelp help help\n\xff\x00\nquit extra",
		"b add if\nb add hits\nb add if a hits x\nb add if a == 1 hits 1\nc alone\nc alone alone\ncall add(1, 2)\nset a =\nset = 1\nprint print(1)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, commands string) {
		dir := t.TempDir()
		file := filepath.Join(dir, "main.hk")
		require.NoError(t, os.WriteFile(file, []byte("fn add(a, b) {\n  c = a + b;\n  c\n}\n\nfn main() {\n  f = async add(1, 2);\n  add(await f, 1)\n}\n"), 0o644))
		for _, json := range []string{"--json=false", "--json"} {
			var out, err strings.Builder
			code := Main([]string{"debug", file, "--keep-going", "--store", "memory", json}, Streams{strings.NewReader(commands), &out, &err})
			assert.Equal(t, exitGood, code, "%s", &err)
			assert.NotContains(t, out.String()+err.String(), "internal error")
		}
	})
}
