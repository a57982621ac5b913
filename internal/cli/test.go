package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What files of tests and the tests in them are called.
const (
	testFile   = "_test.hk"
	testPrefix = "test_"
)

// testFlags are the flags of test.
type testFlags struct {
	json  bool
	junit string
	only  string
	jobs  int
}

func testCommand(env *environment) *cobra.Command {
	var o testFlags
	cmd := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run the tests of a project",
		Long: `Runs the functions test_… of the files …_test.hk that are named, or that are in the folders that are named or
below them; by default in the current one. A test fails if an error ends it, or if its result is false.
Each is a session of its own, of which nothing is kept; several run at a time.

A test may replace Python functions for itself: mock("total", fn) lets fn answer the calls of the import
total, or of a function "module.name"; mock("total", 3) lets them return 3. Those that are not replaced are
called.

With --json: {"tests": [{"file", "name", "status", "seconds", "output", "error"}], "passed", "failed"}; the
status is "passed" or "failed", and the error that of "run --json".`,
		Example: `hark-ls test
hark-ls test billing_test.hk --junit report.xml`,
		Annotations:       map[string]string{exitKey: "0 all have passed, 1 one has failed, 2 wrong usage, 3 the report cannot be written, 130 interrupted"},
		Args:              arguments(0, -1),
		ValidArgsFunction: harkFiles,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if o.jobs < 1 {
			return usageError(cmd, "--jobs has to be at least 1")
		}
		return o.run(cmd.Context(), env, args)
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&o.junit, "junit", "", "write a report in JUnit's XML to `FILE`")
	cmd.Flags().StringVar(&o.only, "only", "", "only tests with `TEXT` in their names")
	cmd.Flags().IntVarP(&o.jobs, "jobs", "j", runtime.GOMAXPROCS(0), "run `N` tests at a time")
	return cmd
}

// tested is what came of a test.
type tested struct {
	file, name string
	took       time.Duration
	lines      []string
	fault      *vm.Error
	of         *suite
}

// suite is a file of tests.
type suite struct {
	file    string
	project *project
	program *bytecode.Program
	pool    *ffi.Pool
	// refused is why nothing of it can be run.
	refused error
	names   []string
}

func (o *testFlags) run(ctx context.Context, env *environment, paths []string) error {
	suites, err := o.load(ctx, paths)
	if err != nil {
		return err
	}
	defer func() {
		for _, s := range suites {
			if s.pool != nil {
				_ = s.pool.Close()
			}
		}
	}()
	results := o.play(ctx, suites)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return o.report(env, results)
}

// load reads the files of tests.
func (o *testFlags) load(ctx context.Context, paths []string) ([]*suite, error) {
	files, err := harkFilesIn(orHere(paths))
	if err != nil {
		return nil, err
	}
	var suites []*suite
	for _, file := range files {
		if !strings.HasSuffix(file, testFile) {
			continue
		}
		s := &suite{file: filepath.ToSlash(file)}
		if s.refused = s.load(ctx, file); s.refused != nil {
			s.names = []string{""}
		}
		s.names = slices.DeleteFunc(s.names, func(name string) bool { return !strings.Contains(name, o.only) && s.refused == nil })
		suites = append(suites, s)
	}
	return suites, nil
}

func (s *suite) load(ctx context.Context, file string) error {
	p, entry, text, err := openProject(ctx, file)
	if err != nil {
		return err
	}
	if p.wrong != nil {
		return p.wrong
	}
	if !strings.Contains(text, mockModule) {
		text += "\nimport(mock, " + mockModule + ", 2);\n" // behind all that has a place
	}
	p.add(entry, text)
	p.program = resolve.Load(entry, p.read)
	if s.program, err = generated(p); err != nil {
		return err
	}
	s.project, s.pool = p, pythonOf(p.Config, 0)
	for _, name := range exports(s.program) {
		if strings.HasPrefix(name, testPrefix) {
			s.names = append(s.names, name)
		}
	}
	return nil
}

// play runs the tests, several at a time. Their results are in their order.
func (o *testFlags) play(ctx context.Context, suites []*suite) []tested {
	var results []tested
	for _, s := range suites {
		for _, name := range s.names {
			results = append(results, tested{file: s.file, name: name, of: s})
		}
	}
	places := make(chan struct{}, o.jobs)
	var all sync.WaitGroup
	for i := range results {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			results[i].play(ctx)
		})
	}
	all.Wait()
	return results
}

// play runs one test.
func (r *tested) play(ctx context.Context) {
	if r.of.refused != nil {
		r.fault = &vm.Error{Kind: kindOf(r.of.refused), Message: withoutHint(r.of.refused)}
		return
	}
	began := time.Now()
	lines := &testLines{}
	mocks := &mocked{pool: r.of.pool, program: r.of.program}
	e := engine.New(engine.Config{Store: memstore.New(), Executor: local.New(), Foreign: mocks, Observer: lines, Private: true})
	defer e.Close()
	value, fault, err := r.start(ctx, e, mocks)
	r.took, r.lines = time.Since(began), lines.all()
	var deadlock *engine.Deadlock
	switch {
	case errors.As(err, &deadlock):
		r.fault = &vm.Error{Kind: kindDeadlock, Message: describeDeadlock(deadlock)}
	case errors.As(err, &r.fault):
	case err != nil:
		r.fault = &vm.Error{Kind: kindEnvironment, Message: err.Error()}
	case fault != nil:
		r.fault = fault
	case value.Kind() == vm.KindBool && !value.Bool():
		r.fault = &vm.Error{Kind: "False", Message: "the result of " + r.name + " is false"}
	}
}

func (r *tested) start(ctx context.Context, e *engine.Engine, mocks *mocked) (vm.Value, *vm.Error, error) {
	var err error
	if mocks.code, err = e.Load(ctx, r.of.program); err != nil {
		return vm.Null, nil, err
	}
	session, err := e.Start(ctx, engine.Session{Program: r.of.program, Function: r.name})
	if err != nil {
		return vm.Null, nil, err
	}
	result, err := e.Wait(ctx, session)
	return result.Value, result.Err, err
}

// testLines keeps the lines of a test as they come.
type testLines struct {
	engine.Quiet
	mu    sync.Mutex
	lines []string
}

// Provisional keeps a line. Nothing is run again here, but calls that fail.
func (l *testLines) Provisional(line engine.Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line.Text)
}

func (l *testLines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string{}, l.lines...)
}

// report tells of the results, and fails if a test did.
func (o *testFlags) report(env *environment, results []tested) error {
	failed := 0
	for i := range results {
		if results[i].fault != nil {
			failed++
		}
	}
	if o.junit != "" {
		if err := os.WriteFile(o.junit, junit(results, failed), 0o644); err != nil {
			return environmentError(fmt.Errorf("write the report: %w", err))
		}
	}
	if o.json {
		if err := writeJSON(env.Out, testsJSON(results, failed)); err != nil {
			return err
		}
	} else {
		printTests(env, results, failed)
	}
	if failed > 0 {
		return errFailed
	}
	return nil
}

func printTests(env *environment, results []tested, failed int) {
	for i := range results {
		r := &results[i]
		if r.fault == nil {
			fmt.Fprintf(env.Out, "%s  %s %s  %s\n", env.out.green("ok"), r.file, r.name, env.out.faint(shortDuration(r.took)))
			continue
		}
		fmt.Fprintf(env.Out, "%s  %s\n", env.out.red("failed"), strings.TrimSpace(r.file+" "+r.name))
		for _, line := range r.lines {
			fmt.Fprintln(env.Out, "  "+printable(line))
		}
		if r.of.refused != nil {
			printRefused(env, r)
			continue
		}
		printFault(env.Out, env.out, r.of.program, r.of.project.shownFile, r.fault)
	}
	switch {
	case len(results) == 0:
		fmt.Fprintln(env.Out, "no tests: they are functions "+testPrefix+"… in files …"+testFile)
	case failed == 0:
		fmt.Fprintf(env.Out, "%s passed\n", diag.Count(len(results), "test"))
	default:
		fmt.Fprintf(env.Out, "%d of %s failed\n", failed, diag.Count(len(results), "test"))
	}
}

// printRefused shows why a file cannot be run.
func printRefused(env *environment, r *tested) {
	var refused *refusal
	if errors.As(r.of.refused, &refused) {
		printFindings(env.Out, env.out, refused.findings)
		return
	}
	fmt.Fprintln(env.Out, printableLines(r.fault.Message))
}
