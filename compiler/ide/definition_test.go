package ide_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// "def(anchor, places…)": what is meant at the cursor is defined at these places.
func TestDefinition(t *testing.T) {
	answers(t, "definition", table{"def": func(m *marked, at mark) []string {
		_, targets := ide.Definition(m.Snapshot, at.Path, at.Cursor)
		return m.targets(targets)
	}})
}

func (m *marked) targets(all []ide.Target) []string {
	places := make([]ide.Place, len(all))
	for i, target := range all {
		places[i] = target.Place
	}
	return m.places(places)
}
