package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that a completion script can be made for.
var shells = map[string]func(root *cobra.Command, w io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
}

var shellNames = []string{"bash", "fish", "powershell", "zsh"}

func completionCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|fish|powershell|zsh",
		Short: "Print the script that completes commands in a shell",
		Example: `source <(hark-ls completion bash)
hark-ls completion zsh > "${fpath[1]}/_hark-ls"
hark-ls completion fish > ~/.config/fish/completions/hark-ls.fish`,
		ValidArgs: shellNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shellNames, args[0]) {
				return usageError(cmd, "which shell? one of %s", strings.Join(shellNames, ", "))
			}
			return shells[args[0]](cmd.Root(), env.Out)
		},
	}
}

// harkFiles completes an argument with the names of Hark files.
func harkFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"hk"}, cobra.ShellCompDirectiveFilterFileExt
}
