package ffi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func atoi(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

func TestIdleWorkersAreUsedAgain(t *testing.T) {
	p := newPool(t, Config{})
	const pid = "import os; result = os.getpid()"
	first := run(t, p, pid).good(t)
	for range 20 {
		assert.Equal(t, first, run(t, p, pid).good(t))
	}
}

// TestAsManyWorkersAsCalls has three calls meet: none ends before all have begun.
func TestAsManyWorkersAsCalls(t *testing.T) {
	p := newPool(t, Config{Workers: 3})
	meet := filepath.Join(t.TempDir(), "meet")
	code := `
import os, time
open(args[0] + str(args[1]), "w").close()
while not all(os.path.exists(args[0] + str(i)) for i in range(3)): time.sleep(0.001)
result = os.getpid()`
	var pids sync.Map
	var wait sync.WaitGroup
	for i := range 3 {
		wait.Go(func() { pids.Store(run(t, p, code, vm.String(meet), vm.Int(int64(i))).good(t), true) })
	}
	wait.Wait()
	n := 0
	pids.Range(func(_, _ any) bool { n++; return true })
	assert.Equal(t, 3, n)
}

func TestNoMoreWorkersThanTheLimit(t *testing.T) {
	p := newPool(t, Config{Workers: 2})
	var wait sync.WaitGroup
	for i := range 200 {
		wait.Go(func() {
			c := engine.Call{Module: "probe", Name: "echo", Args: []vm.Value{vm.Int(int64(i))}}
			c.Begin = func() {
				p.mu.Lock()
				defer p.mu.Unlock()
				assert.LessOrEqual(t, len(p.workers), 2)
			}
			r, err := p.Call(context.Background(), c)
			assert.NoError(t, err)
			assert.Equal(t, strconv.Itoa(i), text(r.Value))
		})
	}
	wait.Wait()
}

func TestWaitingCanBeCancelled(t *testing.T) {
	p := newPool(t, Config{Workers: 1})
	ctx, cancel := context.WithCancel(context.Background())
	busy := runCall("print('on')\nwhile True: pass")
	on := make(chan bool, 1)
	busy.Output = func(engine.Stream, string) { on <- true }
	var wait sync.WaitGroup
	wait.Go(func() {
		_, err := p.Call(ctx, busy)
		assert.ErrorIs(t, err, context.Canceled)
	})
	<-on
	for range 10 {
		short, stop := context.WithTimeout(context.Background(), time.Millisecond)
		_, err := p.Call(short, runCall("result = 1"))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		stop()
	}
	cancel()
	assert.Equal(t, "1", run(t, p, "result = 1").good(t))
	wait.Wait()
}

func TestClose(t *testing.T) {
	for _, code := range []string{
		"print('on')\nwhile True: pass",
		"import threading, time, atexit\natexit.register(lambda: time.sleep(1000))\nthreading.Thread(target=time.sleep, args=(1000,)).start()\nprint('on')",
	} {
		p := newPool(t, Config{})
		on := make(chan bool, 1)
		c := runCall(code)
		c.Output = func(engine.Stream, string) { on <- true }
		done := make(chan error, 1)
		go func() {
			_, err := p.Call(context.Background(), c)
			done <- err
		}()
		<-on
		begin := time.Now()
		require.NoError(t, p.Close())
		assert.Less(t, time.Since(begin), 10*time.Second, "the atexit function takes longer")
		if err := <-done; err != nil {
			assert.ErrorIs(t, err, ErrClosed)
		}
		_, err := p.Call(context.Background(), c)
		assert.ErrorIs(t, err, ErrClosed)
	}
}

func TestCloseLetsIdleWorkersFinish(t *testing.T) {
	path := filepath.Join(t.TempDir(), "written")
	p := newPool(t, Config{})
	run(t, p, "import atexit; f = open(args[0], 'w'); f.write('buffered'); atexit.register(f.close)", vm.String(path))
	require.NoError(t, p.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "buffered", string(data))
}

// TestNothingIsLeft runs good calls, crashes and cancellations, and looks for what should be gone.
func TestNothingIsLeft(t *testing.T) {
	require.Empty(t, children(t), "left by another test")
	files := openFiles(t)
	p := New(Config{Python: anyPython(t), Root: "testdata/py"})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			switch i % 4 {
			case 0:
				cancelled(t, p, "print('on')\nwhile True: pass")
			case 1:
				assert.NotEmpty(t, run(t, p, "import os; os._exit(1)").Crashed)
			default:
				run(t, p, "import subprocess; subprocess.Popen(['sleep', '1000'])")
			}
		})
	}
	wait.Wait()
	require.NoError(t, p.Close())
	assert.Empty(t, children(t))
	assert.Equal(t, files, openFiles(t))
	stacks := make([]byte, 1<<20)
	assert.Eventually(t, func() bool { return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "ffi.(*") }, time.Second, time.Millisecond)
}

// children are the processes that we have started, zombies included.
func children(t *testing.T) (pids []string) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	for _, path := range paths {
		stat, _ := os.ReadFile(path) // it may be gone
		_, after, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(after); len(fields) > 1 && fields[1] == strconv.Itoa(os.Getpid()) {
			pids = append(pids, string(stat))
		}
	}
	return pids
}

func openFiles(t *testing.T) int {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(names)
}

// TestMain lets the test binary be the process whose death TestTheParentsDeath is about.
func TestMain(m *testing.M) {
	if python := os.Getenv("FFI_TEST_PARENT"); python != "" {
		beParent(python)
	}
	os.Exit(m.Run())
}

// beParent makes one call that never ends, and passes on what it prints.
func beParent(python string) {
	p := New(Config{Python: python, Root: "testdata/py"})
	c := runCall(os.Getenv("FFI_TEST_CODE"))
	c.Output = func(_ engine.Stream, line string) { fmt.Println(line) }
	_, err := p.Call(context.Background(), c)
	fmt.Println("the call came back:", err)
	os.Exit(1)
}

func TestTheParentsDeath(t *testing.T) {
	const child = "import os, subprocess\nc = subprocess.Popen(['sleep', '1000'])\nprint(os.getpid(), c.pid)\n"
	for _, code := range []string{child + "c.wait()", child + "sum(iter(int, 1))"} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "FFI_TEST_PARENT="+anyPython(t), "FFI_TEST_CODE="+code)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
		_ = cmd.Wait()
		for _, pid := range strings.Fields(line) {
			gone(t, pid)
		}
	}
}

func TestInterpreter(t *testing.T) {
	dir := t.TempDir()
	script := func(path string) string {
		path = filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\necho no Python here >&2\nexit 4\n"), 0o755))
		return path
	}
	local, env, system := script("tools/python"), script("env/bin/python"), script("bin/python3")
	t.Setenv("PATH", filepath.Dir(system))
	t.Setenv("VIRTUAL_ENV", "")
	cases := []struct{ configured, env, want, err string }{
		{"", "", system, ""},
		{"", filepath.Join(dir, "env"), env, ""},
		{"tools/python", filepath.Join(dir, "env"), local, ""},
		{"python3", "", system, ""},
		{local, "", local, ""},
		{"python2.1", "", "", `find Python: hark.toml says python = "python2.1": exec: "python2.1": executable file not found in $PATH`},
		{"", filepath.Join(dir, "gone"), "", "find Python: VIRTUAL_ENV is " + filepath.Join(dir, "gone")},
	}
	for _, c := range cases {
		t.Setenv("VIRTUAL_ENV", c.env)
		got, err := Interpreter(c.configured, dir)
		assert.Equal(t, c.want, got)
		if c.err != "" {
			assert.ErrorContains(t, err, c.err)
		}
	}
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv("PATH", dir)
	_, err := Interpreter("", dir)
	assert.ErrorContains(t, err, "there is no python3 on the PATH")
}

func TestWhatIsNoPython(t *testing.T) {
	dir := t.TempDir()
	cases := []struct{ script, want string }{
		{"echo no Python here >&2; exit 4", "it exited with status 4: no Python here"},
		{"exit 0", "it exited with status 0: without a word"},
		{"echo not a frame >&4; exec sleep 1000", "is not the beginning of a frame"},
	}
	for _, c := range cases {
		path := filepath.Join(dir, "python")
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+c.script+"\n"), 0o755))
		p := New(Config{Python: path})
		for range 2 {
			_, err := p.Call(context.Background(), runCall(""))
			require.ErrorContains(t, err, "start Python ("+path+"): ")
			assert.ErrorContains(t, err, c.want)
		}
		require.NoError(t, p.Close())
	}
	old, _ := filepath.Glob(filepath.Join(os.Getenv("HOME"), ".pyenv", "versions", "[23].[67].*", "bin", "python"))
	for _, path := range old {
		p := New(Config{Python: path})
		_, err := p.Call(context.Background(), runCall(""))
		assert.Regexp(t, `start Python \(.*\): Python [23]\.[67]\.\d+ is too old: Hark needs 3\.8 or newer$`, errors.Unwrap(fmt.Errorf("%w", err)).Error())
		require.NoError(t, p.Close())
	}
}
