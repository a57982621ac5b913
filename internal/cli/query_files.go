package cli

import (
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The features that are about whole files, and those about the project.

// symbolWords say what the symbols of an outline are.
var symbolWords = map[ide.SymbolKind]string{
	ide.SymbolFunction: "function", ide.SymbolLambda: "lambda", ide.SymbolImport: "import", ide.SymbolPython: "python",
}

type jsonSymbol struct {
	jsonPlace
	Name      string       `json:"name"`
	Kind      string       `json:"kind"`
	Detail    string       `json:"detail,omitempty"`
	Container string       `json:"container,omitempty"`
	Children  []jsonSymbol `json:"children,omitempty"`
}

func askSymbols(q *question) (answer, error) {
	var found answer
	var outline func(symbols []ide.Symbol, indent string) []jsonSymbol
	outline = func(symbols []ide.Symbol, indent string) []jsonSymbol {
		var all []jsonSymbol
		for _, s := range symbols {
			shown := jsonSymbol{jsonPlace: q.here(s.Span), Name: s.Name, Kind: symbolWords[s.Kind], Detail: s.Detail}
			separator := " "
			if strings.HasPrefix(s.Detail, "(") {
				separator = ""
			}
			found.lines = append(found.lines, fmt.Sprintf("%s%s%s%s  %s %d:%d", indent, s.Name, separator, s.Detail, shown.Kind, shown.Line, shown.Column))
			shown.Children = outline(s.Children, indent+"  ")
			all = append(all, shown)
		}
		return all
	}
	found.object = outline(ide.DocumentSymbols(q.snapshot, q.path), "")
	return found, nil
}

// maxSymbols is more than a person reads through.
const maxSymbols = 256

func askWorkspaceSymbols(q *question) (answer, error) {
	var found answer
	all := []jsonSymbol{}
	for _, s := range ide.WorkspaceSymbols(q.snapshot, q.text, maxSymbols) {
		shown := jsonSymbol{
			jsonPlace: q.place(ide.Place{Path: s.Path, Span: s.Span}), Name: s.Name, Kind: symbolWords[s.Kind], Container: s.Container,
		}
		all = append(all, shown)
		found.lines = append(found.lines, fmt.Sprintf("%s  %s %s:%d:%d", s.Name, shown.Kind, shown.File, shown.Line, shown.Column))
	}
	found.object = all
	return found, nil
}

// wholeText is all of the question's file.
func (q *question) wholeText() source.Span {
	return source.Span{End: int32(len(q.snapshot.Text(q.path)))}
}

func askTokens(q *question) (answer, error) {
	type token struct {
		jsonPlace
		Type      string   `json:"type"`
		Modifiers []string `json:"modifiers,omitempty"`
	}
	var found answer
	all := []token{}
	text := q.snapshot.Text(q.path)
	for _, t := range ide.SemanticTokens(q.snapshot, q.path, q.wholeText()) {
		shown := token{jsonPlace: q.here(t.Span), Type: ide.TokenTypes[t.Type]}
		shown.Text = text[t.Span.Start:t.Span.End]
		for i, name := range ide.TokenModifierNames {
			if t.Modifiers>>i&1 != 0 {
				shown.Modifiers = append(shown.Modifiers, name)
			}
		}
		all = append(all, shown)
		words := strings.Join(append([]string{shown.Type}, shown.Modifiers...), " ")
		found.lines = append(found.lines, fmt.Sprintf("%d:%d  %s  %s", shown.Line, shown.Column, shown.Text, words))
	}
	found.object = all
	return found, nil
}

func askHints(q *question) (answer, error) {
	type hint struct {
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Kind   string `json:"kind"`
		Text   string `json:"text"`
	}
	kinds := map[ide.HintKind]string{ide.HintParameter: "parameter", ide.HintType: "type", ide.HintThread: "thread"}
	var found answer
	all := []hint{}
	for _, h := range ide.Hints(q.snapshot, q.path, q.wholeText(), ide.HintParameter, ide.HintType, ide.HintThread) {
		at := q.here(source.Span{Start: h.At, End: h.At})
		all = append(all, hint{at.Line, at.Column, kinds[h.Kind], h.Text})
		found.lines = append(found.lines, fmt.Sprintf("%d:%d  %s  %s", at.Line, at.Column, kinds[h.Kind], strings.TrimSpace(h.Text)))
	}
	found.object = all
	return found, nil
}

func askFolding(q *question) (answer, error) {
	type fold struct {
		Line    int    `json:"line"`
		EndLine int    `json:"endLine"`
		Kind    string `json:"kind"`
	}
	kinds := map[ide.FoldKind]string{ide.FoldCode: "code", ide.FoldComment: "comment", ide.FoldImports: "imports"}
	var found answer
	all := []fold{}
	for _, f := range ide.Folds(q.snapshot, q.path) {
		p := q.here(f.Span)
		all = append(all, fold{p.Line, p.EndLine, kinds[f.Kind]})
		found.lines = append(found.lines, fmt.Sprintf("%d-%d  %s", p.Line, p.EndLine, kinds[f.Kind]))
	}
	found.object = all
	return found, nil
}

func askLinks(q *question) (answer, error) {
	type link struct {
		jsonPlace
		Target string `json:"target"`
	}
	var found answer
	all := []link{}
	for _, l := range ide.Links(q.snapshot, q.path) {
		shown := link{q.here(l.Span), q.shownFile(l.Path)}
		all = append(all, shown)
		found.lines = append(found.lines, fmt.Sprintf("%d:%d  %s", shown.Line, shown.Column, shown.Target))
	}
	found.object = all
	return found, nil
}
