package dap

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// Requests that the protocol does not have; docs/dap.md describes them.

// causeBody is the body of hark/cause. Instant is nil where an outside future was resolved.
type causeBody struct {
	Kind    string          `json:"kind"`
	Thread  string          `json:"thread"`
	Instant *replay.Instant `json:"instant"`
}

func (c *call) onCause(a threadArguments) (any, error) {
	cause, err := c.causeOf(a)
	switch {
	case err != nil:
		return nil, err
	case cause == nil:
		return nil, errors.New("nothing before this let the thread go on: the session started with it")
	}
	body := causeBody{Kind: "resolved", Thread: cause.Thread, Instant: cause.Instant}
	if cause.Started {
		body.Kind = "started"
	}
	return body, nil
}

// causeOf is the cause of where a thread is, or of where the thread was that a frame is of.
func (c *call) causeOf(a threadArguments) (*replay.Cause, error) {
	if a.FrameID == 0 {
		return c.target.Cause(c.ctx, a.ThreadID)
	}
	f, err := c.framed(a.FrameID)
	if err != nil {
		return nil, err
	}
	at, ok := f.Instant()
	if !f.Started || !ok {
		return c.target.Cause(c.ctx, c.handles.threadOf(a.FrameID))
	}
	records, err := c.target.Records(c.ctx)
	if err != nil || records == nil {
		return nil, err
	}
	return records.Cause(c.ctx, at)
}

// threadsArguments are those of hark/threads. Filter is a text that the thread's name, function or status has.
type threadsArguments struct {
	Start  int    `json:"start"`
	Count  int    `json:"count"`
	Filter string `json:"filter"`
}

// threadBody is a thread, whether it has ended or not. ID is 0 if the debugger has not met it.
type threadBody struct {
	ID       int    `json:"id"`
	Thread   string `json:"thread"`
	Name     string `json:"name"`
	Function string `json:"function"`
	Status   string `json:"status"`
	Waiting  string `json:"waiting,omitempty"`
	Parent   string `json:"parent,omitempty"`
}

type threadsBody struct {
	Threads []threadBody `json:"threads"`
	Total   int          `json:"total"`
}

// manyThreads is how many threads are told of at once if the client does not say.
const manyThreads = 1000

func (c *call) onAllThreads(a threadsArguments) (any, error) {
	if a.Start < 0 || a.Count < 0 {
		return nil, errors.New("start and count cannot be negative")
	}
	if a.Count == 0 {
		a.Count = manyThreads
	}
	all, err := c.allThreads()
	if err != nil {
		return nil, err
	}
	chosen := all[:0]
	for _, t := range all {
		if strings.Contains(strings.ToLower(t.Name+" "+t.Status), strings.ToLower(a.Filter)) {
			chosen = append(chosen, t)
		}
	}
	first := min(a.Start, len(chosen))
	last := first + min(a.Count, len(chosen)-first)
	return threadsBody{append([]threadBody{}, chosen[first:last]...), len(chosen)}, nil
}

// allThreads are those that the target shows, and those that are stored.
func (c *call) allThreads() ([]threadBody, error) {
	shown := map[string]debugger.Thread{}
	var order []string
	for _, t := range c.target.Threads() {
		shown[t.Name] = t
		order = append(order, t.Name)
	}
	var all []threadBody
	for _, stored := range c.storedThreads() {
		if t, ok := shown[stored.Thread]; ok {
			stored = threadOf(t)
			delete(shown, t.Name)
		}
		all = append(all, stored)
	}
	for _, name := range order {
		if t, ok := shown[name]; ok {
			all = append(all, threadOf(t))
		}
	}
	return all, c.ctx.Err()
}

// storedThreads are those of the session's records; a target that stores nothing has none.
func (c *call) storedThreads() []threadBody {
	records, err := c.target.Records(c.ctx)
	if err != nil || records == nil {
		return nil
	}
	threads, _, err := records.Threads(c.ctx)
	if err != nil {
		return nil
	}
	all := make([]threadBody, len(threads))
	for i, t := range threads {
		all[i] = threadBody{Thread: t.ID(), Function: t.Head().Function, Status: t.Status().String(), Parent: parentOf(t.ID())}
		all[i].Name = fmt.Sprintf("%s %s(…)", t.ID(), all[i].Function)
	}
	return all
}

// threadOf is a thread that the target shows.
func threadOf(t debugger.Thread) threadBody {
	b := threadBody{
		ID: t.ID, Thread: t.Name, Name: threadName(t), Function: t.Function, Status: "running", Waiting: t.Waiting, Parent: parentOf(t.Name),
	}
	switch {
	case t.Failed || t.Cut:
		b.Status = "failed"
	case t.Ended:
		b.Status = "returned"
	case t.Waiting != "":
		b.Status = "waiting"
	}
	return b
}

// parentOf is the number of the thread that started another one, "" for the first.
func parentOf(thread string) string {
	return thread[:max(0, strings.LastIndexByte(thread, '.'))]
}

// timelineArguments are those of hark/timeline: seconds since the session's start, and how many lanes.
type timelineArguments struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Lanes int     `json:"lanes"`
}

// timelineBody is what hark/timeline shows. Times are in seconds since the session's start; an absent end has not come.
type timelineBody struct {
	Session string     `json:"session"`
	Status  string     `json:"status"`
	From    float64    `json:"from"`
	To      float64    `json:"to"`
	Total   int        `json:"total"`
	Now     *nowBody   `json:"now,omitempty"`
	Lanes   []laneBody `json:"lanes"`
}

type nowBody struct {
	Instant replay.Instant `json:"instant"`
	Time    float64        `json:"time"`
}

type laneBody struct {
	Thread   string     `json:"thread"`
	ThreadID int        `json:"threadId"`
	Name     string     `json:"name"`
	Function string     `json:"function"`
	Parent   string     `json:"parent,omitempty"`
	Status   string     `json:"status"`
	Start    float64    `json:"start"`
	End      *float64   `json:"end,omitempty"`
	Spans    []spanBody `json:"spans"`
	Marks    []markBody `json:"marks"`
}

type spanBody struct {
	Kind     string         `json:"kind"`
	Start    float64        `json:"start"`
	End      *float64       `json:"end,omitempty"`
	Name     string         `json:"name,omitempty"`
	Failed   bool           `json:"failed,omitempty"`
	Resolver string         `json:"resolver,omitempty"`
	Instant  replay.Instant `json:"instant"`
}

type markBody struct {
	Kind    string         `json:"kind"`
	Time    float64        `json:"time"`
	Text    string         `json:"text"`
	Stream  string         `json:"stream,omitempty"`
	Instant replay.Instant `json:"instant"`
}

func (c *call) onTimeline(a timelineArguments) (any, error) {
	if a.From < 0 || a.To < 0 || a.Lanes < 0 {
		return nil, errors.New("from, to and lanes cannot be negative")
	}
	records, err := c.target.Records(c.ctx)
	if err != nil {
		return nil, err
	}
	if records == nil {
		return nil, errors.New("nothing is recorded of this run: it was launched with \"record\": false")
	}
	t, _, err := timeline.Read(c.ctx, records, timeline.Window{From: seconds(a.From), To: seconds(a.To), Lanes: a.Lanes, Now: c.present()})
	if err != nil {
		return nil, err
	}
	return c.shownTimeline(t, records, a), nil
}

// present is the time until which what has not ended goes on, zero for a session that nobody is at.
func (c *call) present() time.Time {
	if c.listener.isOver() {
		return time.Time{}
	}
	return c.target.Now()
}

// seconds is a duration of so many seconds, however many.
func seconds(s float64) time.Duration {
	return time.Duration(min(s, math.MaxInt64/2e9) * 1e9)
}

func (c *call) shownTimeline(t *timeline.Timeline, records *replay.Session, a timelineArguments) timelineBody {
	body := timelineBody{Session: t.Session, Status: t.Status, From: a.From, To: t.Since(t.Ended), Total: t.Total, Lanes: []laneBody{}}
	if a.To > 0 {
		body.To = a.To
	}
	ids := map[string]int{}
	for _, thread := range c.target.Threads() {
		ids[thread.Name] = thread.ID
	}
	body.Now = c.now(t, records)
	for _, l := range t.Lanes {
		body.Lanes = append(body.Lanes, shownLane(t, l, ids[l.Thread]))
	}
	return body
}

// now is the instant at which the target stands, nil if it does not.
func (c *call) now(t *timeline.Timeline, records *replay.Session) *nowBody {
	if c.listener.isOver() || !c.begun || !c.target.Stopped() {
		return nil
	}
	i, err := c.target.Instant(c.listener.stop().Thread)
	if err != nil {
		return nil
	}
	when, err := timeline.When(c.ctx, records, i)
	if err != nil {
		return nil
	}
	return &nowBody{i, t.Since(when)}
}

func shownLane(t *timeline.Timeline, l *timeline.Lane, id int) laneBody {
	shown := laneBody{
		Thread: l.Thread, ThreadID: id, Name: fmt.Sprintf("%s %s(…)", l.Thread, l.Function), Function: l.Function, Parent: l.Parent,
		Status: l.Status, Start: t.Since(l.Started), Spans: []spanBody{}, Marks: []markBody{},
	}
	if !l.Ended.IsZero() {
		end := t.Since(l.Ended)
		shown.End = &end
	}
	for _, s := range l.Spans {
		span := spanBody{
			Kind: s.Kind, Start: t.Since(s.From), Name: s.Name, Failed: s.Failed || s.Error != nil, Resolver: s.Resolver, Instant: s.Instant,
		}
		if end := t.Since(s.To); !s.Open {
			span.End = &end
		}
		shown.Spans = append(shown.Spans, span)
	}
	for _, m := range l.Marks {
		mark := markBody{Kind: m.Kind, Time: t.Since(m.Time), Text: m.Text, Instant: m.Instant}
		if m.Kind == timeline.Output {
			mark.Stream = streams[m.Stream]
		}
		shown.Marks = append(shown.Marks, mark)
	}
	return shown
}

// streams are how the protocol calls where a line was written to.
var streams = map[engine.Stream]string{engine.Print: "stdout", engine.Stdout: "stdout", engine.Stderr: "stderr"}
