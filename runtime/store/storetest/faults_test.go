package storetest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// The suite is able to fail: each of these stores does one thing wrong, and is found out.

// broken is a store whose operations can be replaced.
type broken struct{ engine.Store }

type fault func(s engine.Store) engine.Store

// faults are what a store may do wrong, and a case that has to say so.
var faults = map[string]struct {
	breaks fault
	found  string
}{
	"creates what is there":              {func(s engine.Store) engine.Store { return createsAgain{broken{s}} }, "create/the first one counts"},
	"creates in two steps":               {func(s engine.Store) engine.Store { return &createsSlowly{broken: broken{s}} }, "concurrent/one creates"},
	"forgets a field":                    {func(s engine.Store) engine.Store { return forgets{broken{s}} }, "limits/every field of a head"},
	"claims what is leased":              {func(s engine.Store) engine.Store { return ignoresLease{broken{s}} }, "effect/claim just before the lease is over"},
	"claims only once for a token":       {func(s engine.Store) engine.Store { return ignoresToken{broken{s}} }, "effect/claim with the same token"},
	"claims with the head from before":   {func(s engine.Store) engine.Store { return returnsBefore{broken{s}} }, "effect/claim when the lease is over"},
	"parks for any run":                  {func(s engine.Store) engine.Store { return parksAny{broken{s}} }, "effect/park of an earlier run"},
	"parks though it is woken":           {func(s engine.Store) engine.Store { return losesWakes{broken{s}} }, "effect/park at the wait that was released"},
	"calls an ended thread woken":        {func(s engine.Store) engine.Store { return wokenNotFenced{broken{s}} }, "effect/park of what has ended, and is woken"},
	"wakes only what is parked":          {func(s engine.Store) engine.Store { return wakesParked{broken{s}} }, "effect/wake before it parks"},
	"wakes at an earlier wait":           {func(s engine.Store) engine.Store { return wakesEarly{broken{s}} }, "effect/wake at an earlier wait"},
	"finishes without waiters":           {func(s engine.Store) engine.Store { return dropsWaiters{broken{s}} }, "finish/returns the waiters"},
	"leaves what has ended in the index": {func(s engine.Store) engine.Store { return staysDue{broken{s}} }, "finish/the first one counts"},
	"outside changes the output":         {func(s engine.Store) engine.Store { return outsideIsInside{broken{s}} }, "effect/finish from outside"},
	"preempts for any run":               {func(s engine.Store) engine.Store { return preemptsAny{broken{s}} }, "effect/preempt of an earlier run"},
	"registers with a full one":          {func(s engine.Store) engine.Store { return neverFull{broken{s}} }, "effect/register with a full one"},
	"registers with what has ended":      {func(s engine.Store) engine.Store { return registersLate{broken{s}} }, "register/with one that has: it holds the value"},
	"finishes what is not there":         {func(s engine.Store) engine.Store { return missesFinish{broken{s}} }, "missing/is an error where the caller needs it"},
	"the last slot counts": {func(s engine.Store) engine.Store {
		return lastSlot{broken{s}}
	}, "log/the first slot of a number counts"},
	"a slot is confirmed that is another's": {func(s engine.Store) engine.Store { return alwaysMine{broken{s}} }, "concurrent/one logs, all agree"},
	"marks of one kind only":                {func(s engine.Store) engine.Store { return oneKind{broken{s}} }, "log/marks"},
	"slots in the order of their digits":    {func(s engine.Store) engine.Store { return byDigits{broken{s}} }, "limits/a long log"},
	"the index up to, not including":        {func(s engine.Store) engine.Store { return exclusive{broken{s}} }, "read/the index, as work is done"},
	"sessions from the first":               {func(s engine.Store) engine.Store { return ascending{broken{s}} }, "read/sessions, latest first"},
	"the index moved though it has changed": {func(s engine.Store) engine.Store { return movesAnyway{broken{s}} }, "effect/due not as it was"},
	"heads in any order":                    {func(s engine.Store) engine.Store { return packed{broken{s}} }, "read/heads in the order asked for"},
	"values of all sessions together":       {func(s engine.Store) engine.Store { return shared{broken{s}} }, "values/values belong to their session"},
	"deletes heads only":                    {func(s engine.Store) engine.Store { return keepsValues{broken{s}} }, "delete/everything of one session"},
	"keeps the first batch of a number":     {func(s engine.Store) engine.Store { return firstBatch{s.(*memstore.Store)} }, "live/the last one of a number counts"},
	"a cancelled request says nothing":      {func(s engine.Store) engine.Store { return vague{broken{s}} }, "cancelled/create"},
}

func TestFaultsAreFound(t *testing.T) {
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			assert.Contains(t, failures(func() engine.Store { return f.breaks(memstore.New()) }), f.found)
		})
	}
}

func TestNothingIsFoundInAGoodStore(t *testing.T) {
	assert.Empty(t, failures(func() engine.Store { return memstore.New() }))
}

// recorder is a test whose failure is counted, not reported.
type recorder struct {
	mu     sync.Mutex
	failed []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func (r *recorder) FailNow() { runtime.Goexit() }

func (r *recorder) Helper() {}

// failures are the cases that fail.
func failures(open func() engine.Store) []string {
	var failed []string
	for name, test := range cases() {
		r := &recorder{}
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() {
				if p := recover(); p != nil {
					r.Errorf("panic: %v", p)
				}
			}()
			test(&fixture{tester: r, ctx: context.Background(), store: open()})
		}()
		<-done
		if len(r.failed) > 0 {
			failed = append(failed, name)
		}
	}
	slices.Sort(failed)
	return failed
}

type createsAgain struct{ broken }

func (s createsAgain) Create(ctx context.Context, h engine.Head) (bool, error) {
	_, err := s.Store.Create(ctx, h)
	return true, err
}

type createsSlowly struct {
	broken
	came atomic.Int64
}

func (s *createsSlowly) Create(ctx context.Context, h engine.Head) (bool, error) {
	heads, err := s.Heads(ctx, []engine.ID{h.ID})
	if err != nil || heads[0] != nil {
		return false, err
	}
	if s.came.Add(1) == 1 {
		for i := 0; i < 10_000 && s.came.Load() == 1; i++ {
			runtime.Gosched() // until another one comes, if there is one
		}
	}
	_, err = s.Store.Create(ctx, h)
	return true, err
}

type forgets struct{ broken }

func (s forgets) Create(ctx context.Context, h engine.Head) (bool, error) {
	h.Version = ""
	return s.Store.Create(ctx, h)
}

type ignoresLease struct{ broken }

func (s ignoresLease) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	c.Now = c.Now.Add(1000 * time.Hour)
	return s.Store.Claim(ctx, c)
}

type ignoresToken struct{ broken }

func (s ignoresToken) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	heads, err := s.Heads(ctx, []engine.ID{c.ID})
	if err != nil || heads[0] != nil && heads[0].Live(c.Now) {
		return engine.Head{}, false, err
	}
	return s.Store.Claim(ctx, c)
}

type returnsBefore struct{ broken }

func (s returnsBefore) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	heads, err := s.Heads(ctx, []engine.ID{c.ID})
	if err != nil || heads[0] == nil {
		return engine.Head{}, false, err
	}
	_, ok, err := s.Store.Claim(ctx, c)
	return *heads[0], ok, err
}

type parksAny struct{ broken }

func (s parksAny) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	if heads, err := s.Heads(ctx, []engine.ID{p.ID}); err == nil && heads[0] != nil {
		p.Epoch = heads[0].Epoch
	}
	return s.Store.Park(ctx, p)
}

type losesWakes struct{ broken }

func (s losesWakes) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	outcome, err := s.Store.Park(ctx, p)
	if outcome == engine.Woken {
		outcome = engine.Parked
	}
	return outcome, err
}

type wokenNotFenced struct{ broken }

func (s wokenNotFenced) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	outcome, err := s.Store.Park(ctx, p)
	heads, _ := s.Heads(ctx, []engine.ID{p.ID})
	if heads[0] != nil && heads[0].Wake >= p.Wait {
		outcome = engine.Woken
	}
	return outcome, err
}

type wakesParked struct{ broken }

func (s wakesParked) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	heads, err := s.Heads(ctx, []engine.ID{w.ID})
	if err == nil && heads[0] != nil && !heads[0].Parked() {
		return *heads[0], false, nil
	}
	return s.Store.Wake(ctx, w)
}

type wakesEarly struct{ broken }

func (s wakesEarly) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	heads, err := s.Heads(ctx, []engine.ID{w.ID})
	if err == nil && heads[0] != nil {
		w.Wait = max(w.Wait, heads[0].Wait)
	}
	return s.Store.Wake(ctx, w)
}

type dropsWaiters struct{ broken }

func (s dropsWaiters) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	h, ok, err := s.Store.Finish(ctx, f)
	if !ok {
		h.Waiters = nil
	}
	return h, ok, err
}

type staysDue struct{ broken }

func (s staysDue) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	f.Due = now
	return s.Store.Finish(ctx, f)
}

type outsideIsInside struct{ broken }

func (s outsideIsInside) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	outside := f.Outside
	f.Outside = false
	h, ok, err := s.Store.Finish(ctx, f)
	h.Outside = outside
	return h, ok, err
}

type preemptsAny struct{ broken }

func (s preemptsAny) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	if heads, err := s.Heads(ctx, []engine.ID{p.ID}); err == nil && heads[0] != nil {
		p.Epoch = heads[0].Epoch
	}
	return s.Store.Preempt(ctx, p)
}

type neverFull struct{ broken }

func (s neverFull) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	h, ok, err := s.Store.Register(ctx, target, w)
	return h, ok || err == nil && !h.Done, err
}

type registersLate struct{ broken }

func (s registersLate) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	h, ok, err := s.Store.Register(ctx, target, w)
	return h, ok || h.Done, err
}

type missesFinish struct{ broken }

func (s missesFinish) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	h, ok, err := s.Store.Finish(ctx, f)
	if err != nil {
		return engine.Head{}, false, nil
	}
	return h, ok, nil
}

type lastSlot struct{ broken }

func (s lastSlot) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	_, mine, err := s.Store.PutSlot(ctx, slot)
	return slot, mine, err
}

type alwaysMine struct{ broken }

func (s alwaysMine) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	stored, _, err := s.Store.PutSlot(ctx, slot)
	return stored, true, err
}

type oneKind struct{ broken }

func (s oneKind) PutMark(ctx context.Context, m engine.Mark) (engine.Mark, bool, error) {
	m.Kind = engine.MarkBegun
	return s.Store.PutMark(ctx, m)
}

type byDigits struct{ broken }

func (s byDigits) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	slots, marks, err := s.Store.Slots(ctx, id, from)
	slices.SortFunc(slots, func(a, b engine.Slot) int {
		return strings.Compare(fmt.Sprintf("%06d", a.Number), fmt.Sprintf("%06d", b.Number))
	})
	return slots, marks, err
}

type exclusive struct{ broken }

func (s exclusive) Due(ctx context.Context, shard int, session string, before time.Time, limit int) ([]engine.Due, error) {
	return s.Store.Due(ctx, shard, session, before.Add(-time.Microsecond), limit)
}

type ascending struct{ broken }

func (s ascending) Sessions(ctx context.Context, before string, limit int) ([]engine.Head, error) {
	heads, err := s.Store.Sessions(ctx, before, limit)
	slices.Reverse(heads)
	return heads, err
}

type movesAnyway struct{ broken }

func (s movesAnyway) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	if heads, err := s.Heads(ctx, []engine.ID{id}); err == nil && heads[0] != nil {
		was = heads[0].Due
	}
	return s.Store.SetDue(ctx, id, was, due, poll)
}

type packed struct{ broken }

func (s packed) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	heads, err := s.Store.Heads(ctx, ids)
	return slices.DeleteFunc(heads, func(h *engine.Head) bool { return h == nil }), err
}

type shared struct{ broken }

func (s shared) PutBlob(ctx context.Context, b engine.Blob) error {
	b.Session = ""
	return s.Store.PutBlob(ctx, b)
}

func (s shared) Blob(ctx context.Context, _, digest string) ([]byte, error) {
	return s.Store.Blob(ctx, "", digest)
}

type keepsValues struct{ broken }

func (s keepsValues) Delete(ctx context.Context, session string) error {
	value, missing := s.Blob(ctx, session, "d")
	if err := s.Store.Delete(ctx, session); err != nil || missing != nil {
		return err
	}
	return s.PutBlob(ctx, engine.Blob{Session: session, Digest: "d", Value: value})
}

type vague struct{ broken }

func (s vague) Create(ctx context.Context, h engine.Head) (bool, error) {
	if ctx.Err() != nil {
		return false, fmt.Errorf("something went wrong")
	}
	return s.Store.Create(ctx, h)
}

var _ require.TestingT = (*recorder)(nil)

type firstBatch struct{ *memstore.Store }

func (s firstBatch) PutLive(ctx context.Context, l engine.Live) error {
	if all, err := s.Store.Live(ctx, l.ID); err != nil || len(all) > 0 {
		return err
	}
	return s.Store.PutLive(ctx, l)
}
