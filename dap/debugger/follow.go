package debugger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Follow is a session that runs elsewhere, wherever its store can be read. It shows what the records say as they come: threads, futures,
// output. It can be paused at any time: that takes a view of the session, which is a replay of what is known by then, while the session
// itself goes on. At the end of what the view knows it is followed again. Nothing is written.
type Follow struct {
	program  *Program
	session  *replay.Session
	listener Listener
	watcher  *watcher
	ctx      context.Context
	cancel   context.CancelFunc
	finished chan struct{} // closed when nothing looks any more
	// wake ends a wait for the next look.
	wake chan struct{}

	mu    sync.Mutex
	begun bool
	ids   map[string]int
	// threads are those that were told of, in the order in which they were met.
	threads map[string]*Thread
	order   []string
	told    map[string]mark
	// view is what is looked at while it stands, nil while the session is followed. onward: a continue of it that comes to its end
	// follows the session again.
	view   *Recorded
	onward bool
	// wanting: a view is to be taken, for the thread with the ID wanted; 0 is any.
	wanting bool
	wanted  int
	// over: the session has ended.
	over bool

	breakpoints []Breakpoint
	errors      ExceptionStops
	watchpoints []Watchpoint
}

var _ Target = (*Follow)(nil)

// mark is the last line of a thread that was told: those of one thread come in order.
type mark struct {
	printed        uint64 // lines
	call           uint64
	attempt, index int
	called         bool
}

// NewFollow prepares to follow a session. With stop, a view is taken at once.
func NewFollow(ctx context.Context, store engine.Reader, session *replay.Session, stop bool, listener Listener) (*Follow, error) {
	code, err := session.Code(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow session %s: %w", session.ID(), err)
	}
	p := NewProgram(code.Program())
	f := &Follow{
		program: p, session: session, listener: listener, watcher: newWatcher(store, session, p), wanting: stop,
		finished: make(chan struct{}), wake: make(chan struct{}, 1),
		ids: map[string]int{}, threads: map[string]*Thread{}, told: map[string]mark{},
		errors: ExceptionStops{Uncaught: true},
	}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f, nil
}

// Program is the session's own.
func (f *Follow) Program() *Program { return f.program }

// Session is the session's ID.
func (f *Follow) Session() string { return f.session.ID() }

// Now is zero: whether somebody is at the session is not known.
func (f *Follow) Now() time.Time { return time.Time{} }

// Abilities says what can be done in a view.
func (f *Follow) Abilities() Abilities { return Abilities{Back: true} }

// Begin follows the session from now on. What it has printed so far is told first.
func (f *Follow) Begin(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begun = true
	go f.run()
	return nil
}

// run looks at the session again and again, but while there is a view.
func (f *Follow) run() {
	defer close(f.finished)
	said := ""
	for f.ctx.Err() == nil {
		if f.seen() != nil {
			f.await(nil)
			continue
		}
		began := time.Now()
		n, err := f.watcher.look(f.ctx)
		if err != nil && f.ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			f.say(said + "; it is tried again")
		}
		if n != nil {
			f.tell(n)
		}
		if f.wantsView(n) && f.open() {
			continue
		}
		timer := time.NewTimer(f.watcher.pause(time.Since(began)))
		f.await(timer.C)
		timer.Stop()
	}
}

// await waits for a time, or until there is something else to do.
func (f *Follow) await(until <-chan time.Time) {
	select {
	case <-until:
	case <-f.wake:
	case <-f.ctx.Done():
	}
}

func (f *Follow) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// seen is the view, nil while the session is followed.
func (f *Follow) seen() *Recorded {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.view
}

// wantsView says whether a view is to be taken: somebody wants to, or the session has ended.
func (f *Follow) wantsView(n *news) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n != nil && n.over && !f.over {
		f.over, f.wanting = true, true
	}
	return f.wanting
}

// tell tells what a look has found: first the threads that have begun, then output, then threads that have ended.
func (f *Follow) tell(n *news) {
	began, left := f.learn(n)
	for _, t := range began {
		f.listener.Began(t)
	}
	for _, l := range n.lines {
		f.wrote(l)
	}
	for _, t := range left {
		f.listener.Left(t)
	}
	for _, gap := range n.gaps {
		f.say("missing: " + gap.Error())
	}
}

// learn takes down what heads say. Threads that had ended before anybody looked are not told of.
func (f *Follow) learn(n *news) (began, left []Thread) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range n.heads {
		h := &n.heads[i]
		name := h.ID.Thread
		t := f.threads[name]
		fresh := t == nil
		if fresh {
			t = &Thread{ID: f.meet(name), Name: name, Function: h.Function}
			f.threads[name] = t
			f.order = append(f.order, name)
		}
		ended := h.Done && !t.Ended
		t.Waiting, t.Ended, t.Failed = waitingWords(h), h.Done, h.Done && h.Answer.Failed
		switch {
		case fresh && !h.Done:
			began = append(began, *t)
		case !fresh && ended:
			left = append(left, *t)
		}
	}
	return began, left
}

func (f *Follow) meet(name string) int {
	if f.ids[name] == 0 {
		f.ids[name] = len(f.ids) + 1
	}
	return f.ids[name]
}

// wrote tells a line, unless it was told before: a view and the records show the same ones.
func (f *Follow) wrote(l Line) {
	f.mu.Lock()
	m := f.told[l.ID.Thread]
	fresh := m.before(&l.Line)
	if fresh {
		f.told[l.ID.Thread] = m.after(&l.Line)
	}
	f.mu.Unlock()
	if fresh {
		f.listener.Wrote(l)
	}
}

// before says whether a line comes after those that were told.
func (m mark) before(l *engine.Line) bool {
	switch {
	case l.Stream == engine.Print:
		return l.Number >= m.printed
	case !m.called || l.Call != m.call:
		return !m.called || l.Call > m.call
	case l.Attempt != m.attempt:
		return l.Attempt > m.attempt
	}
	return l.Index > m.index
}

func (m mark) after(l *engine.Line) mark {
	if l.Stream == engine.Print {
		m.printed = l.Number + 1
		return m
	}
	m.call, m.attempt, m.index, m.called = l.Call, l.Attempt, l.Index, true
	return m
}

// say tells the user something about the session as a whole.
func (f *Follow) say(text string) {
	if f.ctx.Err() == nil {
		f.listener.Logged(Log{Text: text})
	}
}

// open takes a view of what is known now, and says whether it could.
func (f *Follow) open() bool {
	f.mu.Lock()
	first := Stop{Reason: OnPause, Thread: f.wanted}
	if f.over {
		first = Stop{Reason: AtEnd, Text: f.outcome()}
	}
	f.wanting, f.wanted, f.onward = false, 0, false
	f.mu.Unlock()
	if first.Text != "" {
		f.say(first.Text)
	}
	v := &viewed{Listener: f.listener, f: f, first: first}
	r, err := NewRecorded(f.ctx, f.session, View{Last: true}, v)
	if err != nil {
		f.say(err.Error())
		return false
	}
	f.mu.Lock()
	v.r, r.ids = r, maps.Clone(f.ids)
	r.SetBreakpoints(f.breakpoints)
	r.SetExceptionStops(f.errors)
	r.SetWatchpoints(f.watchpoints)
	f.view = r
	f.mu.Unlock()
	_ = r.Begin(f.ctx) // which is refused only while it moves, or after its end
	return true
}

// outcome is how the session has ended, in words.
func (f *Follow) outcome() string {
	_, fault, err := f.session.Root().Result(f.ctx)
	switch {
	case err != nil:
		return fmt.Sprintf("session %s has ended: %v", f.session.ID(), err)
	case fault != nil:
		return fmt.Sprintf("session %s has failed: %v", f.session.ID(), fault)
	}
	return fmt.Sprintf("session %s has ended with a result", f.session.ID())
}

// leave gives the view up, to follow the session again.
func (f *Follow) leave(r *Recorded) {
	r.mu.Lock()
	ids := maps.Clone(r.ids)
	r.mu.Unlock()
	f.mu.Lock()
	f.ids, f.view = ids, nil
	f.mu.Unlock()
	f.signal()
}

// goesOn says whether a stop of the view is none: it has come to the end of what it knows, and there may be more.
func (f *Follow) goesOn(s Stop) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.Reason == AtEnd && f.onward && !f.over
}

// errElsewhere: the session is not stopped.
var errElsewhere = errors.New("the session runs elsewhere and is followed; pause, to look at it as it is then")

// looked is the view, or why there is none.
func (f *Follow) looked() (*Recorded, error) {
	if r := f.seen(); r != nil {
		return r, nil
	}
	return nil, errElsewhere
}

// Close ends the following. The session goes on.
func (f *Follow) Close() {
	f.cancel()
	f.mu.Lock()
	begun := f.begun
	f.mu.Unlock()
	if begun {
		<-f.finished
	}
	if r := f.seen(); r != nil {
		r.Close()
	}
}

// Evaluate is the value of an expression in the view.
func (f *Follow) Evaluate(ctx context.Context, frame *Frame, text string, mayCall bool) (vm.Value, error) {
	r, err := f.looked()
	if err != nil {
		return vm.Null, err
	}
	return r.Evaluate(ctx, frame, text, mayCall)
}
