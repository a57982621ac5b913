package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func versionCommand(env *environment) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version [--json]",
		Short: "Show the version of this binary",
		Long: `The semantics number says what programs mean: a session that was started under one number
only runs on machines that implement it.`,
		Args: arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return writeJSON(env.Out, versionOf())
			}
			return printVersion(env)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	return cmd
}

func printVersion(env *environment) error {
	v := versionOf()
	_, err := fmt.Fprintf(env.Out, "hark-ls %s\nsemantics %d\n%s %s\n", v.Version, v.Semantics, v.Go, v.Platform)
	return err
}

// editors is what an extension asks for before it starts the servers: it grows by one when extensions come to need what older
// binaries do not have.
const editors = 1

type version struct {
	Version   string `json:"version"`
	Semantics uint32 `json:"semantics"`
	Editors   int    `json:"editors"`
	Go        string `json:"go"`
	Platform  string `json:"platform"`
}

func versionOf() version {
	v := version{"devel", bytecode.Semantics, editors, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	return v
}
