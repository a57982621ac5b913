package ide_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// hints finds the hints of one kind; the mark's anchor begins, or for a type ends, where the hint is.
func hints(kind ide.HintKind) func(m *marked, path string) []found {
	return func(m *marked, path string) []found {
		var all []found
		text := m.Snapshot.Text(path)
		for _, hint := range ide.Hints(m.Snapshot, path, source.Span{End: int32(len(text))}, kind) {
			span := source.Span{Start: hint.At, End: hint.At}
			for int(span.End) < len(text) && word(text[span.End]) {
				span.End++
			}
			if kind == ide.HintType {
				for word(text[span.Start-1]) {
					span.Start--
				}
			}
			args := []string{hint.Text}
			if hint.Target != nil {
				args = append(args, m.place(*hint.Target))
			}
			all = append(all, found{span, args})
		}
		return all
	}
}

func word(c byte) bool { return c == '_' || c == '"' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }

func TestHintsOfThreads(t *testing.T) { finds(t, "hints/threads", "thread", hints(ide.HintThread)) }

func TestHintsOfAPart(t *testing.T) {
	s, _ := open("fn f(alpha, beta) { alpha + beta }\nfn g() { async f(1, 2) }\nfn h() { async f(3, 4) }\n", nil)
	text := s.Text("main.hk")
	span := source.Span{Start: int32(strings.Index(text, "fn h")), End: int32(len(text))}
	hints := ide.Hints(s, "main.hk", span, ide.HintThread)
	assert.Len(t, hints, 1)
	assert.Empty(t, ide.Hints(s, "main.hk", span, ide.HintType))
	assert.Empty(t, ide.Hints(s, "nowhere.hk", span, ide.HintThread))
}
