package vm

import (
	"strconv"
	"strings"
)

// Templates of format, by the rules and in the words of Python's str.format.

// template is a template that is being filled in.
type template struct {
	rest string
	args []Value
	// next is the number of the argument that the next "{}" takes, -1 once a "{0}" has been seen.
	next int
	// numbered: a "{}" has been seen.
	automatic bool
}

// formatText writes a template with its arguments filled in.
func (w *textWriter) formatText(text string, args []Value) *Error {
	t := template{rest: text, args: args}
	for t.rest != "" {
		at := strings.IndexAny(t.rest, "{}")
		if at < 0 {
			w.buf = append(w.buf, t.rest...)
			return nil
		}
		w.buf = append(w.buf, t.rest[:at]...)
		brace := t.rest[at]
		t.rest = t.rest[at+1:]
		if t.rest != "" && t.rest[0] == brace {
			w.buf = append(w.buf, brace)
			t.rest = t.rest[1:]
			continue
		}
		if brace == '}' {
			return fault(ErrType, "Single '}' encountered in format string")
		}
		if err := t.field(w); err != nil {
			return err
		}
		if w.full() {
			return w.err
		}
	}
	return nil
}

// field writes what stands in place of a field; the template's rest begins behind its opening brace.
func (t *template) field(w *textWriter) *Error {
	if t.rest == "" {
		return fault(ErrType, "Single '{' encountered in format string")
	}
	end := strings.IndexByte(t.rest, '}')
	if end < 0 {
		return fault(ErrType, "expected '}' before end of string")
	}
	name, spec, _ := strings.Cut(t.rest[:end], ":")
	t.rest = t.rest[end+1:]
	v, err := t.argument(name)
	if err != nil {
		return err
	}
	return w.formatValue(v, spec)
}

// argument is the argument that a field names.
func (t *template) argument(name string) (Value, *Error) {
	n := t.next
	if name == "" {
		if n < 0 {
			return Value{}, fault(ErrType, "cannot switch from manual field specification to automatic field numbering")
		}
		t.next++
		t.automatic = true
	} else {
		if countDigits(name) < len(name) {
			return Value{}, fault(ErrType, "format fills in {} and {0}, not {%s}", name)
		}
		if t.automatic {
			return Value{}, fault(ErrType, "cannot switch from automatic field numbering to manual field specification")
		}
		t.next = -1
		number, err := strconv.Atoi(name)
		if err != nil {
			return Value{}, fault(ErrType, "Too many decimal digits in format string")
		}
		n = number
	}
	if n >= len(t.args) {
		return Value{}, fault(ErrIndex, "Replacement index %d out of range for %d arguments", n, len(t.args))
	}
	return t.args[n], nil
}

// formatValue writes one argument.
func (w *textWriter) formatValue(v Value, spec string) *Error {
	if spec != "" {
		parsed, err := parseFormatSpec(spec)
		if err != nil {
			return err
		}
		return w.formatted(v, parsed)
	}
	if v.Kind() == KindString {
		w.buf = append(w.buf, v.text()...)
		return nil
	}
	w.literal(v)
	return w.err
}
