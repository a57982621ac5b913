package debugger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// What is seen from a position in the past: threads, what they wait for, futures.

// waiting is what a thread waits for.
type waiting struct {
	text    string
	futures []string
}

// waits is what a thread waits for as it is shown now; nothing if it is the one of the position, which stands before that.
func (p *past) waitsFor(ctx context.Context, thread string) waiting {
	at, begun := p.shown(thread)
	if !begun || thread == p.here.Thread || p.over(thread) {
		return waiting{}
	}
	if w, known := p.waits[at]; known {
		return w
	}
	t, err := p.session.Thread(ctx, thread)
	if err != nil {
		return waiting{text: err.Error()}
	}
	c, err := t.At(ctx, at.At) // a machine of its own, since it is asked
	if err != nil {
		return waiting{text: err.Error()}
	}
	p.waits[at] = waitingOf(c.Machine())
	return p.waits[at]
}

// waitingOf is what a machine that has come to a wait waits for.
func waitingOf(m *vm.Machine) waiting {
	m.Attach(nil)
	switch m.Step() {
	case vm.Await:
		ids := m.Await().Futures
		return waiting{"waiting on " + strings.Join(ids, ", "), ids}
	case vm.Foreign:
		return waiting{text: "in a Python call of " + m.Code().Program().Imports[m.Foreign().Import].Alias}
	case vm.Sleep:
		return waiting{text: "sleeping"}
	}
	return waiting{}
}

// thread is what is said of a thread as it is shown now. Its ID is for others to give.
func (p *past) thread(ctx context.Context, name string) (Thread, error) {
	t, err := p.session.Thread(ctx, name)
	if err != nil {
		return Thread{}, err
	}
	head := t.Head()
	at, begun := p.shown(name)
	end := p.ends[name]
	out := Thread{Name: name, Function: head.Function, Ended: p.over(name), Cut: begun && end.stop == replay.Cut && at.At >= end.at}
	out.Failed = out.Ended && t.Status() == replay.Failed
	switch {
	case out.Cut:
		n, _ := t.Answers(ctx, end.at)
		out.Waiting = fmt.Sprintf("ended after its %s answer", ordinal(n))
		if n == 0 {
			out.Waiting = "ended before its first answer"
		}
	case !out.Ended:
		out.Waiting = p.waitsFor(ctx, name).text
	}
	return out, nil
}

func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// maxEnded is how many threads are listed that have ended without an error.
const maxEnded = 500

// threads are those that have begun by now, without those that ended long ago with a value.
func (p *past) threads(ctx context.Context) ([]Thread, error) {
	begun := p.begun()
	skip := -maxEnded
	for _, name := range begun {
		if p.over(name) {
			skip++
		}
	}
	all := make([]Thread, 0, len(begun))
	for _, name := range begun {
		t, err := p.thread(ctx, name)
		if err != nil {
			return nil, err
		}
		if t.Ended && skip > 0 {
			skip--
			if !t.Failed {
				continue
			}
		}
		all = append(all, t)
	}
	return all, nil
}

// futures are what is known of futures now, for expressions.
func (p *past) futures(ctx context.Context) func(string) Future {
	return func(id string) Future {
		f, err := p.futureNow(ctx, id)
		if err != nil {
			return Future{State: err.Error()}
		}
		return f
	}
}

// futureNow is what is known of a future at the position: nothing that was decided later.
func (p *past) futureNow(ctx context.Context, id string) (Future, error) {
	f := Future{State: p.unsettled(ctx, id)}
	if f.State != "" {
		return f, nil
	}
	t, err := p.session.Thread(ctx, id)
	if err != nil {
		return f, err
	}
	v, fault, err := t.Result(ctx)
	switch {
	case err != nil:
		return f, err
	case fault != nil:
		f.State, f.Error = "failed", fault
	default:
		f.State, f.Value = "done", &v
	}
	return f, nil
}

// unsettled is the state of a future that has no value yet, "" if it has one or an error.
func (p *past) unsettled(ctx context.Context, id string) string {
	if engine.IsOutside(id) {
		t, err := p.session.Thread(ctx, id)
		if err == nil && t.Head().Done && !t.Head().Ended.After(p.order[p.index].Start) {
			return ""
		}
		return "not resolved"
	}
	if _, begun := p.shown(id); !begun {
		return "not started"
	}
	if p.over(id) {
		return ""
	}
	if text := p.waitsFor(ctx, id).text; text != "" {
		return text
	}
	return "running"
}

// future is what is shown of a future.
func (p *past) future(ctx context.Context, id string) Future {
	f := p.futures(ctx)(id)
	f.Waiters = p.waiters(ctx, id)
	return f
}

// waiters are the threads that wait for a future as they are shown now.
func (p *past) waiters(ctx context.Context, id string) []string {
	var all []string
	for _, name := range p.begun() {
		if slices.Contains(p.waitsFor(ctx, name).futures, id) {
			all = append(all, name)
		}
	}
	return all
}
