package testkit

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// Root is the repository's directory: the nearest above the test's that holds a go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no go.mod above the test")
		dir = parent
	}
}

// Sources is every Hark text of the repository, by path: .hk files, and the .hk sections of the txtar archives
// ("ARCHIVE:SECTION"). They seed the fuzz targets and are what properties are checked on.
func Sources(t testing.TB) map[string]string {
	t.Helper()
	reading.Do(func() { read = readSources(t) })
	return maps.Clone(read)
}

var (
	reading sync.Once
	read    map[string]string
)

// SomeSources are Sources, in the short form of the tests every fourth of them.
func SomeSources(t testing.TB) map[string]string {
	t.Helper()
	all := Sources(t)
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if i%Amount(1, 4) != 0 {
			delete(all, name)
		}
	}
	return all
}

// Amount is how much of something a test does: all of it, or few in the short form of the tests.
func Amount(all, few int) int {
	if testing.Short() {
		return few
	}
	return all
}

func readSources(t testing.TB) map[string]string {
	root, sources := Root(t), map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		name, _ := filepath.Rel(root, path)
		return addSources(sources, path, filepath.ToSlash(name))
	})
	require.NoError(t, err)
	return sources
}

func addSources(sources map[string]string, path, name string) error {
	switch filepath.Ext(path) {
	case ".hk":
		data, err := os.ReadFile(path)
		sources[name] = string(data)
		return err
	case ".txtar":
		archive, err := txtar.ParseFile(path)
		if err != nil {
			return err
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".hk") {
				sources[name+":"+file.Name] = string(file.Data)
			}
		}
	}
	return nil
}
