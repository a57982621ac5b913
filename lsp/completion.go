package lsp

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/completion", completion, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.CompletionProvider = &protocol.CompletionOptions{
			TriggerCharacters: []string{`"`, "'", ":", "(", "[", "="},
			ResolveProvider:   new(true),
			CompletionItem:    &protocol.ServerCompletionItemOptions{LabelDetailsSupport: new(true)},
		}
	})
	answer("completionItem/resolve", resolveCompletion, nil)
}

var completionKinds = map[ide.CompletionKind]protocol.CompletionItemKind{
	ide.CompleteLocal:     protocol.CompletionItemKindVariable,
	ide.CompleteParameter: protocol.CompletionItemKindVariable,
	ide.CompleteFunction:  protocol.CompletionItemKindFunction,
	ide.CompletePython:    protocol.CompletionItemKindFunction,
	ide.CompleteBuiltin:   protocol.CompletionItemKindFunction,
	ide.CompleteKeyword:   protocol.CompletionItemKindKeyword,
	ide.CompleteKey:       protocol.CompletionItemKindField,
	ide.CompleteArgument:  protocol.CompletionItemKindProperty,
	ide.CompleteAttribute: protocol.CompletionItemKindProperty,
	ide.CompleteModule:    protocol.CompletionItemKindModule,
	ide.CompleteType:      protocol.CompletionItemKindClass,
	ide.CompleteValue:     protocol.CompletionItemKindValue,
}

type completionParams struct {
	positionParams
	Context *struct {
		TriggerCharacter string `json:"triggerCharacter,omitempty"`
	} `json:"context,omitempty"`
}

func completion(r *request, p *completionParams) (any, error) {
	trigger := ""
	if p.Context != nil {
		trigger = p.Context.TriggerCharacter
	}
	found := ide.Completions(r.snapshot, r.doc.path, r.offset(p.Position), trigger)
	writer := newCompletionWriter(r, found)
	list := &protocol.CompletionList{IsIncomplete: found.Incomplete, Items: make([]protocol.CompletionItem, 0, len(found.Items))}
	for i := range found.Items {
		item := writer.item(&found.Items[i])
		item.SortText = protocol.NewOptional(fmt.Sprintf("%04d", i))
		if i == 0 {
			item.Preselect = protocol.NewOptional(true)
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// completionWriter writes items in the form that the client takes.
type completionWriter struct {
	*request
	insert, replace protocol.Range
	uri             string
	snippets, both  bool
	details, commit bool
}

func newCompletionWriter(r *request, found ide.CompletionList) *completionWriter {
	client := r.client.TextDocument.Completion.CompletionItem
	return &completionWriter{
		request: r, insert: r.textRange(found.Insert), replace: r.textRange(found.Replace), uri: r.doc.uri,
		snippets: client.SnippetSupport, both: client.InsertReplaceSupport, details: client.LabelDetailsSupport,
		commit: client.CommitCharactersSupport,
	}
}

func (w *completionWriter) item(c *ide.Completion) protocol.CompletionItem {
	item := protocol.CompletionItem{Label: c.Label, Kind: completionKinds[c.Kind], Data: asJSON(completionRef{w.uri, c.Ref})}
	if c.Filter != "" {
		item.FilterText = protocol.NewOptional(c.Filter)
	}
	text := c.Text()
	if w.snippets && c.Snippet != "" {
		text = c.Snippet
		item.InsertTextFormat = protocol.InsertTextFormatSnippet
		item.InsertTextMode = protocol.InsertTextModeAdjustIndentation
	}
	if w.both {
		item.TextEdit = &protocol.InsertReplaceEdit{NewText: text, Insert: w.insert, Replace: w.replace}
	} else {
		item.TextEdit = &protocol.TextEdit{NewText: text, Range: w.replace}
	}
	switch {
	case w.details && (c.Detail != "" || c.From != ""):
		item.LabelDetails = &protocol.CompletionItemLabelDetails{}
		if c.Detail != "" {
			item.LabelDetails.Detail = &c.Detail
		}
		if c.From != "" {
			item.LabelDetails.Description = &c.From
		}
	case !w.details && c.Detail+c.From != "":
		item.Detail = protocol.NewOptional(plainDetail(c))
	}
	if len(c.Edits) > 0 {
		item.AdditionalTextEdits = w.textEdits(w.doc.path, c.Edits)
	}
	if w.commit && text == c.Label && callable(c.Kind) {
		item.CommitCharacters = []string{"("}
	}
	return item
}

func callable(kind ide.CompletionKind) bool {
	return kind == ide.CompleteFunction || kind == ide.CompletePython || kind == ide.CompleteBuiltin
}

// plainDetail is what stands beside the label for a client that has one place for it.
func plainDetail(c *ide.Completion) string {
	if callable(c.Kind) {
		if c.From != "" {
			return c.Label + c.Detail + " · " + c.From
		}
		return c.Label + c.Detail
	}
	if c.Detail == "" {
		return c.From
	}
	return strings.TrimPrefix(c.Detail, ": ")
}

// completionRef is what an item carries so that its documentation can be found.
type completionRef struct {
	URI string `json:"uri"`
	Ref string `json:"ref"`
}

type completionItemParams struct {
	Data completionRef `json:"data"`
}

func (p *completionItemParams) document() string { return p.Data.URI }

// resolveCompletion adds to an item what is only wanted when somebody looks at it. All else of the item stays as the client has it.
func resolveCompletion(r *request, p *completionItemParams) (any, error) {
	item := map[string]any{}
	if err := json.Unmarshal(r.raw, &item); err != nil {
		return nil, invalidParams("the item cannot be read: %v", err)
	}
	detail, doc := ide.CompletionDoc(r.snapshot, r.doc.path, p.Data.Ref)
	if detail != "" {
		item["detail"] = detail
	}
	if doc != "" {
		item["documentation"] = r.markup(r.client.TextDocument.Completion.CompletionItem.DocumentationFormat, doc)
	}
	data, err := json.Marshal(item)
	return json.RawMessage(data), err
}
