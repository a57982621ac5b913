package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// goFile is one parsed Go file of the repository.
type goFile struct {
	path string // from the repository's root, with forward slashes
	pkg  string // the directory
	test bool
	*ast.File
}

var fileSet = token.NewFileSet()

// goFiles parses the repository once for all tests of this package.
var goFiles = sync.OnceValues(func() ([]goFile, error) {
	var files []goFile
	err := eachFile(func(path string) error {
		if filepath.Ext(path) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(fileSet, path, nil, parser.ParseComments)
		files = append(files, goFile{path, filepath.ToSlash(filepath.Dir(path)), strings.HasSuffix(path, "_test.go"), parsed})
		return err
	})
	return files, err
})

func parsedFiles(t *testing.T) []goFile {
	t.Helper()
	files, err := goFiles()
	require.NoError(t, err)
	return files
}

// eachFile visits the repository's own files, by path from the root; what tools leave behind is passed over.
func eachFile(visit func(path string) error) error {
	return filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if passedOver[entry.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		return visit(filepath.ToSlash(path))
	})
}

var passedOver = map[string]bool{
	".git": true, ".hark": true, "node_modules": true, "bin": true, "dist": true, "__pycache__": true, "fuzz": true,
}

// imports are the import paths of a file.
func (f goFile) imports() []string {
	paths := make([]string, len(f.Imports))
	for i, spec := range f.Imports {
		paths[i] = strings.Trim(spec.Path.Value, `"`)
	}
	return paths
}

// at is a position as tests report it.
func at(pos token.Pos) string { return fileSet.Position(pos).String() }
