package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// arguments accepts at least low and at most high arguments; high -1 is any number.
func arguments(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return usageError(cmd, "%s is missing an argument: %s", cmd.CommandPath(), required(cmd)[len(args)])
		case high >= 0 && len(args) > high:
			return usageError(cmd, "'%s' is one argument too many", args[high])
		}
		return nil
	}
}

// required are the arguments that a command's usage has without brackets.
func required(cmd *cobra.Command) []string {
	var all []string
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if strings.HasPrefix(word, "[") {
			break
		}
		all = append(all, word)
	}
	return all
}

// flagError says what is wrong with the flags of a command, and which flag may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	message := err.Error()
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		if near := nearestFlag(cmd, unknown.GetSpecifiedName()); near != "" {
			message += fmt.Sprintf("; did you mean --%s?", near)
		}
	}
	return usageError(cmd, "%s", message)
}

// nearestFlag is the flag that begins with a name, or is close to it.
func nearestFlag(cmd *cobra.Command, name string) string {
	var all []string
	begun := ""
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		all = append(all, flag.Name)
		if begun == "" && strings.HasPrefix(flag.Name, name) {
			begun = flag.Name
		}
	})
	if begun != "" {
		return begun
	}
	return resolve.Nearest(name, slices.Values(all))
}
