package diag

import (
	"fmt"
	"slices"
)

// Row explains a code: the page that "explain" shows and that editors link to.
type Row struct {
	Code     Code
	Severity Severity
	// Title is the problem in a few words, without names of a program.
	Title string
	// Doc says when it occurs, why it matters and what to do, in Markdown.
	Doc string
	// Bad is a small program with exactly this problem, Good the same program mended. Both are files of their own; where an
	// example needs several files it is a txtar archive whose first file is the one with the problem.
	Bad, Good string
	// Unnecessary: the span is text that could go; editors fade it.
	Unnecessary bool
	// AtRunTime: the error is about a value or an effect, so that it does not keep a program from running.
	AtRunTime bool
}

// Table has every code, ascending. The hundreds say what a code is about: 00 syntax, 01 names, 02 calls, 03 types,
// 04 async, 05 distributed, 06 attributes, 07 the project file.
var Table = concat(syntaxRows, nameRows, callRows, typeRows, asyncRows, distributedRows, threadRows, attributeRows, projectRows)

func concat(groups ...[]Row) []Row {
	var all []Row
	for _, g := range groups {
		all = append(all, g...)
	}
	slices.SortFunc(all, func(a, b Row) int { return int(a.Code) - int(b.Code) })
	return all
}

// Find is the row of a code.
func Find(code Code) (Row, bool) {
	i, ok := slices.BinarySearchFunc(Table, code, func(row Row, code Code) int { return int(row.Code) - int(code) })
	if !ok {
		return Row{}, false
	}
	return Table[i], true
}

func (c Code) String() string { return fmt.Sprintf("HK%04d", uint16(c)) }

// New is a diagnostic with the severity of its row.
func New(code Code, message string) Diagnostic {
	row, _ := Find(code)
	return Diagnostic{Code: code, Severity: row.Severity, Message: message}
}

// Stops says whether a program with this diagnostic is refused by "run" and "deploy".
func (d Diagnostic) Stops() bool {
	row, _ := Find(d.Code)
	return d.Severity == Error && !row.AtRunTime
}
