package vm

import (
	"unicode/utf8"
)

// Strings share buffers as Lists do, but every view begins where its buffer begins. A view counts its code points, so
// that a length needs no walk; ASCII text is what has as many bytes as code points.

// textValue is a String made of text that is UTF-8 already.
func textValue(s string) Value { return newString([]byte(s)) }

// constantText is a String that many machines share: its buffer counts as used beyond its end, so that none of them extends
// it, nor one that was decoded.
func constantText(s string) Value {
	v := textValue(s)
	if v.n != 0 {
		v.object().used++
	}
	return v
}

// bytes is how many bytes a String's text has.
func (v Value) bytes() int { return int(v.n >> 32) }

// points is how many code points a String has.
func (v Value) points() int { return int(uint32(v.n)) }

// extendsText says whether text can be added to the String's buffer itself.
func (v Value) extendsText() bool { return v.n != 0 && uint64(v.object().used) == v.n>>32 }

// joinText is the String s followed by t, and the number of bytes that were written for it.
func joinText(s, t Value) (joined Value, copied int) {
	switch {
	case t.n == 0:
		return s, 0
	case s.n == 0:
		return t, 0
	case s.extendsText():
		o := s.object()
		o.bytes = append(o.bytes, t.text()...)
		o.used += uint32(t.bytes())
		return Value{s.p, s.n + t.n}, t.bytes()
	}
	total := s.bytes() + t.bytes()
	buffer := make([]byte, 0, total+total/2+8)
	buffer = append(append(buffer, s.text()...), t.text()...)
	return newStringCounted(buffer, s.points()+t.points()), total
}

// growthText is how many bytes joining s and t allocates at most, before slices round up.
func growthText(s, t Value) int {
	if t.n == 0 || s.n == 0 {
		return 0
	}
	if s.extendsText() {
		return t.bytes()
	}
	return s.bytes() + t.bytes()
}

// countPoints is the number of code points of valid text.
func countPoints(s string) int { return utf8.RuneCountInString(s) }
