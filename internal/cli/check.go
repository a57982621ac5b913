package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

func checkCommand(env *environment) *cobra.Command {
	var asJSON, asSARIF bool
	cmd := &cobra.Command{
		Use:   "check [PATH…] [--json | --sarif]",
		Short: "Find what is wrong with programs, without running them",
		Long: `Checks the Hark files given, and those in and below the folders given; the current folder if
nothing is given. Files that they import from are checked along.

What a code counts can be set in hark.toml: [lint] HK0107 = "off" (hint, info, warning, error).
What is turned off is not shown; run refuses a broken program all the same.`,
		Example: `hark-ls check
hark-ls check service.hk
hark-ls check --json src/`,
		Annotations:       map[string]string{exitKey: "0 no error found, 1 an error found, 2 wrong usage"},
		ValidArgsFunction: harkFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && asSARIF {
				return refuseCheck(env, usageError(cmd, "--json and --sarif exclude each other"))
			}
			report := reportText
			switch {
			case asJSON:
				report = reportJSON
			case asSARIF:
				report = reportSARIF
			}
			err := check(cmd.Context(), env, orHere(args), report)
			if asJSON && err != nil && !errors.Is(err, errFailed) {
				return refuseCheck(env, err)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object: {\"diagnostics\": [{file, line, column, code, severity, message}]}")
	cmd.Flags().BoolVar(&asSARIF, "sarif", false, "a SARIF 2.1.0 log, for code scanning")
	keepsJSON(cmd, env, func(err error) error { return refuseCheck(env, err) })
	return cmd
}

// usageCode stands for a code where nothing could be checked.
const usageCode = "usage"

// refuseCheck writes the object of a check that could not be made.
func refuseCheck(env *environment, why error) error {
	problem := jsonDiagnostic{Code: usageCode, Severity: diag.Error.String(), Message: withoutHint(why)}
	if err := writeDiagnostics(env, []jsonDiagnostic{problem}); err != nil {
		return err
	}
	return why
}

// checked is what a check has found.
type checked struct {
	paths    []string
	files    int
	findings []finding
	// seen are the files that have been checked.
	seen map[string]bool
}

func check(ctx context.Context, env *environment, paths []string, report func(*environment, checked) error) error {
	files, err := harkFilesIn(paths)
	if err != nil {
		return err
	}
	roots, err := projectsOf(ctx, files)
	if err != nil {
		return err
	}
	result := checked{paths: paths, seen: map[string]bool{}}
	for _, p := range roots {
		result.add(p)
	}
	result.sort()
	if err := report(env, result); err != nil {
		return err
	}
	if result.failed() {
		return errFailed
	}
	return nil
}

// projectsOf are the projects that files belong to, each with the files of it as its entries, those with the shortest
// roots first.
func projectsOf(ctx context.Context, files []string) ([]*project, error) {
	var all []*project
	for _, file := range files {
		p, entry, text, err := openProject(ctx, file)
		if err != nil {
			return nil, err
		}
		same := slices.IndexFunc(all, func(q *project) bool { return q.Root == p.Root })
		if same < 0 {
			all, same = append(all, p), len(all)
		}
		all[same].add(entry, text)
	}
	slices.SortStableFunc(all, func(a, b *project) int { return len(a.Root) - len(b.Root) })
	return all, nil
}

// add takes in what is wrong with a project's files and with the project file. Files that are modules of a project above have
// been checked with it: without a project file a folder of modules does not say that it is not a project of its own.
func (c *checked) add(p *project) {
	p.entries = slices.DeleteFunc(p.entries, func(entry string) bool { return c.seen[filepath.Join(p.Root, entry)] })
	if len(p.entries) == 0 {
		return
	}
	s := ide.NewSnapshot(p.ide())
	p.program = s.Program()
	paths := s.Paths()
	c.files += len(paths)
	for _, path := range paths {
		c.seen[filepath.Join(p.Root, path)] = true
		c.findings = append(c.findings, p.findings(path, s.Text(path), ide.Diagnostics(s, path))...)
	}
	lines := source.NewLines(p.Text)
	for _, d := range p.ide().Levels(p.Problems) {
		c.findings = append(c.findings, finding{Diagnostic: d, file: filepath.ToSlash(p.shown(config.FileName)), lines: lines})
	}
}

func (c *checked) failed() bool { return worst(c.findings, diag.Error) }

// sort brings the findings in order, those of project files first.
func (c *checked) sort() {
	ofProject := func(f finding) int {
		if f.Code >= diag.ProjectSyntax {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(c.findings, func(a, b finding) int {
		return cmp.Or(ofProject(a)-ofProject(b), cmp.Compare(a.file, b.file), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Code, b.Code))
	})
}

func reportText(env *environment, c checked) error {
	printFindings(env.Out, env.out, c.findings)
	if c.files == 0 {
		_, err := fmt.Fprintf(env.Out, "no Hark files in %s\n", strings.Join(c.paths, ", "))
		return err
	}
	_, err := fmt.Fprintf(env.Out, "%s: %s\n", diag.Count(c.files, "file"), tally(c.findings))
	return err
}

// jsonDiagnostic is a diagnostic as --json shows it. Line and column count from 1, the column in characters.
type jsonDiagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

func reportJSON(env *environment, c checked) error {
	return writeDiagnostics(env, jsonFindings(c.findings))
}

func writeDiagnostics(env *environment, all []jsonDiagnostic) error {
	return writeJSON(env.Out, struct {
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
	}{all})
}

func jsonFindings(findings []finding) []jsonDiagnostic {
	all := make([]jsonDiagnostic, len(findings))
	for i, f := range findings {
		line, column := lineColumn(f.lines, f.Span)
		all[i] = jsonDiagnostic{filepath.ToSlash(f.file), line, column, f.Code.String(), f.Severity.String(), f.Message}
	}
	return all
}
