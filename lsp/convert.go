package lsp

import (
	"slices"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The conversions between the protocol's positions and byte offsets, and between the places and edits of compiler/ide and those of
// the protocol.

// coding is the encoding of positions that was agreed with the client.
type coding protocol.PositionEncodingKind

// offset is a position of a text. A position inside of a character is that character's start.
func (c coding) offset(lines *source.Lines, p position) int32 {
	if c != coding(protocol.PositionEncodingKindUTF8) {
		return lines.UTF16Offset(int(p.Line), int(p.Character))
	}
	offset, start := lines.ColumnOffset(int(p.Line), int(p.Character)), lines.Start(int(p.Line))
	text := lines.Text(int(p.Line))
	for offset > start && int(offset-start) < len(text) && !utf8.RuneStart(text[offset-start]) {
		offset--
	}
	return offset
}

func (c coding) span(lines *source.Lines, t textRange) source.Span {
	return source.Span{Start: c.offset(lines, t.Start), End: c.offset(lines, t.End)}
}

func (c coding) position(lines *source.Lines, offset int32) protocol.Position {
	convert := lines.OffsetUTF16
	if c == coding(protocol.PositionEncodingKindUTF8) {
		convert = lines.OffsetColumn
	}
	line, character := convert(offset)
	return protocol.Position{Line: uint32(line), Character: uint32(character)}
}

func (c coding) textRange(lines *source.Lines, span source.Span) protocol.Range {
	return protocol.Range{Start: c.position(lines, span.Start), End: c.position(lines, span.End)}
}

// offset is a position of the request's document.
func (r *request) offset(p position) int32 { return r.coding.offset(r.doc.lines, p) }

// span is a range of the request's document.
func (r *request) span(t textRange) source.Span { return r.coding.span(r.doc.lines, t) }

// position is an offset of the request's document.
func (r *request) position(offset int32) protocol.Position {
	return r.coding.position(r.doc.lines, offset)
}

// textRange is a span of the request's document.
func (r *request) textRange(span source.Span) protocol.Range {
	return r.coding.textRange(r.doc.lines, span)
}

// location is a place of the project, in a Hark or Python file or in the prelude; ok is false for a place that no editor can open.
func (r *request) location(p ide.Place) (location protocol.Location, ok bool) {
	return r.locationOf(r.project, p)
}

func (s *state) locationOf(p *project, place ide.Place) (location protocol.Location, ok bool) {
	spelled := s.uriOf(p, place.Path)
	if spelled == "" {
		return protocol.Location{}, false
	}
	return protocol.Location{URI: uri.URI(spelled), Range: s.coding.textRange(s.linesOf(p, place.Path), place.Span)}, true
}

// locations are those of the places that an editor can open.
func (r *request) locations(places []ide.Place) []protocol.Location {
	all := make([]protocol.Location, 0, len(places))
	for _, p := range places {
		if location, ok := r.location(p); ok {
			all = append(all, location)
		}
	}
	return all
}

// textEdits are edits of a file of the project.
func (r *request) textEdits(path string, edits []diag.Edit) []protocol.TextEdit {
	lines := r.linesOf(r.project, path)
	all := make([]protocol.TextEdit, 0, len(edits))
	for _, e := range edits {
		all = append(all, protocol.TextEdit{Range: r.coding.textRange(lines, e.Span), NewText: e.New})
	}
	return all
}

// workspaceEdit is a change of several files, in the form that the client takes: with the versions of the documents that are open, so
// that it is not applied to later ones, or without.
func (r *request) workspaceEdit(files []ide.FileEdits) *protocol.WorkspaceEdit {
	edit := &protocol.WorkspaceEdit{}
	versioned := r.client.Workspace.WorkspaceEdit.DocumentChanges
	if !versioned {
		edit.Changes = map[uri.URI][]protocol.TextEdit{}
	}
	for _, file := range files {
		spelled := uri.URI(r.uriOf(r.project, file.Path))
		edits := r.textEdits(file.Path, file.Edits)
		if !versioned {
			edit.Changes[spelled] = slices.Concat(edit.Changes[spelled], edits)
			continue
		}
		change := &protocol.TextDocumentEdit{TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
			TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: spelled},
		}}
		if doc := r.openAt(r.project, file.Path); doc != nil {
			change.TextDocument.Version = new(doc.version)
		}
		for i := range edits {
			change.Edits = append(change.Edits, &edits[i])
		}
		edit.DocumentChanges = append(edit.DocumentChanges, change)
	}
	return edit
}
