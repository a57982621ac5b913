package cli

import (
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/timeline"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What the debugger of the terminal says: each item is an object with --json, and text otherwise.

// item is something to say.
type item interface{ show(env *environment) }

// instantJSON is an instant as custom requests of the protocol write it.
type instantJSON struct {
	Thread string `json:"thread"`
	At     uint64 `json:"at"`
}

// jsonInstant is an instant, nil if it is not known.
func jsonInstant(i replay.Instant) *instantJSON {
	if i.Thread == "" {
		return nil
	}
	return &instantJSON{i.Thread, i.At}
}

func (i *instantJSON) String() string {
	if i == nil {
		return ""
	}
	return instantText(replay.Instant{Thread: i.Thread, At: i.At})
}

// shownStop is where and why the target stands.
type shownStop struct {
	Type        string       `json:"type"`
	Reason      string       `json:"reason"`
	Why         string       `json:"why,omitempty"`
	Thread      string       `json:"thread"`
	Instant     *instantJSON `json:"instant"`
	Breakpoints []int        `json:"breakpoints,omitempty"`
	Frame       *shownFrame  `json:"frame"`
	Error       *jsonProblem `json:"error,omitempty"`
	source      []shownRow
}

func (s shownStop) show(env *environment) {
	p := env.out
	why := ""
	switch {
	case s.Error != nil:
		why = ", " + p.red(printable(s.Why))
	case s.Why != "":
		why = ", " + p.bold(printable(s.Why))
	}
	where := ""
	if s.Frame != nil {
		where = ": " + s.Frame.text(p)
	}
	fmt.Fprintf(env.Out, "thread %s%s%s  %s\n", s.Thread, why, where, p.faint(s.Instant.String()))
	showRows(env, s.source)
}

// shownFrame is a frame of a stack.
type shownFrame struct {
	Number   int    `json:"number"`
	Function string `json:"function"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Label    bool   `json:"label,omitempty"`
	Started  bool   `json:"started,omitempty"`
}

func (f *shownFrame) text(p paint) string {
	text := printable(f.Function)
	if f.File != "" {
		text += "  " + p.blue(fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	return text
}

// shownRow is a line of the source.
type shownRow struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Current bool   `json:"current,omitempty"`
}

func showRows(env *environment, rows []shownRow) {
	for _, row := range rows {
		text := fmt.Sprintf("%5d   %s", row.Line, printable(row.Text))
		if row.Current {
			text = env.out.bold(fmt.Sprintf("%5d > %s", row.Line, printable(row.Text)))
		}
		fmt.Fprintln(env.Out, strings.TrimRight(text, " "))
	}
}

// shownSource is a part of a file.
type shownSource struct {
	Type  string     `json:"type"`
	File  string     `json:"file"`
	Lines []shownRow `json:"lines"`
}

func (s shownSource) show(env *environment) { showRows(env, s.Lines) }

// shownFrames are frames: a whole stack, or the selected one with the source around it.
type shownFrames struct {
	Type     string       `json:"type"`
	Thread   string       `json:"thread"`
	Frames   []shownFrame `json:"frames"`
	Total    int          `json:"total,omitempty"`
	selected int
	source   []shownRow
}

func (s shownFrames) show(env *environment) {
	for i := range s.Frames {
		f := &s.Frames[i]
		mark := " "
		if f.Number == s.selected {
			mark = ">"
		}
		if f.Label {
			fmt.Fprintf(env.Out, "%s\n", env.out.faint("     "+f.Function))
			continue
		}
		fmt.Fprintf(env.Out, "%s%3d %s\n", mark, f.Number, f.text(env.out))
	}
	if more := s.Total - len(s.Frames); s.Total > 0 && more > 0 {
		fmt.Fprintln(env.Out, env.out.faint(fmt.Sprintf("     … and %d more (stack %d)", more, s.Total)))
	}
	showRows(env, s.source)
}

// shownOutput is a line of output, or the message of a logpoint.
type shownOutput struct {
	Type    string       `json:"type"`
	Text    string       `json:"text"`
	Stream  string       `json:"stream,omitempty"`
	Thread  string       `json:"thread,omitempty"`
	File    string       `json:"file,omitempty"`
	Line    int          `json:"line,omitempty"`
	Instant *instantJSON `json:"instant,omitempty"`
}

func (s shownOutput) show(env *environment) {
	out := env.Out
	if s.Stream == "stderr" {
		out = env.Err
	}
	fmt.Fprintln(out, s.Text)
}

// shownLines are the lines that were printed so far.
type shownLines struct {
	Type  string        `json:"type"`
	Lines []shownOutput `json:"lines"`
}

func (s shownLines) show(env *environment) {
	width := 0
	for _, l := range s.Lines {
		width = max(width, len(l.Instant.String()))
	}
	for _, l := range s.Lines {
		fmt.Fprintf(env.Out, "%s  %s\n", env.out.faint(fmt.Sprintf("%-*s", width, l.Instant)), printable(l.Text))
	}
}

// shownEnd is how a session ended.
type shownEnd struct {
	Type      string           `json:"type"`
	Status    string           `json:"status"`
	Result    rawJSON          `json:"result,omitempty"`
	Error     *jsonProblem     `json:"error,omitempty"`
	Abandoned []abandonedFault `json:"abandoned,omitempty"`
	text      string
	fault     *vm.Error
	program   *bytecode.Program
	shownPath func(string) string
}

// abandonedFault is the error of a thread that nobody awaited.
type abandonedFault struct {
	Thread string `json:"thread"`
	Error  string `json:"error"`
}

func (s shownEnd) show(env *environment) {
	for _, a := range s.Abandoned {
		fmt.Fprintf(env.Err, "thread %s failed, and nobody awaited it: %s\n", a.Thread, printable(a.Error))
	}
	switch {
	case s.fault != nil:
		printFault(env.Err, env.err, s.program, s.shownPath, s.fault)
	case s.Error != nil:
		fmt.Fprintln(env.Err, printableLines(s.Error.Message))
	default:
		fmt.Fprintf(env.Out, "=> %s\n", printable(s.text))
	}
}

// shownMessage is for people.
type shownMessage struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

func (s shownMessage) show(env *environment) { fmt.Fprintln(env.Out, s.Text) }

// shownProblem is why a command failed.
type shownProblem struct {
	Type    string `json:"type"`
	Command string `json:"command"`
	Message string `json:"message"`
}

func (s shownProblem) show(env *environment) {
	fmt.Fprintf(env.Err, "%s %s\n", env.err.red(printable(s.Command)+":"), printableLines(s.Message))
}

// shownProgress is about work that takes long.
type shownProgress struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Message string `json:"message,omitempty"`
	Done    bool   `json:"done"`
}

func (s shownProgress) show(env *environment) {
	if !s.Done {
		fmt.Fprintln(env.Err, env.err.faint(strings.TrimSpace(s.Title+" "+s.Message)))
	}
}

// shownInstant is an instant, or a cause.
type shownInstant struct {
	Type    string       `json:"type"`
	Kind    string       `json:"kind,omitempty"`
	Instant *instantJSON `json:"instant"`
	text    string
}

func (s shownInstant) show(env *environment) { fmt.Fprintln(env.Out, s.text) }

// shownTimeline is what the threads did when.
type shownTimeline struct {
	Type     string             `json:"type"`
	Timeline *timeline.Timeline `json:"timeline"`
}

func (s shownTimeline) show(env *environment) {
	drawText(env.Out, env.out, s.Timeline, (&traceFlags{}).columns(env.Out), 50)
}
