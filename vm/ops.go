package vm

import "github.com/hark-lang/hark-ls/vm/bytecode"

// What each operation does, one function each, in the plainest way: the meaning of the machine. The dispatch loop in run.go does
// the frequent cases of the frequent operations faster, and comes here with all others, so the two must agree; a test
// runs every program both ways.
//
// An opFunc executes the instruction at m.pc. m.next is the position after it; jumps and calls change that. It returns
//
//	0                       executed
//	Spawn, Output           executed, and the world has to hear of it
//	Await, Foreign, Sleep   not executed: the thread waits; nothing was changed, so that it can be executed again
//	Done                    the thread ended
//
// or the error that it raises, having changed nothing but m.next.
type opFunc func(m *Machine, in bytecode.Instr) (Outcome, *Error)

// opFuncs is indexed by Op.
var opFuncs = [...]opFunc{
	opEntry: (*Machine).opEntry,

	bytecode.MOVE:   func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, m.reg(in.B)) },
	bytecode.CONST:  func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, m.code.consts[in.D]) },
	bytecode.INT:    func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, Int(int64(in.D))) },
	bytecode.NULL:   func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, Null) },
	bytecode.BOOL:   func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, Bool(in.B != 0)) },
	bytecode.UNSET:  func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, Value{}) },
	bytecode.LOADW:  func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, m.stack[m.base+int(in.D)]) },
	bytecode.STOREW: (*Machine).opStoreWide,

	bytecode.FUNC: func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, m.code.Function(int(in.D))) },
	bytecode.FOREIGN: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.set(in.A, m.code.Import(int(in.D)))
	},
	bytecode.BUILTIN: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.set(in.A, m.code.Builtin(int(in.D)))
	},
	bytecode.CLOSURE: (*Machine).opClosure,
	bytecode.CAPTURE: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.set(in.A, m.stack[m.base-1].function().captures[in.D])
	},
	bytecode.SELF: (*Machine).opSelf,

	bytecode.CHECK: (*Machine).opCheck,
	bytecode.JSET: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.jumpIf(!m.reg(in.A).IsUnset(), in.D)
	},

	bytecode.ADD: (*Machine).opArithmetic, bytecode.SUB: (*Machine).opArithmetic, bytecode.MUL: (*Machine).opArithmetic,
	bytecode.DIV: (*Machine).opArithmetic, bytecode.MOD: (*Machine).opArithmetic,
	bytecode.ADDI: (*Machine).opArithmeticImm, bytecode.SUBI: (*Machine).opArithmeticImm, bytecode.MULI: (*Machine).opArithmeticImm,
	bytecode.DIVI: (*Machine).opArithmeticImm, bytecode.MODI: (*Machine).opArithmeticImm,
	bytecode.NEG: (*Machine).opNeg,
	bytecode.NOT: func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.set(in.A, Bool(!m.reg(in.B).truthy())) },
	bytecode.EQ:  (*Machine).opEqual, bytecode.NE: (*Machine).opEqual,
	bytecode.LT: (*Machine).opCompare, bytecode.LE: (*Machine).opCompare, bytecode.GT: (*Machine).opCompare, bytecode.GE: (*Machine).opCompare,

	bytecode.JUMP:      func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.jumpIf(true, in.D) },
	bytecode.JTRUE:     func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.jumpIf(m.reg(in.A).truthy(), in.D) },
	bytecode.JFALSE:    func(m *Machine, in bytecode.Instr) (Outcome, *Error) { return m.jumpIf(!m.reg(in.A).truthy(), in.D) },
	bytecode.JAND:      (*Machine).opJumpBool,
	bytecode.JOR:       (*Machine).opJumpBool,
	bytecode.BOOLCHECK: (*Machine).opBoolCheck,

	bytecode.JEQ: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.jumpIf(m.equal(m.reg(in.A), m.reg(in.B)) == (in.C != 0), in.D)
	},
	bytecode.JLT: (*Machine).opJumpCompare, bytecode.JLE: (*Machine).opJumpCompare,
	bytecode.JGT: (*Machine).opJumpCompare, bytecode.JGE: (*Machine).opJumpCompare,
	bytecode.JEQI: func(m *Machine, in bytecode.Instr) (Outcome, *Error) {
		return m.jumpIf(m.equal(m.reg(in.A), Int(int64(int8(in.B)))) == (in.C != 0), in.D)
	},
	bytecode.JLTI: (*Machine).opJumpCompareImm, bytecode.JLEI: (*Machine).opJumpCompareImm,
	bytecode.JGTI: (*Machine).opJumpCompareImm, bytecode.JGEI: (*Machine).opJumpCompareImm,

	bytecode.LIST: (*Machine).opList, bytecode.EXTEND: (*Machine).opExtend,
	bytecode.HASH: (*Machine).opHash, bytecode.HASHSET: (*Machine).opHashSet,

	bytecode.CALL: (*Machine).opCall, bytecode.CALLV: (*Machine).opCallValue,
	bytecode.CALLB: (*Machine).opCallBuiltin, bytecode.CALLB1: (*Machine).opCallBuiltin1, bytecode.CALLB2: (*Machine).opCallBuiltin2,
	bytecode.TAILCALL: (*Machine).opTailCall, bytecode.TAILCALLV: (*Machine).opCallValue,
	bytecode.LOOP: (*Machine).opLoop, bytecode.RET: (*Machine).opReturn,
	bytecode.SPAWN: (*Machine).opSpawn, bytecode.AWAIT: (*Machine).opAwait,
}

func (m *Machine) reg(i uint8) Value { return m.stack[m.base+int(i)] }

// set writes a register, as the last act of an operation that cannot fail.
func (m *Machine) set(i uint8, v Value) (Outcome, *Error) {
	m.stack[m.base+int(i)] = v
	return 0, nil
}

// setUnless is set after a function that can fail.
func (m *Machine) setUnless(i uint8, v Value, err *Error) (Outcome, *Error) {
	if err == nil {
		m.stack[m.base+int(i)] = v
	}
	return 0, err
}

func (m *Machine) jumpIf(jump bool, target int32) (Outcome, *Error) {
	if jump {
		m.next = int(target)
	}
	return 0, nil
}

func (m *Machine) opStoreWide(in bytecode.Instr) (Outcome, *Error) {
	m.stack[m.base+int(in.D)] = m.reg(in.A)
	return 0, nil
}

func (m *Machine) opClosure(in bytecode.Instr) (Outcome, *Error) {
	n := int(m.code.funcs[in.D].captures)
	if n == 0 {
		return m.set(in.A, m.code.Function(int(in.D)))
	}
	if err := m.reserve(objectBytes + n*valueBytes); err != nil {
		return 0, err
	}
	first := m.base + int(in.B)
	captures := append([]Value(nil), m.stack[first:first+n]...)
	f := &functionObject{rep: repFunction, form: formHark, index: uint32(in.D), code: m.code, captures: captures}
	f.link()
	return m.set(in.A, functionValue(f))
}

func (m *Machine) opSelf(in bytecode.Instr) (Outcome, *Error) {
	f := m.code.functionAt(m.pc)
	if m.code.funcs[f].captures == 0 {
		return m.set(in.A, m.code.Function(f))
	}
	return m.set(in.A, m.stack[m.base-1])
}

func (m *Machine) opCheck(in bytecode.Instr) (Outcome, *Error) {
	if m.reg(in.A).IsUnset() {
		return 0, fault(ErrName, "'%s' has no value yet", m.code.program.Consts[in.D].Text)
	}
	return 0, nil
}

// arithmetic has the operators in the order of ADD … MOD and of ADDI … MODI.
var arithmetic = [...]func(m *Machine, a, b Value) (Value, *Error){
	(*Machine).add, (*Machine).sub, (*Machine).mul, (*Machine).div, (*Machine).mod,
}

func (m *Machine) opArithmetic(in bytecode.Instr) (Outcome, *Error) {
	v, err := arithmetic[in.Op-bytecode.ADD](m, m.reg(in.B), m.reg(in.C))
	return m.setUnless(in.A, v, err)
}

func (m *Machine) opArithmeticImm(in bytecode.Instr) (Outcome, *Error) {
	v, err := arithmetic[in.Op-bytecode.ADDI](m, m.reg(in.B), Int(int64(in.D)))
	return m.setUnless(in.A, v, err)
}

func (m *Machine) opNeg(in bytecode.Instr) (Outcome, *Error) {
	v, err := m.neg(m.reg(in.B))
	return m.setUnless(in.A, v, err)
}

func (m *Machine) opEqual(in bytecode.Instr) (Outcome, *Error) {
	return m.set(in.A, Bool(m.equal(m.reg(in.B), m.reg(in.C)) == (in.Op == bytecode.EQ)))
}

// comparisons are in the order of LT … GE, of JLT … JGE, and of JLTI … JGEI.
var comparisons = [...]struct {
	sign                 string
	less, equal, greater bool
}{
	{"<", true, false, false},
	{"<=", true, true, false},
	{">", false, false, true},
	{">=", false, true, true},
}

// holds says whether comparison number which is true of a and b.
func (m *Machine) holds(which bytecode.Op, a, b Value) (bool, *Error) {
	c := &comparisons[which]
	order, ordered, err := m.compare(c.sign, a, b)
	switch {
	case err != nil || !ordered:
		return false, err
	case order < 0:
		return c.less, nil
	case order > 0:
		return c.greater, nil
	}
	return c.equal, nil
}

func (m *Machine) opCompare(in bytecode.Instr) (Outcome, *Error) {
	is, err := m.holds(in.Op-bytecode.LT, m.reg(in.B), m.reg(in.C))
	return m.setUnless(in.A, Bool(is), err)
}

func (m *Machine) opJumpCompare(in bytecode.Instr) (Outcome, *Error) {
	is, err := m.holds(in.Op-bytecode.JLT, m.reg(in.A), m.reg(in.B))
	if err != nil {
		return 0, err
	}
	return m.jumpIf(is == (in.C != 0), in.D)
}

func (m *Machine) opJumpCompareImm(in bytecode.Instr) (Outcome, *Error) {
	is, err := m.holds(in.Op-bytecode.JLTI, m.reg(in.A), Int(int64(int8(in.B))))
	if err != nil {
		return 0, err
	}
	return m.jumpIf(is == (in.C != 0), in.D)
}

func (m *Machine) opJumpBool(in bytecode.Instr) (Outcome, *Error) {
	v := m.reg(in.A)
	sign, jumpOn := "&&", uint64(0)
	if in.Op == bytecode.JOR {
		sign, jumpOn = "||", 1
	}
	if !v.isBool() {
		return 0, fault(ErrType, "'%s' takes Bools, not %s", sign, v.Kind())
	}
	return m.jumpIf(v.n == jumpOn, in.D)
}

func (m *Machine) opBoolCheck(in bytecode.Instr) (Outcome, *Error) {
	if v := m.reg(in.A); !v.isBool() {
		return 0, fault(ErrType, "'%s' takes Bools, not %s", [...]string{"&&", "||"}[in.C&1], v.Kind())
	}
	return 0, nil
}

func (m *Machine) window(first uint8, n int) []Value {
	from := m.base + int(first)
	return m.stack[from : from+n : from+n]
}

func (m *Machine) opList(in bytecode.Instr) (Outcome, *Error) {
	n := int(in.C)
	if err := m.reserve(objectBytes + n*valueBytes); err != nil {
		return 0, err
	}
	return m.set(in.A, List(m.window(in.B, n)...))
}

func (m *Machine) opExtend(in bytecode.Instr) (Outcome, *Error) {
	list, n := m.reg(in.A), int(in.C)
	if list.rep() != repList {
		return 0, fault(ErrType, "cannot extend %s", list.Kind())
	}
	list = m.mine(list)
	if err := m.reserve(objectBytes + list.growth(n)); err != nil {
		return 0, err
	}
	extended, written := appendItems(list, m.window(in.B, n))
	m.work(written)
	return m.set(in.A, extended)
}

func (m *Machine) opHash(in bytecode.Instr) (Outcome, *Error) {
	n := 2 * int(in.C)
	if err := m.reserve(2 * (objectBytes + n*valueBytes)); err != nil {
		return 0, err
	}
	h, err := newHash(append([]Value(nil), m.window(in.B, n)...))
	return m.setUnless(in.A, h, err)
}

func (m *Machine) opHashSet(in bytecode.Instr) (Outcome, *Error) {
	h, pairs := m.reg(in.A), m.window(in.B, 2*int(in.C))
	if h.rep() != repHash {
		return 0, fault(ErrType, "cannot set a key of %s", h.Kind())
	}
	for i := 0; i < len(pairs); i += 2 {
		bytes := setBytes(h.Len())
		err := m.reserve(objectBytes + bytes)
		if err == nil {
			h, err = hashSet(h, pairs[i], pairs[i+1])
		}
		if err != nil {
			return 0, err
		}
		m.work(bytes / valueBytes)
	}
	return m.set(in.A, h)
}
