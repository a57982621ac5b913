package dap

import (
	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// onEvaluate evaluates for watches, hovers, the console and the clipboard alike: without side effects.
func (s *session) onEvaluate(a dap.EvaluateArguments) (any, error) {
	f, err := s.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	v, err := s.target.Evaluate(s.ctx, &f, a.Expression, false)
	if err != nil {
		return nil, err
	}
	text := debugger.Text(v)
	if a.Context == "clipboard" {
		text = debugger.FullText(v)
	}
	body := dap.EvaluateResponseBody{Result: text, Type: debugger.Type(v)}
	body.VariablesReference, body.IndexedVariables, body.NamedVariables = s.contained(v)
	return body, nil
}
