package engine

import (
	"fmt"

	"github.com/hark-lang/hark-ls/vm"
)

// What crosses between threads crosses as bytes: the call that a thread consists of, its result, its error.

// maxCrossing is the largest encoded value that crosses: into a thread, out of it, to Python and back.
const maxCrossing = 64 << 20

// tooLarge is the error for what does not cross.
func tooLarge(what string, size int) *vm.Error {
	return &vm.Error{Kind: vm.ErrLimit, Message: fmt.Sprintf("%s too large: %d MiB, and at most %d MiB may cross", what, size>>20, maxCrossing>>20)}
}

// EncodeEntry is the call that a thread consists of, as its head holds it.
func EncodeEntry(code *vm.Code, s vm.Start) ([]byte, error) {
	names := make([]vm.Value, len(s.Names))
	for i, name := range s.Names {
		names[i] = vm.String(name)
	}
	frames := make([]vm.Value, len(s.Trace))
	for i, f := range s.Trace {
		frames[i] = vm.List(vm.String(f.Function), vm.String(f.File), vm.Int(int64(f.Line)), vm.String(f.Thread))
	}
	return vm.EncodeValue(code, vm.List(s.Function, vm.List(s.Args...), vm.List(names...), vm.List(frames...)))
}

// DecodeEntry is the start of a thread from what its head holds.
func DecodeEntry(code *vm.Code, id ID, b []byte) (vm.Start, error) {
	start := vm.Start{Session: id.Session, Thread: id.Thread}
	v, err := vm.DecodeValue(code, b)
	if err != nil {
		return start, fmt.Errorf("read entry of %s: %w", id, err)
	}
	if !isEntry(v) {
		return start, fmt.Errorf("read entry of %s: %w", id, errCorrupt)
	}
	start.Function = v.Index(0)
	for _, arg := range v.Index(1).Items() {
		start.Args = append(start.Args, arg)
	}
	for _, name := range v.Index(2).Items() {
		start.Names = append(start.Names, name.Text())
	}
	for _, f := range v.Index(3).Items() {
		line, _ := f.Index(2).Int64()
		start.Trace = append(start.Trace, vm.TraceFrame{Function: f.Index(0).Text(), File: f.Index(1).Text(), Line: int(line), Thread: f.Index(3).Text()})
	}
	return start, nil
}

func isEntry(v vm.Value) bool {
	return isList(v, vm.KindFunction, vm.KindList, vm.KindList, vm.KindList) &&
		all(v.Index(2), func(name vm.Value) bool { return name.Kind() == vm.KindString }) &&
		all(v.Index(3), func(f vm.Value) bool { return isList(f, vm.KindString, vm.KindString, vm.KindInt, vm.KindString) })
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

func all(list vm.Value, holds func(vm.Value) bool) bool {
	for _, item := range list.Items() {
		if !holds(item) {
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
