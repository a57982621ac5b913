package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"text/tabwriter"
	"time"
)

// gcPercent is how "hark-ls run" sets Go's collector; here it is the same for all engines written in Go.
const gcPercent = 400

func main() {
	rounds := flag.Int("rounds", 15, "interleaved runs of each program; the fastest counts")
	only := flag.String("only", "", "measure `machine`, system, durable, lsp or dap alone")
	flag.Parse()
	debug.SetGCPercent(gcPercent)
	if err := run(*rounds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, only string) error {
	for _, part := range []struct {
		name    string
		measure func() error
	}{
		{"machine", func() error { return compareMachines(rounds) }},
		{"system", func() error { return measureSystem(rounds) }},
		{"durable", measureDurable},
		{"lsp", func() error { return compareServers(20 * rounds) }},
		{"dap", func() error { return compareDebuggers(rounds) }},
	} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.measure(); err != nil {
			return err
		}
	}
	return nil
}

func compareMachines(rounds int) error {
	var err error
	if cpython, err = startPython(); err != nil {
		return err
	}
	defer cpython.close()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "fastest of ", rounds, " interleaved runs, ms\t")
	for _, e := range engines {
		fmt.Fprint(table, e.name, "\t")
	}
	fmt.Fprintln(table, "× CPython\t× best Go peer\t")
	for _, row := range rows {
		best, err := measureRow(row, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", row.Name, err)
		}
		printRow(table, row, best)
	}
	return table.Flush()
}

// measureRow gives the fastest run of each engine that has a text for the row.
func measureRow(row Row, rounds int) (map[string]time.Duration, error) {
	mains := map[string]prepared{}
	for _, e := range engines {
		if row.Texts[e.name] == "" {
			continue
		}
		main, err := e.prepare(row.Texts[e.name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		mains[e.name] = main
	}
	best := map[string]time.Duration{}
	for range rounds {
		for _, e := range engines {
			main, ok := mains[e.name]
			if !ok {
				continue
			}
			took, err := timeOnce(e.name, main, row.Want)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.name, err)
			}
			if old, ok := best[e.name]; !ok || took < old {
				best[e.name] = took
			}
		}
	}
	return best, nil
}

func timeOnce(engine string, main prepared, want string) (time.Duration, error) {
	started := time.Now()
	got, err := main()
	took := time.Since(started)
	if err != nil {
		return 0, err
	}
	if !sameNumber(got, want) {
		return 0, fmt.Errorf("got %s, want %s", got, want)
	}
	if engine == "python" {
		return pythonSeconds, nil
	}
	return took, nil
}

// sameNumber compares results of languages that show a number differently, 1500.0 and 1500.
func sameNumber(got, want string) bool {
	x, errX := strconv.ParseFloat(got, 64)
	y, errY := strconv.ParseFloat(want, 64)
	return errX == nil && errY == nil && x == y
}

func printRow(table *tabwriter.Writer, row Row, best map[string]time.Duration) {
	fmt.Fprint(table, row.Name, "\t")
	var peer time.Duration
	for _, e := range engines {
		took, ok := best[e.name]
		if !ok {
			fmt.Fprint(table, "–\t")
			continue
		}
		fmt.Fprintf(table, "%.2f\t", milliseconds(took))
		if e.name != "hark" && e.name != "python" && (peer == 0 || took < peer) {
			peer = took
		}
	}
	fmt.Fprint(table, times(best["python"], best["hark"]), "\t", times(peer, best["hark"]), "\t\n")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// times says how often ours fits into theirs.
func times(theirs, ours time.Duration) string {
	if theirs == 0 || ours == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(theirs)/float64(ours))
}
