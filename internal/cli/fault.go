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
// failing line through every "async" out to the session's entry. Files of the program are called as shown says.
func printFault(w io.Writer, p paint, program *bytecode.Program, shown func(path string) string, fault *vm.Error) {
	fmt.Fprintf(w, "%s %s\n", p.red(fault.Kind+":"), printableLines(shortened(fault.Message)))
	for _, frame := range fault.Traceback {
		if showLine(w, p, program, frame) {
			break
		}
	}
	if len(fault.Traceback) > 0 {
		fmt.Fprintln(w, p.faint("the way there, innermost first:"))
	}
	printFrames(w, p, fault.Traceback, shown)
	if fault.Python != "" {
		fmt.Fprintln(w, p.faint("in Python:"))
		for _, line := range strings.Split(strings.TrimRight(shortened(fault.Python), "\n"), "\n") {
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

// manyFrames is how often the same frame is shown in a row: a recursion need not be seen in full.
const manyFrames = 3

func printFrames(w io.Writer, p paint, frames []vm.TraceFrame, shown func(path string) string) {
	places := make([]string, len(frames))
	functionWidth, placeWidth := 0, 0
	for i, f := range frames {
		places[i] = placeOf(f, shown)
		functionWidth, placeWidth = max(functionWidth, len(f.Function)), max(placeWidth, len(places[i]))
	}
	for i := 0; i < len(frames); i++ {
		f := frames[i]
		if i > 0 && frames[i-1].Thread != f.Thread {
			fmt.Fprintf(w, "  %s\n", p.faint("started by"))
		}
		fmt.Fprintf(w, "  %-*s  %-*s  %s\n", functionWidth, f.Function, placeWidth, places[i], p.faint("thread "+f.Thread))
		if same := repeats(frames[i:]); same > manyFrames {
			count := fmt.Sprint(same)
			if len(frames) >= vm.MaxTrace {
				count = "at least " + count // the middle of a long traceback is not kept
			}
			fmt.Fprintf(w, "  %s\n", p.faint(fmt.Sprintf("… and %s more of these", count)))
			i += same
		}
	}
}

// manyCharacters is how much is shown of a message, which may be a whole document: three quarters of it from its beginning.
const manyCharacters = 10_000

// shortened leaves out the middle of a very long text.
func shortened(text string) string {
	if len(text) <= manyCharacters {
		return text
	}
	characters := []rune(text)
	if len(characters) <= manyCharacters {
		return text
	}
	head, tail := manyCharacters*3/4, len(characters)-manyCharacters/4
	return fmt.Sprintf("%s\n… %d characters are left out …\n%s", string(characters[:head]), tail-head, string(characters[tail:]))
}

// modulesHint says where Python modules are looked for.
func modulesHint(folders []string) string {
	places := make([]string, len(folders))
	for i, folder := range folders {
		places[i] = folder
		if !exists(folder) {
			places[i] += " (which does not exist)"
		}
	}
	return "Python modules are found in " + strings.Join(places, ", in ") +
		" and among what is installed for the interpreter;\nhark.toml names both: [project] python_src = \"…\", python = \"…\""
}

// repeats is how many frames that are equal to the first follow it directly.
func repeats(frames []vm.TraceFrame) int {
	n := 0
	for n+1 < len(frames) && frames[n+1] == frames[0] {
		n++
	}
	return n
}

func placeOf(f vm.TraceFrame, shown func(path string) string) string {
	switch {
	case f.File == "":
		return "-"
	case f.Line == 0:
		return shown(f.File)
	}
	return fmt.Sprintf("%s:%d", shown(f.File), f.Line)
}

// printableLines is text of several lines that does nothing to a terminal.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
