package ide_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/play"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
)

// What changes the form of a program keeps its meaning: random programs show the same before and after.

// meaning is what a program shows: its output, then its result, or the error that ended it, without the places in it.
func meaning(t *testing.T, text string) string {
	t.Helper()
	p := resolve.Load("main.hk", func(path string) (string, error) {
		if path == "main.hk" {
			return text, nil
		}
		return "", fs.ErrNotExist
	})
	require.False(t, p.Stops(), text)
	shown := play.Main(t, codegen.Generate(p), 0)
	end := ""
	if shown.Fault != nil {
		end = shown.Fault.Kind + ": " + shown.Fault.Message
	} else {
		end = vm.Literal(shown.Value)
	}
	return placeless.ReplaceAllString(shown.Output+end, "")
}

// placeless is what errors say of their places, and lambdas of the names that they are assigned to.
var placeless = regexp.MustCompile(`<fn [^>]*>|"(function|line|traceback|file)": ("[^"]*"|\d+|null|\[[^\]]*\]),?`)

// pieces are the expressions of a file, and the runs of expressions in its blocks.
func pieces(file *resolve.File) []source.Span {
	var all []source.Span
	for _, item := range file.Tree.Items {
		def, ok := item.Def.(*syntax.FuncDef)
		if !ok || def.Body == nil {
			continue
		}
		syntax.Walk(def.Body, func(n syntax.Node) bool {
			if _, ok := n.(syntax.Expr); ok {
				all = append(all, item.Abs(n.Span()))
			}
			if block, ok := n.(*syntax.Block); ok {
				for i := range block.Exprs {
					for j := i + 1; j < len(block.Exprs); j++ {
						all = append(all, item.Abs(source.Span{Start: block.Exprs[i].Span().Start, End: block.Exprs[j].Span().End}))
					}
				}
			}
			return true
		})
	}
	return all
}

// names are where locals are bound.
func locals(file *resolve.File) []source.Span {
	var all []source.Span
	for i, item := range file.Tree.Items {
		for _, fn := range file.Items[i].Funcs {
			for _, local := range fn.Locals {
				all = append(all, item.Abs(local.Decl.Span()))
			}
		}
	}
	return all
}

// tryAll applies each action of a kind at some places to a program, which still shows the same. It is how many there were, and how many
// were refused.
func tryAll(t *testing.T, what, text string, kind ide.ActionKind, places func(*resolve.File) []source.Span) (done, refused int) {
	s := ide.NewSnapshot(projectWith(map[string]string{"main.hk": text}))
	spans := places(s.Program().Entry())
	want := meaning(t, text)
	for i, span := range spans {
		if len(spans) > 40 && i%(len(spans)/40) != 0 {
			continue
		}
		for _, action := range ide.Actions(s, "main.hk", span, only(kind)) {
			if action.Disabled != "" {
				refused++
				continue
			}
			done++
			after := applied(text, action.Files[0].Edits)
			require.Equal(t, want, meaning(t, after), "%s: %s of %q\n%s\n=====\n%s", what, action.Title, text[span.Start:span.End], text, after)
		}
	}
	return done, refused
}

func TestExtractKeepsTheMeaning(t *testing.T) {
	keepsTheMeaning(t, ide.Extract, pieces)
}

func TestInlineKeepsTheMeaning(t *testing.T) {
	keepsTheMeaning(t, ide.Inline, locals)
}

func keepsTheMeaning(t *testing.T, kind ide.ActionKind, places func(*resolve.File) []source.Span) {
	done, refused := 0, 0
	for seed := range uint64(testkit.Amount(60, 12)) {
		text := progen.Program(seed, progen.Options{Threads: seed%2 == 0, Output: seed%3 != 0})
		d, r := tryAll(t, fmt.Sprint("seed ", seed), text, kind, places)
		done, refused = done+d, refused+r
	}
	t.Logf("%d done, %d refused", done, refused)
	assert.Greater(t, done, testkit.Amount(50, 5))
	assert.Greater(t, refused, testkit.Amount(5, 0))
}

// Whatever the text and the selection are, actions come to an end, and their edits lie in the text, in order and apart.
func FuzzActions(f *testing.F) {
	for _, text := range testkit.Sources(f) {
		if len(text) < 3000 {
			f.Add(text, uint16(len(text)/3), uint16(len(text)/9))
			f.Add(text[:len(text)/2], uint16(len(text)/4), uint16(0))
		}
	}
	f.Fuzz(func(t *testing.T, text string, start, length uint16) {
		s := ide.NewSnapshot(projectWith(map[string]string{"main.hk": text, "src/m.py": "def f(a): pass\n"}))
		span := source.Span{Start: int32(start), End: int32(start) + int32(length)}
		for _, action := range ide.Actions(s, "main.hk", span, everyKind) {
			require.NotEmpty(t, action.Title)
			require.True(t, (action.Disabled == "") == (len(action.Files) > 0), "%s: %s", action.Title, action.Disabled)
			for _, file := range action.Files {
				at := int32(0)
				for _, e := range file.Edits {
					require.True(t, at <= e.Span.Start && e.Span.Start <= e.Span.End && int(e.Span.End) <= len(s.Text(file.Path)), "%s", action.Title)
					at = e.Span.End
				}
			}
		}
	})
}
