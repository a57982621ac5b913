package ide

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// remove takes away what does not belong where it is.
func (f *fixing) remove() {
	span := f.d.Span
	if span.Len() == 0 && span.Start > 0 { // attributes that stand before nothing
		item := f.file.Tree.ItemAt(span.Start - 1)
		if item == nil {
			return
		}
		if bad, ok := item.Def.(*syntax.BadDef); !ok || len(bad.Attrs) == 0 || !strings.HasSuffix(f.text(item.Span), "]") {
			return
		}
		span = item.Span
	}
	f.add("remove it", diag.Edit{Span: f.statement(span)})
}

// escapeBackslash makes the backslash of an escape that means nothing one that stands for itself.
func (f *fixing) escapeBackslash() {
	if strings.HasPrefix(f.text(f.d.Span), `\`) {
		f.add(`write '\\'`, diag.Insert(f.d.Span.Start, `\`))
	}
}

// closeComment ends the comment at the end of the file.
func (f *fixing) closeComment() {
	text := strings.TrimRight(f.file.Tree.Text, " \t\r\n")
	f.add("add '*/'", diag.Insert(int32(len(text)), " */"))
}

// writeNull writes the value that is none.
func (f *fixing) writeNull() {
	text, at := f.file.Tree.Text, f.d.Span.Start
	null := "null"
	if at > 0 && strings.IndexByte("=<>+-*/%&|,", text[at-1]) >= 0 {
		null = " null"
	}
	f.add("write 'null'", diag.Insert(at, null))
}

// setAside gives one of two parameters of a name another, which says that it is not used.
func (f *fixing) setAside() {
	name := "_" + f.text(f.d.Span)
	f.add("change to '"+name+"'", diag.Edit{Span: f.d.Span, New: name})
	for _, r := range f.d.Related {
		if r.File == "" {
			f.add("change the other one to '"+name+"'", diag.Edit{Span: r.Span, New: name})
		}
	}
}

// makeList makes a List of several values in parentheses.
func (f *fixing) makeList() {
	paren := around[*syntax.Paren](f)
	if paren == nil {
		return
	}
	span := f.abs(paren)
	if text := f.text(span); strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") && len(text) > 2 {
		f.add("make it a List", diag.Edit{Span: source.Span{Start: span.Start, End: span.Start + 1}, New: "["},
			diag.Edit{Span: source.Span{Start: span.End - 1, End: span.End}, New: "]"})
	}
}

// intoMain puts what stands outside of all functions at the beginning of main, which is written if there is none.
func (f *fixing) intoMain() {
	if f.item < 0 {
		return
	}
	span := f.file.Tree.Items[f.item].Span
	text := strings.TrimRight(f.text(span), "; \t\r\n")
	def := f.file.Scope.Def("main")
	switch {
	case def == nil:
		f.add("put it into 'main'", diag.Edit{Span: f.statement(span), New: "fn main() {\n  " + text + "\n}\n"})
	case def.Func != nil && def.Func.Body != nil:
		if _, item := f.s.program.Locate(def); item != nil && item.Def == def.Func {
			f.add("put it into 'main'", diag.Edit{Span: f.statement(span)}, diag.Insert(item.Abs(def.Func.Body.Open).End, "\n  "+text+";"))
		}
	}
}

// knownType writes the type that is most like one that there is none of, else the one that is all of them.
func (f *fixing) knownType() {
	if near := resolve.Nearest(f.text(f.d.Span), slices.Values(typeNames)); near != "" {
		f.add("write '"+near+"'", diag.Edit{Span: f.d.Span, New: near})
	}
	f.add("write 'Any'", diag.Edit{Span: f.d.Span, New: "Any"})
}

// typeArguments completes the arguments of a type, or takes away what it has none of.
func (f *fixing) typeArguments() {
	expr := around[*syntax.TypeExpr](f)
	if expr == nil || expr.Name == nil {
		return
	}
	if text := f.text(f.d.Span); expr.Name.Text == "Hash" && len(expr.Args) == 1 && strings.HasSuffix(text, "]") {
		f.add("add the type of the values", diag.Insert(f.d.Span.End-1, ", Any"))
	}
	f.add("remove the arguments", diag.Edit{Span: f.d.Span})
}

// resultType annotates a function with the type that it gives.
func (f *fixing) resultType() {
	def := around[*syntax.FuncDef](f)
	if def == nil || def.Result == nil || def.Body == nil || len(def.Body.Exprs) == 0 {
		return
	}
	t := f.s.types.Item(f.file, f.item).Of(def.Body.Exprs[len(def.Body.Exprs)-1]).String()
	if strings.Contains(t, "|") || t == "Never" {
		t = "Any" // what the notation cannot say
	}
	f.add("change the annotation to '"+t+"'", diag.Edit{Span: f.abs(def.Result), New: t})
}
