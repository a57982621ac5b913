package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Each section NAME.toml is a project file, NAME.want what reading it says.
func TestParse(t *testing.T) {
	testkit.Run(t, "testdata/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, name := range c.Names() {
			if base, ok := strings.CutSuffix(name, ".toml"); ok {
				t.Run(base, func(t *testing.T) { c.Golden(t, base+".want", describe(c.Text(t, name))) })
			}
		}
	})
}

func describe(text string) string {
	var b strings.Builder
	c, err := config.Parse("/project", text)
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	for _, d := range c.Problems {
		fmt.Fprintf(&b, "%v %v %q: %s\n", d.Severity, d.Code, text[d.Span.Start:d.Span.End], d.Message)
	}
	if c.Project != config.Default("/project").Project {
		fmt.Fprintf(&b, "project: %+v\n", c.Project)
	}
	for _, instance := range []string{"", "dev"} {
		if ages := c.Ages(instance); ages != config.Default("/project").Ages("") {
			fmt.Fprintf(&b, "ages of %q: %v, kept for %v\n", instance, ages.MaxAge, ages.TTL)
		}
	}
	for code, level := range c.Lint {
		fmt.Fprintf(&b, "lint: %s = %s\n", code, level)
	}
	return b.String()
}

func TestForFile(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o755))

	c, err := config.ForFile(filepath.Join(deep, "x.hk"))
	require.NoError(t, err)
	assert.Equal(t, deep, c.Root, "without a project file, the file's folder is the root")

	require.NoError(t, os.WriteFile(filepath.Join(root, config.FileName), []byte("[project]\npython_src = 'py'\n"), 0o644))
	c, err = config.ForFile(filepath.Join(deep, "x.hk"))
	require.NoError(t, err)
	assert.Equal(t, root, c.Root)
	assert.Equal(t, []string{root, filepath.Join(root, "py")}, c.PythonPath())
	assert.Equal(t, filepath.Join(root, ".hark"), c.Path(c.Project.DataDir))

	require.NoError(t, os.WriteFile(filepath.Join(root, config.FileName), []byte("[project"), 0o644))
	_, err = config.ForFile(filepath.Join(deep, "x.hk"))
	assert.ErrorContains(t, err, filepath.Join(root, config.FileName)+":1:")
}

func FuzzParse(f *testing.F) {
	for _, path := range []string{"testdata/keys.txtar", "testdata/faults.txtar"} {
		c := testkit.Open(f, path)
		for _, name := range c.Names() {
			f.Add(c.Text(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, _ := config.Parse("/project", text)
		assert.NotNil(t, c)
	})
}
