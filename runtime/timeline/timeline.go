// Package timeline says what the threads of a session did when, for lists and pictures: a lane for each thread, in it spans of time, and
// marks for what it printed and for its errors, each with the instant of a replay that it belongs to.
//
// The records say when answers came. When a thread began to wait for another one they do not say, so that what it computed before is
// estimated by the number of its instructions.
package timeline

import (
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// Kinds of spans.
const (
	// Run: the thread computed.
	Run = "run"
	// Call: it was in a Python call.
	Call = "call"
	// Wait: it waited for another thread, an outside future, or the first of several.
	Wait = "wait"
	// Sleep: it slept.
	Sleep = "sleep"
)

// What has become of a session, by the record of its thread 0.
const (
	Done      = "done"
	Failed    = "failed"
	Cancelled = "cancelled"
	Running   = "running"
)

// perInstruction is about how long an instruction takes.
const perInstruction = 20 * time.Nanosecond

// Timeline is what a session did.
type Timeline struct {
	Session  string    `json:"session"`
	Function string    `json:"function"`
	Status   string    `json:"status"`
	Started  time.Time `json:"started"`
	// Ended is when the last of its threads ended; for a session that has not, the last time that is known of.
	Ended time.Time `json:"ended"`
	// Lanes are the threads that are in the Window, parents before their children.
	Lanes []*Lane `json:"lanes"`
	// Total counts the threads that have something in the Window's time.
	Total int `json:"-"`
	// byThread are the lanes by their threads' numbers.
	byThread map[string]*Lane
}

// Lane is the lane of a thread, nil if there is none.
func (t *Timeline) Lane(thread string) *Lane { return t.byThread[thread] }

// Since is a time as seconds since the session's start.
func (t *Timeline) Since(at time.Time) float64 { return at.Sub(t.Started).Seconds() }

// Lane is a thread.
type Lane struct {
	Thread   string `json:"thread"`
	Function string `json:"function"`
	Parent   string `json:"parent,omitempty"`
	// Status is the thread's: running, waiting, returned or failed.
	Status  string    `json:"status"`
	Started time.Time `json:"started"`
	// Ended is zero for a thread that has not.
	Ended time.Time `json:"ended"`
	Spans []Span    `json:"spans"`
	// Result is the beginning of what the thread returned, Error what it failed with.
	Result string   `json:"result,omitempty"`
	Error  *Problem `json:"error,omitempty"`
	// Waits is what the thread waits for, in words, if it does.
	Waits string `json:"waits,omitempty"`
	// Lines are those that it printed, in order.
	Lines []replay.Line `json:"-"`
	// Marks are those of its Lines and errors, by time.
	Marks []Mark `json:"-"`
}

// Span is what a thread did for a time.
type Span struct {
	Kind string    `json:"kind"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Name is the Python function, or what was waited for.
	Name     string `json:"name,omitempty"`
	Slot     int    `json:"slot,omitempty"`
	Attempts int    `json:"attempts,omitempty"`
	// Failed says that the call raised; Error says what.
	Failed bool     `json:"failed,omitempty"`
	Error  *Problem `json:"error,omitempty"`
	// Resolver is the thread whose end ended a wait.
	Resolver string `json:"resolver,omitempty"`
	// Open says that what the thread does is not over; To is then the Timeline's end.
	Open bool `json:"-"`
	// Instant is the one with which the span begins.
	Instant replay.Instant `json:"instant"`
}

// Kinds of marks.
const (
	Output = "output"
	Error  = "error"
)

// Mark is something that has a time and no length: a line of output, or an error where it was raised.
type Mark struct {
	Kind string
	Time time.Time
	Text string
	// Stream is that of a line.
	Stream engine.Stream
	// Instant is where the thread stands at what printed or raised.
	Instant replay.Instant
}

// Problem is an error in a thread.
type Problem struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// Window is a part of a timeline. The zero Window is all of it.
type Window struct {
	// From and To are times since the session's start; threads that were there between them are shown, whole. To 0 is the end.
	From, To time.Duration
	// First is how many of those threads are left out, and Lanes how many are shown; 0 is all.
	First, Lanes int
	// Now is the present, for a session that somebody is at: what has not ended goes on until then. If it is zero, until the last thing
	// that is known to have happened.
	Now time.Time
}
