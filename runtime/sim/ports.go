package sim

import (
	"context"
	"errors"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The engine's ports, owned by the world: each request is a point before and after.

// errBroken is a request that failed, though it may have been applied.
var errBroken = errors.New("the connection broke")

// clock is the world's time.
type clock struct{ w *world }

func (c clock) Now() time.Time { return c.w.now }

func (c clock) Sleep(ctx context.Context, d time.Duration) error { return c.w.sleep(ctx, d) }

// AfterFunc calls f in a task of its own, which belongs to the run that asked for it.
func (c clock) AfterFunc(d time.Duration, f func()) func() {
	var run *liveRun
	if c.w.current != nil {
		run = c.w.current.run
	}
	return c.w.after(d, func() { c.w.start(run, f) })
}

// executor lets runs happen as tasks; some twice, some never.
type executor struct {
	w            *world
	lose, double int
}

func (x *executor) Invoke(ctx context.Context, e *engine.Engine, id engine.ID) error {
	times := 1
	switch lot := x.w.random.IntN(1000); {
	case lot < x.lose:
		times = 0
	case lot < x.lose+x.double:
		times = 2
	}
	for range times {
		// What a run could not do because a request failed, the sweep lets another run do.
		x.w.start(&liveRun{id: id}, func() { _ = e.Run(ctx, id) })
	}
	return nil
}

func (x *executor) Outside(wait func()) {
	x.w.point()
	wait()
	x.w.point()
}

func (x *executor) Yield() { x.w.point() }

func (x *executor) Together(jobs ...func()) { x.w.together(jobs) }

// foreign makes Python calls points too.
type foreign struct {
	w     *world
	inner engine.Foreign
}

func (f foreign) Call(ctx context.Context, c engine.Call) (result engine.CallResult, err error) {
	if f.inner == nil {
		return result, errors.New("the simulation has no Python functions")
	}
	f.w.point()
	if python, ok := f.inner.(Python); ok {
		result, err = python.call(ctx, f.w, c)
	} else {
		result, err = f.w.callOutside(ctx, f.inner, c)
	}
	f.w.point()
	return result, err
}

// store lets other tasks go on before and after each request, and some requests fail: before or after they are applied.
type store struct {
	engine.Store
	w    *world
	fail int
}

// request does a request of the store that writes, or reads a number of records.
func request[T any](s *store, name string, reads int, do func() (T, error)) (T, error) {
	var none T
	s.w.point()
	if s.breaks() {
		return none, errBroken
	}
	s.w.count(name, reads)
	result, err := do()
	s.w.point()
	if s.breaks() {
		return none, errBroken
	}
	return result, err
}

func (s *store) breaks() bool { return s.w.current != nil && s.w.random.IntN(1000) < s.fail }

// both are two results of a request.
type both[A, B any] struct {
	a A
	b B
}

func request2[A, B any](s *store, name string, reads int, do func() (A, B, error)) (A, B, error) {
	result, err := request(s, name, reads, func() (both[A, B], error) {
		a, b, err := do()
		return both[A, B]{a, b}, err
	})
	return result.a, result.b, err
}

func (s *store) Create(ctx context.Context, h engine.Head) (bool, error) {
	return request(s, "create", 0, func() (bool, error) { return s.Store.Create(ctx, h) })
}

func (s *store) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	return request2(s, "claim", 0, func() (engine.Head, bool, error) { return s.Store.Claim(ctx, c) })
}

func (s *store) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	return request(s, "park", 0, func() (engine.ParkOutcome, error) { return s.Store.Park(ctx, p) })
}

func (s *store) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	return request2(s, "finish", 0, func() (engine.Head, bool, error) { return s.Store.Finish(ctx, f) })
}

func (s *store) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	return request2(s, "wake", 0, func() (engine.Head, bool, error) { return s.Store.Wake(ctx, w) })
}

func (s *store) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	return request(s, "preempt", 0, func() (bool, error) { return s.Store.Preempt(ctx, p) })
}

func (s *store) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	return request2(s, "register", 0, func() (engine.Head, bool, error) { return s.Store.Register(ctx, target, w) })
}

func (s *store) SetMore(ctx context.Context, target engine.ID) (engine.Head, bool, error) {
	return request2(s, "setmore", 0, func() (engine.Head, bool, error) { return s.Store.SetMore(ctx, target) })
}

func (s *store) PutWaiter(ctx context.Context, target engine.ID, w engine.Waiter, expires time.Time) error {
	_, err := request(s, "putwaiter", 0, func() (struct{}, error) { return struct{}{}, s.Store.PutWaiter(ctx, target, w, expires) })
	return err
}

func (s *store) Waiters(ctx context.Context, target engine.ID) ([]engine.Waiter, error) {
	return request(s, "waiters", 1, func() ([]engine.Waiter, error) { return s.Store.Waiters(ctx, target) })
}

func (s *store) See(ctx context.Context, id engine.ID) error {
	_, err := request(s, "see", 0, func() (struct{}, error) { return struct{}{}, s.Store.See(ctx, id) })
	return err
}

func (s *store) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	return request(s, "heads", len(ids), func() ([]*engine.Head, error) { return s.Store.Heads(ctx, ids) })
}

func (s *store) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	return request2(s, "putslot", 0, func() (engine.Slot, bool, error) { return s.Store.PutSlot(ctx, slot) })
}

func (s *store) PutMark(ctx context.Context, m engine.Mark) (engine.Mark, bool, error) {
	return request2(s, "putmark", 0, func() (engine.Mark, bool, error) { return s.Store.PutMark(ctx, m) })
}

func (s *store) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	return request2(s, "slots", 1, func() ([]engine.Slot, []engine.Mark, error) { return s.Store.Slots(ctx, id, from) })
}

func (s *store) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	return request(s, "setdue", 0, func() (bool, error) { return s.Store.SetDue(ctx, id, was, due, poll) })
}
