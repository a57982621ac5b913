package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/inlayHint", inlayHint, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.InlayHintProvider = protocol.Boolean(true)
	})
}

func inlayHint(r *request, p *rangeParams) (any, error) {
	var wanted []ide.HintKind
	for kind, on := range map[ide.HintKind]bool{
		ide.HintParameter: r.settings.inlayHints.parameterNames, ide.HintType: r.settings.inlayHints.types,
		ide.HintThread: r.settings.inlayHints.threads,
	} {
		if on {
			wanted = append(wanted, kind)
		}
	}
	hints := []protocol.InlayHint{}
	for _, h := range ide.Hints(r.snapshot, r.doc.path, r.span(p.Range), wanted...) {
		hints = append(hints, r.hint(h))
	}
	return hints, nil
}

func (r *request) hint(h ide.Hint) protocol.InlayHint {
	hint := protocol.InlayHint{Position: r.position(h.At), Label: protocol.String(h.Text)}
	switch h.Kind {
	case ide.HintParameter:
		hint.Kind = protocol.InlayHintKindParameter
		hint.PaddingRight = new(true)
		if h.Target == nil {
			break
		}
		if location, ok := r.location(*h.Target); ok {
			hint.Label = protocol.InlayHintLabelPartSlice{{Value: h.Text, Location: location}}
		}
	case ide.HintType:
		hint.Kind = protocol.InlayHintKindType
	case ide.HintThread:
		hint.PaddingRight = new(true)
	}
	if h.Tooltip != "" {
		hint.Tooltip = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: h.Tooltip}
	}
	return hint
}
