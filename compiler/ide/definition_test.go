package ide_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// "def(anchor, places…)": what is meant at the cursor is defined at these places. "decl", "impl" and "type" are the declaration, the
// implementation and the type definition.
func TestDefinition(t *testing.T) {
	type feature func(s *ide.Snapshot, path string, offset int32) (source.Span, []ide.Target)
	ask := func(find feature) func(m *marked, at mark) []string {
		return func(m *marked, at mark) []string {
			origin, targets := find(m.Snapshot, at.Path, at.Cursor)
			if len(targets) > 0 {
				require.True(t, origin.Contains(at.Cursor))
			}
			return m.targets(targets)
		}
	}
	answers(t, "definition", table{
		"def": ask(ide.Definition), "decl": ask(ide.Declaration), "impl": ask(ide.Implementation), "type": ask(ide.TypeDefinition),
	})
}

func (m *marked) targets(all []ide.Target) []string {
	places := make([]ide.Place, len(all))
	for i, target := range all {
		places[i] = target.Place
	}
	return m.places(places)
}
