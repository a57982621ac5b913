package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What is large, long, odd, at the limits, or not there; and what must not be taken for something else.

// fill sets every field of a record to something that is not its zero, so that a field that a store forgets is noticed.
func fill(record any) {
	n := int64(0)
	fillValue(reflect.ValueOf(record).Elem(), &n)
}

func fillValue(v reflect.Value, n *int64) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(now.Add(time.Duration(*n) * time.Second)))
		return
	case time.Duration:
		v.SetInt(*n * int64(time.Second))
		return
	case engine.Data:
		v.Set(reflect.ValueOf(data(fmt.Sprint("data ", *n))))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillValue(v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(*n)
	case reflect.Uint8:
		v.SetUint(uint64(*n % 2))
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	}
}

func of(size int) engine.Data {
	return engine.Data{Bytes: bytes.Repeat([]byte{0, 255, 'x', '\n'}, size/4+1)[:size]}
}

var limitCases = map[string]func(*fixture){
	"are usable": func(f *fixture) {
		limits := f.store.Limits()
		assert.Positive(f, limits.Inline)
		assert.Positive(f, limits.Batch)
		assert.Positive(f, limits.Pipeline)
		assert.LessOrEqual(f, limits.Pipeline, 64, "a gap among a thread's children is never longer")
		assert.Positive(f, limits.Shards)
	},
	"every field of a head": func(f *fixture) {
		var h engine.Head
		fill(&h)
		h.ID, h.Expires = thread, h.Expires.Truncate(time.Second)
		require.True(f, f.create(h))
		assert.Equal(f, plain(h), plain(*f.head()))
	},
	"an empty head": func(f *fixture) {
		require.True(f, f.create(engine.Head{ID: thread}))
		assert.Equal(f, plain(engine.Head{ID: thread}), plain(*f.head()))
	},
	"every field of a slot": func(f *fixture) {
		f.thread()
		var s engine.Slot
		fill(&s)
		s.ID, s.Kind = thread, engine.SlotFirst
		_, _, err := f.store.PutSlot(f.ctx, s)
		require.NoError(f, err)
		slots, _, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		require.Len(f, slots, 1)
		s.Expires, slots[0].Expires = time.Time{}, time.Time{} // the store's own
		s.Begun, slots[0].Begun, s.Ended, slots[0].Ended = s.Begun.UTC(), slots[0].Begun.UTC(), s.Ended.UTC(), slots[0].Ended.UTC()
		assert.Equal(f, s, slots[0])
	},
	"every field of a mark": func(f *fixture) {
		f.thread()
		var m engine.Mark
		fill(&m)
		m.ID, m.Kind, m.Expires = thread, engine.MarkFailed, time.Time{}
		_, _, err := f.store.PutMark(f.ctx, m)
		require.NoError(f, err)
		_, marks, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		assert.Equal(f, []engine.Mark{m}, marks)
	},
	"as large as goes": func(f *fixture) {
		size := f.store.Limits().Inline
		f.create(engine.Head{ID: thread, Entry: of(size)})
		f.claim("a", now)
		require.Equal(f, engine.Parked, f.park(engine.Park{Epoch: 1, Wait: 1, Snap: of(size)}))
		snap := f.head().Snap
		_, ok, err := f.store.Finish(f.ctx, engine.Finish{ID: thread, Answer: engine.Answer{Value: of(size)}, Output: of(size)})
		require.NoError(f, err)
		require.True(f, ok)
		_, _, err = f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: 1, Answer: engine.Answer{Value: of(size)}, Output: of(size)})
		require.NoError(f, err)
		h := f.head()
		slots, _, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		require.Len(f, slots, 1)
		for _, got := range []engine.Data{h.Entry, snap, h.Answer.Value, h.Output, slots[0].Answer.Value, slots[0].Output} {
			assert.True(f, bytes.Equal(of(size).Bytes, got.Bytes))
		}
	},
	"values of any size": func(f *fixture) {
		for _, size := range []int{0, 1, f.store.Limits().Inline + 1, 400 << 10, 1<<20 + 1} {
			value, digest := of(size).Bytes, fmt.Sprint("digest", size)
			require.NoError(f, f.store.PutBlob(f.ctx, engine.Blob{Session: "s1", Digest: digest, Value: value, Expires: now}))
			read, err := f.store.Blob(f.ctx, "s1", digest)
			require.NoError(f, err)
			assert.True(f, bytes.Equal(value, read), "%d bytes", size)
		}
	},
	"a whole batch": func(f *fixture) {
		ids := make([]engine.ID, f.store.Limits().Batch)
		for i := range ids {
			ids[i] = engine.ID{Session: "s1", Thread: engine.ChildID("0", i)}
			if i%2 == 0 {
				f.create(engine.Head{ID: ids[i]})
			}
		}
		heads, err := f.store.Heads(f.ctx, ids)
		require.NoError(f, err)
		require.Len(f, heads, len(ids))
		for i, h := range heads {
			assert.Equal(f, i%2 == 0, h != nil && h.ID == ids[i], "%s", ids[i])
		}
	},
	"a long log": func(f *fixture) {
		f.thread()
		numbers := []uint64{0, 9, 10, 99_999, 999_999, 1_000_000, 12_345_678, 1 << 40}
		for _, n := range []int{3, 7, 0, 5, 1, 6, 2, 4} {
			_, _, err := f.store.PutSlot(f.ctx, engine.Slot{ID: thread, Number: numbers[n]})
			require.NoError(f, err)
			_, _, err = f.store.PutMark(f.ctx, engine.Mark{ID: thread, Number: numbers[n], Attempt: 1, Kind: engine.MarkBegun})
			require.NoError(f, err)
		}
		slots, marks, err := f.store.Slots(f.ctx, thread, 10)
		require.NoError(f, err)
		require.Len(f, slots, 6)
		require.Len(f, marks, 6)
		for i := range slots {
			assert.Equal(f, numbers[i+2], slots[i].Number)
			assert.Equal(f, numbers[i+2], marks[i].Number)
		}
	},
	"a thread nested thousands deep": func(f *fixture) {
		deep := engine.ID{Session: "s1", Thread: "0" + strings.Repeat(".1", 3000)}
		h := engine.Head{ID: deep, Parent: deep.Thread[:len(deep.Thread)-2], Due: now}
		require.True(f, f.create(h))
		require.False(f, f.create(h))
		require.True(f, f.create(engine.Head{ID: engine.ID{Session: "s1", Thread: deep.Thread + ".1"}}), "its child is another one")
		_, ok, err := f.store.Register(f.ctx, deep, engine.Waiter{Thread: deep.Thread + ".0", Wait: 1})
		require.NoError(f, err)
		assert.True(f, ok)
		require.NoError(f, f.store.PutWaiter(f.ctx, deep, engine.Waiter{Thread: deep.Thread + ".2", Wait: 1}, now))
		waiters, err := f.store.Waiters(f.ctx, deep)
		require.NoError(f, err)
		assert.Equal(f, []engine.Waiter{{Thread: deep.Thread + ".2", Wait: 1}}, waiters)
		heads, err := f.store.Heads(f.ctx, []engine.ID{deep})
		require.NoError(f, err)
		require.NotNil(f, heads[0])
		assert.Equal(f, h.Parent, heads[0].Parent)
		assert.Equal(f, []engine.Due{{ID: deep, At: now}}, f.due(now))
	},
}

// odd are names that a store must not take apart: futures are named by users.
var odd = []string{"f:a", "f:a#h", "f:ä/ö\\%41+", "f:l#000001", "f:w#0#1", "f:", "f: ", "f:'\"`;--", "f:a@1;", "f:\x01\n", "f:😀", "f:A"}

var apartCases = map[string]func(*fixture){
	"names": func(f *fixture) {
		for i, name := range odd {
			require.True(f, f.create(engine.Head{ID: engine.ID{Session: "s1", Thread: name}, Spawned: i, Targets: []string{name}}), name)
		}
		for i, name := range odd {
			heads, err := f.store.Heads(f.ctx, []engine.ID{{Session: "s1", Thread: name}})
			require.NoError(f, err)
			require.NotNil(f, heads[0], name)
			assert.Equal(f, []any{i, []string{name}, name}, []any{heads[0].Spawned, heads[0].Targets, heads[0].ID.Thread})
		}
	},
	"threads and sessions with similar names": func(f *fixture) {
		ids := []engine.ID{{Session: "s", Thread: "0.1"}, {Session: "s", Thread: "0.11"}, {Session: "s", Thread: "0.1.1"}, {Session: "s1", Thread: "0.1"}, {Session: "s", Thread: "0"}}
		for i, id := range ids {
			require.True(f, f.create(engine.Head{ID: id, Due: now}))
			_, mine, err := f.store.PutSlot(f.ctx, engine.Slot{ID: id, Number: 1, Attempts: i + 1})
			require.NoError(f, err)
			assert.True(f, mine)
			_, mine, err = f.store.PutMark(f.ctx, engine.Mark{ID: id, Number: 1, Kind: engine.MarkBegun})
			require.NoError(f, err)
			assert.True(f, mine)
			require.NoError(f, f.store.PutWaiter(f.ctx, id, engine.Waiter{Thread: "0.7", Wait: uint64(i)}, now))
		}
		for i, id := range ids {
			slots, marks, err := f.store.Slots(f.ctx, id, 0)
			require.NoError(f, err)
			require.Len(f, slots, 1)
			assert.Len(f, marks, 1)
			assert.Equal(f, i+1, slots[0].Attempts)
			waiters, err := f.store.Waiters(f.ctx, id)
			require.NoError(f, err)
			assert.Equal(f, []engine.Waiter{{Thread: "0.7", Wait: uint64(i)}}, waiters)
		}
		require.NoError(f, f.store.Delete(f.ctx, "s"))
		heads, err := f.store.Heads(f.ctx, ids)
		require.NoError(f, err)
		for i, h := range heads {
			assert.Equal(f, ids[i].Session == "s1", h != nil, "%s", ids[i])
		}
	},
	"an operation and other threads": func(f *fixture) {
		other := running()
		other.ID.Thread = "0.2"
		mine := running()
		require.True(f, f.create(other))
		require.True(f, f.create(mine))
		f.claim("a", now)
		f.wake(7)
		f.register("0.7", 1)
		f.park(engine.Park{Epoch: 4, Wait: 8})
		f.finish("v")
		heads, err := f.store.Heads(f.ctx, []engine.ID{other.ID})
		require.NoError(f, err)
		assert.Equal(f, plain(other), plain(*heads[0]))
	},
}

var missingCases = map[string]func(*fixture){
	"is an error where the caller needs it": func(f *fixture) {
		_, _, err := f.store.Finish(f.ctx, ends)
		assert.ErrorIs(f, err, engine.ErrNotFound)
		_, _, err = f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: 1})
		assert.ErrorIs(f, err, engine.ErrNotFound)
		_, _, err = f.store.Register(f.ctx, thread, engine.Waiter{Thread: "0", Wait: 1})
		assert.ErrorIs(f, err, engine.ErrNotFound)
		_, _, err = f.store.SetMore(f.ctx, thread)
		assert.ErrorIs(f, err, engine.ErrNotFound)
		_, err = f.store.Program(f.ctx, "h")
		assert.ErrorIs(f, err, engine.ErrNotFound)
		_, err = f.store.Blob(f.ctx, "s1", "d")
		assert.ErrorIs(f, err, engine.ErrNotFound)
	},
	"does not apply elsewhere": func(f *fixture) {
		assert.Equal(f, engine.Fenced, f.park(engine.Park{Epoch: 0, Wait: 1}))
		ok, err := f.store.Preempt(f.ctx, engine.Preempt{ID: thread})
		require.NoError(f, err)
		assert.False(f, ok)
		ok, err = f.store.SetDue(f.ctx, thread, time.Time{}, now, 0)
		require.NoError(f, err)
		assert.False(f, ok)
		require.NoError(f, f.store.See(f.ctx, thread))
		_, claimed := f.claim("a", now)
		assert.False(f, claimed)
	},
	"and none of it makes one": func(f *fixture) {
		f.claim("a", now)
		f.park(engine.Park{Wait: 1})
		_, _, _ = f.store.Finish(f.ctx, ends)
		_, _, _ = f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: 1, Due: now})
		_, _, _ = f.store.SetMore(f.ctx, thread)
		_, _, _ = f.store.Register(f.ctx, thread, engine.Waiter{Thread: "0", Wait: 1})
		_, _ = f.store.SetDue(f.ctx, thread, time.Time{}, now, 0)
		require.NoError(f, f.store.See(f.ctx, thread))
		heads, err := f.store.Heads(f.ctx, []engine.ID{thread})
		require.NoError(f, err)
		assert.Nil(f, heads[0])
		assert.Empty(f, f.due(now))
	},
	"reads as nothing": func(f *fixture) {
		slots, marks, err := f.store.Slots(f.ctx, thread, 0)
		require.NoError(f, err)
		assert.Empty(f, slots)
		assert.Empty(f, marks)
		waiters, err := f.store.Waiters(f.ctx, thread)
		require.NoError(f, err)
		assert.Empty(f, waiters)
		sessions, err := f.store.Sessions(f.ctx, "", 5)
		require.NoError(f, err)
		assert.Empty(f, sessions)
		assert.Empty(f, f.due(now.Add(time.Hour)))
	},
}
