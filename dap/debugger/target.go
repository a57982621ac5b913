package debugger

import (
	"context"
	"errors"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Target is what is debugged. Its methods may be called by one goroutine at a time; only Pause, Stopped and Close may be called
// while another one is at work, and Close then ends that. What happens meanwhile is told to its Listener. What a target cannot do, or
// cannot do now, it refuses with an error that is fit to be shown.
type Target interface {
	// Program is what runs.
	Program() *Program
	// Session is its session's ID, "" before it has begun.
	Session() string
	// Now is the time until which what has not ended goes on, zero if the target only looks.
	Now() time.Time
	// Begin lets it run.
	Begin(ctx context.Context) error
	// Abilities says what the target can do now. Listener.Changed tells when that changes.
	Abilities() Abilities
	// SetBreakpoints replaces all breakpoints. It may be called at any time.
	SetBreakpoints(all []Breakpoint)
	// SetExceptionStops says at which errors to stop.
	SetExceptionStops(at ExceptionStops)
	// SetWatchpoints replaces all data breakpoints.
	SetWatchpoints(all []Watchpoint)
	// Threads are those that have begun and not ended by now, in the order in which they began, and those that failed.
	Threads() []Thread
	// Stack is the stack of a thread that does not run. It waits until one that is about to stand does.
	Stack(ctx context.Context, thread int) (*Stack, error)
	// Future is what is known of a future by now.
	Future(id string) Future
	// Evaluate is the value of an expression in a frame of a Stack. It has no effect on the program. Only if mayCall is set and the
	// target is able to (Abilities.Call), Python is called; the call is not logged.
	Evaluate(ctx context.Context, f *Frame, text string, mayCall bool) (vm.Value, error)
	// Move lets threads go on, or back. What was handed out of their machines must not be looked at any more.
	Move(m Motion) error
	// Pause stops all threads.
	Pause(thread int) error
	// Stopped says whether the target stands.
	Stopped() bool
	// Instant is where a thread stands now.
	Instant(thread int) (replay.Instant, error)
	// Goto goes to an instant, and tells of it as a stop with Reason AtGoto in its thread. It returns the error at once if there is
	// no such instant.
	Goto(ctx context.Context, to replay.Instant) error
	// Cause is what brought about that a thread is where it is, nil if nothing did (replay.Session.Cause).
	Cause(ctx context.Context, thread int) (*replay.Cause, error)
	// Edit changes the program where it stands. It is logged, so that every replay makes the same change. Jump and RestartFrame are told
	// of as a stop, with Reason AtGoto and AfterRestart. What was handed out of the thread's machine must not be looked at any more.
	Edit(ctx context.Context, e Edit) error
	// Records are what a replay of the session reads, as far as the target stores something; nil if it does not.
	Records(ctx context.Context) (*replay.Session, error)
	// Close ends it, and returns when nothing of it is left.
	Close()
}

// Listener is told what happens to a target. It must not call the target, and not wait for long.
type Listener interface {
	// Stopped: all threads stand, or are about to, or stay outside.
	Stopped(s Stop)
	// WentOn: threads go on that nobody asked to: all of them, or only one.
	WentOn(thread int, all bool)
	// Began and Left: a thread has begun, has ended.
	Began(thread Thread)
	Left(thread Thread)
	// Wrote: a line of output. It may wait until the line is taken.
	Wrote(l Line)
	// Logged: a logpoint was passed. It may wait until the message is taken.
	Logged(l Log)
	// Changed: the target can do other things from now on.
	Changed(a Abilities)
	// Works: something takes long.
	Works(p Progress)
	// Ended: the whole session has. It is called once, and not by targets that only look at one.
	Ended(e End)
}

// Starter is a Listener whose user can have another debugger beside this one.
type Starter interface {
	// StartDebugging asks the client to start one, to attach to what a configuration says, in the words of that debugger. then is
	// called once with what came of it: nil, or why there is none.
	StartDebugging(configuration map[string]any, then func(err error))
}

// Abilities are what a target can do now.
type Abilities struct {
	// Back: go back in time.
	Back bool
	// Edit: change values, and where a frame goes on.
	Edit bool
	// Call: evaluate expressions that call Python.
	Call bool
}

// Breakpoint is a place to stop at.
type Breakpoint struct {
	ID    int
	Place Place
	// Condition is an expression in the frame; where it is not true, as "if" has it, nothing stops. One that has no value stops, and the Stop
	// says why. "" is none.
	Condition string
	// Hits says which passes count, "" all: "5" the fifth only, ">3" (or >=, <, <=, ==) and "%2" (every second). Passes are
	// counted by instant, those with a true Condition only.
	Hits string
	// Message makes it a logpoint: what stands in braces is evaluated in the frame, and nothing stops.
	Message string
}

// ExceptionStops are errors to stop at: those that nothing in their thread catches, those that something does, those that come from
// Python.
type ExceptionStops struct{ Uncaught, Caught, Python bool }

// Watchpoint stops where a local was written: after the instruction; on the way back, before it.
type Watchpoint struct {
	ID int
	// Thread is the thread's number in its session; Level counts frames from the outermost, 0. Function is the frame's, and the watch
	// is over when that has returned.
	Thread          string
	Level, Function int
	Register        int
	Name            string
	// Condition and Hits are as those of a Breakpoint.
	Condition, Hits string
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
	// Failed: it has ended with an error. Ended: it has ended. Cut: it was ended from outside, and is shown where it certainly came to.
	Failed, Ended, Cut bool
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
	// AtGoto: somebody wanted to be there.
	AtGoto
	// OnWrite: a watchpoint.
	OnWrite
	// AtBeginning and AtEnd: there is nothing before, or after, that could be shown.
	AtBeginning
	AtEnd
	// AfterRestart: a frame was restarted.
	AfterRestart
)

// Stop is an instant at which a target stopped.
type Stop struct {
	Reason Reason
	Thread int
	// Instant is where that thread stands; its Thread is "" if it does not yet (it will be known when its Stack is).
	Instant replay.Instant
	// Breakpoints are those at the place, by ID; the watchpoints with Reason OnWrite.
	Breakpoints []int
	// Text says more about the reason, "" if there is nothing to say.
	Text string
	// Error is what is about to be raised, or was just raised, with Reason OnError; Caught: something in its thread catches it.
	Error  *vm.Error
	Caught bool
}

// Line is a line of output.
type Line struct {
	engine.Line
	// Point is where it was written, if Known.
	Point Point
	Known bool
	// Instant is the one that wrote it; its Thread is "" if that is not known.
	Instant replay.Instant
}

// Log is the message of a logpoint, or, with an Instant of no thread, of the debugger: that has no Point.
type Log struct {
	Text    string
	Point   Point
	Instant replay.Instant
}

// Progress is about work that takes long. The same ID tells of it again; the last time it is Done.
type Progress struct {
	ID      int
	Title   string
	Message string
	Done    bool
}

// End is how a session ended: with a result, or with an error of the outside world.
type End struct {
	Result engine.Result
	Err    error
}

// Future is what is known of a future: its state in a word or more, and its value or error once it has ended. Waiters are the threads
// that wait for it, by number.
type Future struct {
	State   string
	Value   *vm.Value
	Error   *vm.Error
	Waiters []string
}

// Motion is a way to go on, or back.
type Motion struct {
	Kind MotionKind
	// Thread is the one that steps, or the only one that goes if Single is set.
	Thread int
	Single bool
	// Instruction: by instruction instead of by line.
	Instruction bool
	// Into is the call that StepIn goes into, nil for the first.
	Into *Place
}

// MotionKind is how far to go.
type MotionKind uint8

// Continue goes on until something stops it; the steps to the next line: of the frame or its callers, of any frame, of the
// callers. The others go the same ways back.
const (
	Continue MotionKind = iota + 1
	StepOver
	StepIn
	StepOut
	ReverseContinue
	BackOver
	BackIn
	BackOut
)

// Backwards says whether a motion goes back in time.
func (k MotionKind) Backwards() bool { return k >= ReverseContinue }

// Edit is a change of a thread that stands. Exactly one kind.
type Edit struct {
	Kind EditKind
	// Thread is its ID, Frame the frame's number in its Stack, 0 the innermost.
	Thread, Frame int
	// Register and Value are for SetRegister.
	Register int
	Value    vm.Value
	// PC is for Jump: an instruction of the frame's function, at which a line begins.
	PC int
}

// EditKind says what is changed.
type EditKind uint8

// SetRegister gives a local or argument another value. Jump makes the innermost frame go on elsewhere. RestartFrame begins the
// function of a frame anew with the arguments that it has, and ends the frames further in.
const (
	SetRegister EditKind = iota + 1
	Jump
	RestartFrame
)

// What targets refuse.
var (
	errGone     = errors.New("the thread has ended")
	errEnded    = errors.New("the program has ended")
	errPast     = errors.New("the past cannot be changed: start a fork here (launch with \"fork\"), which goes on for real")
	errNoRecord = errors.New("going back needs a record of the run, and this one was started with \"record\": false")
)
