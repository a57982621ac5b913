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
