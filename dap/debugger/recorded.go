package debugger

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Recorded is a session that is looked at as its records tell it: it only reads, calls nothing, and never ends by itself.
type Recorded struct {
	program  *Program
	session  *replay.Session
	view     View
	listener Listener
	stops    *Stops
	journey  journey
	printer  printer

	mu sync.Mutex
	// past is the position; while a motion is under way it belongs to that. It is nil before the session was read.
	past *past
	// ids are the numbers of threads, listed is what was last said of them.
	ids    map[string]int
	listed []Thread
}

var _ Target = (*Recorded)(nil)

// View is how to look at a recorded session.
type View struct {
	// Stop at the first instant. Else it goes on to the first stop; if there is none, to where the session failed, or to its end.
	Stop bool
	// At is an instant to begin at instead, nil for none.
	At *replay.Instant
	// Last: begin at its last instant instead.
	Last bool
}

// NewRecorded prepares a session to be looked at. The program is the session's own. The error says what is missing of it.
func NewRecorded(ctx context.Context, session *replay.Session, view View, listener Listener) (*Recorded, error) {
	code, err := session.Code(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at session %s: %w", session.ID(), err)
	}
	if _, err := session.Root().Entry(ctx); err != nil {
		return nil, fmt.Errorf("look at session %s: %w", session.ID(), err)
	}
	p := NewProgram(code.Program())
	r := &Recorded{program: p, session: session, view: view, listener: listener, stops: NewStops(p), ids: map[string]int{}}
	r.journey.works.tell = listener.Works
	r.printer.tell = r.tell
	session.OnProgress(r.journey.works.reading)
	return r, nil
}

// Program is the session's own.
func (r *Recorded) Program() *Program { return r.program }

// Session is the session's ID.
func (r *Recorded) Session() string { return r.session.ID() }

// Now is zero: nothing goes on.
func (r *Recorded) Now() time.Time { return time.Time{} }

// Abilities says what can be done.
func (r *Recorded) Abilities() Abilities { return Abilities{Back: true} }

// Begin reads the session and shows it.
func (r *Recorded) Begin(context.Context) error {
	return r.journey.begin("Reading the session", r.open, r.arrive)
}

func (r *Recorded) open(ctx context.Context) (Stop, error) {
	p, err := openPast(ctx, r.session, r.program, r.stops)
	if err != nil {
		return Stop{}, err
	}
	r.printer.p = p
	p.passes, p.logs = r.printer.pass, r.listener.Logged
	r.mu.Lock()
	r.past = p
	for _, name := range p.names {
		r.meet(name)
	}
	r.mu.Unlock()
	stop, err := r.first(ctx, p)
	stop.Text = strings.TrimPrefix(stop.Text+p.missing(), "; ")
	return stop, err
}

// first goes to where the session is shown first.
func (r *Recorded) first(ctx context.Context, p *past) (Stop, error) {
	switch {
	case r.view.At != nil:
		return Stop{Reason: AtGoto}, p.set(*r.view.At)
	case r.view.Last:
		return Stop{Reason: AtEnd}, p.set(p.last())
	case r.view.Stop:
		return Stop{Reason: AtEntry}, p.set(p.first())
	}
	return p.begin(ctx)
}

// run makes a motion.
func (r *Recorded) run(move func(ctx context.Context) (Stop, error)) error {
	return r.journey.begin("Executing the session again", move, r.arrive)
}

// arrive tells where a motion has ended. One that failed ends where it had come to, and says why.
func (r *Recorded) arrive(stop Stop, err error) {
	p := r.past
	if p == nil {
		if r.journey.end() {
			r.listener.Ended(End{Err: err})
		}
		return
	}
	if err != nil {
		stop = r.journey.interrupted(err)
	}
	ctx := context.Background()
	if !r.journey.silent() {
		r.printer.pass(ctx)
		listed, _ := p.threads(ctx)
		r.mu.Lock()
		r.listed = r.number(listed)
		r.mu.Unlock()
	}
	stop.Instant, stop.Thread = p.here, r.ids[p.here.Thread]
	if r.journey.end() {
		r.listener.Stopped(stop)
	}
}

// number gives threads their IDs.
func (r *Recorded) number(all []Thread) []Thread {
	for i := range all {
		all[i].ID = r.meet(all[i].Name)
	}
	return all
}

// meet is the ID of a thread, which may be new.
func (r *Recorded) meet(name string) int {
	if r.ids[name] == 0 {
		r.ids[name] = len(r.ids) + 1
	}
	return r.ids[name]
}

func (r *Recorded) tell(l Line) {
	if !r.journey.silent() {
		r.listener.Wrote(l)
	}
}

// standing is the position, unless a motion is under way.
func (r *Recorded) standing() (*past, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.journey.under() || r.past == nil {
		return nil, errMoving
	}
	return r.past, nil
}

// name is the number in its session of the thread with an ID.
func (r *Recorded) name(id int) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, known := range r.ids {
		if known == id {
			return name, nil
		}
	}
	return "", errGone
}

// SetBreakpoints replaces all breakpoints.
func (r *Recorded) SetBreakpoints(all []Breakpoint) { r.stops.SetBreakpoints(all) }

// SetExceptionStops says at which errors to stop.
func (r *Recorded) SetExceptionStops(at ExceptionStops) { r.stops.SetExceptionStops(at) }

// SetWatchpoints replaces all data breakpoints.
func (r *Recorded) SetWatchpoints(all []Watchpoint) { r.stops.SetWatchpoints(all) }

// Threads are those that have begun by the position.
func (r *Recorded) Threads() []Thread {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listed
}

// Stack is the stack of a thread as it is at the position.
func (r *Recorded) Stack(ctx context.Context, id int) (*Stack, error) {
	p, err := r.standing()
	if err != nil {
		return nil, err
	}
	name, err := r.name(id)
	if err != nil {
		return nil, err
	}
	return p.stack(ctx, name)
}

// Future is what is known of a future at the position.
func (r *Recorded) Future(id string) Future {
	p, err := r.standing()
	if err != nil {
		return Future{State: err.Error()}
	}
	return p.future(context.Background(), id)
}

// Evaluate is the value of an expression. A replay calls nothing.
func (r *Recorded) Evaluate(ctx context.Context, f *Frame, text string, _ bool) (vm.Value, error) {
	p, err := r.standing()
	if err != nil {
		return vm.Null, err
	}
	return f.Evaluate(ctx, text, p.futures(ctx))
}

// Move goes on, or back.
func (r *Recorded) Move(m Motion) error {
	p, err := r.standing()
	if err != nil {
		return err
	}
	name, err := r.name(m.Thread)
	if err != nil && (m.Single || m.Kind != Continue && m.Kind != ReverseContinue) {
		return err
	}
	return r.run(func(ctx context.Context) (Stop, error) {
		at, err := p.move(ctx, m, name)
		return at.Stop, err
	})
}

// Pause stops a motion where it has come to.
func (r *Recorded) Pause(int) error {
	r.journey.pause()
	return nil
}

// Stopped says whether no motion is under way.
func (r *Recorded) Stopped() bool {
	_, err := r.standing()
	return err == nil
}

// Instant is where a thread is shown.
func (r *Recorded) Instant(id int) (replay.Instant, error) {
	p, err := r.standing()
	if err != nil {
		return replay.Instant{}, err
	}
	name, err := r.name(id)
	if err != nil {
		return replay.Instant{}, err
	}
	return p.instant(name)
}

// Goto goes to an instant.
func (r *Recorded) Goto(ctx context.Context, to replay.Instant) error {
	p, err := r.standing()
	if err != nil {
		return err
	}
	if _, to, err = p.locate(to); err != nil {
		return err
	}
	return r.run(func(ctx context.Context) (Stop, error) {
		if err := p.set(to); err != nil {
			return Stop{}, err
		}
		return p.named(ctx, Stop{Reason: AtGoto, Instant: to})
	})
}

// Cause is what brought about that a thread is where it is.
func (r *Recorded) Cause(ctx context.Context, id int) (*replay.Cause, error) {
	p, err := r.standing()
	if err != nil {
		return nil, err
	}
	name, err := r.name(id)
	if err != nil {
		return nil, err
	}
	return p.cause(ctx, name)
}

// Edit changes nothing: what was recorded stays as it is.
func (r *Recorded) Edit(context.Context, Edit) error { return errPast }

// Records are those of the session.
func (r *Recorded) Records(context.Context) (*replay.Session, error) { return r.session, nil }

// Close ends a motion that is under way.
func (r *Recorded) Close() { r.journey.close() }
