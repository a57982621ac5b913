package types_test

import (
	"testing"

	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Whatever a text is, types are found in it, again after an edit, and what is wrong lies in the text.
func FuzzInfer(f *testing.F) {
	for _, text := range testkit.Sources(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := load(text)
		facts := types.Infer(p, nil, nil, nil)
		facts = types.Infer(load(text+"\nfn f(x) { x + 1 }"), nil, facts, nil)
		facts = types.Infer(p, nil, facts, nil)
		for _, d := range facts.Diagnostics(p.Entry()) {
			if d.Span.Start < 0 || int(d.Span.End) > len(text) || d.Span.Start > d.Span.End {
				t.Errorf("%v", d)
			}
			for _, fix := range d.Fixes {
				for _, e := range fix.Edits {
					if e.Span.Start < 0 || int(e.Span.End) > len(text) || e.Span.Start > e.Span.End {
						t.Errorf("%v", fix)
					}
				}
			}
		}
	})
}
