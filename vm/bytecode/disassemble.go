package bytecode

import (
	"fmt"
	"strconv"
	"strings"
)

// The listing of a program:
//
//	import i0 fetch = "src.web" "fetch" 2
//	func f0 fib(n) registers=4 captures=a,b
//	    0  jlti      r0, 2, 0, @2
//	    1  ret       r0
//	  handler 0..5 -> @7 r3
//	export main = f0
//
// Operands come in the order a, b, c, d: registers as r3, instructions as @2, functions as f0, imports as i0, builtins and names of
// variables by name, constants as literals, names of arguments as (x y). What follows " ; " is a comment. Assemble reads this form.

// Disassemble is the listing of a program.
func Disassemble(p *Program) string {
	var b strings.Builder
	for i := range p.Imports {
		im := &p.Imports[i]
		fmt.Fprintf(&b, "import i%d %s = %q %q %d\n", i, im.Alias, im.Module, im.Name, im.Count)
	}
	for i := range p.Funcs {
		b.WriteString(DisassembleFunc(p, i))
	}
	for _, e := range p.Exports {
		letter := "f"
		if e.Import {
			letter = "i"
		}
		fmt.Fprintf(&b, "export %s = %s%d\n", e.Name, letter, e.Func)
	}
	return b.String()
}

// DisassembleFunc is the listing of one function.
func DisassembleFunc(p *Program, index int) string {
	var b strings.Builder
	f := &p.Funcs[index]
	params := make([]string, len(f.Params))
	for i, param := range f.Params {
		params[i] = param.Name
	}
	fmt.Fprintf(&b, "func f%d %s(%s) registers=%d", index, f.Name, strings.Join(params, ", "), f.Registers)
	if len(f.Captures) > 0 {
		fmt.Fprintf(&b, " captures=%s", strings.Join(f.Captures, ","))
	}
	b.WriteByte('\n')
	for pc, in := range f.Code {
		fmt.Fprintf(&b, "  %3d  %s\n", pc, FormatInstr(p, in))
	}
	for _, h := range f.Handlers {
		fmt.Fprintf(&b, "  handler %d..%d -> @%d r%d\n", h.Start, h.End, h.Target, h.Reg)
	}
	return b.String()
}

// FormatInstr is one instruction as in the listing.
func FormatInstr(p *Program, in Instr) string {
	row := &Ops[min(in.Op, opCount-1)]
	if !in.Op.Valid() {
		row = &Row{Name: "illegal"}
	}
	var operands []string
	for i, kind := range row.operands() {
		if kind != None {
			operands = append(operands, formatOperand(p, kind, in.operand(i)))
		}
	}
	text := fmt.Sprintf("%-9s %s", row.Name, strings.Join(operands, ", "))
	if row.D == FuncRef && int(in.D) < len(p.Funcs) && in.D >= 0 && p.Funcs[in.D].Name != "" {
		text += " ; " + p.Funcs[in.D].Name
	}
	return strings.TrimRight(text, " ")
}

// operands are the meanings of a, b, c and d.
func (r *Row) operands() [4]Operand { return [4]Operand{r.A, r.B, r.C, r.D} }

// operand is a, b, c or d.
func (in Instr) operand(i int) int32 {
	return [4]int32{int32(in.A), int32(in.B), int32(in.C), in.D}[i]
}

func formatOperand(p *Program, kind Operand, n int32) string {
	switch kind {
	case Def, Use, UseDef, Window, WindowV, Items, Pairs, Captured, WideUse, WideDef:
		return fmt.Sprintf("r%d", n)
	case Small:
		return strconv.Itoa(int(int8(n)))
	case Target:
		return fmt.Sprintf("@%d", n)
	case FuncRef:
		return fmt.Sprintf("f%d", n)
	case ImportRef:
		return fmt.Sprintf("i%d", n)
	case BuiltinRef:
		if n >= 0 && int(n) < len(Builtins) {
			return Builtins[n].Name
		}
	case ConstRef, NameRef, NamesRef:
		if n >= 0 && int(n) < len(p.Consts) {
			return p.Consts[n].String()
		}
		return "()"
	}
	return strconv.Itoa(int(n))
}

// String is the constant as in the listing.
func (k Const) String() string {
	switch k.Kind {
	case ConstInt:
		return strconv.FormatInt(k.Int, 10)
	case ConstBigInt:
		return k.Text
	case ConstFloat:
		text := strconv.FormatFloat(k.Float, 'g', -1, 64)
		if strings.Trim(text, "-0123456789") == "" {
			text += ".0"
		}
		return text
	case ConstString:
		return strconv.Quote(k.Text)
	case ConstSymbol:
		return ":" + k.Text
	case ConstName:
		return k.Text
	}
	return "(" + strings.Join(k.Names, " ") + ")"
}
