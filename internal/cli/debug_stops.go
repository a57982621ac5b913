package cli

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/vm"
)

// What stops a program: breakpoints, logpoints, watchpoints, errors.

// stops are what the user wants to stop at. They outlive a restart.
type stops struct {
	last   int // number given
	points []*point
	// temporary is the place that until goes to, nil for none.
	temporary *point
	watches   []debugger.Watchpoint
	at        debugger.ExceptionStops
}

// point is a breakpoint or a logpoint.
type point struct {
	id int
	// where is the place as it was typed; message makes it a logpoint.
	where, condition, hits, message string
	// file and line are where it is, from 0; places are none if nothing fits.
	file, line int
	places     []debugger.Place
	reason     error
}

// pointTail is what may follow a place.
var pointTail = regexp.MustCompile(`^(.*?)(?:\s+if\s+(.*?))?(?:\s+hits\s+(\S+))?$`)

// parse reads PLACE [if COND] [hits N].
func (s *stops) parse(text string) (*point, error) {
	parts := pointTail.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil || parts[1] == "" {
		return nil, errors.New("where? break 12, break util.hk:12 or break FN, then: if COND, hits N")
	}
	return &point{where: parts[1], condition: parts[2], hits: parts[3]}, nil
}

// placed finds out where a point is in the program; a bare line is one of the frame's file.
func (c *console) placed(ctx context.Context, p *point) error {
	if _, err := strconv.Atoi(p.where); err == nil {
		file := 0
		if f, err := c.current(ctx); err == nil && f.Known && !f.Prelude {
			file = f.Point.File
		}
		p.where = c.target.Program().Files[file].Path + ":" + p.where
	}
	p.place(c.target.Program())
	return p.reason
}

// place finds a point in a program.
func (p *point) place(program *debugger.Program) {
	p.places, p.reason = nil, nil
	name, number, lined := cutLast(p.where, ":")
	line, err := strconv.Atoi(number)
	if !lined || err != nil {
		p.atFunction(program)
		return
	}
	if p.file, err = fileOf(program, name); err != nil {
		p.reason = err
		return
	}
	snapped, places, ok := program.Snap(p.file, line-1)
	if !ok || line < 1 {
		p.reason = fmt.Errorf("there is no code in %s from line %d on", program.Files[p.file].Path, line)
		return
	}
	p.line, p.places = snapped, places
}

func (p *point) atFunction(program *debugger.Program) {
	p.places = program.Functions(p.where)
	if len(p.places) == 0 {
		message := fmt.Sprintf("there is no function '%s' in the program", p.where)
		if near := resolve.Nearest(p.where, slices.Values(exports(program.Program))); near != "" {
			message += fmt.Sprintf("; did you mean '%s'?", near)
		}
		p.reason = errors.New(message)
		return
	}
	at, _ := program.Point(p.places[0])
	p.file, p.line = at.File, at.Line
}

// cutLast cuts around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// fileOf is the file of the program that a name means: its path, or the end of it.
func fileOf(program *debugger.Program, name string) (int, error) {
	name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
	var known []string
	for i, f := range program.Files {
		if f.Path == name || strings.HasSuffix(name, "/"+f.Path) || strings.HasSuffix(f.Path, "/"+name) {
			return i, nil
		}
		if !debugger.IsPrelude(f.Path) {
			known = append(known, f.Path)
		}
	}
	return 0, fmt.Errorf("'%s' does not belong to the program: %s", name, orList(known))
}

// place finds all points in a program that was just loaded.
func (s *stops) place(program *debugger.Program) {
	for _, p := range s.points {
		p.place(program)
	}
	s.watches = nil // their frames are gone
}

// applyStops tells the target of all that stops.
func (c *console) applyStops() {
	var all []debugger.Breakpoint
	points := c.stops.points
	if c.stops.temporary != nil {
		points = append(slices.Clip(points), c.stops.temporary)
	}
	for _, p := range points {
		for _, place := range p.places {
			all = append(all, p.at(place))
		}
	}
	c.target.SetBreakpoints(all)
	c.target.SetWatchpoints(c.stops.watches)
}

func (c *console) setBreak(ctx context.Context, rest string) error {
	if rest == "" {
		return c.listStops(ctx, "")
	}
	p, err := c.stops.parse(rest)
	if err != nil {
		return err
	}
	return c.addPoint(ctx, p)
}

func (c *console) setLog(ctx context.Context, rest string) error {
	where, message, _ := strings.Cut(rest, " ")
	message = strings.TrimSpace(message)
	if len(message) > 1 && message[0] == '"' && message[len(message)-1] == '"' {
		message = message[1 : len(message)-1]
	}
	if message == "" {
		return errors.New(`say what? log 12 "x is {x}"`)
	}
	return c.addPoint(ctx, &point{where: where, message: message})
}

func (c *console) addPoint(ctx context.Context, p *point) error {
	if err := c.placed(ctx, p); err != nil {
		return err
	}
	if err := c.target.check(p); err != nil {
		return err
	}
	c.stops.last++
	p.id = c.stops.last
	c.stops.points = append(c.stops.points, p)
	c.applyStops()
	c.say(shownStops{Type: "breakpoints", Breakpoints: []shownPoint{c.shownPoint(p)}})
	return nil
}

// check says what is wrong with a point's condition, hit count or message.
func (t *opened) check(p *point) error {
	if p.condition+p.hits+p.message == "" {
		return nil
	}
	if t.code == nil {
		var err error
		if t.code, err = vm.Load(t.Program().Program); err != nil {
			return fmt.Errorf("load the program: %w", err)
		}
	}
	return t.Program().CheckBreakpoint(t.code, p.at(p.places[0]))
}

// at is the breakpoint of a point at a place.
func (p *point) at(place debugger.Place) debugger.Breakpoint {
	return debugger.Breakpoint{ID: p.id, Place: place, Condition: p.condition, Hits: p.hits, Message: p.message}
}

func (c *console) setWatch(ctx context.Context, rest string) error {
	p, err := c.stops.parse(rest)
	if err != nil {
		return errors.New("watch which variable? watch x, then: if COND, hits N")
	}
	f, err := c.current(ctx)
	if err != nil {
		return err
	}
	w, err := f.Watch(p.where)
	if err != nil {
		return err
	}
	c.stops.last++
	w.ID, w.Condition, w.Hits = c.stops.last, p.condition, p.hits
	c.stops.watches = append(c.stops.watches, w)
	c.applyStops()
	c.say(shownStops{Type: "breakpoints", Breakpoints: []shownPoint{shownWatch(w)}})
	return nil
}

func (c *console) deleteStops(_ context.Context, rest string) error {
	if rest == "" {
		c.stops.points, c.stops.watches = nil, nil
		c.applyStops()
		return nil
	}
	for _, word := range strings.Fields(rest) {
		number, err := strconv.Atoi(word)
		before := len(c.stops.points) + len(c.stops.watches)
		c.stops.points = slices.DeleteFunc(c.stops.points, func(p *point) bool { return p.id == number })
		c.stops.watches = slices.DeleteFunc(c.stops.watches, func(w debugger.Watchpoint) bool { return w.ID == number })
		if err != nil || len(c.stops.points)+len(c.stops.watches) == before {
			return fmt.Errorf("there is no breakpoint %s: breakpoints lists them", word)
		}
	}
	c.applyStops()
	return nil
}

func (c *console) listStops(context.Context, string) error {
	all := shownStops{Type: "breakpoints", Breakpoints: []shownPoint{}}
	for _, p := range c.stops.points {
		all.Breakpoints = append(all.Breakpoints, c.shownPoint(p))
	}
	for _, w := range c.stops.watches {
		all.Breakpoints = append(all.Breakpoints, shownWatch(w))
	}
	c.say(all)
	return nil
}

// catch says at which errors to stop.
func (c *console) catch(_ context.Context, rest string) error {
	kinds := map[string]*bool{"uncaught": &c.stops.at.Uncaught, "caught": &c.stops.at.Caught, "python": &c.stops.at.Python}
	words := strings.Fields(rest)
	if len(words) > 0 {
		kind := kinds[words[0]]
		on := len(words) == 1 || words[1] == "on"
		if kind == nil || len(words) > 2 || !on && words[1] != "off" {
			return fmt.Errorf("'%s' is not understood: catch uncaught, caught or python, then on or off", rest)
		}
		*kind = on
		c.target.SetExceptionStops(c.stops.at)
	}
	c.say(shownCatches{Type: "catch", Uncaught: c.stops.at.Uncaught, Caught: c.stops.at.Caught, Python: c.stops.at.Python})
	return nil
}
