package vm

import (
	"math"
	"math/big"
)

// Builtins for numbers.

func builtinParseInt(m *Machine, args []Value) (Value, *Error) {
	switch v := args[0]; v.Kind() {
	case KindInt:
		return v, nil
	case KindFloat:
		return floatToInt("parse_int", math.Trunc(v.float()))
	case KindString:
		m.work(v.bytes())
		negative, digits, ok := intDigits(v.text())
		if !ok {
			return Value{}, fault(ErrType, "parse_int: %s spells no Int", LiteralPrefix(v, shownInMessages))
		}
		return m.intFromDigits(negative, digits)
	default:
		return Value{}, argumentFault("parse_int", "a String or a number", v)
	}
}

// shownInMessages is how much of a value a message quotes, in bytes.
const shownInMessages = 80

func builtinParseFloat(m *Machine, args []Value) (Value, *Error) {
	v := args[0]
	if isNumber(v) {
		f, err := toFloat(v)
		return Float(f), err
	}
	if v.Kind() != KindString {
		return Value{}, argumentFault("parse_float", "a String or a number", v)
	}
	m.work(v.bytes())
	f, ok := parseFloatText(v.text())
	if !ok {
		return Value{}, fault(ErrType, "parse_float: %s spells no number", LiteralPrefix(v, shownInMessages))
	}
	return Float(f), nil
}

// floatToInt is the Int that a Float without fraction is.
func floatToInt(name string, f float64) (Value, *Error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, fault(ErrType, "%s: there is no Int for %s", name, appendFloat(nil, f))
	}
	if f >= -1<<63 && f < 1<<63 {
		return Int(int64(f)), nil
	}
	i, _ := big.NewFloat(f).Int(nil)
	return BigInt(i), nil
}

func builtinAbs(m *Machine, args []Value) (Value, *Error) {
	switch v := args[0]; {
	case v.isFloat():
		return Float(math.Abs(v.float())), nil
	case v.isInt() && v.int() >= 0:
		return v, nil
	case v.Kind() == KindInt:
		if bigView(v).Sign() >= 0 {
			return v, nil
		}
		return m.neg(v)
	default:
		return Value{}, argumentFault("abs", "a number", v)
	}
}

func builtinRound(m *Machine, args []Value) (Value, *Error) {
	x := args[0]
	if !isNumber(x) {
		return Value{}, argumentFault("round", "a number", x)
	}
	if len(args) == 1 {
		if x.isFloat() {
			return floatToInt("round", math.RoundToEven(x.float()))
		}
		return x, nil
	}
	if err := argument("round", args[1], KindInt); err != nil {
		return Value{}, err
	}
	digits := clampInt(args[1])
	if x.isFloat() {
		rounded, ok := roundFloatTo(x.float(), digits)
		if !ok {
			return Value{}, fault(ErrLimit, "round: the result is too large for a Float")
		}
		return Float(rounded), nil
	}
	if digits >= 0 {
		return x, nil
	}
	i := bigView(x)
	m.work(bigCost(i.BitLen(), i.BitLen()))
	return BigInt(roundIntTo(i, digits)), nil
}

// clampInt is an Int, or the nearest one that fits 32 bits: further away all numbers of digits mean the same.
func clampInt(v Value) int64 {
	i, ok := v.Int64()
	if !ok {
		i = int64(v.big().Sign()) * math.MaxInt32
	}
	return max(-math.MaxInt32, min(math.MaxInt32, i))
}
