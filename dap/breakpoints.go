package dap

import (
	"errors"
	"slices"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// breakpoints are what the client wants to stop at, by file, as it named it. They may be set before there is a program; then
// they are verified when it comes.
type breakpoints struct {
	files []breakpointFile
	last  int // ID given
}

type breakpointFile struct {
	source dap.Source
	points []point
}

// point is a breakpoint.
type point struct {
	id   int
	line int // as the client wanted it, from 0
	// places are where it is, none if nothing fits; at is their line.
	places []debugger.Place
	at     int
	reason string // why there are none
}

// unsupported are the fields of a breakpoint that are not understood yet; a breakpoint with one is refused rather than taken
// for one without.
func unsupported(b dap.SourceBreakpoint) string {
	switch {
	case b.Condition != "":
		return "conditions are not supported yet"
	case b.HitCondition != "":
		return "hit counts are not supported yet"
	case b.LogMessage != "":
		return "logpoints are not supported yet"
	}
	return ""
}

func (s *session) onSetBreakpoints(a dap.SetBreakpointsArguments) (any, error) {
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
		s.breakpoints.last++
		p := point{id: s.breakpoints.last, line: b.Line - s.lineBase, reason: unsupported(b)}
		s.place(&p, a.Source)
		file.points = append(file.points, p)
	}
	s.breakpoints.replace(file)
	s.applyBreakpoints()
	body := dap.SetBreakpointsResponseBody{Breakpoints: make([]dap.Breakpoint, len(file.points))}
	for i := range file.points {
		body.Breakpoints[i] = s.shownBreakpoint(&file.points[i], a.Source)
	}
	return body, nil
}

func (b *breakpoints) replace(file breakpointFile) {
	same := func(other breakpointFile) bool {
		return other.source.SourceReference == file.source.SourceReference && samePath(other.source.Path, file.source.Path)
	}
	b.files = slices.DeleteFunc(b.files, same)
	if len(file.points) > 0 {
		b.files = append(b.files, file)
	}
}

// place finds out where a breakpoint is.
func (s *session) place(p *point, source dap.Source) {
	p.places = nil
	if unsupported := p.reason; unsupported != "" && unsupported != noProgram && unsupported != noFile && unsupported != noCode {
		return
	}
	file, ok := s.sources.find(source)
	switch {
	case s.program == nil:
		p.reason = noProgram
		return
	case !ok:
		p.reason = noFile
		return
	}
	p.at, p.places, ok = s.program.Snap(file, p.line)
	p.reason = ""
	if !ok {
		p.reason = noCode
	}
}

// Why a breakpoint is nowhere.
const (
	noProgram = "the program is not loaded yet"
	noFile    = "the file does not belong to the program"
	noCode    = "there is no code from this line on"
)

// resolve places all breakpoints in a program that was just loaded, and tells the client.
func (b *breakpoints) resolve(s *session) {
	for i := range b.files {
		for j := range b.files[i].points {
			p := &b.files[i].points[j]
			s.place(p, b.files[i].source)
			s.event("breakpoint", dap.BreakpointEventBody{Reason: "changed", Breakpoint: s.shownBreakpoint(p, b.files[i].source)})
		}
	}
	s.applyBreakpoints()
}

func (s *session) applyBreakpoints() {
	if s.target == nil {
		return
	}
	var all []debugger.Breakpoint
	for _, file := range s.breakpoints.files {
		for _, p := range file.points {
			for _, place := range p.places {
				all = append(all, debugger.Breakpoint{ID: p.id, Place: place})
			}
		}
	}
	s.target.SetBreakpoints(all)
}

func (s *session) shownBreakpoint(p *point, source dap.Source) dap.Breakpoint {
	b := dap.Breakpoint{Id: p.id, Verified: len(p.places) > 0, Message: p.reason, Source: &source, Line: s.line(p.line)}
	if b.Verified {
		b.Line = s.line(p.at)
	}
	return b
}

// uncaughtFilter is the one exception filter that there is.
const uncaughtFilter = "uncaught"

func (s *session) onSetExceptionBreakpoints(a dap.SetExceptionBreakpointsArguments) (any, error) {
	s.uncaught = slices.Contains(a.Filters, uncaughtFilter)
	if s.target != nil {
		s.target.SetExceptionStops(debugger.ExceptionStops{Uncaught: s.uncaught})
	}
	body := dap.SetExceptionBreakpointsResponseBody{}
	for _, filter := range a.Filters {
		b := dap.Breakpoint{Verified: filter == uncaughtFilter}
		if !b.Verified {
			b.Message = "there is no filter " + filter
		}
		body.Breakpoints = append(body.Breakpoints, b)
	}
	return body, nil
}
