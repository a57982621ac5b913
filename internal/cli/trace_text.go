package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// A timeline in a terminal: a line for each thread, a column for each moment.

// What a column shows, least important first: of several things in one moment the most important is seen.
var textMarks = []struct {
	kind, mark, legend string
	paint              func(paint, string) string
}{
	{timeline.Wait, "·", "waits", paint.faint},
	{timeline.Sleep, "z", "sleeps", paint.faint},
	{timeline.Run, "━", "computes", paint.green},
	{timeline.Call, "▒", "in Python", paint.blue},
}

const failedMark = "✗"

func drawText(out io.Writer, p paint, t *timeline.Timeline, columns, rows int) {
	shown := t.Lanes[:min(len(t.Lanes), rows)]
	labels, width := make([]string, len(shown)), 0
	for i, l := range shown {
		labels[i] = textLabel(l)
		width = max(width, len([]rune(labels[i])))
	}
	scale := textScale{from: t.Started, length: max(t.Ended.Sub(t.Started), time.Microsecond), columns: max(columns-width-12, 20)}
	fmt.Fprintf(out, "%s  %s  %s  %s\n", p.bold(t.Session), t.Function, p.status(t.Status), shortDuration(t.Ended.Sub(t.Started)))
	fmt.Fprintf(out, "%s  %s\n", strings.Repeat(" ", width), p.faint(scale.axis()))
	for i, l := range shown {
		padding := strings.Repeat(" ", width-len([]rune(labels[i])))
		fmt.Fprintf(out, "%s%s  %s %s\n", labels[i], padding, scale.lane(p, l), textEnd(p, l))
	}
	if more := len(t.Lanes) - len(shown); more > 0 {
		fmt.Fprintln(out, p.faint(fmt.Sprintf("… and %s more (--rows)", diag.Count(more, "thread"))))
	}
	var legend []string
	for _, m := range textMarks {
		legend = append(legend, m.paint(p, m.mark)+" "+m.legend)
	}
	fmt.Fprintf(out, "%s  %s\n", strings.Repeat(" ", width), strings.Join(legend, "  ")+"  "+p.red(failedMark)+" failed")
}

// textLabel names a thread, in as many columns as there are to spare.
func textLabel(l *timeline.Lane) string {
	const most = 28
	label := []rune(strings.Repeat(" ", min(strings.Count(l.Thread, "."), 4)) + l.Thread + " " + l.Function)
	if len(label) > most {
		return string(label[:most-1]) + "…"
	}
	return string(label)
}

func textEnd(p paint, l *timeline.Lane) string {
	end := l.Ended
	switch {
	case l.Error != nil:
		return p.red(failedMark) + " " + p.red(l.Error.Kind)
	case !end.IsZero():
		return p.faint(shortDuration(end.Sub(l.Started)))
	}
	return p.yellow(l.Status)
}

func (p paint) status(status string) string {
	switch status {
	case statusDone:
		return p.green(status)
	case statusFailed, statusCancelled:
		return p.red(status)
	}
	return p.yellow(status)
}

// textScale maps times to columns.
type textScale struct {
	from    time.Time
	length  time.Duration
	columns int
}

func (s textScale) column(t time.Time) int {
	at := int(float64(t.Sub(s.from)) / float64(s.length) * float64(s.columns))
	return max(0, min(at, s.columns-1))
}

// axis is a ruler with about one time every 16 columns.
func (s textScale) axis() string {
	ruler := []rune(strings.Repeat(" ", s.columns+8))
	for _, tick := range ticks(s.length, s.columns/16+1) {
		at := s.column(s.from.Add(tick))
		copy(ruler[at:], []rune("|"+shortDuration(tick)))
	}
	return strings.TrimRight(string(ruler), " ")
}

// ticks are round times from 0 to a length, about so many.
func ticks(length time.Duration, about int) []time.Duration {
	step := roundUp(length / time.Duration(max(about, 1)))
	var all []time.Duration
	for at := time.Duration(0); at <= length; at += step {
		all = append(all, at)
	}
	return all
}

// roundUp is the next duration that is 1, 2 or 5 of something that people count in.
func roundUp(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{time.Microsecond, time.Millisecond, time.Second} {
		for _, n := range []time.Duration{1, 2, 5, 10, 20, 50, 100, 200, 500} {
			if unit == time.Second && n > 30 {
				break
			}
			if d <= n*unit {
				return n * unit
			}
		}
	}
	for _, step := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour} {
		if d <= step {
			return step
		}
	}
	const day = 24 * time.Hour
	return (d + day - 1) / day * day
}

// lane is a thread's line.
func (s textScale) lane(p paint, l *timeline.Lane) string {
	cells := make([]int, s.columns) // index of what is seen, from 1
	for rank, m := range textMarks {
		for _, span := range l.Spans {
			if span.Kind != m.kind {
				continue
			}
			for c := s.column(span.From); c <= s.column(later(span.From, span.To)); c++ {
				cells[c] = max(cells[c], rank+1)
			}
		}
	}
	if c := s.column(l.Started); cells[c] == 0 {
		cells[c] = 3 // it ran, however short
	}
	return paintCells(p, cells)
}

// paintCells paints what is alike at once.
func paintCells(p paint, cells []int) string {
	var b strings.Builder
	for from := 0; from < len(cells); {
		to := from
		for to < len(cells) && cells[to] == cells[from] {
			to++
		}
		if cells[from] == 0 {
			b.WriteString(strings.Repeat(" ", to-from))
		} else {
			m := textMarks[cells[from]-1]
			b.WriteString(m.paint(p, strings.Repeat(m.mark, to-from)))
		}
		from = to
	}
	return b.String()
}
