package replay_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// What cannot be read is told by name, and everything else is there.

const broken = imports + `
fn f(x) { y = double(x); print("f has " + str(y)); y }
fn text(n, s) { if n == 0 { s } else { text(n - 1, s + "....") } }
fn main() { a = async f(1); b = async f(2); print("main"); x = double(long()); print("got it"); [x, await [a, b]] }
fn long() { length(text(9, "")) }
`

var errDisk = errors.New("the disk is broken")

func of(thread string) func(string, any) error {
	return func(what string, key any) error {
		if id, ok := key.(engine.ID); ok && id.Thread == thread && what == "slots" {
			return errDisk
		}
		return nil
	}
}

func headOf(thread string) func(string, any) error {
	return func(what string, key any) error {
		if id, ok := key.(engine.ID); ok && id.Thread == thread && what == "head" {
			return errDisk
		}
		return nil
	}
}

func slots(thread string, change func([]engine.Slot) []engine.Slot) func([]engine.Slot) []engine.Slot {
	return func(all []engine.Slot) []engine.Slot {
		if len(all) == 0 || all[0].ID.Thread != thread {
			return all
		}
		return change(append([]engine.Slot(nil), all...))
	}
}

var missing = map[string]struct {
	change func(*reader)
	// want has all problems of the session, in order of its threads.
	want []string
	// lines is how many lines there are all the same.
	lines int
}{
	"nothing": {func(*reader) {}, nil, 7},
	"a log": {
		func(r *reader) { r.broken = of("0.1") },
		[]string{"thread 0.1 of session seed0: its log: the disk is broken"}, 5,
	},
	"a slot": {
		func(r *reader) { r.changed = slots("0.0", func(all []engine.Slot) []engine.Slot { return all[1:] }) },
		[]string{"thread 0.0 of session seed0, slot 0: its record, which answers py.double, is not in the store"}, 6,
	},
	"a slot of other arguments": {
		func(r *reader) {
			r.changed = slots("0.0", func(all []engine.Slot) []engine.Slot { all[0].Arguments = "0123"; return all })
		},
		[]string{"thread 0.0 of session seed0, slot 0: it does not belong to this execution: seed0#0.0: slot 0 answers a call of py.double with other arguments"}, 7,
	},
	"a slot of another function": {
		func(r *reader) {
			r.changed = slots("0", func(all []engine.Slot) []engine.Slot { all[0].Function = "py.triple"; return all })
		},
		[]string{"thread 0 of session seed0, slot 0: it does not belong to this execution: seed0#0: slot 0 answers a call of py.triple with other arguments or another function than py.double"}, 7,
	},
	"a slot too many": {
		func(r *reader) {
			r.changed = slots("0.1", func(all []engine.Slot) []engine.Slot {
				more := all[0]
				more.Number, more.Output = 1, engine.Data{}
				return append(all, more)
			})
		},
		[]string{"thread 0.1 of session seed0, slot 1: the thread ends without having asked for it"}, 7,
	},
	"the value of a slot": {
		func(r *reader) {
			r.changed = slots("0", func(all []engine.Slot) []engine.Slot {
				all[0].Answer.Value = engine.Data{Digest: "abcd"}
				return all
			})
		},
		[]string{"thread 0 of session seed0, slot 0: the answer of py.double: load the value with digest abcd: read value abcd"}, 7,
	},
	"a damaged value": {
		func(r *reader) {
			r.changed = slots("0", func(all []engine.Slot) []engine.Slot {
				all[0].Answer.Value = engine.Data{Bytes: []byte{250, 1, 2}}
				return all
			})
		},
		[]string{"thread 0 of session seed0, slot 0: the answer of py.double: read an answer: decode value"}, 7,
	},
	"another value": {
		func(r *reader) {
			r.changed = slots("0.1", func(all []engine.Slot) []engine.Slot {
				all[0].Answer.Value = engine.Data{Bytes: number(5)}
				return all
			})
		},
		[]string{"thread 0.1 of session seed0: it ends otherwise than its record says"}, 7,
	},
	"damaged output": {
		func(r *reader) {
			r.changed = slots("0.1", func(all []engine.Slot) []engine.Slot {
				all[0].Output = engine.Data{Bytes: []byte{9}}
				return all
			})
		},
		[]string{"thread 0.1 of session seed0, slot 0: the output: the stored bytes are damaged, or of a newer version"}, 6,
	},
	"another line": {
		func(r *reader) {
			r.changed = slots("0", func(all []engine.Slot) []engine.Slot {
				all[0].Output = engine.Data{Bytes: engine.EncodeLines([]engine.Line{{Stream: engine.Print, Text: "nobody"}})}
				return all
			})
		},
		[]string{`thread 0 of session seed0, slot 0: line 0 of its output is "nobody", and execution prints "main"`}, 6,
	},
	"damaged values": {
		func(r *reader) { r.blob = func(b []byte) []byte { return append([]byte{1}, b...) } },
		[]string{"thread 0 of session seed0, slot 0: the output: load the value with digest ",
			"thread 0.0 of session seed0: what it was started with: load the value with digest ", "stored bytes are damaged"}, 5,
	},
	"the number of threads": {
		func(r *reader) { r.head = func(h *engine.Head) { h.Spawned += 1 - len(h.ID.Thread)/2 } },
		[]string{"thread 0.2 of session seed0: its record, though the thread was started", "thread 0 of session seed0: it starts 2 threads, and 3 by its record"}, 7,
	},
	"an entry": {
		func(r *reader) { r.head = func(h *engine.Head) { h.Entry = engine.Data{} } },
		[]string{"thread 0 of session seed0: what it was started with", "thread 0.0", "thread 0.1"}, 7,
	},
	"a head": {
		func(r *reader) { r.broken = headOf("0.1") },
		[]string{"thread 0.1 of session seed0: its record, though the thread was started: read 1 heads of seed0: the disk is broken",
			"thread 0 of session seed0: the records of the threads that it awaits: read 1 heads of seed0: the disk is broken"}, 5,
	},
	"the program": {
		func(r *reader) {
			r.broken = func(what string, _ any) error {
				if what == "program" {
					return engine.ErrNotFound
				}
				return nil
			}
		},
		[]string{"read program", "read program", "read program"}, 7,
	},
	"a newer program": {
		func(r *reader) {
			r.program = func(b []byte) []byte { b = append([]byte(nil), b...); b[4] = 99; return b }
		},
		[]string{"decode program: malformed program: version 99", "version 99", "version 99"}, 7,
	},
}

func number(n int64) []byte {
	b, err := vm.EncodeValue(nil, vm.Int(n))
	if err != nil {
		panic(err)
	}
	return b
}

func TestMissing(t *testing.T) {
	ctx := context.Background()
	store := memstore.NewWithLimits(engine.Limits{Inline: 24, Batch: 100, Pipeline: 1, Shards: 1})
	got, err := sim.Run(sim.Case{Program: compiled.Program(t, broken), Function: "main", Store: store, Foreign: python})
	require.NoError(t, err)
	for name, c := range missing {
		t.Run(name, func(t *testing.T) {
			r := readOnly(store)
			c.change(r)
			s, err := replay.Open(ctx, r, got.Session)
			require.NoError(t, err)
			lines, problems, err := s.Lines(ctx)
			require.NoError(t, err)
			assert.Len(t, lines, c.lines)
			require.Len(t, problems, len(c.want), "%v", problems)
			for i, want := range c.want {
				assert.ErrorContains(t, problems[i], want)
			}
			_, _, err = s.Order(ctx)
			require.NoError(t, err)
			readable(t, s)
		})
	}
}

// readable: every instant up to where a thread's problem is can be shown, and the next one is refused.
func readable(t *testing.T, s *replay.Session) {
	t.Helper()
	ctx := context.Background()
	threads, _, err := s.Threads(ctx)
	require.NoError(t, err)
	for _, thread := range threads {
		problem := thread.Check(ctx)
		last, _, _ := thread.Last(ctx)
		if _, err := thread.At(ctx, 0); err != nil {
			assert.ErrorContains(t, problem, err.Error())
			continue
		}
		for at := range last.At + 1 {
			c, err := thread.At(ctx, at)
			require.NoError(t, err)
			assert.Equal(t, at, c.Machine().Steps())
		}
		_, err := thread.At(ctx, last.At+1)
		assert.Error(t, err)
	}
}
