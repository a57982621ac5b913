package lsp

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/internal/config"
)

func init() {
	answer("textDocument/diagnostic", documentDiagnostic, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DiagnosticProvider = &protocol.DiagnosticOptions{
			Identifier: new("hark"), InterFileDependencies: true, WorkspaceDiagnostics: true,
		}
	})
	answer("workspace/diagnostic", workspaceDiagnostic, nil)
}

type documentDiagnosticParams struct {
	documentParams
	PreviousResultID string `json:"previousResultId,omitempty"`
}

// mayBeGone: a client that has closed a document asks for its problems once more, to have them cleared.
func (*documentDiagnosticParams) mayBeGone() {}

// documentDiagnostic is the problems of a document, or that they are those of a result that the client has. One that is gone has none.
func documentDiagnostic(r *request, p *documentDiagnosticParams) (any, error) {
	if r.doc == nil {
		none := protocol.FullDocumentDiagnosticReport{Kind: "full", Items: []protocol.Diagnostic{}}
		return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: none}, nil
	}
	full, err := r.report(r.project, r.doc.path)
	if err != nil {
		return nil, err
	}
	if *full.ResultID == p.PreviousResultID {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{UnchangedDocumentDiagnosticReport: unchanged(full)}, nil
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: *full}, nil
}

// report is the problems of a file. The result's id is a digest of them, so that it means the same in every session.
func (s *state) report(p *project, path string) (*protocol.FullDocumentDiagnosticReport, error) {
	full := &protocol.FullDocumentDiagnosticReport{Kind: "full", Items: []protocol.Diagnostic{}}
	if p.snapshot.Program().File(path) != nil || path == config.FileName {
		full.Items = s.toDiagnostics(p, path, p.diagnostics(path))
	}
	raw, err := protocol.Marshal(full)
	if err != nil {
		return nil, fmt.Errorf("encode the diagnostics of %s: %w", path, err)
	}
	digest := fnv.New128a()
	digest.Write(raw)
	full.ResultID = new(fmt.Sprintf("%x", digest.Sum(nil)))
	return full, nil
}

func unchanged(full *protocol.FullDocumentDiagnosticReport) protocol.UnchangedDocumentDiagnosticReport {
	return protocol.UnchangedDocumentDiagnosticReport{Kind: "unchanged", ResultID: *full.ResultID}
}

type workspaceDiagnosticParams struct {
	PreviousResultIDs []struct {
		URI   string `json:"uri"`
		Value string `json:"value"`
	} `json:"previousResultIds,omitempty"`
	PartialResultToken json.RawMessage `json:"partialResultToken,omitempty"`
}

// reportsAtOnce is how many files' problems are sent in one part of a result that is sent in parts.
const reportsAtOnce = 50

// workspaceDiagnostic is the problems of all files of all projects, in parts if the client takes it in parts.
func workspaceDiagnostic(r *request, p *workspaceDiagnosticParams) (any, error) {
	previous := map[string]string{}
	for _, old := range p.PreviousResultIDs {
		previous[keyOf(old.URI)] = old.Value
	}
	items := []protocol.WorkspaceDocumentDiagnosticReport{}
	for _, key := range slices.Sorted(maps.Keys(r.projects)) {
		project := r.projects[key]
		for _, path := range project.published(r.state) {
			if r.ctx.Err() != nil {
				return nil, r.ctx.Err()
			}
			item, err := r.workspaceReport(project, path, previous)
			if err != nil {
				return nil, err
			}
			if items = append(items, item); len(p.PartialResultToken) > 0 && len(items) == reportsAtOnce {
				r.server.partial(p.PartialResultToken, &protocol.WorkspaceDiagnosticReport{Items: items})
				items = []protocol.WorkspaceDocumentDiagnosticReport{}
			}
		}
	}
	if len(p.PartialResultToken) > 0 && len(items) > 0 {
		r.server.partial(p.PartialResultToken, &protocol.WorkspaceDiagnosticReport{Items: items})
		items = items[:0]
	}
	return &protocol.WorkspaceDiagnosticReport{Items: items}, nil
}

func (r *request) workspaceReport(p *project, path string, previous map[string]string) (protocol.WorkspaceDocumentDiagnosticReport, error) {
	full, err := r.report(p, path)
	if err != nil {
		return nil, err
	}
	var version *int32
	if doc := r.openAt(p, path); doc != nil {
		version = new(doc.version)
	}
	name := uri.URI(r.uriOf(p, path))
	if previous[r.keyAt(p, path)] == *full.ResultID {
		return &protocol.WorkspaceUnchangedDocumentDiagnosticReport{
			UnchangedDocumentDiagnosticReport: unchanged(full), URI: name, Version: version,
		}, nil
	}
	return &protocol.WorkspaceFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: *full, URI: name, Version: version}, nil
}
