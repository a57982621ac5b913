package lsp

import (
	"context"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
)

// publish pushes the diagnostics of all open documents of a project: an edit of one file may change another's.
func (s *server) publish(ctx context.Context, p *project) error {
	for _, doc := range s.documents {
		if doc.project != p {
			continue
		}
		params := &protocol.PublishDiagnosticsParams{
			URI: uri.URI(doc.uri), Version: protocol.NewOptional(doc.version), Diagnostics: []protocol.Diagnostic{},
		}
		for _, d := range ide.Diagnostics(p.snapshot, doc.path) {
			params.Diagnostics = append(params.Diagnostics, s.toDiagnostic(doc, d))
		}
		if err := s.conn.Notify(ctx, "textDocument/publishDiagnostics", params); err != nil {
			return err
		}
	}
	return nil
}

// clear takes back the diagnostics of a document that is closed.
func (s *server) clear(ctx context.Context, spelled string) error {
	return s.conn.Notify(ctx, "textDocument/publishDiagnostics", &protocol.PublishDiagnosticsParams{
		URI: uri.URI(spelled), Diagnostics: []protocol.Diagnostic{},
	})
}

var severities = map[diag.Severity]protocol.DiagnosticSeverity{
	diag.Error:   protocol.DiagnosticSeverityError,
	diag.Warning: protocol.DiagnosticSeverityWarning,
	diag.Info:    protocol.DiagnosticSeverityInformation,
	diag.Hint:    protocol.DiagnosticSeverityHint,
}

func (s *server) toDiagnostic(doc *document, d diag.Diagnostic) protocol.Diagnostic {
	converted := protocol.Diagnostic{
		Range: s.toRange(doc.lines, d.Span), Severity: severities[d.Severity], Code: protocol.String(d.Code.String()),
		Source: protocol.NewOptional("hark"), Message: protocol.String(d.Message),
	}
	if row, ok := diag.Find(d.Code); ok && row.Unnecessary {
		converted.Tags = protocol.NewDiagnosticTags(protocol.DiagnosticTagUnnecessary)
	}
	for _, r := range d.Related {
		if r.File != "" && r.File != doc.path {
			continue
		}
		converted.RelatedInformation = append(converted.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: uri.URI(doc.uri), Range: s.toRange(doc.lines, r.Span)}, Message: r.Message,
		})
	}
	return converted
}
