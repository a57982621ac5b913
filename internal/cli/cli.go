// Package cli is the command line: a file per command, each a cobra.Command that reads its flags and calls a package.
package cli

import (
	"io"
)

// Streams are the standard streams of the process, or what stands for them in tests.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs the command line and is the exit code of the process.
func Main(args []string, streams Streams) int {
	return 0
}
