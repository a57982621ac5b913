package ide_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// "rename(anchor, name, section)": the lines that renaming changes are those of the section. "refuse(anchor, name, regexp)": it is
// refused, with such a reason; "prepare(anchor, place)" is what the user gets to edit, "prepare(anchor, "refused: regexp")" why not.
func TestRename(t *testing.T) {
	answers(t, "rename", table{"rename": renamed, "refuse": refused, "prepare": prepared})
}

func renamed(m *marked, at mark) []string {
	require.Len(m.t, at.Args, 3)
	edits, err := ide.Rename(m.Snapshot, at.Path, at.Cursor, at.Args[1])
	require.NoError(m.t, err)
	m.Golden(m.t, "want/"+at.Args[2], m.changedLines(edits))
	return at.Args[1:]
}

// changedLines are the lines with edits, as they become, without their marks.
func (m *marked) changedLines(edits []ide.FileEdits) string {
	after := edited(m.Snapshot, edits)
	var b strings.Builder
	for _, file := range edits {
		lines, last, shift := source.NewLines(after.Text(file.Path)), -1, int32(0)
		for _, e := range file.Edits {
			line, _ := lines.OffsetColumn(e.Span.Start + shift)
			shift += int32(len(e.New)) - e.Span.Len()
			if line != last {
				text, _, _ := strings.Cut(lines.Text(line), "//@")
				fmt.Fprintf(&b, "%s:%d: %s\n", file.Path, line+1, strings.TrimSpace(text))
			}
			last = line
		}
	}
	return b.String()
}

// edited is the project after edits.
func edited(s *ide.Snapshot, edits []ide.FileEdits) *ide.Snapshot {
	for _, file := range edits {
		text := s.Text(file.Path)
		for i := len(file.Edits) - 1; i >= 0; i-- {
			e := file.Edits[i]
			text = text[:e.Span.Start] + e.New + text[e.Span.End:]
		}
		s = s.Open(file.Path, text)
	}
	return s
}

func refused(m *marked, at mark) []string {
	require.Len(m.t, at.Args, 3)
	_, err := ide.Rename(m.Snapshot, at.Path, at.Cursor, at.Args[1])
	require.Error(m.t, err)
	require.Regexp(m.t, regexp.MustCompile(at.Args[2]), err.Error())
	return at.Args[1:]
}

func prepared(m *marked, at mark) []string {
	span, placeholder, err := ide.PrepareRename(m.Snapshot, at.Path, at.Cursor)
	if err != nil {
		if reason, ok := strings.CutPrefix(strings.Join(at.Args[1:], ""), "refused: "); ok && regexp.MustCompile(reason).MatchString(err.Error()) {
			return at.Args[1:]
		}
		return []string{"refused: " + err.Error()}
	}
	place := ide.Place{Path: at.Path, Span: span}
	require.Equal(m.t, m.Snapshot.Text(at.Path)[span.Start:span.End], placeholder)
	return []string{m.place(place)}
}
