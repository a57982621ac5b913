// Package sim runs sessions in a world in which a seed decides everything: which of several threads goes on, when a
// process dies, which invocation gets lost or comes twice, which request fails. It is the real engine on the real memory
// store; only the ports are the world's. The same seed gives the same run, so that a failure can be looked at again.
//
// What a session prints and results in does not depend on the seed, if the program does not ask for it (first_of, a
// timeout): that is what the tests here and the conformance tests look at.
package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Case is a session to simulate.
type Case struct {
	Program  *bytecode.Program
	Function string
	Args     []vm.Value
	Foreign  engine.Foreign
	Seed     uint64
	Faults   Faults
	// Store is the store, an empty memory store if nil. Observer is told what happens, Runner runs the machines.
	Store    engine.Store
	Observer engine.Observer
	Runner   engine.Runner
	// Fuel is how much a machine gets at a time, and Lease how long a claim holds; the engine's if 0.
	Fuel  uint64
	Lease time.Duration
	Slice time.Duration
	// During is called, if it is set, in a task of its own when the session has started.
	During func(ctx context.Context, e *engine.Engine, session string)
}

// Faults are what goes wrong, per mille: of the points at which a run dies (but at most 4 of a thread, which is poison after
// 5), of the invocations that get lost or come twice, of the requests that fail.
type Faults struct{ Kill, Lose, Double, Fail int }

// Transcript is what a session did, as far as it should not depend on the order of things.
type Transcript struct {
	Session string
	Result  engine.Result
	// Stuck is set if the session could not end; Result means nothing then.
	Stuck *engine.Deadlock
	// Lines are the committed lines of each thread, in order.
	Lines map[string][]engine.Line
	// Took is how long the session took, in the world's time. Killed is how many runs died.
	Took   time.Duration
	Killed int
	// Requests are those that the session's start and its runs have made, Swept those of the sweep.
	Requests, Swept *Requests
}

// Requests counts requests of a store: those that write, the records that others read, and how many there were of each
// operation.
type Requests struct {
	Writes, Reads int
	ByName        map[string]int
}

// String is the transcript as text: lines by thread, then how it ended.
func (t *Transcript) String() string {
	var b strings.Builder
	threads := make([]string, 0, len(t.Lines))
	for thread := range t.Lines {
		threads = append(threads, thread)
	}
	slices.SortFunc(threads, engine.CompareThreads)
	for _, thread := range threads {
		for _, l := range t.Lines[thread] {
			fmt.Fprintf(&b, "%s: %s\n", thread, l.Text)
		}
	}
	switch {
	case t.Stuck != nil:
		fmt.Fprintf(&b, "stuck: %v\n", t.Stuck)
	case t.Result.Err != nil:
		fmt.Fprintf(&b, "failed: %v\n", t.Result.Err)
	default:
		fmt.Fprintf(&b, "=> %s\n", vm.Show(t.Result.Value))
	}
	for _, f := range t.Result.Abandoned {
		fmt.Fprintf(&b, "%s failed: %v\n", f.ID.Thread, f.Err)
	}
	return b.String()
}

// maxSteps is how many steps a simulation may take: more is a session that does not end.
const maxSteps = 20_000_000

// Run simulates a session. An error of type *vm.Error means that the session could not be started with these arguments.
func Run(c Case) (*Transcript, error) {
	s := newSimulation(c)
	defer s.w.end()
	var startErr error
	s.w.start(nil, func() { s.begin(&startErr) })
	for range maxSteps {
		if s.w.step() {
			continue
		}
		if startErr != nil {
			return nil, startErr
		}
		over, err := s.settle()
		if over || err != nil {
			return s.transcript, err
		}
	}
	return nil, fmt.Errorf("seed %d: the session did not end in %d steps", c.Seed, maxSteps)
}

// simulation is a session in its world.
type simulation struct {
	Case
	w          *world
	e          *engine.Engine
	session    string
	began      time.Time
	transcript *Transcript
	during     bool // Case.During has not returned
}

func newSimulation(c Case) *simulation {
	w := newWorld(c.Seed)
	w.kill = c.Faults.Kill
	if c.Store == nil {
		c.Store = memstore.New()
	}
	s := &simulation{Case: c, w: w, began: w.now, transcript: &Transcript{Lines: map[string][]engine.Line{}, Requests: w.requests, Swept: &Requests{ByName: map[string]int{}}}}
	s.e = engine.New(engine.Config{
		Store:    &store{Store: c.Store, w: w, fail: c.Faults.Fail},
		Executor: &executor{w: w, lose: c.Faults.Lose, double: c.Faults.Double},
		Foreign:  foreign{w, c.Foreign},
		Clock:    clock{w}, Random: w.random, Observer: c.Observer, Runner: c.Runner,
		Fuel: c.Fuel, Lease: c.Lease, Slice: c.Slice, Private: true,
	})
	return s
}

// begin starts the session, again and again if that fails: whoever starts one does.
func (s *simulation) begin(startErr *error) {
	ctx := context.Background()
	id := fmt.Sprintf("seed%d", s.Seed)
	for {
		session, err := s.e.Start(ctx, engine.Session{Program: s.Program, Function: s.Function, Args: s.Args, ID: id})
		if errors.Is(err, errBroken) {
			continue
		}
		if *startErr = err; err != nil {
			return
		}
		s.session = session
		break
	}
	if s.During != nil {
		s.during = true
		s.w.start(nil, func() {
			s.During(ctx, s.e, s.session)
			s.during = false
		}).requests = nil
	}
}

// settle is what happens when nothing can go on: the session is over, or the sweep looks, or time passes.
func (s *simulation) settle() (over bool, err error) {
	if !s.during {
		if over, err := s.look(); over || err != nil {
			return true, err
		}
	}
	if s.w.now.Before(s.e.SweepDue()) {
		s.w.advance(s.e.SweepDue())
		return false, nil
	}
	// One that breaks off is followed by the next.
	s.w.start(nil, func() { _ = s.e.Sweep(context.Background()) }).requests = s.transcript.Swept
	return false, nil
}

func (s *simulation) look() (bool, error) {
	result, over, err := s.e.Look(context.Background(), s.session)
	if errors.As(err, &s.transcript.Stuck) {
		err, over = nil, true
	}
	s.transcript.Session, s.transcript.Result = s.session, result
	s.transcript.Took, s.transcript.Killed = s.w.now.Sub(s.began), s.w.killed
	if err == nil && over {
		err = s.readLines()
	}
	return over, err
}

// readLines reads the lines from the store: a run may die between committing them and telling its observer.
func (s *simulation) readLines() error {
	threads, err := s.e.Threads(context.Background(), s.session)
	for _, h := range threads {
		lines, err := s.e.Lines(context.Background(), h.ID)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			s.transcript.Lines[h.ID.Thread] = lines
		}
	}
	return err
}
