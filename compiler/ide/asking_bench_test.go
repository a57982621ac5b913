package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// askedFile has about 10,000 lines, and the offset of a place in the middle where a name is being written.
func askedFile() (text string, at int32) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "/** Function %d. */\nfn step_%d(item, count: Int) {\n  total = count + %d;\n  record = {\"id\": total, \"name\": \"n\"};\n"+
			"  started = async step_%d(record, total);\n  if total > 10 {\n    get(record, \"name\")\n  } else { await started }\n}\n\n", i, i, i, (i+1)%1000)
		if i == 500 {
			b.WriteString("fn middle(first_one, second_one) {\n  fi")
			at = int32(b.Len())
			b.WriteString("\n}\n\n")
		}
	}
	return b.String(), at
}

// What is asked after each key is asked of a file of 10,000 lines.
func BenchmarkAsking(b *testing.B) {
	text, at := askedFile()
	s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
	span := source.Span{Start: at - 1000, End: at + 1000}
	edit := diag.Edit{Span: source.Span{Start: at, End: at}, New: "x"}
	for name, ask := range map[string]func(){
		"completion":     func() { ide.Completions(s, "main.hk", at, "") },
		"hover":          func() { ide.Hover(s, "main.hk", at) },
		"signature":      func() { ide.Signatures(s, "main.hk", at, -1) },
		"hints":          func() { ide.Hints(s, "main.hk", span, ide.HintParameter, ide.HintType, ide.HintThread) },
		"tokens":         func() { ide.SemanticTokens(s, "main.hk", source.Span{End: int32(len(text))}) },
		"tokens of part": func() { ide.SemanticTokens(s, "main.hk", span) },
		"lenses":         func() { ide.Lenses(s, "main.hk") },
		"format on type": func() { ide.FormatOnType(s, "main.hk", at, "}") },
		"format":         func() { ide.Format(s, "main.hk") },
		"edit":           func() { s.Edit("main.hk", edit) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask()
			}
		})
	}
}

// A name is completed in a workspace of 200 files, 100,000 lines, each of which has functions to import.
func BenchmarkCompletionOfAWorkspace(b *testing.B) {
	disk := map[string]string{}
	for i := range 200 {
		var text strings.Builder
		for j := range 50 {
			fmt.Fprintf(&text, "fn step_%d_%d(a) {\n%s  a\n}\n", i, j, strings.Repeat("  a + 1;\n", 7))
		}
		disk[fmt.Sprintf("lib/part_%d.hk", i)] = text.String()
	}
	s, at := open("fn main(step_size) {\n  step|\n}\n", disk)
	for b.Loop() {
		ide.Completions(s, "main.hk", at, "")
	}
}
