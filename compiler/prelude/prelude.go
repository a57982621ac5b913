// Package prelude holds the part of the standard functions that is written in Hark: what takes a function. Everything else
// is a row of bytecode's table of builtins.
//
// The functions are compiled with each program and run as if the user had written them. Those that do the looping have a
// dot in their name ("map.from"); no one is meant to call these, and the editor does not offer them.
package prelude

import (
	"embed"
	"strings"

	"github.com/hark-lang/hark-ls/internal/bug"
)

// Source is a file of the prelude.
type Source struct {
	Path string // "prelude/lists.hk"
	Text string
}

//go:embed *.hk
var files embed.FS

// Sources are the prelude's files, ordered by path.
func Sources() []Source {
	entries, err := files.ReadDir(".")
	if err != nil {
		bug.Report("read the embedded prelude: %v", err)
		return nil
	}
	sources := make([]Source, 0, len(entries))
	for _, entry := range entries {
		text, err := files.ReadFile(entry.Name())
		if err != nil {
			bug.Report("read the embedded prelude: %v", err)
			continue
		}
		sources = append(sources, Source{Path: "prelude/" + entry.Name(), Text: string(text)})
	}
	return sources
}

// Private says whether a function of the prelude is one of those that do the looping, which no one is meant to call.
func Private(name string) bool { return strings.Contains(name, ".") }
