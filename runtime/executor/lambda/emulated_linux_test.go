package lambda_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/lambdalocal"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

// The tests here are on both sides: in the environments that the emulated Lambda starts, this same binary is the function.
func TestMain(m *testing.M) {
	if lambda.Started() {
		fmt.Fprintln(os.Stderr, lambda.Serve(configure))
		os.Exit(1)
	}
	testkit.Main(m)
}

const tableVariable = "TABLE"

// configure is how the function makes its engine.
func configure(env lambda.Environment) (engine.Config, error) {
	if os.Getenv(tableVariable) == "" {
		return engine.Config{}, errors.New("no table is named")
	}
	c, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return engine.Config{}, err
	}
	client := dynamodb.NewFromConfig(c, func(o *dynamodb.Options) { o.DisableValidateResponseChecksum = true })
	pool := ffi.New(ffi.Config{Python: env.Python, Root: env.Root, Dir: env.Root, Env: env.Variables, Workers: 1})
	return engine.Config{
		Store:    dynamostore.New(client, dynamostore.Options{Table: os.Getenv(tableVariable)}),
		Executor: lambda.New(sdk.NewFromConfig(c), placement), Foreign: pool, Clock: moved{file: os.Getenv(lambdalocal.ClockVariable)},
	}, nil
}

var placement = lambda.BySize("usual", lambda.Size{MemoryMB: 1024, Function: "large"})

// moved is the computer's clock, moved by the test.
type moved struct {
	engine.SystemClock
	file string
}

func (m moved) Now() time.Time { return time.Now().Add(lambdalocal.Moved(m.file)) }

// cloud is an emulated Lambda with a store, and the engine of somebody outside.
type cloud struct {
	*lambdalocal.Lambda
	store  *dynamostore.Store
	client *sdk.Client
	e      *engine.Engine
}

var tables atomic.Int64

// newCloud has the function in two sizes, changed by options.
func newCloud(t *testing.T, faults lambdalocal.Faults, options ...func(*lambdalocal.Function)) *cloud {
	t.Helper()
	l, table := lambdalocal.New(t, faults), fmt.Sprint("hark", tables.Add(1))
	keys := credentials.NewStaticCredentialsProvider("local", "secret", "")
	client := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(testkit.DynamoDB.URL(t)), Credentials: keys, DisableValidateResponseChecksum: true,
	})
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	binary, err := os.Executable()
	require.NoError(t, err)
	for name, size := range map[string]int{"usual": 512, "large": 1024} {
		f := lambdalocal.Function{
			Name: name, Binary: binary, Python: python(t), Root: folder(t), MemoryMB: size, Store: testkit.DynamoDB.URL(t),
			Timeout: time.Minute, Environments: 4, Recursion: true, Variables: []string{tableVariable + "=" + table, "GORACE=halt_on_error=1"},
		}
		for _, o := range options {
			o(&f)
		}
		l.Deploy(f)
	}
	c := &cloud{Lambda: l, store: dynamostore.New(client, dynamostore.Options{Table: table})}
	c.client = sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: &l.URL, Credentials: keys})
	c.e = engine.New(engine.Config{Store: c.store, Executor: lambda.New(c.client, placement), Clock: moved{file: l.Clock()}, Version: "1"})
	return c
}

func python(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	require.NoError(t, err)
	path, err = filepath.Abs(path)
	require.NoError(t, err)
	return path
}

func folder(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs("testdata/service")
	require.NoError(t, err)
	return path
}

// shown is what a session shows: its result, and each thread's lines.
type shown struct {
	result string
	lines  map[string][]string
}

// start starts main.
func (c *cloud) start(t *testing.T, source string, args ...vm.Value) string {
	t.Helper()
	session, err := c.e.Start(t.Context(), engine.Session{Program: compiled.Program(t, source), Function: "main", Args: args})
	require.NoError(t, err)
	return session
}

// rounds is how often the clock is moved before a session is given up.
const rounds = 40

// finish lets a session go on to its end: whenever nothing happens any more it is some minutes later, and the sweep comes by.
func (c *cloud) finish(t *testing.T, session string) shown {
	t.Helper()
	for range rounds {
		c.Settle()
		result, over, err := c.e.Look(t.Context(), session)
		require.NoError(t, err)
		if over {
			return c.shown(t, session, result)
		}
		require.NoError(t, c.Advance(2*time.Minute+time.Second))
		require.NoError(t, c.e.Sweep(t.Context()))
	}
	require.Fail(t, "the session does not come to its end", "%v", c.Log())
	return shown{}
}

func (c *cloud) shown(t *testing.T, session string, result engine.Result) shown {
	t.Helper()
	require.Nil(t, result.Err, "%v", result.Err)
	return shown{vm.Show(result.Value), linesOf(t, c.e, session)}
}

// linesOf are the lines that the threads of a session have committed.
func linesOf(t *testing.T, e *engine.Engine, session string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for todo := []string{engine.Root}; len(todo) > 0; todo = todo[1:] {
		h, err := e.Noticed(t.Context(), engine.ID{Session: session, Thread: todo[0]})
		require.NoError(t, err)
		lines, _, err := e.LinesFrom(t.Context(), h, 0)
		require.NoError(t, err)
		for _, l := range lines {
			all[todo[0]] = append(all[todo[0]], l.Text)
		}
		for i := range h.Spawned {
			todo = append(todo, fmt.Sprintf("%s.%d", todo[0], i))
		}
	}
	return all
}

// undisturbed is what a program shows that runs here, in one process.
func undisturbed(t *testing.T, source string, args ...vm.Value) shown {
	t.Helper()
	pool := ffi.New(ffi.Config{Python: python(t), Root: folder(t)})
	defer pool.Close()
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Foreign: pool, Private: true})
	session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, source), Function: "main", Args: args})
	require.NoError(t, err)
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	require.Nil(t, result.Err, "%v", result.Err)
	return shown{vm.Show(result.Value), linesOf(t, e, session)}
}

// everything has a fan-out of threads with Python calls, threads that are one, a try that fails, and waits for lists.
const everything = `
import(double, steps, 1);
import(secrets, steps, 0);
#[retry(max=4)]
import(flaky, steps, 2);

fn leaf(x) {
  print(format("leaf {}", x));
  double(x) + 1
}

fn fails() { signal("error", "on purpose") }

#[memory(1024)]
fn branch(n) { reduce(lambda (a, b) { a + b }, await map_async(leaf, range(n)), 0) }

fn main(folder) {
  print("begin");
  small = async branch(3);
  sure = async flaky(folder, 5);
  doubled = await map_async(double, [7, 8]);
  print(format("doubled {}", doubled));
  [await small, await sure, doubled, flaky(folder, 6), secrets(), try { await async fails() } catch e { get(e, "message") }]
}`

const everythingGives = "[9, 50, [14, 16], 60, [], \"on purpose\"]"

// play plays everything, which shows the same whatever happens.
func (c *cloud) play(t *testing.T) {
	t.Helper()
	want := undisturbed(t, everything, vm.String(t.TempDir()))
	require.Equal(t, everythingGives, want.result)
	got := c.finish(t, c.start(t, everything, vm.String(t.TempDir())))
	assert.Equal(t, want.result, got.result)
	assert.Equal(t, sorted(want.lines), sorted(got.lines), "%v", c.Log())
}

func sorted(lines map[string][]string) string {
	var b strings.Builder
	for _, thread := range sortedKeys(lines) {
		fmt.Fprintf(&b, "%s: %s\n", thread, strings.Join(lines[thread], " | "))
	}
	return b.String()
}

func sortedKeys(m map[string][]string) []string {
	return slices.SortedFunc(maps.Keys(m), engine.CompareThreads)
}

func TestUndisturbed(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{})
	c.play(t)
	assert.Eventually(t, func() bool { return len(c.Moving()) == 0 }, 10*time.Second, time.Millisecond, "processes go on between invocations")
	for _, what := range []string{"error", "exit", "timeout", "retry", "dead", "recursion"} {
		assert.Zero(t, c.Count(what), "%s: %v", what, c.Log())
	}
	for _, entry := range c.Log() {
		if entry.What == "invoke" { // the first of main's threads asks for memory
			large := strings.Contains(entry.Detail, `"thread":"0.0"`)
			assert.Equal(t, large, entry.Function == "large", "%v", entry)
		}
	}
}
