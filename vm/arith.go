package vm

import (
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/hark-lang/hark-ls/internal/bug"
)

// Arithmetic, for everything that the run loop's fast paths leave over.
//
// An Int is an int64 or, beyond, a big.Int. Products of Floats are converted explicitly before they are used, so that no
// compiler fuses them with an addition: results must not depend on the processor.

// maxIntBits bounds an Int, so that no single operation takes more than about a second: 1.26 million digits.
const maxIntBits = 1 << 22

// MaxIntBits is the bound for Ints that come from outside: a larger one cannot be a value.
const MaxIntBits = maxIntBits

// add is a + b: of numbers, Strings or Lists.
func (m *Machine) add(a, b Value) (Value, *Error) {
	switch {
	case a.isInt() && b.isInt():
		if sum := a.int() + b.int(); (sum > a.int()) == (b.int() > 0) {
			return Int(sum), nil
		}
		return BigInt(new(big.Int).Add(big.NewInt(a.int()), big.NewInt(b.int()))), nil
	case a.rep() == repString && b.rep() == repString:
		return m.addTexts(a, b)
	case a.rep() == repList && b.rep() == repList:
		return m.addLists(a, b)
	}
	return m.number("+", a, b)
}

func (m *Machine) addTexts(a, b Value) (Value, *Error) {
	a = m.mine(a)
	if err := m.reserve(growthText(a, b)); err != nil {
		return Value{}, err
	}
	joined, copied := joinText(a, b)
	m.work(copied)
	return joined, nil
}

func (m *Machine) addLists(a, b Value) (Value, *Error) {
	if a.n == 0 {
		return b, nil
	}
	if b.n == 0 {
		return a, nil
	}
	a = m.mine(a)
	if err := m.reserve(a.growth(b.Len())); err != nil {
		return Value{}, err
	}
	joined, copied := appendItems(a, b.items())
	m.work(copied)
	return joined, nil
}

// sub is a - b.
func (m *Machine) sub(a, b Value) (Value, *Error) {
	if a.isInt() && b.isInt() {
		if difference := a.int() - b.int(); (difference < a.int()) == (b.int() > 0) {
			return Int(difference), nil
		}
	}
	return m.number("-", a, b)
}

// mul is a * b.
func (m *Machine) mul(a, b Value) (Value, *Error) {
	if a.isInt() && b.isInt() {
		if product, ok := mulInts(a.int(), b.int()); ok {
			return Int(product), nil
		}
	}
	return m.number("*", a, b)
}

// mulInts is a * b, if it fits.
func mulInts(a, b int64) (int64, bool) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	// The unsigned product counts a negative factor as 2^64 more than it is.
	if a < 0 {
		high -= uint64(b)
	}
	if b < 0 {
		high -= uint64(a)
	}
	return int64(low), int64(high) == int64(low)>>63
}

// div is a / b; of Ints, toward zero.
func (m *Machine) div(a, b Value) (Value, *Error) {
	if a.isInt() && b.isInt() && b.int() != 0 && b.int() != -1 {
		return Int(a.int() / b.int()), nil
	}
	return m.number("/", a, b)
}

// mod is a % b, with the sign of b.
func (m *Machine) mod(a, b Value) (Value, *Error) {
	if a.isInt() && b.isInt() && b.int() != 0 && b.int() != -1 {
		r := a.int() % b.int()
		if r != 0 && (r < 0) != (b.int() < 0) {
			r += b.int()
		}
		return Int(r), nil
	}
	return m.number("%", a, b)
}

// neg is -a.
func (m *Machine) neg(a Value) (Value, *Error) {
	switch {
	case a.isInt() && a.int() != math.MinInt64:
		return Int(-a.int()), nil
	case a.isFloat():
		return Float(-a.float()), nil
	case a.Kind() == KindInt:
		return m.bigOp("-", Int(0), a)
	}
	return Value{}, fault(ErrType, "unary '-' takes a number, not %s", article(a.Kind()))
}

// number is an operation of two numbers, in general.
func (m *Machine) number(op string, a, b Value) (Value, *Error) {
	if !isNumber(a) || !isNumber(b) {
		return Value{}, operandFault(op, a, b)
	}
	if a.isFloat() || b.isFloat() {
		x, err := toFloat(a)
		if err != nil {
			return Value{}, err
		}
		y, err := toFloat(b)
		if err != nil {
			return Value{}, err
		}
		return floatOp(op, x, y)
	}
	return m.bigOp(op, a, b)
}

func isNumber(v Value) bool {
	k := v.Kind()
	return k == KindInt || k == KindFloat
}

func operandFault(op string, a, b Value) *Error {
	takes := "two numbers"
	if op == "+" {
		takes = "two numbers, two Strings or two Lists"
	}
	return fault(ErrType, "'%s' takes %s, not %s and %s", op, takes, article(a.Kind()), article(b.Kind()))
}

// toFloat is the Float nearest to a number.
func toFloat(v Value) (float64, *Error) {
	switch v.rep() {
	case repFloat:
		return v.float(), nil
	case repInt:
		return float64(v.int()), nil
	}
	f, _ := new(big.Float).SetInt(v.big()).Float64()
	if math.IsInf(f, 0) {
		return 0, fault(ErrLimit, "this Int is too large for a Float")
	}
	return f, nil
}

func floatOp(op string, x, y float64) (Value, *Error) {
	switch op {
	case "+":
		return Float(x + y), nil
	case "-":
		return Float(x - y), nil
	case "*":
		return Float(float64(x * y)), nil
	case "/":
		if y == 0 {
			return Value{}, divisionByZero()
		}
		return Float(x / y), nil
	case "%":
		if y == 0 {
			return Value{}, divisionByZero()
		}
		return Float(floatMod(x, y)), nil
	}
	bug.Report("no operation %s for Floats", op)
	return Null, nil
}

func divisionByZero() *Error { return fault(ErrZeroDivision, "division by zero") }

// floatMod is x % y as Python has it: exact, with the sign of y.
func floatMod(x, y float64) float64 {
	r := math.Mod(x, y)
	if r == 0 {
		return math.Copysign(0, y)
	}
	if (r < 0) != (y < 0) {
		r += y
	}
	return r
}

// bigOp is an operation of two Ints of which one may be large, or the result.
func (m *Machine) bigOp(op string, a, b Value) (Value, *Error) {
	x, y := bigView(a), bigView(b)
	if err := m.admitBig(op, x, y); err != nil {
		return Value{}, err
	}
	z := new(big.Int)
	switch op {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(x, y)
	case "/":
		if y.Sign() == 0 {
			return Value{}, divisionByZero()
		}
		z.Quo(x, y)
	case "%":
		if y.Sign() == 0 {
			return Value{}, divisionByZero()
		}
		z.Rem(x, y)
		if z.Sign() != 0 && z.Sign() != y.Sign() {
			z.Add(z, y)
		}
	}
	if z.BitLen() > maxIntBits {
		return Value{}, intTooLarge()
	}
	return BigInt(z), nil
}

// bigView is an Int, not to be changed.
func bigView(v Value) *big.Int {
	if v.isInt() {
		return big.NewInt(v.int())
	}
	return v.big()
}

// admitBig refuses a product that would be too large, and charges for what is about to happen.
func (m *Machine) admitBig(op string, x, y *big.Int) *Error {
	xBits, yBits := x.BitLen(), y.BitLen()
	words := (xBits+yBits)/64 + 1
	switch op {
	case "*":
		if xBits+yBits-1 > maxIntBits {
			return intTooLarge()
		}
		m.work(bigCost(xBits, yBits))
	case "/", "%":
		m.work(bigCost(max(xBits-yBits, 0), yBits))
	default:
		m.work(words)
	}
	return m.reserve(8 * words)
}

// bigCost is about the number of steps of a multiplication or division: quadratic in words while they are few, then what
// Karatsuba's method needs.
func bigCost(xBits, yBits int) int {
	short, long := min(xBits, yBits)/64+1, max(xBits, yBits)/64+1
	pieces := long/short + 1
	products := 1
	for short > 40 { // three products of half the size
		short /= 2
		products *= 3
	}
	return products * short * short / 8 * pieces
}

func intTooLarge() *Error {
	return fault(ErrLimit, "the result is an Int of more than %d bits", maxIntBits)
}

// compare is the order of two numbers or Strings; a NaN has none. op is what was written, for the message.
func (m *Machine) compare(op string, a, b Value) (order int, ordered bool, err *Error) {
	if a.rep() == repString && b.rep() == repString {
		m.work(min(a.bytes(), b.bytes()))
		return compareTexts(a.text(), b.text()), true, nil
	}
	if !isNumber(a) || !isNumber(b) {
		return 0, false, fault(ErrType, "'%s' compares two numbers or two Strings, not %s and %s", op, article(a.Kind()), article(b.Kind()))
	}
	order, ordered = compareNumbers(a, b)
	return order, ordered, nil
}

// compareTexts orders by code points, which is the order of the bytes in UTF-8.
func compareTexts(s, t string) int {
	switch {
	case s < t:
		return -1
	case s > t:
		return 1
	}
	return 0
}

// intFromDigits is the Int that ASCII digits spell.
func (m *Machine) intFromDigits(negative bool, digits string) (Value, *Error) {
	digits = strings.TrimLeft(digits, "0")
	if small, ok := smallInt(negative, digits); ok {
		return Int(small), nil
	}
	// Each digit but the first is worth more than 3.321 bits.
	if (len(digits)-1)*3321/1000 > maxIntBits {
		return Value{}, intTooLarge()
	}
	m.work(bigCost(4*len(digits), 4*len(digits)))
	if err := m.reserve(len(digits) / 2); err != nil {
		return Value{}, err
	}
	i := bigFromDigits(digits)
	if i.BitLen() > maxIntBits {
		return Value{}, intTooLarge()
	}
	if negative {
		i.Neg(i)
	}
	return BigInt(i), nil
}
