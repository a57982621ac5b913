package ide_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

var lensNames = map[ide.LensKind]string{ide.LensRun: "run", ide.LensDebug: "debug", ide.LensReferences: "references"}

func TestLenses(t *testing.T) {
	finds(t, "lens", "lens", func(m *marked, path string) []found {
		var all []found
		for _, lens := range ide.Lenses(m.Snapshot, path) {
			if n := len(all); n > 0 && all[n-1].Span == lens.Span {
				all[n-1].Args = append(all[n-1].Args, lensNames[lens.Kind])
				continue
			}
			all = append(all, found{lens.Span, []string{lensNames[lens.Kind]}})
		}
		return all
	})
}
