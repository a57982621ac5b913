package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

func init() {
	answer("textDocument/definition", leadsTo(ide.Definition, func(c *clientCapabilities) links { return c.TextDocument.Definition }),
		func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
			c.DefinitionProvider = protocol.Boolean(true)
		})
	answer("textDocument/declaration", leadsTo(ide.Declaration, func(c *clientCapabilities) links { return c.TextDocument.Declaration }),
		func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
			c.DeclarationProvider = protocol.Boolean(true)
		})
	answer("textDocument/implementation", leadsTo(ide.Implementation, func(c *clientCapabilities) links { return c.TextDocument.Implementation }),
		func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
			c.ImplementationProvider = protocol.Boolean(true)
		})
	answer("textDocument/typeDefinition", leadsTo(ide.TypeDefinition, func(c *clientCapabilities) links { return c.TextDocument.TypeDefinition }),
		func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
			c.TypeDefinitionProvider = protocol.Boolean(true)
		})
}

// leadsTo answers by a feature that goes from a name to places.
func leadsTo(find func(*ide.Snapshot, string, int32) (source.Span, []ide.Target), support func(*clientCapabilities) links) func(*request, *positionParams) (any, error) {
	return func(r *request, p *positionParams) (any, error) {
		origin, targets := find(r.snapshot, r.doc.path, r.offset(p.Position))
		if support(r.client).LinkSupport {
			return r.links(origin, targets), nil
		}
		places := make([]ide.Place, len(targets))
		for i, target := range targets {
			places[i] = target.Place
		}
		if locations := r.locations(places); len(locations) > 0 {
			return locations, nil
		}
		return nil, nil
	}
}

// links are targets with the text that they are linked from; nil if there are none.
func (r *request) links(origin source.Span, targets []ide.Target) any {
	var all []protocol.LocationLink
	for _, target := range targets {
		name, ok := r.location(target.Place)
		if !ok {
			continue
		}
		whole, _ := r.location(ide.Place{Path: target.Path, Span: target.Extent})
		all = append(all, protocol.LocationLink{
			OriginSelectionRange: new(r.textRange(origin)), TargetURI: name.URI, TargetRange: whole.Range, TargetSelectionRange: name.Range,
		})
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
