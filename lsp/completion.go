package lsp

import (
	"context"
	"fmt"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

var completionKinds = map[ide.CompletionKind]protocol.CompletionItemKind{
	ide.CompleteLocal:     protocol.CompletionItemKindVariable,
	ide.CompleteParameter: protocol.CompletionItemKindVariable,
	ide.CompleteFunction:  protocol.CompletionItemKindFunction,
	ide.CompletePython:    protocol.CompletionItemKindFunction,
	ide.CompleteBuiltin:   protocol.CompletionItemKindFunction,
}

func (s *server) completion(_ context.Context, params jsonrpc2.RawMessage) (any, error) {
	var p struct {
		TextDocument identifier `json:"textDocument"`
		Position     position   `json:"position"`
	}
	if err := decode(params, &p); err != nil {
		return nil, err
	}
	doc, err := s.document(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	offset, err := s.offset(doc.lines, p.Position)
	if err != nil {
		return nil, err
	}
	found, word := ide.Completions(doc.project.snapshot, doc.path, offset)
	list := &protocol.CompletionList{Items: []protocol.CompletionItem{}}
	for i, c := range found {
		item := protocol.CompletionItem{
			Label: c.Name, Kind: completionKinds[c.Kind], Detail: protocol.NewOptional(c.Detail),
			SortText: protocol.NewOptional(fmt.Sprintf("%05d", i)),
			TextEdit: &protocol.TextEdit{Range: s.toRange(doc.lines, word), NewText: c.Name},
		}
		if c.Doc != "" {
			item.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: c.Doc}
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}
