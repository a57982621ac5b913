package lsp

import (
	"path"
	"path/filepath"
	"strings"

	"go.lsp.dev/uri"
)

// Documents are named by URIs. A client gets back the spelling that it uses itself; whether two spellings mean one file is decided by
// the file's path. Documents that are no files (untitled ones, cells of notebooks) are just what their URI says.

// filePath is the path of the file that a URI names; ok is false if it names none.
func filePath(spelled string) (path string, ok bool) {
	if !strings.HasPrefix(spelled, "file:") {
		return "", false
	}
	parsed, err := uri.Parse(spelled)
	if err != nil {
		return "", false
	}
	path = filepath.Clean(filepath.FromSlash(parsed.FsPath()))
	return path, filepath.IsAbs(path)
}

// keyOf is the same for all spellings of a document's URI.
func keyOf(spelled string) string {
	if path, ok := filePath(spelled); ok {
		return fileKey(path)
	}
	return spelled
}

func fileKey(path string) string { return "file:" + path }

// folder is a folder of the client's workspace.
type folder struct {
	uri  string // as the client spells it
	path string
}

// contains says whether a path is the folder or lies in it.
func (f folder) contains(path string) bool { return within(f.path, path) }

func within(dir, path string) bool {
	relative, err := filepath.Rel(dir, path)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}

// fileURI is the URI of a file, spelled as the client spells the folder that it lies in.
func (s *state) fileURI(file string) string {
	if f, ok := s.folderOf(file); ok {
		relative := filepath.ToSlash(strings.TrimPrefix(file[len(f.path):], string(filepath.Separator)))
		escaped := strings.TrimPrefix(string(uri.File("/"+relative)), "file:///")
		return strings.TrimSuffix(f.uri, "/") + "/" + escaped
	}
	return fileURIOf(file)
}

func fileURIOf(path string) string { return string(uri.File(path)) }

// folderOf is the innermost folder of the workspace that a path lies in.
func (s *state) folderOf(path string) (found folder, ok bool) {
	for _, f := range s.folders {
		if f.contains(path) && (!ok || len(f.path) > len(found.path)) {
			found, ok = f, true
		}
	}
	return found, ok
}

// uriOf is the URI of a file of a project, "" if it has none.
func (s *state) uriOf(p *project, name string) string {
	if rest, ok := strings.CutPrefix(name, "prelude/"); ok {
		return preludeURI(rest)
	}
	if p.root == "" {
		return p.key
	}
	file := p.file(name)
	if doc := s.documents[fileKey(file)]; doc != nil {
		return doc.uri
	}
	return s.fileURI(file)
}

// openAt is the document at a path of a project, nil if it is not open.
func (s *state) openAt(p *project, name string) *document {
	if p.root == "" {
		if doc := s.documents[p.key]; doc != nil && doc.path == name {
			return doc
		}
		return nil
	}
	return s.documents[fileKey(p.file(name))]
}

// file is the absolute path of a file of the project.
func (p *project) file(name string) string {
	if native := filepath.FromSlash(name); filepath.IsAbs(native) {
		return native
	}
	return filepath.Join(p.root, filepath.FromSlash(name))
}

// name is the path of a file in the project, relative to its root, with forward slashes.
func (p *project) name(file string) string {
	relative, err := filepath.Rel(p.root, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return path.Clean(filepath.ToSlash(relative))
}
