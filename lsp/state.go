package lsp

import (
	"maps"
	"sync"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

// state is all that a request may want to know. It never changes: what a client does to its documents, folders and settings makes a new
// state, and requests that run keep theirs.
type state struct {
	client  *clientCapabilities
	coding  coding
	folders []folder
	// global are the settings that the client gives for no folder, scoped those for one, by its URI.
	global settings
	scoped map[string]settings
	// documents are the open ones by keyOf their URIs, projects those that are loaded, by key.
	documents map[string]*document
	projects  map[string]*project
}

// document is an open file, as it is at one version.
type document struct {
	uri     string // as the client spells it
	key     string
	version int32
	lines   *source.Lines // and the text
	// home is the key of its project, path its name in there.
	home, path string
	// hark: the document is a Hark file; others are Python files and hark.toml.
	hark bool
	// open: the client has it; else it is a file on disk that a request asks about.
	open bool
}

func (d *document) text() string { return d.lines.All() }

// project is a folder of files that belong together, at one moment.
type project struct {
	key string
	// root is its folder, "" for a document that is no file and a project by itself.
	root string
	// config is what hark.toml says; whole says that the project's files are the workspace's, so that all of them are looked at.
	config   *config.Config
	problems []diag.Diagnostic
	whole    bool
	cut      bool // some files were too many
	stamps   map[string]stamp
	settings settings
	snapshot *ide.Snapshot
	hark     []string
	python   []string
	// overlay has the texts of Python files that are open, by path.
	overlay map[string]string
	index   *lineIndex
}

// with is the state with a document changed or opened.
func (s *state) with(doc *document) *state {
	next := *s
	next.documents = maps.Clone(s.documents)
	next.documents[doc.key] = doc
	return &next
}

// without is the state with a document closed.
func (s *state) without(doc *document) *state {
	next := *s
	next.documents = maps.Clone(s.documents)
	delete(next.documents, doc.key)
	return &next
}

// forgetting is the state without a project.
func (s *state) forgetting(key string) *state {
	next := *s
	next.projects = maps.Clone(s.projects)
	delete(next.projects, key)
	return &next
}

// having is the state with a project loaded or changed.
func (s *state) having(p *project) *state {
	next := *s
	next.projects = maps.Clone(s.projects)
	next.projects[p.key] = p
	return &next
}

// lineIndex keeps the lines of files that are not open, which places are converted with.
type lineIndex struct {
	mu    sync.Mutex
	files map[string]indexed
}

type indexed struct {
	text  string
	lines *source.Lines
}

func newLineIndex() *lineIndex { return &lineIndex{files: map[string]indexed{}} }

func (x *lineIndex) of(path, text string) *source.Lines {
	x.mu.Lock()
	defer x.mu.Unlock()
	if known, ok := x.files[path]; ok && known.text == text {
		return known.lines
	}
	lines := source.NewLines(text)
	x.files[path] = indexed{text, lines}
	return lines
}

// linesOf are the lines of a file of a project.
func (s *state) linesOf(p *project, path string) *source.Lines {
	if doc := s.openAt(p, path); doc != nil {
		return doc.lines
	}
	if path == config.FileName { // no program has it among its files
		return p.index.of(path, p.config.Text)
	}
	return p.index.of(path, p.snapshot.Text(path))
}
