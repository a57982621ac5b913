package storetest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// One case per condition of the operations on a head.

var createCases = map[string]func(*fixture){
	"the first one counts": func(f *fixture) {
		first := engine.Head{
			ID: thread, Entry: data("entry"), Function: "f", Parent: "0", Program: "p", Version: "v", Started: now,
			Deadline: now.Add(time.Second), Expires: now.Truncate(time.Second).Add(time.Hour), Due: now.Add(time.Minute),
		}
		assert.True(f, f.create(first))
		assert.False(f, f.create(engine.Head{ID: thread, Function: "g"}))
		h := f.head()
		assert.Equal(f, []any{thread, data("entry"), "f", "0", "p", "v"}, []any{h.ID, h.Entry, h.Function, h.Parent, h.Program, h.Version})
		f.sameTime(first.Started, h.Started)
		f.sameTime(first.Deadline, h.Deadline)
		f.sameTime(first.Expires, h.Expires)
		f.sameTime(first.Due, h.Due)
	},
	"an outside future may be put with its value": func(f *fixture) {
		id := engine.ID{Session: "s1", Thread: engine.OutsideFuture("x")}
		assert.True(f, f.create(engine.Head{ID: id, Done: true, Answer: engine.Answer{Value: data("v")}, Ended: now}))
		heads, err := f.store.Heads(f.ctx, []engine.ID{id})
		require.NoError(f, err)
		assert.True(f, heads[0].Done)
		assert.Equal(f, data("v"), heads[0].Answer.Value)
	},
}

var claimCases = map[string]func(*fixture){
	"a new thread": func(f *fixture) {
		f.thread()
		h, ok := f.claim("a", now)
		assert.True(f, ok)
		assert.EqualValues(f, 1, h.Epoch)
		assert.Equal(f, "a", h.Token)
		assert.Equal(f, 1, h.Tries)
		f.sameTime(now.Add(time.Hour), h.Lease)
		assert.Equal(f, "f", h.Function)
	},
	"no thread": func(f *fixture) {
		_, ok := f.claim("a", now)
		assert.False(f, ok)
	},
	"not while another run has the lease": func(f *fixture) {
		f.claimed()
		_, ok := f.claim("b", now.Add(time.Hour-time.Millisecond))
		assert.False(f, ok)
		assert.Equal(f, "a", f.head().Token)
	},
	"when the lease is over": func(f *fixture) {
		f.claimed()
		h, ok := f.claim("b", now.Add(time.Hour))
		assert.True(f, ok)
		assert.EqualValues(f, 2, h.Epoch)
		assert.Equal(f, 2, h.Tries)
	},
	"again with the same token": func(f *fixture) {
		f.claimed()
		h, ok := f.claim("a", now)
		assert.True(f, ok)
		assert.EqualValues(f, 2, h.Epoch)
	},
	"not while it is parked": func(f *fixture) {
		f.parked()
		_, ok := f.claim("b", now.Add(24*time.Hour))
		assert.False(f, ok)
	},
	"not when it has ended": func(f *fixture) {
		f.claimed()
		f.finish("v")
		_, ok := f.claim("b", now.Add(24*time.Hour))
		assert.False(f, ok)
	},
}

var parkCases = map[string]func(*fixture){
	"gives the thread up": func(f *fixture) {
		f.claimed()
		until := now.Add(time.Minute)
		park := engine.Park{Epoch: 1, Wait: 3, Targets: []string{"0.2", "0.3"}, Unnamed: 1, Until: until, Snap: data("s"), Spawned: 4, Due: until}
		assert.Equal(f, engine.Parked, f.park(park))
		h := f.head()
		assert.True(f, h.Parked())
		assert.False(f, h.Live(now))
		assert.Equal(f, []any{[]string{"0.2", "0.3"}, 1, data("s"), 4, 0}, []any{h.Targets, h.Unnamed, h.Snap, h.Spawned, h.Tries})
		f.sameTime(until, h.Until)
		f.sameTime(until, h.Due)
	},
	"leaves the index as it is": func(f *fixture) {
		f.parked()
		f.sameTime(now.Add(time.Minute), f.head().Due)
	},
	"woken if the wait was released": func(f *fixture) {
		f.claimed()
		_, ok := f.wake(1)
		require.True(f, ok)
		assert.Equal(f, engine.Woken, f.park(engine.Park{Epoch: 1, Wait: 1}))
		h := f.head()
		assert.False(f, h.Parked())
		assert.True(f, h.Live(now), "the run goes on")
	},
	"at a later wait than the released one": func(f *fixture) {
		f.claimed()
		f.wake(1)
		assert.Equal(f, engine.Parked, f.park(engine.Park{Epoch: 1, Wait: 2}))
	},
	"fenced by another run": func(f *fixture) {
		f.claimed()
		_, ok := f.claim("b", now.Add(2*time.Hour))
		require.True(f, ok)
		assert.Equal(f, engine.Fenced, f.park(engine.Park{Epoch: 1, Wait: 1}))
		assert.Equal(f, "b", f.head().Token)
	},
	"fenced by the thread's end": func(f *fixture) {
		f.claimed()
		f.finish("v")
		assert.Equal(f, engine.Fenced, f.park(engine.Park{Epoch: 1, Wait: 1}))
	},
	"repeated": func(f *fixture) {
		f.parked()
		assert.Equal(f, engine.Parked, f.park(engine.Park{Epoch: 1, Wait: 1}))
	},
}

var wakeCases = map[string]func(*fixture){
	"a parked thread": func(f *fixture) {
		f.parked()
		h, ok := f.wake(1)
		assert.True(f, ok)
		assert.EqualValues(f, 1, h.Wait)
		assert.EqualValues(f, 1, h.Wake)
		assert.Equal(f, data("snap"), h.Snap)
		f.sameTime(now.Add(2*time.Minute), f.head().Due)
		_, ok = f.claim("b", now)
		assert.True(f, ok, "it can be claimed at once")
	},
	"a thread that has not parked yet": func(f *fixture) {
		f.claimed()
		h, ok := f.wake(1)
		assert.True(f, ok)
		assert.EqualValues(f, 0, h.Wait)
	},
	"twice": func(f *fixture) {
		f.parked()
		f.wake(1)
		h, ok := f.wake(1)
		assert.False(f, ok)
		assert.EqualValues(f, 1, h.Wake, "the head tells who comes second to invoke it all the same")
	},
	"an earlier wait": func(f *fixture) {
		f.claimed()
		f.park(engine.Park{Epoch: 1, Wait: 5})
		_, ok := f.wake(4)
		assert.False(f, ok)
		assert.True(f, f.head().Parked())
	},
	"a thread that has ended": func(f *fixture) {
		f.claimed()
		f.finish("v")
		h, ok := f.wake(1)
		assert.False(f, ok)
		assert.True(f, h.Done)
	},
	"no thread": func(f *fixture) {
		_, _, err := f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: 1})
		assert.ErrorIs(f, err, engine.ErrNotFound)
	},
}

var finishCases = map[string]func(*fixture){
	"the first one counts": func(f *fixture) {
		f.claimed()
		h, ok := f.finish("first")
		assert.True(f, ok)
		assert.Equal(f, data("first"), h.Answer.Value)
		h, ok = f.finish("second")
		assert.False(f, ok)
		assert.Equal(f, data("first"), h.Answer.Value)
		stored := f.head()
		assert.Equal(f, []any{data("first"), data("lines"), 2, false}, []any{stored.Answer.Value, stored.Output, stored.Spawned, stored.Outside})
		f.sameTime(now, stored.Ended)
		assert.False(f, stored.Live(now))
		assert.Empty(f, f.due(now.Add(24*time.Hour)))
	},
	"returns the waiters": func(f *fixture) {
		f.claimed()
		f.register("0", 4)
		h, ok := f.finish("v")
		assert.True(f, ok)
		assert.Equal(f, []engine.Waiter{{Thread: "0", Wait: 4}}, h.Waiters)
		h, ok = f.finish("v")
		assert.False(f, ok)
		assert.Equal(f, []engine.Waiter{{Thread: "0", Wait: 4}}, h.Waiters, "who has decided may have died before he could wake them")
	},
	"a parked thread, from outside": func(f *fixture) {
		f.parked()
		outside := engine.Finish{ID: thread, Answer: engine.Answer{Failed: true, Value: data("e")}, Ended: now, Outside: true, Due: now.Add(time.Minute)}
		h, ok, err := f.store.Finish(f.ctx, outside)
		require.NoError(f, err)
		assert.True(f, ok)
		assert.Equal(f, []any{true, true, 1}, []any{h.Outside, h.Answer.Failed, h.Spawned})
		f.sameTime(now.Add(time.Minute), f.head().Due)
	},
	"no thread": func(f *fixture) {
		_, _, err := f.store.Finish(f.ctx, engine.Finish{ID: thread})
		assert.ErrorIs(f, err, engine.ErrNotFound)
	},
	"seen only as a failure": func(f *fixture) {
		f.claimed()
		require.NoError(f, f.store.See(f.ctx, thread))
		assert.False(f, f.head().Seen)
		_, _, err := f.store.Finish(f.ctx, engine.Finish{ID: thread, Answer: engine.Answer{Failed: true, Value: data("e")}})
		require.NoError(f, err)
		require.NoError(f, f.store.See(f.ctx, thread))
		require.NoError(f, f.store.See(f.ctx, thread))
		assert.True(f, f.head().Seen)
	},
}

var preemptCases = map[string]func(*fixture){
	"gives the thread to the next run": func(f *fixture) {
		f.claimed()
		ok, err := f.store.Preempt(f.ctx, engine.Preempt{ID: thread, Epoch: 1, Snap: data("s"), Spawned: 3, Due: now.Add(time.Minute)})
		require.NoError(f, err)
		assert.True(f, ok)
		h, claimed := f.claim("b", now)
		assert.True(f, claimed)
		assert.Equal(f, []any{data("s"), 3, 1}, []any{h.Snap, h.Spawned, h.Tries})
	},
	"renews the lease": func(f *fixture) {
		f.claimed()
		ok, err := f.store.Preempt(f.ctx, engine.Preempt{ID: thread, Epoch: 1, Due: now.Add(time.Minute), Lease: now.Add(3 * time.Hour)})
		require.NoError(f, err)
		assert.True(f, ok)
		_, claimed := f.claim("b", now.Add(2*time.Hour))
		assert.False(f, claimed)
	},
	"not of another run": func(f *fixture) {
		f.claimed()
		f.claim("a", now)
		ok, err := f.store.Preempt(f.ctx, engine.Preempt{ID: thread, Epoch: 1, Snap: data("s")})
		require.NoError(f, err)
		assert.False(f, ok)
		assert.True(f, f.head().Snap.Empty())
	},
	"not of a thread that has ended": func(f *fixture) {
		f.claimed()
		f.finish("v")
		ok, err := f.store.Preempt(f.ctx, engine.Preempt{ID: thread, Epoch: 1})
		require.NoError(f, err)
		assert.False(f, ok)
	},
}

var registerCases = map[string]func(*fixture){
	"with a thread that has not ended": func(f *fixture) {
		f.thread()
		_, ok := f.register("0", 1)
		assert.True(f, ok)
		assert.Equal(f, []engine.Waiter{{Thread: "0", Wait: 1}}, f.head().Waiters)
	},
	"with one that has: it holds the value": func(f *fixture) {
		f.claimed()
		f.finish("v")
		h, ok := f.register("0", 1)
		assert.False(f, ok)
		assert.True(f, h.Done)
		assert.Equal(f, data("v"), h.Answer.Value)
	},
	"the same twice": func(f *fixture) {
		f.thread()
		f.register("0", 1)
		_, ok := f.register("0", 1)
		assert.True(f, ok)
		assert.Len(f, f.head().Waiters, 1)
	},
	"a full one": func(f *fixture) {
		f.thread()
		for i := range engine.MaxWaiters {
			_, ok := f.register(fmt.Sprint("0.", i), 1)
			assert.True(f, ok)
		}
		h, ok := f.register("0.9", 1)
		assert.False(f, ok)
		assert.False(f, h.Done)
		_, ok = f.register("0.3", 1)
		assert.True(f, ok, "one that is there already")
	},
	"no thread": func(f *fixture) {
		_, _, err := f.store.Register(f.ctx, thread, engine.Waiter{Thread: "0", Wait: 1})
		assert.ErrorIs(f, err, engine.ErrNotFound)
	},
	"beside the head": func(f *fixture) {
		f.claimed()
		_, open, err := f.store.SetMore(f.ctx, thread)
		require.NoError(f, err)
		assert.True(f, open)
		for _, w := range []engine.Waiter{{Thread: "0.8", Wait: 2}, {Thread: "0.9", Wait: 1}, {Thread: "0.8", Wait: 2}} {
			require.NoError(f, f.store.PutWaiter(f.ctx, thread, w, now.Add(time.Hour)))
		}
		h, _ := f.finish("v")
		assert.True(f, h.More)
		waiters, err := f.store.Waiters(f.ctx, thread)
		require.NoError(f, err)
		assert.ElementsMatch(f, []engine.Waiter{{Thread: "0.8", Wait: 2}, {Thread: "0.9", Wait: 1}}, waiters)
		h, open, err = f.store.SetMore(f.ctx, thread)
		require.NoError(f, err)
		assert.False(f, open)
		assert.Equal(f, data("v"), h.Answer.Value)
	},
}
