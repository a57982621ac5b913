package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// large is a project of 200 files with 500 lines each, which import from one another.
func large() *ide.Snapshot {
	texts := map[string]string{}
	project := ide.Project{Read: func(path string) (string, error) { return texts[path], nil }}
	for i := range 200 {
		var b strings.Builder
		fmt.Fprintf(&b, "import(shared, :hark file0);\nimport(work1, :hark file%d, :as other);\n", (i+1)%200)
		if i == 0 {
			b.Reset()
			b.WriteString("fn shared(x, y) { x + y }\n\n")
		}
		for j := range 83 {
			fmt.Fprintf(&b, "/** Works. */\nfn work%d(items, count) {\n  total = shared(count, :y 1);\n  each = lambda(x) { x + total };\n  map(each, items)\n}\n", j)
		}
		path := fmt.Sprintf("file%d.hk", i)
		texts[path] = b.String()
		project.Hark = append(project.Hark, path)
	}
	return ide.NewSnapshot(project)
}

func BenchmarkNavigation(b *testing.B) {
	s := large()
	text := s.Text("file7.hk")
	at := int32(strings.LastIndex(text, "shared("))
	local := int32(strings.LastIndex(text, "total }"))
	work := map[string]func() int{
		"definition": func() int { _, targets := ide.Definition(s, "file7.hk", at); return len(targets) },
		"references": func() int { return len(ide.References(s, "file7.hk", at, true)) },
		"highlights": func() int { return len(ide.Highlights(s, "file7.hk", local)) },
		"rename": func() int {
			edits, err := ide.Rename(s, "file7.hk", at, "common")
			require.NoError(b, err)
			return len(edits)
		},
		"rename local": func() int {
			edits, err := ide.Rename(s, "file7.hk", local, "sum")
			require.NoError(b, err)
			return len(edits)
		},
		"symbols":           func() int { return len(ide.DocumentSymbols(s, "file7.hk")) },
		"workspace symbols": func() int { return len(ide.WorkspaceSymbols(s, "wrk", 100)) },
		"incoming calls": func() int {
			return len(ide.IncomingCalls(s, ide.PrepareCalls(s, "file7.hk", at)[0].Key))
		},
		"folds": func() int { return len(ide.Folds(s, "file7.hk")) },
	}
	for name, run := range work {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NotZero(b, run())
			}
		})
	}
}
