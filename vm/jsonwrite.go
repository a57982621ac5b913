package vm

import "unicode/utf8"

// JSON as Python's json.dumps writes it: ", " and ": " between things, everything beyond ASCII escaped, NaN and
// Infinity as JavaScript spells them, keys that are no Strings as the String of their JSON.

// toJSON is the value as JSON text.
func (m *Machine) toJSON(v Value) (Value, *Error) {
	w := textWriter{m: m, root: v}
	stack, err := w.enterJSON(nil, v)
	for err == nil && len(stack) > 0 && !w.full() {
		top := &stack[len(stack)-1]
		if top.at == len(top.items) {
			w.close(top.hash)
			stack = stack[:len(stack)-1]
			continue
		}
		item := top.items[top.at]
		if top.at > 0 && !(top.hash && top.at%2 == 1) {
			w.buf = append(w.buf, ", "...)
		}
		top.at++
		if top.hash && top.at%2 == 1 {
			err = w.jsonKey(item)
			w.buf = append(w.buf, ": "...)
			continue
		}
		stack, err = w.enterJSON(stack, item)
	}
	if err != nil {
		return Value{}, err
	}
	return w.value()
}

// enterJSON writes a value, of a collection only how it opens.
func (w *textWriter) enterJSON(stack []shown, v Value) ([]shown, *Error) {
	switch v.Kind() {
	case KindString:
		w.jsonString(v.text())
		return stack, nil
	case KindFloat:
		w.buf = append(w.buf, jsonFloat(v.float())...)
		return stack, nil
	case KindSymbol, KindFunction, KindFuture:
		return stack, fault(ErrType, "%s has no JSON", article(v.Kind()))
	}
	return w.enter(stack, v), nil
}

// jsonKey writes the key of an object: whatever it is, a String.
func (w *textWriter) jsonKey(key Value) *Error {
	switch key.Kind() {
	case KindString:
		w.jsonString(key.text())
		return nil
	case KindFloat:
		w.jsonString(jsonFloat(key.float()))
		return nil
	case KindSymbol:
		return fault(ErrType, "a Symbol cannot be a key in JSON")
	}
	w.buf = append(w.buf, '"')
	w.scalar(key)
	w.buf = append(w.buf, '"')
	return nil
}

func jsonFloat(f float64) string {
	switch text := string(appendFloat(nil, f)); text {
	case "nan":
		return "NaN"
	case "inf":
		return "Infinity"
	case "-inf":
		return "-Infinity"
	default:
		return text
	}
}

var jsonEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\t': `\t`, '\r': `\r`, '\b': `\b`, '\f': `\f`}

func (w *textWriter) jsonString(s string) {
	w.buf = append(w.buf, '"')
	start := 0
	for i, r := range s {
		if r >= ' ' && r < 0x7f && r != '"' && r != '\\' {
			continue
		}
		w.buf = append(w.buf, s[start:i]...)
		start = i + utf8.RuneLen(r)
		w.jsonEscape(r)
		if w.full() {
			return
		}
	}
	w.buf = append(append(w.buf, s[start:]...), '"')
}

// jsonEscape writes a character as one escape, or as two for the halves of a surrogate pair.
func (w *textWriter) jsonEscape(r rune) {
	if short, ok := jsonEscapes[r]; ok {
		w.buf = append(w.buf, short...)
		return
	}
	if r >= 0x10000 {
		w.hex(`\u`, 0xd800+(r-0x10000)>>10, 4)
		r = 0xdc00 + (r-0x10000)&0x3ff
	}
	w.hex(`\u`, r, 4)
}
