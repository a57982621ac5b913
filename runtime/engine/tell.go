package engine

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/hark-lang/hark-ls/vm"
)

// What a machine is told follows from what it asks for and from what is stored, and from nothing else. That part of a run is here, so
// that a run, and whoever executes a thread again from its records, tell it the same.

// Loader reads the bytes that a record holds or names.
type Loader func(Data) ([]byte, error)

// ReadAnswer decodes what a thread or a call ended with: a value, or an error.
func ReadAnswer(code *vm.Code, load Loader, a Answer) (vm.Value, *vm.Error, error) {
	b, err := load(a.Value)
	if err != nil {
		return vm.Null, nil, err
	}
	if a.Failed {
		fault, err := DecodeError(code, b)
		return vm.Null, fault, err
	}
	v, err := vm.DecodeValue(code, b)
	if err != nil {
		return vm.Null, nil, fmt.Errorf("read an answer: %w", err)
	}
	return v, nil, nil
}

// Tell answers a machine that waits for one thing, by a value or an error.
func Tell(m *vm.Machine, v vm.Value, fault *vm.Error) {
	if fault != nil {
		m.Raise(fault)
		return
	}
	m.Answer(v)
}

// TellEnded answers a machine that awaits one or all of several futures, which have all ended: with their values, or the error of the
// lowest index. The heads are in the order of Await().Futures.
func TellEnded(m *vm.Machine, load Loader, heads []*Head) error {
	values := make([]vm.Value, len(heads))
	for i, h := range heads {
		v, fault, err := ReadAnswer(m.Code(), load, h.Answer)
		if err != nil {
			return fmt.Errorf("read the end of %s: %w", h.ID, err)
		}
		if fault != nil {
			m.Raise(fault)
			return nil
		}
		values[i] = v
	}
	if m.Await().Mode == vm.AwaitOne {
		m.Answer(values[0])
		return nil
	}
	m.AnswerAll(values)
	return nil
}

// TellFirst answers a machine that awaits the first of several futures with the one of an index.
func TellFirst(m *vm.Machine, load Loader, index int, head *Head) error {
	v, fault, err := ReadAnswer(m.Code(), load, head.Answer)
	if err != nil {
		return fmt.Errorf("read the end of %s: %w", head.ID, err)
	}
	if fault != nil {
		m.Raise(fault)
		return nil
	}
	m.AnswerFirst(index, v)
	return nil
}

// WhichFirst is the index of the future that ended first, by the slot that decided it.
func WhichFirst(code *vm.Code, load Loader, a vm.Awaiting, s Slot) (int, error) {
	v, _, err := ReadAnswer(code, load, s.Answer)
	if err != nil {
		return 0, err
	}
	index, _ := v.Int64()
	if int(index) >= len(a.Futures) || index < 0 {
		return 0, fmt.Errorf("%s: slot %d: %w", s.ID, s.Number, errCorrupt)
	}
	return int(index), nil
}

// TimedOut says whether a wait timed out, by the slot that decided it.
func TimedOut(code *vm.Code, load Loader, s Slot) (bool, error) {
	v, _, err := ReadAnswer(code, load, s.Answer)
	if err != nil {
		return false, err
	}
	return v.Kind() == vm.KindBool && v.Bool(), nil
}

// TimeoutError is what is raised where a wait timed out.
func TimeoutError(a vm.Awaiting) *vm.Error {
	limit := strconv.FormatFloat(a.Timeout, 'g', -1, 64)
	return &vm.Error{Kind: vm.ErrTimeout, Message: "the future did not resolve within " + limit + " seconds"}
}

// CallSlot is the slot of a call's answer, as far as it follows from the call; or the fault of arguments that are too large to cross,
// which is raised instead and has no slot.
func CallSlot(code *vm.Code, f vm.ForeignCall) (Slot, *vm.Error, error) {
	spec := &code.Program().Imports[f.Import]
	arguments, err := vm.EncodeValue(code, vm.List(f.Args...))
	if err != nil {
		return Slot{}, nil, fmt.Errorf("call %s: %w", spec.Alias, err)
	}
	if len(arguments) > maxCrossing {
		return Slot{}, tooLarge("the arguments of "+spec.Alias+" are", len(arguments)), nil
	}
	return Slot{Kind: SlotCall, Function: spec.Module + "." + spec.Name, Arguments: digest(arguments)}, nil, nil
}

// Fits says what is wrong if a stored slot does not answer what a thread asks for.
func (s *Slot) Fits(asked Slot) error {
	if s.Kind == asked.Kind && s.Function == asked.Function && s.Arguments == asked.Arguments {
		return nil
	}
	return fmt.Errorf("%s: slot %d answers a call of %s with other arguments or another function than %s: the program is not the one that was stored",
		s.ID, s.Number, s.Function, asked.Function)
}

// IsAlone says whether a call is all that its thread consists of. Such a call has no slot: the thread's end is its answer.
func IsAlone(code *vm.Code, start vm.Start, f vm.ForeignCall) bool {
	return vm.Equal(start.Function, code.Import(f.Import))
}

// StartOf is what a thread starts with that a machine has started.
func StartOf(session string, s vm.Spawned) vm.Start {
	return vm.Start{Session: session, Thread: s.Thread, Function: s.Function, Args: s.Args, Names: s.Names, Trace: s.Trace}
}

// TooLargeToStart is the fault of a thread whose encoded entry is too large to cross, raised where the thread was to be started; else nil.
func TooLargeToStart(s vm.Start, entry []byte) *vm.Error {
	if len(entry) <= maxCrossing {
		return nil
	}
	return tooLarge("the arguments of "+s.Function.FunctionName()+" are", len(entry))
}

// NeedSlot says whether lines of so many bytes, breaks included, get a slot of their own.
func NeedSlot(bytes int) bool { return bytes >= maxPending }

// EndsWith says whether a machine that has ended did so with what a thread's record holds.
func EndsWith(m *vm.Machine, failed bool, stored []byte) (bool, error) {
	if fault := m.Fault(); fault != nil {
		b, err := EncodeError(m.Code(), fault)
		return failed && bytes.Equal(b, stored), err
	}
	b, err := vm.EncodeValue(m.Code(), m.Result())
	if err != nil || failed {
		return len(b) > maxCrossing, err
	}
	if bytes.Equal(b, stored) {
		return true, nil
	}
	v, err := vm.DecodeValue(m.Code(), stored)
	// What shares memory may be written in several ways, and a NaN does not equal itself.
	return err == nil && (vm.Equal(v, m.Result()) || vm.Show(v) == vm.Show(m.Result())), err
}
