package ide

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// Diagnostics are the problems of a file, in the order of their places, with the severities that the project sets.
func Diagnostics(s *Snapshot, path string) []diag.Diagnostic {
	file := s.file(path)
	if file == nil {
		return nil
	}
	all := slices.Concat(s.program.DiagnosticsOf(file), s.types.Diagnostics(file), s.pythonProblems(file))
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) })
	return s.project.levels(all)
}

// levels gives the diagnostics the severities that the project sets. What keeps a program from running stays an error.
func (p Project) levels(all []diag.Diagnostic) []diag.Diagnostic {
	kept := all[:0]
	for _, d := range all {
		level, set := p.Lint[d.Code]
		switch {
		case !set || d.Stops():
		case level == 0:
			continue
		default:
			d.Severity = level
		}
		kept = append(kept, d)
	}
	return kept
}
