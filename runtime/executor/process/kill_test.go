package process_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/process"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The test binary plays three parts: the test, which kills; the engine process; and the children, one for each run.
const (
	roleVariable    = "HARK_ROLE"
	effectsVariable = "HARK_EFFECTS"
	folderVariable  = "HARK_FOLDER"
	groupsVariable  = "HARK_GROUPS"
	soakVariable    = "HARK_SOAK"
	theSession      = "killed"
)

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "child":
		exit(process.Child(os.Stdin, os.Stdout, openChild))
	case "engine":
		exit(playEngine())
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// openChild makes the engine of a child.
func openChild(_ json.RawMessage, p process.Ports) (*engine.Engine, error) {
	store, err := openStore()
	if err != nil {
		return nil, err
	}
	pool := ffi.New(ffi.Config{Root: os.Getenv(folderVariable), Workers: 1})
	return engine.New(engine.Config{
		Store: &tracing{Store: store}, Executor: p.Executor, Observer: p.Observer, Foreign: pool,
		Owner: p.Owner, Gone: func(owner string) bool { return owner != p.Owner },
	}), nil
}

func openStore() (*sqlitestore.Store, error) {
	path := filepath.Join(os.Getenv(folderVariable), "sessions.db")
	return sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
}

// tracing notes in the file of effects when an answer is stored.
type tracing struct{ engine.Store }

func (s *tracing) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	stored, mine, err := s.Store.PutSlot(ctx, slot)
	if err == nil && mine && slot.Kind == engine.SlotCall {
		note(fmt.Sprintf("stored %s %d", slot.ID.Thread, slot.Number))
	}
	return stored, mine, err
}

func note(what string) {
	file, err := os.OpenFile(os.Getenv(effectsVariable), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = fmt.Fprintln(file, what)
}

// playEngine starts the session, or goes on with it, waits for its end, and says what children it starts and how it ended.
func playEngine() error {
	store, err := openStore()
	if err != nil {
		return err
	}
	defer store.Close()
	x := process.New(process.Config{
		Path: os.Args[0], Env: append(os.Environ(), roleVariable+"=child"), Places: 4,
		Started: func(id engine.ID, pid int) { fmt.Println("child", pid, id.Thread) },
	})
	// The test starts one engine process after the other: those before are gone.
	owner := strconv.Itoa(os.Getpid())
	e := engine.New(engine.Config{Store: store, Executor: x, Owner: owner, Gone: func(other string) bool { return other != owner }})
	ctx := context.Background()
	if err := begin(ctx, e, store); err != nil {
		return err
	}
	result, err := e.Wait(ctx, theSession)
	if err != nil {
		return err
	}
	if result.Err != nil {
		return fmt.Errorf("the session failed: %+v", result.Err)
	}
	fmt.Println("result", vm.Show(result.Value))
	x.Close()
	return e.Close()
}

func begin(ctx context.Context, e *engine.Engine, store engine.Store) error {
	heads, err := store.Heads(ctx, []engine.ID{{Session: theSession, Thread: engine.Root}})
	if err != nil {
		return err
	}
	if heads[0] != nil {
		return e.Resume(ctx, theSession)
	}
	program, err := compiled(filepath.Join(os.Getenv(folderVariable), "kill.hk"))
	if err != nil {
		return err
	}
	groups, err := strconv.Atoi(os.Getenv(groupsVariable))
	if err != nil {
		return err
	}
	_, err = e.Start(ctx, engine.Session{Program: program, Function: "main", Args: []vm.Value{vm.Int(int64(groups))}, ID: theSession})
	return err
}

func compiled(path string) (*bytecode.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := resolve.Load(filepath.Base(path), func(string) (string, error) { return string(text), nil })
	if p.Stops() {
		return nil, fmt.Errorf("%s: %v", path, p.Diagnostics())
	}
	return codegen.Generate(p), nil
}

// player is the program that plays engines and children: this one.
var player = func(t *testing.T) string {
	exe, err := os.Executable()
	require.NoError(t, err)
	return exe
}

// world is a folder with the program, and its engine processes one after the other.
type world struct {
	t      *testing.T
	player string
	folder string
	env    []string

	// engine is the process that runs now.
	engine *os.Process
}

func newWorld(t *testing.T, player string, groups int) *world {
	w := &world{t: t, player: player, folder: t.TempDir()}
	for _, name := range []string{"kill.hk", "effects.py"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(w.folder, name), text, 0o644))
	}
	w.env = append(os.Environ(), folderVariable+"="+w.folder, effectsVariable+"="+filepath.Join(w.folder, "effects.txt"),
		fmt.Sprint(groupsVariable, "=", groups), "PYTHONDONTWRITEBYTECODE=1")
	return w
}

// run runs an engine process to its end; killed says that it did not come to one. started hears of each child.
func (w *world) run(started func(pid int, thread string)) (result string, killed bool) {
	cmd := exec.Command(w.player)
	cmd.Env = append(w.env, roleVariable+"=engine")
	said := &strings.Builder{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	require.NoError(w.t, err)
	require.NoError(w.t, cmd.Start())
	w.engine = cmd.Process
	result = w.hear(out, started)
	err = cmd.Wait()
	if err == nil {
		return result, false
	}
	require.Equal(w.t, -1, cmd.ProcessState.ExitCode(), "an engine process that is not killed does its work: %v\n%s", err, said)
	return "", true
}

func (w *world) hear(out io.Reader, started func(pid int, thread string)) (result string) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var pid int
		var thread string
		if _, err := fmt.Sscanf(lines.Text(), "child %d %s", &pid, &thread); err == nil {
			started(pid, thread)
			continue
		}
		result = strings.TrimPrefix(lines.Text(), "result ")
	}
	return result
}

// outcome is what is left of a session: the lines of each thread.
func (w *world) outcome() map[string][]string {
	store, err := sqlitestore.Open(w.t.Context(), filepath.Join(w.folder, "sessions.db"), sqlitestore.Options{})
	require.NoError(w.t, err)
	defer store.Close()
	e := engine.New(engine.Config{Store: store})
	heads, err := e.Threads(w.t.Context(), theSession)
	require.NoError(w.t, err)
	lines := map[string][]string{}
	for _, h := range heads {
		require.True(w.t, h.Done, "thread %s has ended", h.ID.Thread)
		all, err := e.Lines(w.t.Context(), h.ID)
		require.NoError(w.t, err)
		lines[h.ID.Thread] = nil
		for _, l := range all {
			lines[h.ID.Thread] = append(lines[h.ID.Thread], l.Text)
		}
	}
	return lines
}

// effects are the lines of the file of effects.
func (w *world) effects() []string {
	text, err := os.ReadFile(filepath.Join(w.folder, "effects.txt"))
	require.NoError(w.t, err)
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// madeAgain are the calls that were made after their answer had been stored.
func madeAgain(effects []string) (again []string) {
	stored := map[string]bool{}
	for _, line := range effects {
		var group, i, before, slot int
		if _, err := fmt.Sscanf(line, "stored 0.%d.%d %d", &group, &i, &slot); err == nil {
			stored[fmt.Sprintf("step %d %d %d", group, i, slot)] = true
		}
		if _, err := fmt.Sscanf(line, "step %d %d %d", &group, &i, &before); err == nil {
			if stored[fmt.Sprintf("step %d %d %d", group, i, min(before, 1))] {
				again = append(again, line)
			}
		}
	}
	return again
}

// perThread is how often one thread's runs are killed: after five times in the same place a thread fails, as it should.
const perThread = 3

// killer kills children, and now and then the engine, a random while after a child was started.
type killer struct {
	w      *world
	random *rand.Rand
	kills  sync.WaitGroup
	// most are the kills of each sort.
	mostWorkers, mostEngines int

	mu      sync.Mutex
	workers int
	engines int
	threads map[string]int
}

func (k *killer) started(pid int, thread string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.workers < k.mostWorkers && k.threads[thread] < perThread && k.random.IntN(4) > 0 {
		k.threads[thread]++
		if child, err := os.FindProcess(pid); err == nil { // a handle: what has ended cannot be mistaken for another
			k.later(child, &k.workers)
		}
	}
	if k.engines < k.mostEngines && k.random.IntN(40) == 0 {
		k.later(k.w.engine, &k.engines)
	}
}

// later kills a process, and counts it if it was alive.
func (k *killer) later(p *os.Process, count *int) {
	after := time.Duration(k.random.IntN(120)) * time.Millisecond
	k.kills.Go(func() {
		<-time.After(after)
		if p.Kill() != nil {
			return
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		*count++
	})
}

// Whatever is killed, whenever: the same result, the same lines, no call made again whose answer was stored.
func TestKilledAnywhere(t *testing.T) {
	groups := testkit.Amount(21, 2)
	binary := player(t)
	calm := newWorld(t, binary, groups)
	want, killed := calm.run(func(int, string) {})
	require.False(t, killed)
	wantLines := calm.outcome()
	require.Len(t, wantLines, 15*groups+1)
	assert.Empty(t, madeAgain(calm.effects()))

	for until := time.Now().Add(soak(t)); ; {
		w := newWorld(t, binary, groups)
		k := newKiller(t, w, testkit.Amount(200, 10), testkit.Amount(12, 2))
		got, killed := w.run(k.started)
		for killed {
			got, killed = w.run(k.started)
		}
		k.kills.Wait()
		t.Logf("%d workers and %d engines were killed", k.workers, k.engines)
		assert.GreaterOrEqual(t, k.workers+k.engines, testkit.Amount(200, 5))
		assert.Equal(t, want, got)
		assert.Equal(t, wantLines, w.outcome())
		assert.Empty(t, madeAgain(w.effects()))
		w.replayed()
		if t.Failed() || time.Now().After(until) {
			return
		}
	}
}

func newKiller(t *testing.T, w *world, workers, engines int) *killer {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return &killer{w: w, random: rand.New(rand.NewPCG(seed, 0)), threads: map[string]int{}, mostWorkers: workers, mostEngines: engines}
}

// soak is how long the test goes on, once at least.
func soak(t *testing.T) time.Duration {
	text := os.Getenv(soakVariable)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d
}

// What keeps children from running anything is told to those who wait.
func TestTroubleIsTold(t *testing.T) {
	exe, err := os.Executable()
	require.NoError(t, err)
	w := newWorld(t, exe, 1)
	for name, command := range map[string][]string{
		"no such file or directory": {filepath.Join(w.folder, "nothing")},
		"exit status 1":             {exe, "-test.run", "[", "-test.v"},
	} {
		store := memstore.New()
		x := process.New(process.Config{Path: command[0], Args: command, Places: 2})
		e := engine.New(engine.Config{Store: store, Executor: x})
		program, err := compiled(filepath.Join(w.folder, "kill.hk"))
		require.NoError(t, err)
		session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main", Args: []vm.Value{vm.Int(1)}})
		require.NoError(t, err)
		_, err = e.Wait(t.Context(), session)
		assert.ErrorContains(t, err, name)
		x.Close()
		require.NoError(t, e.Close())
	}
}

// A child that is told nothing, or nonsense, says so.
func TestChildNeedsAJob(t *testing.T) {
	for _, in := range []string{"", "{", "[1]", "null x"} {
		err := process.Child(strings.NewReader(in), io.Discard, func(json.RawMessage, process.Ports) (*engine.Engine, error) {
			return nil, errors.New("no store")
		})
		assert.Error(t, err, in)
	}
}
