package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// The language server beside gopls, both as processes, both driven by the same client, on files of the same shape.

// goplsVersion is the one that is compared with; it is installed into the user's cache at its first use.
const goplsVersion = "v0.23.0"

func goplsCommand() ([]string, error) {
	binary, err := installGo("gopls", "golang.org/x/tools/gopls", goplsVersion)
	return []string{binary, "serve"}, err
}

// The shape of what is measured.
const (
	longFile       = 10_000
	workspaceFiles = 200
	workspaceLines = 500
)

// samples are how long something took, each time.
type samples []time.Duration

func (s samples) String() string {
	slices.Sort(s)
	at := func(p float64) float64 { return milliseconds(s[min(len(s)-1, int(p*float64(len(s))))]) }
	return fmt.Sprintf("%.1f / %.1f / %.1f ms", at(0.50), at(0.95), at(0.99))
}

// lspFigures are the rows of the table, with what is aimed at.
var lspFigures = []struct{ key, name, goal string }{
	{"edit", "edit → first push that reports it", "p95 ≤ 10 ms"},
	{"broken", "edit that breaks the text → first push", "p95 ≤ 10 ms"},
	{"completion", "completion after an edit", "p95 ≤ 5 ms"},
	{"hover", "hover after an edit", "p95 ≤ 5 ms"},
	{"workspace", "process start → all diagnostics of 200 files", "≤ 1 s"},
	{"memory", "memory of these 100,000 lines, at most", "≤ 300 MB"},
}

func compareServers(edits int) error {
	results := map[string]map[string]string{}
	for _, d := range []dialect{harkDialect, goDialect} {
		results[d.name] = map[string]string{}
		n := edits
		if d.name != harkDialect.name {
			n = edits / 4
		}
		if err := measureEditing(d, n, results[d.name]); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		if err := measureWorkspace(d, results[d.name]); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\na file of 10,000 lines, p50 / p95 / p99\thark-ls\tgopls "+goplsVersion+"\taim")
	for _, figure := range lspFigures {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", figure.name, results["hark-ls"][figure.key], results["gopls"][figure.key], figure.goal)
	}
	return table.Flush()
}

// withProject runs a measurement in a project of its own.
func withProject(d dialect, files, lines int, measure func(dir string, problems []string, command []string) error) error {
	dir, err := os.MkdirTemp("", "hark-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	problems, err := d.write(dir, files, lines)
	if err != nil {
		return err
	}
	command, err := d.command()
	if err != nil {
		return err
	}
	return measure(dir, problems, command)
}

func measureEditing(d dialect, edits int, results map[string]string) error {
	return withProject(d, 1, longFile, func(dir string, _ []string, command []string) error {
		s, err := startServer(dir, command)
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.initialize(dir, d.options); err != nil {
			return err
		}
		e := &editing{languageServer: s, dialect: d, uri: fileURI(filepath.Join(dir, filepath.FromSlash(d.path(0)))), version: 1}
		text := d.text(0, longFile)
		e.line = strings.Count(text[:len(text)/2], "\n")
		e.line += d.typing - (e.line-strings.Count(d.head(0, 0), "\n"))%10
		if err := s.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
			"uri": e.uri, "languageId": d.id, "version": 1, "text": text}}); err != nil {
			return err
		}
		for _, scenario := range []struct {
			key string
			run func(n int) (time.Duration, error)
		}{{"edit", e.push(d.problem)}, {"broken", e.push(d.broken)}, {"completion", e.complete}, {"hover", e.hover}} {
			var all samples
			for n := range edits + edits/10 { // the first tenth is to warm up
				took, err := scenario.run(n)
				if err != nil {
					return fmt.Errorf("%s: %w", scenario.key, err)
				}
				if n >= edits/10 {
					all = append(all, took)
				}
			}
			results[scenario.key] = all.String()
		}
		return nil
	})
}

// editing is a document that is being edited.
type editing struct {
	*languageServer
	dialect
	uri     string
	version int
	line    int
	written string // what stands at line and was not there
}

// replace puts text at the line, instead of what was put there before.
func (e *editing) replace(text string) error {
	e.version++
	end := map[string]int{"line": e.line + strings.Count(e.written, "\n"), "character": 0}
	e.written = text
	return e.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": e.uri, "version": e.version},
		"contentChanges": []any{map[string]any{
			"range": map[string]any{"start": map[string]int{"line": e.line, "character": 0}, "end": end}, "text": text}},
	})
}

// push measures from an edit to the push that reports what is wrong with it.
func (e *editing) push(statement func(n int) string) func(n int) (time.Duration, error) {
	return func(n int) (time.Duration, error) {
		begin := time.Now()
		if err := e.replace(statement(n)); err != nil {
			return 0, err
		}
		at, err := e.awaitProblem(e.uri, e.version)
		return at.Sub(begin), err
	}
}

func (e *editing) complete(n int) (time.Duration, error) {
	if err := e.replace(e.typed + strings.Repeat("s", n%2) + "\n"); err != nil {
		return 0, err
	}
	_, took, err := e.request("textDocument/completion", e.at(0, len(e.typed)+n%2))
	return took, err
}

func (e *editing) hover(n int) (time.Duration, error) {
	if err := e.replace(e.problem(n)); err != nil {
		return 0, err
	}
	_, took, err := e.request("textDocument/hover", e.at(1, 4))
	return took, err
}

func (e *editing) at(below, character int) map[string]any {
	return map[string]any{
		"textDocument": map[string]any{"uri": e.uri}, "position": map[string]int{"line": e.line + below, "character": character},
	}
}

func measureWorkspace(d dialect, results map[string]string) error {
	return withProject(d, workspaceFiles, workspaceLines, func(dir string, problems []string, command []string) error {
		s, err := startServer(dir, command)
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.initialize(dir, d.options); err != nil {
			return err
		}
		missing := map[string]bool{}
		for _, uri := range problems {
			missing[uri] = true
		}
		last, err := s.await(func(a arrival) bool {
			if p, ok := pushed(a); ok && len(p.Diagnostics) > 0 {
				delete(missing, p.URI)
			}
			return len(missing) == 0
		})
		if err != nil {
			return fmt.Errorf("the workspace, %d files of %d left: %w", len(missing), len(problems), err)
		}
		results["workspace"] = fmt.Sprintf("%.2f s", last.at.Sub(s.started).Seconds())
		results["memory"] = fmt.Sprintf("%.0f MB", residentMegabytes(s.process.Process.Pid))
		return nil
	})
}
