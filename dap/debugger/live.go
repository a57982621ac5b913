package debugger

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// World is what a live program runs in. Close ends what Python left behind; it may be nil.
type World struct {
	Store    engine.Store
	Executor engine.Executor
	Foreign  engine.Foreign
	Close    func() error
	// Keep changes the configuration of an engine to that of sessions which outlive the process, in a store that others use too. It is
	// nil for a Store that is this session's own.
	Keep func(engine.Config) engine.Config
}

// Entry is what to run.
type Entry struct {
	Function string
	Args     []vm.Value
	// Stop at the first line.
	Stop bool
	// Free: run without a debugger.
	Free bool
	// Unrecorded: there will be no going back.
	Unrecorded bool
}

// Live is a program that runs here.
type Live struct {
	program  *Program
	entry    Entry
	world    World
	listener Listener
	engine   *engine.Engine
	clock    *clock
	code     *vm.Code
	cancel   context.CancelFunc
	finished chan struct{} // closed when the session has ended, or nothing was begun

	mu sync.Mutex
	// changed: a thread has changed its state, or may go on.
	changed *sync.Cond
	session string
	begun   bool
	closed  bool
	threads map[string]*thread
	byID    map[int]*thread
	// hold: no thread may go on but the one that is going.
	hold  bool
	going *thread
	// wanted is the thread that pause was asked for, until it stands.
	wanted *thread
	// breakpoints and traps are replaced, never changed: machines run with them.
	breakpoints map[Place][]int
	traps       *vm.Traps
	uncaught    bool
	// met counts threads; failed are those that stopped at the error that ends them.
	met    int
	failed map[string]bool
}

var (
	_ Target          = (*Live)(nil)
	_ engine.Runner   = (*Live)(nil)
	_ engine.Observer = (*Live)(nil)
)

// NewLive prepares a program to be run.
func NewLive(p *Program, entry Entry, world World, listener Listener) (*Live, error) {
	l := &Live{
		program: p, entry: entry, world: world, listener: listener, clock: newClock(), finished: make(chan struct{}),
		threads: map[string]*thread{}, byID: map[int]*thread{}, uncaught: true, failed: map[string]bool{},
	}
	l.changed = sync.NewCond(&l.mu)
	config := engine.Config{
		Store: world.Store, Executor: world.Executor, Foreign: world.Foreign, Clock: l.clock, Observer: l, Private: world.Keep == nil,
	}
	if world.Keep != nil {
		config = world.Keep(config)
	}
	if !entry.Free {
		config.Runner = l
	}
	l.engine = engine.New(config)
	code, err := l.engine.Load(context.Background(), p.Program)
	if err != nil {
		return nil, fmt.Errorf("load the program: %w", err)
	}
	l.code = code
	l.setTraps()
	return l, nil
}

// Program is what runs.
func (l *Live) Program() *Program { return l.program }

// Begin starts the session.
func (l *Live) Begin(ctx context.Context) error {
	l.mu.Lock()
	root := l.meet(engine.Root, l.entry.Function)
	if l.entry.Stop {
		root.plan = &plan{kind: entry}
	}
	l.mu.Unlock()
	id, err := l.engine.Start(ctx, engine.Session{Program: l.program.Program, Function: l.entry.Function, Args: l.entry.Args})
	if err != nil {
		return fmt.Errorf("start %s: %w", l.entry.Function, err)
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.mu.Lock()
	l.session, l.begun, l.cancel = id, true, cancel
	l.mu.Unlock()
	go l.wait(running, id)
	return nil
}

// wait tells of the session's end.
func (l *Live) wait(ctx context.Context, id string) {
	defer close(l.finished)
	result, err := l.engine.Wait(ctx, id)
	l.mu.Lock()
	silent := l.closed
	l.hold = false
	l.mu.Unlock()
	if !silent {
		l.listener.Ended(End{Result: result, Err: err})
	}
}

// SetBreakpoints replaces all breakpoints; threads that run heed them after their current portion.
func (l *Live) SetBreakpoints(all []Breakpoint) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.breakpoints = map[Place][]int{}
	for _, b := range all {
		l.breakpoints[b.Place] = append(l.breakpoints[b.Place], b.ID)
	}
	l.setTraps()
}

// SetExceptionStops says at which errors to stop.
func (l *Live) SetExceptionStops(at ExceptionStops) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uncaught = at.Uncaught
	l.setTraps()
}

// SetWatchpoints replaces all data breakpoints.
func (l *Live) SetWatchpoints([]Watchpoint) {}

// Session is the session's ID.
func (l *Live) Session() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// Abilities says what can be done now.
func (l *Live) Abilities() Abilities { return Abilities{} }

// Evaluate is the value of an expression.
func (l *Live) Evaluate(ctx context.Context, f *Frame, text string, _ bool) (vm.Value, error) {
	return f.Evaluate(ctx, text, l.Future)
}

// Instant is where a thread stands.
func (l *Live) Instant(id int) (replay.Instant, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.byID[id]
	if t == nil {
		return replay.Instant{}, errGone
	}
	if m := t.shown(); m != nil {
		return replay.Instant{Thread: t.Name, At: m.Steps()}, nil
	}
	return replay.Instant{Thread: t.Name}, nil
}

// Goto goes to an instant.
func (l *Live) Goto(context.Context, replay.Instant) error { return errNoRecord }

// Cause is what brought about that a thread is where it is.
func (l *Live) Cause(context.Context, int) (*replay.Cause, error) { return nil, errNoRecord }

// Edit changes the program where it stands.
func (l *Live) Edit(context.Context, Edit) error { return errPast }

// Records are what a replay of the session reads.
func (l *Live) Records(ctx context.Context) (*replay.Session, error) {
	return replay.Open(ctx, l.world.Store, l.Session())
}

// setTraps makes traps of the breakpoints.
func (l *Live) setTraps() {
	traps := vm.NewTraps(l.code)
	traps.Raises = l.uncaught
	for place := range l.breakpoints {
		traps.Set(place.Function, place.PC)
	}
	l.traps = traps
}

// Threads are those that have begun and not ended.
func (l *Live) Threads() []Thread {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Thread, 0, len(l.threads))
	for _, t := range l.threads {
		all = append(all, t.Thread)
	}
	slices.SortFunc(all, func(a, b Thread) int { return a.ID - b.ID })
	return all
}

// Move lets threads go on.
func (l *Live) Move(m Motion) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Kind.Backwards() {
		return errNoRecord
	}
	t := l.byID[m.Thread]
	if t == nil && (m.Single || m.Kind != Continue) {
		return errGone
	}
	if m.Kind != Continue {
		t.plan = newPlan(planOf[m.Kind], l.program, t.shown())
	}
	l.hold, l.going = m.Single, nil
	if m.Single {
		l.going = t
	}
	l.clock.goOn()
	l.changed.Broadcast()
	return nil
}

// Pause stops all threads: those that run, after their current portion.
func (l *Live) Pause(thread int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.begun || l.hold && l.going == nil {
		return nil
	}
	t := l.byID[thread]
	if t == nil {
		t = l.any()
	}
	if t == nil {
		return errGone
	}
	if t.state != runs && !t.begins() {
		l.stop(t, Stop{Reason: OnPause})
		return nil
	}
	l.halt()
	l.wanted = t
	return nil
}

// any is the thread with the lowest number.
func (l *Live) any() (lowest *thread) {
	for _, t := range l.threads {
		if lowest == nil || t.ID < lowest.ID {
			lowest = t
		}
	}
	return lowest
}

// Stopped says whether all threads stand, but for one that may have been let go.
func (l *Live) Stopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hold
}

// patience is how long Close waits for what does not end by itself.
const patience = time.Second

// Close ends the session, its Python calls included.
func (l *Live) Close() {
	l.mu.Lock()
	l.closed = true
	cancel := l.cancel
	l.changed.Broadcast()
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if l.world.Close != nil {
			_ = l.world.Close()
		}
		_ = l.engine.Close()
		if cancel != nil {
			cancel()
			<-l.finished
		}
	}()
	select {
	case <-done:
	case <-time.After(patience):
	}
}
