package ide

// Completion: what may be written at a place. What kind of place it is, the tokens before it say (cursor.go); what names mean there, the
// tree and its scopes. Documentation is not made before somebody looks at an item: an item has a reference by which CompletionDoc finds
// it again.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// CompletionKind says what a completion inserts, for the icon beside it.
type CompletionKind uint8

const (
	CompleteLocal CompletionKind = iota + 1
	CompleteParameter
	CompleteFunction
	CompletePython
	CompleteBuiltin
	CompleteKeyword
	CompleteKey
	CompleteArgument
	CompleteAttribute
	CompleteModule
	CompleteType
	CompleteValue
)

// Completion is what may be written at a place.
type Completion struct {
	// Label is what is shown and, unless Insert says otherwise, written.
	Label string
	Kind  CompletionKind
	// Detail comes directly after the label, "(a, b)" or ": Int"; From, on the other side, says where it comes from.
	Detail, From string
	// Filter is what is compared with what somebody types; "" is the label.
	Filter string
	// Insert is what is written; Snippet the same with places to fill in, for editors that have them. "" is the label.
	Insert, Snippet string
	// Edits are other changes of the file: the line of an import.
	Edits []diag.Edit
	// Ref is what CompletionDoc needs.
	Ref string
	// rank orders them, lower is better.
	rank int
}

// Text is what is written.
func (c *Completion) Text() string { return cmp.Or(c.Insert, c.Label) }

// CompletionList are the completions at a place.
type CompletionList struct {
	// Items are in their order: the best first.
	Items []Completion
	// Insert is the text before the place that they replace, Replace that around it, both of one line.
	Insert, Replace source.Span
	// Incomplete: there are others, which come up when more is typed.
	Incomplete bool
}

// mostItems is how many completions there are at most: nobody looks at more.
const mostItems = 150

// Completions are what may be written at an offset, the best first. trigger is the character that was just typed, if that is why they are
// asked for; "" if somebody asks.
func Completions(s *Snapshot, path string, offset int32, trigger string) CompletionList {
	file := s.file(path)
	if file == nil {
		return CompletionList{Insert: at(offset), Replace: at(offset)}
	}
	c := cursorIn(file.Tree, offset)
	l := &completer{s: s, file: file, cursor: c, index: indexBefore(file.Tree, c.offset), seen: map[string]int{}, facts: &types.Item{}}
	l.list.Replace = c.word
	l.list.Insert = source.Span{Start: c.word.Start, End: c.offset}
	if l.index >= 0 {
		l.item, l.info = file.Tree.Items[l.index], file.Items[l.index]
		l.facts = s.types.Item(file, l.index)
		l.fn = funcAround(l.info, source.Span{Start: c.offset - l.item.Span.Start, End: c.offset - l.item.Span.Start})
	}
	l.collect(trigger)
	slices.SortStableFunc(l.list.Items, func(a, b Completion) int { return cmp.Or(a.rank-b.rank, strings.Compare(a.Label, b.Label)) })
	if len(l.list.Items) > mostItems {
		l.list.Items, l.list.Incomplete = l.list.Items[:mostItems], true
	}
	return l.list
}

// completer collects completions.
type completer struct {
	s      *Snapshot
	file   *resolve.File
	cursor *cursor
	index  int // of the item around the place or before it, -1 if there is none
	item   *syntax.Item
	info   *resolve.Info
	facts  *types.Item
	fn     *resolve.Func // around the place, nil if there is none
	want   types.Kinds   // the kinds of values that are expected, 0 if nothing is known of that
	list   CompletionList
	seen   map[string]int // labels, and where they are in the list
}

// collect finds out what kind of place it is.
func (l *completer) collect(trigger string) {
	c, b := l.cursor, l.cursor.around()
	switch {
	case c.inside == inComment:
		return
	case b != nil && b.purpose == importing:
		l.importParts(b)
	case b != nil && b.purpose == attributeList:
		l.attributeNames()
	case b != nil && b.purpose == attributeArguments:
		l.attributeArguments(b)
	case c.inside == inString:
		l.stringContent()
	case l.typePlace():
		l.typeNames()
	case trigger == "(" || trigger == "[" || trigger == `"` || trigger == "'" || trigger == "=":
		return // typed in passing
	case b == nil:
		l.topLevel()
	case b.purpose == parameters || l.namingPlace():
		return
	case strings.HasPrefix(c.typed, ":"):
		l.namedArguments()
	case trigger == ":":
		return
	default:
		l.code()
	}
}

// add adds a completion, if it fits what is typed; of two with the same label the better one stays.
func (l *completer) add(c Completion, near int) {
	quality := match(cmp.Or(c.Filter, c.Label), l.cursor.typed)
	if quality < 0 {
		return
	}
	c.rank = quality*1000 + near
	if c.Label == l.cursor.typed {
		c.rank = -1
	}
	if i, ok := l.seen[c.Label]; ok {
		if c.rank < l.list.Items[i].rank {
			l.list.Items[i] = c
		}
		return
	}
	l.seen[c.Label] = len(l.list.Items)
	l.list.Items = append(l.list.Items, c)
}

// match says how well a label fits what is typed: 0 if it begins with it, 1 if it does but for upper and lower case, 2 if a word of it
// does, 3 if it has its letters in their order, -1 if not.
func match(label, typed string) int {
	if strings.HasPrefix(label, typed) {
		return 0
	}
	lower, low := strings.ToLower(label), strings.ToLower(typed)
	switch {
	case strings.HasPrefix(lower, low):
		return 1
	case strings.Contains(lower, "_"+low), strings.Contains(lower, "."+low):
		return 2
	}
	at := 0
	for i := range len(low) {
		next := strings.IndexByte(lower[at:], low[i])
		if next < 0 || i == 0 && next > 0 {
			return -1
		}
		at += next + 1
	}
	return 3
}

// typePlace says whether a type is expected.
func (l *completer) typePlace() bool {
	c := l.cursor
	if c.inside != inCode || strings.HasPrefix(c.typed, ":") && c.before(1) != syntax.Identifier {
		return false
	}
	if c.before(1) == syntax.Arrow {
		return true
	}
	for n := len(c.open) - 1; n >= 0; n-- {
		switch b := &c.open[n]; {
		case b.purpose == parameters:
			return b.start < len(c.tokens) && slices.ContainsFunc(c.tokens[b.start:], func(t syntax.Lexeme) bool {
				return t.Kind == syntax.Colon || t.Kind == syntax.Symbol
			})
		case b.kind != syntax.LBracket || b.at == 0 || c.tokens[b.at-1].Kind != syntax.TypeName:
			return false
		case l.resultType(b.at):
			return true
		}
	}
	return false
}

// resultType says whether the tokens before an index are those of the type after "->".
func (l *completer) resultType(at int) bool {
	for i := at - 1; i >= 0; i-- {
		switch l.cursor.tokens[i].Kind {
		case syntax.Arrow:
			return true
		case syntax.TypeName, syntax.LBracket, syntax.Comma, syntax.RBracket, syntax.Question:
		default:
			return false
		}
	}
	return false
}

func (l *completer) typeNames() {
	for i, name := range typeNames {
		l.add(Completion{Label: name, Kind: CompleteType, Ref: "type:" + name}, i)
	}
}

// namingPlace says whether a new name is written: that of a function or of a catch.
func (l *completer) namingPlace() bool {
	before := l.cursor.before(1)
	return before == syntax.KwFn || before == syntax.KwCatch || before == syntax.Number && l.cursor.tokens[len(l.cursor.tokens)-1].Span.End == l.cursor.word.Start
}

// topLevel offers what a file consists of.
func (l *completer) topLevel() {
	if l.namingPlace() || l.headless() {
		return
	}
	l.keyword("fn", "fn ${1:name}($2) {\n\t$0\n}", 0)
	l.keyword("import", "import(${1:name}, ${2:module}, ${3:1});", 1)
}

// headless says whether the place follows the head of a function, whose body is to come.
func (l *completer) headless() bool {
	for i := len(l.cursor.tokens) - 1; i >= 0; i-- {
		switch l.cursor.tokens[i].Kind {
		case syntax.KwFn:
			return true
		case syntax.LBrace, syntax.RBrace, syntax.Semicolon, syntax.KwImport:
			return false
		}
	}
	return false
}

// keyword offers a keyword, and, to editors that can, what belongs to it.
func (l *completer) keyword(word, snippet string, near int) {
	l.add(Completion{Label: word, Kind: CompleteKeyword, Snippet: snippet, Ref: "keyword:" + word}, near)
}

// The ranks of what is offered in code, by where it comes from. Half a step better or worse is what fits the expected type or does not.
const (
	nearNamed    = 0
	nearLocal    = 10
	nearOuter    = 20 // and more for each function further out
	nearFile     = 100
	nearKeyword  = 150
	nearStandard = 200
	nearProject  = 300
)

// code offers what an expression may begin with, or what may go on after a block.
func (l *completer) code() {
	c := l.cursor
	before, sameLine := c.before(1), true
	if n := len(c.tokens); n > 0 {
		sameLine = !strings.Contains(c.text[c.tokens[n-1].Span.End:c.word.Start], "\n")
	}
	if before == syntax.RBrace {
		l.continued()
	} else if endsOperand(before) && sameLine && !l.afterArgumentName() {
		return
	}
	l.want = l.expected()
	if b := c.around(); b != nil && b.purpose == arguments && b.start >= len(c.tokens) {
		l.namedArguments()
		l.quotedKeys(b)
	}
	l.locals()
	for name, b := range l.file.Scope.Names {
		l.scopeName(name, b)
	}
	l.keywords()
	if c.typed == "" {
		l.list.Incomplete = true // names that would have to be imported come with the first letter
		return
	}
	l.importable()
}

// continued offers what may go on after the block that ends before the place: "catch" after that of a try, "else" after that of an if.
func (l *completer) continued() {
	tokens, depth, open := l.cursor.tokens, 0, false
	for i := len(tokens) - 1; i >= 0; i-- {
		switch kind := tokens[i].Kind; {
		case kind == syntax.RBrace || kind == syntax.RParen || kind == syntax.RBracket:
			if depth == 0 && open && kind == syntax.RBrace {
				return // the statement before
			}
			depth++
		case kind == syntax.LBrace || kind == syntax.LParen || kind == syntax.LBracket:
			depth--
			open = open || depth == 0
		case depth > 0:
		case kind == syntax.KwTry:
			l.keyword("catch", "catch ${1:e} {\n\t$0\n}", nearNamed)
			return
		case kind == syntax.KwIf:
			l.keyword("else", "else {\n\t$0\n}", nearNamed)
			l.add(Completion{Label: "else if", Kind: CompleteKeyword, Snippet: "else if ${1:condition} {\n\t$0\n}", Ref: "keyword:else"}, nearNamed+1)
			return
		case kind == syntax.KwElse, kind == syntax.Semicolon, kind == syntax.KwCatch, kind == syntax.KwLambda, kind == syntax.Assigns:
			return
		}
		if depth < 0 {
			return
		}
	}
}

// afterArgumentName says whether the place follows the name of an argument, whose value is to come.
func (l *completer) afterArgumentName() bool {
	b := l.cursor.around()
	return b != nil && b.purpose == arguments && l.cursor.before(1) == syntax.Symbol && b.start == len(l.cursor.tokens)-1
}

// locals offers the names of the functions around the place, from the innermost outward.
func (l *completer) locals() {
	if l.fn == nil {
		l.tokenLocals()
		return
	}
	at := l.cursor.offset - l.item.Span.Start
	assigned := l.beingAssigned()
	started := l.cursor.before(1) == syntax.KwAsync
	near := nearLocal
	for fn := l.fn; fn != nil; fn = fn.Parent {
		for slot := range fn.Locals {
			local := &fn.Locals[slot]
			if local.Decl.Span().End >= at || local.Name == "" || l.item.Abs(local.Decl.Span()).Start == assigned {
				continue
			}
			kind := CompleteLocal
			if slot < fn.Params {
				kind = CompleteParameter
			}
			t := l.facts.Name(local.Decl)
			if started && !t.IsAny() && !t.Kinds().Has(types.Function) {
				continue // no thread can run it
			}
			detail := ""
			if !t.IsAny() {
				detail = ": " + t.String()
			}
			l.add(Completion{Label: local.Name, Kind: kind, Detail: detail, Ref: "local:" + local.Name}, near+l.fits(t))
		}
		near = max(near+10, nearOuter)
	}
}

// beingAssigned is where the name is whose value is being written by the statement around the place; -1 if there is none. It has no
// value yet, if this is its first.
func (l *completer) beingAssigned() int32 {
	c := l.cursor
	for n := len(c.open) - 1; n >= 0; n-- {
		if b := &c.open[n]; c.block(b) {
			if b.start+1 < len(c.tokens) && c.tokens[b.start].Kind == syntax.Identifier && c.tokens[b.start+1].Kind == syntax.Assigns {
				return c.tokens[b.start].Span.Start
			}
			return -1
		}
	}
	return -1
}

// tokenLocals offers the names that the tokens before the place bind, where the tree knows no function around it.
func (l *completer) tokenLocals() {
	c := l.cursor
	for i, t := range c.tokens {
		if t.Kind != syntax.Identifier || i+1 >= len(c.tokens) {
			continue
		}
		if c.tokens[i+1].Kind == syntax.Assigns {
			l.add(Completion{Label: c.lexeme(i), Kind: CompleteLocal, Ref: "local:" + c.lexeme(i)}, nearLocal)
		}
	}
	depth := -1
	for i, t := range c.tokens {
		switch {
		case t.Kind == syntax.LParen && i > 1 && c.tokens[i-2].Kind == syntax.KwFn:
			depth = i
		case t.Kind == syntax.RParen, t.Kind == syntax.LBrace:
			depth = -1
		case t.Kind == syntax.Identifier && depth >= 0 && (i == depth+1 || c.tokens[i-1].Kind == syntax.Comma):
			l.add(Completion{Label: c.lexeme(i), Kind: CompleteParameter, Ref: "local:" + c.lexeme(i)}, nearLocal)
		}
	}
}

// fits is how much better or worse a value of a type fits the place.
func (l *completer) fits(t types.Type) int {
	switch {
	case l.want == 0 || t.IsAny():
		return 0
	case t.Kinds().Has(l.want):
		return -5
	case t.Kinds() == types.Future && !t.Awaited().IsAny() && t.Awaited().Kinds().Has(l.want):
		return 1
	}
	return 4
}

// scopeName offers a name of the file's top level.
func (l *completer) scopeName(name string, b *resolve.Binding) {
	if match(name, l.cursor.typed) < 0 {
		return
	}
	c := Completion{Label: name, Kind: CompleteFunction, Ref: "name:" + name}
	near := nearFile
	switch b.Kind {
	case resolve.Builtin:
		builtin := builtinOf(b)
		c.Kind, near = CompleteBuiltin, nearStandard
		c.Detail = "(" + strings.Join(builtin.Params, ", ") + ")"
	case resolve.Import:
		c.Kind, c.From = CompletePython, b.Def.Target.Import.Module.Text
		c.Detail = l.pythonParams(b)
	case resolve.Function:
		c.Detail = paramList(b.Def.Target.Func.Params)
		if b.Def.Target.Prelude {
			near = nearStandard
		} else if b.Def.Target.Path != l.file.Path {
			c.From = b.Def.Target.Path
		}
	}
	l.add(l.asCall(c), near+l.fitsCall(b))
}

// fitsCall is how well what a call gives, or the function itself, fits the place.
func (l *completer) fitsCall(b *resolve.Binding) int {
	if l.want == 0 {
		return 0
	}
	if l.want == types.Function {
		return -5
	}
	signatures := l.s.types.Signatures(b)
	if len(signatures) == 0 {
		return 0
	}
	best := 9
	for _, sig := range signatures {
		best = min(best, l.fits(sig.Result))
	}
	return best
}

// asCall has the snippet of a function be a call of it, where a call is what will follow.
func (l *completer) asCall(c Completion) Completion {
	text, end := l.cursor.text, int(l.cursor.word.End)
	if end < len(text) && text[end] == '(' || l.want == types.Function {
		return c
	}
	c.Snippet = c.Label + "($0)"
	if c.Detail == "()" {
		c.Snippet = c.Label + "()"
	}
	return c
}

func (l *completer) pythonParams(b *resolve.Binding) string {
	signatures := l.s.types.Signatures(b)
	if len(signatures) == 0 {
		return ""
	}
	names := make([]string, len(signatures[0].Params))
	for i, p := range signatures[0].Params {
		names[i] = p.Name
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// paramList are parameters in parentheses.
func paramList(params []*syntax.Param) string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name.Text
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// keywords offers those that an expression may begin with.
func (l *completer) keywords() {
	before := l.cursor.before(1)
	if before != syntax.KwAsync && before != syntax.KwAwait {
		l.keyword("if", "if ${1:condition} {\n\t$0\n}", nearKeyword)
		l.add(Completion{Label: "if else", Kind: CompleteKeyword, Insert: "if", Snippet: "if ${1:condition} {\n\t$2\n} else {\n\t$0\n}",
			Ref: "keyword:if"}, nearKeyword)
		l.add(Completion{Label: "try", Kind: CompleteKeyword, Snippet: "try {\n\t$1\n} catch ${2:e} {\n\t$0\n}", Ref: "keyword:try"}, nearKeyword)
		for _, word := range []string{"true", "false", "null"} {
			l.add(Completion{Label: word, Kind: CompleteValue, Ref: "keyword:" + word}, nearKeyword)
		}
		l.keyword("await", "await $0", nearKeyword)
	}
	if before != syntax.KwAsync {
		l.keyword("async", "async ${1:function}($0)", nearKeyword)
	}
	l.keyword("lambda", "lambda(${1:x}) { $0 }", nearKeyword)
}
