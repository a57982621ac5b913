package lsp

import (
	"slices"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/formatting", formatting, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentFormattingProvider = protocol.Boolean(true)
	})
	answer("textDocument/rangeFormatting", rangeFormatting, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentRangeFormattingProvider = &protocol.DocumentRangeFormattingOptions{RangesSupport: new(true)}
	})
	answer("textDocument/rangesFormatting", rangesFormatting, nil)
	answer("textDocument/onTypeFormatting", onTypeFormatting, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.DocumentOnTypeFormattingProvider = protocol.DocumentOnTypeFormattingOptions{FirstTriggerCharacter: "}", MoreTriggerCharacter: []string{";"}}
	})
}

// The options of the requests, tabs and their width, are read by nobody: there is one style.

func formatting(r *request, _ *documentParams) (any, error) {
	edits, _ := ide.Format(r.snapshot, r.doc.path)
	return r.textEdits(r.doc.path, edits), nil
}

func rangeFormatting(r *request, p *rangeParams) (any, error) {
	edits, _ := ide.FormatRange(r.snapshot, r.doc.path, r.span(p.Range))
	return r.textEdits(r.doc.path, edits), nil
}

type rangesFormattingParams struct {
	documentParams
	Ranges []textRange `json:"ranges"`
}

func rangesFormatting(r *request, p *rangesFormattingParams) (any, error) {
	var all []diag.Edit
	for _, t := range p.Ranges {
		edits, _ := ide.FormatRange(r.snapshot, r.doc.path, r.span(t))
		all = append(all, edits...)
	}
	slices.SortFunc(all, func(a, b diag.Edit) int { return int(a.Span.Start - b.Span.Start) })
	apart := all[:0]
	for _, e := range all { // ranges that touch one statement give its edits twice
		if n := len(apart); n == 0 || apart[n-1].Span.End <= e.Span.Start && apart[n-1] != e {
			apart = append(apart, e)
		}
	}
	return r.textEdits(r.doc.path, apart), nil
}

type onTypeFormattingParams struct {
	positionParams
	Ch string `json:"ch"`
}

func onTypeFormatting(r *request, p *onTypeFormattingParams) (any, error) {
	return r.textEdits(r.doc.path, ide.FormatOnType(r.snapshot, r.doc.path, r.offset(p.Position), p.Ch)), nil
}
