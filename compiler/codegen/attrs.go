package codegen

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// importOf is a Python import as the machine and the engine see it.
func (g *generator) importOf(def *resolve.Def) bytecode.Import {
	node := def.Import
	out := bytecode.Import{
		Name: node.Name.Text, Alias: def.Name, Count: -1,
		File: g.file(def.File), Span: def.File.Tree.Items[def.Item].Abs(source.Span{Start: node.Keyword.Start, End: node.Span().End}),
		Attrs: def.File.Items[def.Item].Attrs,
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

// typeText is an annotation in its canonical form: "Hash[String, Int]?".
func typeText(t *syntax.TypeExpr) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(t.Name.Text)
	if len(t.Args) > 0 {
		args := make([]string, len(t.Args))
		for i, arg := range t.Args {
			args[i] = typeText(arg)
		}
		b.WriteString("[" + strings.Join(args, ", ") + "]")
	}
	if t.Optional {
		b.WriteString("?")
	}
	return b.String()
}

// docText is the text of a documentation comment, without its delimiters and the stars at the starts of lines.
func docText(c *syntax.Comment) string {
	if c == nil {
		return ""
	}
	text := strings.TrimSuffix(strings.TrimPrefix(c.Text, "/**"), "*/")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if i > 0 {
			line = strings.TrimPrefix(line, "*")
		}
		lines[i] = strings.TrimRight(strings.TrimPrefix(line, " "), " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
