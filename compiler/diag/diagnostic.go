// Package diag is what the compiler has to say about a program: diagnostics as data, and the one table of their codes.
package diag

import (
	"slices"
	"strconv"

	"github.com/hark-lang/hark-ls/internal/source"
)

// Severity of a diagnostic, most severe first.
type Severity uint8

const (
	Error Severity = iota + 1
	Warning
	Info
	Hint
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	}
	return "hint"
}

// Code is the four-digit number of a kind of diagnostic; it is written "HK0101". Its row in Table explains it.
// A code, once released, keeps its meaning.
type Code uint16

// Diagnostic is one problem of a file.
type Diagnostic struct {
	Code     Code
	Severity Severity
	// Span is in the file's byte offsets.
	Span source.Span
	// Message is one sentence without a full stop: what is wrong, with the names of the program in single quotes.
	Message string
	Related []Related
	Fixes   []Fix
}

// Shift is the diagnostic with all its places in its own file moved by n bytes.
func (d Diagnostic) Shift(n int32) Diagnostic {
	d.Span = d.Span.Shift(n)
	d.Related = slices.Clone(d.Related)
	for i := range d.Related {
		if r := &d.Related[i]; r.File == "" {
			r.Span = r.Span.Shift(n)
		}
	}
	d.Fixes = slices.Clone(d.Fixes)
	for i := range d.Fixes {
		fix := &d.Fixes[i]
		fix.Edits = slices.Clone(fix.Edits)
		for j := range fix.Edits {
			fix.Edits[j].Span = fix.Edits[j].Span.Shift(n)
		}
	}
	return d
}

// Related is another place that explains a diagnostic.
type Related struct {
	// File is the path of the place's file as the workspace knows it, "" for the diagnostic's own.
	File    string
	Span    source.Span
	Message string
}

// Fix is a change of the diagnostic's own file that removes it.
type Fix struct {
	// Title is an imperative, e.g. "add ';'".
	Title string
	Edits []Edit
	// Certain: the fix keeps the meaning that the author surely had, so that it may be applied without a question.
	Certain bool
}

// Edit replaces the bytes of Span by New. The edits of one fix do not overlap.
type Edit struct {
	Span source.Span
	New  string
}

// Insert is the edit that writes text at an offset.
func Insert(offset int32, text string) Edit {
	return Edit{Span: source.Span{Start: offset, End: offset}, New: text}
}

// Count is a number with a noun, which gets an "s" unless there is just one: "2 arguments".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Plural(n, noun) }

// Plural is a noun for so many: with an "s" unless there is just one.
func Plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
