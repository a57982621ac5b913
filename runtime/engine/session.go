package engine

import (
	"context"
	"fmt"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Session is what one starts.
type Session struct {
	Program *bytecode.Program
	// Function is the entry's name, one of the program's Exports.
	Function string
	Args     []vm.Value
	// ID is the session's if it has to be the same each time it is started (an event that is delivered twice); "" for a
	// new one.
	ID string
}

// Result is how a session ended.
type Result struct {
	// Value is thread 0's, unless it failed with Err.
	Value vm.Value
	Err   *vm.Error
	// Abandoned are the failures of threads that nobody awaited, by the threads' order.
	Abandoned []Failure
}

// Failure is the end of a thread that failed.
type Failure struct {
	ID  ID
	Err *vm.Error
}

// Deadlock is the error of Wait when every thread of a session waits for something that nothing in this process can
// bring about, and no other process can either (Config.Private).
type Deadlock struct {
	// Waiting are the threads, by their order, and what each waits for.
	Waiting []Waiting
}

// Waiting is a thread and what it waits for.
type Waiting struct {
	ID       ID
	Function string
	Targets  []string
}

// Error names the threads.
func (d *Deadlock) Error() string {
	return fmt.Sprintf("the session cannot go on: %d threads wait for each other or for outside futures", len(d.Waiting))
}

// Load makes a program executable, once: its sessions share the Code, which is where a debugger sets its breakpoints.
func (e *Engine) Load(ctx context.Context, p *bytecode.Program) (*vm.Code, error) { return vm.Load(p) }

// Start starts a session and returns its ID; it does not wait. An error of type *vm.Error is the caller's: there is no such
// function, or the arguments do not fit it.
func (e *Engine) Start(ctx context.Context, s Session) (string, error) { return s.ID, nil }

// Wait waits until thread 0 and all others of the session have ended. Its error is of the outside world, or a *Deadlock.
func (e *Engine) Wait(ctx context.Context, session string) (Result, error) { return Result{}, nil }

// Resolve gives a future that is resolved from outside its session a value. It says whether this was the first one.
func (e *Engine) Resolve(ctx context.Context, session, name string, v vm.Value) (bool, error) {
	return false, nil
}

// Cancel ends all threads of a session that have not ended, with kind Cancelled.
func (e *Engine) Cancel(ctx context.Context, session string) error { return nil }

// Close stops the runs of this process and waits until they have. Their sessions can be gone on with.
func (e *Engine) Close() error { return nil }
