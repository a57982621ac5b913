package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

// Commands that look at threads, frames and values.

func (c *console) listThreads(context.Context, string) error {
	all := shownThreads{Type: "threads", Threads: []shownThread{}}
	for _, t := range c.target.Threads() {
		row := shownThread{Thread: t.Name, Function: t.Function, Waiting: t.Waiting, Failed: t.Failed, Ended: t.Ended, Selected: t.ID == c.thread}
		if i, err := c.target.Instant(t.ID); err == nil {
			row.Instant = jsonInstant(i)
		}
		all.Threads = append(all.Threads, row)
	}
	c.say(all)
	return nil
}

// selectThread looks at another thread.
func (c *console) selectThread(ctx context.Context, rest string) error {
	for _, t := range c.target.Threads() {
		if t.Name != rest {
			continue
		}
		before := c.thread
		c.forget()
		c.thread = t.ID
		f, err := c.current(ctx)
		if err != nil {
			c.thread = before
			c.forget()
			return err
		}
		return c.showFrame(f)
	}
	return fmt.Errorf("there is no thread '%s' now: threads lists them", rest)
}

// showFrame shows a frame with the source around it.
func (c *console) showFrame(f *debugger.Frame) error {
	c.listed = 0
	c.say(shownFrames{Type: "frame", Thread: f.Thread(), Frames: []shownFrame{c.shownFrame(c.frame, f)}, selected: c.frame, source: c.around(f)})
	return nil
}

func (c *console) showStack(ctx context.Context, rest string) error {
	most := 40
	if rest != "" {
		var err error
		if most, err = strconv.Atoi(rest); err != nil || most < 1 {
			return fmt.Errorf("'%s' is no number of frames: stack 10", rest)
		}
	}
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	all := shownFrames{Type: "stack", Thread: f.Thread(), selected: c.frame, Total: c.stack.Len()}
	frames := c.stack.Frames(0, most)
	for i := range frames {
		all.Frames = append(all.Frames, c.shownFrame(i, &frames[i]))
	}
	c.say(all)
	return nil
}

func (c *console) up(ctx context.Context, rest string) error   { return c.walk(ctx, rest, 1) }
func (c *console) down(ctx context.Context, rest string) error { return c.walk(ctx, rest, -1) }

// walk goes to callers or called, past what is no frame.
func (c *console) walk(ctx context.Context, rest string, direction int) error {
	count := 1
	if rest != "" {
		var err error
		if count, err = strconv.Atoi(rest); err != nil || count < 1 {
			return fmt.Errorf("'%s' is no number of frames", rest)
		}
	}
	if _, err := c.current(ctx); err != nil {
		return err
	}
	at := c.frame
	for ; count > 0; count-- {
		next := at + direction
		for next >= 0 && next < c.stack.Len() && c.stack.Frames(next, 1)[0].Label {
			next += direction
		}
		if next < 0 {
			return errors.New("this is the innermost frame")
		}
		if next >= c.stack.Len() {
			return errors.New("this is the outermost frame")
		}
		at = next
	}
	return c.toFrame(at)
}

func (c *console) toFrame(number int) error {
	frames := c.stack.Frames(number, 1)
	if len(frames) == 0 || frames[0].Label || number < 0 {
		return fmt.Errorf("there is no frame %d: stack lists them", number)
	}
	c.frame = number
	return c.showFrame(&frames[0])
}

func (c *console) selectFrame(ctx context.Context, rest string) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	if rest == "" {
		return c.showFrame(f)
	}
	number, err := strconv.Atoi(rest)
	if err != nil {
		return fmt.Errorf("'%s' is no number of a frame: stack lists them", rest)
	}
	return c.toFrame(number)
}

// scope shows variables of the frame.
func (c *console) scope(ctx context.Context, name string, of func(debugger.Variables) []debugger.Variable) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	all := shownVariables{Type: "variables", Scope: name, Variables: []shownVariable{}}
	for _, v := range of(f.Variables()) {
		all.Variables = append(all.Variables, variableOf(v))
	}
	c.say(all)
	return nil
}

func (c *console) locals(ctx context.Context, _ string) error {
	return c.scope(ctx, "locals", func(v debugger.Variables) []debugger.Variable { return v.Locals })
}

func (c *console) arguments(ctx context.Context, _ string) error {
	return c.scope(ctx, "arguments", func(v debugger.Variables) []debugger.Variable { return v.Arguments })
}

func (c *console) captures(ctx context.Context, _ string) error {
	return c.scope(ctx, "captures", func(v debugger.Variables) []debugger.Variable { return v.Captures })
}

// futures shows those that the thread has started, and those among the frame's variables.
func (c *console) futures(ctx context.Context, _ string) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	ids := f.Children()
	vars := f.Variables()
	for _, scope := range [][]debugger.Variable{vars.Locals, vars.Arguments, vars.Captures} {
		for _, v := range scope {
			if v.Value.Kind() != vm.KindFuture {
				continue
			}
			id := v.Value.FutureID()
			if _, known := names[id]; !known {
				ids = append(ids, id)
			}
			names[id] = v.Name
		}
	}
	all := shownFutures{Type: "futures", Futures: []shownFuture{}}
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all.Futures = append(all.Futures, futureOf(id, names[id], c.target.Future(id)))
		}
	}
	c.say(all)
	return nil
}

func (c *console) print(ctx context.Context, rest string) error { return c.evaluate(ctx, rest, false) }
func (c *console) call(ctx context.Context, rest string) error  { return c.evaluate(ctx, rest, true) }

func (c *console) evaluate(ctx context.Context, text string, mayCall bool) error {
	if text == "" {
		return errors.New("print what? print x + 1")
	}
	v, err := c.value(ctx, text, mayCall)
	if err != nil {
		return err
	}
	c.say(shownValue{Type: "value", Expression: text, Kind: debugger.Type(v), Value: rawJSON(valueJSON(v)), text: debugger.FullText(v)})
	return nil
}

// value is that of an expression in the frame.
func (c *console) value(ctx context.Context, text string, mayCall bool) (vm.Value, error) {
	f, err := c.current(ctx)
	if err != nil {
		return vm.Null, err
	}
	return c.target.Evaluate(ctx, f, text, mayCall)
}

// set gives a variable another value.
func (c *console) set(ctx context.Context, rest string) error {
	name, text, ok := strings.Cut(rest, "=")
	name, text = strings.TrimSpace(name), strings.TrimSpace(text)
	if !ok || name == "" || text == "" {
		return errors.New("set which variable to what? set x = 3")
	}
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	register, err := f.Assignable(name)
	if err != nil {
		return err
	}
	v, err := c.value(ctx, text, false)
	if err != nil {
		return err
	}
	edit := debugger.Edit{Kind: debugger.SetRegister, Thread: c.thread, Frame: f.Number(), Register: register, Value: v}
	if err := c.edit(ctx, edit); err != nil {
		return err
	}
	c.say(shownValue{Type: "value", Expression: name, Kind: debugger.Type(v), Value: rawJSON(valueJSON(v)), text: name + " = " + debugger.Text(v)})
	return nil
}

// listedLines is how many lines are listed at once.
const listedLines = 11

// list shows source: around the frame, around a line or a function, or behind what was listed last.
func (c *console) list(ctx context.Context, rest string) error {
	program := c.target.Program()
	if rest != "" || c.listed == 0 {
		file, line, err := c.center(ctx, rest)
		if err != nil {
			return err
		}
		c.in, c.listed = file, max(0, line-listedLines/2)
	}
	from := c.listed
	marked := -1
	if f, err := c.selected(); err == nil && f.Known && f.Point.File == c.in {
		marked = f.Point.Line
	}
	rows := sourceRows(program, c.in, from, from+listedLines, marked)
	if len(rows) == 0 {
		return errors.New("there are no more lines: list 1 begins anew")
	}
	c.listed = from + listedLines
	c.say(shownSource{Type: "source", File: c.target.shownPath(program.Files[c.in].Path), Lines: rows})
	return nil
}

// center is the line to list around: that of a number or a function, else the frame's.
func (c *console) center(ctx context.Context, rest string) (file, line int, err error) {
	f, err := c.current(ctx)
	if rest == "" && err == nil && !f.Known {
		err = errors.New("this frame has no source: list LINE or list FN")
	}
	if rest == "" {
		if err != nil {
			return 0, 0, err
		}
		return f.Point.File, f.Point.Line, nil
	}
	if number, wrong := strconv.Atoi(rest); wrong == nil {
		if err == nil && f.Known {
			file = f.Point.File
		}
		return file, number - 1, nil
	}
	p, err := c.stops.parse(rest)
	if err == nil {
		err = c.placed(ctx, p)
	}
	if err != nil {
		return 0, 0, err
	}
	return p.file, p.line, nil
}

// disassemble shows the instructions of the frame's function.
func (c *console) disassemble(ctx context.Context, _ string) error {
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	here, ok := f.Place()
	if !ok {
		return errors.New("this frame has no instructions: it is not one of the program")
	}
	program := c.target.Program()
	rows, err := program.Listing(program.Reference(debugger.Place{Function: here.Function}), 0, 0, len(program.Funcs[here.Function].Code))
	if err != nil {
		return err
	}
	all := shownInstructions{Type: "instructions", Function: program.FunctionName(here)}
	for _, row := range rows {
		all.Instructions = append(all.Instructions, shownInstruction{
			PC: row.Place.PC, Text: row.Text, Line: row.Point.Line + 1, Current: row.Place == here,
		})
	}
	c.say(all)
	return nil
}
