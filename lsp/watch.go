package lsp

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/internal/config"
)

// Files and folders that change outside of the documents: by the client's word, for which it is asked to watch, or found out by looking.

// watched are the files whose changes matter.
var watched = []string{"**/*.hk", "**/*.py", "**/" + config.FileName}

// register asks the client to tell what it tells only if it is asked.
func (s *server) register() {
	type registration struct {
		ID      string `json:"id"`
		Method  string `json:"method"`
		Options any    `json:"registerOptions,omitempty"`
	}
	var all []registration
	if s.state.client.Workspace.DidChangeWatchedFiles.Registration {
		watchers := []map[string]any{}
		for _, pattern := range watched {
			watchers = append(watchers, map[string]any{"globPattern": pattern})
		}
		all = append(all, registration{"hark-files", "workspace/didChangeWatchedFiles", map[string]any{"watchers": watchers}})
	}
	if s.state.client.Workspace.DidChangeConfiguration.Registration {
		all = append(all, registration{"hark-settings", "workspace/didChangeConfiguration", map[string]any{"section": "hark"}})
	}
	if len(all) == 0 {
		return
	}
	params, err := json.Marshal(map[string]any{"registrations": all})
	if err != nil {
		return
	}
	answer := s.call(s.ctx, "client/registerCapability", protocol.LSPAny(params))
	go func() {
		if m := <-answer; m != nil && m.err != nil {
			s.options.Log.Warn("the client does not register", zap.Error(m.err))
		}
	}()
}

func (s *server) didChangeWatchedFiles(raw json.RawMessage) error {
	var p struct {
		Changes []struct {
			URI  string `json:"uri"`
			Type number `json:"type"`
		} `json:"changes"`
	}
	if err := decode(raw, &p); err != nil {
		return err
	}
	var changes []diskChange
	for _, change := range p.Changes {
		if file, ok := filePath(change.URI); ok {
			changes = append(changes, diskChange{file, change.Type != 2})
		}
	}
	s.onDisk(changes)
	return nil
}

type filesParams struct {
	Files []struct {
		URI    string `json:"uri,omitempty"`
		OldURI string `json:"oldUri,omitempty"`
		NewURI string `json:"newUri,omitempty"`
	} `json:"files"`
}

// filesChanged is for files, and folders, that were created, renamed or deleted in the editor.
func (s *server) filesChanged(raw json.RawMessage) error {
	var p filesParams
	if err := decode(raw, &p); err != nil {
		return err
	}
	var changes []diskChange
	for _, f := range p.Files {
		for _, spelled := range []string{f.URI, f.OldURI, f.NewURI} {
			if file, ok := filePath(spelled); ok {
				changes = append(changes, diskChange{file, true})
			}
		}
	}
	s.onDisk(changes)
	return nil
}

// diskChange is a file that is another on disk than before; with came, it was not there before, or is not any more.
type diskChange struct {
	file string
	came bool
}

// onDisk takes in what has changed on disk. Where that may move the borders of projects, all are found anew.
func (s *server) onDisk(changes []diskChange) {
	changes = slices.DeleteFunc(changes, func(c diskChange) bool { // open documents count, not what was saved of them
		return !c.came && s.state.documents[fileKey(c.file)] != nil
	})
	if len(changes) == 0 {
		return
	}
	if slices.ContainsFunc(changes, s.movesBorders) {
		s.reload()
		return
	}
	for _, p := range s.state.projects {
		seen := slices.DeleteFunc(slices.Clone(changes), func(c diskChange) bool { return p.root == "" || !p.sees(c.file) })
		if len(seen) > 0 {
			s.state = s.state.having(p.again(s.state, seen))
		}
	}
	s.publish(nil)
	s.refresh()
}

// sees says whether a file may be of importance to a project.
func (p *project) sees(file string) bool {
	return within(p.root, file) || slices.ContainsFunc(p.config.PythonPath(), func(dir string) bool { return within(dir, file) })
}

// movesBorders says whether a change may make files belong to another project than before: a hark.toml or a folder that comes or goes, or a
// Hark file where no hark.toml says which project it is in.
func (s *server) movesBorders(c diskChange) bool {
	if !c.came {
		return false
	}
	switch filepath.Ext(c.file) {
	case ".py":
		return false
	case ".hk":
		_, ok := config.FindRoot(filepath.Dir(c.file))
		return !ok
	}
	return true
}

// reload finds all projects anew, for the workspace and for the open documents.
func (s *server) reload() {
	next := *s.state
	next.projects = map[string]*project{}
	for key, p := range s.state.projects {
		if p.root == "" {
			next.projects[key] = p
		}
	}
	s.state = &next
	for _, old := range s.state.documents {
		if _, isFile := filePath(old.uri); !isFile {
			continue
		}
		doc := *old
		s.settle(&doc, "")
		s.state = s.state.with(&doc)
		s.show(&doc, nil)
	}
	s.loadFolders(s.state.folders)
}

func (s *server) didChangeWorkspaceFolders(raw json.RawMessage) error {
	var p struct {
		Event struct {
			Added   []workspaceFolder `json:"added"`
			Removed []workspaceFolder `json:"removed"`
		} `json:"event"`
	}
	if err := decode(raw, &p); err != nil {
		return err
	}
	next := *s.state
	next.folders = slices.Clone(s.state.folders)
	for _, gone := range p.Event.Removed {
		next.folders = slices.DeleteFunc(next.folders, func(f folder) bool { return keyOf(f.uri) == keyOf(strings.TrimSuffix(gone.URI, "/")) })
	}
	for _, f := range p.Event.Added {
		next.folders = append(next.folders, foldersAt(f.URI)...)
	}
	s.state = &next
	s.askSettings(true)
	s.reload()
	return nil
}
