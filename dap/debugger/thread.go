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

// thread is what is known of one. All is guarded by Live.mu, but a machine that runs belongs to its Runner.
type thread struct {
	Thread
	state state
	// bore: it has started threads since it stood last, and the engine may not have stored them yet.
	bore bool
	// machine is that of a thread that stands; still is a copy from when the thread went outside, which is shown until it may
	// go on.
	machine, still *vm.Machine
	// plan is the step that it makes, nil for none. What it points to belongs to the Runner while the thread runs.
	plan *plan
	// targets are the threads that it is parked for, until they end.
	targets []string
	// entered: the Runner has seen it. resumed: it had begun before, in the session that this one is a fork of.
	entered, resumed bool
	// stoppedAt is the number of instructions at which it was stopped last, if it was. pending is what it would have stopped
	// for, had others not stopped before.
	stopped   bool
	stoppedAt uint64
	pending   Stop
	// edit is a change that is to be made; edited: the engine has answered, and the thread is not back yet.
	edit   *edit
	edited bool
	// origin are the frames that led to its start.
	origin []vm.TraceFrame
	// wrote is where it wrote its last line, or calls Python.
	wrote   Point
	written bool
	wroteAt replay.Instant
	// left is where it stood when its machine was returned to the engine last.
	left replay.Instant
	// intoCall: the Python call that it makes is stepped into.
	intoCall bool
	// failed: it stopped at an error that ends it.
	failed bool
}

// state is where a thread is; doc.go has the table.
type state uint8

const (
	outside state = iota
	runs
	stands
)

// shown is the machine to be looked at, nil if there is none yet.
func (t *thread) shown() *vm.Machine {
	if t.still != nil {
		return t.still
	}
	return t.machine
}

// begins says whether the thread is certain to be seen by the Runner soon. Others have not begun as long as the head that their
// starter gave them is not stored, which it does when it goes on.
func (t *thread) begins() bool { return !t.entered && (t.Name == engine.Root || t.resumed) }

// meet is the thread with a name, which may be new.
func (l *Live) meet(name, function string) *thread {
	if t := l.threads[name]; t != nil {
		return t
	}
	l.met++
	t := &thread{Thread: Thread{ID: l.met, Name: name, Function: function}}
	l.threads[name], l.byID[t.ID] = t, t
	l.listener.Began(t.Thread)
	return t
}

// endedThreads are those that are still listed: all that failed, and the newest others.
type endedThreads struct{ failed, others []Thread }

// newestEnded is how many threads are listed that have ended without an error.
const newestEnded = 500

func (e *endedThreads) add(t Thread) {
	if t.Failed {
		e.failed = append(e.failed, t)
		return
	}
	if e.others = append(e.others, t); len(e.others) > 2*newestEnded {
		e.others = append([]Thread(nil), e.others[newestEnded:]...)
	}
}

func (e *endedThreads) all() []Thread {
	return slices.Concat(e.failed, e.others[max(0, len(e.others)-newestEnded):])
}

// forget is the end of a thread.
func (l *Live) forget(name string, failed bool) {
	t := l.threads[name]
	if t == nil {
		return
	}
	delete(l.threads, name)
	delete(l.byID, t.ID)
	t.Waiting, t.Ended, t.Failed = "", true, failed
	l.ended.add(t.Thread)
	if l.wanted == t {
		l.wanted = nil
		l.stop(t, Stop{Reason: OnPause})
	}
	l.listener.Left(t.Thread)
	if l.going == t {
		l.stop(l.any(), Stop{Reason: OnHindrance, Text: "thread " + name + " has ended"})
	}
	l.changed.Broadcast()
}

// Event follows the threads of the engine.
func (l *Live) Event(e engine.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Kind {
	case engine.ThreadSpawned:
		if !engine.IsOutside(e.ID.Thread) {
			l.meet(e.ID.Thread, e.Function)
		}
	case engine.ThreadFinished:
		l.forget(e.ID.Thread, e.Answer.Failed)
	case engine.ThreadParked:
		l.parked(e)
	case engine.CallBegun:
		l.waits(e.ID, "in a Python call of "+e.Function)
	case engine.CallEnded, engine.ThreadClaimed:
		l.waits(e.ID, "")
	}
}

func (l *Live) waits(id engine.ID, what string) {
	if t := l.threads[id.Thread]; t != nil {
		t.Waiting, t.targets = what, nil
	}
}

// parked says what a thread waits for.
func (l *Live) parked(e engine.Event) {
	t := l.threads[e.ID.Thread]
	if t == nil {
		return
	}
	t.Waiting, t.targets = "sleeping", nil
	if len(e.Targets) > 0 {
		t.Waiting = "waiting on " + strings.Join(e.Targets, ", ")
	}
	if e.Until.IsZero() {
		t.targets = e.Targets
	}
	l.hinder()
}

// hinder stops all if the only thread that may go on waits for one that may not.
func (l *Live) hinder() {
	t := l.going
	if t == nil {
		return
	}
	for _, target := range t.targets {
		if other := l.threads[target]; other != nil {
			l.stop(t, Stop{Reason: OnHindrance, Text: fmt.Sprintf("thread %s waits for thread %s, which stands", t.Name, target)})
			return
		}
	}
}

// letGo gives the permission to go on to all, or to one.
func (l *Live) letGo(only *thread) {
	l.hold, l.going = only != nil, only
	l.clock.goOn()
	l.changed.Broadcast()
	l.hinder()
}

// Stack is the stack of a thread that stands or is outside.
func (l *Live) Stack(ctx context.Context, id int) (*Stack, error) {
	if p, err := l.away(); err != nil {
		return nil, err
	} else if p != nil {
		return l.awayStack(ctx, p, id)
	}
	stopWaiting := context.AfterFunc(ctx, l.wake)
	defer stopWaiting()
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := l.standing(ctx, id)
	if err != nil {
		return nil, err
	}
	return &Stack{program: l.program, machine: t.shown(), origin: t.origin, thread: t.Name, function: t.Function}, nil
}

// standing is a thread that can be looked at, waiting until one that is about to stand does. The context has to wake who waits.
func (l *Live) standing(ctx context.Context, id int) (*thread, error) {
	for {
		t := l.byID[id]
		switch {
		case t == nil || l.closed:
			return nil, errGone
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !l.hold || l.going == t:
			return nil, errRuns(t)
		case t.still != nil || t.state == stands || !t.entered && !t.begins():
			return t, nil
		}
		l.changed.Wait()
	}
}

func (l *Live) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed.Broadcast()
}

// Future is what is known of a future: whether its thread has ended, and how, and who waits for it.
func (l *Live) Future(id string) Future {
	if p, _ := l.away(); p != nil {
		return p.future(context.Background(), id)
	}
	return l.futureNow(id)
}

// futureNow is what is known of a future in the present.
func (l *Live) futureNow(id string) Future {
	l.mu.Lock()
	session := l.session
	known := ""
	if t := l.threads[id]; t != nil {
		known = t.Waiting
	}
	l.mu.Unlock()
	ctx := context.Background()
	heads, err := l.world.Store.Heads(ctx, []engine.ID{{Session: session, Thread: id}})
	switch {
	case err != nil:
		return Future{State: err.Error()}
	case heads[0] == nil:
		return Future{State: "not started"}
	case heads[0].Done:
		return l.settled(ctx, heads[0])
	}
	f := Future{State: "running", Waiters: l.waiters(ctx, heads[0])}
	if known != "" {
		f.State = known
	}
	return f
}

// waiters are the threads that wait for a future.
func (l *Live) waiters(ctx context.Context, head *engine.Head) []string {
	all := head.Waiters
	if head.More {
		more, _ := l.world.Store.Waiters(ctx, head.ID)
		all = slices.Concat(all, more)
	}
	var names []string
	for _, w := range all {
		names = append(names, w.Thread)
	}
	slices.SortFunc(names, engine.CompareThreads)
	return slices.Compact(names)
}

func (l *Live) settled(ctx context.Context, head *engine.Head) Future {
	data, err := head.Answer.Value.Bytes, error(nil)
	if digest := head.Answer.Value.Digest; digest != "" {
		data, err = l.world.Store.Blob(ctx, head.ID.Session, digest)
	}
	if err != nil {
		return Future{State: err.Error()}
	}
	if head.Answer.Failed {
		fault, err := engine.DecodeError(l.code, data)
		if err != nil {
			return Future{State: err.Error()}
		}
		return Future{State: "failed", Error: fault}
	}
	value, err := vm.DecodeValue(l.code, data)
	if err != nil {
		return Future{State: err.Error()}
	}
	return Future{State: "done", Value: &value}
}
