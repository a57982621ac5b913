package ide

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// remove takes away what does not belong where it is.
func (f *fixing) remove() {
	if f.d.Span.Len() > 0 {
		f.add("remove it", diag.Edit{Span: f.statement(f.d.Span)})
	}
}

// escapeBackslash makes the backslash of an escape that means nothing one that stands for itself.
func (f *fixing) escapeBackslash() {
	if strings.HasPrefix(f.text(f.d.Span), `\`) {
		f.add(`write '\\'`, insertAt(f.d.Span.Start, `\`))
	}
}

// closeComment ends the comment at the end of the file.
func (f *fixing) closeComment() {
	text := strings.TrimRight(f.file.Tree.Text, " \t\r\n")
	f.add("add '*/'", insertAt(int32(len(text)), " */"))
}

// writeNull writes the value that is none.
func (f *fixing) writeNull() {
	text, at := f.file.Tree.Text, f.d.Span.Start
	null := "null"
	if at > 0 && strings.IndexByte("=<>+-*/%&|,", text[at-1]) >= 0 {
		null = " null"
	}
	f.add("write 'null'", diag.Edit{Span: source.Span{Start: at, End: at}, New: null})
}

// lowerCase has a name begin as names do.
func (f *fixing) lowerCase() {
	name := f.text(f.d.Span)
	if name == "" {
		return
	}
	if small := strings.ToLower(name[:1]) + name[1:]; small != name && isName(small) {
		f.add("change to '"+small+"'", diag.Edit{Span: f.d.Span, New: small})
	}
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
