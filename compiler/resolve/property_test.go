package resolve_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Whatever the text is, each name means something that exists or is reported, and diagnostics lie within the text.
func FuzzLoad(f *testing.F) {
	for _, text := range testkit.Sources(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := load(text)
		file := p.Entry()
		for i, info := range file.Items {
			checkItem(t, file.Tree.Items[i], info)
		}
		checkDiagnostics(t, p, file)
	})
}

func checkItem(t *testing.T, item *syntax.Item, info *resolve.Info) {
	for _, fn := range info.Funcs {
		require.LessOrEqual(t, fn.Params, len(fn.Locals))
		for _, captured := range fn.Captures {
			checkBinding(t, fn.Parent, captured.From)
		}
		if fn.Block() != nil {
			checkUses(t, item, info, fn)
		}
	}
}

// checkUses checks every name in a function, those in lambdas excepted, which are functions of their own.
func checkUses(t *testing.T, item *syntax.Item, info *resolve.Info, fn *resolve.Func) {
	syntax.Walk(fn.Block(), func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Lambda:
			require.NotNil(t, info.Func(n))
			return false
		case *syntax.Ident:
			if b := info.Binding(n); b != nil {
				checkBinding(t, fn, b)
			}
		case *syntax.Assign:
			if b := info.Binding(n.Name); n.Name.Text != "" {
				require.Equal(t, n.Name.Text, fn.Locals[b.Index].Name)
			}
		}
		return true
	})
}

func checkBinding(t *testing.T, fn *resolve.Func, b *resolve.Binding) {
	require.NotZero(t, b.State)
	switch b.Kind {
	case resolve.Local:
		require.Less(t, b.Index, len(fn.Locals))
		require.True(t, b.State != resolve.Maybe || fn.Locals[b.Index].MaybeUnset)
	case resolve.Capture:
		require.Less(t, b.Index, len(fn.Captures))
		require.Equal(t, b.State, fn.Captures[b.Index].State)
	case resolve.Self:
		require.True(t, fn.Lambda != nil && fn.UsesSelf)
	case resolve.Function, resolve.Import:
		require.NotNil(t, b.Def.Target)
	}
	if b.Outer != nil {
		require.Equal(t, resolve.Maybe, b.State)
		require.True(t, b.Outer.Kind != resolve.Local && b.Outer.State != resolve.Unset)
		checkBinding(t, fn, b.Outer)
	}
}

func checkDiagnostics(t *testing.T, p *resolve.Program, file *resolve.File) {
	end := int32(len(file.Tree.Text))
	last := int32(0)
	for _, d := range p.DiagnosticsOf(file) {
		require.True(t, last <= d.Span.Start && d.Span.Start <= d.Span.End && d.Span.End <= end, "%s at %v", d.Code, d.Span)
		last = d.Span.Start
		for _, fix := range d.Fixes {
			for _, edit := range fix.Edits {
				require.True(t, 0 <= edit.Span.Start && edit.Span.Start <= edit.Span.End && edit.Span.End <= end)
			}
		}
	}
}

// Every fix of this package's diagnostics takes its problem away and breaks nothing: no error is there that was not before.
func TestFixes(t *testing.T) {
	for name, text := range testkit.Sources(t) {
		p := load(text)
		entry, before := p.Entry(), p.DiagnosticsOf(p.Entry())
		if slices.ContainsFunc(entry.Tree.Problems, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			continue
		}
		for _, d := range before {
			if d.Code < 100 {
				continue // the syntax's own
			}
			for _, fix := range d.Fixes {
				fixed := load(apply(text, fix))
				after := fixed.DiagnosticsOf(fixed.Entry())
				what := fmt.Sprintf("%s: %s %q: %s", name, d.Code, d.Message, fix.Title)
				fewer := len(after) < len(before)
				require.True(t, fewer || !fix.Certain && count(after, d.Code) < count(before, d.Code), what)
			}
		}
	}
}

func count(all []diag.Diagnostic, code diag.Code) int {
	n := 0
	for _, d := range all {
		if d.Code == code || d.Code < 100 { // whatever breaks the syntax counts against the fix
			n++
		}
	}
	return n
}

func apply(text string, fix diag.Fix) string {
	edits := slices.Clone(fix.Edits)
	slices.SortFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	for _, e := range edits {
		text = text[:e.Span.Start] + e.New + text[e.Span.End:]
	}
	return text
}

// Chains as long as a file are no danger, and take time in proportion.
func TestLongChains(t *testing.T) {
	const n = 100_000
	for name, text := range map[string]string{
		"sum":     "fn main(x) { x" + strings.Repeat(" + x", n) + " }",
		"and":     "fn main(x) { x" + strings.Repeat(" && x", n) + " }",
		"else if": "fn main(x) { if x { y = 1 }" + strings.Repeat(" else if x { y = 2 }", n) + "; y }",
		"calls":   "fn main(x) { x" + strings.Repeat("(x)", n) + " }",
		"locals":  "fn main() { " + locals(2000) + " 1 }",
		"lambdas": "fn main(x) { f0 = 1; " + strings.Repeat("g = lambda() { f0 + x }; g();", n/10) + " 1 }",
		"typos":   "fn main(x) { " + strings.Repeat("xyzzy;", n/10) + " x }",
	} {
		t.Run(name, func(t *testing.T) { load(text).Diagnostics() })
	}
}

func locals(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "if true { a%d = %d };", i, i)
	}
	return b.String()
}
