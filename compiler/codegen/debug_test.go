package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// TestDebugTables holds what debuggers and tracebacks are told: for each instruction its text, "*" before those that start a
// statement, then call sites and locals; and what else a function or an import says of itself.
func TestDebugTables(t *testing.T) {
	testkit.Run(t, "testdata/debug/*.txtar", func(t *testing.T, c *testkit.Case) {
		p := compile(t, "main.hk", c.Read)
		var b strings.Builder
		for i := range p.Funcs {
			describe(&b, p, i)
		}
		for i := range p.Imports {
			im := &p.Imports[i]
			fmt.Fprintf(&b, "import %s %s from %s count %d %+v\n", im.Alias, im.Name, im.Module, im.Count, im.Attrs)
		}
		c.Golden(t, "want/tables", b.String())
	})
}

func describe(b *strings.Builder, p *bytecode.Program, index int) {
	f := &p.Funcs[index]
	file := p.Files[f.File]
	fmt.Fprintf(b, "%s in %s, %s, result %q, doc %q, attributes %+v\n", f.Name, file.Path, excerpt(file.Text, f.Span), f.Result, f.Doc, f.Attrs)
	for _, param := range f.Params {
		fmt.Fprintf(b, "  param %s %q\n", param.Name, param.Type)
	}
	starts := map[int]string{}
	for _, pc := range f.Debug.Statements {
		starts[int(pc)] = "*"
	}
	for pc, in := range f.Code {
		fmt.Fprintf(b, "  %1s%3d %-9s %s\n", starts[pc], pc, in.Op, excerpt(file.Text, f.Debug.Spans[pc]))
	}
	for _, call := range f.Debug.Calls {
		fmt.Fprintf(b, "  call %d %s: %s\n", call.PC, call.Name, excerpt(file.Text, call.Span))
	}
	for _, local := range f.Debug.Locals {
		fmt.Fprintf(b, "  local %s r%d %d..%d\n", local.Name, local.Reg, local.Start, local.End)
	}
}

// excerpt is the text of a span on one line, its middle left out if it is long.
func excerpt(text string, span source.Span) string {
	s := strings.Join(strings.Fields(text[span.Start:span.End]), " ")
	if len(s) > 48 {
		s = s[:24] + " … " + s[len(s)-20:]
	}
	return s
}

// TestDebugTablesAreSound holds of all sources of the repository what every debugger relies on.
func TestDebugTablesAreSound(t *testing.T) {
	all := testkit.Sources(t)
	for name, source := range all {
		p := generated(name, source, all)
		if p == nil {
			continue
		}
		for i := range p.Funcs {
			f := &p.Funcs[i]
			require.Len(t, f.Debug.Spans, len(f.Code), name)
			for _, span := range f.Debug.Spans {
				assert.True(t, f.Span.Covers(span), "%s: %s has an instruction of %v outside of it", name, f.Name, span)
			}
			ascend(t, name, f.Debug.Statements, func(pc uint32) uint32 { return pc })
			ascend(t, name, f.Debug.Calls, func(c bytecode.CallSite) uint32 { return c.PC })
		}
	}
}

func ascend[T any](t *testing.T, name string, table []T, pc func(T) uint32) {
	for i := 1; i < len(table); i++ {
		assert.Less(t, pc(table[i-1]), pc(table[i]), name)
	}
}
