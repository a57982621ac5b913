package ide

import "github.com/hark-lang/hark-ls/compiler/diag"

// Diagnostics are the problems of an open file, in the order of their places.
func Diagnostics(s *Snapshot, path string) []diag.Diagnostic {
	file := s.file(path)
	if file == nil {
		return nil
	}
	return file.Diagnostics()
}
