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
	// ordinals are the numbers of the functions' first instructions among all, and that of all; made when they are wanted.
	ordinals []int
	// expressions are those evaluated lately.
	expressions expressions
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
	out.line, out.begins = make([]int32, len(f.Code)), make([]bool, len(f.Code))
	out.start = d.starts(f)
	last, met := int32(-1), map[int]bool{}
	for pc := range f.Code {
		line, _ := d.files[f.File].OffsetColumn(out.start[pc])
		out.line[pc] = int32(line)
		_, statement := slices.BinarySearch(f.Debug.Statements, uint32(pc))
		if out.begins[pc] = statement || int32(line) > last; !out.begins[pc] {
			continue
		}
		last = int32(line)
		if !met[line] {
			met[line] = true
			d.byLine[f.File][line] = append(d.byLine[f.File][line], Place{index, pc})
		}
	}
}

// starts are where in the text each instruction is. The first of a statement is where the statement begins, although it
// computes an operand that lies further on: what belongs to that operand comes after it.
func (d *Program) starts(f *bytecode.Func) []int32 {
	spans, statements := f.Debug.Spans, slices.Clone(f.Debug.Statements)
	starts := make([]int32, len(spans))
	for pc, span := range spans {
		starts[pc] = span.Start
	}
	slices.SortStableFunc(statements, func(a, b uint32) int { return int(spans[a].Start - spans[b].Start) })
	for pc, span := range spans {
		// The statement of an instruction is the first that lies in the instruction's span.
		i, _ := slices.BinarySearchFunc(statements, span.Start, func(s uint32, at int32) int { return int(spans[s].Start - at) })
		if i < len(statements) && int(statements[i]) <= pc && spans[statements[i]].Start < span.End {
			starts[statements[i]] = min(starts[statements[i]], span.Start)
		}
	}
	for _, pc := range f.Debug.Statements {
		line, _ := d.files[f.File].OffsetColumn(starts[pc])
		starts[pc] = d.statementStart(int(f.File), line, starts[pc])
	}
	return starts
}

// statementStart is where a statement begins whose first instruction computes what lies at an offset: at the beginning of its
// line, if there is nothing in between but the name that it assigns.
func (d *Program) statementStart(file, line int, offset int32) int32 {
	text, start := d.files[file].Text(line), d.files[file].Start(line)
	indent := int32(len(text) - len(strings.TrimLeft(text, " \t")))
	if start+indent < offset && !strings.ContainsAny(text[indent:offset-start], ";{}(") {
		return start + indent
	}
	return offset
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

// Starts are the places on a line at which something begins, statements after others included, in the order of the text.
func (d *Program) Starts(file, line int) []Place {
	var all []Place
	for function := range d.funcs {
		if int(d.Funcs[function].File) != file {
			continue
		}
		for pc, at := range d.funcs[function].line {
			if int(at) == line && d.funcs[function].begins[pc] {
				all = append(all, Place{function, pc})
			}
		}
	}
	column := func(p Place) int { return int(d.funcs[p.Function].start[p.PC]) }
	slices.SortStableFunc(all, func(a, b Place) int { return column(a) - column(b) })
	return slices.CompactFunc(all, func(a, b Place) bool { return a.Function == b.Function && column(a) == column(b) })
}

// SnapColumn is the place on a line that begins last before or at a column, else the first after it.
func (d *Program) SnapColumn(file, line, column int) (places []Place, ok bool) {
	for _, p := range d.Starts(file, line) {
		at, _ := d.Point(p)
		switch {
		case len(places) == 0 || at.Column <= column && !d.sameColumn(places[0], p):
			places = []Place{p}
		case d.sameColumn(places[0], p):
			places = append(places, p)
		}
	}
	return places, len(places) > 0
}

func (d *Program) sameColumn(a, b Place) bool {
	return d.funcs[a.Function].start[a.PC] == d.funcs[b.Function].start[b.PC]
}
