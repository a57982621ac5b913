package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/foldingRange", foldingRange, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.FoldingRangeProvider = protocol.Boolean(true)
	})
}

var foldKinds = map[ide.FoldKind]protocol.FoldingRangeKind{
	ide.FoldComment: protocol.FoldingRangeKindComment, ide.FoldImports: protocol.FoldingRangeKindImports,
}

func foldingRange(r *request, _ *documentParams) (any, error) {
	support := r.client.TextDocument.FoldingRange
	all := []protocol.FoldingRange{}
	for _, fold := range ide.Folds(r.snapshot, r.doc.path) {
		span := r.textRange(fold.Span)
		shown := protocol.FoldingRange{StartLine: span.Start.Line, EndLine: span.End.Line, Kind: foldKinds[fold.Kind]}
		if support.LineFoldingOnly {
			shown.EndLine = r.lastHidden(fold, shown.EndLine)
			if shown.StartLine >= shown.EndLine || len(all) > 0 && all[len(all)-1].StartLine == shown.StartLine {
				continue // a fold of whole lines that begins there is larger
			}
		} else {
			shown.StartCharacter, shown.EndCharacter = &span.Start.Character, &span.End.Character
		}
		all = append(all, shown)
	}
	if limit := int(support.RangeLimit); limit > 0 && len(all) > limit {
		all = all[:limit]
	}
	return all, nil
}

// lastHidden is the last line that is hidden where only whole lines can be: one that begins with closing brackets stays.
func (r *request) lastHidden(fold ide.Fold, last uint32) uint32 {
	if fold.Kind != ide.FoldCode {
		return last
	}
	start := r.doc.lines.Start(int(last))
	if strings.Trim(r.doc.text()[start:fold.Span.End], " \t)]}") == "" {
		return last - 1
	}
	return last
}
