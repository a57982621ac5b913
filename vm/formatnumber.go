package vm

import (
	"math"
	"strconv"
	"strings"
)

// Numbers in templates of format.

var intBases = map[byte]struct {
	base   int
	prefix string
}{0: {10, ""}, 'd': {10, ""}, 'b': {2, "0b"}, 'o': {8, "0o"}, 'x': {16, "0x"}, 'X': {16, "0X"}}

func (w *textWriter) formatInt(v Value, spec formatSpec) *Error {
	if spec.precision >= 0 {
		return fault(ErrType, "Precision not allowed in integer format specifier")
	}
	base := intBases[spec.kind]
	if spec.group == ',' && base.base != 10 {
		return fault(ErrType, "Cannot specify ',' with '%c'.", spec.kind)
	}
	i := bigView(v)
	if w.m != nil {
		w.m.work(bigCost(i.BitLen(), i.BitLen()))
	}
	digits := strings.TrimPrefix(i.Text(base.base), "-")
	if spec.kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	prefix := spec.signOf(i.Sign() < 0)
	if spec.alternate {
		prefix += base.prefix
	}
	size := 3
	if base.base != 10 {
		size = 4
	}
	w.number(spec, prefix, digits, "", size)
	return nil
}

// signOf is what stands before a number's digits.
func (spec *formatSpec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case spec.sign == 0, spec.sign == '-':
		return ""
	}
	return string(rune(spec.sign))
}

// number writes a number: its digits before the point, grouped if so wanted, and the rest. Where zeros fill the width they
// are grouped with the digits.
func (w *textWriter) number(spec formatSpec, prefix, digits, rest string, size int) {
	if spec.group != 0 {
		if spec.fill == '0' && (spec.align == '=' || spec.align == zeroAlign) {
			digits = zeroFill(digits, spec.width-len(prefix)-len(rest), size)
		}
		digits = grouped(digits, spec.group, size)
	}
	w.pad(spec, '>', prefix, digits+rest)
}

// zeroFill puts zeros before digits, so that with a separator in each group they are at least so wide.
func zeroFill(digits string, width, size int) string {
	wanted := max(0, width) * size / (size + 1) // of size+1 characters one is a separator
	for wanted+(wanted-1)/size < width {
		wanted++
	}
	if missing := wanted - len(digits); missing > 0 {
		return strings.Repeat("0", missing) + digits
	}
	return digits
}

func grouped(digits string, separator byte, size int) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%size == 0 {
			b.WriteByte(separator)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

func (w *textWriter) formatFloat(f float64, spec formatSpec) *Error {
	if spec.alternate {
		return fault(ErrType, "format: '#' is for Ints")
	}
	negative := math.Signbit(f) && !math.IsNaN(f)
	text := floatText(math.Abs(f), spec)
	if spec.kind == 'E' || spec.kind == 'F' || spec.kind == 'G' {
		text = strings.ToUpper(text)
	}
	whole := countDigits(text)
	if whole == 0 { // an infinity or NaN is not grouped
		spec.group = 0
	}
	w.number(spec, spec.signOf(negative), text[:whole], text[whole:], 3)
	return nil
}

// floatText is a Float, not negative, without padding.
func floatText(f float64, spec formatSpec) string {
	precision := spec.precision
	if precision < 0 {
		precision = 6
	}
	switch kind := spec.kind | 0x20; {
	case spec.kind == '%':
		return plainFloat(f*100, 'f', precision) + "%"
	case spec.kind == 0 && spec.precision < 0:
		return string(appendFloat(nil, f))
	case spec.kind == 0:
		return generalFloat(f, max(precision, 1))
	case kind == 'g':
		return plainFloat(f, 'g', max(precision, 1))
	default:
		return plainFloat(f, kind, precision)
	}
}

func plainFloat(f float64, form byte, precision int) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return strings.TrimPrefix(string(appendFloat(nil, f)), "-")
	}
	return strconv.FormatFloat(f, form, precision, 64)
}

// generalFloat is a Float without a type but with a precision: as with "g", but it always looks like a Float.
func generalFloat(f float64, precision int) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return string(appendFloat(nil, f))
	}
	scientific := strconv.FormatFloat(f, 'e', precision-1, 64)
	mantissa, power, _ := strings.Cut(scientific, "e")
	exponent, _ := strconv.Atoi(power)
	if exponent < -4 || exponent >= precision-1 {
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + power
	}
	fixed := strings.TrimRight(strconv.FormatFloat(f, 'f', precision-1-exponent, 64), "0")
	if strings.HasSuffix(fixed, ".") {
		fixed += "0"
	}
	return fixed
}
