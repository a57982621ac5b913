package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/hover", hover, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.HoverProvider = protocol.Boolean(true)
	})
}

func hover(r *request, p *positionParams) (any, error) {
	found, ok := ide.Hover(r.snapshot, r.doc.path, r.offset(p.Position))
	if !ok {
		return nil, nil
	}
	return &protocol.Hover{Contents: r.markup(r.client.TextDocument.Hover.ContentFormat, found.Markdown), Range: new(r.textRange(found.Span))}, nil
}
