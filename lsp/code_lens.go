package lsp

import (
	"encoding/json"
	"fmt"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("textDocument/codeLens", codeLens, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.CodeLensProvider = &protocol.CodeLensOptions{ResolveProvider: new(true)}
	})
	answer("codeLens/resolve", resolveCodeLens, nil)
}

// lensData is what a lens carries until it is resolved: whose references are to be counted.
type lensData struct {
	URI      string   `json:"uri"`
	Position position `json:"position"`
}

func codeLens(r *request, _ *documentParams) (any, error) {
	lenses := []protocol.CodeLens{}
	for _, l := range ide.Lenses(r.snapshot, r.doc.path) {
		lens := protocol.CodeLens{Range: r.textRange(l.Span)}
		at := lens.Range.Start
		lens.Data = asJSON(lensData{r.doc.uri, position{number(at.Line), number(at.Character)}})
		switch l.Kind {
		case ide.LensRun:
			lens.Command = r.session("Run", "hark.run", l.Function)
		case ide.LensDebug:
			lens.Command = r.session("Debug", "hark.debug", l.Function)
		case ide.LensReferences: // counted when somebody looks at it
		}
		lenses = append(lenses, lens)
	}
	return lenses, nil
}

// session is a command that starts a session with a function.
func (r *request) session(title, command, function string) protocol.Command {
	return protocol.Command{Title: title, Command: command, Arguments: []protocol.LSPAny{
		asJSON(map[string]string{"uri": r.doc.uri, "function": function}),
	}}
}

// asJSON is a value of types that can always be written as JSON.
func asJSON(v any) protocol.LSPAny {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return data
}

type resolveCodeLensParams struct {
	Range   textRange       `json:"range"`
	Data    lensData        `json:"data"`
	Command json.RawMessage `json:"command,omitempty"`
}

func (p *resolveCodeLensParams) document() string { return p.Data.URI }

// showReferences is the command of the client that shows places. A lens has it for clients that say that they know it; for others it is a
// text.
const showReferences = "hark.showReferences"

// resolveCodeLens counts the references. A lens that has its command is complete, and comes back as it is.
func resolveCodeLens(r *request, p *resolveCodeLensParams) (any, error) {
	if absentIfNull(p.Command) != nil {
		return r.raw, nil
	}
	places := ide.References(r.snapshot, r.doc.path, r.offset(p.Data.Position), false)
	lens := &protocol.CodeLens{Range: r.textRange(r.span(p.Range)), Command: protocol.Command{Title: references(len(places))}}
	if slices.Contains(r.client.commands, showReferences) && len(places) > 0 {
		lens.Command.Command = showReferences
		locations, err := protocol.Marshal(r.locations(places))
		if err != nil {
			return nil, err
		}
		lens.Command.Arguments = []protocol.LSPAny{asJSON(p.Data.URI), asJSON(p.Data.Position), locations}
	}
	return lens, nil
}

func references(n int) string {
	if n == 1 {
		return "1 reference"
	}
	return fmt.Sprintf("%d references", n)
}
