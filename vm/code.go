package vm

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Code is a program made executable. Any number of machines share it, in parallel.
//
// The instructions of all functions lie in one array, so that a position in the program is one number and moving between
// functions is arithmetic on it. Jumps hold positions in that array. The array begins with the stub, a function that is
// not in the program: a thread whose first function is a builtin, or cannot be called, begins there.
type Code struct {
	program *bytecode.Program
	facts   *bytecode.Facts
	instrs  []bytecode.Instr
	// funcs are the program's functions by index, and the stub behind them.
	funcs  []funcInfo
	starts []uint32 // of funcs in the order of the array: the stub, then the program's
	consts []Value
	// numbers has the indices of those constants that are objects, by their addresses.
	numbers numbering
	// functions are the Function values without captures; likewise imports and builtins.
	functions, imports, builtins []functionObject
	lines                        []*source.Lines
	// anyWide: a function has more registers than instructions can name.
	anyWide bool
	exec    *execCode
	// family is the code that this one extends, or itself: functions of one family are equal across codes.
	family *Code
}

// funcInfo is what calls need to know about a function.
type funcInfo struct {
	start, end uint32
	registers  uint32
	params     uint32
	captures   uint32
}

// The stub's instructions: call R[0] with the machine's arguments, as a tail call; return R[0].
const (
	stubEntry  = 0
	stubReturn = 1
	stubLength = 2
)

// opEntry is the operation of stubEntry; it exists only inside the machine.
const opEntry = bytecode.ILLEGAL

// Load verifies a program and makes it executable. The program must not be changed afterwards.
func Load(program *bytecode.Program) (*Code, error) {
	facts, err := bytecode.Verify(program)
	if err != nil {
		return nil, fmt.Errorf("load program: %w", err)
	}
	c := &Code{program: program, facts: facts}
	c.family = c
	c.makeConsts()
	c.makeInstrs()
	c.makeFunctions()
	c.exec = c.makeExec()
	for _, f := range program.Files {
		c.lines = append(c.lines, source.NewLines(f.Text))
	}
	return c, nil
}

func (c *Code) makeConsts() {
	c.consts = make([]Value, len(c.program.Consts))
	for i := range c.program.Consts {
		c.consts[i] = constValue(&c.program.Consts[i])
		if v := c.consts[i]; v.hasObject() {
			c.numbers.add(v.p, uint32(i))
		}
	}
}

func constValue(k *bytecode.Const) Value {
	switch k.Kind {
	case bytecode.ConstInt:
		return Int(k.Int)
	case bytecode.ConstBigInt:
		digits, negative := strings.CutPrefix(k.Text, "-")
		i := bigFromDigits(digits)
		if negative {
			i.Neg(i)
		}
		return BigInt(i)
	case bytecode.ConstFloat:
		return Float(k.Float)
	case bytecode.ConstString:
		return constantText(k.Text)
	case bytecode.ConstSymbol:
		return Symbol(k.Text)
	}
	return Value{}
}

func (c *Code) makeFunctions() {
	objects := func(n int, form functionForm) []functionObject {
		all := make([]functionObject, n)
		for i := range all {
			all[i] = functionObject{rep: repFunction, form: form, index: uint32(i), code: c, params: -1}
			if form == formHark {
				all[i].link()
			}
		}
		return all
	}
	c.functions = objects(len(c.program.Funcs), formHark)
	c.imports = objects(len(c.program.Imports), formForeign)
	c.builtins = objects(len(bytecode.Builtins), formBuiltin)
}

// link fills in what the dispatch loop needs of a Hark function.
func (f *functionObject) link() {
	info := &f.code.funcs[f.index]
	f.params, f.entry, f.need = int32(info.params), info.start, info.registers<<valueShift
}

// makeInstrs lays the functions out behind the stub and makes the targets of jumps positions.
func (c *Code) makeInstrs() {
	c.instrs = append(c.instrs, bytecode.Instr{Op: opEntry}, bytecode.Instr{Op: bytecode.RET})
	c.starts = append(c.starts, 0)
	for i := range c.program.Funcs {
		f := &c.program.Funcs[i]
		start := uint32(len(c.instrs))
		c.starts = append(c.starts, start)
		for _, in := range f.Code {
			if in.Op == bytecode.LOOP || bytecode.Ops[in.Op].D == bytecode.Target {
				in.D += int32(start)
			}
			c.instrs = append(c.instrs, in)
		}
		c.anyWide = c.anyWide || f.Registers > bytecode.NarrowRegisters
		c.funcs = append(c.funcs, funcInfo{start: start, end: uint32(len(c.instrs)), registers: f.Registers,
			params: uint32(len(f.Params)), captures: uint32(len(f.Captures))})
	}
	c.funcs = append(c.funcs, funcInfo{start: 0, end: stubLength, registers: 1})
}

// functionAt is the index in funcs of the function that has the instruction at pc.
func (c *Code) functionAt(pc int) int {
	i := sort.Search(len(c.starts), func(i int) bool { return int(c.starts[i]) > pc }) - 1
	if i == 0 {
		return c.stub()
	}
	return i - 1
}

// wideRegisters is the number of registers of the function at pc, if these are more than instructions can name, else 0.
// Such a function keeps what is beyond while it calls: its callees' registers begin behind all of its own.
func (c *Code) wideRegisters(pc int) int {
	if !c.anyWide {
		return 0
	}
	if n := c.funcs[c.functionAt(pc)].registers; n > bytecode.NarrowRegisters {
		return int(n)
	}
	return 0
}

// stub is the stub's index in funcs.
func (c *Code) stub() int { return len(c.program.Funcs) }

// Program is what the code was made from.
func (c *Code) Program() *bytecode.Program { return c.program }

// Export is a function that a session can be started with, by its name in the entry file.
func (c *Code) Export(name string) (Value, bool) {
	for _, e := range c.program.Exports {
		if e.Name != name {
			continue
		}
		if e.Import {
			return c.Import(int(e.Func)), true
		}
		return c.Function(int(e.Func)), true
	}
	return Value{}, false
}

// Function is Funcs[index] as a value; it has to be one without captures.
func (c *Code) Function(index int) Value { return functionValue(&c.functions[index]) }

// Import is Imports[index] as a value.
func (c *Code) Import(index int) Value { return functionValue(&c.imports[index]) }

// Builtin is bytecode.Builtins[index] as a value.
func (c *Code) Builtin(index int) Value { return functionValue(&c.builtins[index]) }

// line is the line, from 1, of a byte of a file.
func (c *Code) line(file uint32, offset int32) int {
	line, _ := c.lines[file].OffsetColumn(offset)
	return line + 1
}

// parameters are the names of a function's parameters, nil for what Python has to judge.
func (f *functionObject) parameters() []string {
	switch f.form {
	case formHark:
		var names []string
		for _, p := range f.code.program.Funcs[f.index].Params {
			names = append(names, p.Name)
		}
		return names
	case formBuiltin:
		return bytecode.Builtins[f.index].Params
	}
	return nil
}

func (f *functionObject) name() string {
	name := ""
	switch f.form {
	case formHark:
		name = f.code.program.Funcs[f.index].Name
	case formForeign:
		name = f.code.program.Imports[f.index].Alias
	case formBuiltin:
		name = bytecode.Builtins[f.index].Name
	}
	if name == "" {
		return "lambda"
	}
	return name
}
