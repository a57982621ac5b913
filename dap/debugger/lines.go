package debugger

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Program is a program with what a debugger needs to know about its text.
type Program struct {
	*bytecode.Program
	files []*source.Lines
	funcs []funcLines
	// byLine has, for each file, the places where its lines begin, by line.
	byLine []map[int][]Place
	// lines are the keys of byLine, ascending.
	lines [][]int
}

// Place is an instruction.
type Place struct{ Function, PC int }

// Point is a place in a text; Line and Column count from 0, Column in UTF-16 units. File is an index into the program's Files.
type Point struct{ File, Line, Column int }

// funcLines has a row for each instruction of a function.
type funcLines struct {
	user   bool // not of the prelude
	line   []int32
	begins []bool  // a line begins here
	start  []int32 // where in the text what begins here does, an offset
}

// NewProgram reads the debug tables of a program.
func NewProgram(p *bytecode.Program) *Program {
	d := &Program{Program: p, funcs: make([]funcLines, len(p.Funcs))}
	for _, file := range p.Files {
		d.files = append(d.files, source.NewLines(file.Text))
		d.byLine = append(d.byLine, map[int][]Place{})
	}
	for i := range p.Funcs {
		d.function(i)
	}
	for _, places := range d.byLine {
		var lines []int
		for line := range places {
			lines = append(lines, line)
		}
		slices.Sort(lines)
		d.lines = append(d.lines, lines)
	}
	return d
}

// function finds the lines of one function: a line begins at a statement, and where it is met for the first time in one.
func (d *Program) function(index int) {
	f := &d.Funcs[index]
	out := &d.funcs[index]
	out.user = !IsPrelude(d.Files[f.File].Path)
	out.line, out.begins, out.start = make([]int32, len(f.Code)), make([]bool, len(f.Code)), make([]int32, len(f.Code))
	starts, last, begin, met := f.Debug.Statements, int32(-1), 0, map[int]bool{}
	for pc := range f.Code {
		line, _ := d.files[f.File].OffsetColumn(f.Debug.Spans[pc].Start)
		out.line[pc], out.start[pc] = int32(line), f.Debug.Spans[pc].Start
		statement := len(starts) > 0 && int(starts[0]) == pc
		if statement {
			starts = starts[1:]
		}
		if out.begins[pc] = statement || int32(line) > last; !out.begins[pc] {
			if out.line[begin] == int32(line) { // operands come before what they belong to
				out.start[begin] = min(out.start[begin], out.start[pc])
			}
			continue
		}
		last, begin = int32(line), pc
		if !met[line] {
			met[line] = true
			d.byLine[f.File][line] = append(d.byLine[f.File][line], Place{index, pc})
		}
	}
}

// IsPrelude says whether a path is that of a file of the standard library.
func IsPrelude(path string) bool { return strings.HasPrefix(path, "prelude/") }

// at is what is known of an instruction; user is false in functions of the prelude, and outside of all functions.
func (d *Program) at(p Place) (line int, begins, user bool) {
	if p.Function < 0 || p.PC >= len(d.funcs[p.Function].line) {
		return -1, false, false
	}
	f := &d.funcs[p.Function]
	return int(f.line[p.PC]), f.begins[p.PC], f.user
}

// Point is where an instruction is in the text; false outside of all functions.
func (d *Program) Point(p Place) (Point, bool) {
	if p.Function < 0 {
		return Point{}, false
	}
	f := &d.Funcs[p.Function]
	if p.PC >= len(f.Debug.Spans) {
		return Point{}, false
	}
	line, column := d.files[f.File].OffsetUTF16(d.funcs[p.Function].start[p.PC])
	return Point{int(f.File), line, column}, true
}

// Snap is the first line from line on that has code, with where it begins: once for each function. All are from 0.
func (d *Program) Snap(file, line int) (snapped int, places []Place, ok bool) {
	i, _ := slices.BinarySearch(d.lines[file], line)
	if i == len(d.lines[file]) {
		return 0, nil, false
	}
	snapped = d.lines[file][i]
	return snapped, d.byLine[file][snapped], true
}

// LinesWithCode are the lines of a file, from first to last, at which one can stop.
func (d *Program) LinesWithCode(file, first, last int) []int {
	from, _ := slices.BinarySearch(d.lines[file], first)
	to, _ := slices.BinarySearch(d.lines[file], last+1)
	return d.lines[file][from:max(from, to)]
}
