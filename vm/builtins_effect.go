package vm

import "math"

// Builtins that need the world, or know where in it they are.

func builtinPrint(m *Machine, args []Value) (Value, *Error) {
	line, err := m.text(args[0])
	if err != nil {
		return Value{}, err
	}
	m.work(line.bytes())
	return m.output(line.text(), args[0])
}

func builtinSignal(m *Machine, args []Value) (Value, *Error) {
	if err := argument("signal", args[0], KindString); err != nil {
		return Value{}, err
	}
	kind, message := args[0].text(), args[1]
	if kind == ErrSignal {
		if caught, ok := ErrorFromValue(message); ok {
			return Value{}, caught
		}
	}
	text, err := m.text(message)
	if err != nil {
		return Value{}, err
	}
	if kind == ErrSignal {
		return Value{}, &Error{Kind: ErrSignal, Message: text.text()}
	}
	m.work(text.bytes())
	return m.output("[signal "+kind+"]: "+text.text(), message)
}

// maxSeconds bounds how long a thread can be asked to wait: about thirty years.
const maxSeconds = 1e9

// seconds checks a length of time.
func seconds(name string, v Value) (float64, *Error) {
	if !isNumber(v) {
		return 0, argumentFault(name, "a number of seconds", v)
	}
	s, err := toFloat(v)
	switch {
	case err != nil || s > maxSeconds:
		return 0, fault(ErrLimit, "%s takes at most %d seconds", name, int64(maxSeconds))
	case math.IsNaN(s) || s < 0:
		return 0, fault(ErrType, "%s takes a number of seconds from 0 on, not %s", name, Show(v))
	}
	return s, nil
}

func builtinSleep(m *Machine, args []Value) (Value, *Error) {
	if _, err := seconds("sleep", args[0]); err != nil {
		return Value{}, err
	}
	return m.sleep(args[0])
}

func builtinSession(m *Machine, _ []Value) (Value, *Error) { return String(m.start.Session), nil }

func builtinThread(m *Machine, _ []Value) (Value, *Error) { return String(m.start.Thread), nil }

// outsidePrefix is how the engine tells the futures that outsiders resolve from threads, whose ids are numbers.
const outsidePrefix = "f:"

// maxFutureName is in bytes: a store's keys are not endless.
const maxFutureName = 512

func builtinFuture(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("future", args[0], KindString); err != nil {
		return Value{}, err
	}
	name := args[0].text()
	if name == "" || len(name) > maxFutureName {
		return Value{}, fault(ErrType, "future takes a name of 1 to %d bytes, not of %d", maxFutureName, len(name))
	}
	return Future(outsidePrefix + name), nil
}

func builtinFirstOf(m *Machine, args []Value) (Value, *Error) {
	if err := argument("first_of", args[0], KindList); err != nil {
		return Value{}, err
	}
	futures := args[0].items()
	if len(futures) == 0 {
		return Value{}, fault(ErrIndex, "first_of takes at least one future")
	}
	m.work(len(futures))
	ids := make([]string, len(futures))
	for i, f := range futures {
		if f.Kind() != KindFuture {
			return List(Int(int64(i)), f), nil
		}
		ids[i] = f.FutureID()
	}
	return m.await(Awaiting{Mode: AwaitFirst, Futures: ids, Timeout: -1})
}

func builtinWithTimeout(m *Machine, args []Value) (Value, *Error) {
	timeout, err := seconds("with_timeout", args[1])
	if err != nil {
		return Value{}, err
	}
	switch args[0].Kind() {
	case KindFuture:
		return m.await(Awaiting{Mode: AwaitOne, Futures: []string{args[0].FutureID()}, Timeout: timeout})
	case KindList:
		return Value{}, argumentFault("with_timeout", "one future", args[0])
	}
	return args[0], nil
}
