package replay_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// Edits: a debugger that changes threads at random, in worlds in which their runs die.

// editor is a recorder that makes random changes. Like a debugger it makes them where a thread has not been before.
type editor struct {
	*recorder
	edits         sync.Mutex
	random        *rand.Rand
	reached       map[string]uint64
	wanted        map[string]engine.Edit
	left          map[string]int // of the changes of each thread
	made, refused int
	// stop ends the session: a change may have made it endless.
	stop func()
}

// endless is how many instructions are too many.
const endless = 30_000

func newEditor(seed uint64) *editor {
	return &editor{
		recorder: newRecorder(seed, 2+seed%60), random: rand.New(rand.NewPCG(seed, 77)),
		reached: map[string]uint64{}, wanted: map[string]engine.Edit{}, left: map[string]int{},
	}
}

func (e *editor) Run(ctx context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	if e.wants(id, m) {
		e.record(id, m)
		return vm.Break
	}
	e.edits.Lock()
	stop := e.stop
	e.edits.Unlock()
	if m.Steps() > endless && stop != nil {
		stop()
	}
	outcome := e.recorder.Run(ctx, id, m, fuel)
	e.edits.Lock()
	defer e.edits.Unlock()
	e.reached[id.Thread] = max(e.reached[id.Thread], m.Steps())
	return outcome
}

func (e *editor) wants(id engine.ID, m *vm.Machine) bool {
	e.edits.Lock()
	defer e.edits.Unlock()
	if _, met := e.left[id.Thread]; !met {
		e.left[id.Thread] = 4
	}
	if m.Steps() < e.reached[id.Thread] || e.left[id.Thread] == 0 || e.random.IntN(8) > 0 {
		return false
	}
	e.left[id.Thread]--
	e.wanted[id.Thread] = randomEdit(m, e.random)
	return true
}

// randomEdit is a change that may be possible. Ints get small, so that what counts comes to an end.
func randomEdit(m *vm.Machine, random *rand.Rand) engine.Edit {
	frames := m.Frames(3)
	i := random.IntN(len(frames))
	switch random.IntN(4) {
	case 0:
		return engine.Edit{Kind: vm.EditRestart, Frame: i}
	case 1:
		if frames[0].Function >= 0 {
			statements := m.Code().Program().Funcs[frames[0].Function].Debug.Statements
			return engine.Edit{Kind: vm.EditJump, PC: int(statements[random.IntN(len(statements))])}
		}
	}
	values := []vm.Value{vm.Int(int64(random.IntN(4))), vm.String("edited"), vm.Null, vm.List(vm.Int(1), vm.String("x")), vm.Bool(true)}
	e := engine.Edit{Kind: vm.EditRegister, Frame: i, Register: random.IntN(6), Value: values[random.IntN(len(values))]}
	if old, ok := m.Register(i, e.Register); ok && old.Kind() == vm.KindInt {
		e.Value = values[0]
	}
	return e
}

func (e *editor) Edit(id engine.ID) (engine.Edit, bool) {
	e.edits.Lock()
	defer e.edits.Unlock()
	edit, ok := e.wanted[id.Thread]
	delete(e.wanted, id.Thread)
	return edit, ok
}

func (e *editor) Edited(_ engine.ID, err error) {
	e.edits.Lock()
	defer e.edits.Unlock()
	if err != nil {
		e.refused++
		return
	}
	e.made++
}

// edited runs a program that a debugger changes. Time does not leap, as a run that is left over must change nothing.
func edited(t testing.TB, c sim.Case, wild bool) (*memstore.Store, *editor, *sim.Transcript) {
	t.Helper()
	store, e := memstore.New(), newEditor(c.Seed)
	c.Function, c.Store, c.Runner, c.Observer, c.Foreign, c.During = "main", store, e, e, python, func(ctx context.Context, engine *engine.Engine, session string) {
		e.edits.Lock()
		e.stop = func() { _ = engine.Cancel(ctx, session) }
		e.edits.Unlock()
		resolveAll(ctx, engine, session)
	}
	if wild {
		c.Lease, c.Slice, c.Faults = time.Hour, 1, []sim.Faults{{Kill: 5, Lose: 100, Double: 200, Fail: 5}, {Fail: 15, Late: 50}}[c.Seed%2]
	}
	got, err := sim.Run(c)
	require.NoError(t, err)
	require.Empty(t, e.wrong)
	return store, e, got
}

func TestHistoryWithEdits(t *testing.T) {
	made, refused := 0, 0
	for seed := range programs(t) / 4 {
		source := progen.Program(seed, progen.Options{Threads: true, Output: true})
		store, e, got := edited(t, sim.Case{Program: compiled.Program(t, source), Seed: seed}, seed%3 != 0)
		sameHistory(t, store, e.recorder, got.Session, seed)
		made, refused = made+e.made, refused+e.refused
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, source)
		}
	}
	t.Logf("%d edits, %d refused", made, refused)
	require.Greater(t, made, int(programs(t)/2))
}

func TestWorldsWithEdits(t *testing.T) {
	for name, source := range worlds {
		t.Run(name, func(t *testing.T) {
			program := compiled.Program(t, imports+source)
			for seed := range seeds() {
				store, e, got := edited(t, sim.Case{Program: program, Seed: seed}, seed > 0)
				sameHistory(t, store, e.recorder, got.Session, seed)
				s := open(t, store, got.Session)
				soundOrder(t, s, rand.New(rand.NewPCG(seed, 9)))
				soundLines(t, s, got)
				soundEdits(t, s)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

// soundEdits: each change is one instruction, in the middle of a segment, and nothing else happens with it.
func soundEdits(t *testing.T, s *replay.Session) {
	t.Helper()
	ctx := context.Background()
	threads, _, err := s.Threads(ctx)
	require.NoError(t, err)
	for _, thread := range threads {
		if thread.Head().Entry.Empty() {
			continue
		}
		edits, err := thread.Edits(ctx)
		require.NoError(t, err)
		for _, e := range edits {
			before, err := thread.At(ctx, e.At)
			require.NoError(t, err)
			require.NoError(t, before.Machine().Edit(e.Edit))
			after, err := thread.At(ctx, e.At+1)
			require.NoError(t, err)
			assert.Equal(t, before.Machine().Digest(), after.Machine().Digest())
			assert.Equal(t, e.Slot+1, after.NextSlot())
		}
	}
}

// TestAnEditThatARunPassed: who finds that somebody else has made a change before where it is begins again.
func TestAnEditThatARunPassed(t *testing.T) {
	for name, source := range map[string]string{
		"in a call":         `fn main() { a = 1; b = double(3); a + b }`,
		"in a timeout":      `fn main() { a = 1; b = try { with_timeout(future("never"), 5) } catch e { 6 }; a + b }`,
		"before first_of":   `fn f() { sleep(5); 6 } fn main() { a = 1; b = first_of([async f()]); a + nth(b, 1) }`,
		"before its output": `fn main() { a = 1; sleep(3); print(join(map(lambda (i) { "0123456789" }, range(2000)), "")); b = 6; a + b }`,
	} {
		t.Run(name, func(t *testing.T) {
			store := memstore.New()
			got, err := sim.Run(sim.Case{
				Program: compiled.Program(t, imports+source), Function: "main", Store: store, Foreign: python,
				During: func(ctx context.Context, e *engine.Engine, session string) {
					_ = e.Clock.Sleep(ctx, time.Second)
					putEdit(t, ctx, e, session)
				},
			})
			require.NoError(t, err)
			require.Equal(t, "46", vm.Show(got.Result.Value))
			soundEdits(t, open(t, store, got.Session))
			require.NoError(t, open(t, store, got.Session).Root().Check(context.Background()))
		})
	}
}

// putEdit stores a change of thread 0 that the run which has it does not know of.
func putEdit(t *testing.T, ctx context.Context, e *engine.Engine, session string) {
	t.Helper()
	heads, err := engine.ReadHeads(ctx, e.Store, session, []string{engine.Root})
	require.NoError(t, err)
	code, err := e.Code(ctx, heads[0].Program)
	require.NoError(t, err)
	b, err := engine.EncodeEdit(code, 1, engine.Edit{Kind: vm.EditRegister, Value: vm.Int(40)})
	require.NoError(t, err)
	_, mine, err := e.Store.PutSlot(ctx, engine.Slot{
		ID: heads[0].ID, Epoch: heads[0].Epoch, Kind: engine.SlotEdit, Answer: engine.Answer{Value: engine.Data{Bytes: b}}, Ended: e.Clock.Now(),
	})
	require.NoError(t, err)
	require.True(t, mine)
}
