package lsp

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

// document is an open file.
type document struct {
	uri     string // as the client spells it
	version int32
	lines   *source.Lines
	text    string
	project *project
	path    string // in the project
}

// project is a root folder and the state of its files.
type project struct {
	root     string // "" for text that is on no disk
	snapshot *ide.Snapshot
}

// position and its like are decoded here, as the library takes a change with a bad range for one of the whole text.
type position struct {
	Line      *int64 `json:"line"`
	Character *int64 `json:"character"`
}

type textRange struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type identifier struct {
	URI     string `json:"uri"`
	Version int32  `json:"version"`
}

func (s *server) didOpen(ctx context.Context, params jsonrpc2.RawMessage) (any, error) {
	var p struct {
		TextDocument struct {
			identifier
			Text string `json:"text"`
		} `json:"textDocument"`
	}
	if err := decode(params, &p); err != nil {
		return nil, err
	}
	doc := s.locate(p.TextDocument.URI)
	s.documents[doc.uri] = doc
	doc.set(p.TextDocument.Text, p.TextDocument.Version)
	return nil, s.publish(ctx, doc.project)
}

func (s *server) didChange(ctx context.Context, params jsonrpc2.RawMessage) (any, error) {
	var p struct {
		TextDocument   identifier `json:"textDocument"`
		ContentChanges []struct {
			Range *textRange `json:"range"`
			Text  string     `json:"text"`
		} `json:"contentChanges"`
	}
	if err := decode(params, &p); err != nil {
		return nil, err
	}
	doc, err := s.document(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	text, lines := doc.text, doc.lines
	for _, change := range p.ContentChanges {
		if change.Range == nil {
			text = change.Text
		} else {
			span, err := s.span(lines, *change.Range)
			if err != nil {
				return nil, err
			}
			text = text[:span.Start] + change.Text + text[span.End:]
		}
		lines = source.NewLines(text)
	}
	doc.set(text, p.TextDocument.Version)
	return nil, s.publish(ctx, doc.project)
}

func (s *server) didClose(ctx context.Context, params jsonrpc2.RawMessage) (any, error) {
	var p struct {
		TextDocument identifier `json:"textDocument"`
	}
	if err := decode(params, &p); err != nil {
		return nil, err
	}
	doc, err := s.document(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	delete(s.documents, doc.uri)
	doc.project.snapshot = doc.project.snapshot.Close(doc.path)
	if err := s.clear(ctx, doc.uri); err != nil {
		return nil, err
	}
	return nil, s.publish(ctx, doc.project)
}

// document is an open document by the client's URI.
func (s *server) document(uri string) (*document, error) {
	if doc := s.documents[uri]; doc != nil {
		return doc, nil
	}
	return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s is not open", uri)
}

// locate finds the project of a document: that of the nearest hark.toml above it, else its folder. A document that is no
// file is a project by itself.
func (s *server) locate(spelled string) *document {
	doc := &document{uri: spelled, path: "main.hk"}
	root, path := "", ""
	if parsed, err := uri.Parse(spelled); err == nil && strings.HasPrefix(spelled, "file:") {
		path = parsed.FsPath()
		found, ok := config.FindRoot(filepath.Dir(path))
		if root = found; !ok {
			root = filepath.Dir(path)
		}
	}
	if relative, err := filepath.Rel(root, path); err == nil && root != "" {
		doc.path = filepath.ToSlash(relative)
	}
	key := root
	if root == "" {
		key = spelled
	}
	if s.projects[key] == nil {
		s.projects[key] = newProject(root)
	}
	doc.project = s.projects[key]
	return doc
}

func newProject(root string) *project {
	return &project{root: root, snapshot: ide.NewSnapshot(ide.Project{Read: func(path string) (string, error) {
		if root == "" {
			return "", os.ErrNotExist
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		return string(text), err
	}})}
}

func (d *document) set(text string, version int32) {
	d.text, d.version, d.lines = text, version, source.NewLines(text)
	d.project.snapshot = d.project.snapshot.Open(d.path, text)
}
