package ide

// Hover: what is known of the thing under the pointer, as Markdown.

import (
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Hovered is what is known of a piece of a file.
type Hovered struct {
	Span     source.Span
	Markdown string
}

// Hover is what is known of what stands at an offset; false if there is nothing to say.
func Hover(s *Snapshot, path string, offset int32) (Hovered, bool) {
	file := s.file(path)
	if file == nil {
		return Hovered{}, false
	}
	index := indexBefore(file.Tree, offset)
	if index < 0 {
		return Hovered{}, false
	}
	h := &hoverer{
		s: s, file: file, item: file.Tree.Items[index], info: file.Items[index], facts: s.types.Item(file, index), index: index, offset: offset,
	}
	for _, t := range lexemesAt(file.Tree, index, offset) {
		h.span = t.Span
		if text := h.token(t); text != "" {
			if !h.span.Contains(offset) { // behind a name whose quotes are not closed
				h.span = t.Span
			}
			return Hovered{Span: h.span, Markdown: text}, true
		}
	}
	return Hovered{}, false
}

// lexemesAt are the tokens that an offset lies in or touches: the one that begins there or before first.
func lexemesAt(tree *syntax.File, index int, offset int32) []syntax.Lexeme {
	start, end := tree.Items[index].Span.Start, int32(len(tree.Text))
	if index+1 < len(tree.Items) {
		end = tree.Items[index+1].Span.Start
	}
	var found []syntax.Lexeme
	for _, t := range syntax.Scan(tree.Text[start:end]) {
		t.Span = t.Span.Shift(start)
		if t.Span.Contains(offset) {
			found = append([]syntax.Lexeme{t}, found...)
		}
		if t.Span.Start > offset {
			break
		}
	}
	return found
}

type hoverer struct {
	s      *Snapshot
	file   *resolve.File
	index  int
	item   *syntax.Item
	info   *resolve.Info
	facts  *types.Item
	offset int32
	span   source.Span // of what is explained
}

// token is what there is to say of a token.
func (h *hoverer) token(t syntax.Lexeme) string {
	if comment(t.Kind) {
		return ""
	}
	if text := h.name(); text != "" {
		return text
	}
	path := h.item.Path(t.Span.Start)
	switch t.Kind {
	case syntax.KwAsync:
		for _, n := range path {
			if async, ok := n.(*syntax.Async); ok && h.item.Abs(async.Keyword) == t.Span {
				return h.async(async)
			}
		}
	case syntax.KwAwait:
		for _, n := range path {
			if await, ok := n.(*syntax.Await); ok && h.item.Abs(await.Keyword) == t.Span {
				return h.await(await)
			}
		}
	case syntax.Symbol:
		return h.symbol(path, t)
	case syntax.TypeName:
		word := h.text(t.Span)
		if doc := typeDocs[word]; doc != "" {
			return paragraphs(code(word), doc)
		}
	case syntax.Identifier, syntax.String:
		return h.word(path)
	}
	if doc := keywordDocs[t.Kind]; doc != "" {
		return paragraphs(code(h.text(t.Span)), doc)
	}
	return ""
}

func (h *hoverer) text(span source.Span) string { return h.file.Tree.Text[span.Start:span.End] }

// symbol explains those of an import; the names of arguments have been explained as names.
func (h *hoverer) symbol(path []syntax.Node, t syntax.Lexeme) string {
	if _, ok := h.item.Def.(*syntax.ImportDef); ok && len(path) > 0 {
		return symbolDocs[h.text(t.Span)[1:]]
	}
	if len(path) == 0 {
		return ""
	}
	if lit, ok := path[len(path)-1].(*syntax.SymbolLit); ok && h.item.Abs(lit.Span()) == t.Span {
		return paragraphs(code(":"+lit.Name+": Symbol"), "A symbol: a name as a value. It is equal to itself only.")
	}
	return ""
}

// word explains what is no name of the program: attributes, their arguments, modules.
func (h *hoverer) word(path []syntax.Node) string {
	var attr *syntax.Attr
	for _, n := range path {
		switch n := n.(type) {
		case *syntax.Attr:
			attr = n
		case *syntax.AttrArg:
			if n.Key != nil && h.item.Abs(n.Key.Span()).Contains(h.offset) {
				return h.attributeArgument(attr, n.Key)
			}
		}
	}
	if attr != nil && attr.Name != nil && h.item.Abs(attr.Name.Span()).Contains(h.offset) {
		return h.attribute(attr)
	}
	if module, span := h.s.moduleAt(h.file.Path, h.offset); module != nil {
		h.span = span
		return h.module(module)
	}
	return ""
}

func (h *hoverer) attribute(attr *syntax.Attr) string {
	info, ok := attributeInfo(attr.Name.Text)
	if !ok {
		return ""
	}
	var list strings.Builder
	for _, p := range info.Params {
		list.WriteString("- `" + p.Name + "`: " + p.Want + "\n")
	}
	return paragraphs(code(attributeHead(info)), attributeDocs[info.Name], strings.TrimSuffix(list.String(), "\n"), "For "+info.Where+".")
}

func (h *hoverer) attributeArgument(attr *syntax.Attr, key *syntax.Name) string {
	info, _ := attributeInfo(attr.Name.Text)
	for _, p := range info.Params {
		if p.Name == key.Text {
			return paragraphs(code("#["+info.Name+"("+p.Name+"=…)]"), attributeParamDocs[info.Name+"."+p.Name], "It is "+p.Want+".")
		}
	}
	return ""
}

// module explains the module of an import.
func (h *hoverer) module(def *syntax.ImportDef) string {
	if def.Language != syntax.Hark {
		return h.pythonModule(def.Module.Text)
	}
	path, ok := resolve.ModulePath(def.Module.Text)
	file := h.s.file(path)
	if !ok || file == nil {
		return paragraphs("Hark module `"+def.Module.Text+"`", "There is no file `"+path+"`.")
	}
	var names []string
	for _, own := range file.Scope.Defs {
		if own.Func != nil {
			names = append(names, "`"+own.Name+"`")
		}
	}
	list := ""
	if len(names) > 0 {
		list = "It defines " + strings.Join(names, ", ") + "."
	}
	return paragraphs("Hark module `"+def.Module.Text+"`: `"+path+"`", list)
}

// name explains the name at the place; "" if there is none.
func (h *hoverer) name() string {
	o, ok := h.occurrence()
	if !ok {
		return ""
	}
	h.span = o.Span
	if o.Role == roleArgument {
		return h.argument(o)
	}
	if len(o.Means) == 0 {
		return ""
	}
	switch o.Means[0].kind {
	case symbolLocal:
		return h.local(o)
	case symbolBuiltin:
		return h.builtin(h.info.Binding(o.Node))
	case symbolFunction, symbolPrelude:
		return h.function(o.Def)
	case symbolPython:
		return h.python(o.Def)
	case symbolMissing:
		return "`" + o.Def.Name + "` is imported from where there is no such function."
	}
	return ""
}

// occurrence is the name of the item that the offset lies in or touches.
func (h *hoverer) occurrence() (found occurrence, ok bool) {
	for o := range occurrences(h.s.program, h.file, h.index) {
		if o.Span.Contains(h.offset) && (o.Span == h.span || h.span.Covers(o.Span)) {
			found, ok = o, true
		}
	}
	return found, ok
}

// function explains a Hark function: its attributes and signature, documentation and where it is from.
func (h *hoverer) function(def *resolve.Def) string {
	target := def.Target
	file, item := h.s.program.Locate(target)
	fn, ok := functionOf(item)
	if !ok {
		return ""
	}
	from := ""
	switch {
	case target.Prelude:
		from = "Part of the prelude."
	case target.Path != h.file.Path:
		from = "Defined in `" + file.Path + "`."
	}
	head := attributesText(file.Tree.Text, item, fn.Attrs) + "fn " + h.signature(def, fn.Name.Text, fn.Params)
	return paragraphs(code(head), syntax.DocText(fn.Doc), from)
}

// signature is a function's head, with inferred types where they are known.
func (h *hoverer) signature(def *resolve.Def, name string, params []*syntax.Param) string {
	b := &resolve.Binding{Kind: resolve.Function, State: resolve.Set, Def: def}
	if signatures := h.s.types.Signatures(b); len(signatures) > 0 {
		return signatures[0].String()
	}
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name.Text
	}
	return name + "(" + strings.Join(names, ", ") + ")"
}

// attributesText are attributes as written, each on a line.
func attributesText(text string, item *syntax.Item, attrs []*syntax.Attr) string {
	var b strings.Builder
	for _, attr := range attrs {
		span := item.Abs(attr.Span())
		b.WriteString("#[" + strings.Join(strings.Fields(text[span.Start:span.End]), " ") + "]\n")
	}
	return b.String()
}

func (h *hoverer) builtin(b *resolve.Binding) string {
	builtin := builtinOf(b)
	if builtin == nil {
		return ""
	}
	return paragraphs(code(builtin.Signature), builtin.Doc, examples(builtin.Examples))
}

// local explains a parameter, a local or a captured name.
func (h *hoverer) local(o occurrence) string {
	decl, t := o.Means[0].decl, h.typeOf(o)
	fn, slot := homeOf(h.info, decl)
	if fn == nil {
		return ""
	}
	head := decl.Text
	lambda := fn.LambdaOf(&resolve.Binding{Kind: resolve.Local, State: resolve.Set, Index: slot})
	switch {
	case lambda != nil && h.info.Func(lambda) != nil:
		sig := h.facts.Signature(h.info.Func(lambda))
		sig.Name = ""
		head += " = lambda" + sig.String()
	default:
		if !t.IsAny() && !t.IsNever() {
			head += ": " + t.String()
		}
		if value := h.constant(fn, slot); value != "" {
			head += " = " + value
		}
	}
	what := "A local of " + named(fn) + "."
	switch {
	case slot < fn.Params:
		what = "A parameter of " + named(fn) + "."
	case fn.Locals[slot].Catch && fn.Locals[slot].Writes == 1:
		what = "The error that was caught."
	}
	return paragraphs(code(head), what, h.states(o, fn), h.futureText(t), keysText(t))
}

// keysText lists the keys that a Hash is known to have.
func keysText(t types.Type) string {
	if t.IsAny() || t.Kinds() != types.Hash {
		return ""
	}
	var lines []string
	for _, field := range t.Fields() {
		line := "- `\"" + escaped(field.Key) + "\"`"
		if !field.Type.IsAny() {
			line += ": `" + field.Type.String() + "`"
		}
		if !field.Certain {
			line += ", not always"
		}
		lines = append(lines, line)
	}
	const most = 20
	if len(lines) > most {
		lines = append(lines[:most], "- …")
	}
	return strings.Join(lines, "\n")
}

// states says what else there is to know of a use: that it is captured, that there may be no value.
func (h *hoverer) states(o occurrence, home *resolve.Func) string {
	b := h.info.Binding(o.Node)
	if b == nil {
		return ""
	}
	var all []string
	if b.Kind == resolve.Capture {
		all = append(all, "Captured: the lambda took the value from "+named(home)+" with it when it was created.")
	}
	if b.State == resolve.Maybe {
		all = append(all, "It may have no value here yet.")
	}
	return strings.Join(all, " ")
}

// typeOf is the type of a local where it occurs.
func (h *hoverer) typeOf(o occurrence) types.Type {
	switch n := o.Node.(type) {
	case *syntax.Ident:
		return h.facts.Of(n)
	case *syntax.Name:
		return h.facts.Name(n)
	}
	return types.Any
}

// argument explains the name of a named argument: the parameter that it is for. Where that is not known, nothing is said.
func (h *hoverer) argument(o occurrence) string {
	name, ok := o.Node.(*syntax.Name)
	if !ok || o.Call == nil {
		return ""
	}
	callee, what := syntax.Unparen(o.Call.Callee), "A parameter."
	var binding *resolve.Binding
	if id, ok := callee.(*syntax.Ident); ok {
		binding, what = h.info.Binding(id), "A parameter of `"+id.Name+"`."
	}
	for _, sig := range h.s.signaturesOf(h.facts, callee, binding) {
		for _, p := range sig.Params {
			if p.Name == name.Text {
				return paragraphs(code(p.String()), what)
			}
		}
	}
	return ""
}

// homeOf is the function that a name is a local of, and its number there.
func homeOf(info *resolve.Info, decl *syntax.Name) (*resolve.Func, int) {
	for _, fn := range info.Funcs {
		for i := range fn.Locals {
			if fn.Locals[i].Decl == decl {
				return fn, i
			}
		}
	}
	return nil, 0
}

// named is a function in a sentence.
func named(fn *resolve.Func) string {
	switch {
	case fn.Name == "":
		return "a lambda"
	case fn.Lambda != nil:
		return "the lambda `" + fn.Name + "`"
	}
	return "`" + fn.Name + "`"
}

// constant is the value of a local that is assigned once, as it is written, if that is a literal; "" else.
func (h *hoverer) constant(fn *resolve.Func, slot int) string {
	local := &fn.Locals[slot]
	if slot < fn.Params || local.Writes != 1 || local.Catch || fn.Block() == nil {
		return ""
	}
	value := ""
	syntax.Walk(fn.Block(), func(n syntax.Node) bool {
		if assign, ok := n.(*syntax.Assign); ok && assign.Name == local.Decl && plain(assign.Value) {
			value = h.text(h.item.Abs(assign.Value.Span()))
		}
		return value == ""
	})
	const most = 60
	if len(value) > most || strings.Contains(value, "\n") {
		return ""
	}
	return value
}

// plain says whether an expression is a literal all the way down.
func plain(e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit:
		return true
	case *syntax.Unary:
		return plain(e.X)
	case *syntax.ListLit:
		for _, elem := range e.Elems {
			if !plain(elem) {
				return false
			}
		}
		return true
	case *syntax.HashLit:
		for _, pair := range e.Pairs {
			if !plain(pair.Key) || !plain(pair.Value) {
				return false
			}
		}
		return true
	}
	return false
}

// python explains an imported Python function.
func (h *hoverer) python(def *resolve.Def) string {
	target := def.Target.Import
	head, known := h.s.pythonHead(def)
	where := "Python, `" + target.Module.Text + "`"
	if target.Count != nil {
		if n, err := strconv.Atoi(target.Count.Text); err == nil {
			where += ", called with " + diag.Count(n, "argument")
		}
	}
	where += "."
	if !known {
		where += " Its source is not in the project."
	}
	own := ""
	if file, item := h.s.program.Locate(def.Target); item != nil {
		own = strings.TrimSuffix(attributesText(file.Tree.Text, item, target.Attrs), "\n")
		if own != "" {
			own = code(own)
		}
	}
	return paragraphs(fenced("python", head), own, h.s.importDoc(def.Target), where)
}
