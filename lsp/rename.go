package lsp

import (
	"errors"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/rename", rename, func(c *protocol.ServerCapabilities, client *clientCapabilities) {
		c.RenameProvider = protocol.Boolean(true)
		if client.TextDocument.Rename.PrepareSupport {
			c.RenameProvider = &protocol.RenameOptions{PrepareProvider: new(true)}
		}
	})
	answer("textDocument/prepareRename", prepareRename, nil)
}

type renameParams struct {
	positionParams
	NewName string `json:"newName"`
}

func rename(r *request, p *renameParams) (any, error) {
	edits, err := ide.Rename(r.snapshot, r.doc.path, r.offset(p.Position), p.NewName)
	if err != nil || len(edits) == 0 {
		return nil, err
	}
	return r.workspaceEdit(edits), nil
}

func prepareRename(r *request, p *positionParams) (any, error) {
	span, name, err := ide.PrepareRename(r.snapshot, r.doc.path, r.offset(p.Position))
	if errors.Is(err, ide.ErrNoName) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &protocol.PrepareRenamePlaceholder{Range: r.textRange(span), Placeholder: name}, nil
}
