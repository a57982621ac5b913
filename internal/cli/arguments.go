package cli

import (
	"github.com/spf13/cobra"
)

// arguments accepts at least low and at most high arguments; high -1 is any number.
func arguments(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return usageError(cmd, "%s is missing an argument", cmd.CommandPath())
		case high >= 0 && len(args) > high:
			return usageError(cmd, "'%s' is one argument too many", args[high])
		}
		return nil
	}
}
