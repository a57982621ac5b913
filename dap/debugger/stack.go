package debugger

import (
	"fmt"
	"slices"
	"strings"

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
}

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
	of := s.thread
	for _, t := range s.origin {
		if t.Thread != of {
			all = append(all, Frame{Name: "async " + of + " ← " + t.Thread, Label: true})
			of = t.Thread
		}
		f := Frame{Name: t.Function, Started: true}
		file := slices.IndexFunc(s.program.Files, func(file bytecode.File) bool { return file.Path == t.File })
		if f.Known = file >= 0 && t.Line > 0; f.Known {
			f.Point, f.Prelude = Point{File: file, Line: t.Line - 1}, IsPrelude(t.File)
		}
		all = append(all, f)
	}
	return all
}

// Variables of a frame, by scope. What has no value yet is left out.
type Variables struct {
	Locals, Arguments, Captures []Variable
}

// Variable is a name, or a part of a value, with its value.
type Variable struct {
	Name  string
	Value vm.Value
}

// Variables are the frame's locals, arguments and captures, in the order of the source.
func (f *Frame) Variables() Variables {
	var all Variables
	if f.machine == nil || f.place.Function < 0 {
		return all
	}
	function := &f.program.Funcs[f.place.Function]
	for _, local := range function.Debug.Locals {
		if pc := uint32(f.place.PC); pc < local.Start && !local.Param || pc >= local.End {
			continue
		}
		v, ok := f.machine.Register(f.number, int(local.Reg))
		if !ok || v.IsUnset() {
			continue
		}
		if local.Param {
			all.Arguments = append(all.Arguments, Variable{local.Name, v})
		} else {
			all.Locals = append(all.Locals, Variable{local.Name, v})
		}
	}
	for i, v := range f.machine.Captures(f.number) {
		if !v.IsUnset() && i < len(function.Captures) {
			all.Captures = append(all.Captures, Variable{function.Captures[i], v})
		}
	}
	return all
}
