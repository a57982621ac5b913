package debugger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Stack is the stack of a thread at a stop: its frames, then those that led to its start.
type Stack struct {
	program  *Program
	machine  *vm.Machine // nil if the thread has not begun
	origin   []vm.TraceFrame
	thread   string
	function string
	frames   []vm.Frame
}

// Frame is one of a Stack.
type Frame struct {
	Name string
	// Point is where it is, if Known.
	Point Point
	Known bool
	// Prelude: its function belongs to the standard library.
	Prelude bool
	// Label: it is no frame, but says how threads hang together. Started: it is not of this thread, but of those that
	// started it.
	Label, Started bool

	program *Program
	machine *vm.Machine
	number  int
	place   Place
	// starter is the thread of a frame that is Started; number is its frame there.
	starter string
}

// Number is that of the frame in its Stack, 0 the innermost.
func (f *Frame) Number() int { return f.number }

// Thread is the number in the session of the thread that the frame is of.
func (f *Frame) Thread() string {
	if f.machine == nil {
		return f.starter
	}
	return f.machine.Thread()
}

// Place is the instruction that is next, or the call that the frame waits for; false outside of the program's functions.
func (f *Frame) Place() (Place, bool) { return f.place, f.machine != nil && f.place.Function >= 0 }

// Instant is where the frame's thread is: for one that led to the thread's start, when it started it (see AsOf).
func (f *Frame) Instant() (replay.Instant, bool) {
	if f.machine == nil {
		return replay.Instant{}, false
	}
	return replay.Instant{Thread: f.machine.Thread(), At: f.machine.Steps()}, true
}

// Restartable says whether the frame runs a function of the program that could begin anew.
func (f *Frame) Restartable() bool { return f.machine != nil && !f.Started && f.place.Function >= 0 }

// Len is the number of frames.
func (s *Stack) Len() int { return s.own() + len(s.started()) }

func (s *Stack) own() int {
	if s.machine == nil {
		return 0
	}
	return s.machine.Depth()
}

// Frames are at most count frames from first on, the innermost is number 0. A count of 0 is all.
func (s *Stack) Frames(first, count int) []Frame {
	if count <= 0 {
		count = s.Len()
	}
	first, last := max(0, first), min(s.Len(), max(0, first)+count)
	all := make([]Frame, 0, max(0, last-first))
	if own := min(s.own(), last); first < own && len(s.frames) < own {
		s.frames = s.machine.Frames(own)
	}
	started := s.started()
	for i := first; i < last; i++ {
		if i < s.own() {
			all = append(all, s.frame(i))
		} else {
			all = append(all, started[i-s.own()])
		}
	}
	return all
}

func (s *Stack) frame(number int) Frame {
	f := s.frames[number]
	out := Frame{program: s.program, machine: s.machine, number: number, place: Place{f.Function, f.PC}}
	out.Point, out.Known = s.program.Point(out.place)
	if f.Function < 0 {
		out.Name = s.function
		return out
	}
	out.Prelude = !s.program.funcs[f.Function].user
	out.Name = nameOf(s.program.Funcs[f.Function].Name) + out.arguments()
	if f.Tails > 0 {
		out.Name += fmt.Sprintf(" +%d tail calls", f.Tails)
	}
	return out
}

func nameOf(function string) string {
	if function == "" {
		return "lambda"
	}
	return function
}

// shortValue is how long an argument may be in the name of a frame, in bytes.
const shortValue = 24

// arguments are the values that the parameters have now.
func (f *Frame) arguments() string {
	var parts []string
	for i := range f.program.Funcs[f.place.Function].Params {
		text := "…"
		if v, ok := f.machine.Register(f.number, i); ok && !v.IsUnset() {
			text = vm.LiteralPrefix(v, shortValue)
		}
		parts = append(parts, text)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// started are the frames that led to the thread's start, each thread's after a label.
func (s *Stack) started() []Frame {
	var all []Frame
	of, number := s.thread, 0
	for _, t := range s.origin {
		if t.Thread != of {
			all = append(all, Frame{Name: "async " + of + " ← " + t.Thread, Label: true})
			of, number = t.Thread, 0
		}
		f := Frame{Name: t.Function, Started: true, starter: t.Thread, number: number, place: Place{Function: -1}}
		number++
		file := slices.IndexFunc(s.program.Files, func(file bytecode.File) bool { return file.Path == t.File })
		if f.Known = file >= 0 && t.Line > 0; f.Known {
			f.Point, f.Prelude = Point{File: file, Line: t.Line - 1}, IsPrelude(t.File)
		}
		all = append(all, f)
	}
	return all
}

// AsOf is a frame that led to the start of the thread with a number, with the values that it had when it started it (or started the
// one that did). Records tell them.
func (f *Frame) AsOf(ctx context.Context, records *replay.Session, thread string) (Frame, error) {
	for at := (replay.Instant{Thread: thread}); at.Thread != f.starter; {
		cause, err := records.Cause(ctx, replay.Instant{Thread: at.Thread})
		if err != nil {
			return *f, fmt.Errorf("look at the start of thread %s: %w", at.Thread, err)
		}
		if cause == nil || cause.Instant == nil {
			return *f, fmt.Errorf("nothing is stored about what started thread %s", at.Thread)
		}
		at = *cause.Instant
		if at.Thread == f.starter {
			return f.at(ctx, records, at)
		}
	}
	return *f, nil
}

// at is the frame as it is at an instant of its thread.
func (f *Frame) at(ctx context.Context, records *replay.Session, at replay.Instant) (Frame, error) {
	t, err := records.Thread(ctx, at.Thread)
	if err != nil {
		return *f, err
	}
	cursor, err := t.At(ctx, at.At)
	if err != nil {
		return *f, err
	}
	m := cursor.Machine()
	frames := m.Frames(f.number + 1)
	if f.number >= len(frames) {
		return *f, fmt.Errorf("thread %s has no frame %d at its instant %d", at.Thread, f.number, at.At)
	}
	out := *f
	out.program, out.machine = NewProgram(m.Code().Program()), m
	out.place = Place{frames[f.number].Function, frames[f.number].PC}
	return out, nil
}
