package ide

import (
	"reflect"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// Diagnostics are the problems of a file, in the order of their places, with the severities that the project sets. They belong to the
// snapshot: do not change them.
func Diagnostics(s *Snapshot, path string) []diag.Diagnostic { return s.reports[path].problems }

// Changed are the files whose diagnostics are not the same in two snapshots, in order: those that have others, or have them at other
// places, or with other places that explain them, and those with diagnostics that came or went.
func Changed(before, now *Snapshot) []string {
	var all []string
	for path, report := range now.reports {
		if !sameProblems(before.reports[path].problems, report.problems) {
			all = append(all, path)
		}
	}
	for path, report := range before.reports {
		if _, still := now.reports[path]; !still && len(report.problems) > 0 {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}

// report is what is said of a file. Where it is what was said in an earlier snapshot, it is the same list.
type report struct {
	file     *resolve.File
	problems []diag.Diagnostic
	// python: some are of imports of Python functions; their fixes go by what other files import.
	python bool
}

// sameProblems says whether two lists are equal, at once if they are the same one.
func sameProblems(a, b []diag.Diagnostic) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || reflect.DeepEqual(a, b))
}

// report finds the problems of all files. before is the snapshot that this one comes from; project says that the project is the same.
func (s *Snapshot) report(before *Snapshot, project bool) {
	reports := make(map[string]report, len(s.program.Files))
	for _, file := range s.program.Files {
		if file.Prelude {
			continue
		}
		old := before.reports[file.Path]
		if project && old.file == file && !old.python && s.program.SameDiagnostics(before.program, file) && s.types.SameDiagnostics(before.types, file) {
			reports[file.Path] = old
			continue
		}
		now := s.reportOf(file)
		if sameProblems(old.problems, now.problems) {
			now.problems = old.problems
		}
		reports[file.Path] = now
	}
	s.reports = reports
}

func (s *Snapshot) reportOf(file *resolve.File) report {
	python := s.pythonProblems(file)
	all := slices.Concat(s.program.DiagnosticsOf(file), s.types.Diagnostics(file), python)
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) })
	return report{file: file, problems: s.project.Levels(all), python: len(python) > 0}
}

// Levels gives diagnostics the severities that the project sets, whatever they are: that one is not shown does not make a program run. The
// list is used for the result.
func (p Project) Levels(all []diag.Diagnostic) []diag.Diagnostic {
	kept := all[:0]
	for _, d := range all {
		level, set := p.Lint[d.Code]
		switch {
		case !set:
		case level == 0:
			continue
		default:
			d.Severity = level
		}
		kept = append(kept, d)
	}
	return kept
}
