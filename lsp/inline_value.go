package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/inlineValue", inlineValue, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.InlineValueProvider = protocol.Boolean(true)
	})
}

type inlineValueParams struct {
	documentParams
	Range   textRange `json:"range"`
	Context struct {
		FrameID         number    `json:"frameId"`
		StoppedLocation textRange `json:"stoppedLocation"`
	} `json:"context"`
}

// inlineValue leaves it to the debugger to look the variables up: it knows the frame.
func inlineValue(r *request, p *inlineValueParams) (any, error) {
	stopped := p.Context.StoppedLocation
	stopped.Start.Character = 0
	line := r.span(stopped)
	line.End = r.doc.lines.ColumnOffset(int(stopped.End.Line), len(r.doc.lines.Text(int(stopped.End.Line))))
	values := []protocol.InlineValue{}
	for _, v := range ide.InlineValues(r.snapshot, r.doc.path, r.span(p.Range), line) {
		values = append(values, &protocol.InlineValueVariableLookup{Range: r.textRange(v.Span), VariableName: &v.Name, CaseSensitiveLookup: true})
	}
	return values, nil
}
