package sqlitestore_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

// Several processes work on the same threads at once and are killed at random. Each says what the store has told it: all of
// that has to hold in the end, and what only one can have been told, only one has.

const (
	killThreads = 200
	killSlots   = 10
	killWorkers = 4
	kills       = 60
	// kidFile names the store for a process that works on it.
	kidFile = "HARK_TEST_STORE"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(kidFile); path != "" {
		work(path)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// told is what the store has told a process.
type told struct {
	// What is one of claim, slot, adopted, parked, woken, finished.
	What   string
	Thread string
	// Number is the epoch, the slot or the wait.
	Number uint64
	Value  string
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func killID(i int) engine.ID { return engine.ID{Session: "s", Thread: engine.ChildID("0", i)} }

// work is what a process does until all threads have ended.
func work(path string) {
	ctx := context.Background()
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	check(err)
	w := worker{ctx: ctx, s: s, out: json.NewEncoder(os.Stdout), name: fmt.Sprint(os.Getpid())}
	for open := true; open; {
		open = false
		for _, i := range rand.Perm(killThreads) {
			id := killID(i)
			put, err := s.Create(ctx, engine.Head{ID: id, Due: time.Now()})
			check(err)
			if put {
				w.say("created", id, 0, "")
			}
			open = w.advance(id) || open
		}
	}
	check(s.Close())
}

type worker struct {
	ctx  context.Context
	s    *sqlitestore.Store
	out  *json.Encoder
	name string
}

func (w *worker) say(what string, id engine.ID, number uint64, value string) {
	check(w.out.Encode(told{what, id.Thread, number, value}))
}

// advance works on a thread, and says whether it may have to be worked on further.
func (w *worker) advance(id engine.ID) bool {
	now := time.Now()
	h, ok, err := w.s.Claim(w.ctx, engine.Claim{ID: id, Token: fmt.Sprint(w.name, rand.Uint64()), Now: now, Lease: now.Add(5 * time.Millisecond)})
	check(err)
	if !ok {
		if h.Parked() {
			_, woken, err := w.s.Wake(w.ctx, engine.Wake{ID: id, Wait: h.Wait, Due: now})
			check(err)
			w.sayIf(woken, "woken", id, h.Wait, "")
		}
		return !h.Done
	}
	w.say("claim", id, h.Epoch, "")
	slots, _, err := w.s.Slots(w.ctx, id, 0)
	check(err)
	for n := uint64(len(slots)); n < killSlots; n++ {
		value := fmt.Sprint(w.name, " ", rand.Uint64())
		stored, mine, err := w.s.PutSlot(w.ctx, engine.Slot{ID: id, Number: n, Epoch: h.Epoch, Answer: engine.Answer{Value: text(value)}})
		check(err)
		w.sayIf(mine, "slot", id, n, value)
		w.sayIf(!mine, "adopted", id, n, string(stored.Answer.Value.Bytes))
		if rand.N(4) == 0 {
			outcome, err := w.s.Park(w.ctx, engine.Park{ID: id, Epoch: h.Epoch, Wait: h.Wake + 1})
			check(err)
			w.sayIf(outcome == engine.Parked, "parked", id, h.Wake+1, "")
			return true
		}
	}
	_, decided, err := w.s.Finish(w.ctx, engine.Finish{ID: id, Answer: engine.Answer{Value: text(w.name)}})
	check(err)
	w.sayIf(decided, "finished", id, 0, w.name)
	return false
}

func (w *worker) sayIf(yes bool, what string, id engine.ID, number uint64, value string) {
	if yes {
		w.say(what, id, number, value)
	}
}

func text(s string) engine.Data { return engine.Data{Bytes: []byte(s)} }

// herd starts processes again that were killed.
type herd struct {
	t    *testing.T
	path string
	mu   sync.Mutex
	left int // kills
	told []told
}

// keep lets one process after the other work, until one has found that there is nothing left to do.
func (h *herd) keep() {
	for h.once() {
	}
}

// once lets a process work, and says whether it was killed.
func (h *herd) once() (killed bool) {
	kid := exec.Command(os.Args[0])
	kid.Env = append(os.Environ(), kidFile+"="+h.path)
	kid.Stderr = os.Stderr
	out, err := kid.StdoutPipe()
	if !assert.NoError(h.t, err) || !assert.NoError(h.t, kid.Start()) {
		return false
	}
	lines, limit := bufio.NewScanner(out), rand.N(60)
	for n := 0; lines.Scan(); n++ {
		var what told
		if json.Unmarshal(lines.Bytes(), &what) == nil { // else the kill came in the middle of it
			h.add(what)
		}
		if n == limit && h.mayKill() {
			killed = true
			assert.NoError(h.t, kid.Process.Kill())
		}
	}
	err = kid.Wait()
	assert.True(h.t, killed || err == nil, "%v", err)
	return killed
}

func (h *herd) add(what told) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, what)
}

func (h *herd) mayKill() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left--
	return h.left >= 0
}

func TestKilledProcesses(t *testing.T) {
	h := &herd{t: t, path: filepath.Join(t.TempDir(), "sessions.db"), left: kills}
	var all sync.WaitGroup
	for range killWorkers {
		all.Go(h.keep)
	}
	all.Wait()
	s := open(t, h.path, sqlitestore.Options{})
	heads, slots := map[string]*engine.Head{}, map[string][]engine.Slot{}
	for i := range killThreads {
		found, err := s.Heads(t.Context(), []engine.ID{killID(i)})
		require.NoError(t, err)
		require.NotNil(t, found[0])
		require.True(t, found[0].Done)
		heads[found[0].ID.Thread] = found[0]
		slots[found[0].ID.Thread], _, err = s.Slots(t.Context(), killID(i), 0)
		require.NoError(t, err)
		require.Len(t, slots[found[0].ID.Thread], killSlots)
	}
	once := map[told]bool{}
	for _, what := range h.told {
		switch what.What {
		case "slot", "adopted":
			assert.Equal(t, string(slots[what.Thread][what.Number].Answer.Value.Bytes), what.Value, "%v", what)
		case "finished":
			assert.Equal(t, string(heads[what.Thread].Answer.Value.Bytes), what.Value, "%v", what)
		case "claim":
			assert.LessOrEqual(t, what.Number, heads[what.Thread].Epoch)
		}
		if what.What != "adopted" {
			what.Value = ""
			assert.False(t, once[what], "two were told %v", what)
			once[what] = true
		}
	}
	assert.Negative(t, h.left, "all kills were made")
	t.Logf("%d answers of the store, %d kills", len(h.told), kills)
	require.NoError(t, s.Check(t.Context()))
}
