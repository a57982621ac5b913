package sim_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// A promise that no test can see broken is none. Each mutant breaks one rule of the protocol, as it is seen from the store: a
// condition that is not tested, or two steps in the other order. The simulator has to find every one of them, with the
// schedules that the real protocol passes.

// mutant is a store that breaks a rule. The hooks that are nil leave the operation as it is.
type mutant struct {
	engine.Store
	claim    func(engine.Claim) (engine.Head, bool, error)
	create   func(engine.Head) (bool, error)
	park     func(engine.Park) (engine.ParkOutcome, error)
	finish   func(engine.Finish) (engine.Head, bool, error)
	wake     func(engine.Wake) (engine.Head, bool, error)
	preempt  func(engine.Preempt) (bool, error)
	register func(engine.ID, engine.Waiter) (engine.Head, bool, error)
	setMore  func(engine.ID) (engine.Head, bool, error)
	putSlot  func(engine.Slot) (engine.Slot, bool, error)
	putMark  func(engine.Mark) (engine.Mark, bool, error)
	due      func([]engine.Due) []engine.Due
	setDue   func(id engine.ID, was, due time.Time, poll time.Duration) (bool, error)
	// putWaiter comes after the waiter was put.
	putWaiter func(engine.ID, engine.Waiter)
	see       func(*engine.Head) // sees every head that is read
	after     func(thread string)
}

// mutation is a rule that is broken, the promises of which one is seen broken, and how it is. It is looked for in all worlds, or
// in those of some names, where the rule matters.
type mutation struct {
	rule   string
	found  []string
	breaks func(m *mutant)
	in     []string
}

// leftOver are the worlds in which runs live on when their leases have ended.
var leftOver = []string{"left over", "left over and dying", "everything"}

var mutants = map[string]mutation{
	"decide again":           {"a finish applies only if the thread is not done", []string{"decided"}, decideAgain, leftOver},
	"overwrite slots":        {"a slot that is there is adopted", []string{"decided", "call"}, overwriteSlots, leftOver},
	"ignore leases":          {"a claim applies only if the lease is over", []string{"lease"}, ignoreLeases, nil},
	"park though woken":      {"a park does not apply to a wait that was released", []string{"no delay", "cost"}, parkThoughWoken, nil},
	"register with the dead": {"a register does not apply to a thread that is done", []string{"no delay"}, registerWithTheDead, nil},
	"wake without invoke":    {"who wakes a parked thread invokes it", []string{"no delay"}, wakeWithoutInvoke, nil},
	"park before register":   {"the register is acknowledged before the park", []string{"no delay", "bug"}, parkBeforeRegister, nil},
	"act before the slot":    {"an answer is stored before what follows it", []string{"stored first", "decided"}, actBeforeSlot, nil},
	"more too late":          {"that there are more waiters is set before they are put", []string{"no delay"}, moreTooLate, []string{"order"}},
	"waiters not read":       {"the request that decides returns the waiters", []string{"no delay"}, forgetWaiters, nil},
	"blind sweep":            {"the sweep finds what nobody runs", []string{"end"}, func(m *mutant) { m.due = func([]engine.Due) []engine.Due { return nil } }, nil},
	"poll for ever":          {"the sweep's polls of a wait double", []string{"cost", "end"}, pollForEver, nil},
	"lines twice":            {"a line is in one record", []string{"lines", "history"}, linesTwice, nil},
	"spawn too late":         {"a spawn is acknowledged before the next register", []string{"bug", "no delay"}, spawnTooLate, nil},
	"decide waits twice":     {"what a wait came to is adopted", []string{"decided", "result"}, decideWaitsTwice, leftOver},
	"epoch not checked":      {"a park and a preempt apply only to the run that has the thread", []string{"call", "lease", "decided", "end", "cost"}, ignoreEpochs, leftOver},
	"log not read":           {"a run after one that died goes on from the log", []string{"call", "lease"}, forgetTries, leftOver},
	"marks not kept":         {"a call that must not be made twice is marked before", []string{"at most once"}, forgetMarks, leftOver},
}

func decideAgain(m *mutant) {
	ends := map[engine.ID]engine.Answer{}
	m.finish = func(f engine.Finish) (engine.Head, bool, error) {
		h, decided, err := m.Store.Finish(bg, f)
		if !decided && h.Done {
			ends[f.ID] = f.Answer
			h.Answer, decided = f.Answer, true
		}
		return h, decided, err
	}
	m.see = func(h *engine.Head) {
		if a, ok := ends[h.ID]; ok {
			h.Answer = a
		}
	}
}

func overwriteSlots(m *mutant) {
	m.putSlot = func(s engine.Slot) (engine.Slot, bool, error) {
		_, _, err := m.Store.PutSlot(bg, s)
		return s, true, err
	}
}

func ignoreLeases(m *mutant) {
	m.claim = func(c engine.Claim) (engine.Head, bool, error) {
		c.Now = c.Now.AddDate(1, 0, 0)
		return m.Store.Claim(bg, c)
	}
}

func parkThoughWoken(m *mutant) {
	m.park = func(p engine.Park) (engine.ParkOutcome, error) {
		outcome, err := m.Store.Park(bg, p)
		if outcome == engine.Woken {
			p.Wait++
			return m.Store.Park(bg, p)
		}
		return outcome, err
	}
}

func registerWithTheDead(m *mutant) {
	m.register = func(target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
		h, registered, err := m.Store.Register(bg, target, w)
		return h, registered || h.Done, err
	}
}

func wakeWithoutInvoke(m *mutant) {
	m.wake = func(w engine.Wake) (engine.Head, bool, error) {
		h, woken, err := m.Store.Wake(bg, w)
		h.Wait = 0
		return h, woken, err
	}
}

// delayed are requests that were acknowledged and are applied after another one of the same thread.
type delayed map[string][]func()

func (d delayed) apply(thread string) {
	for _, do := range d[thread] {
		do()
	}
	delete(d, thread)
}

func parkBeforeRegister(m *mutant) {
	d := delayed{}
	m.register = func(target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
		d[w.Thread] = append(d[w.Thread], func() { _, _, _ = m.Store.Register(bg, target, w) })
		return engine.Head{}, true, nil
	}
	m.park = func(p engine.Park) (engine.ParkOutcome, error) {
		outcome, err := m.Store.Park(bg, p)
		return outcome, err
	}
	m.after = d.apply
}

func actBeforeSlot(m *mutant) {
	d := delayed{}
	m.putSlot = func(s engine.Slot) (engine.Slot, bool, error) {
		d[s.ID.Thread] = append(d[s.ID.Thread], func() { _, _, _ = m.Store.PutSlot(bg, s) })
		return s, true, nil
	}
	m.after = d.apply
}

func moreTooLate(m *mutant) {
	d := delayed{}
	var target engine.ID
	m.setMore = func(id engine.ID) (engine.Head, bool, error) {
		target = id
		return engine.Head{}, true, nil
	}
	m.putWaiter = func(id engine.ID, w engine.Waiter) {
		d[w.Thread] = append(d[w.Thread], func() { _, _, _ = m.Store.SetMore(bg, target) })
	}
	m.after = d.apply
}

func forgetWaiters(m *mutant) {
	m.finish = func(f engine.Finish) (engine.Head, bool, error) {
		h, decided, err := m.Store.Finish(bg, f)
		h.Waiters, h.More = nil, false
		return h, decided, err
	}
}

func pollForEver(m *mutant) {
	m.setDue = func(id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
		if poll > time.Minute {
			due, poll = due.Add(time.Minute-poll), time.Minute
		}
		return m.Store.SetDue(bg, id, was, due, poll)
	}
}

func linesTwice(m *mutant) {
	m.finish = func(f engine.Finish) (engine.Head, bool, error) {
		if slots, _, _ := m.Store.Slots(bg, f.ID, 0); len(slots) > 0 && f.Output.Empty() {
			f.Output = slots[len(slots)-1].Output
		}
		return m.Store.Finish(bg, f)
	}
}

func spawnTooLate(m *mutant) {
	d := delayed{}
	m.create = func(h engine.Head) (bool, error) {
		if h.Parent == "" {
			return m.Store.Create(bg, h)
		}
		d[h.Parent] = append(d[h.Parent], func() { _, _ = m.Store.Create(bg, h) })
		return true, nil
	}
	m.after = d.apply
}

func decideWaitsTwice(m *mutant) {
	m.putSlot = func(s engine.Slot) (engine.Slot, bool, error) {
		stored, mine, err := m.Store.PutSlot(bg, s)
		if s.Kind == engine.SlotTimeout || s.Kind == engine.SlotFirst {
			stored = s
		}
		return stored, mine, err
	}
}

func ignoreEpochs(m *mutant) {
	epoch := func(id engine.ID) uint64 {
		heads, _ := m.Store.Heads(bg, []engine.ID{id})
		return heads[0].Epoch
	}
	m.park = func(p engine.Park) (engine.ParkOutcome, error) {
		p.Epoch = epoch(p.ID)
		return m.Store.Park(bg, p)
	}
	m.preempt = func(p engine.Preempt) (bool, error) {
		p.Epoch = epoch(p.ID)
		return m.Store.Preempt(bg, p)
	}
}

func forgetTries(m *mutant) {
	m.claim = func(c engine.Claim) (engine.Head, bool, error) {
		h, ok, err := m.Store.Claim(bg, c)
		h.Tries, h.Epoch = 1, max(1, h.Epoch)
		if h.Snap.Empty() {
			h.Epoch = 1
		}
		return h, ok, err
	}
	m.preempt = func(p engine.Preempt) (bool, error) {
		p.Epoch = 0
		heads, err := m.Store.Heads(bg, []engine.ID{p.ID})
		if err == nil && heads[0] != nil {
			p.Epoch = heads[0].Epoch
		}
		return m.Store.Preempt(bg, p)
	}
	m.park = func(p engine.Park) (engine.ParkOutcome, error) {
		heads, err := m.Store.Heads(bg, []engine.ID{p.ID})
		if err == nil && heads[0] != nil {
			p.Epoch = heads[0].Epoch
		}
		return m.Store.Park(bg, p)
	}
}

func forgetMarks(m *mutant) {
	m.putMark = func(k engine.Mark) (engine.Mark, bool, error) {
		_, _, err := m.Store.PutMark(bg, k)
		return k, true, err
	}
}

// TestMutants: the simulator finds every mutant, and says by which promise.
func TestMutants(t *testing.T) {
	all := subjects(t)
	for name, mutation := range mutants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, w, seed, broken := findMutant(all, mutation)
			require.NotNil(t, broken, "nobody sees that it is not so that %s", mutation.rule)
			assert.Contains(t, mutation.found, broken.Promise, "%v", broken)
			t.Logf("not so that %s: found by %q (%.200v), with schedule %d, of %q in world %q", mutation.rule, broken.Promise, broken, seed, s.name, w.Name)
		})
	}
}

// tries is how many schedules a mutant has.
const tries = 3000

func findMutant(all []*subject, m mutation) (*subject, world, uint64, *sim.Violation) {
	var in []world
	for _, w := range worlds {
		if len(m.in) == 0 || slices.Contains(m.in, w.Name) {
			in = append(in, w)
		}
	}
	for i := range tries {
		s, w := all[i%len(all)], in[i/len(all)%len(in)]
		c := s.schedule(w, uint64(i))
		c.Store = mutated(c.Store, m.breaks)
		if _, broken := s.run(c, w); broken != nil {
			return s, w, uint64(i), broken
		}
	}
	return nil, world{}, 0, nil
}

// TestAScheduleIsCutDown: what is written of a schedule that breaks a promise is short, and breaks it in the same way each
// time that it is read and run.
func TestAScheduleIsCutDown(t *testing.T) {
	all := subjects(t)
	for _, name := range []string{"park before register", "act before the slot", "overwrite slots", "epoch not checked"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			breaks := mutants[name].breaks
			s, w, seed, broken := findMutant(all, mutants[name])
			require.NotNil(t, broken)
			wrap := func(store engine.Store) engine.Store { return mutated(store, breaks) }
			got, broken, err := shortest(s, w, seed, wrap)
			require.NoError(t, err)
			assert.LessOrEqual(t, len(got.Events), 12, "%v", got.Events)
			file := archive(t, s, w, seed, got, broken)
			for range 2 {
				c := replayedFrom(t, txtar.Parse(txtar.Format(file))).schedule
				c.Store = mutated(c.Store, breaks)
				again, brokenAgain := s.run(c, w)
				assert.Equal(t, broken, brokenAgain)
				assert.Equal(t, strings.Join(got.Trace, "\n"), strings.Join(again.Trace, "\n"))
			}
			t.Log(fmt.Sprint(got.Events))
		})
	}
}

func mutated(store engine.Store, breaks func(*mutant)) engine.Store {
	if store == nil {
		store = memstore.New()
	}
	m := &mutant{Store: store}
	breaks(m)
	return m
}

var bg = context.Background()

// done is what follows a request of a thread.
func (m *mutant) done(thread string) {
	if m.after != nil {
		m.after(thread)
	}
}

func (m *mutant) seen(h engine.Head) engine.Head {
	if m.see != nil {
		m.see(&h)
	}
	return h
}

func (m *mutant) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	if m.claim != nil {
		return m.claim(c)
	}
	return m.Store.Claim(ctx, c)
}

func (m *mutant) Create(ctx context.Context, h engine.Head) (bool, error) {
	if m.create != nil {
		return m.create(h)
	}
	return m.Store.Create(ctx, h)
}

func (m *mutant) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	defer m.done(p.ID.Thread)
	if m.park != nil {
		return m.park(p)
	}
	return m.Store.Park(ctx, p)
}

func (m *mutant) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	defer m.done(f.ID.Thread)
	if m.finish != nil {
		return m.finish(f)
	}
	return m.Store.Finish(ctx, f)
}

func (m *mutant) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	if m.wake != nil {
		return m.wake(w)
	}
	return m.Store.Wake(ctx, w)
}

func (m *mutant) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	if m.preempt != nil {
		return m.preempt(p)
	}
	return m.Store.Preempt(ctx, p)
}

func (m *mutant) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	if m.register != nil {
		return m.register(target, w)
	}
	h, registered, err := m.Store.Register(ctx, target, w)
	m.done(w.Thread)
	return m.seen(h), registered, err
}

func (m *mutant) SetMore(ctx context.Context, target engine.ID) (engine.Head, bool, error) {
	if m.setMore != nil {
		return m.setMore(target)
	}
	return m.Store.SetMore(ctx, target)
}

func (m *mutant) PutWaiter(ctx context.Context, target engine.ID, w engine.Waiter, expires time.Time) error {
	err := m.Store.PutWaiter(ctx, target, w, expires)
	if m.putWaiter != nil {
		m.putWaiter(target, w)
	}
	return err
}

func (m *mutant) PutSlot(ctx context.Context, s engine.Slot) (engine.Slot, bool, error) {
	if m.putSlot != nil {
		return m.putSlot(s)
	}
	return m.Store.PutSlot(ctx, s)
}

func (m *mutant) PutMark(ctx context.Context, k engine.Mark) (engine.Mark, bool, error) {
	if m.putMark != nil {
		return m.putMark(k)
	}
	return m.Store.PutMark(ctx, k)
}

func (m *mutant) Due(ctx context.Context, shard int, session string, before time.Time, limit int) ([]engine.Due, error) {
	entries, err := m.Store.Due(ctx, shard, session, before, limit)
	if m.due != nil {
		entries = m.due(entries)
	}
	return entries, err
}

func (m *mutant) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	if m.setDue != nil {
		return m.setDue(id, was, due, poll)
	}
	return m.Store.SetDue(ctx, id, was, due, poll)
}

func (m *mutant) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	heads, err := m.Store.Heads(ctx, ids)
	for i, h := range heads {
		if h != nil {
			seen := m.seen(*h)
			heads[i] = &seen
		}
	}
	return slices.Clone(heads), err
}
