package lsp

import (
	"encoding/json"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

func init() {
	answer("textDocument/prepareCallHierarchy", prepareCallHierarchy, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.CallHierarchyProvider = protocol.Boolean(true)
	})
	answer("callHierarchy/incomingCalls", incomingCalls, nil)
	answer("callHierarchy/outgoingCalls", outgoingCalls, nil)
}

func prepareCallHierarchy(r *request, p *positionParams) (any, error) {
	var items []protocol.CallHierarchyItem
	for _, item := range ide.PrepareCalls(r.snapshot, r.doc.path, r.offset(p.Position)) {
		if shown, ok := r.callItem(item); ok {
			items = append(items, shown)
		}
	}
	if len(items) == 0 {
		return nil, nil
	}
	return items, nil
}

// callData is what an item carries, so that it is found again after edits.
type callData struct {
	Project string `json:"project"`
	Key     string `json:"key"`
}

// callItem is an item of the hierarchy; ok is false if no editor can open its place.
func (r *request) callItem(item ide.CallItem) (protocol.CallHierarchyItem, bool) {
	name, ok := r.location(item.Place)
	whole, _ := r.location(ide.Place{Path: item.Path, Span: item.Extent})
	data, err := json.Marshal(callData{r.key, item.Key})
	return protocol.CallHierarchyItem{
		Name: item.Name, Kind: protocol.SymbolKindFunction, Detail: &item.Detail, URI: name.URI, Range: whole.Range,
		SelectionRange: name.Range, Data: protocol.LSPAny(data),
	}, ok && err == nil
}

// callParams are those of both directions.
type callParams struct {
	Item struct {
		URI            string    `json:"uri"`
		SelectionRange textRange `json:"selectionRange"`
		Data           *callData `json:"data,omitempty"`
	} `json:"item"`
}

func (p *callParams) document() string { return p.Item.URI }

// keys are the functions that the request's item stands for, in the project that it was found in.
func (r *request) keys(p *callParams) []string {
	if data := p.Item.Data; data != nil {
		if found := r.projects[data.Project]; found != nil {
			r.project = found
			return []string{data.Key}
		}
	}
	var keys []string
	for _, item := range ide.PrepareCalls(r.snapshot, r.doc.path, r.offset(p.Item.SelectionRange.Start)) {
		keys = append(keys, item.Key)
	}
	return keys
}

func incomingCalls(r *request, p *callParams) (any, error) {
	all := []protocol.CallHierarchyIncomingCall{}
	for _, key := range r.keys(p) {
		for _, call := range ide.IncomingCalls(r.snapshot, key) {
			if item, ok := r.callItem(call.Item); ok {
				all = append(all, protocol.CallHierarchyIncomingCall{From: item, FromRanges: r.ranges(call.Path, call.Spans)})
			}
		}
	}
	return all, nil
}

func outgoingCalls(r *request, p *callParams) (any, error) {
	all := []protocol.CallHierarchyOutgoingCall{}
	for _, key := range r.keys(p) {
		for _, call := range ide.OutgoingCalls(r.snapshot, key) {
			if item, ok := r.callItem(call.Item); ok {
				all = append(all, protocol.CallHierarchyOutgoingCall{To: item, FromRanges: r.ranges(call.Path, call.Spans)})
			}
		}
	}
	return all, nil
}

// ranges are spans of a file of the project.
func (r *request) ranges(path string, spans []source.Span) []protocol.Range {
	lines := r.linesOf(r.project, path)
	all := make([]protocol.Range, len(spans))
	for i, span := range spans {
		all[i] = r.coding.textRange(lines, span)
	}
	return all
}
