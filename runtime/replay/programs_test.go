package replay_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The examples and the conformance suite, with Python itself.

// history runs a case in a world where nothing is certain, and compares.
func history(t *testing.T, c sim.Case) {
	t.Helper()
	store, rec := memstore.New(), newRecorder(c.Seed, 9)
	rec.growing = true
	c.Store, c.Runner, c.Observer = store, rec, rec
	c.Faults, c.Lease, c.Slice = sim.Faults{Kill: 3, Double: 100, Fail: 3, Leap: 1}, time.Hour, 1
	got, err := sim.Run(c)
	if _, refused := err.(*vm.Error); refused {
		return
	}
	require.NoError(t, err)
	require.Empty(t, rec.wrong)
	sameHistory(t, store, rec, got.Session, c.Seed)
}

func load(files func(string) (string, error), entry string) *bytecode.Program {
	p := resolve.Load(entry, files)
	if p.Stops() {
		return nil
	}
	return codegen.Generate(p)
}

func TestHistoryOfExamples(t *testing.T) {
	root := testkit.Root(t)
	folders, err := filepath.Glob(filepath.Join(root, "examples", "*", "service.hk"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, path := range folders {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			conf, err := config.ForFile(path)
			require.NoError(t, err)
			program := load(func(name string) (string, error) {
				text, err := os.ReadFile(filepath.Join(dir, name))
				return string(text), err
			}, "service.hk")
			if program == nil {
				return // one that shows what the compiler says
			}
			want, err := os.ReadFile(filepath.Join(dir, "want.txt"))
			require.NoError(t, err)
			pool := ffi.New(ffi.Config{Root: dir, Dir: dir, Source: conf.Project.PythonSrc, Workers: 2, Env: quietly()})
			t.Cleanup(func() { require.NoError(t, pool.Close()) })
			for i, c := range commands(string(want)) {
				c.Program, c.Foreign, c.Seed = program, pool, uint64(i)
				history(t, c)
			}
		})
	}
}

// quietly is an environment in which Python leaves no files behind.
func quietly() []string { return append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1") }

// commands are the runs of a transcript.
func commands(transcript string) []sim.Case {
	var all []sim.Case
	for line := range strings.SplitSeq(transcript, "\n") {
		command, ok := strings.CutPrefix(line, "$ hark-ls run ")
		if !ok {
			continue
		}
		c := sim.Case{Function: "main"}
		words := strings.Fields(command)
		for i := 0; i < len(words); i++ {
			switch word := words[i]; {
			case word == "-f":
				i++
				c.Function = words[i]
			case word != "-q" && word != "service.hk":
				c.Args = append(c.Args, vm.String(word))
			}
		}
		all = append(all, c)
	}
	return all
}

func TestHistoryOfTheLanguage(t *testing.T) {
	archives := "*"
	if testing.Short() {
		archives = "threads"
	}
	testkit.Run(t, filepath.Join(testkit.Root(t), "testdata", "language", archives+".txtar"), func(t *testing.T, archive *testkit.Case) {
		cases := 0
		for _, section := range archive.Names() {
			name, ok := strings.CutSuffix(section, ".hk")
			if ok && !strings.Contains(name, "/") && languageCase(t, archive, name) {
				cases++
			}
		}
		t.Logf("%d cases", cases)
	})
}

// languageCase is one that starts threads or calls Python; it says whether it does.
func languageCase(t *testing.T, archive *testkit.Case, name string) bool {
	text := archive.Text(t, name+".hk")
	args, text := arguments(t, text)
	program := load(func(path string) (string, error) {
		if path == "main.hk" {
			return text, nil
		}
		return archive.Read(name + "/" + path)
	}, "main.hk")
	if program == nil || !strings.Contains(text, "async") && len(program.Imports) == 0 {
		return false
	}
	return t.Run(name, func(t *testing.T) {
		t.Parallel()
		c := sim.Case{Program: program, Function: "main", Args: args}
		if len(program.Imports) > 0 {
			c.Foreign = pythonOf(t, archive, name)
		}
		history(t, c)
	})
}

// arguments are those that the first line of a case gives, as JSON; without them the text is that of the program.
func arguments(t *testing.T, text string) ([]vm.Value, string) {
	line, rest, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(line, "@") {
		return nil, text
	}
	var args []vm.Value
	words := strings.Fields(line)
	for _, word := range words[1:] {
		var number int64
		if words[0] != "@args" || json.Unmarshal([]byte(word), &number) != nil {
			return []vm.Value{vm.Null, vm.Null, vm.Null}, rest // refused, or no different
		}
		args = append(args, vm.Int(number))
	}
	return args, rest
}

// pythonOf is a pool of workers over the Python files of a case.
func pythonOf(t *testing.T, archive *testkit.Case, name string) engine.Foreign {
	dir := t.TempDir()
	for _, other := range archive.Names() {
		if path, ok := strings.CutPrefix(other, name+"/"); ok && strings.HasSuffix(path, ".py") {
			path = filepath.Join(dir, filepath.FromSlash(path))
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(archive.Text(t, other)), 0o644))
		}
	}
	pool := ffi.New(ffi.Config{Root: dir, Dir: dir, Workers: 2, Env: quietly()})
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}
