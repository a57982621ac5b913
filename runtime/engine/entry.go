package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
)

// What crosses between threads crosses as bytes: the call that a thread consists of, its result, its error.

// maxCrossing is the largest encoded value that crosses: into a thread, out of it, to Python and back.
const maxCrossing = 64 << 20

// tooLarge is the error for what does not cross.
func tooLarge(what string, size int) *vm.Error {
	return &vm.Error{Kind: vm.ErrLimit, Message: fmt.Sprintf("%s too large: %d MiB, and at most %d MiB may cross", what, size>>20, maxCrossing>>20)}
}

// EncodeEntry is the call that a thread consists of, as its head holds it: function and arguments as one value, so that what
// they share stays shared, then the names of arguments and the frames that led to the call.
func EncodeEntry(code *vm.Code, s vm.Start) ([]byte, error) {
	call, err := vm.EncodeValue(code, vm.List(append([]vm.Value{s.Function}, s.Args...)...))
	if err != nil {
		return nil, err
	}
	w := newWriter()
	w.bytes(call)
	w.uint(uint64(len(s.Names)))
	for _, name := range s.Names {
		w.text(name)
	}
	w.uint(uint64(len(s.Trace)))
	for _, f := range s.Trace {
		w.text(f.Function)
		w.text(f.File)
		w.uint(uint64(f.Line))
		w.ancestor(s.Thread, f.Thread)
	}
	return w.b, nil
}

// ancestor writes the number of a thread that is likely to be one that started this one: its number is how this one's
// begins, so that its length says it. Among threads nested thousands deep numbers are long.
func (w *writer) ancestor(thread, of string) {
	if of != "" && strings.HasPrefix(thread, of) {
		w.uint(uint64(len(of)))
		return
	}
	w.uint(0)
	w.text(of)
}

func (r *reader) ancestor(thread string) string {
	n := r.uint()
	switch {
	case n == 0:
		return r.text()
	case n > uint64(len(thread)):
		r.bad = true
		return ""
	}
	return thread[:n]
}

// DecodeEntry is the start of a thread from what its head holds.
func DecodeEntry(code *vm.Code, id ID, b []byte) (vm.Start, error) {
	start := vm.Start{Session: id.Session, Thread: id.Thread}
	r := newReader(b)
	call := r.bytes()
	start.Names = make([]string, r.count())
	for i := range start.Names {
		start.Names[i] = r.text()
	}
	start.Trace = make([]vm.TraceFrame, r.count())
	for i := range start.Trace {
		start.Trace[i] = vm.TraceFrame{Function: r.text(), File: r.text(), Line: int(r.uint()), Thread: r.ancestor(id.Thread)}
	}
	if o := r.origin(); o.Sid != "" {
		start.Session = o.Sid
	}
	v, err := vm.DecodeValue(code, call)
	if err = errors.Join(r.end(), err); err != nil {
		return start, fmt.Errorf("read entry of %s: %w", id, err)
	}
	if v.Kind() != vm.KindList || v.Len() == 0 || v.Index(0).Kind() != vm.KindFunction {
		return start, fmt.Errorf("read entry of %s: %w", id, errCorrupt)
	}
	start.Function = v.Index(0)
	start.Args = make([]vm.Value, 0, v.Len()-1)
	for i, arg := range v.Items() {
		if i > 0 {
			start.Args = append(start.Args, arg)
		}
	}
	return start, nil
}

func isList(v vm.Value, kinds ...vm.Kind) bool {
	if v.Kind() != vm.KindList || v.Len() != len(kinds) {
		return false
	}
	for i, kind := range kinds {
		if v.Index(i).Kind() != kind {
			return false
		}
	}
	return true
}

// EncodeError is an error as an Answer holds it: what "catch" sees, and the text of the Python traceback.
func EncodeError(code *vm.Code, e *vm.Error) ([]byte, error) {
	return vm.EncodeValue(code, vm.List(vm.ErrorValue(e), vm.String(e.Python)))
}

// DecodeError is the error that an Answer holds.
func DecodeError(code *vm.Code, b []byte) (*vm.Error, error) {
	v, err := vm.DecodeValue(code, b)
	if err != nil {
		return nil, fmt.Errorf("read an error: %w", err)
	}
	if !isList(v, vm.KindHash, vm.KindString) {
		return nil, fmt.Errorf("read an error: %w", errCorrupt)
	}
	e, ok := vm.ErrorFromValue(v.Index(0))
	if !ok {
		return nil, fmt.Errorf("read an error: %w", errCorrupt)
	}
	e.Python = v.Index(1).Text()
	return e, nil
}
