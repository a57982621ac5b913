// Command hark-ls is the Hark language in one binary: compiler, machine, formatter, language server and debugger.
package main

import (
	"os"

	"github.com/hark-lang/hark-ls/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
