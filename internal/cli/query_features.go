package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

// feature is something that can be asked.
type feature struct {
	doc   string
	place wants
	// text is what the last argument is, "" if there is none, optional if it may be left out.
	text string
	run  func(q *question) (answer, error)
}

// optional is the text of features that can do without.
const optional = "optional"

// wants says what a feature is asked about.
type wants uint8

const (
	onePlace wants = iota
	// wholeFile: the place may be given and is not used.
	wholeFile
	// noPlace: the project of the current folder.
	noPlace
)

// features are what can be asked, by name.
var features map[string]feature

func init() { // not above, as help lists them
	features = map[string]feature{
		"hover":             {doc: "what is known of what stands there", run: askHover},
		"signature":         {doc: "how the function of the call around is called", run: askSignature},
		"actions":           {doc: "what can be done there; with TEXT, the changes of the one with that title", text: optional, run: askActions},
		"completion":        {doc: "what can be written there", run: askCompletion},
		"definition":        {doc: "where it is defined", run: targets(ide.Definition)},
		"declaration":       {doc: "where the file says what it is: the import, for instance", run: targets(ide.Declaration)},
		"implementation":    {doc: "the function behind an import", run: targets(ide.Implementation)},
		"type-definition":   {doc: "the function that a future's thread runs", run: targets(ide.TypeDefinition)},
		"references":        {doc: "all places that mean it, its definition included", run: askReferences},
		"highlights":        {doc: "the places in this file that mean it: read or write", run: askHighlights},
		"rename":            {doc: "give it the name TEXT in all files; shows the changes", text: "the new name", run: askRename},
		"incoming-calls":    {doc: "who calls the function", run: askIncoming},
		"outgoing-calls":    {doc: "what the function calls", run: askOutgoing},
		"selection":         {doc: "what a selection grows to, step by step", run: askSelection},
		"linked-editing":    {doc: "the places of a local that are edited together", run: askLinked},
		"symbols":           {doc: "the outline of FILE", place: wholeFile, run: askSymbols},
		"workspace-symbols": {doc: "functions of the project whose names are like TEXT, which stands for the place", place: noPlace, text: "part of a name", run: askWorkspaceSymbols},
		"tokens":            {doc: "the names and words of FILE, by what they mean", place: wholeFile, run: askTokens},
		"hints":             {doc: "the inlay hints of FILE", place: wholeFile, run: askHints},
		"folding":           {doc: "what can be folded in FILE, by lines", place: wholeFile, run: askFolding},
		"links":             {doc: "the files that FILE imports from", place: wholeFile, run: askLinks},
	}
}

func askHover(q *question) (answer, error) {
	found, ok := ide.Hover(q.snapshot, q.path, q.offset)
	if !ok {
		return answer{}, nil
	}
	return answer{strings.Split(found.Markdown, "\n"), struct {
		jsonPlace
		Markdown string `json:"markdown"`
	}{q.here(found.Span), found.Markdown}}, nil
}

func askSignature(q *question) (answer, error) {
	type signature struct {
		Label     string `json:"label"`
		Parameter string `json:"activeParameter,omitempty"`
		Active    bool   `json:"active"`
		Doc       string `json:"documentation,omitempty"`
	}
	help, ok := ide.Signatures(q.snapshot, q.path, q.offset, -1)
	if !ok {
		return answer{}, nil
	}
	var found answer
	var all []signature
	for i, sig := range help.Signatures {
		s := signature{Label: sig.Label, Active: i == help.Active, Doc: sig.Doc}
		line := sig.Label
		if sig.Active >= 0 && sig.Active < len(sig.Params) {
			span := sig.Params[sig.Active]
			s.Parameter = sig.Label[span.Start:span.End]
			line += "  ← " + s.Parameter
		}
		all = append(all, s)
		found.lines = append(found.lines, line)
	}
	found.object = all
	return found, nil
}

func askCompletion(q *question) (answer, error) {
	type completion struct {
		Label  string `json:"label"`
		Detail string `json:"detail,omitempty"`
		From   string `json:"from,omitempty"`
		Insert string `json:"insert"`
	}
	var found answer
	all := []completion{}
	for _, c := range ide.Completions(q.snapshot, q.path, q.offset, "").Items {
		all = append(all, completion{c.Label, c.Detail, c.From, c.Text()})
		line := c.Label + c.Detail
		if c.From != "" {
			line += "  " + c.From
		}
		found.lines = append(found.lines, line)
	}
	found.object = all
	return found, nil
}

// targets asks a feature that goes from a name to where something is defined.
func targets(find func(*ide.Snapshot, string, int32) (source.Span, []ide.Target)) func(q *question) (answer, error) {
	return func(q *question) (answer, error) {
		_, found := find(q.snapshot, q.path, q.offset)
		places := make([]ide.Place, len(found))
		for i, target := range found {
			places[i] = target.Place
		}
		return q.places(places), nil
	}
}

func askReferences(q *question) (answer, error) {
	return q.places(ide.References(q.snapshot, q.path, q.offset, true)), nil
}

func askHighlights(q *question) (answer, error) {
	type highlight struct {
		jsonPlace
		Kind string `json:"kind"`
	}
	var found answer
	all := []highlight{}
	for _, h := range ide.Highlights(q.snapshot, q.path, q.offset) {
		shown := highlight{q.here(h.Span), "read"}
		if h.Write {
			shown.Kind = "write"
		}
		all = append(all, shown)
		found.lines = append(found.lines, fmt.Sprintf("%-5s  %s", shown.Kind, shown.jsonPlace))
	}
	found.object = all
	return found, nil
}

// jsonEdit is a change of a file: what is there becomes something else.
type jsonEdit struct {
	jsonPlace
	Old string `json:"old"`
	New string `json:"new"`
}

func askRename(q *question) (answer, error) {
	files, err := ide.Rename(q.snapshot, q.path, q.offset, q.text)
	if err != nil {
		return answer{}, err
	}
	return q.changes(files)
}

// changes shows edits, and makes them if that is wanted.
func (q *question) changes(files []ide.FileEdits) (answer, error) {
	var found answer
	edits := []jsonEdit{}
	for _, file := range files {
		text := q.snapshot.Text(file.Path)
		for _, e := range file.Edits {
			edit := jsonEdit{q.place(ide.Place{Path: file.Path, Span: e.Span}), text[e.Span.Start:e.Span.End], e.New}
			edits = append(edits, edit)
			found.lines = append(found.lines, fmt.Sprintf("%s:%d:%d: '%s' → '%s'", edit.File, edit.Line, edit.Column, edit.Old, edit.New))
		}
		if q.write {
			if err := q.rewrite(file, text); err != nil {
				return answer{}, err
			}
		}
	}
	found.object = edits
	return found, nil
}

// actionWords say what actions are for.
var actionWords = map[ide.ActionKind]string{
	ide.QuickFix: "quickfix", ide.Extract: "extract", ide.Inline: "inline", ide.Rewrite: "rewrite", ide.OrganizeImports: "imports",
	ide.FixAll: "all fixes",
}

func askActions(q *question) (answer, error) {
	type action struct {
		Title    string `json:"title"`
		Kind     string `json:"kind"`
		Disabled string `json:"disabled,omitempty"`
	}
	var found answer
	all := []action{}
	for _, a := range ide.Actions(q.snapshot, q.path, source.Span{Start: q.offset, End: q.offset}, func(ide.ActionKind) bool { return true }) {
		if q.text == a.Title {
			if a.Disabled != "" {
				return answer{}, errors.New(a.Disabled)
			}
			return q.changes(a.Files)
		}
		line := actionWords[a.Kind] + "  " + a.Title
		if a.Disabled != "" {
			line += " (not here: " + a.Disabled + ")"
		}
		all = append(all, action{a.Title, actionWords[a.Kind], a.Disabled})
		found.lines = append(found.lines, line)
	}
	if q.text != "" {
		return answer{}, fmt.Errorf("nothing with the title '%s' can be done there", q.text)
	}
	found.object = all
	return found, nil
}

// rewrite makes edits of a file on disk.
func (q *question) rewrite(file ide.FileEdits, text string) error {
	edits := slices.Clone(file.Edits)
	slices.SortFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	for _, e := range edits {
		text = text[:e.Span.Start] + e.New + text[e.Span.End:]
	}
	path := q.Path(file.Path)
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		return fmt.Errorf("write %s: %w", q.shown(file.Path), err)
	}
	return nil
}

func askIncoming(q *question) (answer, error) { return q.calls(ide.IncomingCalls) }
func askOutgoing(q *question) (answer, error) { return q.calls(ide.OutgoingCalls) }

func (q *question) calls(find func(*ide.Snapshot, string) []ide.Call) (answer, error) {
	type call struct {
		Name   string      `json:"name"`
		Detail string      `json:"detail"`
		Async  bool        `json:"async"`
		Places []jsonPlace `json:"places"`
	}
	var found answer
	all := []call{}
	for _, item := range ide.PrepareCalls(q.snapshot, q.path, q.offset) {
		for _, c := range find(q.snapshot, item.Key) {
			shown := call{Name: c.Item.Name, Detail: c.Item.Detail, Async: c.Async}
			for _, span := range c.Spans {
				p := q.place(ide.Place{Path: c.Path, Span: span})
				shown.Places = append(shown.Places, p)
				found.lines = append(found.lines, fmt.Sprintf("%s (%s)  %s", shown.Name, shown.Detail, p))
			}
			all = append(all, shown)
		}
	}
	found.object = all
	return found, nil
}

func askSelection(q *question) (answer, error) {
	spans := ide.Selections(q.snapshot, q.path, q.offset)
	var found answer
	all := []jsonPlace{}
	for _, span := range spans {
		p := q.here(span)
		all = append(all, p)
		found.lines = append(found.lines, fmt.Sprintf("%d:%d-%d:%d", p.Line, p.Column, p.EndLine, p.EndColumn))
	}
	found.object = all
	return found, nil
}

func askLinked(q *question) (answer, error) {
	var places []ide.Place
	for _, span := range ide.LinkedEditing(q.snapshot, q.path, q.offset) {
		places = append(places, ide.Place{Path: q.path, Span: span})
	}
	return q.places(places), nil
}
