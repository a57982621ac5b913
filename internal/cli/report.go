package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Kinds of the error of a --json object for what is no fault of a running program.
const (
	kindUsage       = "Usage"       // the command was used wrongly
	kindRefused     = "Refused"     // the program has errors
	kindEnvironment = "Environment" // Python is missing, say
	kindDeadlock    = "Deadlock"    // all threads wait, and nothing can wake them
)

func kindOf(err error) string {
	var refused *refusal
	var known *failure
	switch {
	case errors.As(err, &refused):
		return kindRefused
	case interrupted(err):
		return vm.ErrCancelled
	case errors.As(err, &known) && known.code == exitUsage:
		return kindUsage
	}
	return kindEnvironment
}

// report tells the user of a run: lines as they come and then the result, or one object at the end. It is the engine's
// observer.
type report struct {
	engine.Quiet
	env     *environment
	options runOptions
	// program is what runs, shownPath how its files are called.
	program   *bytecode.Program
	shownPath func(path string) string
	// kept says that the session outlives the process.
	kept bool
	// piped says that the program did not come from a file.
	piped bool
	// modules are the folders in which Python modules are found.
	modules []string

	mu sync.Mutex
	// shown counts, by source, the lines that came already: a run that is repeated writes them again.
	shown map[lineSource]position
	// committed are the lines of the object, came when each line first came: threads commit theirs later, in another order.
	committed []committedLine
	came      map[lineKey]int
	stored    map[lineKey]bool // those that are committed
	// lost is why a line could not be shown.
	lost error
}

// committedLine is a line with its place among all.
type committedLine struct {
	text string
	came int
}

// lineKey is a line, whatever is run again.
type lineKey struct {
	source  lineSource
	attempt int
	number  uint64
}

// lineSource is what writes lines: a thread, or a Python call of it (call > 0 means call-1).
type lineSource struct {
	id   engine.ID
	call uint64
}

// position is how far a source has come: lines of an attempt.
type position struct {
	attempt int
	lines   uint64
}

// about says what is run, and in which project.
func (r *report) about(program *bytecode.Program, p *project) {
	r.program, r.shownPath, r.modules = program, p.shownFile, p.PythonPath()
}

func newReport(env *environment, o runOptions) *report {
	return &report{env: env, options: o, shown: map[lineSource]position{}, came: map[lineKey]int{}, stored: map[lineKey]bool{}}
}

// Provisional shows a line as it comes.
func (r *report) Provisional(l engine.Line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.options.json {
		r.cameNow(l)
		return
	}
	r.show(l)
}

// show writes a line that was not written yet.
func (r *report) show(l engine.Line) {
	if !r.fresh(l) {
		return
	}
	if l.Stream == engine.Stderr {
		fmt.Fprintln(r.env.Err, l.Text)
		return
	}
	if _, err := fmt.Fprintln(r.env.Out, l.Text); err != nil {
		r.lost = fmt.Errorf("write the output: %w", err)
	}
}

// sourceOf is what wrote a line, and the line's number there.
func sourceOf(l engine.Line) (lineSource, uint64) {
	if l.Stream != engine.Print {
		return lineSource{l.ID, l.Call + 1}, uint64(l.Index)
	}
	return lineSource{l.ID, 0}, l.Number
}

// cameNow is when a line came: now, unless it came before.
func (r *report) cameNow(l engine.Line) int {
	source, number := sourceOf(l)
	key := lineKey{source, l.Attempt, number}
	if _, ok := r.came[key]; !ok {
		r.came[key] = len(r.came)
	}
	return r.came[key]
}

// fresh says whether a line is new, and remembers it.
func (r *report) fresh(l engine.Line) bool {
	source, number := sourceOf(l)
	at := r.shown[source]
	if l.Attempt > at.attempt {
		at = position{attempt: l.Attempt}
	}
	if l.Attempt < at.attempt || number < at.lines {
		return false
	}
	at.lines = number + 1
	r.shown[source] = at
	return true
}

// Committed keeps a line for the object, or shows one that came while another process had its thread.
func (r *report) Committed(l engine.Line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.options.json {
		r.show(l)
		return
	}
	source, number := sourceOf(l)
	if key := (lineKey{source, l.Attempt, number}); !r.stored[key] {
		r.stored[key] = true
		r.committed = append(r.committed, committedLine{l.Text, r.cameNow(l)})
	}
}

// output are the committed lines, in the order in which they came.
func (r *report) output() []string {
	slices.SortStableFunc(r.committed, func(a, b committedLine) int { return a.came - b.came })
	lines := make([]string, len(r.committed))
	for i, l := range r.committed {
		lines[i] = l.text
	}
	return lines
}

// jsonRun is the object of run --json.
type jsonRun struct {
	Session string     `json:"session"`
	Status  string     `json:"status"`
	Result  rawJSON    `json:"result"`
	Output  []string   `json:"output"`
	Error   *jsonFault `json:"error"`
}

// rawJSON is JSON already.
type rawJSON string

// MarshalJSON is the text itself.
func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

type jsonFault struct {
	Kind      string      `json:"kind"`
	Message   string      `json:"message"`
	Traceback []jsonFrame `json:"traceback"`
}

type jsonFrame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Thread   string `json:"thread"`
}

// refuse reports what kept the program from being started.
func (r *report) refuse(kind string, err error) error {
	var refused *refusal
	shown := errors.As(err, &refused)
	if r.options.json {
		object := jsonRun{Status: "failed", Result: "null", Output: []string{}, Error: &jsonFault{kind, withoutHint(err), []jsonFrame{}}}
		if err := writeJSON(r.env.Out, object); err != nil {
			return err
		}
	}
	if shown {
		return errFailed
	}
	return err
}

// ended is how a session ended: with a result, or with an error of the engine.
type ended struct {
	session string
	result  engine.Result
	err     error
}

// outcome reports how a session ended.
func (r *report) outcome(e ended) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, abandoned := range e.result.Abandoned {
		fmt.Fprintf(r.env.Err, "%s thread %s failed, and nobody awaited it\n", r.env.err.yellow("warning:"), abandoned.ID.Thread)
		printFault(r.env.Err, r.env.err, r.program, r.shownPath, abandoned.Err)
	}
	for _, w := range e.result.Stuck {
		fmt.Fprintf(r.env.Err, "%s %s\n", r.env.err.yellow("warning:"), r.describeStuck(w))
	}
	fault, err := faultOf(e)
	if r.options.json {
		if err := r.writeObject(e, fault); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return err
	case fault != nil:
		printFault(r.env.Err, r.env.err, r.program, r.shownPath, fault)
		if fault.Kind == "ModuleNotFoundError" {
			fmt.Fprintln(r.env.Err, modulesHint(r.modules))
		}
		if e.session == "" && fault.Kind == vm.ErrType && !r.options.hasArgs {
			fmt.Fprintln(r.env.Err, "arguments of the command line are Strings; --json-args '[…]' gives other values")
		}
		return errFailed
	case r.lost != nil:
		return environmentError(r.lost)
	case !r.options.json && !r.options.quiet:
		_, err := fmt.Fprintf(r.env.Out, "=> %s\n", vm.Show(e.result.Value))
		return err
	}
	return nil
}

// faultOf is why a session failed, as a fault of the program, and the error to end with if it is not one.
func faultOf(e ended) (*vm.Error, error) {
	var fault *vm.Error
	var deadlock *engine.Deadlock
	switch {
	case errors.As(e.err, &deadlock):
		return &vm.Error{Kind: kindDeadlock, Message: describeDeadlock(deadlock)}, nil
	case errors.As(e.err, &fault):
		return fault, nil
	case interrupted(e.err):
		return &vm.Error{Kind: vm.ErrCancelled, Message: e.err.Error()}, errFailed
	case e.err != nil:
		return &vm.Error{Kind: kindEnvironment, Message: e.err.Error()}, environmentError(e.err)
	}
	return e.result.Err, nil
}

func describeDeadlock(d *engine.Deadlock) string {
	var b strings.Builder
	b.WriteString("every thread waits, and nothing can wake one")
	for _, w := range d.Waiting[:min(len(d.Waiting), 10)] {
		b.WriteString("\n  " + describeWaiting(w))
	}
	return b.String()
}

// describeStuck says what a thread waits for, and how to get it that if the session is kept.
func (r *report) describeStuck(w engine.Waiting) string {
	if lines := outsideWaits([]engine.Waiting{w}, time.Time{}); r.kept && len(lines) > 0 {
		return fmt.Sprintf("%s, then hark-ls resume %s", lines[0], w.ID.Session)
	}
	return describeWaiting(w) + ", for ever"
}

func describeWaiting(w engine.Waiting) string {
	return fmt.Sprintf("thread %s (%s) waits for %s", w.ID.Thread, w.Function, strings.Join(w.Targets, ", "))
}

func (r *report) writeObject(e ended, fault *vm.Error) error {
	object := jsonRun{Session: e.session, Status: "done", Result: "null", Output: r.output()}
	if fault == nil {
		object.Result = rawJSON(valueJSON(e.result.Value))
		return writeJSON(r.env.Out, object)
	}
	object.Status, object.Error = "failed", faultJSON(fault)
	return writeJSON(r.env.Out, object)
}

func faultJSON(fault *vm.Error) *jsonFault {
	object := &jsonFault{fault.Kind, fault.Message, make([]jsonFrame, len(fault.Traceback))}
	for i, f := range fault.Traceback {
		object.Traceback[i] = jsonFrame{f.Function, f.File, f.Line, f.Thread}
	}
	return object
}
