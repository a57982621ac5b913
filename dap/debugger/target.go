package debugger

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Target is what is debugged. Its methods may be called by one goroutine at a time; what happens meanwhile is told to its
// Listener. A program that runs here is Live; replays and programs that run elsewhere will be other targets.
type Target interface {
	// Program is what runs.
	Program() *Program
	// Begin lets it run.
	Begin(ctx context.Context) error
	// SetBreakpoints replaces all breakpoints. It may be called at any time.
	SetBreakpoints(all []Breakpoint)
	// StopAtUncaught says whether to stop where an error is raised that nobody in its thread catches.
	StopAtUncaught(on bool)
	// Threads are those that have begun and not ended, in the order in which they began.
	Threads() []Thread
	// Stack is the stack of a thread that does not run. It waits until one that is about to stand does.
	Stack(ctx context.Context, thread int) (*Stack, error)
	// Future is what is known of a future.
	Future(id string) Future
	// Move lets threads go on. What was handed out of their machines must not be looked at any more.
	Move(m Motion) error
	// Pause stops all threads.
	Pause(thread int) error
	// Stopped says whether the target stands.
	Stopped() bool
	// Close ends it, and returns when nothing of it is left.
	Close()
}

// Listener is told what happens to a target. It must not call the target, and not wait for long.
type Listener interface {
	// Stopped: all threads stand, or are about to, or stay outside.
	Stopped(s Stop)
	// Began and Left: a thread has begun, has ended.
	Began(thread Thread)
	Left(thread Thread)
	// Wrote: a line of output. It may wait until the line is taken.
	Wrote(l Line)
	// Ended: the whole session has. It is called once.
	Ended(e End)
}

// Breakpoint is a place to stop at.
type Breakpoint struct {
	ID    int
	Place Place
}

// Thread is a Hark thread.
type Thread struct {
	// ID counts threads from 1 in the order in which they were met; no number is used twice.
	ID int
	// Name is the thread's number in its session, "0.2".
	Name string
	// Function is what it began with.
	Function string
	// Waiting says what it waits for, in words; "" if it does not.
	Waiting string
}

// Reason is why a target stopped.
type Reason uint8

// The reasons.
const (
	AtEntry Reason = iota + 1
	AtBreakpoint
	AfterStep
	OnPause
	OnError
	// OnHindrance: the one thread that was let go has ended, or waits for others that stand.
	OnHindrance
)

// Stop is an instant at which a target stopped.
type Stop struct {
	Reason Reason
	Thread int
	// Breakpoints are those at the place, by ID.
	Breakpoints []int
	// Text says more about the reason, "" if there is nothing to say.
	Text string
	// Error is what is about to be raised, or was just raised, with Reason OnError.
	Error *vm.Error
}

// Line is a line of output.
type Line struct {
	engine.Line
	// Point is where it was written, if Known.
	Point Point
	Known bool
}

// End is how a session ended: with a result, or with an error of the outside world.
type End struct {
	Result engine.Result
	Err    error
}

// Future is what is known of a future: its state in a word or more, and its value or error once it has ended.
type Future struct {
	State string
	Value *vm.Value
	Error *vm.Error
}

// Motion is a way to go on.
type Motion struct {
	Kind MotionKind
	// Thread is the one that steps, or the only one that goes on if Single is set.
	Thread int
	Single bool
}

// MotionKind is how far to go.
type MotionKind uint8

// Continue goes on until something stops it; the others to the next line: of the frame or its callers, of any frame, of the
// callers.
const (
	Continue MotionKind = iota + 1
	StepOver
	StepIn
	StepOut
)
