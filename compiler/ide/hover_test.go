package ide_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// A mark "hover(anchor, name)" compares with the section "want/name"; "hover(anchor)" says that there is nothing, and the anchor
// that the cursor stands at its start.
func TestHover(t *testing.T) {
	answers(t, "hover", table{"hover": func(m *marked, at mark) []string {
		found, ok := ide.Hover(m.Snapshot, at.Path, at.Cursor)
		if !ok {
			return nil
		}
		if len(at.Args) < 2 {
			return []string{found.Markdown}
		}
		text := m.Snapshot.Text(at.Path)
		return m.golden(at, "["+text[found.Span.Start:found.Span.End]+"]\n"+found.Markdown)
	}})
}
