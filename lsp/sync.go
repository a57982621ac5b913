package lsp

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Documents as the client has them. A change is applied as a whole or not at all: one with a range that is none is left out and logged,
// what is known is pushed for its version, and the changes after it go on from the text before it.

func (s *server) didOpen(raw json.RawMessage) error {
	var p struct {
		TextDocument struct {
			identifier
			LanguageID string `json:"languageId,omitempty"`
			Version    number `json:"version,omitempty"`
			Text       string `json:"text"`
		} `json:"textDocument"`
	}
	if err := decode(raw, &p); err != nil {
		return err
	}
	d := p.TextDocument
	doc := &document{
		uri: strings.Clone(d.URI), key: keyOf(d.URI), version: int32(d.Version), lines: source.NewLines(d.Text), open: true,
	}
	s.overtake(doc.key)
	s.settle(doc, d.LanguageID)
	s.state = s.state.with(doc)
	s.show(doc, nil)
	s.publish(doc)
	s.lookAround(0)
	return nil
}

// settle finds the project of a document, and loads it if it is not.
func (s *server) settle(doc *document, language string) {
	file, isFile := filePath(doc.uri)
	switch name, isPrelude := preludeName(file); {
	case !isFile:
		doc.home, doc.path = doc.key, "main.hk"
		doc.hark = language == "hark" || language == "" || filepath.Ext(doc.uri) == ".hk"
		s.state = s.state.having(s.state.alone(doc.key))
		return
	case isPrelude:
		doc.home, doc.path = s.anyProject(file), name
		return
	}
	root := s.state.homeOf(file)
	doc.home, doc.hark = fileKey(root), filepath.Ext(file) == ".hk"
	p := s.project(root)
	doc.path = p.name(file)
}

// project is the project of a root, which is loaded at its first use.
func (s *server) project(root string) *project {
	if p := s.state.projects[fileKey(root)]; p != nil {
		return p
	}
	p := s.state.load(root)
	s.state = s.state.having(p)
	return p
}

// anyProject is the key of some project, for files that belong to all.
func (s *server) anyProject(file string) string {
	for key := range s.state.projects {
		return key
	}
	return s.project(filepath.Dir(file)).key
}

// show brings a document's text into its project: by edits of what is there, or as a whole if there are none.
func (s *server) show(doc *document, edits []diag.Edit) {
	p := s.state.projects[doc.home]
	next := *p
	text := doc.text()
	switch {
	case strings.HasPrefix(doc.path, "prelude/"):
	case doc.hark && edits != nil && p.snapshot.IsOpen(doc.path):
		next.snapshot = p.snapshot.Edit(doc.path, edits...)
	case doc.hark:
		next.snapshot = p.snapshot.Open(doc.path, text)
	case filepath.Ext(doc.path) == ".py":
		next = *p.relaid(doc.path, &text)
	case doc.path == config.FileName:
		next = *p.again(s.state, nil)
	}
	s.state = s.state.having(&next)
}

type contentChange struct {
	Range *textRange `json:"range,omitempty"`
	Text  string     `json:"text"`
}

func (s *server) didChange(raw json.RawMessage) error {
	var p struct {
		TextDocument struct {
			identifier
			Version *number `json:"version,omitempty"`
		} `json:"textDocument"`
		ContentChanges []contentChange `json:"contentChanges"`
	}
	if err := decode(raw, &p); err != nil {
		s.leaveOut(raw)
		return err
	}
	old := s.state.documents[keyOf(p.TextDocument.URI)]
	if old == nil {
		return invalidParams("%s is not open", p.TextDocument.URI)
	}
	s.overtake(old.key)
	doc := *old
	if doc.version++; p.TextDocument.Version != nil {
		doc.version = int32(*p.TextDocument.Version)
	}
	edits := make([]diag.Edit, 0, len(p.ContentChanges))
	for _, change := range p.ContentChanges {
		edit := s.edit(doc.lines, change)
		edits = append(edits, edit)
		doc.lines = doc.lines.Edit(edit.Span, edit.New)
	}
	s.state = s.state.with(&doc)
	s.show(&doc, edits)
	s.publish(&doc)
	s.lookAround(lookInterval)
	return nil
}

// leaveOut tells about a document whose change makes no sense: its text stays, but the client has another version of it now, and waits
// for that.
func (s *server) leaveOut(raw json.RawMessage) {
	var p struct {
		TextDocument struct {
			URI     string `json:"uri"`
			Version *int32 `json:"version"`
		} `json:"textDocument"`
	}
	var misfit *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &p); err != nil && !errors.As(err, &misfit) || p.TextDocument.Version == nil {
		return
	}
	old := s.state.documents[keyOf(p.TextDocument.URI)]
	if old == nil {
		return
	}
	doc := *old
	doc.version = *p.TextDocument.Version
	s.state = s.state.with(&doc)
	s.publish(&doc)
}

// edit is a change in bytes; one of the whole text is the piece that differs.
func (s *server) edit(lines *source.Lines, change contentChange) diag.Edit {
	if change.Range != nil {
		return diag.Edit{Span: s.state.coding.span(lines, *change.Range), New: change.Text}
	}
	old, text := lines.All(), change.Text
	same := 0
	for same < min(len(old), len(text)) && old[same] == text[same] {
		same++
	}
	end := 0
	for end < min(len(old), len(text))-same && old[len(old)-1-end] == text[len(text)-1-end] {
		end++
	}
	return diag.Edit{Span: source.Span{Start: int32(same), End: int32(len(old) - end)}, New: text[same : len(text)-end]}
}

func (s *server) didClose(raw json.RawMessage) error {
	var p documentParams
	if err := decode(raw, &p); err != nil {
		return err
	}
	doc := s.state.documents[keyOf(p.TextDocument.URI)]
	if doc == nil {
		return invalidParams("%s is not open", p.TextDocument.URI)
	}
	s.overtake(doc.key)
	s.state = s.state.without(doc)
	project := s.state.projects[doc.home]
	switch {
	case project.root == "":
		s.state = s.state.forgetting(project.key)
	case doc.hark:
		next := *project
		next.snapshot = project.snapshot.Close(doc.path)
		s.state = s.state.having(next.again(s.state, []diskChange{{project.file(doc.path), true}}))
	case filepath.Ext(doc.path) == ".py":
		s.state = s.state.having(project.relaid(doc.path, nil))
	case doc.path == config.FileName:
		s.state = s.state.having(project.again(s.state, nil))
	}
	s.closed(doc)
	return nil
}

// didSave looks at the disk where the client does not watch it for us.
func (s *server) didSave(raw json.RawMessage) error {
	var p documentParams
	if err := decode(raw, &p); err != nil {
		return err
	}
	s.lookAround(0)
	return nil
}
