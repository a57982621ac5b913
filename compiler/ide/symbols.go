package ide

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// SymbolKind says what a symbol of an outline is.
type SymbolKind uint8

const (
	SymbolFunction SymbolKind = iota + 1
	SymbolLambda
	// SymbolImport is a Hark function of another file, SymbolPython one of Python.
	SymbolImport
	SymbolPython
)

// Symbol is a line of the outline: a function, an import, or a lambda that has a name. Other locals are none: one finds those by looking.
type Symbol struct {
	Name string
	// Detail is the signature without the name, or where an import comes from.
	Detail string
	Kind   SymbolKind
	// Span is the name's, Extent that of all of it.
	Span, Extent source.Span
	Children     []Symbol
}

// DocumentSymbols are the outline of a file, in the order of the text.
func DocumentSymbols(s *Snapshot, path string) []Symbol {
	file := s.file(path)
	if file == nil {
		return nil
	}
	var all []Symbol
	for i := range file.Tree.Items {
		if symbol, ok := s.itemSymbol(file, i, s.signatureDetail); ok {
			all = append(all, symbol)
		}
	}
	return all
}

// describer is how a function's detail is made.
type describer func(file *resolve.File, index int, fn *resolve.Func) string

// itemSymbol is what an item is in the outline; false for what has no name.
func (s *Snapshot) itemSymbol(file *resolve.File, index int, detail describer) (Symbol, bool) {
	item, info := file.Tree.Items[index], file.Items[index]
	switch def := item.Def.(type) {
	case *syntax.FuncDef:
		if def.Name.Text != "" {
			return functionSymbol(file, index, def, detail), true
		}
	case *syntax.ImportDef:
		if info.Def != nil {
			return importSymbol(item, def, info.Def.Name), true
		}
	}
	return Symbol{}, false
}

func importSymbol(item *syntax.Item, def *syntax.ImportDef, name string) Symbol {
	symbol := Symbol{Name: name, Detail: importDetail(def, name), Kind: SymbolImport, Extent: item.Span, Span: nameSpan(item, def.Name)}
	if def.Language == syntax.Python {
		symbol.Kind = SymbolPython
	}
	if def.Alias != nil && def.Alias.Text != "" {
		symbol.Span = nameSpan(item, def.Alias)
	}
	return symbol
}

// importDetail says where an import comes from: "Python src.images", "Hark lib.util", and under which name if that is another.
func importDetail(def *syntax.ImportDef, name string) string {
	language := map[syntax.ImportLanguage]string{syntax.Python: "Python ", syntax.Hark: "Hark "}[def.Language]
	if def.Name.Text != name {
		return language + def.Module.Text + ": " + def.Name.Text
	}
	return language + def.Module.Text
}

func functionSymbol(file *resolve.File, index int, def *syntax.FuncDef, detail describer) Symbol {
	item, info := file.Tree.Items[index], file.Items[index]
	symbol := Symbol{Name: def.Name.Text, Kind: SymbolFunction, Span: nameSpan(item, def.Name), Extent: item.Span}
	if len(info.Funcs) > 0 {
		symbol.Detail = detail(file, index, info.Funcs[0])
		if def.Body != nil && len(info.Funcs) > 1 {
			symbol.Children = lambdaSymbols(file, index, info.Funcs[0], detail)
		}
	}
	return symbol
}

// signatureDetail is how a function is called, without its name.
func (s *Snapshot) signatureDetail(file *resolve.File, index int, fn *resolve.Func) string {
	sig := s.types.Item(file, index).Signature(fn)
	sig.Name = ""
	if params := fn.ParamNodes(); len(sig.Params) != len(params) { // nothing is known of them
		sig.Params = make([]types.Param, len(params))
		for i, param := range params {
			sig.Params[i].Name = param.Name.Text
		}
	}
	return sig.String()
}

// lambdaSymbols are the lambdas of a function that are assigned to names; those without a name hand up what is in them.
func lambdaSymbols(file *resolve.File, index int, fn *resolve.Func, detail describer) []Symbol {
	item, info := file.Tree.Items[index], file.Items[index]
	var all []Symbol
	syntax.Walk(fn.Block(), func(n syntax.Node) bool {
		assign, ok := n.(*syntax.Assign)
		if ok {
			if lambda, ok := syntax.Unparen(assign.Value).(*syntax.Lambda); ok && info.Func(lambda) != nil && assign.Name.Text != "" {
				inner := info.Func(lambda)
				all = append(all, Symbol{
					Name: assign.Name.Text, Kind: SymbolLambda, Detail: detail(file, index, inner),
					Span: nameSpan(item, assign.Name), Extent: item.Abs(assign.Span()), Children: lambdaSymbols(file, index, inner, detail),
				})
				return false
			}
		}
		return true
	})
	return all
}

// WorkspaceSymbol is a symbol of one of the project's files.
type WorkspaceSymbol struct {
	Symbol
	Path string
	// Container is the function around a lambda, or the module of an import.
	Container string
	// Score says how well the name matches; more is better.
	Score int
}

// WorkspaceSymbols are the functions, lambdas with names and Python imports of all files whose names have the letters of the query in this
// order, whatever their case: the best matches first, at most limit.
func WorkspaceSymbols(s *Snapshot, query string, limit int) []WorkspaceSymbol {
	var all []WorkspaceSymbol
	for _, path := range s.Paths() {
		file := s.file(path)
		for i, info := range file.Items {
			if !mayMatch(query, info) {
				continue
			}
			symbol, ok := s.itemSymbol(file, i, func(*resolve.File, int, *resolve.Func) string { return "" })
			if ok && symbol.Kind != SymbolImport { // which is a symbol of another file
				all = matching(all, path, []Symbol{symbol}, "", query)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b WorkspaceSymbol) int {
		return cmp.Or(b.Score-a.Score, len(a.Name)-len(b.Name), strings.Compare(a.Name, b.Name), strings.Compare(a.Path, b.Path))
	})
	return all[:min(limit, len(all))]
}

// mayMatch says whether one of the names that an item has in the outline matches a query.
func mayMatch(query string, info *resolve.Info) bool {
	if info.Def != nil && subsequence(query, info.Def.Name) {
		return true
	}
	return slices.ContainsFunc(info.Funcs, func(fn *resolve.Func) bool { return fn.Name != "" && subsequence(query, fn.Name) })
}

// matching adds the symbols that match a query, those within them included.
func matching(all []WorkspaceSymbol, path string, symbols []Symbol, container, query string) []WorkspaceSymbol {
	for _, symbol := range symbols {
		within := container
		if symbol.Kind == SymbolPython {
			within = strings.TrimPrefix(symbol.Detail, "Python ")
		}
		if score, ok := Fuzzy(query, symbol.Name); ok {
			all = append(all, WorkspaceSymbol{Symbol: symbol, Path: path, Container: within, Score: score})
		}
		all = matching(all, path, symbol.Children, symbol.Name, query)
	}
	return all
}

// Fuzzy says whether the letters of a pattern occur in a name in this order, whatever their case, and how good the match is: letters at
// the beginnings of words and behind one another count more, letters of the name that are left out before and between count less.
func Fuzzy(pattern, name string) (score int, ok bool) {
	if pattern == "" {
		return 0, true
	}
	if strings.EqualFold(pattern, name) {
		return 1000, true
	}
	if len(name) > longName {
		return 0, subsequence(pattern, name)
	}
	best, ok := -1, false
	for start := range name { // each place at which the first letter may match
		if points, found := matchFrom(pattern, name, start); found && (!ok || points > best) {
			best, ok = points, true
		}
	}
	return best, ok
}

// longName is the length from which on a match is not judged: nobody types such names, and it would take long.
const longName = 200

// matchFrom matches greedily from a place where the pattern's first letter has to stand. A letter is rather taken at the beginning of
// a word that comes later than in the middle of one, if the rest still fits behind it.
func matchFrom(pattern, name string, start int) (score int, ok bool) {
	last := start - 1
	for i, want := range pattern {
		at := start
		if i > 0 {
			at = nextLetter(pattern[i:], name, last+1)
		}
		if at < 0 || !sameLetter(want, runeAt(name, at)) {
			return 0, false
		}
		switch {
		case beginsWord(name, at):
			score += 20
		case i > 0 && at == last+1:
			score += 15
		default:
			score += 5
		}
		if i > 0 {
			score -= min(at-last-1, 5)
		}
		last = at + utf8.RuneLen(runeAt(name, at)) - 1
	}
	return score - min(start, 10), true
}

// nextLetter is where the first letter of the rest of a pattern is matched: directly at from, else at the next beginning of a word
// behind which the rest fits, else where it comes next; -1 if nowhere.
func nextLetter(rest, name string, from int) int {
	want := []rune(rest)[0]
	if from < len(name) && sameLetter(want, runeAt(name, from)) {
		return from
	}
	next := -1
	for at := range name {
		if at < from || !sameLetter(want, runeAt(name, at)) {
			continue
		}
		if next < 0 {
			next = at
		}
		if beginsWord(name, at) && subsequence(rest, name[at:]) {
			return at
		}
	}
	return next
}

func subsequence(pattern, name string) bool {
	for _, want := range pattern {
		at := strings.IndexFunc(name, func(r rune) bool { return sameLetter(want, r) })
		if at < 0 {
			return false
		}
		name = name[at+utf8.RuneLen(runeAt(name, at)):]
	}
	return true
}

func runeAt(text string, at int) rune {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return r
}

func sameLetter(a, b rune) bool { return unicode.ToLower(a) == unicode.ToLower(b) }

// beginsWord says whether a word of a name begins at a place: at its start, behind "_", "." or "?", or with an upper-case letter.
func beginsWord(name string, at int) bool {
	if at == 0 {
		return true
	}
	before := name[at-1]
	return before == '_' || before == '.' || before == '?' || unicode.IsUpper(runeAt(name, at)) && !unicode.IsUpper(rune(before))
}
