package ide

// Semantic tokens: the text's tokens, names told apart by what they mean.

import (
	"slices"
	"sort"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// TokenType says what a token is. TokenTypes has the names, in which the protocol's own are used where they fit.
type TokenType uint8

const (
	TokenNamespace TokenType = iota
	TokenTypeName
	TokenParameter
	TokenVariable
	TokenProperty
	TokenFunction
	TokenKeyword
	TokenComment
	TokenString
	TokenNumber
	TokenOperator
	TokenDecorator
	TokenSymbol
)

// TokenTypes are the names of the token types, by their number. A symbol is one of an enumeration without end.
var TokenTypes = []string{
	"namespace", "type", "parameter", "variable", "property", "function", "keyword", "comment", "string", "number", "operator",
	"decorator", "enumMember",
}

// TokenModifiers is a set of what else there is to say of a token, as bits.
type TokenModifiers uint16

const (
	ModDeclaration TokenModifiers = 1 << iota
	ModModification
	ModDefaultLibrary
	ModDocumentation
	// ModAsync: the call starts a thread.
	ModAsync
	// ModFuture: the name holds a future, or a List of them.
	ModFuture
	// ModCaptured: a lambda took the value with it.
	ModCaptured
	// ModPython: a Python function.
	ModPython
)

// TokenModifierNames are the names of the modifiers, by their bits.
var TokenModifierNames = []string{
	"declaration", "modification", "defaultLibrary", "documentation", "async", "future", "captured", "python",
}

// SemanticToken is a token within one line.
type SemanticToken struct {
	Span      source.Span
	Type      TokenType
	Modifiers TokenModifiers
}

// SemanticTokens are the tokens of a file that a span touches, in order.
func SemanticTokens(s *Snapshot, path string, span source.Span) []SemanticToken {
	file := s.file(path)
	if file == nil {
		return nil
	}
	text := file.Tree.Text
	start, end := int32(0), min(span.End, int32(len(text)))
	first := indexBefore(file.Tree, span.Start)
	if first > 0 {
		start = file.Tree.Items[first].Span.Start
	}
	if end < int32(len(text)) { // whole lines, so that no token is cut off
		rest, _, _ := strings.Cut(text[end:], "\n")
		end += int32(len(rest))
		if last := indexBefore(file.Tree, end); last >= 0 {
			end = max(end, file.Tree.Items[last].Span.End)
		}
	}
	p := &painter{s: s, file: file, text: text}
	p.names(max(first, 0), end)
	p.tokens(start, end)
	from := sort.Search(len(p.out), func(i int) bool { return p.out[i].Span.End > span.Start })
	to := sort.Search(len(p.out), func(i int) bool { return p.out[i].Span.Start >= span.End })
	return p.out[from:max(from, to)]
}

// painter merges what the tree says of names with the tokens of the text.
type painter struct {
	s     *Snapshot
	file  *resolve.File
	text  string
	known []SemanticToken // names and what else the tree knows better than the scanner, by place
	out   []SemanticToken

	item    *syntax.Item
	info    *resolve.Info
	facts   *types.Item
	funcs   []*resolve.Func      // those around the node, the innermost last
	started map[syntax.Node]bool // callees of calls that start a thread
}

// names collects what the tree says, from an item on to an offset.
func (p *painter) names(first int, end int32) {
	for i := first; i < len(p.file.Tree.Items) && p.file.Tree.Items[i].Span.Start < end; i++ {
		p.item, p.info, p.facts = p.file.Tree.Items[i], p.file.Items[i], p.s.types.Item(p.file, i)
		p.started, p.funcs = nil, p.funcs[:0]
		if len(p.info.Funcs) > 0 && p.info.Funcs[0].Lambda == nil {
			p.funcs = append(p.funcs, p.info.Funcs[0])
		}
		syntax.Walk(p.item.Def, func(n syntax.Node) bool {
			p.enter(n)
			p.node(n)
			return true
		})
	}
	slices.SortStableFunc(p.known, func(a, b SemanticToken) int { return int(a.Span.Start - b.Span.Start) })
}

// enter keeps track of the functions around a node; nodes come in the order of the text.
func (p *painter) enter(n syntax.Node) {
	for last := len(p.funcs) - 1; last >= 0 && p.funcs[last].Lambda != nil && p.funcs[last].Lambda.Span().End <= n.Span().Start; last-- {
		p.funcs = p.funcs[:last]
	}
	if lambda, ok := n.(*syntax.Lambda); ok {
		if fn := p.info.Func(lambda); fn != nil {
			p.funcs = append(p.funcs, fn)
		}
	}
}

// fn is the function around the node, nil if there is none.
func (p *painter) fn() *resolve.Func {
	if len(p.funcs) == 0 {
		return nil
	}
	return p.funcs[len(p.funcs)-1]
}

func (p *painter) add(span source.Span, kind TokenType, modifiers TokenModifiers) {
	if span.Len() > 0 {
		p.known = append(p.known, SemanticToken{p.item.Abs(span), kind, modifiers})
	}
}

func (p *painter) name(n *syntax.Name, kind TokenType, modifiers TokenModifiers) {
	if n != nil {
		p.add(n.Span(), kind, modifiers)
	}
}

func (p *painter) node(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.FuncDef:
		p.name(n.Name, TokenFunction, ModDeclaration)
	case *syntax.ImportDef:
		p.importDef(n)
	case *syntax.Attr:
		p.name(n.Name, TokenDecorator, 0)
	case *syntax.AttrArg:
		p.name(n.Key, TokenProperty, 0)
	case *syntax.TypeExpr:
		p.name(n.Name, TokenTypeName, ModDefaultLibrary)
	case *syntax.Param:
		p.name(n.Name, TokenParameter, ModDeclaration|p.future(p.facts.Name(n.Name)))
	case *syntax.Assign:
		p.written(n.Name)
	case *syntax.Try:
		p.written(n.Name)
	case *syntax.Async:
		if call, ok := syntax.Unparen(n.Operand).(*syntax.Call); ok {
			if p.started == nil {
				p.started = map[syntax.Node]bool{}
			}
			p.started[call.Callee] = true
		}
	case *syntax.Arg:
		p.name(n.Name, TokenParameter, 0)
	case *syntax.SymbolLit:
		p.add(n.Span(), TokenSymbol, 0)
	case *syntax.HashLit:
		for _, pair := range n.Pairs {
			if key, ok := pair.Key.(*syntax.StringLit); ok {
				p.add(key.Span(), TokenProperty, 0)
			}
		}
	case *syntax.Ident:
		p.ident(n)
	}
}

func (p *painter) importDef(n *syntax.ImportDef) {
	python := TokenModifiers(0)
	if n.Language == syntax.Python || p.info.Def != nil && p.info.Def.Target != nil && p.info.Def.Target.Import != nil {
		python = ModPython
	}
	if n.LanguageSpan.Len() > 0 {
		p.add(n.LanguageSpan, TokenKeyword, 0)
	}
	p.name(n.Name, TokenFunction, ModDeclaration|python)
	p.name(n.Module, TokenNamespace, python)
	p.name(n.Alias, TokenFunction, ModDeclaration|python)
	if n.Alias != nil { // ":as" before it
		head := strings.TrimRight(p.text[p.item.Span.Start:p.item.Abs(n.Alias.Span()).Start], " \t\r\n")
		if strings.HasSuffix(head, ":as") {
			p.add(source.Span{Start: int32(len(head) - 3), End: int32(len(head))}, TokenKeyword, 0)
		}
	}
}

// written is a name that is given a value.
func (p *painter) written(n *syntax.Name) {
	if n == nil {
		return
	}
	kind, modifiers := TokenVariable, ModModification|p.future(p.facts.Name(n))
	if fn, b := p.fn(), p.info.Binding(n); fn != nil && b != nil && b.Kind == resolve.Local {
		if b.Index < fn.Params {
			kind = TokenParameter
		} else if fn.Locals[b.Index].Decl == n {
			modifiers = modifiers&^ModModification | ModDeclaration
		}
	}
	p.name(n, kind, modifiers)
}

func (p *painter) ident(n *syntax.Ident) {
	b := p.info.Binding(n)
	kind, modifiers := TokenVariable, TokenModifiers(0)
	if b != nil {
		kind, modifiers = p.meaning(n, b)
	}
	if p.started[n] {
		modifiers |= ModAsync
	}
	p.add(n.Span(), kind, modifiers)
}

func (p *painter) meaning(n *syntax.Ident, b *resolve.Binding) (TokenType, TokenModifiers) {
	switch b.Kind {
	case resolve.Local:
		kind := TokenVariable
		if fn := p.fn(); fn != nil && b.Index < fn.Params {
			kind = TokenParameter
		}
		return kind, p.future(p.facts.Of(n))
	case resolve.Capture:
		return p.captured(n), ModCaptured | p.future(p.facts.Of(n))
	case resolve.Function:
		if b.Def.Target.Prelude {
			return TokenFunction, ModDefaultLibrary
		}
		return TokenFunction, 0
	case resolve.Builtin:
		return TokenFunction, ModDefaultLibrary
	case resolve.Import:
		return TokenFunction, ModPython
	}
	return TokenFunction, 0
}

// captured is what a captured name is where it comes from.
func (p *painter) captured(n *syntax.Ident) TokenType {
	fn, b := p.fn(), p.info.Binding(n)
	for fn != nil && b != nil && b.Kind == resolve.Capture {
		b, fn = fn.Captures[b.Index].From, fn.Parent
	}
	switch {
	case fn != nil && b != nil && b.Kind == resolve.Local && b.Index < fn.Params:
		return TokenParameter
	case b != nil && b.Kind == resolve.Self:
		return TokenFunction
	}
	return TokenVariable
}

// future says whether a value is a future, or a List of them.
func (p *painter) future(t types.Type) TokenModifiers {
	if holdsFuture(t) || !t.IsAny() && t.Kinds() == types.List && holdsFuture(t.Elem()) {
		return ModFuture
	}
	return 0
}

func holdsFuture(t types.Type) bool { return !t.IsAny() && t.Kinds()&types.Future != 0 }

// tokens goes over the text and takes each token's kind from the tree where it says one.
func (p *painter) tokens(start, end int32) {
	next := 0
	for _, t := range syntax.Scan(p.text[start:end]) {
		span := t.Span.Shift(start)
		for next < len(p.known) && p.known[next].Span.End <= span.Start {
			next++
		}
		if next < len(p.known) && p.known[next].Span.Start < span.End {
			p.fromTree(span, &next)
			continue
		}
		if t.Kind == syntax.Symbol { // the ":" of a Hash, before true, false or null
			span.Start++
		}
		if kind, modifiers, ok := lexical(t.Kind); ok {
			p.put(SemanticToken{span, kind, modifiers})
		}
	}
}

// fromTree puts what the tree knows of a token: more than one name if the scanner took ":" and what follows it for a symbol.
func (p *painter) fromTree(span source.Span, next *int) {
	for *next < len(p.known) && p.known[*next].Span.Start < span.End {
		p.put(p.known[*next])
		*next++
	}
}

// lexical is what a token is by itself.
func lexical(kind syntax.Token) (TokenType, TokenModifiers, bool) {
	switch kind {
	case syntax.LineComment, syntax.BlockComment:
		return TokenComment, 0, true
	case syntax.DocComment:
		return TokenComment, ModDocumentation, true
	case syntax.String:
		return TokenString, 0, true
	case syntax.Number:
		return TokenNumber, 0, true
	case syntax.Identifier:
		return TokenVariable, 0, true
	case syntax.TypeName:
		return TokenTypeName, 0, true
	case syntax.AttrOpen:
		return TokenOperator, 0, true
	case syntax.Symbol:
		return TokenKeyword, 0, true
	case syntax.Arrow:
		return TokenOperator, 0, true
	}
	switch {
	case syntax.Assigns <= kind && kind <= syntax.Percent:
		return TokenOperator, 0, true
	case syntax.KwFn <= kind && kind <= syntax.KwImport:
		return TokenKeyword, 0, true
	}
	return 0, 0, false
}

// put adds a token, one for each of its lines.
func (p *painter) put(t SemanticToken) {
	if n := len(p.out); n > 0 {
		t.Span.Start = max(t.Span.Start, p.out[n-1].Span.End) // trees of broken text may say a thing twice
	}
	for start := t.Span.Start; start < t.Span.End; {
		length := strings.IndexByte(p.text[start:t.Span.End], '\n')
		end, next := t.Span.End, t.Span.End
		if length >= 0 {
			end, next = start+int32(length), start+int32(length)+1
		}
		line := t
		line.Span = source.Span{Start: start, End: end - int32(strings.Count(p.text[max(start, end-1):end], "\r"))}
		if line.Span.Len() > 0 {
			p.out = append(p.out, line)
		}
		start = next
	}
}
