package debugger

import (
	"context"
	"errors"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// What is asked of a session that is followed: while it runs its records answer, while it is looked at the view does.

// viewed is told what the view of a session tells.
type viewed struct {
	Listener
	f *Follow
	r *Recorded
	// first is what to say of its first stop.
	first Stop
	known bool
}

// Stopped passes a stop on, but for one that is the end of what the view knows: then the session is followed.
func (v *viewed) Stopped(s Stop) {
	if !v.known {
		v.known = true
		s.Reason, s.Text = v.first.Reason, v.first.Text
		if i, err := v.r.Instant(v.first.Thread); err == nil {
			s.Thread, s.Instant = v.first.Thread, i
		}
	}
	if v.f.goesOn(s) {
		v.f.leave(v.r)
		return
	}
	v.Listener.Stopped(s)
}

// Wrote tells a line that was not told before.
func (v *viewed) Wrote(l Line) { v.f.wrote(l) }

// Ended: the session cannot be shown, and is followed.
func (v *viewed) Ended(e End) {
	v.f.say("the session cannot be shown as it is now: " + e.Err.Error())
	v.f.leave(v.r)
}

// waitingWords is what a thread waits for by its record.
func waitingWords(h *engine.Head) string {
	switch {
	case h.Done || !h.Parked():
		return ""
	case len(h.Targets) > 0:
		return "waiting on " + strings.Join(h.Targets, ", ")
	}
	return "sleeping"
}

// SetBreakpoints replaces all breakpoints: a view stops at them, the session does not.
func (f *Follow) SetBreakpoints(all []Breakpoint) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.breakpoints = all
	if f.view != nil {
		f.view.SetBreakpoints(all)
	}
}

// SetExceptionStops says at which errors a view stops.
func (f *Follow) SetExceptionStops(at ExceptionStops) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = at
	if f.view != nil {
		f.view.SetExceptionStops(at)
	}
}

// SetWatchpoints replaces all data breakpoints.
func (f *Follow) SetWatchpoints(all []Watchpoint) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watchpoints = all
	if f.view != nil {
		f.view.SetWatchpoints(all)
	}
}

// Threads are those that go on, those that failed, and those that ended last.
func (f *Follow) Threads() []Thread {
	if r := f.seen(); r != nil {
		return r.Threads()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	skip := -maxEnded
	for _, name := range f.order {
		if f.threads[name].Ended {
			skip++
		}
	}
	all := make([]Thread, 0, len(f.order))
	for _, name := range f.order {
		t := f.threads[name]
		if t.Ended && skip > 0 {
			skip--
			if !t.Failed {
				continue
			}
		}
		all = append(all, *t)
	}
	return all
}

// Stack is the stack of a thread in the view.
func (f *Follow) Stack(ctx context.Context, thread int) (*Stack, error) {
	r, err := f.looked()
	if err != nil {
		return nil, err
	}
	return r.Stack(ctx, thread)
}

// Future is what is known of a future: in the view, or by the records.
func (f *Follow) Future(id string) Future {
	if r := f.seen(); r != nil {
		return r.Future(id)
	}
	t, err := f.session.Thread(f.ctx, id)
	switch {
	case errors.Is(err, engine.ErrNotFound) && engine.IsOutside(id):
		return Future{State: "not resolved"}
	case errors.Is(err, engine.ErrNotFound):
		return Future{State: "not started"}
	case err != nil:
		return Future{State: err.Error()}
	}
	h := t.Head()
	if !h.Done {
		future := Future{State: waitingWords(&h)}
		if future.State == "" {
			future.State = "running"
		}
		return future
	}
	v, fault, err := t.Result(f.ctx)
	switch {
	case err != nil:
		return Future{State: err.Error()}
	case fault != nil:
		return Future{State: "failed", Error: fault}
	}
	return Future{State: "done", Value: &v}
}

// Move moves along the record. A continue that comes to the end of it follows the session again.
func (f *Follow) Move(m Motion) error {
	r, err := f.looked()
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.onward = m.Kind == Continue && !m.Single
	f.mu.Unlock()
	return r.Move(m)
}

// Pause takes a view of the session as it is known now.
func (f *Follow) Pause(thread int) error {
	f.mu.Lock()
	r := f.view
	if r == nil {
		f.wanting, f.wanted = true, thread
	}
	f.mu.Unlock()
	if r != nil {
		return r.Pause(thread)
	}
	f.signal()
	return nil
}

// Stopped says whether there is a view that stands.
func (f *Follow) Stopped() bool {
	r := f.seen()
	return r != nil && r.Stopped()
}

// Instant is where a thread is shown.
func (f *Follow) Instant(thread int) (replay.Instant, error) {
	r, err := f.looked()
	if err != nil {
		return replay.Instant{}, err
	}
	return r.Instant(thread)
}

// Goto goes to an instant.
func (f *Follow) Goto(ctx context.Context, to replay.Instant) error {
	r, err := f.looked()
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.onward = false
	f.mu.Unlock()
	return r.Goto(ctx, to)
}

// Cause is what brought about that a thread is where it is.
func (f *Follow) Cause(ctx context.Context, thread int) (*replay.Cause, error) {
	r, err := f.looked()
	if err != nil {
		return nil, err
	}
	return r.Cause(ctx, thread)
}

// errOther: nothing can be changed from here.
var errOther = errors.New("the session runs elsewhere and cannot be changed from here: start a fork (launch with \"fork\"), which goes on for real")

// Edit changes nothing.
func (f *Follow) Edit(context.Context, Edit) error { return errOther }

// Records are those of the session, as far as they were read.
func (f *Follow) Records(context.Context) (*replay.Session, error) { return f.session, nil }
