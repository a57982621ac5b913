package ffi

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// ours are the numbers that the worker has moved its descriptors to.
const ours = "import os, threading, time\nours = range(500, 510)\n"

func TestCrashes(t *testing.T) {
	const wrote = "the Python worker was ended, because something wrote into its protocol's pipe"
	const closed = "the Python worker ended itself, because something closed or replaced its protocol's descriptors"
	cases := []struct{ name, code, want string }{
		{"exit", "import os; os._exit(7)", "the Python worker exited with status 7"},
		{"exit as if all were well", "import os; os._exit(0)", "the Python worker exited with status 0"},
		{"kill", "import os; os.kill(os.getpid(), 9)", "the Python worker was killed by signal 9 (killed)"},
		{"segmentation fault", "import ctypes; ctypes.string_at(0)", "the Python worker was killed by signal 11 (segmentation fault); its last output on stderr:\nFatal Python error"},
		{"abort", "import os; os.write(2, b'the end'); os.abort()", "its last output on stderr:\nthe endFatal Python error: Aborted"},
		{"group", "import os; os.killpg(0, 15)", "the Python worker was killed by signal 15 (terminated)"},
		{"junk", ours + "for k in ours:\n  try: os.write(k, b'junk')\n  except OSError: pass", wrote},
		{"half a frame", ours + "for k in ours:\n  try: os.write(k, b'HARK\\1B\\0\\0\\1\\0\\0\\0\\5\\0\\0\\0')\n  except OSError: pass\nos._exit(1)", "its protocol's pipe"},
		{"junk within a frame", ours + `
def junk():
    while True: os.write(501, b'junk')
threading.Thread(target=junk, daemon=True).start()
result = 'x' * 5_000_000`, wrote},
		{"closed", ours + "os.closerange(3, 1000)", closed},
		{"replaced", ours + "for k in ours:\n  try: os.fstat(k)\n  except OSError: continue\n  os.dup2(os.open(os.devnull, os.O_RDWR), k)", closed},
		{"closed and still running", ours + "os.close(501)\nthreading.Event().wait()", "the Python worker was killed by signal 9"},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			r := run(t, p, c.code)
			require.Nil(t, r.Raised, "%s: %+v", c.name, r.Raised)
			assert.Contains(t, r.Crashed, c.want, c.name)
			assert.Equal(t, "1", run(t, p, "result = 1").good(t), c.name) // the next worker
		}
	})
}

func TestOutputBeforeACrashIsKept(t *testing.T) {
	p := newPool(t, Config{})
	r := run(t, p, "import os, sys\nfor i in range(1000): print(i)\nprint('last words', file=sys.stderr, end='', flush=True)\nos._exit(1)")
	assert.Len(t, r.out, 1000)
	assert.Equal(t, []string{"last words"}, r.err)
	assert.Equal(t, "the Python worker exited with status 1; its last output on stderr:\nlast words", r.Crashed)
}

func TestAForkThatComesBackDoesNotAnswer(t *testing.T) {
	p := newPool(t, Config{Workers: 1})
	for range 20 {
		r := run(t, p, "import os\nchild = os.fork()\nif child: os.waitpid(child, 0)\nresult = child > 0")
		assert.Equal(t, "true", r.good(t))
	}
}

// cancelled makes a call that never ends, and cancels it once it has printed a line, which is returned.
func cancelled(t *testing.T, p *Pool, code string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	said := ""
	c := runCall(code)
	c.Output = func(_ engine.Stream, line string) {
		said = line
		cancel()
	}
	_, err := p.Call(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
	return said
}

func TestCancel(t *testing.T) {
	endless := []string{
		"print('on')\nwhile True: pass",
		"import threading; print('on'); threading.Event().wait()",
		"import signal\nfor s in (signal.SIGTERM, signal.SIGINT): signal.signal(s, signal.SIG_IGN)\nprint('on')\nwhile True: pass",
		"print('on')\nwhile True:\n  try: raise SystemExit\n  except BaseException: pass",
		"print('on'); sum(iter(int, 1))", // in C, with the lock held
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, code := range endless {
			assert.Equal(t, "on", cancelled(t, p, code))
		}
		assert.Equal(t, "1", run(t, p, "result = 1").good(t))
	})
}

func TestCancelBeforeTheCall(t *testing.T) {
	p := newPool(t, Config{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := p.Call(ctx, runCall("result = 1"))
	assert.ErrorIs(t, err, context.Canceled)
	late, cancelLate := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancelLate()
	_, err = p.Call(late, runCall("while True: pass")) // most likely while the worker starts
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestGrandchildrenEndWithTheirWorker(t *testing.T) {
	p := newPool(t, Config{})
	const child = "import os, subprocess, sys\nc = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
	for _, code := range []string{
		child + "print(c.pid)\nc.wait()",
		child + "print(c.pid)\nos._exit(0)",
	} {
		var pid string
		if strings.HasSuffix(code, "wait()") {
			pid = cancelled(t, p, code)
		} else {
			r := run(t, p, code)
			require.NotEmpty(t, r.Crashed)
			pid = r.out[0]
		}
		gone(t, pid)
	}
}

// gone waits until a process is no more, or only a zombie that somebody else has to bury.
func gone(t *testing.T, pid string) {
	t.Helper()
	require.Regexp(t, "^[0-9]+$", pid)
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	}, 5*time.Second, time.Millisecond, "process %s still lives", pid)
}

// TestAnEscapedProcessHoldsNothingUp is about a process that has left its worker's group and keeps the pipes open.
func TestAnEscapedProcessHoldsNothingUp(t *testing.T) {
	p := newPool(t, Config{})
	r := run(t, p, `
import os, subprocess, sys
c = subprocess.Popen([sys.executable, '-c', 'import sys, time; time.sleep(1000)'], start_new_session=True, close_fds=False)
print(c.pid)
os._exit(3)`)
	require.Len(t, r.out, 1)
	assert.Contains(t, r.Crashed, "exited with status 3")
	chatty := run(t, p, `
import os, subprocess, sys
subprocess.Popen([sys.executable, '-c', 'while True: print(1)'], start_new_session=True, close_fds=False)
os._exit(3)`)
	assert.Contains(t, chatty.Crashed, "exited with status 3") // and the other one ends when the pipe is closed
	escaped, err := os.FindProcess(atoi(t, r.out[0]))
	require.NoError(t, err)
	require.NoError(t, escaped.Kill())
}

func TestKilledWhileIdle(t *testing.T) {
	p := newPool(t, Config{Workers: 1})
	for range 10 {
		r := run(t, p, "import os; result = os.getpid()")
		worker, err := os.FindProcess(atoi(t, r.good(t)))
		require.NoError(t, err)
		require.NoError(t, worker.Kill())
		gone(t, text(r.Value))
		require.Empty(t, run(t, p, "result = 1").Crashed)
	}
}

func TestMemory(t *testing.T) {
	p := newPool(t, Config{})
	r := run(t, p, `
import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))
result = [bytearray(1 << 20) for _ in range(10_000)]`)
	require.NotNil(t, r.Raised)
	assert.Equal(t, "MemoryError", r.Raised.Kind)
}
