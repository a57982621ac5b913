package dap_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// TestSessions plays scripts against an adapter. A script has an action in each line:
//
//	launch [stopOnEntry] LINE…   launch with breakpoints; the program runs after that
//	replay [stopOnEntry] LINE…   run the program to its end, then launch the session that it leaves, with breakpoints
//	break LINE…                  replace the breakpoints
//	stop                         wait until it stops; shows why and where
//	next in out continue pause   for the thread that stopped last; with "only", no other goes on, with "instruction", by instruction
//	back backin backout reverse  the same ways back
//	mark NAME; goto NAME         remember where the thread stands; go there
//	ask COMMAND JSON             any request, with $thread, $frame (the innermost), $NAME (a marked instant) and $target1 (of the last
//	                             answer with targets) in its arguments
//	set NAME VALUE               a local or an argument of the innermost frame
//	stack vars threads           what one sees; stack and vars may name a thread by its number in the session, as in "stack 0.1"
//	eval EXPRESSION              in the innermost frame
//	output                       what it wrote since the last time
//	end                          wait until it ends; shows what it wrote since the last time, and the exit code
func TestSessions(t *testing.T) {
	testkit.Run(t, "testdata/session/*.txtar", func(t *testing.T, c *testkit.Case) {
		dir := t.TempDir()
		c.WriteTo(t, dir)
		p := &player{client: connect(t, dir), marks: map[string]json.RawMessage{}}
		defer func() {
			if t.Failed() {
				t.Log(p.out.String())
			}
		}()
		for _, line := range strings.Split(strings.TrimSpace(c.Text(t, "script")), "\n") {
			fmt.Fprintf(&p.out, "> %s\n", line)
			words := strings.Fields(line)
			p.play(words[0], words[1:], line)
		}
		c.Golden(t, "want/transcript", strings.ReplaceAll(p.out.String(), dir, "DIR"))
	})
}

// player plays a script.
type player struct {
	*client
	out    strings.Builder
	thread int
	marks  map[string]json.RawMessage
	// targets are those of the last answer that had any.
	targets []struct{ ID int }
}

var motions = map[string]string{
	"next": "next", "in": "stepIn", "out": "stepOut", "continue": "continue", "pause": "pause",
	"back": "stepBack", "reverse": "reverseContinue", "backin": "hark/stepBackIn", "backout": "hark/stepBackOut",
}

func (p *player) play(action string, words []string, line string) {
	switch action {
	case "launch", "replay":
		launch := map[string]any{}
		if action == "replay" {
			launch["session"], launch["program"] = p.keep(), ""
		}
		if len(words) > 0 && words[0] == "stopOnEntry" {
			launch["stopOnEntry"], words = true, words[1:]
		}
		p.start(launch, p.lines(words)...)
	case "break":
		for _, b := range p.breakAt(p.lines(words)...) {
			fmt.Fprintf(&p.out, "line %d verified %t %s\n", b.Line, b.Verified, b.Message)
		}
	case "stop":
		stop := p.stopped()
		p.thread = stop.ThreadId
		fmt.Fprintf(&p.out, "%s in %s, at %s %s\n", stop.Reason, p.name(stop.ThreadId), place(p.stack(stop.ThreadId)[0]), stop.Text)
	case "next", "in", "out", "continue", "pause", "back", "reverse", "backin", "backout":
		arguments := map[string]any{"threadId": p.thread, "singleThread": slices.Contains(words, "only")}
		if slices.Contains(words, "instruction") {
			arguments["granularity"] = "instruction"
		}
		p.do(motions[action], arguments)
	case "mark":
		p.marks[words[0]] = ask[map[string]json.RawMessage](p.client, "hark/instant", map[string]any{"threadId": p.thread})["instant"]
	case "goto":
		p.do("hark/gotoInstant", map[string]any{"instant": p.marks[words[0]]})
	case "ask":
		p.request(words[0], strings.TrimSpace(strings.TrimPrefix(line, "ask "+words[0])))
	case "set":
		p.request("setExpression", fmt.Sprintf(`{"frameId": $frame, "expression": %q, "value": %q}`, words[0], strings.Join(words[1:], " ")))
	case "stack":
		for _, f := range p.stack(p.named(words)) {
			fmt.Fprintf(&p.out, "  %s %s %s\n", f.Name, place(f), f.PresentationHint)
		}
	case "vars":
		p.vars(p.stack(p.named(words))[0].Id)
	case "threads":
		for _, t := range ask[godap.ThreadsResponseBody](p.client, "threads", nil).Threads {
			fmt.Fprintf(&p.out, "  %s\n", t.Name)
		}
	case "eval":
		p.eval(strings.TrimPrefix(line, "eval "))
	case "output":
		p.output()
	case "end":
		code := p.finish()
		p.output()
		fmt.Fprintf(&p.out, "exit code %d\n", code)
	default:
		require.FailNow(p.t, "no such action", action)
	}
}

func (p *player) lines(words []string) []int {
	var lines []int
	for _, word := range words {
		line, err := strconv.Atoi(word)
		require.NoError(p.t, err)
		lines = append(lines, line)
	}
	return lines
}

// name is a thread's number in its session.
func (p *player) name(id int) string {
	for _, t := range ask[godap.ThreadsResponseBody](p.client, "threads", nil).Threads {
		if t.Id == id {
			name, _, _ := strings.Cut(t.Name, " ")
			return name
		}
	}
	return "none"
}

func (p *player) named(words []string) int {
	if len(words) == 0 {
		return p.thread
	}
	for _, t := range ask[godap.ThreadsResponseBody](p.client, "threads", nil).Threads {
		if name, _, _ := strings.Cut(t.Name, " "); name == words[0] {
			return t.Id
		}
	}
	require.FailNow(p.t, "no thread "+words[0])
	return 0
}

func place(f godap.StackFrame) string {
	if f.Source == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", f.Source.Name, f.Line, f.Column)
}

func (p *player) vars(frame int) {
	for _, scope := range p.scopes(frame) {
		if scope.Expensive {
			continue
		}
		fmt.Fprintf(&p.out, "  %s\n", scope.Name)
		for _, v := range p.variables(scope.VariablesReference) {
			p.variable(v, "    ", 2)
		}
	}
}

// variable shows a variable and what it consists of.
func (p *player) variable(v godap.Variable, indent string, depth int) {
	fmt.Fprintf(&p.out, "%s%s = %s (%s)\n", indent, v.Name, v.Value, v.Type)
	if v.VariablesReference == 0 || depth == 0 {
		return
	}
	for _, part := range p.variables(v.VariablesReference) {
		p.variable(part, indent+"  ", depth-1)
	}
}

func (p *player) eval(expression string) {
	frame := p.stack(p.thread)[0].Id
	m := p.response(p.send("evaluate", godap.EvaluateArguments{Expression: expression, FrameId: frame}))
	if !m.Success {
		fmt.Fprintf(&p.out, "refused: %s\n", m.Message)
		return
	}
	v := decode[godap.EvaluateResponseBody](p.t, m.Body)
	fmt.Fprintf(&p.out, "%s (%s)\n", v.Result, v.Type)
}

// output shows the lines that were written.
func (p *player) output() {
	kept := p.queue[:0:0]
	for _, m := range p.queue {
		if m.Event != "output" {
			kept = append(kept, m)
			continue
		}
		o := decode[godap.OutputEventBody](p.t, m.Body)
		at := ""
		if o.Source != nil {
			at = fmt.Sprintf(" from %s:%d", o.Source.Name, o.Line)
		}
		fmt.Fprintf(&p.out, "%s%s: %s", o.Category, at, o.Output)
	}
	p.queue = kept
}

// request makes any request and shows its answer.
func (p *player) request(command, arguments string) {
	if strings.Contains(arguments, "$frame") {
		arguments = strings.ReplaceAll(arguments, "$frame", strconv.Itoa(p.stack(p.thread)[0].Id))
	}
	arguments = strings.NewReplacer("$thread", strconv.Itoa(p.thread), "$path", p.path).Replace(arguments)
	for i, target := range p.targets {
		arguments = strings.ReplaceAll(arguments, fmt.Sprintf("$target%d", i+1), strconv.Itoa(target.ID))
	}
	for name, instant := range p.marks {
		arguments = strings.ReplaceAll(arguments, "$"+name, string(instant))
	}
	if arguments == "" {
		arguments = "null"
	}
	m := p.response(p.send(command, json.RawMessage(arguments)))
	if !m.Success {
		fmt.Fprintf(&p.out, "refused: %s\n", m.Message)
		return
	}
	var body struct{ Targets []struct{ ID int } }
	if json.Unmarshal(m.Body, &body) == nil && len(body.Targets) > 0 {
		p.targets = body.Targets
	}
	fmt.Fprintf(&p.out, "%s\n", unnumbered.ReplaceAllString(string(m.Body), ""))
}

// unnumbered are the fields of a body that a golden has no use for: handles.
var unnumbered = regexp.MustCompile(`"id":[1-9]\d*,?|"(variablesReference|declarationLocationReference|valueLocationReference)":[1-9]\d*,?|"checksums":\[[^]]*\],?`)
