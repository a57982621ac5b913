package codegen

import (
	"math"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// branch evaluates a condition and jumps to a label if it is true, or, with sense false, if it is not; else it goes on.
func (f *function) branch(e syntax.Expr, sense bool, to label) {
	e = syntax.Unparen(e)
	top, span := f.top, f.at(e)
	defer func() { f.top, f.span = top, span }()
	switch e := e.(type) {
	case *syntax.Unary:
		if e.Op == syntax.Not {
			f.branch(e.X, !sense, to)
			return
		}
	case *syntax.Binary:
		if isLogical(e) {
			f.branchLogical(e, sense, to)
			return
		}
		if f.branchCompare(e, sense, to) {
			return
		}
	}
	f.branchValue(f.operand(e), sense, to)
}

func (f *function) branchValue(r int, sense bool, to label) {
	op := bytecode.JFALSE
	if sense {
		op = bytecode.JTRUE
	}
	f.jump(op, r, 0, 0, to)
}

// comparison says how to jump on a comparison: with two registers, or with a small Int at its right; opposite: the comparison
// holds if the operation does not.
type comparison struct {
	op, immediate bytecode.Op
	opposite      bool
}

var comparisons = map[syntax.Token]comparison{
	syntax.Equal:  {op: bytecode.JEQ, immediate: bytecode.JEQI},
	syntax.NotEq:  {op: bytecode.JEQ, immediate: bytecode.JEQI, opposite: true},
	syntax.Less:   {op: bytecode.JLT, immediate: bytecode.JLTI},
	syntax.LessEq: {op: bytecode.JLE, immediate: bytecode.JLEI},
	syntax.More:   {op: bytecode.JGT, immediate: bytecode.JGTI},
	syntax.MoreEq: {op: bytecode.JGE, immediate: bytecode.JGEI},
}

// branchCompare is branch for comparisons; anything else it leaves alone.
func (f *function) branchCompare(e *syntax.Binary, sense bool, to label) bool {
	compare, ok := comparisons[e.Op]
	if !ok {
		return false
	}
	holds := truth(sense != compare.opposite)
	left := f.operand(e.X, e.Y)
	if n, ok := smallOf(e.Y, math.MinInt8, math.MaxInt8); ok {
		f.jump(compare.immediate, left, int(uint8(int8(n))), holds, to)
		return true
	}
	left, right := f.pair(left, e.Y)
	f.jump(compare.op, left, right, holds, to)
	return true
}

// A chain "a && b && c" is compiled as a whole: the first false operand decides. All operands have to be Bools; of one that is
// known to be, this is not checked.

// connective is what differs between "&&" and "||".
type connective struct {
	// decide jumps if its operand, which has to be a Bool, decides the chain's value.
	decide bytecode.Op
	// decisive is the operand's value that decides.
	decisive bool
	// code names the operator in BOOLCHECK.
	code int
}

var connectives = map[syntax.Token]connective{
	syntax.AndAnd: {bytecode.JAND, false, 0},
	syntax.OrOr:   {bytecode.JOR, true, 1},
}

// operandsOf are the operands of a chain of one logical operator.
func operandsOf(e *syntax.Binary) []syntax.Expr {
	operands := []syntax.Expr{e.Y}
	for {
		x, ok := syntax.Unparen(e.X).(*syntax.Binary)
		if !ok || x.Op != e.Op {
			operands = append(operands, e.X)
			break
		}
		e = x
		operands = append(operands, e.Y)
	}
	for i, j := 0, len(operands)-1; i < j; i, j = i+1, j-1 {
		operands[i], operands[j] = operands[j], operands[i]
	}
	return operands
}

func (f *function) branchLogical(e *syntax.Binary, sense bool, to label) {
	c := connectives[e.Op]
	operands := operandsOf(e)
	last := len(operands) - 1
	decided := to
	if sense != c.decisive {
		decided = f.newLabel() // what decides the chain goes on after it
	}
	for _, operand := range operands[:last] {
		f.decide(c, operand, decided)
	}
	if sense == c.decisive {
		f.decide(c, operands[last], to)
		return
	}
	f.branchBool(c, operands[last], sense, to)
	f.place(decided)
}

// decide jumps if an operand decides its chain.
func (f *function) decide(c connective, e syntax.Expr, to label) {
	if isBool(e) {
		f.branch(e, c.decisive, to)
		return
	}
	top := f.top
	f.jump(c.decide, f.operand(e), 0, 0, to)
	f.top = top
}

// branchBool jumps if the last operand of a chain, a Bool, has the value of sense.
func (f *function) branchBool(c connective, e syntax.Expr, sense bool, to label) {
	if isBool(e) {
		f.branch(e, sense, to)
		return
	}
	top := f.top
	r := f.operand(e)
	f.emit(bytecode.BOOLCHECK, r, 0, c.code, 0)
	f.branchValue(r, sense, to)
	f.top = top
}

// logical computes the value of a chain. Each operand that does not decide gives way to the next one.
func (f *function) logical(e *syntax.Binary, r int) {
	c := connectives[e.Op]
	operands := operandsOf(e)
	last := len(operands) - 1
	end := f.newLabel()
	t := f.scratch(dest(r))
	for _, operand := range operands[:last] {
		f.compile(operand, dest(t))
		f.jump(c.decide, t, 0, 0, end)
	}
	f.compile(operands[last], dest(t))
	if !isBool(operands[last]) {
		f.emit(bytecode.BOOLCHECK, t, 0, c.code, 0)
	}
	f.place(end)
	f.deliver(t, dest(r))
}

func isLogical(e *syntax.Binary) bool { return e.Op == syntax.AndAnd || e.Op == syntax.OrOr }

// isBool says whether the value of e, if it has one, is surely a Bool.
func isBool(e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.BoolLit:
		return true
	case *syntax.Unary:
		return e.Op == syntax.Not
	case *syntax.Binary:
		_, compares := comparisons[e.Op]
		return compares || isLogical(e)
	}
	return false
}
