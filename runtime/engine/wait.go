package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Result is how a session ended.
type Result struct {
	// Value is thread 0's, unless it failed with Err.
	Value vm.Value
	Err   *vm.Error
	// Abandoned are the failures of threads that nobody awaited, by the threads' order.
	Abandoned []Failure
	// Stuck are the threads that nobody awaits and that wait, themselves, for what nothing will bring about, or for outside
	// futures.
	Stuck []Waiting
}

// Failure is the end of a thread that failed.
type Failure struct {
	ID  ID
	Err *vm.Error
}

// Deadlock is the error of Wait when thread 0, and every other thread of a session, waits for something that nothing can
// bring about: for each other or, if no other process could resolve them (Config.Private), for outside futures.
type Deadlock struct {
	// Waiting are the threads, by their order, and what each waits for.
	Waiting []Waiting
}

// Waiting is a thread and what it waits for.
type Waiting struct {
	ID       ID
	Function string
	// Targets are what it waits for, at most MaxTargets of them, and Unnamed is the number of the others.
	Targets []string
	Unnamed int
	// Until is when it goes on without them; zero: never.
	Until time.Time

	wait, epoch uint64
}

// Error names the first few threads.
func (d *Deadlock) Error() string {
	const named = 5
	var b strings.Builder
	b.WriteString("the session cannot go on, because nothing will resolve what its threads wait for:")
	for i, w := range d.Waiting {
		if i == named {
			fmt.Fprintf(&b, "\n  and %d more", len(d.Waiting)-named)
			break
		}
		fmt.Fprintf(&b, "\n  thread %s (%s) waits for %s", w.ID.Thread, w.Function, describe(w.Targets))
		if w.Unnamed > 0 {
			fmt.Fprintf(&b, " or %d more", w.Unnamed)
		}
	}
	return b.String()
}

func describe(targets []string) string {
	parts := make([]string, len(targets))
	for i, target := range targets {
		parts[i] = "thread " + target
		if IsOutside(target) {
			parts[i] = fmt.Sprintf("future(%q)", strings.TrimPrefix(target, outsidePrefix))
		}
	}
	return strings.Join(parts, " or ")
}

// Wait waits until thread 0 and all others of the session have ended, and sweeps the store meanwhile. Its error is of the
// outside world, or a *Deadlock.
func (e *Engine) Wait(ctx context.Context, session string) (Result, error) {
	w := &waiter{session: session, threads: map[string]struct{}{}, changed: make(chan struct{}, 1)}
	e.hub.add(w)
	defer e.hub.remove(w)
	t := &tracker{e: e, w: w}
	count := 0 // of the threads that are looked at because of other processes
	for ask := []string{Root}; ; {
		e.hub.watch(w, ask)
		open := len(w.threads)
		children, err := t.advance(ctx, ask)
		if err != nil {
			return Result{}, err
		}
		if count > 0 {
			w.others.learned(len(ask), open-len(w.threads))
			count = 0
		}
		if ask = children; len(ask) > 0 {
			continue
		}
		if len(w.threads) == 0 {
			return t.result(ctx)
		}
		if err := e.hub.takeTrouble(session); err != nil {
			return Result{}, err
		}
		if err := e.stuck(ctx, w); err != nil {
			return t.stuck(ctx, err)
		}
		count, err = e.waitForChange(ctx, w)
		if err != nil {
			return Result{}, err
		}
		ask = e.hub.take(w, count)
	}
}

// Look says how a session ended if all its threads have, without waiting. Its error is of the outside world, or, if that
// is what the heads show one after the other, a *Deadlock.
func (e *Engine) Look(ctx context.Context, session string) (result Result, over bool, err error) {
	t := &tracker{e: e, w: &waiter{session: session, threads: map[string]struct{}{}}}
	for ask := []string{Root}; len(ask) > 0; {
		e.hub.watch(t.w, ask)
		if ask, err = t.advance(ctx, ask); err != nil {
			return Result{}, false, err
		}
	}
	if len(t.w.threads) > 0 {
		err := e.deadlock(ctx, session)
		if err == nil {
			return Result{}, false, nil
		}
		result, err = t.stuck(ctx, err)
		return result, err == nil, err
	}
	result, err = t.result(ctx)
	return result, err == nil, err
}

// waitForChange returns when something may have changed, having swept if that was due, and how many threads have to be looked at
// because another process may have changed them.
func (e *Engine) waitForChange(ctx context.Context, w *waiter) (count int, err error) {
	if !e.Clock.Now().Before(e.SweepDue()) {
		if err := e.sweepOwn(ctx); err != nil {
			return 0, err
		}
	}
	next := e.SweepDue()
	if !e.Private {
		next = earliest(next, w.others.look)
	}
	stop := e.Clock.AfterFunc(next.Sub(e.Clock.Now()), w.signal)
	defer stop()
	select {
	case <-w.changed:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	now := e.Clock.Now()
	if e.Private || now.Before(w.others.look) {
		return 0, nil
	}
	count, sweep, err := w.others.ask(ctx, e.Store, len(w.threads), now)
	if err != nil || !sweep {
		return count, err
	}
	// What another process has woken it has made due, if it does not run it itself.
	return count, e.sweepOwn(ctx)
}

// stuck is the error of a session all of whose threads wait for ever. Heads that are read one after the other show that
// only if nothing runs meanwhile.
func (e *Engine) stuck(ctx context.Context, w *waiter) error {
	idle, before := e.hub.state()
	if !idle || !e.Private && w.others.settled(e.Store, before, e.Clock.Now()) {
		return nil
	}
	err := e.deadlock(ctx, w.session)
	if _, after := e.hub.state(); after != before {
		return nil
	}
	return err
}

// deadlock looks at all threads, one after the other. Where other processes may run some meanwhile it looks twice: what
// is parked at the same wait both times, waiting for what has not ended, was so in between, all of it at the same time.
func (e *Engine) deadlock(ctx context.Context, session string) error {
	waiting, err := e.hopelessOf(ctx, session)
	if err == nil && len(waiting) > 0 && !e.Private {
		var again []Waiting
		again, err = e.hopelessOf(ctx, session)
		if !slices.EqualFunc(waiting, again, Waiting.same) {
			return err
		}
	}
	if err != nil || len(waiting) == 0 {
		return err
	}
	return &Deadlock{waiting}
}

// hopelessOf are the threads of a session that have not ended, if all of them wait for ever.
func (e *Engine) hopelessOf(ctx context.Context, session string) ([]Waiting, error) {
	var all []Waiting
	resolvable := !e.Private
	err := e.walk(ctx, session, func(h *Head) error {
		if h.Done {
			// Once thread 0 has ended nobody stays for a future from outside: who resolves it can resume the session.
			resolvable = resolvable && h.ID.Thread != Root
			return nil
		}
		hopeless, err := e.hopeless(ctx, h, resolvable)
		if err == nil && !hopeless {
			err = errHope
		}
		all = append(all, waitingOf(h))
		return err
	})
	if errors.Is(err, errHope) {
		return nil, nil
	}
	slices.SortFunc(all, func(a, b Waiting) int { return CompareThreads(a.ID.Thread, b.ID.Thread) })
	return all, err
}

// Idle says whether no run is under way here, nor about to begin.
func (e *Engine) Idle() bool {
	idle, _ := e.hub.state()
	return idle
}

// Waiting are the threads of a session that have not ended and wait, by their order.
func (e *Engine) Waiting(ctx context.Context, session string) ([]Waiting, error) {
	var all []Waiting
	err := e.walk(ctx, session, func(h *Head) error {
		if !h.Done && h.Parked() {
			all = append(all, waitingOf(h))
		}
		return nil
	})
	slices.SortFunc(all, func(a, b Waiting) int { return CompareThreads(a.ID.Thread, b.ID.Thread) })
	return all, err
}

func waitingOf(h *Head) Waiting {
	return Waiting{ID: h.ID, Function: h.Function, Targets: h.Targets, Unnamed: h.Unnamed, Until: h.Until, wait: h.Wait, epoch: h.Epoch}
}

func (w Waiting) same(other Waiting) bool {
	return w.ID == other.ID && w.wait == other.wait && w.epoch == other.epoch
}

// errHope ends the walk at the first thread that will go on.
var errHope = errors.New("a thread will go on")

// hopeless says whether a thread waits for nothing but others; and for outside futures, unless somebody may resolve them.
func (e *Engine) hopeless(ctx context.Context, h *Head, resolvable bool) (bool, error) {
	if !h.Parked() || !h.Until.IsZero() || !h.Deadline.IsZero() {
		return false, nil
	}
	targets, known := h.Targets, true
	if h.Unnamed > 0 {
		targets, known = e.targets(ctx, h)
	}
	if !known || resolvable && slices.ContainsFunc(targets, IsOutside) {
		return false, nil
	}
	released, err := e.released(ctx, h, e.Clock.Now())
	return !released, err
}

// tracker follows a session's threads from thread 0 on. A thread's children come in when it has ended, and is known to
// start no more. The threads that are not known to have ended are those that its waiter watches.
type tracker struct {
	e      *Engine
	w      *waiter
	failed []string // whose failure nobody had seen when they were looked at
}

// advance looks at threads, and returns the children of those that have ended.
func (t *tracker) advance(ctx context.Context, threads []string) (children []string, err error) {
	heads, err := t.e.heads(ctx, t.w.session, threads)
	if err != nil {
		return nil, err
	}
	for i, h := range heads {
		if h == nil {
			return nil, fmt.Errorf("wait for %s: %w", ID{t.w.session, threads[i]}, ErrNotFound)
		}
		if h.Done && h.Outside {
			t.e.stop(h.ID) // it may have been another process that ended it
		}
		if !h.Done || !t.e.hub.drop(t.w, h.ID.Thread) {
			continue
		}
		if h.Answer.Failed && !h.Seen && h.ID.Thread != Root {
			t.failed = append(t.failed, h.ID.Thread)
		}
		more, err := t.e.children(ctx, h)
		if err != nil {
			return nil, err
		}
		children = append(children, more...)
	}
	return children, nil
}

// stuck is what there is to say of a session that cannot go on. Once thread 0 has ended, its result is the session's.
func (t *tracker) stuck(ctx context.Context, err error) (Result, error) {
	var d *Deadlock
	if !errors.As(err, &d) || d.Waiting[0].ID.Thread == Root {
		return Result{}, err
	}
	result, err := t.result(ctx)
	result.Stuck = d.Waiting
	return result, err
}

// result is that of a session whose thread 0 has ended.
func (t *tracker) result(ctx context.Context) (Result, error) {
	root, err := t.e.head(ctx, ID{t.w.session, Root})
	if err != nil {
		return Result{}, err
	}
	code, err := t.e.code(ctx, root.Program)
	if err != nil {
		return Result{}, err
	}
	var result Result
	if result.Value, result.Err, err = t.e.answer(ctx, code, t.w.session, root.Answer); err != nil {
		return Result{}, err
	}
	slices.SortFunc(t.failed, CompareThreads)
	heads, err := t.e.heads(ctx, t.w.session, t.failed)
	if err != nil {
		return Result{}, err
	}
	for _, h := range heads {
		if h.Seen {
			continue
		}
		_, fault, err := t.e.answer(ctx, code, t.w.session, h.Answer)
		if err != nil {
			return Result{}, err
		}
		result.Abandoned = append(result.Abandoned, Failure{ID: h.ID, Err: fault})
	}
	return result, nil
}
