package testkit

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
