package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flaky is a program whose calls are counted, and some of which fail as long as a file is there.
var flaky = map[string]string{
	"py.py": `
import os
def log(text):
    with open("calls", "a") as f: f.write(text + "\n")
def ok(n):
    log("ok %d" % n)
    return n
def flaky(n):
    log("flaky %d" % n)
    print("trying %d" % n)
    if n == 99 or n in (1, 7) and os.path.exists("fail"): raise ValueError("flaky %d" % n)
    return n * 10
`,
	"main.hk": `
import(flaky, py, 1);
import(ok, py, 1);
fn work(i) {
  print("work " + str(i));
  x = ok(i);
  y = try { flaky(x) } catch e { ok(1000 + i); signal("error", e) };
  print("done " + str(i));
  y
}
fn caught() { try { flaky(99) } catch e { print("caught"); ok(50) } }
fn main() {
  c = await async caught();
  a = map(lambda (i) { async work(i) }, range(3));
  z = ok(100);
  f = async flaky(7);
  w = try { with_timeout(async sleep(0.5), 0.01) } catch e { get(e, "kind") };
  t = await a;
  [c, t, z, await f, w]
}
fn fine() { ok(1) }
`,
	"fail": "",
}

// What a failed session has come to is taken over by the new one; what failed is tried again, and what somebody has caught is
// not.
func TestRetry(t *testing.T) {
	t.Parallel()
	dir := folder(t, flaky)
	_, stderr, code := launch(t, dir, "run", "main.hk").rest()
	require.Equal(t, 1, code, stderr)
	assert.ElementsMatch(t, strings.Fields("99 50 0 0 1 1 1001 2 2 100 7"), numbers(calls(t, dir)))

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	_, _, code = launch(t, dir, "retry", "latest").rest()
	assert.Equal(t, 1, code, "it fails again")
	assert.Equal(t, 2+1, len(numbers(calls(t, dir))), "both calls again, and what the program does about the first")

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	require.NoError(t, os.Remove(filepath.Join(dir, "fail")))
	out := finished(t, dir, "retry", "latest")
	assert.ElementsMatch(t, strings.Fields("1 7"), numbers(calls(t, dir)))
	lines := strings.Split(strings.TrimSpace(out), "\n")
	assert.Equal(t, `=> [50, [0, 10, 20], 100, 70, "Timeout"]`, lines[len(lines)-1])
	assert.ElementsMatch(t, []string{
		"trying 99", "caught", "work 0", "trying 0", "done 0", "work 1", "trying 1", "done 1", "work 2", "trying 2", "done 2", "trying 7",
	}, lines[:len(lines)-1])
	assert.Equal(t, 2, strings.Count(finished(t, dir, "sessions", "--status", "failed"), "main"))

	printed := finished(t, dir, "stdout")
	assert.Equal(t, 12, strings.Count(printed, "\n"), "the new session's history can be read by itself: %s", printed)
	_, stderr, code = launch(t, dir, "retry", "latest").rest()
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "nothing failed in ")
}

func numbers(calls string) []string {
	var all []string
	for _, call := range strings.Split(strings.TrimSpace(calls), "\n") {
		all = append(all, strings.Fields(call)[1])
	}
	return all
}

// With today's code a session is retried if the answers fit it; else it says where they do not, and nothing is run.
func TestRetryWithNewCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"later code":       {`[c, t, z, await f, w]`, `["new", t, await f]`, ""},
		"moved lines":      {"fn caught()", "// a comment\n\nfn caught()", ""},
		"another argument": {"x = ok(i)", "x = ok(i + 0 * i + 1)", "answer 0 of thread 0.1 was that of a call of py.ok (arguments "},
		"another function": {"z = ok(100)", "z = flaky(100)", "answer 0 of thread 0 was that of a call of py.ok (arguments "},
		"another thread":   {"async work(i)", "async work(i + 1)", "thread 0.1 was work(0), and is work(1) with this program"},
		"no such function": {"fn main()", "fn other()", "thread 0 was a call of main, and is nothing: there is no such function with this program"},
	} {
		if testing.Short() && name != "later code" && name != "another argument" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, flaky)
			_, stderr, code := launch(t, dir, "run", "main.hk").rest()
			require.Equal(t, 1, code, stderr)
			require.NoError(t, os.Remove(filepath.Join(dir, "fail")))
			before := calls(t, dir)
			text := strings.Replace(flaky["main.hk"], c.from, c.to, 1)
			require.NotEqual(t, flaky["main.hk"], text)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "main.hk"), []byte(text), 0o644))
			out, stderr, code := launch(t, dir, "retry", "latest", "--code", "new").rest()
			if c.want == "" {
				assert.Equal(t, 0, code, stderr)
				assert.Len(t, numbers(strings.TrimPrefix(calls(t, dir), before)), 2, out)
				return
			}
			assert.Equal(t, 1, code, out)
			assert.Contains(t, stderr, c.want)
			assert.Equal(t, before, calls(t, dir))
			assert.Equal(t, 1, strings.Count(finished(t, dir, "sessions"), " main"), "nothing was made")
		})
	}
}

// What cannot be retried is told.
func TestRetryOfWhatDidNotFail(t *testing.T) {
	t.Parallel()
	dir := folder(t, flaky)
	finished(t, dir, "run", "main.hk", "-f", "fine")
	for _, args := range [][]string{{"latest"}, {"latest", "--json"}} {
		out, stderr, code := launch(t, dir, append([]string{"retry"}, args...)...).rest()
		assert.Equal(t, 1, code)
		assert.Contains(t, out+stderr, "nothing failed in ")
	}
	_, stderr, code := launch(t, dir, "retry", "nosuch").rest()
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "there is no session 'nosuch'")
	_, _, code = launch(t, dir, "retry", "latest", "--code", "mine").rest()
	assert.Equal(t, 2, code)
}

// From a thread on everything that follows from it is done again, and nothing else.
func TestRetryFromAThread(t *testing.T) {
	t.Parallel()
	dir := folder(t, flaky)
	_, _, code := launch(t, dir, "run", "main.hk").rest()
	require.Equal(t, 1, code)
	require.NoError(t, os.Remove(filepath.Join(dir, "fail")))

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	_, stderr, code := launch(t, dir, "retry", "latest", "--from", "0.2").rest()
	assert.Equal(t, 1, code, "another thread had failed, too")
	assert.Contains(t, stderr, "flaky 7")
	assert.ElementsMatch(t, strings.Fields("1 1"), numbers(calls(t, dir)))

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	out := finished(t, dir, "retry", "latest", "--from", "0.4")
	assert.ElementsMatch(t, strings.Fields("7"), numbers(calls(t, dir)))
	assert.Contains(t, out, `[50, [0, 10, 20], 100, 70, "Timeout"]`)
	assert.Contains(t, finished(t, dir, "sessions"), "fork of")

	_, stderr, code = launch(t, dir, "retry", "latest", "--from", "0.9").rest()
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "no thread 0.9")
	_, stderr, code = launch(t, dir, "retry", "latest", "--from", "0", "--code", "new").rest()
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--code new")
}
