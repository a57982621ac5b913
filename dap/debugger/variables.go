package debugger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What a frame has: names with values, registers, futures.

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
		v, ok := f.local(local)
		switch {
		case !ok:
		case local.Param:
			all.Arguments = append(all.Arguments, Variable{local.Name, v})
		default:
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

// local is the value of a local where the frame is, false if it has none.
func (f *Frame) local(local bytecode.Local) (vm.Value, bool) {
	if pc := uint32(f.place.PC); pc < local.Start && !local.Param || pc >= local.End {
		return vm.Null, false
	}
	v, ok := f.machine.Register(f.number, int(local.Reg))
	return v, ok && !v.IsUnset()
}

// named is the local or argument that a name means in the frame, nil if it means none that has a value.
func (f *Frame) named(name string) *bytecode.Local {
	if f.machine == nil || f.place.Function < 0 {
		return nil
	}
	var found *bytecode.Local
	locals := f.program.Funcs[f.place.Function].Debug.Locals
	for i := range locals {
		if _, has := f.local(locals[i]); has && locals[i].Name == name {
			found = &locals[i] // the last one hides those before it
		}
	}
	return found
}

// Assignable is the register of a local or argument that has a value; the error says why there is none.
func (f *Frame) Assignable(name string) (register int, err error) {
	if local := f.named(name); local != nil {
		return int(local.Reg), nil
	}
	for _, captured := range f.Variables().Captures {
		if captured.Name == name {
			return 0, fmt.Errorf("%s is captured: it can be changed in the frame that it comes from, before the function is made", name)
		}
	}
	return 0, fmt.Errorf("the frame has no local or argument %s with a value", name)
}

// Watch is a data breakpoint on a local or argument.
func (f *Frame) Watch(name string) (Watchpoint, error) {
	register, err := f.Assignable(name)
	if err != nil {
		return Watchpoint{}, err
	}
	if f.Started {
		return Watchpoint{}, fmt.Errorf("the frame is one of thread %s as it was when it started this one", f.Thread())
	}
	return Watchpoint{
		Thread: f.Thread(), Level: f.machine.Depth() - 1 - f.number, Function: f.place.Function, Register: register, Name: name,
	}, nil
}

// Data is a text that stands for a watchpoint's place; DataOf reads it.
func (w Watchpoint) Data() string {
	return fmt.Sprintf("%s/%d/%d/%d/%s", w.Thread, w.Level, w.Function, w.Register, w.Name)
}

// DataOf is the watchpoint that Data made a text of.
func DataOf(text string) (Watchpoint, error) {
	parts := strings.SplitN(text, "/", 5)
	wrong := fmt.Errorf("%q names no data: it comes from dataBreakpointInfo", text)
	if len(parts) != 5 {
		return Watchpoint{}, wrong
	}
	w := Watchpoint{Thread: parts[0], Name: parts[4]}
	for i, number := range []*int{&w.Level, &w.Function, &w.Register} {
		n, err := strconv.Atoi(parts[i+1])
		if err != nil || n < 0 {
			return Watchpoint{}, wrong
		}
		*number = n
	}
	return w, nil
}

// Registers are those of the frame that count, each with the name that it has where the frame is.
func (f *Frame) Registers() []Variable {
	if f.machine == nil || f.place.Function < 0 {
		return nil
	}
	function := &f.program.Funcs[f.place.Function]
	names := map[uint32]string{}
	for _, local := range function.Debug.Locals {
		if _, has := f.local(local); has {
			names[local.Reg] = local.Name
		}
	}
	var all []Variable
	for r := range function.Registers {
		v, ok := f.machine.Register(f.number, int(r))
		if !ok || v.IsUnset() {
			continue
		}
		name := "r" + strconv.Itoa(int(r))
		if names[r] != "" {
			name += " " + names[r]
		}
		all = append(all, Variable{name, v})
	}
	return all
}

// Children are the numbers of the threads that the frame's thread has started by now, the oldest first.
func (f *Frame) Children() []string {
	if f.machine == nil {
		return nil
	}
	all := make([]string, f.machine.Children())
	for i := range all {
		all[i] = fmt.Sprintf("%s.%d", f.machine.Thread(), i)
	}
	return all
}

// Declaration is where a local or argument of the frame gets its value first; false for what has none.
func (f *Frame) Declaration(name string) (Range, bool) {
	local := f.named(name)
	if local == nil {
		return Range{}, false
	}
	function := &f.program.Funcs[f.place.Function]
	if local.Param {
		return f.program.span(int(function.File), function.Span), true
	}
	return f.program.span(int(function.File), function.Debug.Spans[max(0, int(local.Start)-1)]), true
}
