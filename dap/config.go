package dap

import (
	"context"
	"encoding/json"

	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Config is what sessions need from outside.
type Config struct {
	// Prepare makes what a launch request asks for ready to be run. Its error is shown to the user as it is.
	Prepare func(ctx context.Context, l Launch) (*Prepared, error)
	// Open finds the session that a launch or attach request names. Its error says where it looked.
	Open func(ctx context.Context, l Launch) (*Saved, error)
	// Log is told of every message; nil for no log.
	Log *zap.Logger
}

// Launch are the arguments of a launch request, and of an attach request.
type Launch struct {
	// Program is the entry file; relative to Cwd, and that to the adapter's current directory.
	Program  string `json:"program"`
	Function string `json:"function"`
	// Args are the values of the entry's arguments as JSON, in order.
	Args        []json.RawMessage `json:"args"`
	Cwd         string            `json:"cwd"`
	StopOnEntry bool              `json:"stopOnEntry"`
	// Python is the interpreter, "" for the project's.
	Python string `json:"python"`
	// Env are environment variables for Python; null takes one away.
	Env     map[string]*string `json:"env"`
	NoDebug bool               `json:"noDebug"`
	// Record says whether the run is kept; nil is yes.
	Record *bool `json:"record"`

	// Session is the ID of a saved session. Store is where it is: "local", "cloud", or "" for the first that has it. Instance is the
	// deployed one that is meant.
	Session  string `json:"session"`
	Store    string `json:"store"`
	Instance string `json:"instance"`
	// Fork is where a session goes on for real; nil for a replay.
	Fork *Fork `json:"fork"`
	// Live, of an attach request: follow the session while it runs.
	Live bool `json:"live"`
}

// Records says whether a live run is to be kept.
func (l *Launch) Records() bool { return l.Record == nil || *l.Record }

// Fork is where a session goes on for real: at an instant, with some recorded answers changed.
type Fork struct {
	Thread  string   `json:"thread"`
	At      uint64   `json:"at"`
	Answers []Answer `json:"answers"`
}

// Answer is another value for a recorded answer. Slots of a thread's log count from 0.
type Answer struct {
	Thread string          `json:"thread"`
	Slot   uint64          `json:"slot"`
	Value  json.RawMessage `json:"value"`
}

// Prepared is a program that can be run.
type Prepared struct {
	Program *bytecode.Program
	// Root is the directory that the paths of the program's files are relative to.
	Root string
	Args []vm.Value
	Kept
	// Warning is something to tell the user, "" for nothing.
	Warning string
}

// Kept is what one run of a program happens in, and where that is kept.
type Kept struct {
	World debugger.World
	// Place is how messages call the store, "" for memory.
	Place string
	// Close closes the store, once the run is over; it may be nil.
	Close func() error
}

// Saved is a session that was found.
type Saved struct {
	Store engine.Store
	ID    string
	// Root is the directory that the paths of the program's files are relative to, where there is a checkout.
	Root string
	// Place is how messages call the store.
	Place string
	// World makes what a fork runs in; its Store is where the fork is kept.
	World func(ctx context.Context) (Kept, error)
	// Value reads a value of JSON.
	Value func(text string) (vm.Value, error)
	// Close closes the store; it may be nil.
	Close func() error
}
