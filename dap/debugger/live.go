package debugger

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
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
//
// One lock, mu, guards all that changes, the machines of threads that stand included. Who holds it calls nothing that waits: the Listener's
// quick methods, nothing of the engine or the store. A machine that runs belongs to its Runner's goroutine; what that does
// under the lock are enter, admit, arrive and leave (runner.go). What to stop for is in stops, which has locks of its own.
type Live struct {
	program  *Program
	entry    Entry
	world    World
	listener Listener
	engine   *engine.Engine
	clock    *clock
	code     *vm.Code
	stops    *Stops
	// fork is the session that goes on, nil if one begins.
	fork     *fork.Fork
	finished chan struct{} // closed when the session has ended
	// quitting ends when Close is called, by quit.
	quitting context.Context
	quit     context.CancelFunc
	// trip is how the program is looked at that has gone back.
	trip trip
	// news counts what machines that run have to heed before their portion is over.
	news atomic.Uint64

	mu sync.Mutex
	// changed: a thread has changed its state, or may go on.
	changed *sync.Cond
	cancel  context.CancelFunc
	session string
	begun   bool
	closed  bool
	// done: the session has ended.
	done    bool
	threads map[string]*thread
	byID    map[int]*thread
	// hold: no thread may go on but the one that is going.
	hold  bool
	going *thread
	// told is the last stop that was told.
	told Stop
	// wanted is the thread that pause was asked for, until it stands.
	wanted *thread
	// met counts threads; failed are those that stopped at the error that ends them; ended are those listed although they have ended.
	met    int
	failed map[string]bool
	ended  endedThreads
	// python: a Python debugger was started. noPython: it was said why Python cannot be stepped into.
	python, noPython bool
}

var (
	_ Target          = (*Live)(nil)
	_ engine.Observer = (*Live)(nil)
)

// lease is for how long nobody else takes a debugged thread for one that nobody runs, however long it stands.
const lease = 10 * 365 * 24 * time.Hour

// NewLive prepares a program to be run.
func NewLive(p *Program, entry Entry, world World, listener Listener) (*Live, error) {
	l := &Live{
		program: p, entry: entry, world: world, listener: listener, clock: newClock(), stops: NewStops(p),
		finished: make(chan struct{}),
		threads:  map[string]*thread{}, byID: map[int]*thread{}, failed: map[string]bool{},
	}
	l.changed = sync.NewCond(&l.mu)
	l.trip.journey.works.tell = listener.Works
	l.quitting, l.quit = context.WithCancel(context.Background())
	config := engine.Config{
		Store: world.Store, Executor: world.Executor, Foreign: world.Foreign, Clock: l.clock, Observer: l, Private: world.Keep == nil,
	}
	if world.Keep != nil {
		config = world.Keep(config)
		config.Lease = lease
	}
	if !entry.Free {
		config.Runner = runner{l}
		config.Foreign = foreign{world.Foreign, l}
	}
	l.engine = engine.New(config)
	code, err := l.engine.Load(context.Background(), p.Program)
	if err != nil {
		return nil, fmt.Errorf("load the program: %w", err)
	}
	l.code = code
	return l, nil
}

// Program is what runs.
func (l *Live) Program() *Program { return l.program }

// Begin starts the session.
func (l *Live) Begin(ctx context.Context) error {
	if l.fork != nil {
		return l.beginFork(ctx)
	}
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
	l.hold, l.done = false, true
	l.mu.Unlock()
	if !silent {
		l.listener.Ended(End{Result: result, Err: err})
	}
}

// SetBreakpoints replaces all breakpoints; threads that run heed them at once.
func (l *Live) SetBreakpoints(all []Breakpoint) {
	l.stops.SetBreakpoints(all)
	l.news.Add(1)
}

// SetExceptionStops says at which errors to stop.
func (l *Live) SetExceptionStops(at ExceptionStops) {
	l.stops.SetExceptionStops(at)
	l.news.Add(1)
}

// SetWatchpoints replaces all data breakpoints.
func (l *Live) SetWatchpoints(all []Watchpoint) {
	l.stops.SetWatchpoints(all)
	l.news.Add(1)
}

// Session is the session's ID.
func (l *Live) Session() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// Now is the time on the program's clock.
func (l *Live) Now() time.Time { return l.clock.Now() }

// Abilities says what can be done now.
func (l *Live) Abilities() Abilities { return l.abilities(l.isAway()) }

// Instant is where a thread stands.
func (l *Live) Instant(id int) (replay.Instant, error) {
	if p, err := l.away(); err != nil {
		return replay.Instant{}, err
	} else if p != nil {
		return l.awayInstant(p, id)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.byID[id]
	switch {
	case t == nil:
		return replay.Instant{}, errGone
	case t.still == nil && t.state == runs:
		return replay.Instant{}, errRuns(t)
	}
	if m := t.shown(); m != nil {
		return replay.Instant{Thread: t.Name, At: m.Steps()}, nil
	}
	if t.resumed && !t.entered {
		return replay.Instant{Thread: t.Name, At: l.fork.Recorded[t.Name]}, nil
	}
	return replay.Instant{Thread: t.Name, At: t.left.At}, nil
}

func errRuns(t *thread) error { return fmt.Errorf("thread %s runs", t.Name) }

// Goto goes to an instant.
func (l *Live) Goto(ctx context.Context, to replay.Instant) error { return l.gotoInstant(ctx, to) }

// Cause is what brought about that a thread is where it is.
func (l *Live) Cause(ctx context.Context, thread int) (*replay.Cause, error) {
	return l.causeOf(ctx, thread)
}

// Records are what a replay of the session reads.
func (l *Live) Records(ctx context.Context) (*replay.Session, error) {
	return replay.Open(ctx, l.world.Store, l.Session())
}

// Threads are those that have begun and not ended, those that failed, and those that ended lately.
func (l *Live) Threads() []Thread {
	if all, away := l.awayThreads(); away {
		return all
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	all := slices.Clone(l.ended.all())
	for _, t := range l.threads {
		all = append(all, t.Thread)
	}
	slices.SortFunc(all, func(a, b Thread) int { return a.ID - b.ID })
	return all
}

// Move lets threads go on. A step of a thread that is about to stand waits until it does.
func (l *Live) Move(m Motion) error {
	if m.Kind.Backwards() || l.isAway() {
		return l.travel(m)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Kind != Continue {
		if err := l.plan(m); err != nil {
			return err
		}
	}
	t := l.byID[m.Thread]
	if t == nil && m.Single {
		return errGone
	}
	if !m.Single {
		t = nil
	}
	l.letGo(t)
	return nil
}

// plan gives a thread the step that it is to make.
func (l *Live) plan(m Motion) error {
	if planOf[m.Kind] == 0 {
		return fmt.Errorf("no motion is of kind %d", m.Kind)
	}
	for {
		t := l.byID[m.Thread]
		switch {
		case t == nil || l.closed:
			return errGone
		case !l.hold || l.going == t:
			return errRuns(t)
		case t.state != runs || t.still != nil:
			t.plan = newStep(m, l.program, t.shown())
			return nil
		}
		l.changed.Wait()
	}
}

// Pause stops all threads: those that run, after their current portion.
func (l *Live) Pause(thread int) error {
	if l.trip.journey.pause() {
		return nil
	}
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
	if l.trip.journey.under() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hold
}

// patience is how long Close waits for what does not end by itself.
const patience = time.Second

// Close ends the session, its Python calls included. In a Store that others see it is cancelled, so that nobody takes it for one that
// is to be gone on with.
func (l *Live) Close() { l.end(true) }

// Leave ends what runs here, and leaves the session in its Store as it is: hark-ls resume goes on with it.
func (l *Live) Leave() { l.end(false) }

func (l *Live) end(cancelled bool) {
	l.trip.journey.close()
	l.mu.Lock()
	again := l.closed
	l.closed = true
	session, cancel := l.session, l.cancel
	l.changed.Broadcast()
	l.mu.Unlock()
	if again {
		return
	}
	l.quit()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if cancelled && session != "" && l.world.Keep != nil && !l.over() {
			ctx, stop := context.WithTimeout(context.Background(), patience)
			_ = l.engine.Cancel(ctx, session)
			stop()
		}
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

// over says whether the session has ended.
func (l *Live) over() bool {
	select {
	case <-l.finished:
		return true
	default:
		return false
	}
}
