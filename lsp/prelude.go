package lsp

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/prelude"
)

// The prelude is a part of the binary. So that every editor can show it, its files are written to the user's cache when one is asked
// for, into a folder whose name says what is in it.

// preludeFolder is where the prelude's files are, "" if they cannot be written.
var preludeFolder = sync.OnceValue(func() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	sum := sha256.New()
	for _, source := range prelude.Sources() {
		fmt.Fprintf(sum, "%s\x00%s\x00", source.Path, source.Text)
	}
	dir := filepath.Join(cache, "hark-ls", fmt.Sprintf("prelude-%x", sum.Sum(nil)[:6]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return ""
	}
	for _, source := range prelude.Sources() {
		if err := writeOnce(filepath.Join(dir, filepath.Base(source.Path)), source.Text); err != nil {
			return ""
		}
	}
	return dir
})

// writeOnce writes a file that nobody is meant to change, unless it is there; another process may be doing the same.
func writeOnce(path, text string) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(text)
	if closing := temporary.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o444)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	return err
}

// preludeURI is the URI of a file of the prelude, "" if it cannot be shown.
func preludeURI(name string) string {
	dir := preludeFolder()
	if dir == "" {
		return ""
	}
	return string(uri.File(filepath.Join(dir, filepath.Base(name))))
}

// preludeName is the name in every project of a file of the prelude that is shown; ok is false for other files.
func preludeName(file string) (name string, ok bool) {
	dir := preludeFolder()
	if dir == "" || filepath.Dir(file) != dir {
		return "", false
	}
	return "prelude/" + filepath.Base(file), true
}
