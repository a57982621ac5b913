package dap

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// onEvaluate evaluates for watches, hovers and the clipboard without side effects; in the console of a live target it may call Python.
func (c *call) onEvaluate(a dap.EvaluateArguments) (any, error) {
	f, err := c.frameOrTop(a.FrameId)
	if err != nil {
		return nil, err
	}
	c.shape = &shape{hex: a.Format != nil && a.Format.Hex}
	defer func() { c.shape = nil }()
	console := a.Context == "repl"
	v, err := c.target.Evaluate(c.ctx, f, a.Expression, console && c.target.Abilities().Call)
	if err != nil {
		return nil, err
	}
	if name := assignedName(a.Expression); console && name != "" {
		c.event("output", outputBody{Category: "console", Output: fmt.Sprintf(
			"%s has its value here only: an assignment in the console changes nothing; set the variable instead\n", name)})
	}
	body := evaluated{EvaluateResponseBody: dap.EvaluateResponseBody{Result: c.text(v), Type: debugger.Type(v)}}
	if a.Context == "clipboard" {
		body.Result = debugger.FullText(v)
	}
	body.VariablesReference, body.IndexedVariables, body.NamedVariables = c.contained(v, a.Expression)
	body.ValueLocation = c.defined(v)
	return body, nil
}

// frameOrTop is a frame, or with no number the innermost one of the thread that the target stopped for.
func (c *call) frameOrTop(id int) (*debugger.Frame, error) {
	if id != 0 {
		return c.framed(id)
	}
	stack, err := c.target.Stack(c.ctx, c.listener.stop().Thread)
	if err != nil {
		return nil, errors.New("no frame is selected")
	}
	frames := stack.Frames(0, 1)
	if len(frames) == 0 {
		return nil, errors.New("no frame is selected")
	}
	return &frames[0], nil
}

// assignedName is the name that a text assigns to in the end, "" if it does not.
func assignedName(text string) string {
	last := text[strings.LastIndexByte(text, ';')+1:]
	name, rest, ok := strings.Cut(strings.TrimSpace(last), "=")
	name = strings.TrimSpace(name)
	if !ok || strings.HasPrefix(rest, "=") || name == "" || strings.ContainsFunc(name, func(r rune) bool { return !inName(r) }) {
		return ""
	}
	return name
}

func inName(r rune) bool {
	return r == '_' || r == '.' || r == '?' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// manyCompletions is how many are told.
const manyCompletions = 500

func (c *call) onCompletions(a dap.CompletionsArguments) (any, error) {
	prefix, start := wordBefore(a.Text, a.Line-c.lineBase, a.Column-c.columnBase)
	body := dap.CompletionsResponseBody{Targets: []dap.CompletionItem{}}
	seen := map[string]bool{}
	add := func(name, kind, detail string) {
		if seen[name] || !strings.HasPrefix(name, prefix) || len(body.Targets) >= manyCompletions {
			return
		}
		seen[name] = true
		body.Targets = append(body.Targets, dap.CompletionItem{
			Label: name, Type: dap.CompletionItemType(kind), Detail: detail, Start: start, Length: len(prefix),
		})
	}
	if f, err := c.frameOrTop(a.FrameId); err == nil {
		vars := f.Variables()
		for _, in := range [][]debugger.Variable{vars.Locals, vars.Arguments, vars.Captures} {
			for _, v := range in {
				add(v.Name, "variable", debugger.Text(v.Value))
			}
		}
	}
	for _, name := range c.program.Names() {
		add(name, "function", "")
	}
	return body, nil
}

// wordBefore is the name before a column of a line, and where it begins; columns are UTF-16 units from 0.
func wordBefore(text string, line, column int) (word string, start int) {
	lines := strings.Split(text, "\n")
	units := utf16.Encode([]rune(lines[min(max(line, 0), len(lines)-1)]))
	end := min(max(column, 0), len(units))
	start = end
	for start > 0 && inName(rune(units[start-1])) {
		start--
	}
	return string(utf16.Decode(units[start:end])), start
}
