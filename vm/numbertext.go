package vm

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Numbers as text, both ways as Python has it: repr(float), int(str) and float(str).

// appendFloat appends what Python's repr shows for f: the shortest digits that read back as f, with an exponent if the
// first digit stands below the fourth decimal or above the sixteenth place.
func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "nan"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	case f == 0:
		if math.Signbit(f) {
			dst = append(dst, '-')
		}
		return append(dst, "0.0"...)
	}
	if a := math.Abs(f); a < 1e-4 || a >= 1e16 {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	for _, c := range dst[start:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}

// asciiNumber is s without the white space around it, with every decimal digit in ASCII and without the single underscores
// that may stand between two digits. It is not ok if an underscore stands anywhere else.
func asciiNumber(s string) (text string, ok bool) {
	ascii := !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
	if ascii {
		s = strings.Trim(s, " \t\n\v\f\r") // Python knows fewer spaces in a text that is all ASCII
	} else {
		s = trimSpace(s)
	}
	if ascii && !strings.Contains(s, "_") {
		return s, true
	}
	var b strings.Builder
	b.Grow(len(s))
	afterDigit, underscore := false, false
	for _, r := range s {
		digit := digitValue(r)
		switch {
		case digit >= 0:
			b.WriteByte('0' + byte(digit))
		case underscore || r >= utf8.RuneSelf || r == '_' && !afterDigit:
			return "", false
		case r != '_':
			b.WriteByte(byte(r))
		}
		afterDigit, underscore = digit >= 0, r == '_'
	}
	return b.String(), !underscore
}

// splitSign takes a sign off the front of a number.
func splitSign(s string) (negative bool, rest string) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[0] == '-', s[1:]
	}
	return false, s
}

// countDigits is how many ASCII digits s starts with.
func countDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// parseFloatText is the Float that s spells by the rules of Python's float(s).
func parseFloatText(s string) (float64, bool) {
	s, ok := asciiNumber(s)
	if !ok {
		return 0, false
	}
	_, digits := splitSign(s)
	switch strings.ToLower(digits) {
	case "inf", "infinity":
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	case "nan":
		return math.NaN(), true
	}
	if !isDecimal(digits) {
		return 0, false
	}
	f, _ := strconv.ParseFloat(s, 64) // out of range: an infinity, as in Python
	return f, true
}

// isDecimal says whether s is digits with at most one point among them, at least one digit, and maybe an exponent.
func isDecimal(s string) bool {
	whole := countDigits(s)
	s = s[whole:]
	fraction := 0
	if strings.HasPrefix(s, ".") {
		fraction = countDigits(s[1:])
		s = s[1+fraction:]
	}
	if whole+fraction == 0 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	_, exponent := splitSign(s[1:])
	return exponent != "" && countDigits(exponent) == len(exponent)
}

// intDigits is the sign and the ASCII digits of the Int that s spells by the rules of Python's int(s).
func intDigits(s string) (negative bool, digits string, ok bool) {
	s, ok = asciiNumber(s)
	if !ok {
		return false, "", false
	}
	negative, digits = splitSign(s)
	return negative, digits, digits != "" && countDigits(digits) == len(digits)
}

// smallInt is the Int of digits that are so few that it is surely an int64.
func smallInt(negative bool, digits string) (int64, bool) {
	if len(digits) > 18 {
		return 0, false
	}
	var n int64
	for i := 0; i < len(digits); i++ {
		n = n*10 + int64(digits[i]-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// bigFromDigits is the number that ASCII digits spell. Halving them makes it as fast as multiplication is, where reading
// digit after digit would be quadratic.
func bigFromDigits(digits string) *big.Int {
	const direct = 1200
	if len(digits) <= direct {
		n, _ := new(big.Int).SetString(digits, 10)
		return n
	}
	size := direct
	for size*2 < len(digits) {
		size *= 2
	}
	powers := []*big.Int{new(big.Int).Exp(big.NewInt(10), big.NewInt(direct), nil)}
	for n := direct; n < size; n *= 2 {
		last := powers[len(powers)-1]
		powers = append(powers, new(big.Int).Mul(last, last))
	}
	return joinDigits(digits, size, powers)
}

// joinDigits reads digits, at most twice size many, where size is the exponent of the last power of ten.
func joinDigits(digits string, size int, powers []*big.Int) *big.Int {
	if len(powers) == 0 {
		n, _ := new(big.Int).SetString(digits, 10)
		return n
	}
	last := len(powers) - 1
	if len(digits) <= size {
		return joinDigits(digits, size/2, powers[:last])
	}
	cut := len(digits) - size
	high := joinDigits(digits[:cut], size/2, powers[:last])
	low := joinDigits(digits[cut:], size/2, powers[:last])
	return high.Add(high.Mul(high, powers[last]), low)
}
