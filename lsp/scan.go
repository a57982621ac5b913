package lsp

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/internal/config"
)

// Which files a project has is found out by looking through its folder. Folders that hold no source of one's own are passed over, and
// so are those that are projects by themselves.

// maxFiles and maxEntries bound a search: whoever opens a home folder does not want all of it. Tests make them smaller.
var (
	maxFiles   = 10_000
	maxEntries = 300_000
)

// errTooMany ends a search that has found more than enough.
var errTooMany = errors.New("too many files")

// found is what a search has found: absolute paths, in order.
type found struct {
	hark, python []string
	// roots are the folders with a hark.toml.
	roots []string
	// stamps are the versions of all of these files.
	stamps map[string]stamp
	// cut: there are more files than the search takes.
	cut bool
}

// search looks through a folder; with nested, also through the projects inside of it.
func search(root string, nested bool) *found {
	f, entries := &found{stamps: map[string]stamp{}}, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		entries++
		switch {
		case err != nil:
			return nil // what cannot be read is not there
		case entries > maxEntries || len(f.hark)+len(f.python) >= maxFiles:
			return errTooMany
		case entry.IsDir() && path != root && (passedOver(path) || !nested && isProject(path)):
			return filepath.SkipDir
		case entry.IsDir() || !matters(path) || !leadsToFile(path, entry):
			return nil
		}
		f.stamps[path] = stampOf(entry)
		switch {
		case entry.Name() == config.FileName:
			f.roots = append(f.roots, filepath.Dir(path))
		case filepath.Ext(path) == ".hk":
			f.hark = append(f.hark, path)
		case filepath.Ext(path) == ".py":
			f.python = append(f.python, path)
		}
		return nil
	})
	f.cut = err != nil
	return f
}

// leadsToFile says whether an entry is a file or a link to one: reading a pipe may take for ever.
func leadsToFile(path string, entry fs.DirEntry) bool {
	if entry.Type().IsRegular() {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// ReadFile is the text of a file of a project. What is no file, such as a pipe, is an error: nobody may ever write into it.
func ReadFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", errors.New("it is a folder")
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is no file")
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// HarkFiles are the Hark files of a project, by their paths from its root with forward slashes, as the language server finds them.
func HarkFiles(root string) []string { return below(root, search(root, false).hark) }

// PythonFiles are the Python files of a project, in the same way.
func PythonFiles(root string) []string { return below(root, search(root, false).python) }

func below(root string, files []string) []string {
	var names []string
	for _, file := range files {
		if name, err := filepath.Rel(root, file); err == nil {
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// passedOver says whether a folder holds nothing that is written by hand for this project.
func passedOver(dir string) bool {
	name := filepath.Base(dir)
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "__pycache__" || name == "site-packages" ||
		exists(filepath.Join(dir, "pyvenv.cfg"))
}

func isProject(dir string) bool { return exists(filepath.Join(dir, config.FileName)) }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// homeOf is the root of the project that a file belongs to: the nearest folder above with a hark.toml; without one, within the
// workspace, the outermost folder on the way to the file that has a Hark file itself; else the file's folder.
func (s *state) homeOf(file string) string {
	dir := filepath.Dir(file)
	if root, ok := config.FindRoot(dir); ok {
		return root
	}
	f, ok := s.folderOf(file)
	if !ok {
		return dir
	}
	way := []string{dir}
	for way[0] != f.path && way[0] != filepath.Dir(way[0]) {
		way = slices.Insert(way, 0, filepath.Dir(way[0]))
	}
	for _, candidate := range way {
		if hasHark(candidate) {
			return candidate
		}
	}
	return dir
}

// hasHark says whether a Hark file lies directly in a folder.
func hasHark(dir string) bool {
	entries, _ := os.ReadDir(dir)
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && filepath.Ext(e.Name()) == ".hk" })
}

// homesIn are the roots of all projects in a folder of the workspace.
func (s *state) homesIn(f folder) []string {
	found := search(f.path, true)
	homes, known := slices.Clone(found.roots), map[string]bool{}
	for _, file := range found.hark {
		dir := filepath.Dir(file)
		if !known[dir] {
			known[dir] = true
			homes = append(homes, s.homeOf(file))
		}
	}
	slices.Sort(homes)
	return slices.Compact(homes)
}
