package ffi

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func TestOutputByLine(t *testing.T) {
	cases := []struct {
		name, code string
		out, err   []string
	}{
		{"plain", "print('a'); print(); print('b', 2)", []string{"a", "", "b 2"}, nil},
		{"unfinished", "print('a\\nb', end='')", []string{"a", "b"}, nil},
		{"carriage returns", "print('a\\r\\nb\\rc\\r\\r')", []string{"a", "b\rc\r"}, nil},
		{"both", "import sys; print('a'); print('b', file=sys.stderr, end='')", []string{"a"}, []string{"b"}},
		{"bytes", "import os; os.write(1, b'a\\xff\\xfeb\\nc\\xc3'); os.write(2, b'\\n')", []string{"a\uFFFDb", "c\uFFFD"}, []string{""}},
		{"surrogates", "print('a\\ud800')", []string{`a\ud800`}, nil},
		{"unicode", "print('é𝄞\\0')", []string{"é𝄞\x00"}, nil},
		{"C", "import ctypes; c = ctypes.CDLL(None); c.puts(b'from C'); c.printf(b'more')", []string{"from C", "more"}, nil},
		{"child", "import subprocess, sys; subprocess.check_call([sys.executable, '-c', 'print(1); print(2)'])", []string{"1", "2"}, nil},
		{"buffer", "import sys; sys.stdout.buffer.write(b'late\\n')", []string{"late"}, nil},
		{"own stream", "import sys\nclass S:\n  def write(self, s): return sys.__stdout__.write('<' + s + '>')\n  def flush(self): 1/0\nsys.stdout = S(); print('x', end='')\nresult = 1\nsys.stdout = sys.__stdout__",
			[]string{"<x><>"}, nil},
		{"non-blocking", "import os; os.set_blocking(1, False); print('x')", []string{"x"}, nil},
		{"blocking again", "import os; result = os.get_blocking(1); assert result", nil, nil},
		{"an exception's", "print('before'); 1/0", []string{"before"}, nil},
		{"something like a mark", "print('\\0hark:0123456789abcdef0123456789abcdef:00000001')", []string{"\x00hark:0123456789abcdef0123456789abcdef:00000001"}, nil},
		{"after a dup", "import os; d = os.dup(1); os.close(1); os.dup2(d, 1); os.close(d); print('again')", []string{"again"}, nil},
		{"closed", "import os; os.close(1); os.dup2(os.open(os.devnull, os.O_WRONLY), 2); os.write(2, b'gone')", nil, nil},
		{"open again", "import sys; print(1); print(2, file=sys.stderr)", []string{"1"}, []string{"2"}},
		{"nothing", "", nil, nil},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			r := run(t, p, c.code)
			assert.Empty(t, r.Crashed, c.name)
			assert.Equal(t, c.name == "an exception's", r.Raised != nil, c.name)
			if c.name == "own stream" {
				c.out = []string{strings.Join(r.out, "")}
				assert.Contains(t, c.out[0], "<x>")
			}
			assert.Equal(t, c.out, r.out, c.name)
			assert.Equal(t, c.err, r.err, c.name)
		}
	})
}

func TestAnImportPrintsIntoItsCall(t *testing.T) {
	p := newPool(t, Config{})
	assert.Equal(t, []string{"importing noisy", "called"}, call(t, p, engine.Call{Module: "noisy", Name: "f"}).out)
	assert.Equal(t, []string{"called"}, call(t, p, engine.Call{Module: "noisy", Name: "f"}).out)
}

func TestNoLineIsLostOrMoved(t *testing.T) {
	p := newPool(t, Config{})
	for turn := range 50 {
		r := run(t, p, "import os, threading\n"+
			"def f(k):\n  for i in range(200): os.write(k, b'%d %d\\n' % (args[0], i))\n"+
			"ts = [threading.Thread(target=f, args=(k,)) for k in (1, 2)]\n"+
			"[x.start() for x in ts]; [x.join() for x in ts]", vm.Int(int64(turn)))
		var want []string
		for i := range 200 {
			want = append(want, fmt.Sprint(turn, " ", i))
		}
		assert.Equal(t, want, r.out)
		assert.Equal(t, want, r.err)
	}
}

func TestMuchOutput(t *testing.T) {
	p := newPool(t, Config{})
	r := run(t, p, "for i in range(20_000): print(i, 'x' * (i % 300))")
	assert.Len(t, r.out, 20_000)
	for i, line := range r.out {
		assert.Equal(t, fmt.Sprint(i, " ", strings.Repeat("x", i%300)), line)
	}
	r = run(t, p, "print('é' * 1_500_000, end='')")
	assert.Equal(t, strings.Repeat("é", 1_500_000), strings.Join(r.out, ""))
	assert.Len(t, r.out, 3)
}

// TestThreadsThatOutliveTheirCall is about lines that no call has written: a pool is told, a later call is not.
func TestThreadsThatOutliveTheirCall(t *testing.T) {
	var mu sync.Mutex
	var stray []string
	came := make(chan bool, 10)
	p := newPool(t, Config{Workers: 1, Stray: func(line string) {
		mu.Lock()
		stray = append(stray, line)
		mu.Unlock()
		came <- true
	}})
	fifo := filepath.Join(t.TempDir(), "go")
	run(t, p, `
import os, threading
os.mkfifo(args[0])
def late():
    open(args[0]).read()
    print("late")
threading.Thread(target=late, daemon=True).start()
`, vm.String(fifo))
	assert.Equal(t, []string{"in time"}, run(t, p, "print('in time')").out)
	require.NoError(t, os.WriteFile(fifo, []byte("go"), 0o600))
	<-came
	assert.Equal(t, []string{"next"}, run(t, p, "print('next')").out)
	assert.Equal(t, []string{"late"}, stray)
}

func TestCaptureSplitsAnyChunks(t *testing.T) {
	const mark = "\x00mark:"
	stream := "a\nb\r\n\xff" + mark + "00000001" + "stray\nunfinished" + mark + "00000002"
	for size := 1; size <= len(stream); size++ {
		var lines, stray []string
		c := newCapture(mark, func(line string) { stray = append(stray, line) })
		c.begin(1, func(line string) { lines = append(lines, line) })
		for rest := stream; rest != ""; {
			n := min(size, len(rest))
			c.feed([]byte(rest[:n]))
			rest = rest[n:]
		}
		<-c.ended()
		assert.Equal(t, []string{"a", "b", "\uFFFD"}, lines)
		assert.Equal(t, []string{"stray", "unfinished"}, stray)
	}
}
