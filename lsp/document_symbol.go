package lsp

import (
	"cmp"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/documentSymbol", documentSymbol, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentSymbolProvider = protocol.Boolean(true)
	})
	answer("workspace/symbol", workspaceSymbol, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.WorkspaceSymbolProvider = protocol.Boolean(true)
	})
}

var symbolKinds = map[ide.SymbolKind]protocol.SymbolKind{
	ide.SymbolFunction: protocol.SymbolKindFunction,
	ide.SymbolLambda:   protocol.SymbolKindFunction,
	ide.SymbolImport:   protocol.SymbolKindModule,
	ide.SymbolPython:   protocol.SymbolKindModule,
}

func documentSymbol(r *request, _ *documentParams) (any, error) {
	symbols := ide.DocumentSymbols(r.snapshot, r.doc.path)
	if r.client.TextDocument.DocumentSymbol.Hierarchical {
		return r.outline(symbols), nil
	}
	return r.flat([]protocol.SymbolInformation{}, symbols, ""), nil
}

func (r *request) outline(symbols []ide.Symbol) []protocol.DocumentSymbol {
	all := make([]protocol.DocumentSymbol, 0, len(symbols))
	for _, s := range symbols {
		symbol := protocol.DocumentSymbol{
			Name: s.Name, Detail: &s.Detail, Kind: symbolKinds[s.Kind], Range: r.textRange(s.Extent), SelectionRange: r.textRange(s.Span),
		}
		if len(s.Children) > 0 {
			symbol.Children = r.outline(s.Children)
		}
		all = append(all, symbol)
	}
	return all
}

// flat is the outline for clients that take no hierarchy.
func (r *request) flat(all []protocol.SymbolInformation, symbols []ide.Symbol, container string) []protocol.SymbolInformation {
	for _, s := range symbols {
		info := protocol.SymbolInformation{Location: protocol.Location{URI: uri.URI(r.doc.uri), Range: r.textRange(s.Extent)}}
		info.Name, info.Kind = s.Name, symbolKinds[s.Kind]
		if container != "" {
			info.ContainerName = &container
		}
		all = r.flat(append(all, info), s.Children, s.Name)
	}
	return all
}

type workspaceSymbolParams struct {
	Query string `json:"query"`
}

// maxSymbols is more than a person reads through.
const maxSymbols = 256

// workspaceSymbol looks in all projects.
func workspaceSymbol(r *request, p *workspaceSymbolParams) (any, error) {
	type match struct {
		ide.WorkspaceSymbol
		location protocol.Location
	}
	var matches []match
	for _, project := range r.projects {
		for _, s := range ide.WorkspaceSymbols(project.snapshot, p.Query, maxSymbols) {
			if location, ok := r.locationOf(project, ide.Place{Path: s.Path, Span: s.Span}); ok {
				matches = append(matches, match{s, location})
			}
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(b.Score-a.Score, len(a.Name)-len(b.Name), cmp.Compare(a.Name, b.Name), cmp.Compare(a.location.URI, b.location.URI))
	})
	all := []protocol.WorkspaceSymbol{}
	for _, m := range matches[:min(len(matches), maxSymbols)] {
		symbol := protocol.WorkspaceSymbol{Location: &m.location}
		symbol.Name, symbol.Kind = m.Name, symbolKinds[m.Kind]
		if m.Container != "" {
			symbol.ContainerName = &m.Container
		}
		all = append(all, symbol)
	}
	return all, nil
}
