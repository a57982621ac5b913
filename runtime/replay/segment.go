package replay

import (
	"strconv"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Instant is a point in a session: a thread, and how many instructions it has executed. It is shown as the machine is that has executed
// so many, and stands at the next.
type Instant struct {
	Thread string `json:"thread"`
	At     uint64 `json:"at"`
}

// Origin says what began a segment.
type Origin uint8

const (
	// Started: the thread's start.
	Started Origin = iota + 1
	// Called: the answer of a Python call.
	Called
	// Awaited: the end of what the thread awaited.
	Awaited
	// First: the end of the first of several futures.
	First
	// TimedOut: the end of a wait's time.
	TimedOut
	// Slept: the end of a sleep. Nothing is stored about it, so that its time is the earliest that it can have been.
	Slept
)

var originNames = [...]string{"", "start", "call", "await", "first_of", "timeout", "sleep"}

// String is the origin in a word.
func (o Origin) String() string { return originNames[o] }

// Segment is what a thread does between two answers.
type Segment struct {
	Thread string
	// Index numbers the thread's segments, from 0.
	Index int
	// First is the instant at which it begins, just after the answer; Last the one at which the thread waits for the next answer,
	// or ended, or, in the last segment of one that has not, how far it came.
	First, Last uint64
	Origin      Origin
	// Slot is the number of the answer in the thread's log, -1 if it is not there.
	Slot int
	// Start is when it began, never before its cause. End is when the wait after it began, as far as that is stored, or the thread
	// ended; else zero.
	Start, End time.Time
	// Resolver is the thread or outside future whose end began it, "" for none.
	Resolver string
	// Awaited are all futures that had ended then, if there were several.
	Awaited []string
	// Fault is the error that the answer was, nil if it was a value. It is as it came from outside, without the thread's own frames.
	Fault *vm.Error
}

// segment is a Segment while its thread is read.
type segment struct {
	first  uint64
	origin Origin
	slot   int
	// time is the stored one, zero if there is none; slept is how much later than the segment before it began at least.
	time     time.Time
	slept    time.Duration
	resolver string
	awaited  []string
	fault    *vm.Error
	// frames are those that made the call, if that wrote lines.
	frames []vm.Frame
	// start is when it began, once that is settled.
	start   time.Time
	settled settling
}

type settling uint8

const (
	unsettled settling = iota
	inProgress
	settled
)

// spawned is where a thread was started: the machine stands at the instruction that does it. The fault is that of one that was too large
// to start.
type spawned struct {
	at    uint64
	fault *vm.Error
}

// printed is where lines were printed: the machine stands at the instruction that does it.
type printed struct {
	at     uint64
	number uint64
	lines  []string
	frames []vm.Frame
}

// maxFrames is how many frames are kept of what wrote a line: enough to come to the user's code from what the prelude prints.
const maxFrames = 8

// childIndex is the last part of a thread's number.
func childIndex(thread string) int {
	n, err := strconv.Atoi(thread[strings.LastIndexByte(thread, '.')+1:])
	if err != nil {
		return -1
	}
	return n
}
