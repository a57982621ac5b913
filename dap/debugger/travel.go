package debugger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// A live program gone back in time.
//
// What a session stores to survive is enough to execute it again, up to where its threads stand now. So a live program that stands can be
// left for a trip: a past over its own records. What is shown meanwhile is the past; the machines of the present stand where they
// stood. A motion forwards that comes to the end of what there is so far goes on in the present, with what is left of its step.

// trip is where a live program is looked at that has gone back.
type trip struct {
	journey journey

	mu sync.Mutex
	// records are read again at each departure.
	records *replay.Session
	// past is the position, nil in the present.
	past *past
	// stands is how far the threads of the present have come; home is where the one stands from which the trip began.
	stands map[string]uint64
	home   replay.Instant
	// gone: the client was told that it sees the past.
	gone bool
	// onward is what goes on in the present when the motion has ended.
	onward *onward
	// ids are the numbers of threads that the present does not know any more, listed is what is said of all.
	ids    map[string]int
	listed []Thread
}

// onward is a motion that goes on in the present.
type onward struct {
	Motion
	plan   *plan
	thread string
}

// remembers says whether going back is possible.
func (l *Live) remembers() bool { return !l.entry.Free && !l.entry.Unrecorded }

// away is the position in the past, nil in the present. It is an error if that is moving.
func (l *Live) away() (*past, error) {
	if l.trip.journey.under() {
		return nil, errMoving
	}
	l.trip.mu.Lock()
	defer l.trip.mu.Unlock()
	return l.trip.past, nil
}

// isAway says whether the past is shown, or looked for.
func (l *Live) isAway() bool {
	p, err := l.away()
	return p != nil || err != nil
}

// canLeave says why the present cannot be left now, nil if it can.
func (l *Live) canLeave() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.remembers():
		return errNoRecord
	case !l.begun || l.closed:
		return errGone
	case l.done:
		return errEnded
	case !l.hold || l.going != nil:
		return errors.New("the program runs: pause it first")
	}
	return nil
}

// nameOf is the number in the session of the thread with an ID.
func (l *Live) nameOf(id int) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.byID[id]; t != nil {
		return t.Name, nil
	}
	for _, t := range l.ended.all() {
		if t.ID == id {
			return t.Name, nil
		}
	}
	for name, known := range l.trip.ids {
		if known == id {
			return name, nil
		}
	}
	return "", errGone
}

// number gives threads the IDs that they have in the present.
func (l *Live) number(all []Thread) []Thread {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := map[string]int{}
	for _, t := range l.ended.all() {
		known[t.Name] = t.ID
	}
	for i := range all {
		name := all[i].Name
		switch t := l.threads[name]; {
		case t != nil:
			all[i].ID = t.ID
		case known[name] != 0:
			all[i].ID = known[name]
		default:
			if l.trip.ids == nil {
				l.trip.ids = map[string]int{}
			}
			if l.trip.ids[name] == 0 {
				l.met++
				l.trip.ids[name] = l.met
			}
			all[i].ID = l.trip.ids[name]
		}
	}
	return all
}

// settle is how far the threads have come, once all stand that are about to.
func (l *Live) settle(ctx context.Context) (map[string]uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	defer context.AfterFunc(ctx, l.wake)()
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		stands, moving := map[string]uint64{}, ""
		for name, t := range l.threads {
			m := t.shown()
			switch {
			case t.still == nil && (t.state == runs || t.state == outside && t.entered):
				moving = name
			case m != nil:
				stands[name] = m.Steps()
			case t.resumed && !t.entered:
				stands[name] = l.fork.Recorded[name]
			default:
				stands[name] = 0
			}
		}
		switch {
		case moving == "":
			return stands, nil
		case l.closed:
			return nil, errGone
		case ctx.Err() != nil:
			return nil, fmt.Errorf("thread %s does not come to stand: %w", moving, ctx.Err())
		}
		l.changed.Wait()
	}
}

// read looks at the records as they are now.
func (l *Live) read(ctx context.Context) (*replay.Session, error) {
	stands, err := l.settle(ctx)
	if err != nil {
		return nil, err
	}
	t := &l.trip
	if t.records == nil {
		t.records, err = replay.Open(ctx, l.world.Store, l.Session())
		if err == nil {
			t.records.OnProgress(t.journey.works.reading)
		}
	} else {
		err = t.records.Refresh(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was recorded: %w", err)
	}
	for name, at := range stands {
		thread, err := t.records.Thread(ctx, name)
		switch {
		case errors.Is(err, engine.ErrNotFound): // it has not begun
		case err != nil:
			return nil, err
		default:
			thread.Stands(at)
		}
	}
	t.mu.Lock()
	t.stands = stands
	t.mu.Unlock()
	return t.records, nil
}

// depart is the past as seen from where a thread stands in the present.
func (l *Live) depart(ctx context.Context, from string) (*past, error) {
	records, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	p, err := openPast(ctx, records, l.program, l.stops)
	if err != nil {
		return nil, err
	}
	at, ok := l.trip.stands[from]
	home := replay.Instant{Thread: from, At: at}
	if !ok {
		home = p.last()
	}
	if err := p.set(home); err != nil {
		return nil, err
	}
	p.logs = l.listener.Logged
	if told := l.lastStop(); told.Reason == OnError {
		p.halt, p.raising = told, told.Instant == p.here
	}
	l.trip.home = replay.Instant{} // a thread that has ended is nowhere in the present
	if ok {
		l.trip.home = p.here
	}
	return p, nil
}

// lastStop is the last one in the present.
func (l *Live) lastStop() Stop {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}

// travel makes a motion that begins or ends in the past.
func (l *Live) travel(m Motion) error {
	if err := l.canLeave(); err != nil {
		return err
	}
	name, err := l.nameOf(m.Thread)
	if err != nil && (m.Single || m.Kind != Continue && m.Kind != ReverseContinue) {
		return err
	}
	if name == "" {
		name = engine.Root
	}
	return l.trip.journey.begin("Executing the program again", func(ctx context.Context) (Stop, error) {
		return l.move(ctx, m, name)
	}, l.arriveAway)
}

// move makes a motion, from the present or in the past.
func (l *Live) move(ctx context.Context, m Motion, name string) (Stop, error) {
	t := &l.trip
	p := t.past
	leaves := p == nil
	if leaves {
		var err error
		if p, err = l.depart(ctx, name); err != nil {
			return Stop{}, err
		}
		t.mu.Lock()
		t.past = p
		t.mu.Unlock()
	}
	home := t.home
	if leaves && m.Kind == ReverseContinue && !m.Single {
		if err := p.set(p.last()); err != nil { // all is in the past, whatever the order of the threads
			return Stop{}, err
		}
	}
	at, err := p.move(ctx, m, name)
	for leaves && err == nil && m.Kind == ReverseContinue && at.Instant == home && at.Reason != AtBeginning {
		at, err = p.move(ctx, m, name)
	}
	if err == nil && at.Reason == AtEnd {
		t.onward = &onward{m, at.plan, at.thread}
	}
	return at.Stop, err
}

// arriveAway is the end of a motion in the past.
func (l *Live) arriveAway(stop Stop, err error) {
	t := &l.trip
	p, on := t.past, t.onward
	t.onward = nil
	if err != nil {
		stop = t.journey.interrupted(err)
	}
	home := p == nil || on != nil || p.here == t.home && stop.Reason != AtBeginning
	if home && p != nil && stop.Reason != AtGoto && on == nil {
		stop = p.atHome(stop)
	}
	if p != nil {
		stop.Instant = p.here
	} else {
		stop.Instant = l.lastStop().Instant
	}
	l.show(p, home)
	if on == nil {
		stop.Thread = l.number([]Thread{{Name: stop.Instant.Thread}})[0].ID
	}
	l.leftOrCame(p, home)
	switch told := t.journey.end(); {
	case !told:
	case on != nil:
		l.goOn(on)
	default:
		l.listener.Stopped(stop)
	}
}

// atHome is the stop of a motion that has come back to where the trip began: the error at which that stands is told again.
func (p *past) atHome(stop Stop) Stop {
	if p.halts() {
		return p.halt
	}
	return stop
}

// show has the past shown, or the present again.
func (l *Live) show(p *past, home bool) {
	t := &l.trip
	var listed []Thread
	if !home && !t.journey.silent() {
		listed, _ = p.threads(context.Background())
		listed = l.number(listed)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listed = listed; home {
		t.past = nil
	}
}

// leftOrCame tells when what can be done is something else than before.
func (l *Live) leftOrCame(p *past, home bool) {
	t := &l.trip
	t.mu.Lock()
	gone := t.gone
	t.gone = !home
	t.mu.Unlock()
	if gone != !home && !t.journey.silent() {
		l.listener.Changed(l.abilities(!home))
	}
}

// abilities are what can be done in the past, or in the present.
func (l *Live) abilities(away bool) Abilities {
	return Abilities{Back: l.remembers(), Edit: !away && !l.entry.Free, Call: !away && l.world.Foreign != nil}
}

// goOn lets a motion go on in the present.
func (l *Live) goOn(on *onward) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	t := l.threads[on.thread]
	if t != nil && on.plan != nil {
		t.plan = on.plan
	}
	if on.Single && t == nil {
		l.stop(l.any(), Stop{Reason: OnHindrance, Text: "thread " + on.thread + " has ended"})
		return
	}
	if !on.Single {
		t = nil
	}
	l.letGo(t)
}

// gotoInstant goes to an instant, which may be the present one of a thread.
func (l *Live) gotoInstant(ctx context.Context, to replay.Instant) error {
	if err := l.canLeave(); err != nil {
		return err
	}
	p, err := l.away()
	if err == nil && p == nil {
		p, err = l.depart(ctx, to.Thread)
	}
	if err != nil {
		return err
	}
	_, to, err = p.locate(to)
	if err != nil {
		return err
	}
	return l.trip.journey.begin("Executing the program again", func(ctx context.Context) (Stop, error) {
		l.trip.mu.Lock()
		l.trip.past = p
		l.trip.mu.Unlock()
		if err := p.set(to); err != nil {
			return Stop{}, err
		}
		if at, stands := l.trip.stands[to.Thread]; stands && at == to.At {
			l.trip.home = to
		}
		return p.named(ctx, Stop{Reason: AtGoto, Instant: to})
	}, l.arriveAway)
}

// causeOf is what brought about that a thread is where it is, in the past or in the present.
func (l *Live) causeOf(ctx context.Context, id int) (*replay.Cause, error) {
	if err := l.canLeave(); err != nil {
		return nil, err
	}
	name, err := l.nameOf(id)
	if err != nil {
		return nil, err
	}
	p, err := l.away()
	if err != nil {
		return nil, err
	}
	if p != nil {
		return p.cause(ctx, name)
	}
	records, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	at, ok := l.trip.stands[name]
	if !ok {
		return nil, errGone
	}
	return records.Cause(ctx, replay.Instant{Thread: name, At: at})
}

// awayStack is the stack of a thread in the past.
func (l *Live) awayStack(ctx context.Context, p *past, id int) (*Stack, error) {
	name, err := l.nameOf(id)
	if err != nil {
		return nil, err
	}
	return p.stack(ctx, name)
}

// awayInstant is where a thread is shown in the past.
func (l *Live) awayInstant(p *past, id int) (replay.Instant, error) {
	name, err := l.nameOf(id)
	if err != nil {
		return replay.Instant{}, err
	}
	return p.instant(name)
}

// awayThreads are the threads that the past shows.
func (l *Live) awayThreads() ([]Thread, bool) {
	l.trip.mu.Lock()
	defer l.trip.mu.Unlock()
	return l.trip.listed, l.trip.gone
}

// awayEvaluate is the value of an expression in the past, where Python is not called.
func (l *Live) awayEvaluate(ctx context.Context, p *past, f *Frame, text string) (vm.Value, error) {
	return f.Evaluate(ctx, text, p.futures(ctx))
}
