package lsp

import (
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
)

// Problems in the protocol's form.

// explanations is the page that the codes of diagnostics link to, an entry for each.
const explanations = "https://github.com/hark-lang/hark-ls/blob/main/docs/diagnostics.md"

// entries are those of that page, by code.
var entries = func() map[diag.Code]uri.URI {
	all := make(map[diag.Code]uri.URI, len(diag.Table))
	for _, row := range diag.Table {
		all[row.Code] = uri.URI(explanations + "#" + strings.ToLower(row.Code.String()))
	}
	return all
}()

var severities = map[diag.Severity]protocol.DiagnosticSeverity{
	diag.Error:   protocol.DiagnosticSeverityError,
	diag.Warning: protocol.DiagnosticSeverityWarning,
	diag.Info:    protocol.DiagnosticSeverityInformation,
	diag.Hint:    protocol.DiagnosticSeverityHint,
}

// toDiagnostics are the problems of a file of a project; never nil, as a list without any is a list.
func (s *state) toDiagnostics(p *project, path string, all []diag.Diagnostic) []protocol.Diagnostic {
	converted := make([]protocol.Diagnostic, 0, len(all))
	for _, d := range all {
		converted = append(converted, s.toDiagnostic(p, path, d))
	}
	return converted
}

func (s *state) toDiagnostic(p *project, path string, d diag.Diagnostic) protocol.Diagnostic {
	support := s.client.diagnostics()
	converted := protocol.Diagnostic{
		Range: s.coding.textRange(s.linesOf(p, path), d.Span), Severity: severities[d.Severity],
		Source: protocol.NewOptional("hark"), Message: protocol.String(d.Message),
	}
	row, known := diag.Find(d.Code)
	if known {
		converted.Code = protocol.String(d.Code.String())
		converted.CodeDescription = protocol.CodeDescription{Href: entries[d.Code]}
	}
	if known && row.Unnecessary {
		converted.Tags = protocol.NewDiagnosticTags(protocol.DiagnosticTagUnnecessary)
	}
	if support.Data && len(d.Fixes) > 0 {
		converted.Data = protocol.LSPAny(fmt.Appendf(nil, `{"fixes":%d}`, len(d.Fixes)))
	}
	converted.RelatedInformation = s.related(p, path, d)
	return converted
}

// related are the other places that explain a problem, in whatever file of the project they are.
func (s *state) related(p *project, path string, d diag.Diagnostic) []protocol.DiagnosticRelatedInformation {
	var all []protocol.DiagnosticRelatedInformation
	for _, r := range d.Related {
		file := r.File
		if file == "" {
			file = path
		}
		if location, ok := s.locationOf(p, ide.Place{Path: file, Span: r.Span}); ok {
			all = append(all, protocol.DiagnosticRelatedInformation{Location: location, Message: r.Message})
		}
	}
	return slices.Clip(all)
}
