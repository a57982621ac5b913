package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/dap/debugger"
)

// The commands of the debugger in the terminal. They are called as gdb, Delve and pdb call them.

// debugVerb is a command.
type debugVerb struct {
	// names are the full one and the short ones.
	names []string
	usage string
	about string
	// ended: it also makes sense when the program has ended.
	ended bool
	// repeats: an empty line does it again.
	repeats bool
	// long: it may take long without letting the target go on, so that Ctrl-C ends it.
	long bool
	do   func(c *console, ctx context.Context, rest string) error
}

// verbGroup are commands that belong together.
type verbGroup struct {
	title string
	verbs []debugVerb
}

// verbGroups is filled in init, as help is one of them.
var verbGroups []verbGroup

func init() {
	verbGroups = []verbGroup{
		{"Going on", forwardVerbs()},
		{"Going back", backwardVerbs()},
		{"Stopping", stopVerbs()},
		{"Looking", lookVerbs()},
		{"Changing", changeVerbs()},
		{"The rest", []debugVerb{
			{names: []string{"help", "h"}, usage: "help [COMMAND]", about: "show this, or more about a command", ended: true, do: (*console).help},
			{names: []string{"quit", "q", "exit"}, usage: "quit", about: "leave; a program that runs here ends", ended: true, do: (*console).quit},
		}},
	}
}

// motion is a command that lets the target go on.
func motion(kind debugger.MotionKind, instruction bool, usage, about string, names ...string) debugVerb {
	return debugVerb{
		names: names, usage: usage, about: about, repeats: true, ended: kind.Backwards(),
		do: func(c *console, ctx context.Context, rest string) error {
			return c.move(ctx, debugger.Motion{Kind: kind, Instruction: instruction}, rest)
		},
	}
}

func forwardVerbs() []debugVerb {
	return []debugVerb{
		{names: []string{"run", "r"}, usage: "run", about: "from the beginning to the first stop", ended: true, do: (*console).run},
		motion(debugger.Continue, false, "continue [alone]", "to the next stop; alone: only this thread", "continue", "c"),
		motion(debugger.StepOver, false, "next [alone]", "to the next line, over calls", "next", "n"),
		motion(debugger.StepIn, false, "step [alone]", "to the next line, into calls and new threads", "step", "s"),
		motion(debugger.StepOut, false, "out [alone]", "until the function has returned", "out", "finish"),
		motion(debugger.StepIn, true, "stepi [alone]", "one instruction, into calls", "stepi", "si"),
		motion(debugger.StepOver, true, "nexti [alone]", "one instruction, over calls", "nexti", "ni"),
		{names: []string{"until"}, usage: "until LINE", about: "to a line, or wherever else it stops before that", do: (*console).until},
		{names: []string{"goto", "go"}, usage: "goto THREAD:STEPS", about: "to an instant, before or after this one", ended: true, do: (*console).gotoInstant},
		{names: []string{"restart"}, usage: "restart", about: "begin anew, with the breakpoints that there are", ended: true, do: (*console).restart},
	}
}

func backwardVerbs() []debugVerb {
	return []debugVerb{
		motion(debugger.BackOver, false, "back [alone]", "to the line before, over calls", "back", "bn"),
		motion(debugger.BackIn, false, "back-step [alone]", "to the line before, into calls from their end", "back-step", "bs"),
		motion(debugger.BackOut, false, "back-out [alone]", "to where the function was called", "back-out", "bo"),
		motion(debugger.BackIn, true, "backi [alone]", "one instruction, the exact inverse of stepi", "backi", "bi"),
		motion(debugger.ReverseContinue, false, "reverse-continue [alone]", "to the stop before, or the beginning", "reverse-continue", "rc"),
		{names: []string{"cause"}, usage: "cause [go]", about: "what let the thread go on, or started it; go: go there", do: (*console).cause},
	}
}

func stopVerbs() []debugVerb {
	return []debugVerb{
		{names: []string{"break", "b"}, usage: "break [FILE:]LINE|FN [if COND] [hits N]", about: "stop there; N is 5, >3 or %2 (every second)", ended: true, do: (*console).setBreak},
		{names: []string{"log"}, usage: "log [FILE:]LINE|FN MESSAGE", about: "say MESSAGE there, with {EXPR} filled in, and go on", ended: true, do: (*console).setLog},
		{names: []string{"watch"}, usage: "watch NAME [if COND] [hits N]", about: "stop after what writes a local; backwards before it", do: (*console).setWatch},
		{names: []string{"delete", "d"}, usage: "delete [N…]", about: "take breakpoints away; without N all", ended: true, do: (*console).deleteStops},
		{names: []string{"breakpoints", "bl", "info"}, usage: "breakpoints", about: "list all that stops", ended: true, do: (*console).listStops},
		{names: []string{"catch"}, usage: "catch [uncaught|caught|python on|off]", about: "stop at errors of a kind", ended: true, do: (*console).catch},
	}
}

func lookVerbs() []debugVerb {
	return []debugVerb{
		{names: []string{"threads"}, usage: "threads", about: "all threads and what they wait for", do: (*console).listThreads},
		{names: []string{"thread", "t"}, usage: "thread THREAD", about: "look at another thread, as 0.1", do: (*console).selectThread},
		{names: []string{"stack", "bt", "where", "w"}, usage: "stack [N]", about: "the frames, and those that started the thread", do: (*console).showStack},
		{names: []string{"up", "u"}, usage: "up [N]", about: "look at the caller", repeats: true, do: (*console).up},
		{names: []string{"down"}, usage: "down [N]", about: "look at the called", repeats: true, do: (*console).down},
		{names: []string{"frame", "f"}, usage: "frame N", about: "look at a frame", do: (*console).selectFrame},
		{names: []string{"list", "l"}, usage: "list [LINE|FN]", about: "the source; again for more", repeats: true, ended: true, do: (*console).list},
		{names: []string{"locals"}, usage: "locals", about: "the variables of the frame", do: (*console).locals},
		{names: []string{"args"}, usage: "args", about: "the arguments of the frame", do: (*console).arguments},
		{names: []string{"captures"}, usage: "captures", about: "what the function is closed over", do: (*console).captures},
		{names: []string{"futures"}, usage: "futures", about: "the futures that the frame knows, with their state", do: (*console).futures},
		{names: []string{"print", "p"}, usage: "print EXPR", about: "the value of an expression; it has no effects", long: true, do: (*console).print},
		{names: []string{"call"}, usage: "call EXPR", about: "the same, and Python may be called", long: true, do: (*console).call},
		{names: []string{"disassemble", "dis"}, usage: "disassemble", about: "the instructions of the function", do: (*console).disassemble},
		{names: []string{"output"}, usage: "output", about: "what was printed so far, with the instants", ended: true, long: true, do: (*console).output},
		{names: []string{"timeline"}, usage: "timeline", about: "the threads over time", ended: true, long: true, do: (*console).timeline},
		{names: []string{"instant", "i"}, usage: "instant", about: "where the thread stands, for goto and --at", do: (*console).showInstant},
	}
}

func changeVerbs() []debugVerb {
	return []debugVerb{
		{names: []string{"set"}, usage: "set NAME = EXPR", about: "give a variable another value", do: (*console).set},
		{names: []string{"jump"}, usage: "jump LINE", about: "go on at another line of the function", do: (*console).jump},
		{names: []string{"restart-frame"}, usage: "restart-frame", about: "begin the function of the frame anew", do: (*console).restartFrame},
		{names: []string{"fork"}, usage: "fork [THREAD:STEPS]", about: "go on for real from here, as a new session", ended: true, do: (*console).fork},
	}
}

// verbs are all commands by all their names.
func verbs() map[string]*debugVerb {
	all := map[string]*debugVerb{}
	for i := range verbGroups {
		for j := range verbGroups[i].verbs {
			verb := &verbGroups[i].verbs[j]
			for _, name := range verb.names {
				all[name] = verb
			}
		}
	}
	return all
}

// verb is the command of a name, of which the beginning is enough if there is no other.
func verb(name string) (*debugVerb, error) {
	all := verbs()
	if v := all[name]; v != nil {
		return v, nil
	}
	var begun []*debugVerb
	for _, full := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(full, name) && !slices.Contains(begun, all[full]) {
			begun = append(begun, all[full])
		}
	}
	switch len(begun) {
	case 1:
		return begun[0], nil
	case 0:
		message := fmt.Sprintf("there is no command '%s'", name)
		if near := resolve.Nearest(name, maps.Keys(all)); near != "" {
			message += fmt.Sprintf("; did you mean '%s'?", near)
		}
		return nil, errors.New(message + " (help lists them)")
	}
	var full []string
	for _, v := range begun {
		full = append(full, v.names[0])
	}
	return nil, fmt.Errorf("'%s' may be %s", name, orList(full))
}

// carryOut does one command.
func (c *console) carryOut(ctx context.Context, text string) error {
	name, rest, _ := strings.Cut(text, " ")
	v, err := verb(name)
	if err != nil {
		return err
	}
	if c.over && !v.ended {
		return errors.New("the program has ended: restart runs it again, back looks at its past")
	}
	if v.repeats {
		c.last = text
	}
	for len(c.signals) > 0 {
		<-c.signals // it ended the command before
	}
	if v.long && c.asking {
		interruptible, stop := signal.NotifyContext(ctx, os.Interrupt)
		defer stop()
		err := v.do(c, interruptible, strings.TrimSpace(rest))
		if errors.Is(err, context.Canceled) {
			return errors.New("interrupted")
		}
		return err
	}
	return v.do(c, ctx, strings.TrimSpace(rest))
}

// splitCommands are the commands of a line, with semicolons between them: not those in Strings and brackets. A line that begins
// with # is a comment.
func splitCommands(line string) []string {
	var all []string
	depth, start := 0, 0
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		return nil
	}
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			all = append(all, text)
		}
	}
	for _, lexeme := range syntax.Scan(line) {
		switch lexeme.Kind {
		case syntax.LParen, syntax.LBrace, syntax.LBracket:
			depth++
		case syntax.RParen, syntax.RBrace, syntax.RBracket:
			depth--
		case syntax.Semicolon:
			if depth <= 0 {
				add(line[start:lexeme.Span.Start])
				start, depth = int(lexeme.Span.End), 0
			}
		}
	}
	add(line[start:])
	return all
}

func (c *console) quit(context.Context, string) error {
	c.leaving = true
	return nil
}

// help lists the commands, or says more about one.
func (c *console) help(_ context.Context, rest string) error {
	if rest == "" {
		c.tell("%s", helpOfCommands())
		return nil
	}
	v, err := verb(rest)
	if err != nil {
		return err
	}
	text := v.usage + "\n  " + v.about
	if len(v.names) > 1 {
		text += "\n  short: " + strings.Join(v.names[1:], ", ")
	}
	c.tell("%s", text)
	return nil
}

func helpOfCommands() string {
	var b strings.Builder
	for i, group := range verbGroups {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", group.title)
		var rows [][2]string
		for _, v := range group.verbs {
			name := v.usage
			if len(v.names) > 1 {
				name += "  (" + v.names[1] + ")"
			}
			rows = append(rows, [2]string{"  " + name, v.about})
		}
		b.WriteString(columns(rows))
	}
	return strings.TrimRight(b.String(), "\n")
}

// complete finds what the word before the cursor can become: a command, or a name.
func (c *console) complete(line string, cursor int) (head string, words []string, tail string) {
	start := cursor
	for start > 0 && (syntax.PartOfName(line[start-1]) || line[start-1] == '-') {
		start--
	}
	for _, name := range c.candidates(strings.TrimSpace(line[:start])) {
		if strings.HasPrefix(name, line[start:cursor]) {
			words = append(words, name)
		}
	}
	return line[:start], words, line[cursor:]
}

// candidates are the words that may follow.
func (c *console) candidates(before string) []string {
	if before == "" || before == "help" {
		return slices.Sorted(maps.Keys(verbs()))
	}
	if before == "catch" {
		return []string{"caught", "python", "uncaught"}
	}
	names := exports(c.target.Program().Program)
	if frame, err := c.selected(); err == nil {
		vars := frame.Variables()
		for _, scope := range [][]debugger.Variable{vars.Locals, vars.Arguments, vars.Captures} {
			for _, v := range scope {
				names = append(names, v.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// selected is the frame that was looked at last.
func (c *console) selected() (*debugger.Frame, error) {
	if c.stack == nil {
		return nil, errors.New("no frame is selected")
	}
	frames := c.stack.Frames(c.frame, 1)
	if len(frames) == 0 {
		return nil, errors.New("no frame is selected")
	}
	return &frames[0], nil
}
