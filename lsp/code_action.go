package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/codeAction", codeAction, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		options := &protocol.CodeActionOptions{}
		for _, kind := range actionOrder {
			options.CodeActionKinds = append(options.CodeActionKinds, actionKinds[kind])
		}
		c.CodeActionProvider = options
	})
}

var actionOrder = []ide.ActionKind{ide.QuickFix, ide.Extract, ide.Inline, ide.Rewrite, ide.OrganizeImports, ide.FixAll}

var actionKinds = map[ide.ActionKind]protocol.CodeActionKind{
	ide.QuickFix:        protocol.CodeActionKindQuickFix,
	ide.Extract:         protocol.CodeActionKindRefactorExtract,
	ide.Inline:          protocol.CodeActionKindRefactorInline,
	ide.Rewrite:         protocol.CodeActionKindRefactorRewrite,
	ide.OrganizeImports: protocol.CodeActionKindSourceOrganizeImports,
	ide.FixAll:          protocol.CodeActionKindSourceFixAll,
}

type codeActionParams struct {
	rangeParams
	Context struct {
		Only        []string `json:"only,omitempty"`
		TriggerKind number   `json:"triggerKind,omitempty"`
	} `json:"context"`
}

// wants says whether actions of a kind are asked for: by the kind itself or one above it, as "refactor" is above "refactor.inline".
func (p *codeActionParams) wants(kind ide.ActionKind) bool {
	name := string(actionKinds[kind])
	for _, only := range p.Context.Only {
		if only == "" || name == only || strings.HasPrefix(name, only+".") {
			return true
		}
	}
	return len(p.Context.Only) == 0
}

// automatic is the trigger kind of a question that nobody has asked: what cannot be done is no answer to it.
const automatic = 2

func codeAction(r *request, p *codeActionParams) (any, error) {
	all := []protocol.CodeAction{}
	for _, action := range ide.Actions(r.snapshot, r.doc.path, r.span(p.Range), p.wants) {
		disabled := action.Disabled != ""
		if disabled && (!r.client.TextDocument.CodeAction.Disabled || p.Context.TriggerKind == automatic) {
			continue
		}
		all = append(all, r.toCodeAction(action))
	}
	return all, nil
}

func (r *request) toCodeAction(action ide.Action) protocol.CodeAction {
	kind := actionKinds[action.Kind]
	converted := protocol.CodeAction{Title: action.Title, Kind: &kind}
	if action.Problem != nil {
		converted.Diagnostics = r.toDiagnostics(r.project, r.doc.path, []diag.Diagnostic{*action.Problem})
	}
	if action.Preferred {
		converted.IsPreferred = new(true)
	}
	if action.Disabled != "" {
		converted.Disabled = protocol.CodeActionDisabled{Reason: action.Disabled}
		return converted
	}
	converted.Edit = r.workspaceEdit(action.Files)
	return converted
}
