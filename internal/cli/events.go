package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// eventFlags are the flags of events.
type eventFlags struct {
	looking
	unified bool
	thread  string
}

func eventsCommand(env *environment) *cobra.Command {
	var o eventFlags
	cmd := &cobra.Command{
		Use:   "events [ID]",
		Short: "List what happened in a session",
		Long: `Lists what the threads of the session ID did, or of the session that was started last, one thread after the
other: its start, its Python calls with how long they took, its waits, what it printed, and its end. With
--unified the events of all threads are one list, by time.

With --json: {"session", "status", "events": [{"time", "thread", "event", …}]}, by time; "event" is "started",
"called", "waited", "slept", "printed", "returned", "failed", or, of a thread that has not ended, "waiting"
or "running". Those that took time have "seconds", and "time" is when they were over.`,
		Example: `hark-ls events --unified
hark-ls events 06f8x3k2 --thread 0.1`,
		Annotations:       map[string]string{exitKey: "0 good, 2 wrong usage or no such session, 3 it cannot be read"},
		Args:              arguments(0, 1),
		ValidArgsFunction: completeSessions(&o.looking),
	}
	o.add(cmd, env, func(ctx context.Context, args []string) error { return o.list(ctx, env, args) })
	cmd.Flags().BoolVar(&o.unified, "unified", false, "one list of all threads, by time")
	cmd.Flags().StringVar(&o.thread, "thread", "", "only the events of the thread `N`, as 0.1")
	return cmd
}

// event is something that happened to a thread.
type event struct {
	at       time.Time
	Time     string       `json:"time"`
	Thread   string       `json:"thread"`
	Event    string       `json:"event"`
	Function string       `json:"function,omitempty"`
	Seconds  *float64     `json:"seconds,omitempty"`
	Attempts int          `json:"attempts,omitempty"`
	For      string       `json:"for,omitempty"`
	Text     *string      `json:"text,omitempty"`
	Stream   string       `json:"stream,omitempty"`
	Result   string       `json:"result,omitempty"`
	Error    *jsonProblem `json:"error,omitempty"`
}

func (o *eventFlags) list(ctx context.Context, env *environment, args []string) error {
	s, root, err := o.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.close()
	t, gaps, err := s.timelineOf(ctx, root)
	if err != nil {
		return err
	}
	var all []event
	for _, l := range t.Lanes {
		if o.thread == "" || o.thread == l.Thread {
			all = append(all, eventsOf(l)...)
		}
	}
	if o.unified || o.json {
		slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	}
	if o.json {
		object := map[string]any{"session": t.Session, "status": t.Status, "events": append([]event{}, all...)}
		if err := writeJSON(env.Out, object); err != nil {
			return err
		}
		return said(missing(env, gaps))
	}
	printEvents(env, t, all, o.unified)
	return missing(env, gaps)
}

// events are those of a thread, in order.
func eventsOf(l *timeline.Lane) []event {
	all := []event{{at: l.Started, Event: "started", Function: l.Function, For: l.Parent}}
	for _, s := range l.Spans {
		if e, ok := eventOf(&s); ok {
			all = append(all, e)
		}
	}
	for i := range l.Lines {
		line := &l.Lines[i]
		text := line.Text
		all = append(all, event{at: line.Segment.Start, Event: "printed", Text: &text, Stream: streamNames[line.Stream]})
	}
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	switch {
	case l.Error != nil:
		all = append(all, event{at: l.Ended, Event: "failed", Error: problemOf(l.Error)})
	case !l.Ended.IsZero():
		all = append(all, event{at: l.Ended, Event: "returned", Result: l.Result})
	default:
		all = append(all, event{at: later(l.Started, all[len(all)-1].at), Event: l.Status, For: l.Waits})
	}
	for i := range all {
		if i > 0 {
			all[i].at = later(all[i].at, all[i-1].at)
		}
		all[i].Time, all[i].Thread = stamp(all[i].at), l.Thread
	}
	return all
}

// event is the one with which a span was over.
func eventOf(s *timeline.Span) (event, bool) {
	if s.Kind == timeline.Run || s.To.IsZero() {
		return event{}, false
	}
	seconds := s.To.Sub(s.From).Seconds()
	e := event{at: s.To, Seconds: &seconds, Error: problemOf(s.Error), Attempts: s.Attempts}
	switch s.Kind {
	case timeline.Call:
		e.Event, e.Function = "called", s.Name
	case timeline.Sleep:
		e.Event = "slept"
	default:
		e.Event, e.For = "waited", s.Name
	}
	return e, true
}

func printEvents(env *environment, t *timeline.Timeline, all []event, unified bool) {
	thread := ""
	width := 0
	for _, e := range all {
		width = max(width, len(e.Thread))
	}
	for _, e := range all {
		if !unified && e.Thread != thread {
			thread = e.Thread
			fmt.Fprintln(env.Out, env.out.bold(fmt.Sprintf("thread %s  %s", thread, t.Lane(thread).Function)))
		}
		prefix := fmt.Sprintf("  %9s", sinceStart(e.at.Sub(t.Started)))
		if unified {
			prefix = fmt.Sprintf("%9s  %-*s", sinceStart(e.at.Sub(t.Started)), width, e.Thread)
		}
		fmt.Fprintf(env.Out, "%s  %s\n", env.out.faint(prefix), e.describe(env.out))
	}
}

// sinceStart is a time of a session, counted from its start.
func sinceStart(d time.Duration) string { return "+" + shortDuration(max(d, 0)) }

// describe is an event in one line.
func (e *event) describe(p paint) string {
	var b strings.Builder
	switch e.Event {
	case "printed":
		return "printed  " + printable(*e.Text)
	case "failed":
		return p.red("failed") + "   " + briefProblem(e.Error)
	case "returned":
		return p.green("returned") + " " + printable(e.Result)
	case "started":
		b.WriteString("started  " + e.Function)
		if e.For != "" {
			b.WriteString(p.faint("  by thread " + e.For))
		}
		return b.String()
	case "called":
		fmt.Fprintf(&b, "called   %s", e.Function)
	case "waiting", "running":
		return strings.TrimSpace(p.yellow(e.Event) + "  " + e.For)
	default:
		fmt.Fprintf(&b, "%-8s %s", e.Event, e.For)
	}
	fmt.Fprintf(&b, "  %s", p.faint(shortDuration(time.Duration(*e.Seconds*float64(time.Second)))))
	if e.Attempts > 1 {
		b.WriteString(p.yellow(fmt.Sprintf("  %d attempts", e.Attempts)))
	}
	if e.Error != nil {
		b.WriteString("  " + p.red("raised ") + briefProblem(e.Error))
	}
	return b.String()
}

func briefProblem(problem *jsonProblem) string { return strings.TrimSpace(aboutError(problem)) }
