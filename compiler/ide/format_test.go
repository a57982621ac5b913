package ide_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// apply changes a text by edits, which have to be in order and without overlaps.
func apply(t *testing.T, text string, edits []diag.Edit) string {
	t.Helper()
	var out strings.Builder
	last := int32(0)
	for _, e := range edits {
		require.True(t, last <= e.Span.Start && e.Span.Start <= e.Span.End && int(e.Span.End) <= len(text), "%v", edits)
		out.WriteString(text[last:e.Span.Start] + e.New)
		last = e.Span.End
	}
	return out.String() + text[last:]
}

// texts are all Hark texts that there are, and random programs.
func texts(t *testing.T) map[string]string {
	all := testkit.SomeSources(t)
	for seed := range uint64(testkit.Amount(40, 10)) {
		all[fmt.Sprint("random ", seed)] = progen.Program(seed, progen.Options{Threads: true, Output: true})
	}
	return all
}

func TestFormatIsTheCanonicalText(t *testing.T) {
	for name, text := range texts(t) {
		s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		canonical, sound := syntax.Format(text)
		edits, ok := ide.Format(s, "main.hk")
		require.Equal(t, sound, ok, name)
		if !ok {
			assert.Empty(t, edits)
			continue
		}
		require.Equal(t, canonical, apply(t, text, edits), name)
		require.Equal(t, listing(text), listing(canonical), "%s: formatting changed the meaning", name)
		again, ok := ide.Format(s.Open("main.hk", canonical), "main.hk")
		require.True(t, ok && len(again) == 0, "%s: formatting twice is formatting once", name)
	}
}

func TestFormattingARangeKeepsTheRest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, text := range texts(t) {
		if len(text) == 0 || len(text) > 20_000 {
			continue
		}
		s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
		_, sound := syntax.Format(text)
		for range 5 {
			start := int32(random.IntN(len(text)))
			span := source.Span{Start: start, End: min(start+int32(random.IntN(60)), int32(len(text)))}
			edits, ok := ide.FormatRange(s, "main.hk", span)
			after := apply(t, text, edits)
			if sound && !strings.HasPrefix(text, "\uFEFF") {
				require.True(t, ok, "%s %v", name, span)
				require.Equal(t, listing(text), listing(after), "%s %v: formatting changed the meaning", name, span)
			}
		}
	}
}

// noFile is a project with nothing on disk.
func noFile(string) (string, error) { return "", fs.ErrNotExist }

// listing is a program as bytecode, without the places in the text.
func listing(text string) string {
	p := resolve.Load("main.hk", func(path string) (string, error) {
		if path == "main.hk" {
			return text, nil
		}
		return "", fs.ErrNotExist
	})
	if p.Stops() {
		return "refused"
	}
	return bytecode.Disassemble(codegen.Generate(p))
}

func TestFormatRange(t *testing.T) {
	const text = "fn a( x ){\nx+1 ;\n  y=2;\n   y*x\n}\n\n\n\nfn b( ) {1}\nfn broken( {\n"
	tests := []struct{ name, at, want string }{
		{"a statement", "y=2", strings.Replace(text, "  y=2", "  y = 2", 1)},
		{"two statements", "x+1 ;\n  y=2", strings.Replace(text, "x+1 ;\n  y=2", "  x + 1;\n  y = 2", 1)},
		{"a definition by its head", "fn a( x )", strings.Replace(text, "fn a( x ){\nx+1 ;\n  y=2;\n   y*x\n}", "fn a(x) {\n  x + 1;\n  y = 2;\n  y * x\n}", 1)},
		{"one beside a broken one", "fn b( )", strings.Replace(text, "fn b( ) {1}", "fn b() { 1 }", 1)},
		{"whole lines, without what begins behind them", "}\n\n\n\n", strings.Replace(text, "fn a( x ){\nx+1 ;\n  y=2;\n   y*x\n}", "fn a(x) {\n  x + 1;\n  y = 2;\n  y * x\n}", 1)},
		{"a broken one", "broken", text},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
			start := int32(strings.Index(text, test.at))
			edits, _ := ide.FormatRange(s, "main.hk", source.Span{Start: start, End: start + int32(len(test.at))})
			testkit.Equal(t, test.want, apply(t, text, edits))
		})
	}
}

func TestFormatOnType(t *testing.T) {
	tests := []struct{ name, text, typed, want string }{
		{"the statement before ;", "fn f() {\nx=1;|\n  y=2;\n  x+y\n}\n", ";", "fn f() {\n  x = 1;\n  y=2;\n  x+y\n}\n"},
		{"the block that } ends", "fn f(x) {\n  if x{\n1}|;\n  y=2\n}\n", "}", "fn f(x) {\n  if x {\n    1\n  }\n  y=2\n}\n"},
		{"the function that } ends", "fn f( x ){\nx}|\nfn g( ){1}\n", "}", "fn f(x) {\n  x\n}\nfn g( ){1}\n"},
		{"a hash", "fn f(x) {\n  y={\"a\":1}|;\n  z=2\n}\n", "}", "fn f(x) {\n  y = {\"a\": 1};\n  z=2\n}\n"},
		{"not in a String", "fn f(x) {\n  y=\"a;|b\"\n}\n", ";", "fn f(x) {\n  y=\"a;b\"\n}\n"},
		{"not in a comment", "fn f(x) {\n  y=x // a;|\n}\n", ";", "fn f(x) {\n  y=x // a;\n}\n"},
		{"nothing while it is broken", "fn f(x) {\n  y=g(;|\n}\n", ";", "fn f(x) {\n  y=g(;\n}\n"},
		{"nothing for other characters", "fn f(x) {\n  y=1,|\n}\n", ",", "fn f(x) {\n  y=1,\n}\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(test.text, nil)
			text := s.Text("main.hk")
			testkit.Equal(t, test.want, apply(t, text, ide.FormatOnType(s, "main.hk", offset, test.typed)))
		})
	}
}

func TestFormattingEditsAreSmall(t *testing.T) {
	text := strings.Repeat("fn f() {\n  1\n}\n\n", 100) + "fn g(){2}\n\n" + strings.Repeat("fn h() {\n  1\n}\n\n", 100)
	s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", strings.TrimSuffix(text, "\n"))
	edits, ok := ide.Format(s, "main.hk")
	require.True(t, ok)
	require.Len(t, edits, 1)
	assert.Equal(t, "fn g() { 2 }\n", edits[0].New)
}
