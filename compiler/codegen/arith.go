package codegen

import (
	"math"
	"math/big"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A chain of operations, "a + b - c < d", is a tree that is as deep as the chain is long. It is compiled in a loop from its
// innermost operation, with all that is computed so far in one register.

// operation says which instructions a binary operator is: with two registers, and, unless that is ILLEGAL, with an Int at its
// right.
type operation struct{ registers, immediate bytecode.Op }

var operations = map[syntax.Token]operation{
	syntax.Plus:    {bytecode.ADD, bytecode.ADDI},
	syntax.Minus:   {bytecode.SUB, bytecode.SUBI},
	syntax.Star:    {bytecode.MUL, bytecode.MULI},
	syntax.Slash:   {bytecode.DIV, bytecode.DIVI},
	syntax.Percent: {bytecode.MOD, bytecode.MODI},
	syntax.Equal:   {registers: bytecode.EQ},
	syntax.NotEq:   {registers: bytecode.NE},
	syntax.Less:    {registers: bytecode.LT},
	syntax.LessEq:  {registers: bytecode.LE},
	syntax.More:    {registers: bytecode.GT},
	syntax.MoreEq:  {registers: bytecode.GE},
}

func (f *function) binary(e *syntax.Binary, r int) {
	if isLogical(e) {
		f.logical(e, r)
		return
	}
	chain, leftmost := chainOf(e)
	sum := f.scratch(dest(r))
	left := -1 // the register of what is to the left; none as long as that is a constant
	value, folded := intOf(leftmost)
	if !folded {
		left = f.operandAt(sum, leftmost, chain[len(chain)-1].Y)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		link := chain[i]
		if folded {
			if v, ok := fold(link.Op, value, link.Y); ok {
				value = v
				continue
			}
			f.number(value, sum)
			left, folded = sum, false
		}
		target := sum
		if i == 0 {
			target = r
		}
		f.operate(link, target, left)
		left = target
	}
	if folded {
		f.number(value, r)
	}
}

// chainOf is a binary expression as its operations, the last one first, and the operand at its far left.
func chainOf(e *syntax.Binary) (chain []*syntax.Binary, leftmost syntax.Expr) {
	for {
		chain = append(chain, e)
		x := syntax.Unparen(e.X)
		next, ok := x.(*syntax.Binary)
		if !ok || isLogical(next) {
			return chain, x
		}
		e = next
	}
}

// operate emits one operation whose left operand is in register left.
func (f *function) operate(e *syntax.Binary, target, left int) {
	top, span := f.top, f.at(e)
	op, ok := operations[e.Op]
	if !ok {
		f.compile(e.Y, discard)
		f.bad(target)
	} else if n, ok := smallOf(e.Y, math.MinInt32, math.MaxInt32); ok && op.immediate != bytecode.ILLEGAL {
		f.emit(op.immediate, target, left, 0, n)
	} else {
		left, right := f.pair(left, e.Y)
		f.emit(op.registers, target, left, right, 0)
	}
	f.top, f.span = top, span
}

// pair evaluates the right operand of an operation while the left one waits in a register.
func (f *function) pair(left int, right syntax.Expr) (l, r int) {
	if !f.crowded() || constant(syntax.Unparen(right)) {
		return left, f.operand(right)
	}
	slot := f.park(left)
	f.top--
	r = f.operand(right)
	return f.unpark(slot), r
}

func (f *function) unary(e *syntax.Unary, r int) {
	if value, ok := intOf(e); ok {
		f.number(value, r)
		return
	}
	op := bytecode.NEG
	if e.Op == syntax.Not {
		op = bytecode.NOT
	} else if lit, ok := syntax.Unparen(e.X).(*syntax.NumberLit); ok {
		value := number(lit.Text, true)
		value.float = -value.float
		f.number(value, r)
		return
	}
	f.emit(op, r, f.operandAt(r, e.X), 0, 0)
}

// literal is the value of a number that the compiler knows.
type literal struct {
	isFloat bool
	float   float64
	int     int64
	big     *big.Int // instead of int, for one that needs more than 64 bits
}

// number reads a number as the scanner lets it through. A Float beyond all Floats is infinite.
func number(text string, isFloat bool) literal {
	if isFloat {
		x, _ := strconv.ParseFloat(text, 64)
		return literal{isFloat: true, float: x}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return literal{int: n}
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return literal{}
	}
	return literal{big: n}
}

func (f *function) number(n literal, r int) {
	switch {
	case n.isFloat:
		f.emit(bytecode.CONST, r, 0, 0, f.g.pool.float(n.float))
	case n.big != nil:
		f.emit(bytecode.CONST, r, 0, 0, f.g.pool.text(bytecode.ConstBigInt, n.big.String()))
	case n.int == int64(int32(n.int)):
		f.emit(bytecode.INT, r, 0, 0, int(n.int))
	default:
		f.emit(bytecode.CONST, r, 0, 0, f.g.pool.int(n.int))
	}
}

// intOf is the value of an Int literal, one with a sign before it included.
func intOf(e syntax.Expr) (literal, bool) {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit:
		return number(e.Text, false), !e.Float
	case *syntax.Unary:
		lit, ok := syntax.Unparen(e.X).(*syntax.NumberLit)
		if !ok || e.Op != syntax.Minus || lit.Float {
			return literal{}, false
		}
		n := number(lit.Text, false)
		if n.big != nil {
			return canonical(new(big.Int).Neg(n.big)), true
		}
		return literal{int: -n.int}, true
	}
	return literal{}, false
}

// canonical has an Int of 64 bits as such.
func canonical(n *big.Int) literal {
	if n.IsInt64() {
		return literal{int: n.Int64()}
	}
	return literal{big: n}
}

// smallOf is the value of an Int literal that lies in a range.
func smallOf(e syntax.Expr, least, greatest int64) (int, bool) {
	n, ok := intOf(e)
	if !ok || n.big != nil || n.int < least || n.int > greatest {
		return 0, false
	}
	return int(n.int), true
}

// fold computes "x op y" if y is an Int literal and the operation one of those that cannot fail, as long as all of it stays
// within 32 bits.
func fold(op syntax.Token, x literal, y syntax.Expr) (literal, bool) {
	n, ok := smallOf(y, math.MinInt32, math.MaxInt32)
	if !ok || x.big != nil || x.int != int64(int32(x.int)) {
		return literal{}, false
	}
	switch op {
	case syntax.Plus:
		return literal{int: x.int + int64(n)}, true
	case syntax.Minus:
		return literal{int: x.int - int64(n)}, true
	case syntax.Star:
		return literal{int: x.int * int64(n)}, true
	}
	return literal{}, false
}
