package lsp

import (
	"fmt"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/completion", completion, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.CompletionProvider = &protocol.CompletionOptions{}
	})
}

var completionKinds = map[ide.CompletionKind]protocol.CompletionItemKind{
	ide.CompleteLocal:     protocol.CompletionItemKindVariable,
	ide.CompleteParameter: protocol.CompletionItemKindVariable,
	ide.CompleteFunction:  protocol.CompletionItemKindFunction,
	ide.CompletePython:    protocol.CompletionItemKindFunction,
	ide.CompleteBuiltin:   protocol.CompletionItemKindFunction,
}

func completion(r *request, p *positionParams) (any, error) {
	found, word := ide.Completions(r.snapshot, r.doc.path, r.offset(p.Position))
	list := &protocol.CompletionList{Items: []protocol.CompletionItem{}}
	for i, c := range found {
		item := protocol.CompletionItem{
			Label: c.Name, Kind: completionKinds[c.Kind], Detail: protocol.NewOptional(c.Detail),
			SortText: protocol.NewOptional(fmt.Sprintf("%05d", i)),
			TextEdit: &protocol.TextEdit{Range: r.textRange(word), NewText: c.Name},
		}
		if c.Doc != "" {
			item.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: c.Doc}
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}
