package ide

// Signature help: how what is being called is called, while the arguments are written. The call is found by the tokens before the
// cursor, as a call that is being written has no end yet.

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// SignatureHelp are the ways of making the call around a place.
type SignatureHelp struct {
	Signatures []SignatureText
	// Active is the one that fits the arguments written so far.
	Active int
}

// SignatureText is a way of calling something, to be shown.
type SignatureText struct {
	Label string
	// Params are the parameters' places in the label, in bytes.
	Params []source.Span
	// ParamDocs explain the parameters, in Markdown; shorter than Params, or nil, where there is nothing to say.
	ParamDocs []string
	// Active is the parameter that the argument at the place is for, -1 if it is for none.
	Active int
	// Doc is Markdown.
	Doc string
}

// Signatures is the help for the innermost call around an offset; false if there is none. previous is the signature that is shown
// already, -1 if there is none: it stays as long as it fits.
func Signatures(s *Snapshot, path string, offset int32, previous int) (SignatureHelp, bool) {
	file := s.file(path)
	if file == nil {
		return SignatureHelp{}, false
	}
	c := cursorIn(file.Tree, offset)
	if c.inside == inComment {
		return SignatureHelp{}, false
	}
	if b := c.around(); b != nil && b.purpose == attributeArguments {
		return attributeSignature(c, b)
	} else if b != nil && b.purpose == importing {
		return importSignature(c, b), true
	}
	b := c.call()
	if b == nil {
		return SignatureHelp{}, false
	}
	target := s.calleeAt(file, c, b)
	signatures := s.signaturesOf(target.facts, target.expr, target.binding)
	if len(signatures) == 0 {
		return SignatureHelp{}, false
	}
	doc := ""
	if target.binding != nil {
		doc = s.docOf(target.binding)
	}
	help := SignatureHelp{}
	name, arguments := c.named(b), c.arguments(b)
	for i, sig := range signatures {
		text := signatureText(sig, target.name, name, b.commas, doc)
		if builtin := builtinOf(target.binding); builtin != nil {
			text = asDocumented(text, strings.Split(builtin.Signature, "\n"), i)
		} else if target.binding != nil && target.binding.Kind == resolve.Import {
			text = s.asInPython(text, target)
		}
		help.Signatures = append(help.Signatures, text)
	}
	help.Active = active(signatures, arguments, previous)
	return help, true
}

// active is the signature to be shown first.
func active(signatures []types.Signature, arguments, previous int) int {
	if previous >= 0 && previous < len(signatures) && takes(signatures[previous], arguments) {
		return previous
	}
	return max(slices.IndexFunc(signatures, func(sig types.Signature) bool { return takes(sig, arguments) }), 0)
}

// takes says whether a signature has room for a number of arguments.
func takes(sig types.Signature, arguments int) bool {
	for _, p := range sig.Params {
		if p.Rest || p.RestKeywords {
			return true
		}
	}
	return arguments <= len(sig.Params)
}

// arguments is the number of arguments written up to the place, that around it included.
func (c *cursor) arguments(b *bracket) int {
	if b.commas == 0 && b.start >= len(c.tokens) && c.word.Len() == 0 {
		return 0
	}
	return b.commas + 1
}

// signatureText shows a signature under the name by which it is called.
func signatureText(sig types.Signature, called, named string, position int, doc string) SignatureText {
	var label strings.Builder
	text := SignatureText{Active: activeParam(sig, named, position), Doc: doc}
	if called == "" {
		called = sig.Name
	}
	label.WriteString(called + "(")
	for i, p := range sig.Params {
		if i > 0 {
			label.WriteString(", ")
		}
		start := int32(label.Len())
		label.WriteString(p.String())
		text.Params = append(text.Params, source.Span{Start: start, End: int32(label.Len())})
	}
	label.WriteByte(')')
	if !sig.Result.IsAny() {
		label.WriteString(" -> " + sig.Result.String())
	}
	text.Label = label.String()
	return text
}

// asDocumented shows a form of a builtin as its documentation writes it, with the names of types that have to be the same.
func asDocumented(text SignatureText, forms []string, form int) SignatureText {
	if form >= len(forms) {
		return text
	}
	label := strings.TrimPrefix(forms[form], "fn ")
	opening := strings.IndexByte(label, '(') + 1
	var params []source.Span
	for start, i, depth := opening, opening, 0; i < len(label) && depth >= 0; i++ {
		switch label[i] {
		case '[':
			depth++
		case ']', ')':
			depth--
		}
		if (depth < 0 || depth == 0 && label[i] == ',') && i > start {
			params = append(params, source.Span{Start: int32(start), End: int32(i)})
			start = i + len(", ")
		}
	}
	if len(params) == len(text.Params) {
		text.Label, text.Params = label, params
	}
	return text
}

// asInPython shows a Python function as Python writes it, if its source is in the project.
func (s *Snapshot) asInPython(text SignatureText, target called) SignatureText {
	name := s.inPython(target.binding.Def)
	if name == nil {
		return text
	}
	parts, of := pythonParts(name)
	if len(name.Params) != len(text.Params) {
		return text
	}
	label := target.name + "("
	text.Params = nil
	for i, part := range parts {
		if i > 0 {
			label += ", "
		}
		if of[i] {
			text.Params = append(text.Params, source.Span{Start: int32(len(label)), End: int32(len(label) + len(part))})
		}
		label += part
	}
	text.Label = label + ")"
	if name.Result != nil {
		text.Label += " -> " + name.Result.Text
	}
	return text
}

// activeParam is the parameter that an argument is for, by its name or else its position; -1 if there is none.
func activeParam(sig types.Signature, named string, position int) int {
	for i, p := range sig.Params {
		switch {
		case named != "" && p.Name == named && !p.PositionalOnly:
			return i
		case named != "" && p.RestKeywords:
			return i
		case named == "" && p.Rest && i <= position:
			return i
		case named == "" && i == position && !p.KeywordOnly && !p.RestKeywords:
			return i
		}
	}
	return -1
}

// called is what the callee of a call stands for.
type called struct {
	name    string
	expr    syntax.Expr // nil if the tree does not have it
	binding *resolve.Binding
	facts   *types.Item
}

// calleeAt finds out what is called by the parenthesis b.
func (s *Snapshot) calleeAt(file *resolve.File, c *cursor, b *bracket) called {
	index := indexBefore(file.Tree, c.tokens[b.at].Span.Start)
	if index < 0 || b.at == 0 {
		return called{facts: &types.Item{}}
	}
	item, info := file.Tree.Items[index], file.Items[index]
	result := called{facts: s.types.Item(file, index)}
	before := c.tokens[b.at-1].Span
	path := item.Path(before.Start)
	if id, ok := lastOf(path).(*syntax.Ident); ok && item.Abs(id.Span()) == before {
		result.name, result.expr, result.binding = id.Name, id, info.Binding(id)
		if result.binding == nil {
			result.binding = file.Scope.Lookup(id.Name)
		}
		return result
	}
	opening := c.tokens[b.at].Span.Start
	for _, n := range item.Path(opening) {
		if call, ok := n.(*syntax.Call); ok && item.Abs(call.Parens).Start == opening {
			result.expr = call.Callee
			return result
		}
	}
	if c.tokens[b.at-1].Kind == syntax.Identifier {
		result.name = c.lexeme(b.at - 1)
		result.binding = file.Scope.Lookup(result.name)
	}
	return result
}

func lastOf(path []syntax.Node) syntax.Node {
	if len(path) == 0 {
		return nil
	}
	return path[len(path)-1]
}

// attributeSignature is the help for the arguments of an attribute.
func attributeSignature(c *cursor, b *bracket) (SignatureHelp, bool) {
	if b.at == 0 {
		return SignatureHelp{}, false
	}
	info, ok := attributeInfo(c.lexeme(b.at - 1))
	if !ok || len(info.Params) == 0 {
		return SignatureHelp{}, false
	}
	key := ""
	if b.start+1 < len(c.tokens) && c.tokens[b.start+1].Kind == syntax.Assigns {
		key = c.lexeme(b.start)
	}
	text := SignatureText{Label: info.Name + "(", Active: -1, Doc: attributeDocs[info.Name]}
	for i, p := range info.Params {
		if i > 0 {
			text.Label += ", "
		}
		start := int32(len(text.Label))
		text.Label += p.Name
		text.Params = append(text.Params, source.Span{Start: start, End: int32(len(text.Label))})
		text.ParamDocs = append(text.ParamDocs, attributeParamDocs[info.Name+"."+p.Name])
		if key == p.Name || key == "" && i == b.commas {
			text.Active = i
		}
	}
	text.Label += ")"
	return SignatureHelp{Signatures: []SignatureText{text}}, true
}

// importForms are the ways of writing an import: its parts, and what they are.
var importForms = [][]string{{"name", "module", "count", "alias"}, {"name", ":hark module", ":as alias"}}

// importSignature is the help for the parts of an import.
func importSignature(c *cursor, b *bracket) SignatureHelp {
	help := SignatureHelp{}
	for _, form := range importForms {
		text := SignatureText{Label: "import(", Active: -1, Doc: keywordDocs[syntax.KwImport]}
		for i, part := range form {
			if i > 0 {
				text.Label += ", "
			}
			start := int32(len(text.Label))
			text.Label += part
			text.Params = append(text.Params, source.Span{Start: start, End: int32(len(text.Label))})
			if i == b.commas {
				text.Active = i
			}
		}
		text.Label += ")"
		help.Signatures = append(help.Signatures, text)
	}
	for _, t := range c.tokens[b.at:] {
		if t.Kind == syntax.Symbol && c.text[t.Span.Start:t.Span.End] == ":hark" {
			help.Active = 1
		}
	}
	return help
}
