package vm

import (
	"math"
	"math/big"
	"strconv"
)

// Rounding as Python's round does it: to the nearest, of two equally near ones to the even, by the number's exact value.

// Digits beyond which every Float is itself, or zero: a Float has no bit below 10^-323 and none above 10^308.
const (
	maxRoundDigits = 323
	minRoundDigits = -308
)

// roundFloatTo is f with so many decimals. It is not ok if the result is too large for a Float.
func roundFloatTo(f float64, digits int64) (float64, bool) {
	switch {
	case math.IsNaN(f), math.IsInf(f, 0), f == 0, digits > maxRoundDigits:
		return f, true
	case digits < minRoundDigits:
		return math.Copysign(0, f), true
	case digits >= 0:
		// The conversion to decimal works on the exact value and resolves ties to even.
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', int(digits), 64), 64)
		return rounded, !math.IsInf(rounded, 0)
	}
	unit := powerOfTen(int(-digits))
	quotient := new(big.Rat).SetFrac(big.NewInt(1), unit)
	quotient.Mul(quotient, new(big.Rat).SetFloat64(f))
	whole := divideToEven(quotient.Num(), quotient.Denom())
	rounded, _ := new(big.Float).SetInt(whole.Mul(whole, unit)).Float64()
	return math.Copysign(rounded, f), !math.IsInf(rounded, 0)
}

// roundIntTo is x rounded to 10^-digits, for negative digits.
func roundIntTo(x *big.Int, digits int64) *big.Int {
	// A decimal digit is more than 3 bits: beyond that the unit is more than twice as large as x.
	if -digits > int64(x.BitLen())/3+2 {
		return new(big.Int)
	}
	unit := powerOfTen(int(-digits))
	whole := divideToEven(x, unit)
	return whole.Mul(whole, unit)
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// divideToEven is x/y, y > 0, rounded to the nearest integer, ties to the even one.
func divideToEven(x, y *big.Int) *big.Int {
	quotient, remainder := new(big.Int).DivMod(x, y, new(big.Int)) // y > 0: 0 <= remainder < y
	remainder.Lsh(remainder, 1)
	if c := remainder.Cmp(y); c > 0 || c == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}
