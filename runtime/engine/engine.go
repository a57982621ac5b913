package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Config is what an engine works with.
type Config struct {
	// Store and Executor have to be given; Foreign too if programs call Python.
	Store    Store
	Executor Executor
	Foreign  Foreign
	// Clock, Random, Observer and Runner are the system's clock, unguessable numbers, Quiet and Direct if nil.
	Clock    Clock
	Random   Source
	Observer Observer
	Runner   Runner
	// Lease is how long a claim holds, 1 hour if 0. A run that goes on renews it.
	Lease time.Duration
	// Slice is how long a run may take before it stores a snapshot and begins anew; 0 for no limit.
	Slice time.Duration
	// Fuel is how much a machine gets before others have their turn, 200,000 if 0.
	Fuel uint64
	// MaxAge is how old a session may become; what runs after that fails with kind Expired. 0 for no limit.
	MaxAge time.Duration
	// TTL is how long the records of a session are kept after MaxAge.
	TTL time.Duration
	// Private says that no other process uses the store, and that the Executor calls Run once for each Invoke: what
	// nothing here can wake, nothing ever will.
	Private bool
	// Owner names this process in the tokens of its runs, and Gone says whether the process of such a name has surely ended:
	// then nobody waits for its leases. Both may be left out.
	Owner string
	Gone  func(owner string) bool
	// Version is the deployment that runs the threads started here.
	Version string
}

const (
	defaultLease = time.Hour
	defaultFuel  = 200_000
	// firstPoll is when the sweep first looks at a thread, lastPoll how long it waits at most between two looks.
	firstPoll = time.Minute
	lastPoll  = 24 * time.Hour
	// watchEvery is how often a run that makes a long call looks whether it still has its thread.
	watchEvery = 30 * time.Second
)

// Engine drives the threads of any number of sessions.
type Engine struct {
	Config
	programs programs
	running  running
	unended  unended
	hub      hub

	base  context.Context
	close context.CancelCauseFunc
}

// errOver ends a run about which there is nothing more to do: its thread has ended, is parked, or has gone to another run.
var errOver = errors.New("the run is over")

// errClosed is why runs stop when their engine is closed.
var errClosed = errors.New("the engine is closed")

// New is an engine on the ports of a configuration.
func New(c Config) *Engine {
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	if c.Random == nil {
		c.Random = SystemRandom{}
	}
	if c.Observer == nil {
		c.Observer = Quiet{}
	}
	if c.Runner == nil {
		c.Runner = Direct{}
	}
	if c.Lease == 0 {
		c.Lease = defaultLease
	}
	if c.Fuel == 0 {
		c.Fuel = defaultFuel
	}
	e := &Engine{Config: c}
	e.base, e.close = context.WithCancelCause(context.Background())
	e.running.runs = map[ID]*run{}
	e.hub.init()
	return e
}

// Close stops the runs of this process and waits until they have. Their sessions can be gone on with.
func (e *Engine) Close() error {
	e.close(errClosed)
	e.hub.waitIdle()
	return nil
}

// invoke lets a run of the thread happen.
func (e *Engine) invoke(id ID) error {
	return e.invoking(id, func() error { return e.Executor.Invoke(e.base, e, id) })
}

func (e *Engine) invoking(id ID, invoke func() error) error {
	e.hub.invoked()
	if err := invoke(); err != nil {
		e.hub.returned(id.Session, nil)
		return fmt.Errorf("invoke %s: %w", id, err)
	}
	return nil
}

// Run claims the thread and runs it until it has ended, waits, or has used up its slice. A nil error means that there is
// nothing more to do about it, also when there was nothing to run. Executors call it, once for each Invoke.
func (e *Engine) Run(ctx context.Context, id ID) error {
	return e.RunAs(ctx, id, e.token())
}

// outcome is what a run tells its executor: only what went wrong in the outside world.
func (e *Engine) outcome(err error) error {
	if errors.Is(err, errOver) || e.base.Err() != nil {
		return nil
	}
	return err
}

func (e *Engine) run(ctx context.Context, id ID, token string, term Term) error {
	now := e.Clock.Now()
	head, ok, err := e.Store.Claim(ctx, Claim{ID: id, Token: token, Now: now, Lease: term.lease(now, e.Lease)})
	if err == nil && !ok && e.Gone != nil {
		head, ok, err = e.takeOver(ctx, id, token, now)
	}
	if err != nil {
		return fmt.Errorf("claim %s: %w", id, err)
	}
	if !ok {
		return nil
	}
	e.event(Event{Kind: ThreadClaimed, ID: id, Function: head.Function})
	r := e.newRun(ctx, head, term)
	r.looked = now // and not later: the process may have stood still since
	defer r.end()
	return r.drive()
}

func (e *Engine) event(event Event) {
	event.Time = e.Clock.Now()
	e.Observer.Event(event)
}

// running are the runs of this process, so that one whose thread was ended by somebody else stops at once.
type running struct {
	mu   sync.Mutex
	runs map[ID]*run
}

func (s *running) add(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[r.id] = r
}

func (s *running) remove(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.runs[r.id] == r {
		delete(s.runs, r.id)
	}
}

// stop ends the run of a thread that somebody else has ended, if it is here.
func (e *Engine) stop(id ID) {
	e.running.stop(id)
	if x, ok := e.Executor.(Stopping); ok {
		x.Stop(id)
	}
}

func (s *running) stop(id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[id]; r != nil {
		r.cancel(errOver)
	}
}

// seconds is a duration from what a program gives, without overflow.
func seconds(s float64) time.Duration {
	const longest = 100 * 365 * 24 * time.Hour
	if !(s > 0) {
		return 0
	}
	if s >= longest.Seconds() {
		return longest
	}
	return time.Duration(s * float64(time.Second))
}

// heads reads any number of heads of one session, each once.
func (e *Engine) heads(ctx context.Context, session string, threads []string) ([]*Head, error) {
	return ReadHeads(ctx, e.Store, session, threads)
}

// head reads one head.
func (e *Engine) head(ctx context.Context, id ID) (*Head, error) {
	heads, err := e.heads(ctx, id.Session, []string{id.Thread})
	if err != nil {
		return nil, err
	}
	if heads[0] == nil {
		return nil, fmt.Errorf("read head of %s: %w", id, ErrNotFound)
	}
	return heads[0], nil
}

// answer decodes what a thread or a call ended with: a value, or an error.
func (e *Engine) answer(ctx context.Context, code *vm.Code, session string, a Answer) (vm.Value, *vm.Error, error) {
	return ReadAnswer(code, e.loader(ctx, session), a)
}

// loader reads the values that a session's records hold or name.
func (e *Engine) loader(ctx context.Context, session string) Loader {
	return func(d Data) ([]byte, error) { return e.load(ctx, session, d) }
}
