package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hark-ls": func() { os.Exit(Main(os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr})) },
	})
}

// Each script runs commands in a folder of its own that holds the script's files.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *testkit.Update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", os.Getenv("PATH"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("ROOT", testkit.Root(t))
			env.Setenv("PYTHONDONTWRITEBYTECODE", "1")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"code": code},
	})
}

// code runs a command that has to end with an exit code: code 2 hark-ls run.
func code(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("got exit code %s, want %s", got, args[0])
	}
}

// Every command explains itself with -h, and a change of what it says shows in review.
func TestHelp(t *testing.T) {
	root := rootCommand(&environment{})
	for _, cmd := range append(root.Commands(), root) {
		if cmd.Hidden {
			continue
		}
		t.Run(cmd.Name(), func(t *testing.T) {
			testkit.GoldenFile(t, filepath.Join("testdata", "help", cmd.Name()+".txt"), helpText(cmd))
			styled(t, cmd)
		})
	}
}

// styled holds the one style of all help texts.
func styled(t *testing.T, cmd *cobra.Command) {
	assert.NotEmpty(t, cmd.Short)
	assert.False(t, strings.HasSuffix(cmd.Short, "."), "the first line is no sentence")
	for _, line := range strings.Split(helpText(cmd), "\n") {
		assert.LessOrEqual(t, len([]rune(line)), 110, "%s", line)
	}
	for _, row := range strings.Split(flagList(cmd.NonInheritedFlags()), "\n") {
		assert.False(t, strings.HasSuffix(row, "."), "%s", row)
	}
	if codes := cmd.Annotations[exitKey]; codes != "" {
		assert.Contains(t, codes, ", 2 wrong usage", "every command may be used wrongly")
	}
}

func TestHelpIsTheSameFromFlagAndWithoutCommand(t *testing.T) {
	assert.Equal(t, output(t, 0, "-h"), output(t, 0))
}

// output runs a command and is what it writes on standard output.
func output(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out, err strings.Builder
	require.Equal(t, code, Main(args, Streams{strings.NewReader(""), &out, &err}), "%s", &err)
	return out.String()
}
