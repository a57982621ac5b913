package vm

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON as Python's json.loads reads it, messages included: NaN and Infinity are numbers, Ints have any size, of two equal
// keys the last one's value counts. Where Python would make a String with half a surrogate pair in it there is an error, for no
// String has such a thing. The reader keeps its own stack, so that text may be nested as deeply as it is long.

// jsonReader is a text that is being read.
type jsonReader struct {
	m     *Machine
	text  string
	at    int // bytes
	stack []jsonOpen
	// values are the elements of all open arrays and the keys and values of all open objects, outermost first.
	values []Value
	// keys are the keys of objects so far: rows of a table have the same ones.
	keys map[string]Value
	owed int // bytes of memory that were not reserved yet
}

// jsonOpen is an array or an object whose end was not reached yet.
type jsonOpen struct {
	start  int // of what lies in it, in values
	object bool
}

// fromJSON is the value that JSON text stands for.
func (m *Machine) fromJSON(text string) (Value, *Error) {
	m.work(len(text))
	r := &jsonReader{m: m, text: text, keys: map[string]Value{}}
	if strings.HasPrefix(text, "\ufeff") {
		return Value{}, r.fault("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0)
	}
	v, err := r.document()
	if err != nil {
		return Value{}, err
	}
	return v, m.reserve(r.owed)
}

func (r *jsonReader) document() (Value, *Error) {
	v, err := r.value()
	if err != nil {
		return Value{}, err
	}
	if r.space(); r.at < len(r.text) {
		return Value{}, r.fault("Extra data", r.at)
	}
	return v, nil
}

// fault is an error at a byte of the text, in Python's words.
func (r *jsonReader) fault(what string, at int) *Error {
	before := r.text[:at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return &Error{Kind: ErrType, Message: fmt.Sprintf("%s: line %d column %d (char %d)", what, line, column, utf8.RuneCountInString(before))}
}

// owe notes memory, and pays from time to time.
func (r *jsonReader) owe(bytes int) *Error {
	r.owed += bytes
	if r.owed < payEvery {
		return nil
	}
	owed := r.owed
	r.owed = 0
	return r.m.reserve(owed)
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// skip takes a byte if it is the next one.
func (r *jsonReader) skip(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// value reads a value and all that lies in it.
func (r *jsonReader) value() (Value, *Error) {
	for {
		r.space()
		v, complete, err := r.begin()
		if err != nil {
			return Value{}, err
		}
		for complete {
			if len(r.stack) == 0 {
				return v, nil
			}
			if v, complete, err = r.add(v); err != nil {
				return Value{}, err
			}
		}
	}
}

// begin reads a value, or, if it is an array or object with something in it, up to its first element. What is empty is
// complete.
func (r *jsonReader) begin() (v Value, complete bool, err *Error) {
	if r.at == len(r.text) {
		return Value{}, false, r.fault("Expecting value", r.at)
	}
	switch c := r.text[r.at]; c {
	case '[':
		r.at++
		if r.space(); r.skip(']') {
			return emptyList, true, nil
		}
		r.stack = append(r.stack, jsonOpen{start: len(r.values)})
		return Value{}, false, r.owe(2 * valueBytes)
	case '{':
		r.at++
		if r.space(); r.skip('}') {
			return emptyHash, true, nil
		}
		r.stack = append(r.stack, jsonOpen{start: len(r.values), object: true})
		return Value{}, false, r.key()
	case '"':
		v, err = r.string()
		return v, true, err
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		v, err = r.number()
		return v, true, err
	}
	v, err = r.word()
	return v, true, err
}

// add puts a complete value into the collection that it stands in. If that ends here, it is the next complete value.
func (r *jsonReader) add(v Value) (whole Value, complete bool, err *Error) {
	top := r.stack[len(r.stack)-1]
	r.values = append(r.values, v)
	if err := r.owe(valueBytes); err != nil {
		return Value{}, false, err
	}
	closing := byte(']')
	if top.object {
		closing = '}'
	}
	r.space()
	switch {
	case r.skip(closing):
		return r.end(top)
	case !r.skip(','):
		return Value{}, false, r.fault("Expecting ',' delimiter", r.at)
	case top.object:
		r.space()
		return Value{}, false, r.key()
	}
	return Value{}, false, nil
}

func (r *jsonReader) end(open jsonOpen) (Value, bool, *Error) {
	r.stack = r.stack[:len(r.stack)-1]
	inside := slices.Clone(r.values[open.start:])
	r.values = r.values[:open.start]
	if err := r.owe(objectBytes); err != nil {
		return Value{}, false, err
	}
	if !open.object {
		return newList(inside), true, nil
	}
	if err := r.owe(setBytes(0) + len(inside)*valueBytes); err != nil {
		return Value{}, false, err
	}
	h, err := newHash(inside)
	return h, true, err
}

// key reads a key and what separates it from its value.
func (r *jsonReader) key() *Error {
	if r.at == len(r.text) || r.text[r.at] != '"' {
		return r.fault("Expecting property name enclosed in double quotes", r.at)
	}
	key, err := r.string()
	if err != nil {
		return err
	}
	if known, ok := r.keys[key.text()]; ok {
		key = known
	} else {
		r.keys[key.text()] = key
	}
	r.values = append(r.values, key)
	if r.space(); !r.skip(':') {
		return r.fault("Expecting ':' delimiter", r.at)
	}
	return r.owe(2 * valueBytes)
}

var jsonWords = []struct {
	text  string
	value Value
}{
	{"null", Null}, {"true", Bool(true)}, {"false", Bool(false)},
	{"NaN", Float(math.NaN())}, {"Infinity", Float(math.Inf(1))}, {"-Infinity", Float(math.Inf(-1))},
}

func (r *jsonReader) word() (Value, *Error) {
	for _, w := range jsonWords {
		if strings.HasPrefix(r.text[r.at:], w.text) {
			r.at += len(w.text)
			return w.value, nil
		}
	}
	return Value{}, r.fault("Expecting value", r.at)
}

// number reads an Int or a Float. What follows the longest number is left alone, as in Python: "01" is 0 and extra data.
func (r *jsonReader) number() (Value, *Error) {
	start, at := r.at, r.at
	negative := r.text[at] == '-'
	if negative {
		at++
	}
	whole := countDigits(r.text[at:])
	if whole == 0 {
		return r.word()
	}
	if r.text[at] == '0' {
		whole = 1
	}
	digits := r.text[at : at+whole]
	at += whole
	tail := fractionAndExponent(r.text[at:])
	r.at = at + tail
	if tail > 0 {
		f, _ := strconv.ParseFloat(r.text[start:r.at], 64) // out of range: an infinity
		return Float(f), nil
	}
	return r.m.intFromDigits(negative, digits)
}

// fractionAndExponent is the length of the fraction and the exponent that s begins with.
func fractionAndExponent(s string) int {
	length := 0
	if len(s) > 0 && s[0] == '.' {
		if n := countDigits(s[1:]); n > 0 {
			length = 1 + n
		}
	}
	rest := s[length:]
	if rest == "" || rest[0] != 'e' && rest[0] != 'E' {
		return length
	}
	_, digits := splitSign(rest[1:])
	if n := countDigits(digits); n > 0 {
		length += len(rest) - len(digits) + n
	}
	return length
}
