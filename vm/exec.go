package vm

import (
	"math"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The form of a program that the dispatch loop executes: a private copy of the instructions with registers as byte offsets,
// jumps as distances in bytes, constants in place, frequent builtins as operations of their own.
//
// Frequent pairs are fused: the first instruction's slot gets an operation that does both, the second keeps its own, so
// that positions, jump targets and counts of instructions are those of the program.
//
// What has no fast form is execSlow: the loop leaves it to step.

// execOp is an operation of the loop. The jump table needs them to be dense.
type execOp uint16

const (
	execSlow execOp = iota
	execTrap
	execMove
	execConst
	execInt // also Float, null, true and false: a tag and 64 bits
	execFloat
	execNull
	execBool
	execUnset
	execLoadWide
	execStoreWide
	execFunc
	execCapture
	execAdd
	execSub
	execMul
	execDiv
	execMod
	execAddI
	execSubI
	execMulI
	execDivI
	execModI
	execNot
	execEq
	execNe
	execLt
	execLe
	execGt
	execGe
	execJump
	execJTrue
	execJFalse
	execJAnd
	execJOr
	execJSet
	execCheck
	execBoolCheck
	execJEq
	execJNe
	execJLt
	execJNotLt
	execJLe
	execJNotLe
	execJEqI
	execJNeI
	execJLtI
	execJNotLtI
	execJLeI
	execJNotLeI
	execJGtI
	execJNotGtI
	execJGeI
	execJNotGeI
	execCall
	execCallValue
	execTailCall
	execTailCallValue
	execLoop
	execRet
	execFirst
	execRest
	execNth
	execLength
	execNullp
	execAppend
	// The fused pairs.
	execSubICall
	execMoveCall
	execAddRet
	execMulIRet
	execAddILoop
	execSubILoop
	execMoveLoop
	execSubIAdd
	execFloatMul
	execFloatAdd
	execIntEq
	execMoveMove
	execMoveNth
	execNthCallValue
	execMoveAddI
)

// execInstr is one instruction of the loop. ret, imm and wide share the room of b and c, and of d and e.
type execInstr struct {
	op      execOp
	a, b, c uint16 // registers as byte offsets
	d       int32  // a distance in bytes, or an immediate
	e       int32  // bytes of registers that a callee needs, or an immediate to compare with
}

// execCode is a copy of a whole program.
type execCode struct {
	instrs []execInstr
	// longest is the greatest number of instructions that can be executed between two looks at the limit.
	longest uint64
}

// valueShift and instrShift turn numbers of registers and instructions into bytes.
const (
	valueShift = 4
	instrShift = 4
)

// makeExec is the program in the loop's form.
func (c *Code) makeExec() *execCode {
	// One more than there are: the pointer to the next instruction always points into the array.
	x := &execCode{instrs: make([]execInstr, len(c.instrs)+1)}
	for i := range c.funcs {
		f := &c.funcs[i]
		if i == c.stub() {
			continue // execSlow
		}
		x.longest = max(x.longest, uint64(f.end-f.start))
		for pc := f.start; pc < f.end; pc++ {
			x.instrs[pc] = c.execInstr(int(pc), f)
		}
		for pc := f.start; pc+1 < f.end; pc++ {
			x.fuse(int(pc), x.instrs[pc+1])
		}
	}
	return x
}

// execSame are the operations that have one fast form, with registers in a, b and c and an immediate in d.
var execSame = map[bytecode.Op]execOp{
	bytecode.MOVE: execMove, bytecode.UNSET: execUnset, bytecode.NULL: execNull,
	bytecode.ADD: execAdd, bytecode.SUB: execSub, bytecode.MUL: execMul, bytecode.DIV: execDiv, bytecode.MOD: execMod,
	bytecode.ADDI: execAddI, bytecode.SUBI: execSubI, bytecode.MULI: execMulI, bytecode.DIVI: execDivI, bytecode.MODI: execModI,
	bytecode.NOT: execNot, bytecode.EQ: execEq, bytecode.NE: execNe,
	bytecode.LT: execLt, bytecode.LE: execLe, bytecode.GT: execGt, bytecode.GE: execGe,
	bytecode.JUMP: execJump, bytecode.JTRUE: execJTrue, bytecode.JFALSE: execJFalse, bytecode.JAND: execJAnd, bytecode.JOR: execJOr,
	bytecode.JSET: execJSet, bytecode.CHECK: execCheck, bytecode.BOOLCHECK: execBoolCheck,
	bytecode.JEQ: execJEq, bytecode.JLT: execJLt, bytecode.JLE: execJLe, bytecode.JGT: execJLt, bytecode.JGE: execJLe,
	bytecode.JEQI: execJEqI, bytecode.JLTI: execJLtI,
	bytecode.JLEI: execJLeI, bytecode.JGTI: execJGtI, bytecode.JGEI: execJGeI, bytecode.LOOP: execLoop, bytecode.RET: execRet,
}

// execInstr is the instruction at pc, in function f, in the loop's form.
func (c *Code) execInstr(pc int, f *funcInfo) execInstr {
	in := c.instrs[pc]
	row := &bytecode.Ops[in.Op]
	x := execInstr{op: execSame[in.Op], a: uint16(in.A) << valueShift, b: uint16(in.B) << valueShift, c: uint16(in.C) << valueShift, d: in.D}
	if row.D == bytecode.Target || in.Op == bytecode.LOOP {
		x.d = distance(pc, int(in.D))
	}
	if in.Op == bytecode.JGT || in.Op == bytecode.JGE {
		x.a, x.b = x.b, x.a
	}
	switch {
	case row.C == bytecode.Flag && row.D == bytecode.Target:
		x.e = int32(int8(in.B))
		if in.C == 0 {
			x.op++ // the negated form follows
		}
	case row.A == bytecode.Window || row.A == bytecode.WindowV:
		c.execCall(&x, pc, in, f)
	case (in.Op == bytecode.MODI || in.Op == bytecode.DIVI) && in.D <= 0:
		x.op = execSlow
	default:
		c.execOther(&x, in)
	}
	return x
}

func distance(pc, target int) int32 { return int32(target-pc-1) << instrShift }

// execOther is the rest of execInstr.
func (c *Code) execOther(x *execInstr, in bytecode.Instr) {
	switch in.Op {
	case bytecode.CONST:
		x.op, x.d = execConst, in.D<<valueShift
		if v := c.consts[in.D]; v.isInt() || v.isFloat() {
			x.op = execInt
			if v.isFloat() {
				x.op = execFloat
			}
			x.setWide(v.n)
		}
	case bytecode.INT:
		x.op = execInt
		x.setWide(uint64(int64(in.D)))
	case bytecode.BOOL:
		x.op, x.d = execBool, int32(in.B)
	case bytecode.FUNC:
		x.op = execFunc
	case bytecode.CAPTURE:
		x.op = execCapture
	case bytecode.LOADW:
		x.op, x.d = execLoadWide, in.D<<valueShift
	case bytecode.STOREW:
		x.op, x.d = execStoreWide, in.D<<valueShift
	case bytecode.CALLB1, bytecode.CALLB2:
		x.op = execBuiltins[bytecode.Builtins[in.D].Name]
	}
}

func (x *execInstr) setWide(n uint64) { x.d, x.e = int32(uint32(n)), int32(uint32(n>>32)) }

// execBuiltins are the builtins of one and of two arguments that have a fast form.
var execBuiltins = map[string]execOp{
	"first": execFirst, "rest": execRest, "nth": execNth, "length": execLength, "nullp": execNullp, "append": execAppend,
}

// execCall gives calls a fast form, unless they are from functions with many registers, or name arguments.
func (c *Code) execCall(x *execInstr, pc int, in bytecode.Instr, f *funcInfo) {
	if f.registers > bytecode.NarrowRegisters && in.Op != bytecode.TAILCALL {
		return
	}
	switch in.Op {
	case bytecode.CALL, bytecode.TAILCALL:
		callee := &c.funcs[in.D]
		x.op = execTailCall
		if in.Op == bytecode.CALL {
			x.op = execCall
			x.setRet(pc + 1)
		}
		x.d, x.e = distance(pc, int(callee.start)), int32(callee.registers)<<valueShift
	case bytecode.CALLV, bytecode.TAILCALLV:
		if in.D >= 0 {
			return
		}
		x.op = execTailCallValue
		x.d = int32(in.B)
		if in.Op == bytecode.CALLV {
			x.op = execCallValue
			x.setRet(pc + 1)
		}
	}
}

// setRet puts the position where a call returns to into the room of b and c.
func (x *execInstr) setRet(pc int) { x.b, x.c = uint16(pc), uint16(pc>>16) }

// execPairs are the fused operations, by the two that they stand for.
var execPairs = map[[2]execOp]execOp{
	{execSubI, execCall}:     execSubICall,
	{execMove, execCall}:     execMoveCall,
	{execAdd, execRet}:       execAddRet,
	{execMulI, execRet}:      execMulIRet,
	{execAddI, execLoop}:     execAddILoop,
	{execSubI, execLoop}:     execSubILoop,
	{execMove, execLoop}:     execMoveLoop,
	{execSubI, execAdd}:      execSubIAdd,
	{execFloat, execMul}:     execFloatMul,
	{execFloat, execAdd}:     execFloatAdd,
	{execInt, execEq}:        execIntEq,
	{execMove, execMove}:     execMoveMove,
	{execMove, execNth}:      execMoveNth,
	{execNth, execCallValue}: execNthCallValue,
	{execMove, execAddI}:     execMoveAddI,
}

// fuse makes the pair of the instruction at pc and the next one, second, one operation, if there is one for it.
func (x *execCode) fuse(pc int, second execInstr) {
	first := &x.instrs[pc]
	fused, ok := execPairs[[2]execOp{first.op, second.op}]
	switch {
	case !ok:
		return
	case second.op == execRet && second.a != first.a:
		return // it returns something else than what was computed
	case (first.op == execFloat || first.op == execInt) && second.c != first.a:
		return // the constant is not the second operand
	}
	first.op = fused
}

// maxFuel is as much as one Run counts at a time: more would not fit an address.
const maxFuel = math.MaxInt64 >> 24
