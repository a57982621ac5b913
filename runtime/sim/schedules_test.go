package sim_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A schedule is a program, a world and a seed or, written down, what happened otherwise than in a calm world. A test of many looks
// for one that breaks a promise, leaves out of it what is not needed, and writes it to a file that runs it again.

var scheduleFile = flag.String("schedule", "", "the file of a schedule for TestReplaySchedule to run again, with what happens in it")

// world is what a schedule's faults and limits are; it goes into the file as it is.
type world struct {
	Name    string
	Faults  sim.Faults
	Lease   time.Duration
	Slice   time.Duration
	Fuel    uint64
	Term    time.Duration
	Engines int
	Limits  *engine.Limits
}

// worlds go from one where only the order varies to those where all goes wrong at once.
var worlds = []world{
	{Name: "order"},
	{Name: "preempted", Fuel: 3, Slice: 1},
	{Name: "deaths", Faults: sim.Faults{Kill: 12}, Lease: time.Minute, Fuel: 50},
	{Name: "invocations", Faults: sim.Faults{Lose: 100, Double: 150, Late: 100}},
	{Name: "requests", Faults: sim.Faults{Fail: 15}, Lease: time.Minute},
	{Name: "left over", Faults: sim.Faults{Stall: 15, Leap: 10, Late: 50, Double: 50}, Lease: time.Minute, Fuel: 40, Engines: 3},
	{Name: "left over and dying", Faults: sim.Faults{Stall: 20, Kill: 8, Forget: 100}, Lease: 2 * time.Second, Fuel: 40, Slice: 3 * time.Second},
	{Name: "index", Faults: sim.Faults{Lag: 500, Lose: 150, Stall: 5}, Lease: time.Minute},
	{Name: "terms", Faults: sim.Faults{Stall: 8, Late: 50, Double: 50, Lose: 30}, Term: 8 * time.Second, Engines: 3},
	{Name: "small records", Faults: sim.Faults{Kill: 4, Fail: 4}, Limits: &engine.Limits{Inline: 8, Batch: 3, Pipeline: 16, Shards: 1}},
	{
		Name: "everything", Faults: sim.Faults{Kill: 4, Lose: 50, Double: 80, Late: 50, Fail: 4, Leap: 2, Stall: 4, Lag: 200, Forget: 50},
		Lease: time.Minute, Slice: time.Second, Fuel: 30, Engines: 2,
		Limits: &engine.Limits{Inline: 200, Batch: 100, Pipeline: 4, Shards: 1},
	},
}

// subject is a program and what may come of it; of most there is one outcome, whatever happens.
type subject struct {
	name, source string
	outcomes     []string
	program      *bytecode.Program
	took         time.Duration // in a calm world
}

// races are programs whose outcome may depend on the order, but of each thread's runs on none.
var races = map[string]struct {
	source   string
	outcomes []string
}{
	"the first of several": {`fn f(s) { sleep(s); s }
fn main() { x = first_of([async f(2), async f(1)]); print(str(x)); sleep(3); str(x) }`,
		[]string{"0: [1, 1]\n=> [1, 1]\n", "0: [0, 2]\n=> [0, 2]\n"}},
	"a timeout of a wait": {`fn f(s) { sleep(s); s }
fn main() { x = try { with_timeout(async f(3), 2) } catch e { "late" }; print(str(x)); sleep(3); str(x) }`,
		[]string{"0: late\n=> late\n", "0: 3\n=> 3\n"}},
	"a timeout of a thread": {`import(double, py, 1);
#[timeout(5)]
fn f() { double(3); double(4) }
fn main() { try { await async f() } catch e { get(e, "kind") } }`,
		[]string{"0.0: doubling 3\n=> Timeout\n", "=> Timeout\n", "0.0: doubling 3\n0.0: doubling 4\n=> 8\n", "0.0: doubling 3\n0.0: doubling 4\n=> Timeout\n"}},
	"at most once": {`#[at_most_once]
import(double, py, 1);
fn main() { try { double(1) } catch e { get(e, "kind") } }`,
		[]string{"0: doubling 1\n=> 2\n", "=> Crash\n"}},
	"a shared future that ends soon": {`import(instant, py, 1);
fn soon() { instant(0); instant(0); instant(0); 5 }
fn wait(x) { 1 + await x }
fn main() { s = async soon(); reduce(lambda (a, b) { a + b }, await map(lambda (i) { async wait(s) }, range(9)), 0) }`,
		[]string{"=> 54\n"}},
	"a long wait": {`fn f() { sleep(100000); 1 }
fn main() { await async f() }`,
		[]string{"=> 1\n"}},
	"retries": {`#[retry(max=3, backoff=10.0)]
import(flaky, py, 1);
fn f(n) { x = flaky(n); print(x); x }
fn main() { await [async f(1), async flaky(2)] }`,
		[]string{"0.0: attempt 3\n0.0: 1\n0.1: attempt 3\n=> [1, 2]\n"}},
	"a chain of threads and calls": {`import(double, py, 1);
fn f(n) { print("before"); x = double(n); a = async double(0); y = double(x); print("after"); x + y + await a }
fn main() { x = double(0); s = await map(lambda (i) { async f(i) }, range(2)); print(str(s)); sleep(2); double(0) }`,
		[]string{"0: doubling 0\n0: [0, 6]\n0: doubling 0\n0.0: before\n0.0: doubling 0\n0.0: doubling 0\n0.0: after\n0.0.0: doubling 0\n" +
			"0.1: before\n0.1: doubling 1\n0.1: doubling 2\n0.1: after\n0.1.0: doubling 0\n=> 0\n"}},
}

func subjects(t testing.TB) []*subject {
	t.Helper()
	var all []*subject
	for name, p := range programs {
		all = append(all, &subject{name: name, source: p.source, outcomes: []string{p.want}})
	}
	for name, r := range races {
		all = append(all, &subject{name: name, source: r.source, outcomes: r.outcomes})
	}
	slices.SortFunc(all, func(a, b *subject) int { return strings.Compare(a.name, b.name) })
	for _, s := range all {
		s.program = compiled.Program(t, s.source)
		calm, err := sim.Run(s.schedule(world{}, 0))
		require.NoError(t, err, s.name)
		require.Equal(t, s.outcomes[0], calm.String(), s.name)
		s.took = calm.Took
	}
	return all
}

// schedule is the case of a subject in a world.
func (s *subject) schedule(w world, seed uint64) sim.Case {
	c := sim.Case{
		Program: s.program, Function: "main", Foreign: python, Seed: seed, Faults: w.Faults,
		Lease: w.Lease, Slice: w.Slice, Fuel: w.Fuel, Term: w.Term, Engines: w.Engines, Steps: 100_000, Rerun: true,
	}
	if w.Limits != nil {
		c.Store = memstore.NewWithLimits(*w.Limits)
	}
	return c
}

// judge is what a schedule broke, nil if nothing: what the monitor found, or what only who knows the program can tell.
func (s *subject) judge(w world, got *sim.Transcript, err error) *sim.Violation {
	var v *sim.Violation
	switch {
	case errors.As(err, &v):
		return v
	case err != nil:
		return &sim.Violation{Promise: "no error", Message: err.Error()}
	case !slices.Contains(s.outcomes, got.String()):
		return &sim.Violation{Promise: "result", Message: fmt.Sprintf("it comes to\n%.1000s\ninstead of\n%.1000s", got, s.outcomes[0])}
	case w.Name == "order" && got.Took.Round(time.Second/4) != s.took.Round(time.Second/4):
		return &sim.Violation{Promise: "no delay", Message: fmt.Sprintf("it takes %v, and %v if nothing goes wrong", got.Took, s.took)}
	}
	return nil
}

// run runs a schedule: that of a seed, or of events if they are not nil.
func (s *subject) run(c sim.Case, w world) (*sim.Transcript, *sim.Violation) {
	got, err := sim.Run(c)
	broken := s.judge(w, got, err)
	if broken != nil {
		broken.Seed = c.Seed
	}
	return got, broken
}

// schedules is how many are tried, a twentieth of it in a short test.
var schedules = 10_000

// TestSchedules: whatever happens, every promise is kept.
func TestSchedules(t *testing.T) {
	all := subjects(t)
	const parts = 4
	tries := schedules
	if testing.Short() {
		tries /= 20
	}
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for i := part; i < tries; i += parts {
				s, w := all[i%len(all)], worlds[i/len(all)%len(worlds)]
				if _, broken := s.run(s.schedule(w, uint64(i)), w); broken != nil {
					t.Fatal(report(t, s, w, uint64(i), nil))
				}
			}
		})
	}
}

// report is the shortest schedule found that breaks the same promise, as a file.
func report(t *testing.T, s *subject, w world, seed uint64, wrap func(engine.Store) engine.Store) string {
	t.Helper()
	got, broken, err := shortest(s, w, seed, wrap)
	if err != nil {
		return err.Error()
	}
	file := string(txtar.Format(archive(t, s, w, seed, got, broken)))
	path := filepath.Join(os.TempDir(), fmt.Sprintf("schedule-%d.txtar", seed))
	require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
	return fmt.Sprintf("%s, in world %q: %v\nto run it again: go test ./runtime/sim -run TestReplaySchedule -schedule %s\n%s", s.name, w.Name, broken, path, file)
}

// shortest shrinks the schedule of a seed.
func shortest(s *subject, w world, seed uint64, wrap func(engine.Store) engine.Store) (*sim.Transcript, *sim.Violation, error) {
	again := func(events []sim.Event) (*sim.Transcript, *sim.Violation) {
		c := s.schedule(w, seed)
		if wrap != nil {
			c.Store = wrap(c.Store)
		}
		c.Events, c.Trace = events, events != nil
		return s.run(c, w)
	}
	got, broken := again(nil)
	if broken == nil {
		return nil, nil, fmt.Errorf("seed %d breaks nothing when it is run again", seed)
	}
	events := sim.Shrink(got.Events, 500, func(events []sim.Event) bool {
		_, other := again(events)
		return other != nil && other.Promise == broken.Promise
	})
	got, broken = again(events)
	return got, broken, nil
}

func archive(t testing.TB, s *subject, w world, seed uint64, got *sim.Transcript, broken *sim.Violation) *txtar.Archive {
	t.Helper()
	settings, err := json.MarshalIndent(w, "", "  ")
	require.NoError(t, err)
	outcomes, err := json.MarshalIndent(s.outcomes, "", "  ")
	require.NoError(t, err)
	var events strings.Builder
	for _, e := range got.Events {
		fmt.Fprintln(&events, e)
	}
	comment := fmt.Sprintf("%s\nseed %d\nbreaks %s\n", s.name, seed, broken.Promise)
	return &txtar.Archive{Comment: []byte(comment), Files: []txtar.File{
		{Name: "main.hk", Data: []byte(s.source + "\n")},
		{Name: "outcomes.json", Data: append(outcomes, '\n')},
		{Name: "world.json", Data: append(settings, '\n')},
		{Name: "events", Data: []byte(events.String())},
		{Name: "trace", Data: []byte(strings.Join(got.Trace, "\n") + "\n")},
	}}
}

// replayed is a schedule from a file.
type replayed struct {
	*subject
	world    world
	schedule sim.Case
}

func replayedFrom(t testing.TB, a *txtar.Archive) replayed {
	t.Helper()
	sections := map[string]string{}
	for _, f := range a.Files {
		sections[f.Name] = string(f.Data)
	}
	r := replayed{subject: &subject{source: sections["main.hk"], program: compiled.Program(t, sections["main.hk"])}}
	require.NoError(t, json.Unmarshal([]byte(sections["outcomes.json"]), &r.outcomes))
	require.NoError(t, json.Unmarshal([]byte(sections["world.json"]), &r.world))
	var seed uint64
	for line := range strings.Lines(string(a.Comment)) {
		_, _ = fmt.Sscanf(line, "seed %d", &seed)
	}
	calm, err := sim.Run(r.subject.schedule(world{}, 0))
	require.NoError(t, err)
	r.took = calm.Took
	r.schedule = r.subject.schedule(r.world, seed)
	r.schedule.Events, err = sim.ParseEvents(sections["events"])
	require.NoError(t, err)
	r.schedule.Trace = true
	return r
}

// TestReplaySchedule runs schedules again that have once broken a promise, and the one of -schedule.
func TestReplaySchedule(t *testing.T) {
	paths, err := filepath.Glob("testdata/schedules/*.txtar")
	require.NoError(t, err)
	if *scheduleFile != "" {
		paths = []string{*scheduleFile}
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			file, err := txtar.ParseFile(path)
			require.NoError(t, err)
			r := replayedFrom(t, file)
			got, broken := r.run(r.schedule, r.world)
			if *scheduleFile != "" {
				t.Log("\n" + strings.Join(got.Trace, "\n"))
			}
			assert.Nil(t, broken, "%v", broken)
		})
	}
}

// flaky raises at first, and returns at the third try.
func flaky(a *sim.Attempt) engine.CallResult {
	a.Output(engine.Stderr, fmt.Sprint("attempt ", a.Attempt))
	if a.Attempt < 3 {
		return sim.Raise("E", "not yet")
	}
	return sim.Return(vm.Int(map[bool]int64{true: 1, false: 2}[vm.Show(a.Args[0]) == "1"]))
}
