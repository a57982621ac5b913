package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The conformance suite of the language: testdata/language has an archive for each section of its reference. A case is
//
//	-- NAME.hk --         the entry file, main.hk; main is run. A first line "@args 5 null" gives it arguments, as JSON;
//	                      "@crlf", "@bom", "@invalid-utf8" write the text with those
//	-- NAME/lib.hk --     other files, Hark or Python
//	-- NAME.want --       the lines of output, then one of
//	                      => RESULT                 what print would show
//	                      error KIND: MESSAGE       it failed with exactly this message
//	                      error KIND ~REGEXP        or with one like this; KIND may be "A|B" or left out
//	                      refused HK01 HK0203       it is not run; codes (or their beginnings) of its errors, all of them
//	                      refused|error KIND        either is right
//
// Each case runs three ways that have to agree with it: straight through; encoded and decoded after every single
// instruction; and with the threads' steps in random order. The short form of the tests runs the first way only.
func TestLanguage(t *testing.T) {
	testkit.Run(t, "testdata/language/*.txtar", func(t *testing.T, archive *testkit.Case) {
		for _, c := range languageCases(t, archive) {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.test(t)
			})
		}
	})
}

// minLanguageCases keeps the suite from being emptied by a change of its format.
const minLanguageCases = 250

func TestLanguageSuiteIsWhole(t *testing.T) {
	names := map[string]string{}
	paths, err := filepath.Glob("testdata/language/*.txtar")
	require.NoError(t, err)
	for _, path := range paths {
		for _, c := range languageCases(t, testkit.Open(t, path)) {
			names[path+" "+c.name] = c.want
		}
	}
	require.GreaterOrEqual(t, len(names), minLanguageCases)
}

type languageCase struct {
	name  string
	files map[string]string
	args  []string
	want  string
}

func languageCases(t *testing.T, archive *testkit.Case) []languageCase {
	var cases []languageCase
	for _, section := range archive.Names() {
		name, ok := strings.CutSuffix(section, ".hk")
		if !ok || strings.Contains(name, "/") {
			continue
		}
		c := languageCase{name: name, files: map[string]string{}, want: archive.Text(t, name+".want")}
		c.entry(archive.Text(t, section))
		for _, other := range archive.Names() {
			if path, ok := strings.CutPrefix(other, name+"/"); ok {
				c.files[path] = archive.Text(t, other)
			}
		}
		cases = append(cases, c)
	}
	require.NotEmpty(t, cases)
	return cases
}

// entry reads the directives of the first line, if it has any, and keeps the text they ask for.
func (c *languageCase) entry(text string) {
	line, rest, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(line, "@") {
		c.files["main.hk"] = text
		return
	}
	for directive := range strings.SplitSeq(strings.TrimPrefix(line, "@"), " @") {
		switch name, value, _ := strings.Cut(directive, " "); name {
		case "args":
			c.args = strings.Fields(value)
		case "crlf":
			rest = strings.ReplaceAll(rest, "\n", "\r\n")
		case "bom":
			rest = "\uFEFF" + rest
		case "invalid-utf8":
			rest = "// \xff\xfe\n" + rest
		}
	}
	c.files["main.hk"] = rest
}

// outcome is what a run of a case came to.
type outcome struct {
	refused []string // codes
	output  []string
	result  string
	failure *vm.Error
}

func (c *languageCase) test(t *testing.T) {
	program, refused := c.compile()
	if program == nil {
		c.check(t, outcome{refused: refused})
		return
	}
	ways := []struct {
		name string
		run  func(*testing.T, *bytecode.Program, engine.Foreign) outcome
	}{
		{"straight", c.runStraight},
		{"suspended", c.runSuspended},
		{"interleaved", c.runInterleaved},
	}
	if testing.Short() {
		ways = ways[:1]
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			c.check(t, way.run(t, program, c.python(t)))
		})
	}
}

func (c *languageCase) compile() (*bytecode.Program, []string) {
	loaded := resolve.Load("main.hk", func(path string) (string, error) {
		text, ok := c.files[path]
		if !ok {
			return "", &os.PathError{Op: "read", Path: path, Err: os.ErrNotExist}
		}
		return text, nil
	})
	if !loaded.Stops() {
		return codegen.Generate(loaded), nil
	}
	var codes []string
	for _, file := range loaded.Diagnostics() {
		for _, d := range file.Problems {
			if d.Severity == diag.Error {
				codes = append(codes, d.Code.String())
			}
		}
	}
	return nil, codes
}

// python is a pool of workers over a folder of the case's files.
func (c *languageCase) python(t *testing.T) engine.Foreign {
	dir := t.TempDir()
	for path, text := range c.files {
		path = filepath.Join(dir, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	pool := ffi.New(ffi.Config{Root: dir, Dir: dir, Workers: 2})
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

func (c *languageCase) runStraight(t *testing.T, p *bytecode.Program, python engine.Foreign) outcome {
	return c.run(t, p, engine.Config{Foreign: python})
}

func (c *languageCase) runSuspended(t *testing.T, p *bytecode.Program, python engine.Foreign) outcome {
	return c.run(t, p, engine.Config{Foreign: python, Runner: &suspender{t: t}})
}

// runInterleaved simulates the session: the seed decides which thread goes on, in steps of at most a few instructions.
// Programs that compute for long get more fuel once they have shown that they do.
func (c *languageCase) runInterleaved(t *testing.T, p *bytecode.Program, python engine.Foreign) outcome {
	lines := &lineRecorder{}
	transcript, err := sim.Run(sim.Case{
		Program: p, Function: "main", Args: c.arguments(t), Foreign: python, Observer: lines,
		Seed: uint64(crc32.ChecksumIEEE([]byte(t.Name()))), Runner: rationed{},
	})
	if fault, ok := err.(*vm.Error); ok {
		return outcome{failure: fault}
	}
	require.NoError(t, err)
	return ended(transcript.Result, transcript.Stuck, lines)
}

// rationed gives a machine little fuel at a time, and more the longer it runs.
type rationed struct{}

func (rationed) Run(_ context.Context, _ engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	return m.Run(min(fuel, 3+m.Steps()/16))
}

func (c *languageCase) run(t *testing.T, p *bytecode.Program, config engine.Config) outcome {
	lines := &lineRecorder{}
	config.Store, config.Executor = memstore.New(), local.New()
	config.Observer, config.Private = lines, true
	e := engine.New(config)
	defer func() { require.NoError(t, e.Close()) }()
	return c.session(t, e, p, lines)
}

func (c *languageCase) session(t *testing.T, e *engine.Engine, p *bytecode.Program, lines *lineRecorder) outcome {
	id, err := e.Start(context.Background(), engine.Session{Program: p, Function: "main", Args: c.arguments(t)})
	if fault, ok := err.(*vm.Error); ok {
		return outcome{failure: fault}
	}
	require.NoError(t, err)
	result, err := e.Wait(context.Background(), id)
	if deadlock, ok := err.(*engine.Deadlock); ok {
		return ended(result, deadlock, lines)
	}
	require.NoError(t, err)
	return ended(result, nil, lines)
}

func ended(result engine.Result, stuck *engine.Deadlock, lines *lineRecorder) outcome {
	switch {
	case stuck != nil:
		return outcome{failure: &vm.Error{Message: fmt.Sprint(stuck, stuck.Waiting)}}
	case result.Err != nil:
		return outcome{output: lines.texts(), failure: result.Err}
	}
	return outcome{output: lines.texts(), result: vm.Show(result.Value)}
}

func (c *languageCase) arguments(t *testing.T) []vm.Value {
	values := make([]vm.Value, len(c.args))
	for i, text := range c.args {
		var decoded any
		require.NoError(t, json.Unmarshal([]byte(text), &decoded))
		values[i] = argument(t, decoded)
	}
	return values
}

// argument is a decoded JSON value as one of Hark; a number without a fraction is an Int.
func argument(t *testing.T, decoded any) vm.Value {
	switch x := decoded.(type) {
	case nil:
		return vm.Null
	case string:
		return vm.String(x)
	case float64:
		if x == float64(int64(x)) {
			return vm.Int(int64(x))
		}
		return vm.Float(x)
	case []any:
		values := make([]vm.Value, len(x))
		for i := range x {
			values[i] = argument(t, x[i])
		}
		return vm.List(values...)
	}
	t.Fatalf("an argument of type %T", decoded)
	return vm.Null
}

// suspender runs a machine an instruction at a time and, after each, goes on with what its encoding decodes to. Programs
// that run for millions of instructions, or whose state is large, are suspended after each until suspendedBytes have been
// encoded, then less and less often, and so that encoding does not take many times longer than running.
type suspender struct {
	t      *testing.T
	stride sync.Map // from a thread's engine.ID to its *stride
}

// stride is after how many instructions a thread is suspended, and how many bytes were encoded since that last grew.
type stride struct {
	instructions uint64
	bytes        int
}

const suspendedBytes = 1 << 20

// Run implements engine.Runner.
func (s *suspender) Run(_ context.Context, id engine.ID, m *vm.Machine, fuel uint64) vm.Outcome {
	known, _ := s.stride.LoadOrStore(id, &stride{instructions: 1})
	every := known.(*stride)
	for spent := uint64(0); spent < fuel; spent += every.instructions {
		outcome := m.Run(every.instructions)
		again, size, err := suspend(m)
		if err != nil {
			s.t.Errorf("after %d instructions: %v", m.Steps(), err)
			return m.Run(fuel)
		}
		if outcome != vm.Fuel {
			return outcome
		}
		*m = *again
		if every.bytes += size; every.bytes > suspendedBytes {
			every.instructions, every.bytes = max(2*every.instructions, uint64(size)), 0
		}
	}
	return vm.Fuel
}

// suspend is the machine after encoding and decoding, and how many bytes that were.
func suspend(m *vm.Machine) (*vm.Machine, int, error) {
	data := m.Encode()
	again, err := vm.Decode(m.Code(), data)
	if err != nil {
		return nil, 0, err
	}
	if !bytes.Equal(data, again.Encode()) {
		return nil, 0, errors.New("what was decoded encodes to other bytes")
	}
	if again.Digest() != m.Digest() {
		return nil, 0, errors.New("what was decoded has another digest")
	}
	return again, len(data), nil
}

type lineRecorder struct {
	engine.Quiet
	mu    sync.Mutex
	lines []string
}

func (r *lineRecorder) Committed(l engine.Line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, l.Text)
}

func (r *lineRecorder) texts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}

// check holds an outcome against the case's want.
func (c *languageCase) check(t *testing.T, got outcome) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(c.want, "\n"), "\n")
	last := lines[len(lines)-1]
	for alternative := range strings.SplitSeq(last, "|error") {
		if alternative != last && !strings.HasPrefix(alternative, "refused") && !strings.HasPrefix(alternative, "error") {
			alternative = "error" + alternative
		}
		if got.matches(alternative) {
			if got.refused == nil && got.failure == nil || len(lines) > 1 {
				require.Equal(t, lines[:len(lines)-1], append([]string{}, got.output...))
			}
			return
		}
	}
	t.Fatalf("want:\n%s\ngot:\n%s", c.want, got)
}

func (o outcome) String() string {
	switch {
	case o.refused != nil:
		return "refused " + strings.Join(o.refused, " ")
	case o.failure != nil:
		return strings.Join(append(slices.Clone(o.output), fmt.Sprintf("error %s: %s", o.failure.Kind, o.failure.Message)), "\n")
	}
	return strings.Join(append(slices.Clone(o.output), "=> "+o.result), "\n")
}

func (o outcome) matches(want string) bool {
	if codes, ok := strings.CutPrefix(want, "refused"); ok {
		return o.refused != nil && matchCodes(o.refused, strings.Fields(codes))
	}
	if result, ok := strings.CutPrefix(want, "=> "); ok {
		return o.refused == nil && o.failure == nil && o.result == result
	}
	rest, ok := strings.CutPrefix(want, "error")
	return ok && o.failure != nil && matchError(o.failure, strings.TrimSpace(rest))
}

// matchCodes says whether each code begins with one of the wanted beginnings and each of those has a code.
func matchCodes(codes, beginnings []string) bool {
	begins := func(code, beginning string) bool { return strings.HasPrefix(code, beginning) }
	for _, code := range codes {
		if len(beginnings) > 0 && !slices.ContainsFunc(beginnings, func(b string) bool { return begins(code, b) }) {
			return false
		}
	}
	for _, b := range beginnings {
		if !slices.ContainsFunc(codes, func(code string) bool { return begins(code, b) }) {
			return false
		}
	}
	return true
}

func matchError(err *vm.Error, want string) bool {
	if kind, message, ok := strings.Cut(want, ": "); ok {
		return err.Kind == kind && err.Message == message
	}
	kinds, pattern, _ := strings.Cut(want, "~")
	kinds = strings.TrimSpace(kinds)
	if kinds != "" && !slices.Contains(strings.Split(kinds, "|"), err.Kind) {
		return false
	}
	return regexp.MustCompile(pattern).MatchString(err.Message)
}
