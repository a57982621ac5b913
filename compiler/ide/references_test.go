package ide_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// "refs(anchor, places…)" are the references without the declaration, "all(anchor, places…)" those with it; "high(anchor, places…)" the
// highlights, as "read:NAME" and "write:NAME".
func TestReferences(t *testing.T) {
	references := func(declaration bool) func(m *marked, at mark) []string {
		return func(m *marked, at mark) []string {
			return m.places(ide.References(m.Snapshot, at.Path, at.Cursor, declaration))
		}
	}
	answers(t, "references", table{"refs": references(false), "all": references(true), "high": highlights})
}

func highlights(m *marked, at mark) []string {
	var got []string
	for _, h := range ide.Highlights(m.Snapshot, at.Path, at.Cursor) {
		kind := "read:"
		if h.Write {
			kind = "write:"
		}
		got = append(got, kind+m.place(ide.Place{Path: at.Path, Span: h.Span}))
	}
	return got
}
