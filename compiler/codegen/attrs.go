package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// importOf is a Python import as the machine and the engine see it.
func (g *generator) importOf(def *resolve.Def) bytecode.Import {
	file, item := g.from.Locate(def)
	node := item.Def.(*syntax.ImportDef)
	out := bytecode.Import{
		Name: node.Name.Text, Alias: def.Name, Count: -1,
		File: g.file(file), Span: item.Abs(source.Span{Start: node.Keyword.Start, End: node.Span().End}),
		Attrs: g.from.Info(def).Attrs,
	}
	if node.Module != nil {
		out.Module = node.Module.Text
	}
	if node.Count != nil {
		if n, ok := smallOf(node.Count, 0, 1<<31-1); ok {
			out.Count = int32(n)
		}
	}
	return out
}

// typeText is an annotation in its canonical form, "" for none.
func typeText(t *syntax.TypeExpr) string {
	if t == nil {
		return ""
	}
	return t.String()
}
