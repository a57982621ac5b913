package debugger

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// printer tells the lines of a session that is executed again: when execution passes them for the first time.
type printer struct {
	p    *past
	tell func(l Line)
	// lines are those that nobody was told yet, in the session's order; read says that they were read.
	lines []replay.Line
	read  bool
}

// pass tells the lines that were written before the position.
func (o *printer) pass(ctx context.Context) {
	if !o.read {
		lines, _, err := o.p.session.Lines(ctx)
		if err != nil {
			return // the next time, perhaps
		}
		o.lines, o.read = lines, true
	}
	for len(o.lines) > 0 && o.passed(&o.lines[0]) {
		o.tell(o.p.program.line(&o.lines[0]))
		o.lines = o.lines[1:]
	}
}

// passed says whether a line was written before the position.
func (o *printer) passed(l *replay.Line) bool {
	here := &o.p.order[o.p.index]
	if l.Segment.Thread == here.Thread && l.Segment.Index == here.Index {
		return l.Instant.At < o.p.here.At || o.atEnd()
	}
	return replay.CompareSegments(&l.Segment, here) < 0 || o.atEnd()
}

// atEnd says whether there is nothing after the position: then even what the last instruction writes was written.
func (o *printer) atEnd() bool {
	return o.p.here == o.p.last() && o.p.ends[o.p.here.Thread].stop == replay.Ended
}

// line is a line of output, with where it was written.
func (d *Program) line(l *replay.Line) Line {
	out := Line{Line: l.Line, Instant: l.Instant}
	if !l.Known {
		out.Instant = replay.Instant{}
	}
	out.Point, out.Known = d.userPoint(l.Frames)
	return out
}

// userPoint is where the innermost function is that is not of the prelude.
func (d *Program) userPoint(frames []vm.Frame) (Point, bool) {
	for _, f := range frames {
		place := Place{f.Function, max(0, f.PC)}
		if _, _, user := d.at(place); user {
			return d.Point(place)
		}
	}
	return Point{}, false
}
