package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// A timeline in the Trace Event Format, which Perfetto and Chrome read:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

// traceEvent is one of the format's events. Times are microseconds.
type traceEvent struct {
	Name  string         `json:"name"`
	Phase string         `json:"ph"`
	Time  float64        `json:"ts"`
	Dur   *float64       `json:"dur,omitempty"`
	PID   int            `json:"pid"`
	TID   int            `json:"tid"`
	Cat   string         `json:"cat,omitempty"`
	ID    int            `json:"id,omitempty"`
	Bind  string         `json:"bp,omitempty"`
	Scope string         `json:"s,omitempty"`
	Args  map[string]any `json:"args,omitempty"`
}

// tracing collects events.
type tracing struct {
	t      *timeline.Timeline
	events []traceEvent
	tids   map[string]int
	flows  int
}

func writePerfetto(out io.Writer, t *timeline.Timeline) error {
	w := &tracing{t: t, tids: map[string]int{}}
	w.meta("process_name", 0, "name", fmt.Sprintf("%s %s", t.Function, t.Session))
	for i, l := range t.Lanes {
		w.tids[l.Thread] = i + 1
	}
	for i, l := range t.Lanes {
		w.meta("thread_name", i+1, "name", l.Thread+" "+l.Function)
		w.meta("thread_sort_index", i+1, "sort_index", i)
		w.lane(l)
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{
		"traceEvents": w.events, "displayTimeUnit": "ms", "otherData": map[string]string{"session": t.Session, "status": t.Status},
	})
}

func (w *tracing) meta(name string, tid int, key string, value any) {
	w.events = append(w.events, traceEvent{Name: name, Phase: "M", PID: 1, TID: tid, Args: map[string]any{key: value}})
}

func (w *tracing) at(t time.Time) float64 { return float64(t.Sub(w.t.Started).Nanoseconds()) / 1e3 }

func (w *tracing) lane(l *timeline.Lane) {
	tid := w.tids[l.Thread]
	end := l.Ended
	if end.IsZero() {
		end = w.t.Ended
	}
	args := map[string]any{"thread": l.Thread, "status": l.Status}
	if l.Error != nil {
		args["error"] = l.Error.Kind + ": " + l.Error.Message
	} else if l.Result != "" {
		args["result"] = l.Result
	}
	w.slice(tid, l.Function, "thread", l.Started, end, args)
	for i := range l.Spans {
		w.span(tid, &l.Spans[i])
	}
	for i := range l.Lines {
		line := &l.Lines[i]
		w.events = append(w.events, traceEvent{Name: line.Text, Phase: "i", Time: w.at(line.Segment.Start), PID: 1, TID: tid, Cat: "output", Scope: "t",
			Args: map[string]any{"stream": streamNames[line.Stream]}})
	}
	if parent := w.tids[l.Parent]; parent > 0 && l.Thread != engine.Root {
		w.flow("async", parent, l.Started, tid, l.Started)
	}
}

func (w *tracing) slice(tid int, name, cat string, from, to time.Time, args map[string]any) {
	dur := float64(later(from, to).Sub(from).Nanoseconds()) / 1e3
	w.events = append(w.events, traceEvent{Name: name, Phase: "X", Time: w.at(from), Dur: &dur, PID: 1, TID: tid, Cat: cat, Args: args})
}

func (w *tracing) span(tid int, s *timeline.Span) {
	name, args := s.Kind, map[string]any{}
	switch s.Kind {
	case timeline.Run:
		return // where the thread is in nothing else
	case timeline.Call:
		name = s.Name
		args["slot"], args["attempts"] = s.Slot, s.Attempts
	case timeline.Wait:
		name = "await " + s.Name
	}
	if s.Error != nil {
		args["error"] = s.Error.Kind + ": " + s.Error.Message
	}
	w.slice(tid, name, s.Kind, s.From, s.To, args)
	if by := w.tids[s.Resolver]; by > 0 {
		w.flow("await", by, w.t.Lane(s.Resolver).Ended, tid, s.To)
	}
}

// flow is an arrow from one thread to another.
func (w *tracing) flow(name string, from int, begin time.Time, to int, end time.Time) {
	w.flows++
	w.events = append(w.events,
		traceEvent{Name: name, Phase: "s", Time: w.at(begin), PID: 1, TID: from, Cat: "flow", ID: w.flows},
		traceEvent{Name: name, Phase: "f", Time: w.at(later(begin, end)), PID: 1, TID: to, Cat: "flow", ID: w.flows, Bind: "e"})
}
