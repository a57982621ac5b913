package debugger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Stops are what somebody wants a target to stop for, judged for a machine that stands somewhere. They are the same for machines that run and
// for machines that are executed again, since they go by instants only. All methods may be used by several goroutines, also while
// what to stop for is replaced.
//
// Who runs a machine attaches the Traps before each portion, and asks AtPlace at each Break, or AtError if the machine has Raised something.
// A machine of a thread that has Watches is run with RunWatching, and AtWrite is asked where one hits.
//
// Who searches asks Hit instead of AtPlace: the same answer, but no logpoint logs.
type Stops struct {
	program *Program

	// mu is for changes; what is in force is replaced as a whole.
	mu    sync.Mutex
	force atomic.Pointer[force]
	// tallies outlive replacement, so that a client that sends all its breakpoints anew does not set counts back.
	tallies map[string]*tally
}

// force is what is in force. It is not changed but for traps.
type force struct {
	breakpoints map[Place][]*rule
	errors      ExceptionStops
	watches     []*Watch

	mu    sync.Mutex
	traps map[trapsOf]*vm.Traps
}

type trapsOf struct {
	code  *vm.Code
	lines lineTraps
}

// lineTraps says at which lines machines stop too.
type lineTraps uint8

const (
	noLines lineTraps = iota
	userLines
	allLines
)

// rule is a breakpoint at a place, or what is left of a watchpoint without its place.
type rule struct {
	id              int
	place           Place
	condition, text string
	message         template
	isLog           bool
	hits            Hits
	// wrong is what is wrong with its texts: then it never stops.
	wrong error
	// counted and logged number its passes, and its passes that were logged; shared by all places of one breakpoint.
	counted, logged *tally

	mu    sync.Mutex
	fixed map[fixedAt]*fixedOrNot
}

type fixedAt struct {
	code  *vm.Code
	place Place
	text  string
}

type fixedOrNot struct {
	*fixed
	err error
}

// Watch is a Watchpoint in force.
type Watch struct {
	Watchpoint
	rule *rule
	// until is the number of instructions after which its frame was found to have returned, 0 if it was not.
	until atomic.Uint64
}

// NewStops is nothing to stop for but errors that nothing catches.
func NewStops(p *Program) *Stops {
	s := &Stops{program: p, tallies: map[string]*tally{}}
	s.force.Store(&force{breakpoints: map[Place][]*rule{}, errors: ExceptionStops{Uncaught: true}, traps: map[trapsOf]*vm.Traps{}})
	return s
}

// change makes a copy of what is in force, with changes.
func (s *Stops) change(change func(f *force)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.force.Load()
	next := &force{breakpoints: now.breakpoints, errors: now.errors, watches: now.watches, traps: map[trapsOf]*vm.Traps{}}
	change(next)
	s.force.Store(next)
}

// SetBreakpoints replaces all breakpoints. What a breakpoint has counted stays if it comes again with the same texts and places.
func (s *Stops) SetBreakpoints(all []Breakpoint) {
	s.change(func(f *force) {
		names := map[int]string{}
		for _, b := range all {
			names[b.ID] += fmt.Sprintf("%d.%d ", b.Place.Function, b.Place.PC)
		}
		known := s.tallies
		s.tallies = map[string]*tally{}
		f.breakpoints = map[Place][]*rule{}
		for _, b := range all {
			r := newRule(b.ID, b.Condition, b.Hits, b.Message)
			r.place = b.Place
			name := fmt.Sprintf("%s%q %q %q", names[b.ID], b.Condition, b.Hits, b.Message)
			r.counted, r.logged = s.tally(known, "counted "+name, r.hits.matter()), s.tally(known, "logged "+name, ^uint64(0))
			f.breakpoints[b.Place] = append(f.breakpoints[b.Place], r)
		}
		for _, w := range f.watches {
			s.tallies[watchName(w.Watchpoint)] = w.rule.counted
		}
	})
}

func newRule(id int, condition, hits, message string) *rule {
	r := &rule{id: id, condition: strings.TrimSpace(condition), text: message, isLog: message != "", fixed: map[fixedAt]*fixedOrNot{}}
	if r.hits, r.wrong = ParseHits(hits); r.wrong == nil {
		r.message, r.wrong = parseTemplate(message)
	}
	return r
}

// tally is the one of a name, which may be known.
func (s *Stops) tally(known map[string]*tally, name string, limit uint64) *tally {
	if s.tallies[name] == nil {
		s.tallies[name] = known[name]
	}
	if s.tallies[name] == nil {
		s.tallies[name] = newTally(limit)
	}
	return s.tallies[name]
}

func watchName(w Watchpoint) string {
	w.ID = 0
	return fmt.Sprintf("watch %q", fmt.Sprint(w))
}

// SetExceptionStops says at which errors to stop.
func (s *Stops) SetExceptionStops(at ExceptionStops) { s.change(func(f *force) { f.errors = at }) }

// SetWatchpoints replaces all watchpoints.
func (s *Stops) SetWatchpoints(all []Watchpoint) {
	s.change(func(f *force) {
		f.watches = nil
		for _, w := range all {
			watch := &Watch{Watchpoint: w, rule: newRule(w.ID, w.Condition, w.Hits, "")}
			watch.rule.counted = s.tally(nil, watchName(w), watch.rule.hits.matter())
			f.watches = append(f.watches, watch)
		}
	})
}

// Errors are the errors to stop at.
func (s *Stops) Errors() ExceptionStops { return s.force.Load().errors }

// Any says whether there is anything to stop for but errors.
func (s *Stops) Any() bool {
	f := s.force.Load()
	return len(f.breakpoints)+len(f.watches) > 0
}

// Traps are what machines of a Code are attached to. It is another one after a change.
func (s *Stops) Traps(code *vm.Code) *vm.Traps { return s.traps(code, noLines) }

// traps are Traps that stop machines at lines too.
func (s *Stops) traps(code *vm.Code, lines lineTraps) *vm.Traps {
	f, of := s.force.Load(), trapsOf{code, lines}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.traps[of] == nil {
		f.traps[of] = f.newTraps(s.program, of)
	}
	return f.traps[of]
}

func (f *force) newTraps(p *Program, of trapsOf) *vm.Traps {
	traps := vm.NewTraps(of.code)
	traps.Raises = f.errors != ExceptionStops{}
	for place := range f.breakpoints {
		if place.Function >= 0 && place.Function < len(p.Funcs) {
			traps.Set(place.Function, place.PC)
		}
	}
	for _, w := range f.watches { // who executes to where a watch begins has to look there
		if w.Function >= 0 && w.Function < len(p.Funcs) {
			traps.Set(w.Function, 0)
		}
	}
	for i := range p.funcs {
		if of.lines == noLines || of.lines == userLines && !p.funcs[i].user {
			continue
		}
		for pc, begins := range p.funcs[i].begins {
			if begins {
				traps.Set(i, pc)
			}
		}
	}
	return traps
}

// Has says whether there is a breakpoint at a place.
func (s *Stops) Has(p Place) bool { return len(s.force.Load().breakpoints[p]) > 0 }

// AtPlace says whether to stop before the instruction at which a machine stands, for the breakpoints there; a Stop without a Reason is
// none. The logs are what logpoints there have to say, each at an instant once.
func (s *Stops) AtPlace(ctx context.Context, m *vm.Machine, futures func(string) Future) (Stop, []Log) {
	return s.atPlace(ctx, m, futures, true)
}

// Hit is AtPlace without logs: for those who look for an instant and do not pass it.
func (s *Stops) Hit(ctx context.Context, m *vm.Machine, futures func(string) Future) Stop {
	stop, _ := s.atPlace(ctx, m, futures, false)
	return stop
}

func (s *Stops) atPlace(ctx context.Context, m *vm.Machine, futures func(string) Future, passes bool) (stop Stop, logs []Log) {
	function, pc := m.Place()
	for _, r := range s.force.Load().breakpoints[Place{function, pc}] {
		if r.isLog && !passes {
			continue
		}
		hit, err := r.hit(ctx, s.program, m, futures)
		switch {
		case !hit:
		case r.isLog:
			logs = r.log(ctx, s.program, m, futures, err, logs)
		default:
			stop.Reason, stop.Instant = AtBreakpoint, InstantOf(m)
			if !slices.Contains(stop.Breakpoints, r.id) {
				stop.Breakpoints = append(stop.Breakpoints, r.id)
			}
			stop.explain(r.condition, err)
		}
	}
	return stop, logs
}

// explain says why a condition stopped that has no value.
func (s *Stop) explain(condition string, err error) {
	if err == nil {
		return
	}
	if s.Text != "" {
		s.Text += "; "
	}
	s.Text += fmt.Sprintf("the condition %s has no value: %s", condition, err)
}

// InstantOf is where a machine stands.
func InstantOf(m *vm.Machine) replay.Instant {
	return replay.Instant{Thread: m.Thread(), At: m.Steps()}
}

// hit says whether a machine that stands where the rule is about is to be stopped. One whose condition has no value is, with the
// error that says why: to go on would look as if the condition was false.
func (r *rule) hit(ctx context.Context, p *Program, m *vm.Machine, futures func(string) Future) (bool, error) {
	if r.wrong != nil {
		return false, nil
	}
	if r.condition != "" {
		v, err := r.value(ctx, p, m, futures, r.condition)
		if err != nil {
			return ctx.Err() == nil, err
		}
		if !v.Truthy() {
			return false, nil
		}
	}
	if r.hits.op == "" {
		return true, nil
	}
	number, _ := r.counted.number(m.Thread(), m.Steps())
	return r.hits.Count(number), nil
}

// value is that of one of the rule's expressions where the machine stands.
func (r *rule) value(ctx context.Context, p *Program, m *vm.Machine, futures func(string) Future, text string) (vm.Value, error) {
	function, pc := m.Place()
	at := fixedAt{m.Code(), Place{function, pc}, text}
	r.mu.Lock()
	x := r.fixed[at]
	if x == nil {
		x = &fixedOrNot{}
		x.fixed, x.err = p.fix(at.code, at.place, text)
		r.fixed[at] = x
	}
	r.mu.Unlock()
	if x.err != nil {
		return vm.Null, x.err
	}
	return x.value(ctx, m, futures)
}

// log adds what a logpoint has to say, unless it did at this instant. What has no value is said instead.
func (r *rule) log(ctx context.Context, p *Program, m *vm.Machine, futures func(string) Future, failed error, logs []Log) []Log {
	if _, first := r.logged.number(m.Thread(), m.Steps()); !first {
		return logs
	}
	var text strings.Builder
	if failed != nil {
		fmt.Fprintf(&text, "<the condition %s has no value: %s> ", r.condition, failed)
	}
	for i, t := range r.message.texts {
		text.WriteString(t)
		if i >= len(r.message.expressions) {
			continue
		}
		v, err := r.value(ctx, p, m, futures, r.message.expressions[i])
		if err != nil {
			fmt.Fprintf(&text, "<%s>", err)
			continue
		}
		text.WriteString(LogText(v))
	}
	l := Log{Text: text.String(), Instant: InstantOf(m)}
	l.Point, _ = p.Point(r.place)
	return append(logs, l)
}

// LogText is a value in a message: as print writes it.
func LogText(v vm.Value) string {
	if v.Kind() == vm.KindString {
		return v.Text()
	}
	return Text(v)
}

// AtError says whether to stop for the error that a machine has Raised. seen says that its thread was told of as one that fails
// because of it: an error that comes from another thread, at which that was stopped.
func (s *Stops) AtError(m *vm.Machine, seen bool) Stop {
	raised := m.Raised()
	if raised == nil {
		return Stop{}
	}
	stop := Stop{Reason: OnError, Error: raised, Instant: InstantOf(m)}
	if m.Given() {
		stop.Instant.At--
	}
	stop.Caught = m.Given() || m.Catches()
	if !s.wanted(raised, stop.Caught) || seen {
		return Stop{}
	}
	return stop
}

// AtFault says whether to stop for an error from outside that has ended a machine's thread. The instant is the one before.
func (s *Stops) AtFault(m *vm.Machine, seen bool) Stop {
	fault := m.Fault()
	if fault == nil || seen || !s.wanted(fault, false) {
		return Stop{}
	}
	stop := Stop{Reason: OnError, Error: fault, Instant: InstantOf(m)}
	if stop.Instant.At > 0 {
		stop.Instant.At--
	}
	return stop
}

// wanted says whether one of the filters is for an error.
func (s *Stops) wanted(e *vm.Error, caught bool) bool {
	at := s.Errors()
	return at.Caught && caught || at.Uncaught && !caught || at.Python && e.Python != ""
}

// Watches are those of a thread whose frames stand in a machine of it, which is to be run with the result of Registers.
func (s *Stops) Watches(m *vm.Machine) []*Watch {
	return s.watchesOf(m, (*Watch).Stands)
}

// gone are those of a machine's thread whose frames are not there, and which are not known to be over.
func (s *Stops) gone(m *vm.Machine) []*Watch {
	return s.watchesOf(m, func(w *Watch, m *vm.Machine) bool { return !w.Stands(m) })
}

func (s *Stops) watchesOf(m *vm.Machine, wanted func(w *Watch, m *vm.Machine) bool) (all []*Watch) {
	for _, w := range s.force.Load().watches {
		if w.of(m) && wanted(w, m) {
			all = append(all, w)
		}
	}
	return all
}

// Watched says whether a machine's thread has any watches that are not over.
func (s *Stops) Watched(m *vm.Machine) bool {
	return slices.ContainsFunc(s.force.Load().watches, func(w *Watch) bool { return w.of(m) })
}

// of says whether the watch is one of a machine's thread, and not over.
func (w *Watch) of(m *vm.Machine) bool {
	return w.Thread == m.Thread() && w.rule.wrong == nil && !w.isOver(m)
}

// isOver says whether the watch's frame has returned by the instant at which a machine stands.
func (w *Watch) isOver(m *vm.Machine) bool {
	until := w.until.Load()
	return until > 0 && m.Steps() >= until
}

// Stands says whether there is a frame for the watch.
func (w *Watch) Stands(m *vm.Machine) bool {
	inner := m.Depth() - 1 - w.Level
	if inner < 0 {
		return false
	}
	frames := m.Frames(inner + 1)
	return len(frames) == inner+1 && frames[inner].Function == w.Function
}

// End ends a watch where its frame has returned: from that instant on. It is true once.
func (w *Watch) End(m *vm.Machine) bool { return w.until.CompareAndSwap(0, max(1, m.Steps())) }

// Registers are what RunWatching watches for watches.
func Registers(watches []*Watch) []vm.Watch {
	all := make([]vm.Watch, len(watches))
	for i, w := range watches {
		all[i] = vm.Watch{Level: w.Level, Register: w.Register}
	}
	return all
}

// AtWrite says whether to stop where a machine has just written what is watched.
func (s *Stops) AtWrite(ctx context.Context, m *vm.Machine, w *Watch, futures func(string) Future) Stop {
	hit, err := w.rule.hit(ctx, s.program, m, futures)
	if !hit {
		return Stop{}
	}
	stop := Stop{Reason: OnWrite, Instant: InstantOf(m), Breakpoints: []int{w.ID}, Text: w.Name}
	if err != nil {
		stop.Text = ""
		stop.explain(w.rule.condition, err)
	}
	return stop
}
