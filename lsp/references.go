package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/references", findReferences, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.ReferencesProvider = protocol.Boolean(true)
	})
	answer("textDocument/documentHighlight", documentHighlight, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentHighlightProvider = protocol.Boolean(true)
	})
}

type referenceParams struct {
	positionParams
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

func findReferences(r *request, p *referenceParams) (any, error) {
	return r.locations(ide.References(r.snapshot, r.doc.path, r.offset(p.Position), p.Context.IncludeDeclaration)), nil
}

func documentHighlight(r *request, p *positionParams) (any, error) {
	all := []protocol.DocumentHighlight{}
	for _, h := range ide.Highlights(r.snapshot, r.doc.path, r.offset(p.Position)) {
		kind := protocol.DocumentHighlightKindRead
		if h.Write {
			kind = protocol.DocumentHighlightKindWrite
		}
		all = append(all, protocol.DocumentHighlight{Range: r.textRange(h.Span), Kind: kind})
	}
	return all, nil
}
