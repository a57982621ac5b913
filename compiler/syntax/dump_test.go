package syntax

import (
	"fmt"
	"strconv"
	"strings"
)

// The tree as S-expressions, without positions: an item per paragraph, and a line for each expression of a block.

type dumper struct {
	strings.Builder
	indent int
}

func dump(f *File) string {
	var d dumper
	for _, item := range f.Items {
		d.def(item.Def)
		d.WriteString("\n")
	}
	return d.String()
}

func (d *dumper) line() { d.WriteString("\n" + strings.Repeat("  ", d.indent)) }

func (d *dumper) def(def Def) {
	switch def := def.(type) {
	case *FuncDef:
		d.attrs(def.Doc, def.Attrs)
		fmt.Fprintf(d, "(fn %s ", def.Name.Text)
		d.params(def.Params)
		if def.Result != nil {
			fmt.Fprintf(d, " -> %s", def.Result)
		}
		d.block(def.Body)
		d.WriteString(")")
	case *ImportDef:
		d.attrs(def.Doc, def.Attrs)
		fmt.Fprintf(d, "(import %s %s %s", nameText(def.Name), map[ImportLanguage]string{Python: ":python", Hark: ":hark"}[def.Language], nameText(def.Module))
		if def.Count != nil {
			d.WriteString(" " + def.Count.Text)
		}
		if def.Alias != nil {
			d.WriteString(" as " + nameText(def.Alias))
		}
		d.WriteString(")")
	default:
		d.WriteString("(bad)")
	}
}

func (d *dumper) attrs(doc *Comment, attrs []*Attr) {
	if doc != nil {
		fmt.Fprintf(d, "(doc %q)\n", strings.Join(strings.Fields(doc.Text), " "))
	}
	for _, a := range attrs {
		fmt.Fprintf(d, "#[%s", a.Name.Text)
		for _, arg := range a.Args {
			d.WriteString(" ")
			if arg.Key != nil {
				d.WriteString(arg.Key.Text + "=")
			}
			d.expr(arg.Value)
		}
		d.WriteString("]\n")
	}
}

func nameText(n *Name) string {
	switch {
	case n.Quoted:
		return strconv.Quote(n.Text)
	case n.Text == "":
		return "<missing>"
	}
	return n.Text
}

func (d *dumper) params(params []*Param) {
	d.WriteString("(")
	for i, p := range params {
		if i > 0 {
			d.WriteString(" ")
		}
		d.WriteString(nameText(p.Name))
		if p.Type != nil {
			d.WriteString(":" + p.Type.String())
		}
	}
	d.WriteString(")")
}

func (d *dumper) block(b *Block) {
	if b == nil {
		d.WriteString(" <missing>")
		return
	}
	d.indent++
	for _, e := range b.Exprs {
		d.line()
		d.expr(e)
	}
	if len(b.Exprs) == 0 {
		d.line()
		d.WriteString("<empty>")
	}
	d.indent--
}

func (d *dumper) list(head string, exprs ...Expr) {
	d.WriteString("(" + head)
	for _, e := range exprs {
		d.WriteString(" ")
		d.expr(e)
	}
	d.WriteString(")")
}

func (d *dumper) expr(e Expr) {
	switch e := e.(type) {
	case *Bad:
		d.WriteString("<bad>")
	case *Ident:
		d.WriteString(e.Name)
	case *NumberLit:
		d.WriteString(e.Text)
		if e.Float {
			d.WriteString("f")
		}
	case *StringLit:
		d.WriteString(strconv.Quote(e.Value))
	case *SymbolLit:
		d.WriteString(":" + e.Name)
	case *BoolLit:
		fmt.Fprint(d, e.Value)
	case *NullLit:
		d.WriteString("null")
	default:
		d.compound(e)
	}
}

func (d *dumper) compound(e Expr) {
	switch e := e.(type) {
	case *ListLit:
		d.list("list", e.Elems...)
	case *HashLit:
		d.WriteString("(hash")
		for _, pair := range e.Pairs {
			d.WriteString(" ")
			d.list("", pair.Key, pair.Value)
		}
		d.WriteString(")")
	case *Paren:
		d.list("paren", e.Inner)
	case *Call:
		d.call(e)
	case *Assign:
		d.list("= "+nameText(e.Name), e.Value)
	case *Binary:
		d.list(e.Op.String(), e.X, e.Y)
	case *Unary:
		d.list(e.Op.String(), e.X)
	case *Async:
		d.list("async", e.Operand)
	case *Await:
		d.list("await", e.Operand)
	default:
		d.withBlocks(e)
	}
}

func (d *dumper) call(e *Call) {
	d.WriteString("(call ")
	d.expr(e.Callee)
	for _, arg := range e.Args {
		d.WriteString(" ")
		if arg.Name != nil {
			d.WriteString(":" + arg.Name.Text + "=")
		}
		d.expr(arg.Value)
	}
	d.WriteString(")")
}

func (d *dumper) withBlocks(e Expr) {
	switch e := e.(type) {
	case *If:
		for i, arm := range e.Arms {
			if i > 0 {
				d.line()
			}
			d.WriteString(map[bool]string{true: "(if ", false: "elif "}[i == 0])
			d.expr(arm.Cond)
			d.block(arm.Then)
		}
		if e.Else != nil {
			d.line()
			d.WriteString("else")
			d.block(e.Else)
		}
		d.WriteString(")")
	case *Try:
		d.WriteString("(try")
		d.block(e.Body)
		d.line()
		d.WriteString("catch " + nameText(e.Name))
		d.block(e.Catch)
		d.WriteString(")")
	case *Lambda:
		d.WriteString("(lambda ")
		d.params(e.Params)
		d.block(e.Body)
		d.WriteString(")")
	}
}
