package lsp

import (
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/selectionRange", selectionRange, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.SelectionRangeProvider = protocol.Boolean(true)
	})
	answer("textDocument/linkedEditingRange", linkedEditingRange, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.LinkedEditingRangeProvider = protocol.Boolean(true)
	})
	answer("textDocument/documentLink", documentLink, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentLinkProvider = &protocol.DocumentLinkOptions{}
	})
}

type selectionRangeParams struct {
	documentParams
	Positions []position `json:"positions"`
}

func selectionRange(r *request, p *selectionRangeParams) (any, error) {
	all := make([]*protocol.SelectionRange, len(p.Positions))
	for i, position := range p.Positions {
		at := r.offset(position)
		spans := ide.Selections(r.snapshot, r.doc.path, at)
		for j := len(spans) - 1; j >= 0; j-- {
			all[i] = &protocol.SelectionRange{Range: r.textRange(spans[j]), Parent: all[i]}
		}
		if all[i] == nil { // every position has an answer, in a file of whatever kind
			here := r.position(at)
			all[i] = &protocol.SelectionRange{Range: protocol.Range{Start: here, End: here}}
		}
	}
	return all, nil
}

// wordPattern is a name, as a regular expression of JavaScript.
const wordPattern = `[a-z_][A-Za-z0-9_?.]*`

func linkedEditingRange(r *request, p *positionParams) (any, error) {
	spans := ide.LinkedEditing(r.snapshot, r.doc.path, r.offset(p.Position))
	if len(spans) == 0 {
		return nil, nil
	}
	return &protocol.LinkedEditingRanges{Ranges: r.ranges(r.doc.path, spans), WordPattern: new(wordPattern)}, nil
}

func documentLink(r *request, _ *documentParams) (any, error) {
	all := []protocol.DocumentLink{}
	for _, link := range ide.Links(r.snapshot, r.doc.path) {
		if target := r.uriOf(r.project, link.Path); target != "" {
			all = append(all, protocol.DocumentLink{Range: r.textRange(link.Span), Target: new(uri.URI(target)), Tooltip: new(link.Path)})
		}
	}
	return all, nil
}
