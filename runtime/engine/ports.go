package engine

import (
	"context"
	"time"
)

// Clock is the time.
type Clock interface {
	Now() time.Time
	// Sleep waits; it returns early, with the context's error, when that is cancelled.
	Sleep(ctx context.Context, d time.Duration) error
	// AfterFunc calls f, on a goroutine of its own, after d. The returned function prevents that if it is not too late.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// Executor decides where and when runs happen.
type Executor interface {
	// Invoke lets a run of the thread happen soon, somewhere: Engine.Run, if it is in this process. It does not wait for
	// it. An invocation may be lost, late or doubled; the sweep makes good for lost ones.
	Invoke(ctx context.Context, e *Engine, id ID) error
	// Outside is called around what a run waits for (a Python call, a sleep), so that it occupies nothing meanwhile.
	Outside(wait func())
	// Yield lets other runs that are ready go first.
	Yield()
	// Together runs the jobs at the same time and returns when all have returned.
	Together(jobs ...func())
}

// Stopping is an Executor that can end a run early whose thread has ended, because it happens in a process of its own, say.
type Stopping interface {
	Executor
	// Stop does not wait. There may be no such run.
	Stop(id ID)
}

// Source is where tokens, session IDs and random choices come from. It is used by several goroutines at once.
type Source interface {
	Uint64() uint64
}

// Stream says where a line of output comes from.
type Stream uint8

const (
	// Print is the Hark program: print, signal.
	Print Stream = iota + 1
	// Stdout and Stderr are those of a Python call.
	Stdout
	Stderr
)

// Line is a line of a session's output, without its line break.
type Line struct {
	ID     ID
	Stream Stream
	Text   string
	// Number counts the lines that the thread itself printed, from 0. Whatever is run again, the line with the same
	// number is the same line.
	Number uint64
	// Call is the slot of the Python call that wrote the line, Attempt which try of it (from 1), and Index counts the
	// lines of the attempt from 0. They are set if Stream is not Print.
	Call    uint64
	Attempt int
	Index   int
}

// EventKind says what happened to a thread.
type EventKind uint8

const (
	// ThreadSpawned: its head was put.
	ThreadSpawned EventKind = iota + 1
	// ThreadClaimed: a run of it has begun.
	ThreadClaimed
	// ThreadParked: it waits for Targets or Until.
	ThreadParked
	// ThreadWoken: a wait of it was released.
	ThreadWoken
	// ThreadPreempted: its run ended because its time was up.
	ThreadPreempted
	// ThreadFinished: it has ended with Answer.
	ThreadFinished
	// CallBegun: an attempt of a Python call begins.
	CallBegun
	// CallEnded: the answer of a Python call is stored.
	CallEnded
	// CallRepeated: an attempt has failed and will be followed by another.
	CallRepeated
)

// Event is something that happened to a thread. The fields that say nothing about its kind are zero.
type Event struct {
	Kind EventKind
	ID   ID
	Time time.Time
	// Function is the thread's, or the one that is called.
	Function string
	Targets  []string
	Until    time.Time
	Call     uint64
	Attempt  int
	Answer   Answer
}

// Observer is told what happens, in the order in which it happens to each thread, by several goroutines at once. It must
// not wait for long: the run does.
type Observer interface {
	// Provisional is a line as it comes. It may come again (a repeated call, a second run), and may never be committed.
	Provisional(l Line)
	// Committed is a line that is stored now. Each comes once, and a thread's in their order, but that a run which was left
	// over, because its lease ended while it lived, may tell late of what it stored.
	Committed(l Line)
	Event(e Event)
}

// Quiet is an Observer that does nothing, to be embedded by those who want some of the calls.
type Quiet struct{}

// Provisional does nothing.
func (Quiet) Provisional(Line) {}

// Committed does nothing.
func (Quiet) Committed(Line) {}

// Event does nothing.
func (Quiet) Event(Event) {}

var _ Observer = Quiet{}
