package testkit

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// Update is the flag -update: golden texts are rewritten instead of compared.
var Update = flag.Bool("update", false, "rewrite golden texts with what the program says now")

// Case is one txtar archive of testdata.
type Case struct {
	// Path is the archive's file.
	Path string
	// Name is the file's name without directory and ending.
	Name    string
	archive *txtar.Archive
	changed bool
}

// Run runs a subtest for each archive that the pattern (of filepath.Glob) matches; no match is a failure.
func Run(t *testing.T, pattern string, test func(t *testing.T, c *Case)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths, "no archive matches %s", pattern)
	for _, path := range paths {
		c := Open(t, path)
		t.Run(c.Name, func(t *testing.T) {
			test(t, c)
			c.save(t)
		})
	}
}

// Open reads one archive. Two sections of one name are a mistake that would hide a case, so they fail.
func Open(t testing.TB, path string) *Case {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, file := range archive.Files {
		require.False(t, seen[file.Name], "%s: two sections are called %s", path, file.Name)
		seen[file.Name] = true
	}
	return &Case{Path: path, Name: strings.TrimSuffix(filepath.Base(path), ".txtar"), archive: archive}
}

// Comment is the text before the first section.
func (c *Case) Comment() string { return string(c.archive.Comment) }

// Names are the names of the sections, in order.
func (c *Case) Names() []string {
	names := make([]string, len(c.archive.Files))
	for i, file := range c.archive.Files {
		names[i] = file.Name
	}
	return names
}

// Has says whether there is a section of this name.
func (c *Case) Has(name string) bool { return c.find(name) != nil }

// Text is the text of a section, which has to exist.
func (c *Case) Text(t testing.TB, name string) string {
	t.Helper()
	file := c.find(name)
	require.NotNil(t, file, "%s has no section %s", c.Path, name)
	return string(file.Data)
}

// Read is the text of a section as a file reader gives it: os.ErrNotExist if there is none.
func (c *Case) Read(name string) (string, error) {
	file := c.find(name)
	if file == nil {
		return "", &os.PathError{Op: "read", Path: name, Err: os.ErrNotExist}
	}
	return string(file.Data), nil
}

// Golden compares got with a section, or, under -update, makes it the section's text.
func (c *Case) Golden(t testing.TB, name, got string) {
	t.Helper()
	if got != "" && !strings.HasSuffix(got, "\n") {
		got += "\n" // an archive cannot hold a section without a final newline
	}
	file := c.find(name)
	if *Update {
		c.set(name, got)
		return
	}
	require.NotNil(t, file, "%s has no section %s; it would be:\n%s", c.Path, name, got)
	Equal(t, string(file.Data), got)
}

// WriteTo puts all sections into a directory, for tests that need real files.
func (c *Case) WriteTo(t testing.TB, dir string) {
	t.Helper()
	for _, file := range c.archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, file.Data, 0o644))
	}
}

func (c *Case) find(name string) *txtar.File {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == name {
			return &c.archive.Files[i]
		}
	}
	return nil
}

func (c *Case) set(name, text string) {
	file := c.find(name)
	if file == nil {
		c.archive.Files = append(c.archive.Files, txtar.File{Name: name})
		file = &c.archive.Files[len(c.archive.Files)-1]
		c.changed = true
	}
	c.changed = c.changed || !bytes.Equal(file.Data, []byte(text))
	file.Data = []byte(text)
}

func (c *Case) save(t *testing.T) {
	t.Helper()
	if c.changed {
		require.NoError(t, os.WriteFile(c.Path, txtar.Format(c.archive), 0o644))
	}
}

// GoldenFile compares got with a file, or, under -update, writes it.
func GoldenFile(t testing.TB, path, got string) {
	t.Helper()
	if *Update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	Equal(t, string(want), got)
}

// Equal fails the test with a difference by line if the texts are not the same.
func Equal(t testing.TB, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	t.Fatalf("got another text (-want +got):\n%s", cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
}
