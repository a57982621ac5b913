// Package helix_test holds the configuration for Helix against what it speaks of. Helix itself is not at hand.
package helix_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/internal/cli"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hark-ls": func() { os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})) },
	})
}

// languages is what we write of Helix's configuration, field by field: any other is a mistake.
type languages struct {
	Language []struct {
		Name, Scope        string
		FileTypes          []string          `toml:"file-types"`
		Roots              []string          `toml:"roots"`
		Servers            []string          `toml:"language-servers"`
		CommentTokens      string            `toml:"comment-tokens"`
		BlockCommentTokens map[string]string `toml:"block-comment-tokens"`
		Indent             struct {
			Width int `toml:"tab-width"`
			Unit  string
		}
		AutoFormat bool              `toml:"auto-format"`
		AutoPairs  map[string]string `toml:"auto-pairs"`
		Debugger   struct {
			Name, Transport, Command string
			Args                     []string
			Templates                []template
		}
	}
	Servers map[string]struct {
		Command string
		Args    []string
		Config  map[string]map[string]map[string]bool
	} `toml:"language-server"`
	Grammar []struct {
		Name   string
		Source struct{ Git, Rev, Subpath string }
	}
}

type template struct {
	Name, Request string
	Completion    []map[string]string
	Args          map[string]any
}

func read(t *testing.T) *languages {
	file, err := os.Open("languages.toml")
	require.NoError(t, err)
	defer file.Close()
	var l languages
	require.NoError(t, toml.NewDecoder(file).DisallowUnknownFields().Decode(&l))
	require.Len(t, l.Language, 1)
	return &l
}

func TestWhatIsNamedIsThere(t *testing.T) {
	l := read(t)
	hark := l.Language[0]
	assert.Equal(t, []string{"hk"}, hark.FileTypes)
	require.Contains(t, l.Servers, hark.Servers[0])
	server := l.Servers[hark.Servers[0]]
	for _, command := range [][]string{append([]string{server.Command}, server.Args...), append([]string{hark.Debugger.Command}, hark.Debugger.Args...)} {
		out, err := exec.Command(command[0], append(command[1:], "-h")...).CombinedOutput()
		assert.NoError(t, err, "%v: %s", command, out)
	}
	assert.DirExists(t, filepath.Join(testkit.Root(t), l.Grammar[0].Source.Subpath, "src"))
	for hint := range server.Config["hark"]["inlayHints"] {
		settings, err := os.ReadFile("../../lsp/settings.go")
		require.NoError(t, err)
		assert.Contains(t, string(settings), `"inlayHints.`+hint+`"`)
	}
}

// The arguments of a template are those that the adapter knows.
func TestLaunchTemplates(t *testing.T) {
	known := map[string]bool{}
	launch := reflect.TypeFor[dap.Launch]()
	for i := range launch.NumField() {
		name, _, _ := strings.Cut(launch.Field(i).Tag.Get("json"), ",")
		known[name] = true
	}
	for _, template := range read(t).Language[0].Debugger.Templates {
		assert.Contains(t, []string{"launch", "attach"}, template.Request)
		for name := range template.Args {
			assert.True(t, known[name], "%s: %s", template.Name, name)
		}
	}
}

// Each level of indentation is what the formatter writes.
func TestIndentIsTheFormatters(t *testing.T) {
	cmd := exec.Command("hark-ls", "fmt", "-")
	cmd.Stdin = strings.NewReader("fn f() {\n1;\n2 }")
	out, err := cmd.Output()
	require.NoError(t, err)
	unit := read(t).Language[0].Indent.Unit
	quoted, err := json.Marshal(string(out))
	require.NoError(t, err)
	assert.Contains(t, string(quoted), `\n`+unit+`1;`)
}
