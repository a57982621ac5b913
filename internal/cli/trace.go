package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// printFault shows an error that nobody caught: what happened, the line where it happened, and the way there, from the
// failing line through every "async" out to the session's entry.
func printFault(w io.Writer, p paint, program *bytecode.Program, fault *vm.Error) {
	fmt.Fprintf(w, "%s %s\n", p.red(fault.Kind+":"), printableLines(fault.Message))
	for _, frame := range fault.Traceback {
		if showLine(w, p, program, frame) {
			break
		}
	}
	if len(fault.Traceback) > 0 {
		fmt.Fprintln(w, p.faint("the way there, innermost first:"))
	}
	printFrames(w, p, fault.Traceback)
	if fault.Python != "" {
		fmt.Fprintln(w, p.faint("in Python:"))
		for _, line := range strings.Split(strings.TrimRight(fault.Python, "\n"), "\n") {
			fmt.Fprintln(w, "  "+printable(line))
		}
	}
}

// showLine shows the source line of a frame; it is false if the program does not have it, as with builtins.
func showLine(w io.Writer, p paint, program *bytecode.Program, frame vm.TraceFrame) bool {
	for _, file := range program.Files {
		if file.Path != frame.File || frame.Line < 1 || strings.HasPrefix(file.Path, "prelude/") {
			continue
		}
		lines := source.NewLines(file.Text)
		text := lines.Text(frame.Line - 1)
		code := strings.TrimSpace(text)
		start := lines.Start(frame.Line-1) + int32(strings.Index(text, code))
		excerpt(w, p, lines, source.Span{Start: start, End: start + int32(len(code))})
		return true
	}
	return false
}

func printFrames(w io.Writer, p paint, frames []vm.TraceFrame) {
	functions, places := 0, 0
	for _, f := range frames {
		functions, places = max(functions, len(f.Function)), max(places, len(placeOf(f)))
	}
	for i, f := range frames {
		if i > 0 && frames[i-1].Thread != f.Thread {
			fmt.Fprintf(w, "  %s\n", p.faint("started by"))
		}
		fmt.Fprintf(w, "  %-*s  %-*s  %s\n", functions, f.Function, places, placeOf(f), p.faint("thread "+f.Thread))
	}
}

func placeOf(f vm.TraceFrame) string {
	if f.File == "" {
		return "-"
	}
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

// printableLines is text of several lines that does nothing to a terminal.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
