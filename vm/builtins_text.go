package vm

import "strings"

// Builtins that make and take apart Strings.

// textArguments checks that all arguments are Strings.
func textArguments(name string, args []Value) *Error {
	for _, v := range args {
		if err := argument(name, v, KindString); err != nil {
			return err
		}
	}
	return nil
}

func builtinStr(m *Machine, args []Value) (Value, *Error) { return m.text(args[0]) }

func builtinJoin(m *Machine, args []Value) (Value, *Error) {
	if err := argument("join", args[0], KindList); err != nil {
		return Value{}, err
	}
	if err := argument("join", args[1], KindString); err != nil {
		return Value{}, err
	}
	items, sep := args[0].items(), args[1]
	if len(items) == 0 {
		return emptyString, nil
	}
	bytes, points := sep.bytes()*(len(items)-1), sep.points()*(len(items)-1)
	for i, item := range items {
		if item.Kind() != KindString {
			return Value{}, fault(ErrType, "join takes a List of Strings, but there is %s at index %d", article(item.Kind()), i)
		}
		bytes, points = bytes+item.bytes(), points+item.points()
	}
	if err := m.reserve(bytes + objectBytes); err != nil {
		return Value{}, err
	}
	m.work(bytes + len(items))
	joined := make([]byte, 0, bytes)
	for i, item := range items {
		if i > 0 {
			joined = append(joined, sep.text()...)
		}
		joined = append(joined, item.text()...)
	}
	return newStringCounted(joined, points), nil
}

func builtinSplit(m *Machine, args []Value) (Value, *Error) {
	if err := textArguments("split", args); err != nil {
		return Value{}, err
	}
	s, sep := args[0].text(), args[1].text()
	if sep == "" {
		return Value{}, fault(ErrType, "split takes a separator that is not empty")
	}
	m.work(len(s))
	count := strings.Count(s, sep) + 1
	if err := m.reserve(count*objectBytes + len(s)); err != nil {
		return Value{}, err
	}
	parts, err := m.newItems(count)
	if err != nil {
		return Value{}, err
	}
	for part := range strings.SplitSeq(s, sep) {
		parts = append(parts, textValue(part))
	}
	return newList(parts), nil
}

func builtinUpper(m *Machine, args []Value) (Value, *Error) {
	return m.convert("upper", args, upperText)
}

func builtinLower(m *Machine, args []Value) (Value, *Error) {
	return m.convert("lower", args, lowerText)
}

func builtinTrim(m *Machine, args []Value) (Value, *Error) { return m.convert("trim", args, trimSpace) }

func (m *Machine) convert(name string, args []Value, convert func(string) string) (Value, *Error) {
	if err := textArguments(name, args); err != nil {
		return Value{}, err
	}
	if err := m.reserve(args[0].bytes() + objectBytes); err != nil {
		return Value{}, err
	}
	m.work(args[0].bytes())
	converted := convert(args[0].text())
	if converted == args[0].text() {
		return args[0], nil
	}
	if err := m.reserve(max(0, len(converted)-args[0].bytes())); err != nil {
		return Value{}, err
	}
	return textValue(converted), nil
}

func builtinReplace(m *Machine, args []Value) (Value, *Error) {
	if err := textArguments("replace", args); err != nil {
		return Value{}, err
	}
	s, old, new := args[0].text(), args[1].text(), args[2].text()
	count := strings.Count(s, old) // of "": the code points and one more
	bytes := len(s) + count*(len(new)-len(old))
	m.work(len(s) + bytes)
	if err := m.reserve(bytes + objectBytes); err != nil {
		return Value{}, err
	}
	return textValue(strings.ReplaceAll(s, old, new)), nil
}

// findText is where a part of a String begins, in bytes, -1 if it does not occur.
func (m *Machine) findText(s, part string) int {
	m.work(len(s))
	return strings.Index(s, part)
}

func builtinFormat(m *Machine, args []Value) (Value, *Error) {
	if err := argument("format", args[0], KindString); err != nil {
		return Value{}, err
	}
	w := textWriter{m: m}
	m.work(args[0].bytes())
	if err := w.formatText(args[0].text(), args[1:]); err != nil {
		return Value{}, err
	}
	return w.value()
}

func builtinToJSON(m *Machine, args []Value) (Value, *Error) { return m.toJSON(args[0]) }

func builtinFromJSON(m *Machine, args []Value) (Value, *Error) {
	if err := argument("from_json", args[0], KindString); err != nil {
		return Value{}, err
	}
	return m.fromJSON(args[0].text())
}
