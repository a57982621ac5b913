package lsp_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// What the editor in day_test.go asks the server.

func lastRune(text string) (rune, int) { return utf8.DecodeLastRuneInString(text) }

// asked are the requests that editors make by themselves while one types; all of them at every key would be more than editors do.
var asked = []string{
	"textDocument/semanticTokens/full", "textDocument/inlayHint", "textDocument/documentSymbol", "textDocument/foldingRange",
	"textDocument/codeLens", "textDocument/documentHighlight", "textDocument/hover", "textDocument/signatureHelp",
	"textDocument/codeAction", "textDocument/documentLink", "textDocument/completion", "textDocument/selectionRange",
}

// curious asks one of them, each in its turn, as if the person had paused; an answer that is an error is a failure.
func (d *desk) curious(s *sheet) {
	method := asked[d.keys%len(asked)]
	here := d.position(s, s.cursor)
	whole := wireRange{wirePosition{0, 0}, d.position(s, len(s.text))}
	params := object{
		"textDocument": object{"uri": s.uri}, "position": here, "positions": []any{here}, "range": whole,
		"context": object{"diagnostics": s.found, "includeDeclaration": true},
	}
	m := d.client.request(method, params)
	require.Nil(d.t, m.Error, "%s at %v of\n%s", method, here, s.text)
}

// ask is the answer to a question about the cursor or the file; more are further parameters.
func (d *desk) ask(s *sheet, method string, at int, more object, into any) {
	params := object{"textDocument": object{"uri": s.uri}, "position": d.position(s, at)}
	for key, value := range more {
		params[key] = value
	}
	m := d.client.request(method, params)
	require.Nil(d.t, m.Error, method)
	require.NoError(d.t, json.Unmarshal(m.Result, into))
}

// complete types the first line, accepts the second among the completions, and is both with the place in the list and the detail.
func (d *desk) complete(s *sheet, text string) string {
	lines := strings.Split(text, "\n")
	require.GreaterOrEqual(d.t, len(lines), 2, "what is typed, and what is accepted")
	for _, r := range lines[0] {
		d.key(s, string(r))
	}
	type item struct {
		Label, Detail, FilterText string
		SortText                  string
		TextEdit                  *wireEdit
		AdditionalTextEdits       []wireEdit
	}
	var list struct{ Items []item }
	d.ask(s, "textDocument/completion", s.cursor, nil, &list)
	slices.SortStableFunc(list.Items, func(a, b item) int { return strings.Compare(a.SortText, b.SortText) })
	at := slices.IndexFunc(list.Items, func(i item) bool { return i.Label == lines[1] })
	require.GreaterOrEqual(d.t, at, 0, "%q is not offered at\n%s|\nbut %v", lines[1], s.text[:s.cursor], list.Items)
	chosen := list.Items[at]
	require.NotNil(d.t, chosen.TextEdit)
	d.apply(s, append([]wireEdit{*chosen.TextEdit}, chosen.AdditionalTextEdits...))
	return fmt.Sprintf("%s\n%s\nnumber %d: %s", lines[0], lines[1], at+1, chosen.Detail)
}

// apply makes edits that all count in the text as it is.
func (d *desk) apply(s *sheet, edits []wireEdit) {
	slices.SortStableFunc(edits, func(a, b wireEdit) int { return d.offset(s, b.Range.Start) - d.offset(s, a.Range.Start) })
	for _, e := range edits { // from the end, so that those before stay where they are
		d.change(s, d.offset(s, e.Range.Start), d.offset(s, e.Range.End), e.NewText)
	}
}

func (d *desk) signature(s *sheet) string {
	var help struct {
		Signatures []struct {
			Label           string
			Parameters      []struct{ Label json.RawMessage }
			ActiveParameter *int
		}
		ActiveSignature, ActiveParameter *int
	}
	d.ask(s, "textDocument/signatureHelp", s.cursor, nil, &help)
	require.NotEmpty(d.t, help.Signatures, "no signature at\n%s|", s.text[:s.cursor])
	active := 0
	if help.ActiveSignature != nil {
		active = *help.ActiveSignature
	}
	shown := help.Signatures[active]
	parameter := help.ActiveParameter
	if shown.ActiveParameter != nil {
		parameter = shown.ActiveParameter
	}
	if parameter == nil || *parameter >= len(shown.Parameters) {
		return shown.Label
	}
	var span [2]int
	if json.Unmarshal(shown.Parameters[*parameter].Label, &span) == nil {
		return shown.Label[:span[0]] + "«" + shown.Label[span[0]:span[1]] + "»" + shown.Label[span[1]:]
	}
	var name string
	require.NoError(d.t, json.Unmarshal(shown.Parameters[*parameter].Label, &name))
	return strings.Replace(shown.Label, name, "«"+name+"»", 1)
}

func (d *desk) hover(s *sheet, text string) string {
	anchor, _, _ := strings.Cut(text, "\n")
	var shown struct{ Contents struct{ Value string } }
	d.ask(s, "textDocument/hover", s.last(d.t, anchor), nil, &shown)
	return anchor + "\n" + strings.TrimSpace(shown.Contents.Value)
}

func (d *desk) hints(s *sheet) string {
	var hints []struct {
		Position wirePosition
		Label    json.RawMessage
	}
	d.ask(s, "textDocument/inlayHint", 0, object{"range": wireRange{End: d.position(s, len(s.text))}}, &hints)
	shown := s.text
	slices.Reverse(hints)
	for _, hint := range hints {
		at := d.offset(s, hint.Position)
		shown = shown[:at] + "‹" + labelText(hint.Label) + "›" + shown[at:]
	}
	return strings.TrimSuffix(shown, "\n")
}

// labelText is a hint's label, which may come in parts.
func labelText(label json.RawMessage) string {
	var text string
	if json.Unmarshal(label, &text) == nil {
		return text
	}
	var parts []struct{ Value string }
	_ = json.Unmarshal(label, &parts)
	for _, part := range parts {
		text += part.Value
	}
	return text
}

// fix takes the action of a title for a problem with a code.
func (d *desk) fix(s *sheet, text string) {
	code, title, _ := strings.Cut(text, "\n")
	i := slices.IndexFunc(s.found, func(p problem) bool { return p.Code == code })
	require.GreaterOrEqual(d.t, i, 0, "%s has no %s but %v", s.path, code, s.found)
	type action struct {
		Title string
		Edit  *struct {
			Changes         map[string][]wireEdit
			DocumentChanges []struct {
				TextDocument struct{ URI string }
				Edits        []wireEdit
			}
		}
	}
	var actions []action
	d.ask(s, "textDocument/codeAction", 0, object{"range": s.found[i].Range, "context": object{"diagnostics": []problem{s.found[i]}}}, &actions)
	at := slices.IndexFunc(actions, func(a action) bool { return a.Title == title })
	require.GreaterOrEqual(d.t, at, 0, "%q is not among the actions: %v", title, actions)
	chosen := actions[at]
	if chosen.Edit == nil {
		m := d.client.request("codeAction/resolve", chosen)
		require.Nil(d.t, m.Error)
		require.NoError(d.t, json.Unmarshal(m.Result, &chosen))
	}
	require.NotNil(d.t, chosen.Edit)
	for uri, edits := range chosen.Edit.Changes {
		require.Equal(d.t, s.uri, uri)
		d.apply(s, edits)
	}
	for _, change := range chosen.Edit.DocumentChanges {
		require.Equal(d.t, s.uri, change.TextDocument.URI)
		d.apply(s, change.Edits)
	}
}

func (d *desk) format(s *sheet) {
	var edits []wireEdit
	d.ask(s, "textDocument/formatting", 0, object{"options": object{"tabSize": 2, "insertSpaces": true}}, &edits)
	d.apply(s, edits)
}
