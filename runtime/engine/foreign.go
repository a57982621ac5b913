package engine

import (
	"context"

	"github.com/hark-lang/hark-ls/vm"
)

// Call is one attempt of a Python call.
type Call struct {
	// ID is the thread that calls, Slot the number of the call in its log, Attempt which try this is, from 1.
	ID      ID
	Slot    uint64
	Attempt int
	// Module and Name are the function over there, Alias is its name in the Hark program, for messages.
	Module, Name, Alias string
	Args                []vm.Value
	// Names are those of the last len(Names) arguments.
	Names []string
	// Begin is to be called when a worker takes the call: the attempt's time counts from then.
	Begin func()
	// Output is to be called with each line that the call writes to Stdout or Stderr, without its line break, in order.
	Output func(s Stream, line string)
	// Debug, if it is not nil, wants the function to be stepped into. It is called before the function is: with the address where
	// a Python debugger can attach, for which the call then waits, or with "" and why there is none. If it returns an error the call is
	// made like any other.
	Debug func(ctx context.Context, address string, why error) error
}

// CallResult is what came of an attempt. Exactly one of Raised and Crashed is set, or none and Value is the result.
type CallResult struct {
	Value vm.Value
	// Raised is what the function raised (Kind is its class, Python the traceback's text), or, of kind Type or Limit, why
	// an argument or the result cannot cross; Bases are the unqualified names of the class's bases, at all depths.
	Raised *vm.Error
	Bases  []string
	// Crashed says, in words for the program's author, how the worker died; the engine decides whether to call again.
	Crashed string
}

// Foreign calls Python.
type Foreign interface {
	// Call makes the call in a worker and waits for it. When the context is cancelled it kills the worker and returns the
	// context's error. Another error means that there is no Python to call (no interpreter, say): the session cannot go
	// on here, and nothing is stored.
	Call(ctx context.Context, c Call) (CallResult, error)
}

// Runner is how machines are run. A debugger puts itself here: it may stop for as long as it likes, look at the machine
// between two of its instructions, and run it in smaller steps.
type Runner interface {
	// Run runs a machine as m.Run(fuel) does, with which it never executes more than fuel instructions. After a Break, which it may
	// return at any time, the machine runs on; an Editor is asked for edits first.
	Run(ctx context.Context, id ID, m *vm.Machine, fuel uint64) vm.Outcome
}

// Direct is the Runner that only runs.
type Direct struct{}

// Run is m.Run.
func (Direct) Run(_ context.Context, _ ID, m *vm.Machine, fuel uint64) vm.Outcome { return m.Run(fuel) }

var _ Runner = Direct{}
