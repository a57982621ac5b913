package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The same programs for all debuggers, each with a comment @NAME on lines that are stopped at, or would be.

// The versions that are compared with.
const (
	delveVersion   = "v1.27.2"
	debugpyVersion = "1.8.17"
)

// debugged is a language with its debugger, as far as the measurements need it.
type debugged struct {
	name string
	ext  string
	// adapter starts the debugger, plain runs a file without it.
	adapter func() ([]string, error)
	plain   func(path string) ([]string, error)
	// build makes of a source file what is launched; absent where that is the file itself.
	build  func(path string) error
	launch func(path string) map[string]any
	// steps walks for ever, turns counts down from a number, fib computes it, empty does nothing.
	steps, turns, fib, empty string
	// checks are the turns of the condition that never holds, depth what is given to fib.
	checks, depth int
}

// lineOf is the line of a text, from 1, that has a mark.
func (d debugged) lineOf(text, mark string) int {
	before, _, _ := strings.Cut(text, "@"+mark)
	return 1 + strings.Count(before, "\n")
}

// write puts a program into a folder and builds it.
func (d debugged) write(dir, name, text string) (path string, err error) {
	path = filepath.Join(dir, name+d.ext)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil || d.build == nil {
		return path, err
	}
	return path, d.build(path)
}

func harkBinary(arguments ...string) ([]string, error) {
	binary, err := filepath.Abs(filepath.Join("..", "bin", "hark-ls"))
	return append([]string{binary}, arguments...), err
}

var harkDebugged = debugged{
	name: "hark-ls", ext: ".hk", checks: 1_000_000, depth: 32,
	adapter: func() ([]string, error) { return harkBinary("dap") },
	plain:   func(path string) ([]string, error) { return harkBinary("run", path) },
	launch: func(path string) map[string]any {
		return map[string]any{"program": path, "cwd": filepath.Dir(path), "stopOnEntry": true}
	},
	steps: `fn main() {
  walk(0, 0)
}
fn walk(i, sum) {
  next = sum + i;  // @walk
  half = next / 2;
  pair = [next, half];
  walk(i + 1, next)
}
`,
	turns: `fn main() {
  n = turns(%d);
  n  // @end
}
fn turns(n) {
  m = n;  // @check
  if m == 0 { 0 } else { turns(n - 1) }
}
`,
	fib: `fn never() {
  null  // @never
}
fn fib(n) {
  if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}
fn main() { fib(%d) }
`,
	empty: "fn main() { null }\n",
}

var delveDebugged = debugged{
	name: "Delve " + delveVersion, ext: ".go", checks: 2_000, depth: 40,
	adapter: func() ([]string, error) {
		binary, err := installGo("dlv", "github.com/go-delve/delve/cmd/dlv", delveVersion)
		return []string{binary, "dap", "--client-addr"}, err
	},
	plain: func(path string) ([]string, error) { return []string{goProgram(path)}, nil },
	build: func(path string) error {
		out, err := exec.Command("go", "build", "-gcflags=all=-N -l", "-o", goProgram(path), path).CombinedOutput()
		if err != nil {
			return fmt.Errorf("build %s: %w\n%s", path, err, out)
		}
		return nil
	},
	launch: func(path string) map[string]any {
		return map[string]any{"mode": "exec", "program": goProgram(path), "cwd": filepath.Dir(path), "stopOnEntry": true}
	},
	steps: `package main

func main() { walk() }

func walk() {
	sum := 0
	for i := 0; ; i++ {
		next := sum + i // @walk
		half := next / 2
		pair := []int{next, half}
		sum = pair[0]
	}
}
`,
	turns: `package main

func main() {
	n := turns(%d)
	println(n) // @end
}

func turns(n int) int {
	for n > 0 {
		n-- // @check
	}
	return n
}
`,
	fib: `package main

func never() {
	println() // @never
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	if fib(%d) == 0 {
		never()
	}
}
`,
	empty: "package main\n\nfunc main() {}\n",
}

// goProgram is the binary that is built of a source file.
func goProgram(path string) string { return strings.TrimSuffix(path, ".go") }

var debugpyDebugged = debugged{
	name: "debugpy " + debugpyVersion, ext: ".py", checks: 100_000, depth: 27,
	adapter: func() ([]string, error) {
		python, err := installPython("python3", "debugpy", debugpyVersion)
		return []string{python, "-Xfrozen_modules=off", "-m", "debugpy.adapter"}, err
	},
	plain: func(path string) ([]string, error) {
		python, err := installPython("python3", "debugpy", debugpyVersion)
		return []string{python, path}, err
	},
	launch: func(path string) map[string]any {
		return map[string]any{"program": path, "cwd": filepath.Dir(path), "stopOnEntry": true, "console": "internalConsole"}
	},
	steps: pythonSteps, turns: pythonTurns, fib: pythonFib, empty: "pass\n",
}

const (
	pythonSteps = `def walk():
    total = i = 0
    while True:
        following = total + i  # @walk
        half = following // 2
        pair = [following, half]
        total = pair[0]
        i += 1


walk()
`
	pythonTurns = `def turns(n):
    while n > 0:
        n -= 1  # @check
    return n


n = turns(%d)
print(n)  # @end
`
	pythonFib = `def never():
    return None  # @never


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


fib(%d)
`
)

// longRun are ten million instructions and more: turns of a loop, calls, and lists of a length in the prelude's functions.
const longRun = `fn add(a, b) {
  c = a + b;
  c %% 1000003
}
fn square(x) {
  y = x * x;
  y %% 1009
}
fn loop(i, sum) {
  next = add(sum, i);
  if i == 0 { next } else { loop(i - 1, next) }
}
fn fib(n) {
  if n < 2 {
    n
  } else {
    a = fib(n - 1);
    b = fib(n - 2);
    a + b
  }
}
fn main() {
  a = loop(%d, 0);
  b = fib(24);
  c = reduce(add, map(square, range(%d)), 0);
  [a, b, c]  // @end
}
`

// errOther says that what a debugger was to do is not what it has done.
var errOther = errors.New("not the stop that was expected")
