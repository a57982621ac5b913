package ide_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// hints finds the hints of one kind; the mark's anchor is the word before which a hint is.
func hints(kind ide.HintKind) func(m *marked, path string) []found {
	return func(m *marked, path string) []found {
		var all []found
		text := m.Snapshot.Text(path)
		for _, hint := range ide.Hints(m.Snapshot, path, source.Span{End: int32(len(text))}, kind) {
			span := source.Span{Start: hint.At, End: hint.At}
			for 'a' <= text[span.End] && text[span.End] <= 'z' {
				span.End++
			}
			all = append(all, found{span, []string{hint.Text}})
		}
		return all
	}
}

func TestHintsOfThreads(t *testing.T) { finds(t, "hints/threads", "thread", hints(ide.HintThread)) }

// An archive of testdata/hints has, as golden section, the text with its hints in it, in «».
func TestHintsInTheText(t *testing.T) {
	testkit.Run(t, "testdata/hints/*.txtar", func(t *testing.T, c *testkit.Case) {
		m := openMarked(t, c)
		text := m.Snapshot.Text("main.hk")
		var b strings.Builder
		last := int32(0)
		for _, hint := range ide.Hints(m.Snapshot, "main.hk", source.Span{End: int32(len(text))}, ide.HintParameter, ide.HintType) {
			b.WriteString(text[last:hint.At] + "«" + hint.Text + "»")
			last = hint.At
			if hint.Target != nil {
				assert.Equal(t, hint.Text, m.Snapshot.Text(hint.Target.Path)[hint.Target.Span.Start:hint.Target.Span.End]+":")
			}
		}
		c.Golden(t, "want", b.String()+text[last:])
	})
}

func TestHintsOfAPart(t *testing.T) {
	s, _ := open("fn f(alpha, beta) { alpha + beta }\nfn g() { async f(1, 2) }\nfn h() { async f(3, 4) }\n", nil)
	text := s.Text("main.hk")
	span := source.Span{Start: int32(strings.Index(text, "fn h")), End: int32(len(text))}
	hints := ide.Hints(s, "main.hk", span, ide.HintThread)
	assert.Len(t, hints, 1)
	assert.Empty(t, ide.Hints(s, "main.hk", span, ide.HintType))
	assert.Empty(t, ide.Hints(s, "nowhere.hk", span, ide.HintThread))
}
