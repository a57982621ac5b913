package debugger

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Where functions are, and where they are called.

// Range is a part of a text.
type Range struct {
	File     int
	From, To Point
}

// Call is an instruction that calls a function of the program, or may.
type Call struct {
	Place Place
	// Name is the callee as it is written.
	Name  string
	Range Range
}

// entering are the operations that may go into a function of the program.
var entering = []bytecode.Op{bytecode.CALL, bytecode.CALLV, bytecode.TAILCALL, bytecode.TAILCALLV, bytecode.SPAWN}

// Calls are those that the frame has still before it on its line, in the order of their execution.
func (f *Frame) Calls() []Call {
	if f.machine == nil || f.place.Function < 0 {
		return nil
	}
	function, lines := &f.program.Funcs[f.place.Function], &f.program.funcs[f.place.Function]
	if f.place.PC >= len(lines.line) {
		return nil
	}
	var all []Call
	for _, site := range function.Debug.Calls {
		pc := int(site.PC)
		if pc < f.place.PC || lines.line[pc] != lines.line[f.place.PC] || !slices.Contains(entering, function.Code[pc].Op) {
			continue
		}
		all = append(all, Call{Place{f.place.Function, pc}, site.Name, f.program.span(int(function.File), site.Span)})
	}
	return all
}

// span is a range of a file.
func (d *Program) span(file int, s source.Span) Range {
	fromLine, fromColumn := d.files[file].OffsetUTF16(s.Start)
	toLine, toColumn := d.files[file].OffsetUTF16(s.End)
	return Range{file, Point{file, fromLine, fromColumn}, Point{file, toLine, toColumn}}
}

// Functions are where the functions with a name begin: those of the user, or, if there is none, of the prelude. The name may have its file
// before it: "util.hk:join".
func (d *Program) Functions(name string) []Place {
	file, function, qualified := strings.Cut(name, ":")
	if !qualified {
		file, function = "", name
	}
	var users, preludes []Place
	for i := range d.Funcs {
		f := &d.Funcs[i]
		if f.Name != function || function == "" || file != "" && d.Files[f.File].Path != file {
			continue
		}
		place := Place{i, max(0, slices.Index(d.funcs[i].begins, true))}
		if d.funcs[i].user {
			users = append(users, place)
		} else {
			preludes = append(preludes, place)
		}
	}
	if len(users) > 0 {
		return users
	}
	return preludes
}

// IsForeign says whether a name is that of an imported Python function.
func (d *Program) IsForeign(name string) bool {
	return slices.ContainsFunc(d.Imports, func(i bytecode.Import) bool { return i.Alias == name })
}

// FunctionName is that of the function of a place, as frames call it.
func (d *Program) FunctionName(p Place) string {
	if p.Function < 0 || p.Function >= len(d.Funcs) {
		return ""
	}
	return nameOf(d.Funcs[p.Function].Name)
}

// Definition is where the function that a value is stands in the source; false for other values, builtins and Python functions.
func (d *Program) Definition(v vm.Value) (Range, bool) {
	index, ok := -1, false
	if v.Kind() == vm.KindFunction {
		index, ok = v.FunctionIndex()
	}
	if !ok || index >= len(d.Funcs) {
		return Range{}, false
	}
	return d.span(int(d.Funcs[index].File), d.Funcs[index].Span), true
}

// Names are all that an expression in a file may mention, apart from the names of a frame: functions of the program and the prelude,
// Python functions, builtins.
func (d *Program) Names() []string {
	var all []string
	for i := range d.Funcs {
		all = append(all, d.Funcs[i].Name)
	}
	for i := range d.Imports {
		all = append(all, d.Imports[i].Alias)
	}
	for _, b := range bytecode.Builtins {
		all = append(all, b.Name)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(name string) bool { return name == "" })
}
