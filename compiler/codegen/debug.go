package codegen

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// longestName is the longest text of a callee, in bytes, that names a call site.
const longestName = 40

// site records that the next instruction is a call of this name.
func (f *function) site(name string) {
	f.debug.Calls = append(f.debug.Calls, bytecode.CallSite{PC: uint32(f.pc()), Name: name, Span: f.span})
}

// calleeName is the callee as written, as far as that is a name and not a text.
func (f *function) calleeName(callee syntax.Expr) string {
	if ident, ok := callee.(*syntax.Ident); ok {
		return ident.Name
	}
	span := f.item.Abs(callee.Span())
	text := f.unit.file.Tree.Text[span.Start:span.End]
	if len(text) > longestName || strings.ContainsAny(text, "\r\n") {
		return "(…)"
	}
	return text
}

// locals says where the locals are. One that nothing writes has no place.
func (f *function) locals() []bytecode.Local {
	end := uint32(f.pc())
	locals := make([]bytecode.Local, 0, len(f.homes))
	for i, home := range f.homes {
		if start := f.starts[i]; start < end {
			locals = append(locals, bytecode.Local{
				Name: f.fn.Locals[i].Name, Reg: uint32(home), Start: start, End: end, Param: i < f.fn.Params,
			})
		}
	}
	return locals
}

// holds records that from here on the register of a local is its.
func (f *function) holds(local int) { f.starts[local] = min(f.starts[local], uint32(f.pc())) }
