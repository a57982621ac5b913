package storetest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Live output, which a store need not keep. If it does, this is how.

var liveCases = map[string]func(*fixture){
	"read in order": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		for _, at := range [][3]int{{11, 1, 0}, {7, 2, 0}, {7, 1, 10}, {7, 1, 9}} {
			require.NoError(f, store.PutLive(f.ctx, batch(at[0], at[1], at[2], "x")))
		}
		assert.Equal(f, []string{"7 1 9: x", "7 1 10: x", "7 2 0: x", "11 1 0: x"}, f.shown(store))
	},
	"every field": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		l := batch(1_000_001, 3, 2, "lines")
		require.NoError(f, store.PutLive(f.ctx, l))
		all, err := store.Live(f.ctx, thread)
		require.NoError(f, err)
		require.Len(f, all, 1)
		f.sameTime(l.Expires, all[0].Expires)
		all[0].Expires = l.Expires
		assert.Equal(f, l, all[0])
	},
	"the last one of a number counts": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		require.NoError(f, store.PutLive(f.ctx, batch(0, 1, 0, "first")))
		require.NoError(f, store.PutLive(f.ctx, batch(0, 1, 0, "second")))
		assert.Equal(f, []string{"0 1 0: second"}, f.shown(store))
	},
	"nothing of it is in the log": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		require.NoError(f, store.PutLive(f.ctx, batch(0, 1, 0, "x")))
		slots, marks, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		assert.Empty(f, slots)
		assert.Empty(f, marks)
	},
	"of one thread": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		require.NoError(f, store.PutLive(f.ctx, batch(0, 1, 0, "x")))
		all, err := store.Live(f.ctx, engine.ID{Session: thread.Session, Thread: thread.Thread + ".0"})
		require.NoError(f, err)
		assert.Empty(f, all)
	},
	"dropped, at most that of one call": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		require.NoError(f, store.PutLive(f.ctx, batch(1, 1, 0, "x")))
		require.NoError(f, store.PutLive(f.ctx, batch(2, 1, 0, "y")))
		require.NoError(f, store.DropLive(f.ctx, thread, 1))
		assert.Contains(f, f.shown(store), "2 1 0: y")
	},
	"deleted with its session": func(f *fixture) {
		store, ok := f.live()
		if !ok {
			return
		}
		require.NoError(f, store.PutLive(f.ctx, batch(1, 1, 0, "x")))
		require.NoError(f, f.store.Delete(f.ctx, thread.Session))
		assert.Empty(f, f.shown(store))
	},
}

// live is the store as one of live output, if it is one, with a thread in it.
func (f *fixture) live() (engine.LiveStore, bool) {
	store, ok := f.store.(engine.LiveStore)
	f.claimed()
	return store, ok
}

func batch(slot, attempt, chunk int, text string) engine.Live {
	return engine.Live{
		ID: thread, Slot: uint64(slot), Epoch: 4, Attempt: attempt, Chunk: chunk, Output: []byte(text), Expires: now.Add(24 * time.Hour).Truncate(time.Second),
	}
}

func (f *fixture) shown(store engine.LiveStore) []string {
	f.Helper()
	all, err := store.Live(f.ctx, thread)
	require.NoError(f, err)
	var shown []string
	for _, l := range all {
		shown = append(shown, fmt.Sprintf("%d %d %d: %s", l.Slot, l.Attempt, l.Chunk, l.Output))
	}
	return shown
}
