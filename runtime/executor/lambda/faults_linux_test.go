package lambda_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/lambdalocal"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func few(f *lambdalocal.Function) { f.Environments = 2 }

// What Lambda may do with an event, it does with many of them.
func TestEventsThatComeTwiceLateOrNever(t *testing.T) {
	if testing.Short() {
		return
	}
	for name, faults := range map[string]lambdalocal.Faults{
		"twice":  {Seed: 1, Double: 100, Shuffle: true},
		"late":   {Seed: 2, Delay: 40, Double: 30, Cold: 30, Shuffle: true},
		"never":  {Seed: 3, Drop: 40},
		"broken": {Seed: 4, Break: 30, Drop: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, faults, few)
			c.play(t)
		})
	}
}

// An environment is killed by one of its requests, before it gets there or after it has been done.
func TestKilledAtAnyRequest(t *testing.T) {
	if testing.Short() {
		return
	}
	for n := 1; n <= 46; n += 5 {
		after := n%2 == 0
		t.Run(fmt.Sprintf("%d after %v", n, after), func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, lambdalocal.Faults{}, few)
			c.KillAt(n, after)
			c.play(t)
			assert.Equal(t, 1, c.Count("kill"))
		})
	}
}

// While a run is frozen in the middle of a Python call its lease ends, and another one has the thread. Thawed, it goes on and finds
// that everything has been decided.
func TestFrozenInACall(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	asked, release := make(chan struct{}), make(chan struct{})
	calls := make(chan int, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls <- 1
		n := len(calls)
		if n == 1 {
			close(asked)
			<-release
		}
		fmt.Fprintf(w, "answer %d", n)
	}))
	defer server.Close()
	c := newCloud(t, lambdalocal.Faults{})
	session := c.start(t, `import(ask, steps, 1); fn main(url) { x = ask(url); print(x); x }`, vm.String(server.URL))
	<-asked
	c.Freeze(1)
	close(release)
	require.NoError(t, c.Advance(2*time.Minute))
	require.NoError(t, c.e.Sweep(t.Context()))
	c.Await("done", 1)
	want := shown{"answer 2", map[string][]string{"0": {"asking", "answer 2"}}}
	assert.Equal(t, want, c.finished(t, session), "%v", c.Log())
	c.Thaw(1)
	c.Await("done", 2)
	c.Settle()
	assert.Equal(t, want, c.finished(t, session), "%v", c.Log())
}

// finished is what a session shows that is over.
func (c *cloud) finished(t *testing.T, session string) shown {
	t.Helper()
	result, over, err := c.e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	return c.shown(t, session, result)
}

func brief(f *lambdalocal.Function) { f.Timeout = 6 * time.Second }

// A thread that takes longer than an invocation may goes on in the next one.
func TestLongerThanAnInvocation(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{}, brief)
	session := c.start(t, `
import(double, steps, 1);
fn rest(n) { if n == 0 { 0 } else { sleep(0.9); print(n); double(1) + rest(n - 1) } }
fn main() { rest(6) }`)
	got := c.finish(t, session)
	assert.Equal(t, "12", got.result)
	assert.Equal(t, "6 doubling 1 5 doubling 1 4 doubling 1 3 doubling 1 2 doubling 1 1 doubling 1",
		strings.Join(got.lines["0"], " "))
	h, err := c.e.Noticed(t.Context(), engine.ID{Session: session, Thread: engine.Root})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, h.Epoch, uint64(2), "%v", c.Log())
}

// A call that takes longer than an invocation is made once more, with all the time there is, and then has failed; one that must not
// be made twice has failed at once. One with a time of its own begins where there is as much.
func TestCallsLongerThanAnInvocation(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{}, brief)
	folder := t.TempDir()
	got := c.finish(t, c.start(t, `
import(append_and_wait, steps, 1, twice);
#[at_most_once]
import(append_and_wait, steps, 1, once);
#[timeout(2.5)]
import(append_and_wait, steps, 1, briefly);

fn kind(f) { try { f() } catch e { get(e, "kind") } }
fn late(f) { sleep(0.9); sleep(0.9); sleep(0.9); kind(f) }

fn main(folder) {
  file = lambda (name) { format("{}/{}", folder, name) };
  all = [
    async kind(lambda () { twice(file("twice")) }),
    async late(lambda () { once(file("once")) }),
    async late(lambda () { briefly(file("briefly")) })
  ];
  alone = async twice(file("alone"));
  [await all, kind(lambda () { await alone })]
}`, vm.String(folder)))
	assert.Equal(t, `[["Timeout", "Timeout", "Timeout"], "Timeout"]`, got.result, "%v", c.Log())
	for name, want := range map[string]int{"twice": 2, "once": 1, "briefly": 1, "alone": 2} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Equal(t, want, strings.Count(string(text), "x"), "%s: %v", name, c.Log())
	}
}
