package vm

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What may stand behind the colon of a template's field: Python's format specification,
//
//	[[fill]align][sign][#][0][width][grouping][.precision][type]
//
// with the types s for Strings, d b o x X for Ints, and e E f F g G % for all numbers.

// formatSpec is a specification that has been read.
type formatSpec struct {
	fill      rune
	align     byte // "<", ">", "^" or "=" (between sign and digits), 0 if not given
	sign      byte // "+", "-", " " or 0
	alternate bool // "#": with a prefix such as "0x"
	width     int
	group     byte // ",", "_" or 0
	precision int  // -1 if not given
	kind      byte // 0 if not given
}

// zeroAlign is the alignment that a "0" before the width asks for: "=" for numbers, and for Strings none in particular.
const zeroAlign = '0'

// maxPrecision bounds what a specification can ask for: a Float has no more decimals than that.
const maxPrecision = 1100

func parseFormatSpec(s string) (formatSpec, *Error) {
	spec := formatSpec{fill: ' ', precision: -1}
	rest, filled := spec.parseAlign(s)
	if rest != "" && strings.IndexByte("+- ", rest[0]) >= 0 {
		spec.sign, rest = rest[0], rest[1:]
	}
	if strings.HasPrefix(rest, "#") {
		spec.alternate, rest = true, rest[1:]
	}
	if strings.HasPrefix(rest, "0") && !filled {
		spec.fill, rest = '0', rest[1:]
		if spec.align == 0 {
			spec.align = zeroAlign
		}
	}
	rest, err := spec.parseSizes(rest)
	if err != nil {
		return spec, err
	}
	if len(rest) > 1 || spec.precision > maxPrecision || strings.ContainsAny(s, "{}") {
		return spec, fault(ErrType, "Invalid format specifier '%s'", s)
	}
	if rest != "" {
		spec.kind = rest[0]
	}
	return spec, nil
}

// parseAlign takes fill and alignment off the front.
func (spec *formatSpec) parseAlign(s string) (rest string, filled bool) {
	const aligns = "<>=^"
	r, size := utf8.DecodeRuneInString(s)
	if size < len(s) && strings.IndexByte(aligns, s[size]) >= 0 {
		spec.fill, spec.align = r, s[size]
		return s[size+1:], true
	}
	if s != "" && strings.IndexByte(aligns, s[0]) >= 0 {
		spec.align = s[0]
		return s[1:], false
	}
	return s, false
}

// parseSizes takes width, grouping and precision off the front.
func (spec *formatSpec) parseSizes(s string) (rest string, err *Error) {
	digits := countDigits(s)
	if digits > 0 {
		width, bad := strconv.Atoi(s[:digits])
		if bad != nil || width > MaxMemory {
			return "", fault(ErrLimit, "format: a width of %s is too large", s[:digits])
		}
		spec.width, s = width, s[digits:]
	}
	if s != "" && (s[0] == ',' || s[0] == '_') {
		spec.group, s = s[0], s[1:]
	}
	if !strings.HasPrefix(s, ".") {
		return s, nil
	}
	digits = countDigits(s[1:])
	if digits == 0 {
		return "", fault(ErrType, "Format specifier missing precision")
	}
	precision, bad := strconv.Atoi(s[1 : 1+digits])
	if bad != nil {
		precision = math.MaxInt
	}
	spec.precision = precision
	return s[1+digits:], nil
}

// formatted writes a value by a specification.
func (w *textWriter) formatted(v Value, spec formatSpec) *Error {
	if err := w.room(spec.width); err != nil {
		return err
	}
	switch kind := v.Kind(); {
	case kind == KindString:
		return w.formatString(v.text(), spec)
	case !isNumber(v):
		return fault(ErrType, "format: %s takes no format specifier", article(kind))
	case kind == KindInt && strings.IndexByte("\x00dboxX", spec.kind) >= 0:
		return w.formatInt(v, spec)
	case strings.IndexByte("\x00eEfFgG%", spec.kind) >= 0:
		f, err := toFloat(v)
		if err != nil {
			return err
		}
		return w.formatFloat(f, spec)
	default:
		return spec.unknown(kind)
	}
}

// room pays for text that is about to be written.
func (w *textWriter) room(bytes int) *Error {
	if bytes <= payEvery || w.m == nil {
		return nil
	}
	w.m.work(bytes)
	return w.m.reserve(bytes)
}

func (spec *formatSpec) unknown(kind Kind) *Error {
	return fault(ErrType, "Unknown format code '%c' for %s", spec.kind, article(kind))
}

func (w *textWriter) formatString(s string, spec formatSpec) *Error {
	if spec.kind != 0 && spec.kind != 's' {
		return spec.unknown(KindString)
	}
	if spec.sign != 0 || spec.alternate || spec.align == '=' || spec.group != 0 {
		return fault(ErrType, "format: a String takes no sign, '#', '=' or grouping")
	}
	if spec.precision >= 0 {
		s = firstRunes(s, spec.precision)
	}
	w.pad(spec, '<', "", s)
	return nil
}

// firstRunes is at most so many code points of s.
func firstRunes(s string, count int) string {
	for i := range s {
		if count == 0 {
			return s[:i]
		}
		count--
	}
	return s
}

// pad writes a sign or prefix and a text, with fill to reach the width.
func (w *textWriter) pad(spec formatSpec, standard byte, prefix, text string) {
	missing := max(0, spec.width-countPoints(prefix)-countPoints(text))
	align := spec.align
	switch {
	case align == 0, align == zeroAlign && standard == '<':
		align = standard
	case align == zeroAlign:
		align = '='
	}
	left, middle, right := 0, 0, 0
	switch align {
	case '<':
		right = missing
	case '>':
		left = missing
	case '=':
		middle = missing
	case '^':
		left, right = missing/2, missing-missing/2
	}
	w.fill(spec.fill, left)
	w.buf = append(w.buf, prefix...)
	w.fill(spec.fill, middle)
	w.buf = append(w.buf, text...)
	w.fill(spec.fill, right)
}

func (w *textWriter) fill(r rune, count int) {
	w.buf = slices.Grow(w.buf, count*utf8.RuneLen(r))
	for range count {
		w.buf = utf8.AppendRune(w.buf, r)
	}
}
