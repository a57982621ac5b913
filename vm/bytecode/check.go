package bytecode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/internal/source"
)

// The part of verification that looks at each thing by itself: indices, kinds, operands.

// Exported errors of verification that callers tell apart.
var (
	// ErrSemantics: the program's semantics number is not the machine's.
	ErrSemantics = errors.New("the program was made by another version")
)

func checkProgram(p *Program) error {
	if p.Semantics != Semantics {
		return fmt.Errorf("%w: it has semantics number %d, and this hark-ls has %d; a hark-ls of which 'hark-ls version' says semantics %d can run it",
			ErrSemantics, p.Semantics, Semantics, p.Semantics)
	}
	for i := range p.Consts {
		if err := checkConst(&p.Consts[i]); err != nil {
			return fmt.Errorf("constant %d: %w", i, err)
		}
	}
	for i := range p.Imports {
		im := &p.Imports[i]
		if err := p.checkSpan(im.File, im.Span); err != nil {
			return fmt.Errorf("import %d: %w", i, err)
		}
	}
	for i, e := range p.Exports {
		if err := p.checkExport(e); err != nil {
			return fmt.Errorf("export %d '%s': %w", i, e.Name, err)
		}
	}
	return nil
}

func (p *Program) checkExport(e Export) error {
	if e.Import {
		return below("import", e.Func, len(p.Imports))
	}
	if err := below("function", e.Func, len(p.Funcs)); err != nil {
		return err
	}
	if len(p.Funcs[e.Func].Captures) > 0 {
		return errors.New("a function with captures")
	}
	return nil
}

func below(what string, index uint32, length int) error {
	if int64(index) >= int64(length) {
		return fmt.Errorf("%s %d of %d", what, index, length)
	}
	return nil
}

func (p *Program) checkSpan(file uint32, span source.Span) error {
	if err := below("file", file, len(p.Files)); err != nil {
		return err
	}
	if span.Start < 0 || span.End < span.Start || int(span.End) > len(p.Files[file].Text) {
		return fmt.Errorf("span %d-%d outside of the file", span.Start, span.End)
	}
	return nil
}

// maxIntText is the length of the text of the largest Int that the machine has, one of 2^22 bits with a sign.
const maxIntText = 1_262_613

func checkConst(k *Const) error {
	switch k.Kind {
	case ConstInt, ConstFloat, ConstName, ConstNames:
		return nil
	case ConstString, ConstSymbol:
		if !utf8.ValidString(k.Text) {
			return errors.New("text that is not UTF-8")
		}
		return nil
	case ConstBigInt:
		return checkBigInt(k.Text)
	}
	return fmt.Errorf("unknown kind %d", k.Kind)
}

// checkBigInt checks the text of an Int beyond 64 bits, without the work of reading it.
func checkBigInt(text string) error {
	digits := strings.TrimPrefix(text, "-")
	_, err := strconv.ParseInt(text, 10, 64)
	switch {
	case len(text) > maxIntText:
		return fmt.Errorf("an Int of more than %d digits", maxIntText)
	case !errors.Is(err, strconv.ErrRange), digits[0] == '0', strings.Trim(digits, "0123456789") != "":
		return errors.New("not a canonical Int beyond 64 bits")
	}
	return nil
}

// checkShape checks what a function has besides instructions.
func (v *verifier) checkShape() error {
	f := v.f
	switch {
	case f.Registers > maxRegisters:
		return fmt.Errorf("%d registers, more than %d", f.Registers, maxRegisters)
	case len(f.Params) > maxParams || len(f.Params) > int(f.Registers):
		return fmt.Errorf("%d parameters in %d registers", len(f.Params), f.Registers)
	case len(f.Captures) > maxParams:
		return fmt.Errorf("%d captures", len(f.Captures))
	case (len(f.Code)+1)*(int(f.Registers)/64+1) > maxFlow:
		return errors.New("the function is too large")
	}
	if err := v.program.checkSpan(f.File, f.Span); err != nil {
		return err
	}
	for i, h := range f.Handlers {
		if h.Start >= h.End || int(h.End) > len(f.Code) || h.Target < h.End || int(h.Target) >= len(f.Code) || h.Reg >= f.Registers {
			return fmt.Errorf("handler %d: %d..%d to %d in register %d", i, h.Start, h.End, h.Target, h.Reg)
		}
	}
	return v.checkDebug()
}

func (v *verifier) checkDebug() error {
	f, d, n := v.f, &v.f.Debug, uint32(len(v.f.Code))
	if len(d.Spans) != len(f.Code) {
		return fmt.Errorf("%d spans for %d instructions", len(d.Spans), len(f.Code))
	}
	for i, span := range d.Spans {
		if err := v.program.checkSpan(f.File, span); err != nil {
			return fmt.Errorf("span of instruction %d: %w", i, err)
		}
	}
	for i, pc := range d.Statements {
		if pc >= n || i > 0 && d.Statements[i-1] >= pc {
			return fmt.Errorf("statement %d at instruction %d", i, pc)
		}
	}
	for i, c := range d.Calls {
		if c.PC >= n || i > 0 && d.Calls[i-1].PC > c.PC {
			return fmt.Errorf("call site %d at instruction %d", i, c.PC)
		}
		if err := v.program.checkSpan(f.File, c.Span); err != nil {
			return fmt.Errorf("call site %d: %w", i, err)
		}
	}
	for _, l := range d.Locals {
		if l.Reg >= f.Registers || l.Start > l.End || l.End > n {
			return fmt.Errorf("local '%s' in register %d from %d to %d", l.Name, l.Reg, l.Start, l.End)
		}
	}
	return nil
}

// checkInstr checks an instruction's operands, and, if a way leads to it, that what it reads has been written.
func (v *verifier) checkInstr(pc int, in Instr) error {
	if !in.Op.Valid() {
		return fmt.Errorf("operation %d", in.Op)
	}
	row := &Ops[in.Op]
	for i, kind := range row.operands() {
		if err := v.checkOperand(pc, in, kind, in.operand(i)); err != nil {
			return fmt.Errorf("operand %c: %w", 'a'+rune(i), err)
		}
	}
	if in.Op == LOOP && v.live {
		return v.reads(0, len(v.f.Params))
	}
	return v.checkCallee(in, row)
}

func (v *verifier) checkOperand(pc int, in Instr, kind Operand, n int32) error {
	switch kind {
	case None:
		if n != 0 {
			return fmt.Errorf("%d where nothing is meant", n)
		}
	case Def, WideDef:
		return v.register(n)
	case Use, UseDef, WideUse:
		return v.reads(int(n), 1)
	case Window:
		return v.reads(int(n), int(in.B), v.register(n))
	case WindowV:
		return v.reads(int(n), int(in.B)+1)
	case Items:
		return v.reads(int(n), int(in.C))
	case Pairs:
		return v.reads(int(n), 2*int(in.C))
	case Flag:
		if n > 1 {
			return fmt.Errorf("%d is no flag", n)
		}
	case Target:
		if int(n) <= pc || int(n) >= len(v.f.Code) {
			return fmt.Errorf("jump from %d to %d, which is not forward in the function", pc, n)
		}
	case ConstRef, NameRef, NamesRef:
		return v.checkConstRef(kind, in, n)
	case FuncRef:
		return below("function", uint32(n), len(v.program.Funcs))
	case ImportRef:
		return below("import", uint32(n), len(v.program.Imports))
	case BuiltinRef:
		return below("builtin", uint32(n), len(Builtins))
	case CaptureRef:
		return below("capture", uint32(n), len(v.f.Captures))
	}
	return nil
}

func (v *verifier) register(n int32) error { return below("register", uint32(n), int(v.f.Registers)) }

// reads checks that registers from first on exist and, if a way leads here, are assigned. An earlier error goes first.
func (v *verifier) reads(first, count int, earlier ...error) error {
	if err := errors.Join(earlier...); err != nil {
		return err
	}
	if first < 0 || first+count > int(v.f.Registers) {
		return fmt.Errorf("registers %d to %d of %d", first, first+count-1, v.f.Registers)
	}
	for r := first; r < first+count && v.live; r++ {
		if !v.now.has(r) {
			return fmt.Errorf("register %d is read, but not certainly written before", r)
		}
	}
	return nil
}

func (v *verifier) checkConstRef(kind Operand, in Instr, n int32) error {
	if kind == NamesRef && n == -1 {
		return nil
	}
	if err := below("constant", uint32(n), len(v.program.Consts)); err != nil {
		return err
	}
	k := &v.program.Consts[n]
	is := k.Kind != ConstName && k.Kind != ConstNames
	switch kind {
	case NameRef:
		is = k.Kind == ConstName
	case NamesRef:
		is = k.Kind == ConstNames && len(k.Names) > 0 && len(k.Names) <= int(in.B)
	}
	if !is {
		return fmt.Errorf("constant %d is of the wrong kind", n)
	}
	return nil
}

// checkCallee checks that a call fits the function it names.
func (v *verifier) checkCallee(in Instr, row *Row) error {
	switch in.Op {
	case CALL, TAILCALL:
		f := &v.program.Funcs[in.D]
		if len(f.Params) != int(in.B) || len(f.Captures) > 0 {
			return fmt.Errorf("call of f%d with %d arguments: it has %d parameters and %d captures", in.D, in.B, len(f.Params), len(f.Captures))
		}
	case FUNC:
		if len(v.program.Funcs[in.D].Captures) > 0 {
			return fmt.Errorf("f%d has captures", in.D)
		}
	case CLOSURE:
		return v.reads(int(in.B), len(v.program.Funcs[in.D].Captures))
	case CALLB, CALLB1, CALLB2:
		n := int(in.B)
		if row.A != Window {
			n = int(in.Op-CALLB1) + 1
		}
		if !Builtins[in.D].Accepts(n) {
			return fmt.Errorf("'%s' does not take %d arguments", Builtins[in.D].Name, n)
		}
	}
	return nil
}
