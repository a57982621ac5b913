package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Each operation on a head, from each state that its condition tells apart: whether it applies, the whole head afterwards
// (what is not mentioned stays), the head it returns, and the entry of the index.

// effect is an operation on a thread in a state.
type effect struct {
	// start makes the state, out of the one of running.
	start func(h *engine.Head)
	// do does the operation. The head is the one that it returns, nil if it returns none.
	do func(f *fixture) (*engine.Head, bool)
	// want is what it does to the head; nil if it does not apply.
	want func(h *engine.Head)
}

// running is a thread that has gone through a lot: a run has it, and every field that may be set then is.
func running() engine.Head {
	return engine.Head{
		ID: thread, Epoch: 3, Lease: now.Add(time.Hour), Token: "a", Tries: 2, Wait: 4, Wake: 5, Targets: []string{"0.3", "f:x"}, Unnamed: 7,
		Until: now.Add(time.Second), Waiters: []engine.Waiter{{Thread: "0", Wait: 9}, {Thread: "0.2", Wait: 1}}, More: true, Attempts: 6,
		Entry: data("entry"), Function: "f", Parent: "0", Program: "p", Version: "v", Started: now.Add(-time.Minute),
		Deadline: now.Add(2 * time.Hour), Expires: now.Truncate(time.Second).Add(90 * 24 * time.Hour), Snap: data("snap"), Spawned: 8, Output: data("out"),
		Due: now.Add(time.Minute), Poll: 3 * time.Minute,
	}
}

func ended(h *engine.Head) {
	h.Done, h.Answer, h.Ended, h.Lease, h.Token = true, engine.Answer{Failed: true, Value: data("error")}, now, time.Time{}, ""
}

func succeeded(h *engine.Head) {
	ended(h)
	h.Answer.Failed = false
}

func parked(h *engine.Head) { h.Wait, h.Lease, h.Token, h.Tries = 8, time.Time{}, "", 0 }

func as(*engine.Head) {}

func full(h *engine.Head) {
	for i := range uint64(engine.MaxWaiters - 2) {
		h.Waiters = append(h.Waiters, engine.Waiter{Thread: "0.9", Wait: i})
	}
}

func claiming(token string, at time.Time) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		h, ok := f.claim(token, at)
		if !ok {
			return nil, false
		}
		return &h, true
	}
}

func claims(token string, at time.Time) func(*engine.Head) {
	return func(h *engine.Head) {
		h.Epoch, h.Tries, h.Token, h.Lease = h.Epoch+1, h.Tries+1, token, at.Add(time.Hour)
	}
}

var claimEffects = map[string]effect{
	"with the same token":             {as, claiming("a", now), claims("a", now)},
	"just before the lease is over":   {as, claiming("b", now.Add(time.Hour-time.Microsecond)), nil},
	"when the lease is over":          {as, claiming("b", now.Add(time.Hour)), claims("b", now.Add(time.Hour))},
	"with no lease":                   {func(h *engine.Head) { h.Lease, h.Token = time.Time{}, "" }, claiming("b", now), claims("b", now)},
	"while parked":                    {parked, claiming("b", now), nil},
	"while parked, by the same token": {func(h *engine.Head) { h.Wait = 6 }, claiming("a", now), nil},
	"woken at its wait": {func(h *engine.Head) {
		parked(h)
		h.Wake = 8
	}, claiming("b", now), claims("b", now)},
	"of what has ended":                    {ended, claiming("b", now), nil},
	"of what has ended, by the same token": {func(h *engine.Head) { ended(h); h.Token = "a" }, claiming("a", now), nil},
}

// parks is a Park at a wait that gives everything new values, or none.
func parks(epoch, wait uint64) engine.Park {
	return engine.Park{
		ID: thread, Epoch: epoch, Wait: wait, Targets: []string{"0.4"}, Unnamed: 1, Until: now.Add(time.Hour),
		Snap: engine.Data{Digest: "digest"}, Spawned: 11, Due: now.Add(2 * time.Minute),
	}
}

func parking(p engine.Park, outcome engine.ParkOutcome) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		got := f.park(p)
		assert.Equal(f, outcome, got)
		return nil, got == engine.Parked
	}
}

func isParked(p engine.Park) func(*engine.Head) {
	return func(h *engine.Head) {
		h.Wait, h.Targets, h.Unnamed, h.Until, h.Snap, h.Spawned = p.Wait, p.Targets, p.Unnamed, p.Until, p.Snap, p.Spawned
		h.Lease, h.Token, h.Tries = time.Time{}, "", 0
		if !p.Due.IsZero() {
			h.Due = p.Due
		}
	}
}

var bare = engine.Park{Epoch: 3, Wait: 6}

var parkEffects = map[string]effect{
	"of the run that has it":          {as, parking(parks(3, 6), engine.Parked), isParked(parks(3, 6))},
	"with as little as possible":      {as, parking(bare, engine.Parked), isParked(bare)},
	"repeated":                        {isParked(parks(3, 6)), parking(parks(3, 6), engine.Parked), isParked(parks(3, 6))},
	"at the wait that was released":   {as, parking(parks(3, 5), engine.Woken), nil},
	"at an earlier wait":              {as, parking(parks(3, 4), engine.Woken), nil},
	"of an earlier run":               {as, parking(parks(2, 6), engine.Fenced), nil},
	"of a later run":                  {as, parking(parks(4, 6), engine.Fenced), nil},
	"of what has ended":               {ended, parking(parks(3, 6), engine.Fenced), nil},
	"of what has ended, and is woken": {ended, parking(parks(3, 5), engine.Fenced), nil},
}

// whole is an operation that returns the head either way.
func whole(do func(f *fixture) (engine.Head, bool, error)) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		h, ok, err := do(f)
		require.NoError(f, err)
		return &h, ok
	}
}

func finishing(fin engine.Finish) func(*fixture) (*engine.Head, bool) {
	return whole(func(f *fixture) (engine.Head, bool, error) { return f.store.Finish(f.ctx, fin) })
}

func finished(fin engine.Finish) func(*engine.Head) {
	return func(h *engine.Head) {
		h.Done, h.Answer, h.Ended, h.Outside, h.Due = true, fin.Answer, fin.Ended, fin.Outside, fin.Due
		if !fin.Outside {
			h.Output, h.Spawned, h.Attempts, h.Snap = fin.Output, fin.Spawned, fin.Attempts, engine.Data{}
		}
		h.Lease, h.Token, h.Targets, h.Unnamed, h.Until = time.Time{}, "", nil, 0, time.Time{}
	}
}

var (
	ends    = engine.Finish{ID: thread, Answer: engine.Answer{Value: data("v")}, Ended: now.Add(time.Second), Output: data("last"), Spawned: 12, Attempts: 2}
	fails   = engine.Finish{ID: thread, Answer: engine.Answer{Failed: true, Value: engine.Data{Digest: "d"}}, Ended: now.Add(time.Second)}
	stopped = engine.Finish{
		ID: thread, Answer: engine.Answer{Failed: true, Value: data("cancelled")}, Ended: now.Add(time.Second), Output: data("none"), Spawned: 99,
		Attempts: 99, Outside: true, Due: now.Add(5 * time.Minute),
	}
)

var finishEffects = map[string]effect{
	"of a run":                       {as, finishing(ends), finished(ends)},
	"with a failure":                 {as, finishing(fails), finished(fails)},
	"of a parked thread":             {parked, finishing(ends), finished(ends)},
	"from outside":                   {as, finishing(stopped), finished(stopped)},
	"from outside of a parked one":   {parked, finishing(stopped), finished(stopped)},
	"of what has ended":              {succeeded, finishing(fails), nil},
	"of what has ended, the same":    {finished(ends), finishing(ends), nil},
	"of what has ended from outside": {finished(stopped), finishing(ends), nil},
}

func waking(wait uint64, due time.Time) func(*fixture) (*engine.Head, bool) {
	return whole(func(f *fixture) (engine.Head, bool, error) {
		return f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: wait, Due: due})
	})
}

func woken(wait uint64, due time.Time) func(*engine.Head) {
	return func(h *engine.Head) { h.Wake, h.Due = wait, due }
}

var wakeEffects = map[string]effect{
	"at its wait":                  {parked, waking(8, now), woken(8, now)},
	"at its wait, never due":       {parked, waking(8, time.Time{}), woken(8, time.Time{})},
	"at a later wait":              {parked, waking(9, now), woken(9, now)},
	"at an earlier wait":           {parked, waking(7, now), nil},
	"before it parks":              {as, waking(6, now), woken(6, now)},
	"at the wait that is released": {as, waking(5, now), nil},
	"at one before that":           {as, waking(4, now), nil},
	"of what has ended":            {ended, waking(6, now), nil},
}

func preempting(p engine.Preempt) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		ok, err := f.store.Preempt(f.ctx, p)
		require.NoError(f, err)
		return nil, ok
	}
}

func preempted(p engine.Preempt) func(*engine.Head) {
	return func(h *engine.Head) {
		h.Snap, h.Spawned, h.Due, h.Lease, h.Tries = p.Snap, p.Spawned, p.Due, p.Lease, 0
		if p.Lease.IsZero() {
			h.Token = ""
		}
	}
}

var (
	givesUp = engine.Preempt{ID: thread, Epoch: 3, Snap: data("new"), Spawned: 9, Due: now.Add(3 * time.Minute)}
	renews  = engine.Preempt{ID: thread, Epoch: 3, Snap: engine.Data{Digest: "d"}, Spawned: 9, Due: now, Lease: now.Add(3 * time.Hour)}
	early   = engine.Preempt{ID: thread, Epoch: 2, Snap: data("old")}
	late    = engine.Preempt{ID: thread, Epoch: 4, Snap: data("old")}
)

var preemptEffects = map[string]effect{
	"that gives up":     {as, preempting(givesUp), preempted(givesUp)},
	"repeated":          {preempted(givesUp), preempting(givesUp), preempted(givesUp)},
	"that goes on":      {as, preempting(renews), preempted(renews)},
	"of an earlier run": {as, preempting(early), nil},
	"of a later run":    {as, preempting(late), nil},
	"of what has ended": {ended, preempting(givesUp), nil},
}

// refused is an operation that returns the head if it does not apply.
func refused(do func(f *fixture) (engine.Head, bool, error)) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		h, ok, err := do(f)
		require.NoError(f, err)
		if ok {
			return nil, true
		}
		return &h, false
	}
}

func registering(w engine.Waiter) func(*fixture) (*engine.Head, bool) {
	return refused(func(f *fixture) (engine.Head, bool, error) { return f.store.Register(f.ctx, thread, w) })
}

func settingMore(f *fixture) (*engine.Head, bool) {
	return refused(func(f *fixture) (engine.Head, bool, error) { return f.store.SetMore(f.ctx, thread) })(f)
}

func seeing(f *fixture) (*engine.Head, bool) {
	require.NoError(f, f.store.See(f.ctx, thread))
	return nil, f.head().Seen
}

func waits(thread string, wait uint64) func(*engine.Head) {
	return func(h *engine.Head) { h.Waiters = append(h.Waiters, engine.Waiter{Thread: thread, Wait: wait}) }
}

func allButOne(h *engine.Head) {
	full(h)
	h.Waiters = h.Waiters[:engine.MaxWaiters-1]
}

var registerEffects = map[string]effect{
	"another one":              {as, registering(engine.Waiter{Thread: "0.5", Wait: 2}), waits("0.5", 2)},
	"at another wait":          {as, registering(engine.Waiter{Thread: "0", Wait: 10}), waits("0", 10)},
	"with a longer number":     {as, registering(engine.Waiter{Thread: "0.22", Wait: 1}), waits("0.22", 1)},
	"the first one":            {func(h *engine.Head) { h.Waiters = nil }, registering(engine.Waiter{Thread: "0", Wait: 1}), waits("0", 1)},
	"one that is there":        {as, registering(engine.Waiter{Thread: "0.2", Wait: 1}), as},
	"the last that fits":       {allButOne, registering(engine.Waiter{Thread: "0.5", Wait: 2}), waits("0.5", 2)},
	"with a full one":          {full, registering(engine.Waiter{Thread: "0.5", Wait: 2}), nil},
	"with a full one again":    {full, registering(engine.Waiter{Thread: "0.2", Wait: 1}), as},
	"with what has ended":      {ended, registering(engine.Waiter{Thread: "0.5", Wait: 2}), nil},
	"again with what is ended": {ended, registering(engine.Waiter{Thread: "0.2", Wait: 1}), nil},
	"more":                     {func(h *engine.Head) { h.More = false }, settingMore, func(h *engine.Head) { h.More = true }},
	"more again":               {as, settingMore, as},
	"more, with what is ended": {func(h *engine.Head) { ended(h); h.More = false }, settingMore, nil},
	"seen":                     {ended, seeing, func(h *engine.Head) { h.Seen = true }},
	"seen again":               {func(h *engine.Head) { ended(h); h.Seen = true }, seeing, as},
	"seen, no failure":         {succeeded, seeing, nil},
	"seen, not ended":          {as, seeing, nil},
}

func settingDue(was, due time.Time, poll time.Duration) func(*fixture) (*engine.Head, bool) {
	return func(f *fixture) (*engine.Head, bool) {
		ok, err := f.store.SetDue(f.ctx, thread, was, due, poll)
		require.NoError(f, err)
		return nil, ok
	}
}

func isDue(due time.Time, poll time.Duration) func(*engine.Head) {
	return func(h *engine.Head) { h.Due, h.Poll = due, poll }
}

var dueEffects = map[string]effect{
	"later":             {as, settingDue(now.Add(time.Minute), now.Add(time.Hour), time.Hour), isDue(now.Add(time.Hour), time.Hour)},
	"earlier":           {as, settingDue(now.Add(time.Minute), now, 0), isDue(now, 0)},
	"the same":          {as, settingDue(now.Add(time.Minute), now.Add(time.Minute), time.Hour), isDue(now.Add(time.Minute), time.Hour)},
	"never":             {as, settingDue(now.Add(time.Minute), time.Time{}, 0), isDue(time.Time{}, 0)},
	"from never":        {isDue(time.Time{}, 0), settingDue(time.Time{}, now, time.Minute), isDue(now, time.Minute)},
	"of what has ended": {ended, settingDue(now.Add(time.Minute), time.Time{}, 0), isDue(time.Time{}, 0)},
	"not as it was":     {as, settingDue(now.Add(time.Minute+time.Microsecond), now, 0), nil},
	"not never":         {as, settingDue(time.Time{}, now, 0), nil},
}

func effectCases() map[string]func(*fixture) {
	all := map[string]func(*fixture){}
	for operation, effects := range map[string]map[string]effect{
		"claim": claimEffects, "park": parkEffects, "finish": finishEffects, "wake": wakeEffects, "preempt": preemptEffects,
		"register": registerEffects, "due": dueEffects,
	} {
		for name, e := range effects {
			all[operation+" "+name] = e.check
		}
	}
	return all
}

func (e effect) check(f *fixture) {
	want := running()
	e.start(&want)
	require.True(f, f.create(want))
	returned, applied := e.do(f)
	assert.Equal(f, e.want != nil, applied, "whether it applies")
	if e.want != nil {
		e.want(&want)
	}
	assert.Equal(f, plain(want), plain(*f.head()), "the head afterwards")
	if returned != nil {
		assert.Equal(f, plain(want), plain(*returned), "the head that it returned")
	}
	var entries []engine.Due
	if !want.Due.IsZero() {
		entries = []engine.Due{{ID: thread, At: want.Due}}
	}
	assert.Equal(f, entries, f.due(now.Add(365*24*time.Hour)), "the index")
}

// plain is a head in a form in which equal ones look equal.
func plain(h engine.Head) engine.Head {
	for _, t := range []*time.Time{&h.Lease, &h.Until, &h.Ended, &h.Started, &h.Deadline, &h.Expires, &h.Due} {
		*t = t.UTC()
	}
	h.Targets = append([]string{}, h.Targets...)
	h.Waiters = append([]engine.Waiter{}, h.Waiters...)
	slices.SortFunc(h.Waiters, func(a, b engine.Waiter) int {
		return cmp.Or(cmp.Compare(a.Thread, b.Thread), cmp.Compare(a.Wait, b.Wait))
	})
	for _, d := range []*engine.Data{&h.Entry, &h.Snap, &h.Answer.Value, &h.Output} {
		d.Bytes = append([]byte{}, d.Bytes...)
	}
	return h
}

// cancelledCases are that of a request whose context is over: it may be applied or not, but says so, and the next one works.
func cancelledCases() map[string]func(*fixture) {
	id := engine.ID{Session: "s1", Thread: "0.2"}
	cases := map[string]func(*fixture){}
	for name, do := range map[string]func(ctx context.Context, s engine.Store) error{
		"create": func(ctx context.Context, s engine.Store) error { return last2(s.Create(ctx, engine.Head{ID: id})) },
		"claim": func(ctx context.Context, s engine.Store) error {
			return last3(s.Claim(ctx, engine.Claim{ID: thread, Token: "b"}))
		},
		"finish": func(ctx context.Context, s engine.Store) error { return last3(s.Finish(ctx, ends)) },
		"slot": func(ctx context.Context, s engine.Store) error {
			return last3(s.PutSlot(ctx, engine.Slot{ID: thread, Number: 1}))
		},
		"heads":   func(ctx context.Context, s engine.Store) error { return last2(s.Heads(ctx, []engine.ID{thread})) },
		"due":     func(ctx context.Context, s engine.Store) error { return last2(s.Due(ctx, 0, "", now, 1)) },
		"program": func(ctx context.Context, s engine.Store) error { return s.PutProgram(ctx, "h", []byte("p")) },
		"delete":  func(ctx context.Context, s engine.Store) error { return s.Delete(ctx, "s2") },
	} {
		cases[name] = func(f *fixture) {
			f.thread()
			ctx, cancel := context.WithCancel(f.ctx)
			cancel()
			if err := do(ctx, f.store); err != nil {
				assert.ErrorIs(f, err, context.Canceled)
			}
			require.NoError(f, do(f.ctx, f.store))
		}
	}
	return cases
}

func last2[A any](_ A, err error) error         { return err }
func last3[A, B any](_ A, _ B, err error) error { return err }
