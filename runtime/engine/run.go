package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/hark-lang/hark-ls/internal/bug"
	"github.com/hark-lang/hark-ls/vm"
)

// run is one run of a thread, from its claim until it gives the thread up. One goroutine drives it.
type run struct {
	e    *Engine
	ctx  context.Context
	id   ID
	head Head // as it was claimed

	code  *vm.Code
	start vm.Start
	m     *vm.Machine
	progress

	cancel context.CancelCauseFunc
	begun  time.Time
	looked time.Time // when the run last knew that the thread is its own
	term   Term
	// acted says that the run has got somewhere: what comes next is not its first act.
	acted bool
	// number is that of the last wait; woken says that the machine stands at a wait that was released.
	number uint64
	woken  bool
	// bytes counts those of the pending lines.
	bytes int
	// ended says that the machine is done.
	ended bool
	// sole says that no earlier run of the thread can be left over, or have logged anything after the snapshot.
	sole bool
	// newborn is the thread started last, if it has no head yet; spawns are those whose heads are not put yet.
	newborn *vm.Start
	spawns  []Head
	// logged and marked are what an earlier run that died has left, from the snapshot on.
	logged map[uint64]Slot
	marked []Mark
	// nextEdit is the instant of the next slot, if that is an edit's.
	nextEdit knownEdit
	// found are the heads of ended threads that this run has read for the wait at hand.
	found        map[string]*Head
	stopDeadline func()
}

func (e *Engine) newRun(ctx context.Context, head Head, term Term) *run {
	r := &run{e: e, id: head.ID, head: head, term: term, begun: e.Clock.Now(), number: max(head.Wait, head.Wake)}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	e.running.add(r)
	return r
}

// end leaves nothing behind in this process.
func (r *run) end() {
	r.e.running.remove(r)
	if r.stopDeadline != nil {
		r.stopDeadline()
	}
	r.cancel(errOver)
}

// drive makes the machine and runs it. What goes wrong in the outside world gives the thread up, so that another run
// need not wait for the lease to end.
func (r *run) drive() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = r.collapsed(p)
		}
		if cause := context.Cause(r.ctx); cause != nil && err != nil {
			err = cause
		}
		err = r.giveUp(err)
	}()
	if err := r.prepare(); err != nil {
		return err
	}
	for {
		// Never between a Run and what it asks for: the machine stands behind its spawns and lines already.
		if cause := context.Cause(r.ctx); cause != nil {
			return cause
		}
		if err := r.over(); err != nil {
			return err
		}
		if err := r.lookInTime(); err != nil {
			return err
		}
		fuel, err := r.untilEdit()
		if err != nil {
			return err
		}
		if err := r.perform(r.e.Runner.Run(r.ctx, r.id, r.m, fuel)); err != nil {
			return err
		}
		r.acted = true
	}
}

// perform does what the machine asks for. errOver ends the run.
func (r *run) perform(outcome vm.Outcome) error {
	switch outcome {
	case vm.Fuel:
		return r.pause()
	case vm.Spawn:
		return r.spawn(r.m.Spawn())
	case vm.Output:
		return r.print(r.m.Output())
	case vm.Await:
		return r.await(r.m.Await())
	case vm.Foreign:
		return r.foreign(r.m.Foreign())
	case vm.Sleep:
		return r.sleep(r.m.Seconds())
	case vm.Done:
		r.ended = true
		return r.finish(r.m.Result())
	case vm.Fault:
		r.ended = true
		return r.fail(r.m.Fault())
	case vm.Break:
		return r.edits()
	}
	bug.Report("%s: the machine ended a run with %v", r.id, outcome)
	return errOver
}

// prepare makes the machine from the snapshot or the entry, and reads what earlier runs have logged after it.
func (r *run) prepare() error {
	if done, err := r.overdue(); done || err != nil {
		return errors.Join(err, overIf(done))
	}
	if done, err := r.endIfLeftOver(); done || err != nil {
		return errors.Join(err, overIf(done))
	}
	var err error
	if r.code, err = r.e.code(r.ctx, r.head.Program); err != nil {
		return err
	}
	entry, err := r.e.load(r.ctx, r.id.Session, r.head.Entry)
	if err != nil {
		return err
	}
	if r.start, err = DecodeEntry(r.code, r.id, entry); err != nil {
		return err
	}
	if err := r.machine(); err != nil {
		return fmt.Errorf("go on with %s: %w", r.id, err)
	}
	r.guardDeadline()
	if !r.sole {
		if err := r.recall(); err != nil {
			return err
		}
	}
	return r.logLongOutput()
}

func overIf(yes bool) error {
	if yes {
		return errOver
	}
	return nil
}

// machine makes the machine. A snapshot that is lost or damaged costs the time to run again from the entry.
func (r *run) machine() error {
	r.sole = r.head.Epoch == 1
	if !r.head.Snap.Empty() {
		restored, err := r.restore()
		if restored || err != nil {
			return err
		}
	}
	var err error
	r.m, err = vm.New(r.code, r.start)
	return err
}

// restore makes the machine of the snapshot, if there is one that can be read.
func (r *run) restore() (bool, error) {
	snap, err := r.e.load(r.ctx, r.id.Session, r.head.Snap)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	progress, machine, err := decodeSnapshot(r.id, snap)
	if err == nil {
		r.deaths = progress.deaths
		r.sole = r.sole && r.deaths == 0
	}
	if err != nil || len(machine) == 0 {
		return false, nil
	}
	m, err := vm.Decode(r.code, machine)
	if err != nil {
		return false, nil
	}
	r.m, r.progress, r.woken = m, progress, progress.wait.begun
	r.sole = r.sole || r.head.Tries == 1 && progress.settled
	for _, l := range progress.pending {
		r.bytes += len(l.Text) + 1
	}
	return true, nil
}

// maxDeaths is how many runs may die without getting anywhere.
const maxDeaths = 5

// recall reads what runs that died have logged. If the last ones died without logging anything the thread is poison.
func (r *run) recall() error {
	slots, err := r.readLog()
	if err != nil {
		return err
	}
	deaths := r.deaths + r.head.Tries - 1
	for _, s := range slots {
		deaths = min(deaths, int(r.head.Epoch-s.Epoch))
	}
	if deaths < maxDeaths {
		return nil
	}
	return r.endFromOutside(&vm.Error{Kind: vm.ErrCrash, Message: fmt.Sprintf("the thread's process died %d times at the same place", deaths)})
}

// readLog reads what other runs have logged from the next slot on.
func (r *run) readLog() ([]Slot, error) {
	slots, marks, err := r.e.Store.Slots(r.ctx, r.id, r.slot)
	if err != nil {
		return nil, fmt.Errorf("read the log of %s: %w", r.id, err)
	}
	r.logged, r.marked = map[uint64]Slot{}, marks
	for _, s := range slots {
		r.logged[s.Number] = s
	}
	return slots, nil
}

// endFromOutside ends the own thread without its machine having come to an end.
func (r *run) endFromOutside(fault *vm.Error) error {
	if err := r.e.finishOutside(r.ctx, &r.head, fault, time.Time{}); err != nil {
		return err
	}
	return errOver
}

// collapsed is what becomes of a panic: it is a mistake of ours that another run would only repeat, so the thread fails.
func (r *run) collapsed(cause any) error {
	bug.Report("%s: %v\n%s", r.id, cause, debug.Stack())
	return r.endFromOutside(&vm.Error{Kind: vm.ErrCrash, Message: fmt.Sprintf("internal error: %v", cause)})
}

// pause is between two portions of fuel.
func (r *run) pause() error {
	if err := r.flush(); err != nil {
		return err
	}
	if r.e.Slice > 0 && r.e.Clock.Now().Sub(r.begun) >= r.e.Slice {
		return r.preempt()
	}
	r.e.Executor.Yield()
	return nil
}

// lookInTime looks whenever the last time is long ago: a run of many short calls or sleeps never uses up its fuel.
func (r *run) lookInTime() error {
	if r.e.Clock.Now().Sub(r.looked) < watchEvery {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	return r.look(r.ctx)
}

// look makes sure that the thread is still this run's, and renews its lease.
func (r *run) look(ctx context.Context) error {
	r.looked = r.e.Clock.Now()
	head, err := r.e.head(ctx, r.id)
	if err != nil {
		return err
	}
	if head.Done || head.Epoch != r.head.Epoch {
		return errOver
	}
	if ended, err := r.e.endIfOver(ctx, head); err != nil {
		return err
	} else if ended {
		return errOver
	}
	if head.Lease.Sub(r.looked) > r.e.Lease/2 || !r.term.Dead.IsZero() {
		return nil
	}
	return r.store(ctx, false, r.looked.Add(r.e.Lease))
}

// preempt gives the thread to another run, because this one has taken long enough.
func (r *run) preempt() error {
	if err := r.store(r.ctx, true, time.Time{}); err != nil {
		return err
	}
	r.e.event(Event{Kind: ThreadPreempted, ID: r.id, Function: r.head.Function})
	if err := r.e.invokeThread(r.ctx, &r.head); err != nil {
		return err
	}
	return errOver
}

// store puts a snapshot into the head. The lease is the run's from now on, zero if it ends.
func (r *run) store(ctx context.Context, settled bool, lease time.Time) error {
	snap, err := r.snapshot(ctx, settled)
	if err != nil {
		return err
	}
	due := r.earlier(r.e.Clock.Now().Add(firstPoll))
	mine, err := r.e.Store.Preempt(ctx, Preempt{ID: r.id, Epoch: r.head.Epoch, Snap: snap, Spawned: r.children, Due: due, Lease: lease})
	if err != nil {
		return fmt.Errorf("store a snapshot of %s: %w", r.id, err)
	}
	return overIf(!mine)
}

// snapshot is the state to go on from. It is settled if the run logs nothing after it. A machine that has ended has no
// state: what is left to do then is done again from the snapshot before.
func (r *run) snapshot(ctx context.Context, settled bool) (Data, error) {
	progress, machine := r.progress, []byte(nil)
	if r.ended {
		progress, machine = r.began(ctx)
	} else {
		machine = r.m.Encode()
	}
	progress.settled = settled && r.sole && !r.ended
	progress.deaths = 0 // it got somewhere
	return r.e.keepInHead(ctx, &r.head, encodeSnapshot(&progress, machine), r.head.Entry)
}

// began is what the run has gone on from; nothing if that was the entry, or cannot be read.
func (r *run) began(ctx context.Context) (progress, []byte) {
	snap, err := r.e.load(ctx, r.id.Session, r.head.Snap)
	if err != nil {
		return progress{}, nil
	}
	p, machine, err := decodeSnapshot(r.id, snap)
	if err != nil {
		return progress{}, nil
	}
	return p, machine
}

// giveUp returns the thread after an error of the outside world, or when the engine is closed. The last request may have been
// applied nevertheless, so that its snapshot is not settled.
func (r *run) giveUp(err error) error {
	if err == nil || errors.Is(err, errOver) {
		return err
	}
	ctx := context.WithoutCancel(r.ctx)
	if r.m == nil {
		return errors.Join(err, r.giveBack(ctx))
	}
	if flushErr := r.flushWith(ctx); flushErr != nil {
		return err
	}
	if storeErr := r.store(ctx, false, time.Time{}); storeErr != nil && !errors.Is(storeErr, errOver) {
		return errors.Join(err, storeErr)
	}
	return err
}

// giveBack returns the thread as it was claimed, if it has not got as far as a machine. After runs that died it has to stay
// known how many there were, which the record forgets: the snapshot says so from then on.
func (r *run) giveBack(ctx context.Context) error {
	snap := r.head.Snap
	if r.head.Tries > 1 {
		var err error
		if snap, err = r.mourning(ctx); err != nil {
			return err
		}
	}
	due := r.earlier(r.e.Clock.Now().Add(firstPoll))
	p := Preempt{ID: r.id, Epoch: r.head.Epoch, Snap: snap, Spawned: r.head.Spawned, Due: due}
	if _, err := r.e.Store.Preempt(ctx, p); err != nil {
		return fmt.Errorf("give %s back: %w", r.id, err)
	}
	return nil
}

// mourning is the snapshot that the run was to go on from, with the number of the runs that have died.
func (r *run) mourning(ctx context.Context) (Data, error) {
	p, machine := r.began(ctx)
	p.deaths += r.head.Tries - 1
	p.settled = false
	return r.e.keepInHead(ctx, &r.head, encodeSnapshot(&p, machine), r.head.Entry)
}

// answered goes on after an instruction that waited.
func (r *run) answered() {
	r.wait, r.woken, r.found = waiting{}, false, nil
}

// deliver gives the machine a value or an error.
func (r *run) deliver(v vm.Value, fault *vm.Error) {
	r.answered()
	Tell(r.m, v, fault)
}

// loader reads the values that the session's records hold or name.
func (r *run) loader() Loader { return r.e.loader(r.ctx, r.id.Session) }
