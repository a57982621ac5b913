package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// writeJSON writes one object and a newline. What a machine reads is not escaped for HTML.
func writeJSON(w io.Writer, object any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return fmt.Errorf("write the result as JSON: %w", err)
	}
	return nil
}

// keepsJSON lets a command whose flag --json promises one object keep the promise where it is used wrongly: refuse writes
// the object, and is the error to end with.
func keepsJSON(cmd *cobra.Command, env *environment, refuse func(err error) error) {
	kept := func(err error) error {
		if err != nil && env.wantsJSON() {
			return refuse(err)
		}
		return err
	}
	accepts := cmd.Args
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return kept(flagError(cmd, err)) })
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if accepts == nil {
			return nil
		}
		return kept(accepts(cmd, args))
	}
}

// wantsJSON says whether --json is on the command line, which may be one that cannot be parsed.
func (env *environment) wantsJSON() bool {
	flags := env.args
	if end := slices.Index(flags, "--"); end >= 0 {
		flags = flags[:end]
	}
	return slices.Contains(flags, "--json")
}

// withoutHint is the message of an error without the line that says where to read more.
func withoutHint(err error) string {
	message, _, _ := strings.Cut(err.Error(), "\nsee hark-ls")
	return message
}
