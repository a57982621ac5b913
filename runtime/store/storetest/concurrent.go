package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

const racers = 16

// race does the same at the same time and counts for how many it applied.
func race(do func(i int) bool) int {
	var applied atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range racers {
		all.Go(func() {
			<-start
			if do(i) {
				applied.Add(1)
			}
		})
	}
	close(start)
	all.Wait()
	return int(applied.Load())
}

var concurrentCases = map[string]func(*fixture){
	"one creates": func(f *fixture) {
		assert.Equal(f, 1, race(func(i int) bool {
			put, err := f.store.Create(f.ctx, engine.Head{ID: thread, Function: fmt.Sprint(i)})
			assert.NoError(f, err)
			return put
		}))
	},
	"one claims": func(f *fixture) {
		f.thread()
		assert.Equal(f, 1, race(func(i int) bool {
			_, ok, err := f.store.Claim(f.ctx, engine.Claim{ID: thread, Token: fmt.Sprint(i), Now: now, Lease: now.Add(time.Hour)})
			assert.NoError(f, err)
			return ok
		}))
		assert.EqualValues(f, 1, f.head().Epoch)
	},
	"one finishes": func(f *fixture) {
		f.claimed()
		assert.Equal(f, 1, race(func(i int) bool {
			_, ok, err := f.store.Finish(f.ctx, engine.Finish{ID: thread, Answer: engine.Answer{Value: data(fmt.Sprint(i))}})
			assert.NoError(f, err)
			return ok
		}))
	},
	"one wakes": func(f *fixture) {
		f.parked()
		assert.Equal(f, 1, race(func(int) bool {
			_, ok, err := f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: 1})
			assert.NoError(f, err)
			return ok
		}))
	},
	"one logs, all agree": func(f *fixture) {
		f.claimed()
		answers := make([]string, racers)
		assert.Equal(f, 1, race(func(i int) bool {
			stored, mine, err := f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: 1, Answer: engine.Answer{Value: data(fmt.Sprint(i))}})
			assert.NoError(f, err)
			answers[i] = string(stored.Answer.Value.Bytes)
			return mine
		}))
		for _, answer := range answers {
			assert.Equal(f, answers[0], answer)
		}
	},
	"as many register as fit": func(f *fixture) {
		f.thread()
		assert.Equal(f, engine.MaxWaiters, race(func(i int) bool {
			_, ok, err := f.store.Register(f.ctx, thread, engine.Waiter{Thread: fmt.Sprint("0.", i), Wait: 1})
			assert.NoError(f, err)
			return ok
		}))
		assert.Len(f, f.head().Waiters, engine.MaxWaiters)
	},
	"one and the same registers once": func(f *fixture) {
		f.thread()
		assert.Equal(f, racers, race(func(int) bool {
			_, ok, err := f.store.Register(f.ctx, thread, engine.Waiter{Thread: "0", Wait: 1})
			assert.NoError(f, err)
			return ok
		}))
		assert.Len(f, f.head().Waiters, 1)
	},
	"all are kept beside": func(f *fixture) {
		f.thread()
		race(func(i int) bool {
			return assert.NoError(f, f.store.PutWaiter(f.ctx, thread, engine.Waiter{Thread: fmt.Sprint("0.", i), Wait: 1}, now))
		})
		waiters, err := f.store.Waiters(f.ctx, thread)
		assert.NoError(f, err)
		assert.Len(f, waiters, racers)
	},
	"one marks, all agree": func(f *fixture) {
		f.claimed()
		epochs := make([]uint64, racers)
		assert.Equal(f, 1, race(func(i int) bool {
			stored, mine, err := f.store.PutMark(f.ctx, engine.Mark{ID: thread, Number: 1, Attempt: 1, Kind: engine.MarkBegun, Epoch: uint64(i + 1)})
			assert.NoError(f, err)
			epochs[i] = stored.Epoch
			return mine
		}))
		for _, epoch := range epochs {
			assert.Equal(f, epochs[0], epoch)
		}
	},
	"one moves it in the index": func(f *fixture) {
		f.thread()
		assert.Equal(f, 1, race(func(i int) bool {
			ok, err := f.store.SetDue(f.ctx, thread, now.Add(time.Minute), now.Add(time.Duration(i+2)*time.Minute), 0)
			assert.NoError(f, err)
			return ok
		}))
		assert.Equal(f, []engine.Due{{ID: thread, At: f.head().Due.UTC()}}, f.due(now.Add(time.Hour)))
	},
	"claims follow each other": func(f *fixture) {
		f.thread()
		race(func(i int) bool {
			at := now.Add(time.Duration(i) * 2 * time.Hour)
			_, ok, err := f.store.Claim(f.ctx, engine.Claim{ID: thread, Token: fmt.Sprint(i), Now: at, Lease: at.Add(time.Hour)})
			assert.NoError(f, err)
			return ok
		})
		h := f.head()
		assert.EqualValues(f, h.Epoch, h.Tries)
		assert.Equal(f, fmt.Sprint(racers-1), h.Token, "the last one can always claim")
	},
	"many threads at the same time": func(f *fixture) {
		const each = 20
		race(func(i int) bool {
			for n := range each {
				id := engine.ID{Session: "s1", Thread: fmt.Sprintf("0.%d.%d", i, n)}
				put, err := f.store.Create(f.ctx, engine.Head{ID: id, Due: now})
				assert.True(f, put && err == nil)
				_, ok, err := f.store.Claim(f.ctx, engine.Claim{ID: id, Token: "a", Now: now, Lease: now.Add(time.Hour)})
				assert.True(f, ok && err == nil)
				_, mine, err := f.store.PutSlot(f.ctx, engine.Slot{ID: id, Number: 1})
				assert.True(f, mine && err == nil)
				_, ok, err = f.store.Finish(f.ctx, engine.Finish{ID: id, Answer: engine.Answer{Value: data(id.Thread)}, Ended: now})
				assert.True(f, ok && err == nil)
			}
			return true
		})
		for i := range racers {
			var ids []engine.ID
			for n := range each {
				ids = append(ids, engine.ID{Session: "s1", Thread: fmt.Sprintf("0.%d.%d", i, n)})
			}
			heads, err := f.store.Heads(f.ctx, ids)
			assert.NoError(f, err)
			for n, h := range heads {
				assert.True(f, h != nil && string(h.Answer.Value.Bytes) == ids[n].Thread)
			}
		}
		assert.Empty(f, f.due(now))
	},
	"who registers beside is read by the end, or sees it": func(f *fixture) {
		for round := range 20 {
			f.overflow(engine.ID{Session: "s1", Thread: engine.ChildID("0", round)})
		}
	},
	"who registers is woken or sees the end": func(f *fixture) {
		f.claimed()
		var waiters []engine.Waiter
		registered := race(func(i int) bool {
			if i == 0 {
				h, _, err := f.store.Finish(f.ctx, engine.Finish{ID: thread, Answer: engine.Answer{Value: data("v")}})
				assert.NoError(f, err)
				waiters = h.Waiters
				return false
			}
			h, ok, err := f.store.Register(f.ctx, thread, engine.Waiter{Thread: fmt.Sprint("0.", i), Wait: 1})
			assert.NoError(f, err)
			full := !ok && !h.Done
			assert.True(f, !full || len(h.Waiters) == engine.MaxWaiters)
			return ok
		})
		assert.Len(f, waiters, registered)
	},
	"parked or woken, never neither": func(f *fixture) {
		f.claimed()
		outcomes := make([]engine.ParkOutcome, racers)
		race(func(i int) bool {
			if i%2 == 0 {
				_, _, err := f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: 1})
				assert.NoError(f, err)
				return false
			}
			if i > 1 {
				return false
			}
			outcome, err := f.store.Park(f.ctx, engine.Park{ID: thread, Epoch: 1, Wait: 1})
			assert.NoError(f, err)
			outcomes[i] = outcome
			return false
		})
		h := f.head()
		assert.EqualValues(f, 1, h.Wake)
		assert.False(f, h.Parked())
		assert.Equal(f, outcomes[1] == engine.Parked, h.Wait == 1)
	},
}

// overflow lets waiters register with a thread, beside its head if that is full, while it ends: each is known to the end, or
// knows of it.
func (f *fixture) overflow(id engine.ID) {
	f.create(engine.Head{ID: id})
	var known, late sync.Map
	race(func(i int) bool {
		w := engine.Waiter{Thread: fmt.Sprint("0.", i), Wait: 1}
		if i == racers/2 {
			for _, w := range f.endAndRead(id) {
				known.Store(w, true)
			}
			return false
		}
		if f.registerSomehow(id, w) {
			late.Store(w, true)
		}
		return false
	})
	for i := range racers {
		w := engine.Waiter{Thread: fmt.Sprint("0.", i), Wait: 1}
		_, told := known.Load(w)
		_, saw := late.Load(w)
		assert.True(f, told || saw || i == racers/2, "%v waits for ever", w)
	}
}

// endAndRead ends a thread and reads its waiters, as the engine does.
func (f *fixture) endAndRead(id engine.ID) []engine.Waiter {
	h, _, err := f.store.Finish(f.ctx, engine.Finish{ID: id, Answer: engine.Answer{Value: data("v")}})
	assert.NoError(f, err)
	if !h.More {
		return h.Waiters
	}
	more, err := f.store.Waiters(f.ctx, id)
	assert.NoError(f, err)
	return append(more, h.Waiters...)
}

// registerSomehow registers, as the engine does, and says whether the thread has ended.
func (f *fixture) registerSomehow(id engine.ID, w engine.Waiter) (over bool) {
	h, ok, err := f.store.Register(f.ctx, id, w)
	assert.NoError(f, err)
	if ok || h.Done {
		return !ok
	}
	_, open, err := f.store.SetMore(f.ctx, id)
	assert.NoError(f, err)
	if !open {
		return true
	}
	assert.NoError(f, f.store.PutWaiter(f.ctx, id, w, now))
	heads, err := f.store.Heads(f.ctx, []engine.ID{id})
	assert.NoError(f, err)
	return heads[0].Done
}
