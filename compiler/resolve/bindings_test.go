package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What the generator builds on: each function with its locals and captures, and each use and assignment of a name with its meaning.
// A section NAME.hk has its listing in NAME.want.
func TestBindings(t *testing.T) {
	testkit.Run(t, "testdata/bindings/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			if stem, ok := strings.CutSuffix(name, ".hk"); ok {
				p := resolve.Load(name, c.Read)
				c.Golden(t, stem+".want", bindings(p, p.Entry()))
			}
		}
	})
}

func bindings(p *resolve.Program, file *resolve.File) string {
	l := &listing{file: file, lines: source.NewLines(file.Tree.Text)}
	for i, info := range file.Items {
		l.item, l.info = file.Tree.Items[i], info
		for _, fn := range info.Funcs {
			l.function(fn)
		}
	}
	for _, d := range p.DiagnosticsOf(file) {
		line, _ := l.lines.OffsetColumn(d.Span.Start)
		fmt.Fprintf(&l.out, "%d: %s %s\n", line+1, d.Code, d.Message)
	}
	return l.out.String()
}

type listing struct {
	file  *resolve.File
	lines *source.Lines
	item  *syntax.Item
	info  *resolve.Info
	out   strings.Builder
}

func (l *listing) function(fn *resolve.Func) {
	kind := "fn"
	if fn.Lambda != nil {
		kind = "lambda"
	}
	fmt.Fprintf(&l.out, "%s %s(%d)%s\n", kind, fn.Name, fn.Params, map[bool]string{true: " uses itself"}[fn.UsesSelf])
	for i, local := range fn.Locals {
		fmt.Fprintf(&l.out, "  local %d %s: %d reads, %d writes%s\n", i, local.Name, local.Reads, local.Writes,
			map[bool]string{true: ", maybe unset"}[local.MaybeUnset])
	}
	for i, captured := range fn.Captures {
		fmt.Fprintf(&l.out, "  capture %d %s %s from %s\n", i, captured.Name, states[captured.State], meaning(captured.From))
	}
	if fn.Block() == nil {
		return
	}
	syntax.Walk(fn.Block(), func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Lambda:
			return false
		case *syntax.Ident:
			l.use(n, n.Name, "")
		case *syntax.Assign:
			l.use(n.Name, n.Name.Text, " =")
		case *syntax.Try:
			l.use(n.Name, n.Name.Text, " caught")
		case *syntax.Call:
			if slots := l.info.Slots(n); slots != nil {
				fmt.Fprintf(&l.out, "  %s call with slots %v\n", l.place(n), slots)
			}
		}
		return true
	})
}

func (l *listing) place(n syntax.Node) string {
	line, column := l.lines.OffsetColumn(l.item.Abs(n.Span()).Start)
	return fmt.Sprintf("%d:%d", line+1, column+1)
}

func (l *listing) use(n syntax.Node, name, how string) {
	fmt.Fprintf(&l.out, "  %s %s%s: %s\n", l.place(n), name, how, meaning(l.info.Binding(n)))
}

var states = map[resolve.State]string{resolve.Set: "set", resolve.Maybe: "maybe", resolve.Unset: "unset"}

func meaning(b *resolve.Binding) string {
	if b == nil {
		return "nothing"
	}
	text := ""
	switch b.Kind {
	case resolve.Local:
		text = fmt.Sprintf("local %d %s", b.Index, states[b.State])
	case resolve.Capture:
		text = fmt.Sprintf("capture %d %s", b.Index, states[b.State])
	case resolve.Self:
		text = "self"
	case resolve.Function:
		text = fmt.Sprintf("function %s of %s", b.Def.Target.Name, b.Def.Target.Path)
	case resolve.Import:
		text = fmt.Sprintf("import %s of %s", b.Def.Target.Import.Name.Text, b.Def.Target.Import.Module.Text)
	case resolve.Builtin:
		text = "builtin " + bytecode.Builtins[b.Index].Name
	case resolve.Missing:
		text = "missing"
	}
	if b.Outer != nil {
		text += ", else " + meaning(b.Outer)
	}
	return text
}
