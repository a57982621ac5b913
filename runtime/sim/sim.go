// Package sim runs sessions in a world in which everything is decided: which of several threads goes on, when a process
// dies, which invocation gets lost or comes twice, which request fails, when time passes. It is the real engine on the real
// memory store; only the ports are the world's. A seed decides, or a schedule that was written down, or a search tries all
// there is (Explore).
//
// What a session prints and results in does not depend on that, if the program does not ask for it (first_of, a timeout):
// that is what the tests here and the conformance tests look at. What else is promised whatever happens, a monitor looks
// at in every world; what it finds is the error of Run, a *Violation.
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
	// Term is after what time a run has to give its thread up, because its process ends 5 s after that; 0 for no end.
	Term time.Duration
	// Engines is among how many engines the runs are shared out, as among processes; 1 if 0.
	Engines int
	// Events are what happens, instead of what Seed would decide, if they are not nil; all else is calm.
	Events []Event
	// Steps is how many steps there may be, 20 million if 0: more is a session that does not end.
	Steps int
	// Resume is the ID of a session in Store that is gone on with, instead of starting one.
	Resume string
	// Trace makes Transcript.Trace. Rerun lets every thread run again, when the session is over, from what is stored alone.
	Trace, Rerun bool
	// During is called, if it is set, in a task of its own when the session has started.
	During func(ctx context.Context, e *engine.Engine, session string)
}

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
	// Events are what was decided otherwise than in a calm world. Faults is how many of them are faults.
	Events []Event
	Faults int
	// Trace says what happened, a line each.
	Trace []string
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

// maxSteps is how many steps a simulation may take if nothing else is said.
const maxSteps = 20_000_000

// Run simulates a session. An error of type *vm.Error means that the session could not be started with these arguments, one of
// type *Violation that a promise was broken; then there is a transcript too.
func Run(c Case) (*Transcript, error) {
	if c.Events != nil {
		return newSimulation(c, newRecorded(c.Events)).run()
	}
	return newSimulation(c, newLots(c.Seed, &c.Faults)).run()
}

// simulation is a session in its world.
type simulation struct {
	Case
	w          *world
	m          *monitor
	engines    []*engine.Engine
	session    string
	began      time.Time
	transcript *Transcript
	during     bool // Case.During has not returned
	over       bool // as it was looked at last
	sweeps     int
	sweeping   int // sweeps that have not returned
}

func newSimulation(c Case, d decider) *simulation {
	w := newWorld(d, c.Faults, c.Seed)
	if c.Store == nil {
		c.Store = memstore.New()
	}
	if c.Observer == nil {
		c.Observer = engine.Quiet{}
	}
	if w.limit = c.Steps; c.Steps == 0 {
		w.limit = maxSteps
	}
	s := &simulation{Case: c, w: w, m: newMonitor(w, c.Store, c.Seed), began: w.now}
	if c.Resume != "" {
		s.m.changes = 1 // it may be over already
	}
	s.transcript = &Transcript{Lines: map[string][]engine.Line{}, Requests: w.requests, Swept: &Requests{ByName: map[string]int{}}}
	if c.Trace {
		w.trace = &s.transcript.Trace
	}
	if w.possible[leap] {
		w.sweep = s.sweepIfDue
	}
	fuel := time.Duration(c.Fuel)
	if fuel == 0 {
		fuel = 200_000
	}
	x := &executor{w: w, m: s.m, fuel: fuel * perInstruction, term: c.Term}
	for range max(1, c.Engines) {
		x.engines = append(x.engines, engine.New(engine.Config{
			Store: &store{Store: c.Store, w: w, m: s.m}, Executor: x, Foreign: foreign{w, s.m, c.Foreign},
			Clock: clock{w}, Random: w.random, Observer: observer{c.Observer, s.m}, Runner: c.Runner,
			Fuel: c.Fuel, Lease: c.Lease, Slice: c.Slice, Private: true,
		}))
	}
	s.engines = x.engines
	return s
}

// run lets the world go on until the session is over, or a promise is broken.
func (s *simulation) run() (*Transcript, error) {
	defer s.w.end()
	var startErr error
	s.w.start("start", nil, func() { s.begin(&startErr) })
	for s.w.steps < s.w.limit && s.m.broken == nil {
		if s.w.step() {
			continue
		}
		if startErr != nil {
			return nil, startErr
		}
		over, err := s.settle()
		if err != nil {
			return s.transcript, err
		}
		if over && s.w.awaited == 0 {
			return s.conclude()
		}
	}
	if s.m.broken == nil {
		s.m.fails(comesToAnEnd, "the session did not end in %d steps", s.w.limit)
	}
	return s.conclude()
}

// conclude adds to the transcript what the world knows, and says what was broken.
func (s *simulation) conclude() (*Transcript, error) {
	t := s.transcript
	t.Events, t.Faults, t.Killed = s.w.events, s.w.faults, s.w.killed
	if s.m.broken == nil && s.Resume == "" { // the monitor has seen all of it
		heads, err := s.engines[0].Threads(context.Background(), s.session)
		if err != nil {
			return t, err
		}
		s.m.verdict(heads, t)
		if s.Rerun {
			s.m.rerun(heads)
		}
	}
	if s.m.broken != nil {
		return t, s.m.broken
	}
	return t, nil
}

// begin starts the session, again and again if that fails: whoever starts one does.
func (s *simulation) begin(startErr *error) {
	ctx := context.Background()
	id := fmt.Sprintf("seed%d", s.Seed)
	for {
		session, err := s.startOrResume(ctx, id)
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
		s.w.start("during", nil, func() {
			s.During(ctx, s.engines[0], s.session)
			s.during = false
		}).requests = nil
	}
}

func (s *simulation) startOrResume(ctx context.Context, id string) (string, error) {
	if s.Resume != "" {
		return s.Resume, s.engines[0].Resume(ctx, s.Resume)
	}
	return s.engines[0].Start(ctx, engine.Session{Program: s.Program, Function: s.Function, Args: s.Args, ID: id})
}

// settle is what happens when nothing can go on: the session is over, or the sweep looks, or time passes.
func (s *simulation) settle() (over bool, err error) {
	if !s.during && (s.m.changes > 0 || s.over) {
		s.m.changes = 0
		if over, err := s.look(); over || err != nil {
			if over && s.w.awaited > 0 { // what comes late, or stands still, has to find that it is over
				s.w.advance(s.w.now.Add(stalls[len(stalls)-1]))
				return false, err
			}
			return true, err
		}
	}
	if due := s.engines[0].SweepDue(); s.w.now.Before(due) {
		s.w.advance(due)
		return false, nil
	}
	s.sweep()
	return false, nil
}

// sweepIfDue sweeps while others go on.
func (s *simulation) sweepIfDue() {
	if s.sweeping == 0 && s.session != "" && !s.w.now.Before(s.engines[0].SweepDue()) {
		s.sweep()
	}
}

// sweep sweeps. One that breaks off is followed by the next.
func (s *simulation) sweep() {
	s.sweeps++
	s.sweeping++
	run := &liveRun{id: engine.ID{Thread: "sweep"}}
	t := s.w.start(fmt.Sprint("sweep", s.sweeps), run, func() {
		defer func() { s.sweeping-- }()
		_ = s.engines[0].Sweep(context.Background())
	})
	t.requests, t.atomic = s.transcript.Swept, s.w.coarse
}

func (s *simulation) look() (over bool, err error) {
	defer func() { s.over = over }()
	result, over, err := s.engines[0].Look(context.Background(), s.session)
	if errors.As(err, &s.transcript.Stuck) {
		err, over = nil, true
	}
	s.transcript.Session, s.transcript.Result = s.session, result
	s.transcript.Took = s.w.now.Sub(s.began)
	if err == nil && over {
		err = s.readLines()
	}
	return over, err
}

// readLines reads the lines from the store: a run may die between committing them and telling its observer.
func (s *simulation) readLines() error {
	threads, err := s.engines[0].Threads(context.Background(), s.session)
	for _, h := range threads {
		lines, err := s.engines[0].Lines(context.Background(), h.ID)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			s.transcript.Lines[h.ID.Thread] = lines
		}
	}
	return err
}
