package dap

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// breakpoints are what the client wants to stop at. They may be set before there is a program; then they are verified when it comes.
type breakpoints struct {
	files []breakpointFile
	// functions, instructions and data are those of the requests of these names.
	functions, instructions []point
	data                    []debugger.Watchpoint
	errors                  debugger.ExceptionStops
	last                    int // ID given
	// kinds are the reasons of stops at those that are on functions and instructions only, by ID. Stops are told at any time.
	kinds sync.Map
}

// breakpointFile has those of a file, as the client named it.
type breakpointFile struct {
	source dap.Source
	points []point
}

// point is a breakpoint.
type point struct {
	id int
	// line and column are where the client wants it in a source, from 0; column -1 is none. Else function is the name of one, or
	// reference and offset are an address.
	line, column int
	function     string
	reference    string
	offset       int
	// condition, hits and message are as in debugger.Breakpoint.
	condition, hits, message string
	// places are where it is, none if nothing fits; reason says why.
	places []debugger.Place
	reason string
	// wrong: it can never fit.
	wrong bool
	// note is about one that fits.
	note string
}

func (b *breakpoints) number() int {
	b.last++
	return b.last
}

func (c *call) onSetBreakpoints(a dap.SetBreakpointsArguments) (any, error) {
	if a.Source.Path == "" && a.Source.SourceReference == 0 {
		return nil, errors.New("source has neither a path nor a reference")
	}
	wanted := a.Breakpoints
	if wanted == nil {
		for _, line := range a.Lines {
			wanted = append(wanted, dap.SourceBreakpoint{Line: line})
		}
	}
	file := breakpointFile{source: a.Source}
	for _, b := range wanted {
		p := point{id: c.breakpoints.number(), line: b.Line - c.lineBase, column: -1, condition: b.Condition, hits: b.HitCondition, message: b.LogMessage}
		if b.Column > 0 {
			p.column = b.Column - c.columnBase
		}
		c.place(&p, a.Source)
		file.points = append(file.points, p)
	}
	c.breakpoints.replace(file)
	c.applyBreakpoints()
	body := breakpointsBody{make([]breakpointBody, len(file.points))}
	for i := range file.points {
		body.Breakpoints[i] = c.shownPoint(&file.points[i], &a.Source)
	}
	return body, nil
}

// reason is that of a stop at some of them: it names their kind if they are all of one.
func (b *breakpoints) reason(ids []int) string {
	const line = "breakpoint"
	reason := ""
	for _, id := range ids {
		kind, known := b.kinds.Load(id)
		if !known || reason != "" && reason != kind {
			return line
		}
		reason = kind.(string)
	}
	return cmp.Or(reason, line)
}

// replace puts the breakpoints of a file in place of those that it had.
func (b *breakpoints) replace(file breakpointFile) {
	same := func(known breakpointFile) bool {
		return known.source.SourceReference == file.source.SourceReference && samePath(known.source.Path, file.source.Path)
	}
	b.files = slices.DeleteFunc(b.files, same)
	if len(file.points) > 0 {
		b.files = append(b.files, file)
	}
}

// Why a breakpoint is nowhere.
const (
	noProgram  = "the program is not loaded yet"
	noFile     = "the file does not belong to the program"
	noCode     = "there is no code from this line on"
	notHark    = "this is Python: the Python debugger stops there, which is started for a step into it"
	notHere    = "the file here is not the one that the session ran: the line is that of the stored one"
	noFunction = "the program has no function %s"
	foreign    = "%s is a Python function: stop where it is called"
)

// place finds out where a breakpoint in a source is.
func (s *session) place(p *point, source dap.Source) {
	p.places, p.reason, p.note, p.wrong = nil, "", "", false
	file, ok := s.sources.find(source)
	switch {
	case p.misread():
	case strings.EqualFold(filepath.Ext(source.Path), ".py"):
		p.reason, p.wrong = notHark, true
	case s.program == nil:
		p.reason = noProgram
	case !ok:
		p.reason = noFile
	default:
		s.placeIn(p, file)
		if len(p.places) > 0 && s.sources.differs(file, source) {
			p.note = notHere
		}
	}
}

// misread says so if the texts of a breakpoint cannot be understood.
func (p *point) misread() bool {
	if err := debugger.CheckBreakpoint(debugger.Breakpoint{Condition: p.condition, Hits: p.hits, Message: p.message}); err != nil {
		p.reason, p.wrong = err.Error(), true
	}
	return p.wrong
}

func (s *session) placeIn(p *point, file int) {
	line, places, ok := s.program.Snap(file, p.line)
	if !ok {
		p.reason, p.wrong = noCode, true
		return
	}
	p.places = places
	if p.column < 0 || line != p.line {
		return
	}
	if at, ok := s.program.SnapColumn(file, line, p.column); ok {
		p.places = at
	}
}

// placeFunction finds out where one on a function is.
func (s *session) placeFunction(p *point) {
	p.places, p.reason, p.wrong = nil, "", false
	switch {
	case p.misread():
	case s.program == nil:
		p.reason = noProgram
	default:
		if p.places = s.program.Functions(p.function); len(p.places) > 0 {
			return
		}
		p.reason = fmt.Sprintf(noFunction, p.function)
		if s.program.IsForeign(p.function) {
			p.reason = fmt.Sprintf(foreign, p.function)
		}
	}
}

// placeInstruction finds out where one on an address is.
func (s *session) placeInstruction(p *point) {
	p.places, p.reason, p.wrong = nil, "", false
	switch {
	case p.misread():
	case s.program == nil:
		p.reason = noProgram
	default:
		place, err := s.program.At(p.reference, p.offset)
		if err != nil {
			p.reason, p.wrong = err.Error(), true
			return
		}
		p.places = []debugger.Place{place}
	}
}

func (c *call) onSetFunctionBreakpoints(a dap.SetFunctionBreakpointsArguments) (any, error) {
	c.breakpoints.functions = nil
	for _, b := range a.Breakpoints {
		p := point{id: c.breakpoints.number(), function: strings.TrimSpace(b.Name), condition: b.Condition, hits: b.HitCondition}
		c.breakpoints.kinds.Store(p.id, "function breakpoint")
		c.placeFunction(&p)
		c.breakpoints.functions = append(c.breakpoints.functions, p)
	}
	c.applyBreakpoints()
	return c.shownPoints(c.breakpoints.functions), nil
}

func (c *call) onSetInstructionBreakpoints(a dap.SetInstructionBreakpointsArguments) (any, error) {
	c.breakpoints.instructions = nil
	for _, b := range a.Breakpoints {
		p := point{
			id: c.breakpoints.number(), reference: b.InstructionReference, offset: b.Offset, condition: b.Condition, hits: b.HitCondition,
		}
		c.breakpoints.kinds.Store(p.id, "instruction breakpoint")
		c.placeInstruction(&p)
		c.breakpoints.instructions = append(c.breakpoints.instructions, p)
	}
	c.applyBreakpoints()
	return c.shownPoints(c.breakpoints.instructions), nil
}

// resolve places all breakpoints in a program that was just loaded, and tells the client.
func (b *breakpoints) resolve(s *session) {
	tell := func(p *point, source *dap.Source) {
		s.event("breakpoint", map[string]any{"reason": "changed", "breakpoint": s.shownPoint(p, source)})
	}
	for i := range b.files {
		for j := range b.files[i].points {
			p := &b.files[i].points[j]
			s.place(p, b.files[i].source)
			tell(p, &b.files[i].source)
		}
	}
	for i := range b.functions {
		s.placeFunction(&b.functions[i])
		tell(&b.functions[i], nil)
	}
	for i := range b.instructions {
		s.placeInstruction(&b.instructions[i])
		tell(&b.instructions[i], nil)
	}
	s.applyBreakpoints()
	s.target.SetWatchpoints(b.data)
}

func (s *session) applyBreakpoints() {
	if s.target == nil {
		return
	}
	var all []debugger.Breakpoint
	add := func(points []point) {
		for _, p := range points {
			for _, place := range p.places {
				all = append(all, debugger.Breakpoint{ID: p.id, Place: place, Condition: p.condition, Hits: p.hits, Message: p.message})
			}
		}
	}
	for _, file := range s.breakpoints.files {
		add(file.points)
	}
	add(s.breakpoints.functions)
	add(s.breakpoints.instructions)
	s.target.SetBreakpoints(all)
}

func (s *session) shownPoints(points []point) breakpointsBody {
	body := breakpointsBody{make([]breakpointBody, len(points))}
	for i := range points {
		body.Breakpoints[i] = s.shownPoint(&points[i], nil)
	}
	return body
}

// shownPoint is a breakpoint as the client sees it; source is the file that it set it in, nil for none.
func (s *session) shownPoint(p *point, source *dap.Source) breakpointBody {
	b := breakpointBody{ID: p.id, Verified: len(p.places) > 0, Message: cmp.Or(p.reason, p.note), Source: source}
	if source != nil {
		b.Line = at(s.line(p.line))
	}
	if !b.Verified {
		b.Reason = "pending"
		if p.wrong {
			b.Reason = "failed"
		}
		return b
	}
	from, known := s.program.Point(p.places[0])
	if !known {
		return b
	}
	if b.Source == nil {
		b.Source = s.sources.of(from.File)
	}
	b.Line = at(s.line(from.Line))
	if p.column >= 0 {
		b.Column = at(s.column(from.Column))
	}
	b.InstructionReference = s.program.Reference(p.places[0])
	return b
}

// The exception filters.
const (
	uncaughtFilter = "uncaught"
	caughtFilter   = "caught"
	pythonFilter   = "python"
)

func (c *call) onSetExceptionBreakpoints(a dap.SetExceptionBreakpointsArguments) (any, error) {
	var stops debugger.ExceptionStops
	filters := map[string]*bool{uncaughtFilter: &stops.Uncaught, caughtFilter: &stops.Caught, pythonFilter: &stops.Python}
	body := breakpointsBody{[]breakpointBody{}}
	set := func(filter, condition string) {
		b := breakpointBody{Verified: filters[filter] != nil && condition == ""}
		switch {
		case filters[filter] == nil:
			b.Message = fmt.Sprintf("there is no filter %s: there are uncaught, caught, python", filter)
		case condition != "":
			b.Message = "filters have no conditions"
		default:
			*filters[filter] = true
		}
		body.Breakpoints = append(body.Breakpoints, b)
	}
	for _, filter := range a.Filters {
		set(filter, "")
	}
	for _, option := range a.FilterOptions {
		set(option.FilterId, option.Condition)
	}
	c.breakpoints.errors = stops
	if c.target != nil {
		c.target.SetExceptionStops(stops)
	}
	return body, nil
}

// dataInfo is the body of dataBreakpointInfo; DataID is null if there can be none.
type dataInfo struct {
	DataID      *string  `json:"dataId"`
	Description string   `json:"description"`
	AccessTypes []string `json:"accessTypes,omitempty"`
	CanPersist  bool     `json:"canPersist"`
}

func (c *call) onDataBreakpointInfo(a dap.DataBreakpointInfoArguments) (any, error) {
	frame := a.FrameId
	if a.VariablesReference != 0 {
		holder, ok := c.handles.containers[a.VariablesReference]
		switch {
		case !ok:
			return nil, fmt.Errorf("there are no variables %d: the program has gone on since", a.VariablesReference)
		case holder.scope == nil:
			return dataInfo{Description: "a part of a value never changes: watch the variable that has it"}, nil
		}
		frame = holder.frame
	}
	f, err := c.frame(frame)
	if err != nil {
		return nil, err
	}
	w, err := f.Watch(a.Name)
	if err != nil {
		return dataInfo{Description: err.Error()}, nil
	}
	id := w.Data()
	return dataInfo{DataID: &id, Description: fmt.Sprintf("%s of %s in thread %s", w.Name, f.Name, w.Thread), AccessTypes: []string{"write"}}, nil
}

func (c *call) onSetDataBreakpoints(a dap.SetDataBreakpointsArguments) (any, error) {
	c.breakpoints.data = nil
	body := breakpointsBody{[]breakpointBody{}}
	for _, b := range a.Breakpoints {
		shown := breakpointBody{ID: c.breakpoints.number()}
		w, err := debugger.DataOf(b.DataId)
		if err == nil {
			err = debugger.CheckBreakpoint(debugger.Breakpoint{Condition: b.Condition, Hits: b.HitCondition})
		}
		if b.AccessType != "" && b.AccessType != "write" {
			err = fmt.Errorf("one can stop at writes, not at %s", b.AccessType)
		}
		if err != nil {
			shown.Message, shown.Reason = err.Error(), "failed"
		} else {
			w.ID, w.Condition, w.Hits, shown.Verified = shown.ID, b.Condition, b.HitCondition, true
			c.breakpoints.data = append(c.breakpoints.data, w)
		}
		body.Breakpoints = append(body.Breakpoints, shown)
	}
	if c.target != nil {
		c.target.SetWatchpoints(c.breakpoints.data)
	}
	return body, nil
}
