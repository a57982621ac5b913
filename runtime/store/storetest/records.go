package storetest

import (
	"bytes"
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Logs, indexes, reads and values.

var logCases = map[string]func(*fixture){
	"the first slot of a number counts": func(f *fixture) {
		f.claimed()
		slot := engine.Slot{
			ID: thread, Number: 7, Epoch: 1, Kind: engine.SlotCall, Function: "m.f", Arguments: "d", Answer: engine.Answer{Failed: true, Value: data("e")},
			Attempts: 2, Output: data("lines"), Begun: now, Ended: now.Add(time.Second),
		}
		_, mine, err := f.store.PutSlot(f.ctx, slot)
		require.NoError(f, err)
		assert.True(f, mine)
		stored, mine, err := f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: 7, Epoch: 2, Function: "m.g"})
		require.NoError(f, err)
		assert.False(f, mine)
		f.sameTime(slot.Begun, stored.Begun)
		f.sameTime(slot.Ended, stored.Ended)
		stored.Begun, stored.Ended = slot.Begun, slot.Ended
		assert.Equal(f, slot, stored)
	},
	"an edit": func(f *fixture) {
		f.claimed()
		slot := engine.Slot{ID: thread, Number: 1, Epoch: 1, Kind: engine.SlotEdit, Function: "edit", Answer: engine.Answer{Value: data("e")}}
		_, mine, err := f.store.PutSlot(f.ctx, slot)
		require.NoError(f, err)
		assert.True(f, mine)
		stored, mine, err := f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: 1, Kind: engine.SlotCall})
		require.NoError(f, err)
		assert.False(f, mine)
		assert.Equal(f, slot, stored)
		slots, _, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		assert.Equal(f, []engine.Slot{slot}, slots)
	},
	"read from a number on, in order": func(f *fixture) {
		f.claimed()
		for _, n := range []uint64{11, 2, 9, 10} {
			_, _, err := f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: n, Kind: engine.SlotCall})
			require.NoError(f, err)
		}
		slots, marks, err := f.store.Slots(f.ctx, thread, 9)
		require.NoError(f, err)
		assert.Empty(f, marks)
		var numbers []uint64
		for _, s := range slots {
			numbers = append(numbers, s.Number)
		}
		assert.Equal(f, []uint64{9, 10, 11}, numbers)
	},
	"marks": func(f *fixture) {
		f.claimed()
		mark := engine.Mark{ID: thread, Number: 3, Attempt: 1, Kind: engine.MarkBegun, Epoch: 1}
		_, mine, err := f.store.PutMark(f.ctx, mark)
		require.NoError(f, err)
		assert.True(f, mine)
		second := mark
		second.Epoch = 2
		stored, mine, err := f.store.PutMark(f.ctx, second)
		require.NoError(f, err)
		assert.False(f, mine)
		assert.Equal(f, mark, stored)
		other := engine.Mark{ID: thread, Number: 3, Attempt: 1, Kind: engine.MarkFailed, Epoch: 2}
		_, mine, err = f.store.PutMark(f.ctx, other)
		require.NoError(f, err)
		assert.True(f, mine, "another kind")
		_, marks, err := f.store.Slots(f.ctx, thread, 3)
		require.NoError(f, err)
		assert.Equal(f, []engine.Mark{mark, other}, marks)
		_, marks, err = f.store.Slots(f.ctx, thread, 4)
		require.NoError(f, err)
		assert.Empty(f, marks)
	},
}

var indexCases = map[string]func(*fixture){
	"earliest first, up to a time": func(f *fixture) {
		for i, minutes := range []int{5, 1, 3, 9} {
			id := engine.ID{Session: "s1", Thread: fmt.Sprint("0.", i)}
			require.True(f, f.create(engine.Head{ID: id, Due: now.Add(time.Duration(minutes) * time.Minute)}))
		}
		require.True(f, f.create(engine.Head{ID: engine.ID{Session: "s1", Thread: "0.9"}}), "never due")
		if f.store.Limits().Shards > 1 {
			assert.Len(f, f.due(now.Add(5*time.Minute)), 3)
			return
		}
		assert.Equal(f, []engine.Due{
			{ID: engine.ID{Session: "s1", Thread: "0.1"}, At: now.Add(time.Minute)},
			{ID: engine.ID{Session: "s1", Thread: "0.2"}, At: now.Add(3 * time.Minute)},
			{ID: engine.ID{Session: "s1", Thread: "0.0"}, At: now.Add(5 * time.Minute)},
		}, f.due(now.Add(5*time.Minute)))
		entries, err := f.store.Due(f.ctx, 0, "", now.Add(time.Hour), 2)
		require.NoError(f, err)
		assert.Len(f, entries, 2)
	},
	"of one session": func(f *fixture) {
		for _, session := range []string{"s1", "s10", "s2"} {
			require.True(f, f.create(engine.Head{ID: engine.ID{Session: session, Thread: "0"}, Due: now}))
		}
		for session, want := range map[string][]engine.Due{
			"s1": {{ID: engine.ID{Session: "s1", Thread: "0"}, At: now}}, "s": nil,
		} {
			var found []engine.Due
			for shard := range f.store.Limits().Shards {
				entries, err := f.store.Due(f.ctx, shard, session, now, 1)
				require.NoError(f, err)
				for _, entry := range entries {
					found = append(found, engine.Due{ID: entry.ID, At: entry.At.UTC()})
				}
			}
			assert.Equal(f, want, found, session)
		}
	},
	"moved if it is as it was": func(f *fixture) {
		f.thread()
		was, later := now.Add(time.Minute), now.Add(4*time.Minute)
		ok, err := f.store.SetDue(f.ctx, thread, was, later, 3*time.Minute)
		require.NoError(f, err)
		assert.True(f, ok)
		assert.Equal(f, []engine.Due{{ID: thread, At: later}}, f.due(now.Add(time.Hour)))
		assert.Equal(f, 3*time.Minute, f.head().Poll)
		ok, err = f.store.SetDue(f.ctx, thread, was, now, 0)
		require.NoError(f, err)
		assert.False(f, ok)
		ok, err = f.store.SetDue(f.ctx, thread, later, time.Time{}, 0)
		require.NoError(f, err)
		assert.True(f, ok)
		assert.Empty(f, f.due(now.Add(time.Hour)))
	},
}

var readCases = map[string]func(*fixture){
	"heads in the order asked for": func(f *fixture) {
		f.thread()
		missing := engine.ID{Session: "s1", Thread: "0.7"}
		heads, err := f.store.Heads(f.ctx, []engine.ID{missing, thread})
		require.NoError(f, err)
		require.Len(f, heads, 2)
		assert.Nil(f, heads[0])
		assert.Equal(f, thread, heads[1].ID)
	},
	"no heads": func(f *fixture) {
		heads, err := f.store.Heads(f.ctx, nil)
		require.NoError(f, err)
		assert.Empty(f, heads)
	},
	"sessions, latest first": func(f *fixture) {
		for _, session := range []string{"b", "a", "c"} {
			f.create(engine.Head{ID: engine.ID{Session: session, Thread: "0.0"}, Started: now})
			f.create(engine.Head{ID: engine.ID{Session: session, Thread: engine.Root}, Started: now})
		}
		names := func(before string, limit int) (names []string) {
			heads, err := f.store.Sessions(f.ctx, before, limit)
			require.NoError(f, err)
			for _, h := range heads {
				assert.Equal(f, engine.Root, h.ID.Thread)
				names = append(names, h.ID.Session)
			}
			return names
		}
		assert.Equal(f, []string{"c", "b", "a"}, names("", 10))
		assert.Equal(f, []string{"c", "b"}, names("", 2))
		assert.Equal(f, []string{"a"}, names("b", 2))
	},
	"sessions, page after page": func(f *fixture) {
		var want []string
		for i := range 7 {
			session := fmt.Sprintf("s%02d", 6-i)
			want = append(want, session)
			f.create(engine.Head{ID: engine.ID{Session: session, Thread: engine.Root}, Function: session})
		}
		var got []string
		for before := ""; ; {
			heads, err := f.store.Sessions(f.ctx, before, 3)
			require.NoError(f, err)
			assert.LessOrEqual(f, len(heads), 3)
			if len(heads) == 0 {
				break
			}
			for _, h := range heads {
				assert.Equal(f, h.ID.Session, h.Function)
				got = append(got, h.ID.Session)
			}
			before = got[len(got)-1]
		}
		assert.Equal(f, want, got)
	},
	"the index, as work is done": func(f *fixture) {
		for i := range 10 {
			f.create(engine.Head{ID: engine.ID{Session: "s1", Thread: engine.ChildID("0", i)}, Due: now.Add(time.Duration(i%5) * time.Second)})
		}
		seen := map[string]bool{}
		var last time.Time
		for shard := range f.store.Limits().Shards {
			for last = (time.Time{}); ; {
				entries, err := f.store.Due(f.ctx, shard, "", now.Add(3*time.Second), 3)
				require.NoError(f, err)
				for _, entry := range entries {
					assert.False(f, entry.At.Before(last), "earliest first")
					last = entry.At
					ok, err := f.store.SetDue(f.ctx, entry.ID, entry.At, now.Add(time.Hour), 0)
					require.NoError(f, err)
					assert.True(f, ok)
					seen[entry.ID.Thread] = true
				}
				if len(entries) == 0 {
					break
				}
			}
		}
		assert.Len(f, seen, 8, "up to the time, and including it")
	},
	"what was read does not change": func(f *fixture) {
		f.thread()
		f.register("0", 1)
		before := f.head()
		f.register("0", 2)
		f.claim("a", now)
		assert.Len(f, before.Waiters, 1)
		assert.EqualValues(f, 0, before.Epoch)
	},
}

var valueCases = map[string]func(*fixture){
	"programs": func(f *fixture) {
		_, err := f.store.Program(f.ctx, "h")
		assert.ErrorIs(f, err, engine.ErrNotFound)
		program := bytes.Repeat([]byte{1, 0, 255}, 200_000)
		require.NoError(f, f.store.PutProgram(f.ctx, "h", program))
		require.NoError(f, f.store.PutProgram(f.ctx, "h", program))
		read, err := f.store.Program(f.ctx, "h")
		require.NoError(f, err)
		assert.True(f, bytes.Equal(program, read))
	},
	"values belong to their session": func(f *fixture) {
		value := bytes.Repeat([]byte{7, 0}, 3_000_000)
		require.NoError(f, f.store.PutBlob(f.ctx, engine.Blob{Session: "s1", Digest: "d", Value: value}))
		require.NoError(f, f.store.PutBlob(f.ctx, engine.Blob{Session: "s1", Digest: "d", Value: value}))
		read, err := f.store.Blob(f.ctx, "s1", "d")
		require.NoError(f, err)
		assert.True(f, bytes.Equal(value, read))
		_, err = f.store.Blob(f.ctx, "s2", "d")
		assert.ErrorIs(f, err, engine.ErrNotFound)
	},
}

var deleteCases = map[string]func(*fixture){
	"everything of one session": func(f *fixture) {
		other := engine.ID{Session: "s2", Thread: "0.1"}
		for _, id := range []engine.ID{thread, {Session: "s1", Thread: engine.Root}, other, {Session: "s2", Thread: engine.Root}} {
			require.True(f, f.create(engine.Head{ID: id, Due: now, Started: now}))
			_, _, err := f.store.PutSlot(f.ctx, engine.Slot{ID: id, Number: 1, Kind: engine.SlotCall})
			require.NoError(f, err)
			_, _, err = f.store.PutMark(f.ctx, engine.Mark{ID: id, Number: 2, Kind: engine.MarkBegun})
			require.NoError(f, err)
			require.NoError(f, f.store.PutWaiter(f.ctx, id, engine.Waiter{Thread: "0.7", Wait: 1}, time.Time{}))
			require.NoError(f, f.store.PutBlob(f.ctx, engine.Blob{Session: id.Session, Digest: "d", Value: []byte(id.Session)}))
		}
		require.NoError(f, f.store.Delete(f.ctx, "s1"))
		require.NoError(f, f.store.Delete(f.ctx, "s1"), "again")
		assert.Equal(f, [5]int{}, f.records("s1"))
		assert.Equal(f, [5]int{1, 1, 1, 1, 1}, f.records("s2"))
		assert.Len(f, f.due(now), 2)
		sessions, err := f.store.Sessions(f.ctx, "", 10)
		require.NoError(f, err)
		assert.Len(f, sessions, 1)
		f.thread()
		assert.Equal(f, [5]int{1}, f.records("s1"), "nothing comes back with a new head of the same name")
	},
	"a session that is not there": func(f *fixture) {
		require.NoError(f, f.store.Delete(f.ctx, "s1"))
	},
	"what has expired": func(f *fixture) {
		for i, session := range []string{"a", "b", "c"} {
			for _, number := range []string{engine.Root, "0.0"} {
				f.create(engine.Head{ID: engine.ID{Session: session, Thread: number}, Expires: now.Add(time.Duration(i) * time.Hour)})
			}
		}
		f.create(engine.Head{ID: engine.ID{Session: "never", Thread: engine.Root}})
		if len(f.expired(now, 10)) == 0 {
			return // the store deletes by itself
		}
		assert.Empty(f, f.expired(now.Add(-time.Second), 10))
		assert.Equal(f, []string{"a"}, f.expired(now, 10))
		assert.ElementsMatch(f, []string{"a", "b", "c"}, f.expired(now.Add(24*time.Hour), 10))
		assert.Len(f, f.expired(now.Add(24*time.Hour), 2), 2)
		require.NoError(f, f.store.Delete(f.ctx, "a"))
		assert.Empty(f, f.expired(now, 10))
	},
}

// records counts what there is of thread 0.1 of a session, and of the session's value: heads, slots, marks, waiters, values.
func (f *fixture) records(session string) (counts [5]int) {
	id := engine.ID{Session: session, Thread: thread.Thread}
	heads, err := f.store.Heads(f.ctx, []engine.ID{id})
	require.NoError(f, err)
	if heads[0] != nil {
		counts[0] = 1
	}
	slots, marks, err := f.store.Slots(f.ctx, id, 0)
	require.NoError(f, err)
	counts[1], counts[2] = len(slots), len(marks)
	waiters, err := f.store.Waiters(f.ctx, id)
	require.NoError(f, err)
	counts[3] = len(waiters)
	value, err := f.store.Blob(f.ctx, session, "d")
	if err == nil && string(value) == session {
		counts[4] = 1
	}
	return counts
}

func (f *fixture) expired(by time.Time, limit int) []string {
	sessions, err := f.store.Expired(f.ctx, by, limit)
	require.NoError(f, err)
	return sessions
}
