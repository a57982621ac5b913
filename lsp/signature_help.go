package lsp

import (
	"unicode/utf16"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

func init() {
	answer("textDocument/signatureHelp", signatureHelp, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.SignatureHelpProvider = &protocol.SignatureHelpOptions{TriggerCharacters: []string{"(", ","}, RetriggerCharacters: []string{")", ":", " "}}
	})
}

type signatureHelpParams struct {
	positionParams
	Context *struct {
		ActiveSignatureHelp *struct {
			ActiveSignature number `json:"activeSignature,omitempty"`
		} `json:"activeSignatureHelp,omitempty"`
	} `json:"context,omitempty"`
}

func signatureHelp(r *request, p *signatureHelpParams) (any, error) {
	previous := -1
	if p.Context != nil && p.Context.ActiveSignatureHelp != nil {
		previous = int(p.Context.ActiveSignatureHelp.ActiveSignature)
	}
	found, ok := ide.Signatures(r.snapshot, r.doc.path, r.offset(p.Position), previous)
	if !ok {
		return nil, nil
	}
	help := &protocol.SignatureHelp{ActiveSignature: new(uint32(found.Active))}
	for _, sig := range found.Signatures {
		help.Signatures = append(help.Signatures, r.signature(sig))
	}
	help.ActiveParameter = activeParameter(found.Signatures[found.Active])
	return help, nil
}

// activeParameter is the parameter to be shown, one behind the last if there is none for the argument.
func activeParameter(sig ide.SignatureText) protocol.Nullable[uint32] {
	if sig.Active < 0 {
		return protocol.NewNullable(uint32(len(sig.Params)))
	}
	return protocol.NewNullable(uint32(sig.Active))
}

func (r *request) signature(sig ide.SignatureText) protocol.SignatureInformation {
	client := r.client.TextDocument.SignatureHelp.SignatureInformation
	info := protocol.SignatureInformation{Label: sig.Label}
	if sig.Doc != "" {
		info.Documentation = r.markup(client.DocumentationFormat, sig.Doc)
	}
	if client.ActiveParameterSupport {
		info.ActiveParameter = activeParameter(sig)
	}
	for i, span := range sig.Params {
		param := protocol.ParameterInformation{Label: protocol.String(sig.Label[span.Start:span.End])}
		if client.ParameterInformation.LabelOffsetSupport {
			param.Label = labelOffsets(sig.Label, span)
		}
		if i < len(sig.ParamDocs) && sig.ParamDocs[i] != "" {
			param.Documentation = r.markup(client.DocumentationFormat, sig.ParamDocs[i])
		}
		info.Parameters = append(info.Parameters, param)
	}
	return info
}

// labelOffsets is a part of a label as the protocol counts in labels, whatever the encoding of positions is: in units of UTF-16.
func labelOffsets(label string, span source.Span) protocol.ParameterInformationLabelTuple {
	units := func(text string) uint32 { return uint32(len(utf16.Encode([]rune(text)))) }
	start := units(label[:span.Start])
	return protocol.ParameterInformationLabelTuple{start, start + units(label[span.Start:span.End])}
}
