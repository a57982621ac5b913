package vm

import "fmt"

// Error is a fault of the program: what "signal" or a failing operation raises, and what ends a thread that does not
// catch it. It is a value of the language's world, not of Go's.
type Error struct {
	// Kind is "error" for signal("error", …), one of the Kind constants for the machine's own, or the unqualified name
	// of a Python class.
	Kind    string
	Message string
	// Function, Line and Thread say where it was raised. Line counts from 1, 0 where there is none.
	Function string
	Line     int
	Thread   string
	// Traceback runs from the failing line, innermost first, to the entry of the session.
	Traceback []TraceFrame
	// Python is the text of the Python traceback, "" if Python has no part in it.
	Python string
}

// TraceFrame is one line of a traceback.
type TraceFrame struct {
	Function string
	File     string
	Line     int // from 1
	Thread   string
}

// Kinds of errors that the machine and the engine raise.
const (
	ErrSignal       = "error"
	ErrType         = "Type"
	ErrArity        = "Arity"
	ErrName         = "Name"
	ErrIndex        = "Index"
	ErrKey          = "Key"
	ErrZeroDivision = "ZeroDivision"
	ErrLimit        = "Limit"
	ErrTimeout      = "Timeout"
	ErrCrash        = "Crash"
	ErrCancelled    = "Cancelled"
	ErrExpired      = "Expired"
)

// A traceback keeps this many innermost and outermost frames: an error of a recursion without end stays small.
const (
	maxTraceInner = 50
	maxTraceOuter = 10
	// MaxTrace is how many frames a traceback has at most; one with as many may have lost its middle.
	MaxTrace = maxTraceInner + maxTraceOuter
)

// fault is an error that the machine has yet to place: raise fills in function, line, thread and traceback.
func fault(kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Error is the error in one line, so that it can also travel as a Go error.
func (e *Error) Error() string { return e.Kind + ": " + e.Message }

// ErrorValue is the error as "catch" sees it: a Hash with kind, message, function, line, thread and traceback.
func ErrorValue(e *Error) Value {
	frames := make([]Value, len(e.Traceback))
	for i, f := range e.Traceback {
		frames[i] = mustHash(String("function"), String(f.Function), String("file"), String(f.File),
			String("line"), Int(int64(f.Line)), String("thread"), String(f.Thread))
	}
	return mustHash(String("kind"), String(e.Kind), String("message"), String(e.Message), String("function"), String(e.Function),
		String("line"), Int(int64(e.Line)), String("thread"), String(e.Thread), String("traceback"), newList(frames))
}

// mustHash is a Hash whose keys are known to be good.
func mustHash(pairs ...Value) Value {
	h, err := Hash(pairs...)
	if err != nil {
		panic(err)
	}
	return h
}

// ErrorFromValue is the error that a Hash made by ErrorValue stands for; false if the value is something else.
func ErrorFromValue(v Value) (*Error, bool) {
	if v.Kind() != KindHash {
		return nil, false
	}
	fields := map[string]Value{}
	for k, x := range v.Pairs() {
		if k.Kind() == KindString {
			fields[k.Text()] = x
		}
	}
	e := &Error{}
	ok := textField(fields, "kind", &e.Kind) && textField(fields, "message", &e.Message) && textField(fields, "function", &e.Function) &&
		intField(fields, "line", &e.Line) && textField(fields, "thread", &e.Thread)
	trace, isTrace := fields["traceback"]
	if !ok || !isTrace || trace.Kind() != KindList {
		return nil, false
	}
	for _, item := range trace.Items() {
		frame, ok := traceFromValue(item)
		if !ok {
			return nil, false
		}
		e.Traceback = append(e.Traceback, frame)
	}
	return e, true
}

func traceFromValue(v Value) (TraceFrame, bool) {
	var f TraceFrame
	if v.Kind() != KindHash {
		return f, false
	}
	fields := map[string]Value{}
	for k, x := range v.Pairs() {
		if k.Kind() == KindString {
			fields[k.Text()] = x
		}
	}
	ok := textField(fields, "function", &f.Function) && textField(fields, "file", &f.File) && intField(fields, "line", &f.Line) &&
		textField(fields, "thread", &f.Thread)
	return f, ok
}

func textField(fields map[string]Value, name string, into *string) bool {
	v, ok := fields[name]
	if !ok || v.Kind() != KindString {
		return false
	}
	*into = v.Text()
	return true
}

func intField(fields map[string]Value, name string, into *int) bool {
	v, ok := fields[name]
	if !ok || v.Kind() != KindInt {
		return false
	}
	i, fits := v.Int64()
	*into = int(i)
	return fits
}
