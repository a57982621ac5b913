package cli

import (
	"fmt"
	"strings"
)

// Items that are lists: of threads, variables, breakpoints, instructions.

// shownThreads are the threads of the session.
type shownThreads struct {
	Type    string        `json:"type"`
	Threads []shownThread `json:"threads"`
}

type shownThread struct {
	Thread   string       `json:"thread"`
	Function string       `json:"function"`
	Waiting  string       `json:"waiting,omitempty"`
	Failed   bool         `json:"failed,omitempty"`
	Ended    bool         `json:"ended,omitempty"`
	Selected bool         `json:"selected,omitempty"`
	Instant  *instantJSON `json:"instant,omitempty"`
}

func (s shownThreads) show(env *environment) {
	var rows [][]string
	for _, t := range s.Threads {
		mark, state := " ", t.Waiting
		if t.Selected {
			mark = ">"
		}
		switch {
		case t.Failed:
			state = "failed"
		case t.Ended:
			state = "ended"
		}
		rows = append(rows, []string{mark + " " + t.Thread, t.Function, t.Instant.String(), state})
	}
	showTable(env, rows, "there are no threads")
}

// showTable prints rows, or says that there are none.
func showTable(env *environment, rows [][]string, none string) {
	if len(rows) == 0 {
		fmt.Fprintln(env.Out, none)
		return
	}
	for _, row := range rows {
		for i := range row {
			row[i] = printable(row[i])
		}
	}
	for _, line := range table(rows) {
		fmt.Fprintln(env.Out, line)
	}
}

// shownVariables are those of a scope.
type shownVariables struct {
	Type      string          `json:"type"`
	Scope     string          `json:"scope"`
	Variables []shownVariable `json:"variables"`
}

type shownVariable struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

func (s shownVariables) show(env *environment) {
	for _, v := range s.Variables {
		fmt.Fprintf(env.Out, "%s = %s\n", v.Name, printable(v.Text))
	}
	if len(s.Variables) == 0 {
		fmt.Fprintf(env.Out, "there are no %s here\n", s.Scope)
	}
}

// shownValue is that of an expression.
type shownValue struct {
	Type       string  `json:"type"`
	Expression string  `json:"expression"`
	Kind       string  `json:"kind"`
	Value      rawJSON `json:"value"`
	text       string
}

func (s shownValue) show(env *environment) { fmt.Fprintln(env.Out, printable(s.text)) }

// shownFutures are the futures that a frame knows.
type shownFutures struct {
	Type    string        `json:"type"`
	Futures []shownFuture `json:"futures"`
}

type shownFuture struct {
	Thread  string   `json:"thread"`
	Name    string   `json:"name,omitempty"`
	State   string   `json:"state"`
	Value   string   `json:"value,omitempty"`
	Error   string   `json:"error,omitempty"`
	Waiters []string `json:"waiters,omitempty"`
}

func (s shownFutures) show(env *environment) {
	var rows [][]string
	for _, f := range s.Futures {
		what := f.Value + f.Error
		if len(f.Waiters) > 0 {
			what += "awaited by " + strings.Join(f.Waiters, ", ")
		}
		rows = append(rows, []string{f.Thread, f.Name, f.State, what})
	}
	showTable(env, rows, "there are no futures here")
}

// shownStops are breakpoints, logpoints and watchpoints.
type shownStops struct {
	Type        string       `json:"type"`
	Breakpoints []shownPoint `json:"breakpoints"`
}

type shownPoint struct {
	ID        int    `json:"id"`
	Where     string `json:"where"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Watch     bool   `json:"watch,omitempty"`
	Thread    string `json:"thread,omitempty"`
	Condition string `json:"condition,omitempty"`
	Hits      string `json:"hits,omitempty"`
	Message   string `json:"message,omitempty"`
	Verified  bool   `json:"verified"`
	Problem   string `json:"problem,omitempty"`
}

func (s shownStops) show(env *environment) {
	for _, p := range s.Breakpoints {
		fmt.Fprintln(env.Out, printable(p.text()))
	}
	if len(s.Breakpoints) == 0 {
		fmt.Fprintln(env.Out, "nothing stops: break LINE sets a breakpoint")
	}
}

func (p *shownPoint) text() string {
	kind, where := "breakpoint", fmt.Sprintf("%s:%d", p.File, p.Line)
	switch {
	case p.Watch:
		kind, where = "watch", p.Where+" of thread "+p.Thread
	case p.Message != "":
		kind = "log"
	}
	if !p.Verified {
		where = p.Where + ": " + p.Problem
	}
	text := fmt.Sprintf("%s %d at %s", kind, p.ID, where)
	if p.Watch {
		text = fmt.Sprintf("%s %d on %s", kind, p.ID, where)
	}
	for _, tail := range [][2]string{{" if ", p.Condition}, {" hits ", p.Hits}, {": ", p.Message}} {
		if tail[1] != "" {
			text += tail[0] + tail[1]
		}
	}
	return text
}

// shownCatches says at which errors the program stops.
type shownCatches struct {
	Type     string `json:"type"`
	Uncaught bool   `json:"uncaught"`
	Caught   bool   `json:"caught"`
	Python   bool   `json:"python"`
}

func (s shownCatches) show(env *environment) {
	words := map[bool]string{true: "on", false: "off"}
	fmt.Fprintf(env.Out, "stop at errors: uncaught %s, caught %s, python %s\n", words[s.Uncaught], words[s.Caught], words[s.Python])
}

// shownInstructions are those of a function.
type shownInstructions struct {
	Type         string             `json:"type"`
	Function     string             `json:"function"`
	Instructions []shownInstruction `json:"instructions"`
}

type shownInstruction struct {
	PC      int    `json:"pc"`
	Text    string `json:"text"`
	Line    int    `json:"line"`
	Current bool   `json:"current,omitempty"`
}

func (s shownInstructions) show(env *environment) {
	last := 0
	for _, i := range s.Instructions {
		mark, line := " ", ""
		if i.Current {
			mark = ">"
		}
		if i.Line != last {
			line, last = fmt.Sprint(i.Line), i.Line
		}
		fmt.Fprintf(env.Out, "%5s %s %4d  %s\n", line, mark, i.PC, printable(i.Text))
	}
}
