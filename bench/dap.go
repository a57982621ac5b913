package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"text/tabwriter"
	"time"
)

// The debugger beside Delve and debugpy, all as processes, on programs of the same shape. One client of the protocol
// drives them.

// debuggerFigures are the rows of the table, with what is aimed at.
var debuggerFigures = []struct{ key, name, goal string }{
	{"launch", "process start → stopped on entry", "p95 ≤ 150 ms"},
	{"memory", "memory then, at most, the program's included", "≤ 64 MiB"},
	{"step", "a step, with stack, scopes and variables", "p95 ≤ 2 ms"},
	{"checks", "checks of a condition that never holds", "≥ 200,000/s"},
	{"unrecorded", "speed beside a run without a debugger", "≥ 0.80"},
	{"recorded", "the same while it is recorded", "≥ 0.50"},
	{"first short", "first step back in 10 million instructions", ""},
	{"back short", "a step back from anywhere, with the same look", "p95 ≤ 10 ms"},
	{"back long", "the same in a run that holds 300,000 values", ""},
}

func compareDebuggers(rounds int) error {
	columns := []string{}
	results := map[string]map[string]string{}
	for _, d := range []debugged{harkDebugged, delveDebugged, debugpyDebugged} {
		columns = append(columns, d.name)
		results[d.name] = map[string]string{}
		if err := measureDebugger(d, rounds, results[d.name]); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "\ndebugging, p50 / p95")
	for _, name := range columns {
		fmt.Fprint(table, "\t", name)
	}
	fmt.Fprintln(table, "\taim")
	for _, figure := range debuggerFigures {
		fmt.Fprint(table, figure.name)
		for _, name := range columns {
			fmt.Fprint(table, "\t", orDash(results[name][figure.key]))
		}
		fmt.Fprintf(table, "\t%s\n", figure.goal)
	}
	return table.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// middleAndSlow is the median of some times, and what 95 of 100 stay below.
func middleAndSlow(s []time.Duration) string {
	slices.Sort(s)
	at := func(p float64) float64 { return milliseconds(s[min(len(s)-1, int(p*float64(len(s))))]) }
	return fmt.Sprintf("%.2f / %.2f ms", at(0.50), at(0.95))
}

// measureDebugger fills in a column, in a folder of its own.
func measureDebugger(d debugged, rounds int, results map[string]string) error {
	dir, err := os.MkdirTemp("", "hark-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	command, err := d.adapter()
	if err != nil {
		return err
	}
	m := &debugging{debugged: d, dir: dir, command: command, rounds: rounds, results: results}
	steps := []func() error{m.measureLaunch, m.measureSteps, m.measureChecks, m.measureSpeed}
	if d.name == harkDebugged.name {
		steps = append(steps,
			func() error { return m.measureBack("short", 1_000_000, 20_000) },
			func() error { return m.measureBack("long", 700_000, 100_000) })
	}
	for _, measure := range steps {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

// debugging are the measurements of one debugger.
type debugging struct {
	debugged
	dir     string
	command []string
	rounds  int
	results map[string]string
}

// session starts the debugger with a program, up to its stop on entry.
func (m *debugging) session(
	path string, extra map[string]any, breakpoints []map[string]any, measure func(a *adapterProcess, entry stop) error,
) error {
	a, err := startAdapter(m.command)
	if err != nil {
		return err
	}
	defer a.close()
	arguments := m.launch(path)
	for name, value := range extra {
		arguments[name] = value
	}
	entry, err := a.launch(arguments, path, breakpoints...)
	if err != nil {
		return err
	}
	return measure(a, entry)
}

func (m *debugging) measureLaunch() error {
	path, err := m.write(m.dir, "steps", m.steps)
	if err != nil {
		return err
	}
	var took []time.Duration
	var most float64
	for n := range m.rounds + 1 { // the first is to warm up
		err := m.session(path, nil, nil, func(a *adapterProcess, entry stop) error {
			if n > 0 {
				took = append(took, entry.at.Sub(a.started))
			}
			most = max(most, treeMegabytes(a.process.Process.Pid))
			return nil
		})
		if err != nil {
			return fmt.Errorf("launch: %w", err)
		}
	}
	m.results["launch"] = middleAndSlow(took)
	m.results["memory"] = fmt.Sprintf("%.0f MiB", most)
	return nil
}

func (m *debugging) measureSteps() error {
	path, err := m.write(m.dir, "steps", m.steps)
	if err != nil {
		return err
	}
	at := []map[string]any{{"line": m.lineOf(m.steps, "walk")}}
	return m.session(path, nil, at, func(a *adapterProcess, entry stop) error {
		here, err := a.move("continue", entry.ThreadID)
		if err != nil {
			return err
		}
		if _, err := a.ask("setBreakpoints", map[string]any{"source": map[string]any{"path": path}, "breakpoints": []any{}}); err != nil {
			return err
		}
		took, err := timedMoves(10*m.rounds, a, func() (string, int, error) { return "next", here.ThreadID, nil })
		m.results["step"] = middleAndSlow(took)
		return err
	})
}

// timedMoves are the times of moves and of a look after each; the first tenth is to warm up. before says which, and is not counted.
func timedMoves(count int, a *adapterProcess, before func() (command string, thread int, err error)) ([]time.Duration, error) {
	var took []time.Duration
	for n := range count + count/10 {
		command, thread, err := before()
		if err != nil {
			return nil, err
		}
		began := time.Now()
		here, err := a.move(command, thread)
		if err == nil {
			err = a.look(here.ThreadID)
		}
		if err != nil {
			return nil, err
		}
		if n >= count/10 {
			took = append(took, time.Since(began))
		}
	}
	return took, nil
}

func (m *debugging) measureChecks() error {
	text := fmt.Sprintf(m.turns, m.checks)
	path, err := m.write(m.dir, "turns", text)
	if err != nil {
		return err
	}
	at := []map[string]any{{"line": m.lineOf(text, "check"), "condition": "n < 0"}, {"line": m.lineOf(text, "end")}}
	best, err := fastestOf(min(m.rounds, 3), func() (took time.Duration, err error) {
		err = m.session(path, nil, at, func(a *adapterProcess, entry stop) error {
			began := time.Now()
			end, err := a.move("continue", entry.ThreadID)
			if err == nil && end.Reason != "breakpoint" {
				err = fmt.Errorf("%s: %w", end.Reason, errOther)
			}
			took = end.at.Sub(began)
			return err
		})
		return took, err
	})
	m.results["checks"] = perSecondText(m.checks, best)
	return err
}

func perSecondText(count int, took time.Duration) string {
	return thousands(int(float64(count)/took.Seconds())) + "/s"
}

// thousands writes a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// fastestOf is the shortest of several measurements.
func fastestOf(rounds int, measure func() (time.Duration, error)) (time.Duration, error) {
	best := time.Duration(1<<63 - 1)
	for range rounds {
		took, err := measure()
		if err != nil {
			return 0, err
		}
		best = min(best, took)
	}
	return best, nil
}

// measureSpeed compares a program that computes, with a breakpoint that it does not come to, with one that nobody debugs: the
// fastest of runs that take turns. What it takes to start is not counted in either.
func (m *debugging) measureSpeed() error {
	text := fmt.Sprintf(m.fib, m.depth)
	path, err := m.write(m.dir, "fib", text)
	if err != nil {
		return err
	}
	plain, err := m.plainTime(path)
	if err != nil {
		return err
	}
	variants := []string{"unrecorded"}
	if m.name == harkDebugged.name {
		variants = append(variants, "recorded")
	}
	best := map[string]time.Duration{}
	for range m.rounds {
		alone, err := plain()
		if err != nil {
			return err
		}
		keepFastest(best, "alone", alone)
		for _, variant := range variants {
			took, err := m.wholeRun(path, variant == "recorded", m.lineOf(text, "never"))
			if err != nil {
				return fmt.Errorf("%s: %w", variant, err)
			}
			keepFastest(best, variant, took)
		}
	}
	for _, variant := range variants {
		m.results[variant] = fmt.Sprintf("%.2f", float64(best["alone"])/float64(best[variant]))
	}
	return nil
}

func keepFastest(best map[string]time.Duration, name string, took time.Duration) {
	if old, ok := best[name]; !ok || took < old {
		best[name] = took
	}
}

// plainTime measures runs of a program without a debugger; the fastest start of one that does nothing is taken off.
func (m *debugging) plainTime(path string) (func() (time.Duration, error), error) {
	empty, err := m.write(m.dir, "empty", m.empty)
	if err != nil {
		return nil, err
	}
	run := func(path string) (time.Duration, error) {
		command, err := m.plain(path)
		if err != nil {
			return 0, err
		}
		began := time.Now()
		process := exec.Command(command[0], command[1:]...)
		process.Dir = m.dir
		err = process.Run()
		return time.Since(began), err
	}
	start, err := fastestOf(m.rounds, func() (time.Duration, error) { return run(empty) })
	return func() (time.Duration, error) {
		took, err := run(path)
		return took - start, err
	}, err
}

// wholeRun is how long a program takes from its entry to its end under the debugger.
func (m *debugging) wholeRun(path string, record bool, never int) (took time.Duration, err error) {
	extra := map[string]any{}
	if m.name == harkDebugged.name {
		extra["record"] = record
	}
	err = m.session(path, extra, []map[string]any{{"line": never}}, func(a *adapterProcess, entry stop) error {
		began := time.Now()
		if _, err := a.ask("continue", map[string]any{"threadId": entry.ThreadID}); err != nil {
			return err
		}
		end, err := a.event("terminated", "stopped")
		if err == nil && end.Event == "stopped" {
			err = fmt.Errorf("%s: %w", end.Body, errOther)
		}
		took = end.at.Sub(began)
		return err
	})
	return took, err
}

// measureBack goes back in a long run, which works on lists of a length: once from its end, then from instants anywhere.
func (m *debugging) measureBack(key string, turns, length int) error {
	text := fmt.Sprintf(longRun, turns, length)
	path, err := m.write(m.dir, "long", text)
	if err != nil {
		return err
	}
	end := []map[string]any{{"line": m.lineOf(text, "end")}}
	return m.session(path, nil, end, func(a *adapterProcess, entry stop) error {
		here, err := a.move("continue", entry.ThreadID)
		if err != nil {
			return err
		}
		body, err := a.ask("hark/instant", map[string]any{"threadId": here.ThreadID})
		var last struct {
			Instant struct {
				At uint64 `json:"at"`
			} `json:"instant"`
		}
		if err := errors.Join(err, json.Unmarshal(body, &last)); err != nil {
			return err
		}
		if last.Instant.At < 10_000_000 {
			return fmt.Errorf("a run of %d instructions: %w", last.Instant.At, errOther)
		}
		began := time.Now()
		if here, err = a.move("stepBack", here.ThreadID); err != nil {
			return err
		}
		m.results["first "+key] = fmt.Sprintf("%.0f ms", milliseconds(here.at.Sub(began)))
		random := rand.New(rand.NewPCG(1, 2))
		took, err := timedMoves(10*m.rounds, a, func() (string, int, error) {
			instant := map[string]any{"thread": "0", "at": random.Uint64N(last.Instant.At)}
			if _, err := a.ask("hark/gotoInstant", map[string]any{"instant": instant, "threadId": here.ThreadID}); err != nil {
				return "", 0, err
			}
			there, err := a.stopped()
			return "stepBack", there.ThreadID, err
		})
		m.results["back "+key] = middleAndSlow(took)
		return err
	})
}
