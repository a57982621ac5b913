package vm

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Values as text: what print and str show. Numbers look as in Python, everything else as the literal that produces it; at the
// top a String stands for itself.

// Show is the value as print and str show it.
func Show(v Value) string {
	if v.Kind() == KindString {
		return v.text()
	}
	return Literal(v)
}

// Literal is the value as it is shown inside a collection: Strings quoted.
func Literal(v Value) string {
	w := textWriter{limit: MaxMemory}
	w.literal(v)
	return w.String()
}

// LiteralPrefix is at most about limit bytes of Literal, with "…" in place of what is cut off: for editors and debuggers.
func LiteralPrefix(v Value, limit int) string {
	w := textWriter{limit: limit}
	w.literal(v)
	return w.String()
}

// text is the String that str makes of a value.
func (m *Machine) text(v Value) (Value, *Error) {
	if v.Kind() == KindString {
		return v, nil
	}
	w := textWriter{m: m}
	w.literal(v)
	return w.value()
}

// textWriter collects text whose size cannot be told in advance: a value of a few bytes, which holds another one twice, and
// that one another one twice, can have text without end.
type textWriter struct {
	buf []byte
	// m pays for the text, if there is one; paid is how much of buf it has paid for already.
	m    *Machine
	paid int
	err  *Error
	// limit is the greatest length of text that no machine pays for.
	limit int
	cut   bool
	// root is the value that is being written; measured says that its text is known not to be endless.
	root     Value
	measured bool
}

const payEvery = 64 << 10

// full pays for what was written, and says whether to stop.
func (w *textWriter) full() bool {
	if len(w.buf) > measureAfter && !w.measured {
		w.measure()
	}
	if w.m == nil {
		w.cut = w.cut || len(w.buf) > w.limit
		return w.cut
	}
	if w.err == nil && len(w.buf)-w.paid >= payEvery {
		w.pay()
	}
	return w.err != nil
}

// measure gives up at once if the text would be too large in the end.
func (w *textWriter) measure() {
	w.measured = true
	if leastText(w.root, MaxMemory) <= MaxMemory {
		return
	}
	if w.m == nil {
		w.limit = min(w.limit, measureAfter)
	} else {
		w.err = w.m.reserve(MaxMemory + 1)
	}
}

func (w *textWriter) pay() {
	fresh := len(w.buf) - w.paid
	w.m.work(fresh)
	w.err = w.m.reserve(fresh)
	w.paid = len(w.buf)
}

// value is the text as a String of the machine.
func (w *textWriter) value() (Value, *Error) {
	if w.err == nil {
		w.pay()
	}
	if w.err != nil {
		return Value{}, w.err
	}
	return newString(w.buf), nil
}

// String is the text where no machine pays for it.
func (w *textWriter) String() string {
	if !w.cut {
		return string(w.buf)
	}
	cut := min(w.limit, len(w.buf))
	for cut > 0 && !utf8.RuneStart(w.buf[cut]) {
		cut--
	}
	return string(w.buf[:cut]) + "…"
}

// shown is a collection that is being written: what is left of its items, or of its keys and values in turn.
type shown struct {
	items []Value
	at    int
	hash  bool
}

// literal writes a value as a literal. It has its own stack: values may be nested a million deep.
func (w *textWriter) literal(v Value) {
	w.root, w.measured = v, false
	stack := w.enter(nil, v)
	for len(stack) > 0 && !w.full() {
		top := &stack[len(stack)-1]
		if top.at == len(top.items) {
			w.close(top.hash)
			stack = stack[:len(stack)-1]
			continue
		}
		switch {
		case top.hash && top.at%2 == 1:
			w.buf = append(w.buf, ": "...)
		case top.at > 0:
			w.buf = append(w.buf, ", "...)
		}
		item := top.items[top.at]
		top.at++
		stack = w.enter(stack, item)
	}
}

func (w *textWriter) close(hash bool) {
	if hash {
		w.buf = append(w.buf, '}')
	} else {
		w.buf = append(w.buf, ']')
	}
}

// enter writes a value, of a collection only how it opens.
func (w *textWriter) enter(stack []shown, v Value) []shown {
	switch v.Kind() {
	case KindList:
		w.buf = append(w.buf, '[')
		return append(stack, shown{items: v.items()})
	case KindHash:
		w.buf = append(w.buf, '{')
		return append(stack, shown{items: v.flatPairs(), hash: true})
	}
	w.scalar(v)
	return stack
}

// scalar writes a value that holds no others.
func (w *textWriter) scalar(v Value) {
	switch v.rep() {
	case repNull:
		w.buf = append(w.buf, "null"...)
	case repBool:
		w.buf = strconv.AppendBool(w.buf, v.Bool())
	case repInt:
		w.buf = strconv.AppendInt(w.buf, v.int(), 10)
	case repBig:
		w.bigInt(v)
	case repFloat:
		w.buf = appendFloat(w.buf, v.float())
	case repString:
		w.quoted(v.text())
	case repSymbol:
		w.buf = append(append(w.buf, ':'), v.Text()...)
	case repFunction:
		w.buf = append(append(append(w.buf, "<fn "...), v.FunctionName()...), '>')
	case repFuture:
		w.buf = append(append(append(w.buf, "<future "...), v.FutureID()...), '>')
	default:
		w.buf = append(w.buf, "<nothing>"...)
	}
}

func (w *textWriter) bigInt(v Value) {
	i := v.big()
	if w.m != nil {
		w.m.work(bigCost(i.BitLen(), i.BitLen()))
	}
	w.buf = i.Append(w.buf, 10)
}

// escapes are the characters that have an escape of one letter.
var escapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\t': `\t`, '\r': `\r`}

// quoted writes a String as a literal that reads back as itself.
func (w *textWriter) quoted(s string) {
	w.buf = append(w.buf, '"')
	for s != "" && !w.full() {
		plain := strings.IndexFunc(s[:min(len(s), payEvery)], needsEscape)
		if plain < 0 {
			plain = wholeRunes(s, payEvery)
			w.buf = append(w.buf, s[:plain]...)
			s = s[plain:]
			continue
		}
		w.buf = append(w.buf, s[:plain]...)
		r, size := utf8.DecodeRuneInString(s[plain:])
		w.escape(r)
		s = s[plain+size:]
	}
	w.buf = append(w.buf, '"')
}

func needsEscape(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == '"' || r == '\\' || r == 0x7f
	}
	return r != utf8.RuneError && !isPrintable(r)
}

// wholeRunes is the length of the longest beginning of s that has at most limit bytes and cuts no character.
func wholeRunes(s string, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

func (w *textWriter) escape(r rune) {
	if short, ok := escapes[r]; ok {
		w.buf = append(w.buf, short...)
		return
	}
	switch {
	case r < 0x100:
		w.hex(`\x`, r, 2)
	case r < 0x10000:
		w.hex(`\u`, r, 4)
	default:
		w.hex(`\U`, r, 8)
	}
}

// hex writes a character's number after a prefix, with so many hexadecimal digits.
func (w *textWriter) hex(prefix string, r rune, digits int) {
	w.buf = append(w.buf, prefix...)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		w.buf = append(w.buf, "0123456789abcdef"[r>>shift&15])
	}
}
