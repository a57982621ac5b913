package ide

// Inlay hints: what a reader would have to look up, written beside the code.
//
// Parameter names are left out where they say nothing new: for a named argument, for one that is itself called like the parameter or
// ends with that word, for a lambda, and for the only argument of a call unless it is a literal. Of builtins and functions of the prelude,
// which everybody knows, those with three parameters or more show them, for literals. Types are shown of what is assigned, unless the
// value is a literal or a lambda or its type is not known, and once for several assignments of the same type.

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// HintKind says what an inlay hint tells.
type HintKind uint8

const (
	// HintParameter is the name of the parameter that an argument is for, before the argument.
	HintParameter HintKind = iota + 1
	// HintType is the type of what is assigned, after the name.
	HintType
	// HintThread is the number of the thread that an async starts, below that of the thread that runs the function; before the keyword.
	HintThread
)

// Hint is a text to be shown at a place of the file.
type Hint struct {
	At   int32
	Kind HintKind
	Text string
	// Target is where the parameter is defined, if that is in a file.
	Target *Place
	// Tooltip is Markdown, "" if there is nothing else to say.
	Tooltip string
}

// Hints are the inlay hints of the wanted kinds in a part of a file, in order.
func Hints(s *Snapshot, path string, span source.Span, wanted ...HintKind) []Hint {
	file := s.file(path)
	if file == nil {
		return nil
	}
	h := &hinter{s: s, file: file, span: span, wanted: wanted}
	for i := max(indexBefore(file.Tree, span.Start), 0); i < len(file.Tree.Items); i++ {
		if file.Tree.Items[i].Span.Start > span.End {
			break
		}
		h.index, h.item, h.info, h.facts = i, file.Tree.Items[i], file.Items[i], s.types.Item(file, i)
		h.function()
	}
	slices.SortStableFunc(h.out, func(a, b Hint) int { return int(a.At - b.At) })
	return h.out
}

type hinter struct {
	s      *Snapshot
	file   *resolve.File
	span   source.Span
	wanted []HintKind
	out    []Hint

	index int
	item  *syntax.Item
	info  *resolve.Info
	facts *types.Item
	shown map[string]string // the type last shown of a name
}

func (h *hinter) wants(kind HintKind) bool { return slices.Contains(h.wanted, kind) }

// function adds the hints of an item.
func (h *hinter) function() {
	h.shown = map[string]string{}
	def, ok := h.item.Def.(*syntax.FuncDef)
	if !ok || def.Body == nil {
		return
	}
	syntax.Walk(def.Body, func(n syntax.Node) bool {
		span := h.item.Abs(n.Span())
		if span.End < h.span.Start || span.Start > h.span.End {
			return false
		}
		switch n := n.(type) {
		case *syntax.Call:
			if h.wants(HintParameter) {
				h.call(n)
			}
		case *syntax.Assign:
			if h.wants(HintType) {
				h.assign(n)
			}
		}
		return true
	})
	if h.wants(HintThread) {
		for node, text := range threadMarks(h.s, h.file, h.index) {
			h.add(Hint{At: node.Keyword.Start, Kind: HintThread, Text: text, Tooltip: "The thread that this starts: its number goes on that of the " +
				"thread which runs `" + def.Name.Text + "`."})
		}
	}
}

// add adds a hint, whose place is relative to the item, if it is in the part that is asked for.
func (h *hinter) add(hint Hint) {
	hint.At += h.item.Span.Start
	if h.span.Contains(hint.At) {
		h.out = append(h.out, hint)
	}
}

func (h *hinter) assign(n *syntax.Assign) {
	if obvious(n.Value) || n.Name.Text == "" {
		return
	}
	t := h.facts.Name(n.Name)
	text := t.String()
	if t.IsAny() || t.IsNever() || h.shown[n.Name.Text] == text {
		return
	}
	h.shown[n.Name.Text] = text
	h.add(Hint{At: n.Name.Span().End, Kind: HintType, Text: ": " + text})
}

// obvious says whether everybody sees what kind of value an expression has.
func obvious(e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.Bad, *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit, *syntax.ListLit, *syntax.HashLit,
		*syntax.Lambda, *syntax.Assign:
		return true
	case *syntax.Unary:
		return e.Op == syntax.Not || obvious(e.X)
	}
	return false
}

// literal says whether an expression is a value that does not say what it is for.
func literal(e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit, *syntax.ListLit, *syntax.HashLit, *syntax.Lambda:
		return true
	case *syntax.Unary:
		return literal(e.X)
	}
	return false
}

// call adds the names of the parameters that the arguments are for.
func (h *hinter) call(call *syntax.Call) {
	if len(call.Args) == 0 || call.Parens.Len() == 0 {
		return
	}
	params, places, known := h.params(call)
	if len(params) == 0 {
		return
	}
	for i, arg := range call.Args {
		if arg.Name != nil {
			continue
		}
		if _, bad := arg.Value.(*syntax.Bad); bad || i >= len(params) || params[i].Rest || params[i].KeywordOnly || params[i].RestKeywords {
			return
		}
		if (len(params) == 1 || known) && !literal(arg.Value) || says(arg.Value, params[i].Name) || isLambda(arg.Value) {
			continue
		}
		hint := Hint{At: arg.Span().Start, Kind: HintParameter, Text: params[i].Name + ":"}
		if i < len(places) {
			hint.Target = &places[i]
		}
		h.add(hint)
	}
}

func isLambda(e syntax.Expr) bool {
	_, ok := syntax.Unparen(e).(*syntax.Lambda)
	return ok
}

// params are the parameters of what is called, and where they are written; known says that everybody knows the function.
func (h *hinter) params(call *syntax.Call) (params []types.Param, places []Place, known bool) {
	var binding *resolve.Binding
	if id, ok := call.Callee.(*syntax.Ident); ok {
		binding = h.info.Binding(id)
	}
	signatures := h.s.signaturesOf(h.facts, call.Callee, binding)
	if len(signatures) == 0 {
		return nil, nil, false
	}
	params, known = fitting(signatures, len(call.Args)).Params, standard(binding)
	if known && len(params) <= 2 {
		return nil, nil, true
	}
	return params, h.s.paramPlaces(binding), known
}

// standard says whether a name is a builtin's or the prelude's.
func standard(b *resolve.Binding) bool {
	return b != nil && (b.Kind == resolve.Builtin || b.Kind == resolve.Function && b.Def.Target.Prelude)
}

// paramPlaces are where the parameters of a Hark function are written.
func (s *Snapshot) paramPlaces(b *resolve.Binding) []Place {
	if b == nil || b.Kind != resolve.Function {
		return nil
	}
	file, item := s.program.Locate(b.Def.Target)
	def, ok := functionOf(item)
	if !ok {
		return nil
	}
	var places []Place
	for _, p := range def.Params {
		places = append(places, Place{Path: file.Path, Span: item.Abs(p.Name.Span())})
	}
	return places
}

// fitting is the first of some signatures that takes a number of arguments, else the one with the most parameters.
func fitting(signatures []types.Signature, arguments int) types.Signature {
	best := signatures[0]
	for _, sig := range signatures {
		least, most := 0, len(sig.Params)
		for _, p := range sig.Params {
			switch {
			case p.Rest || p.RestKeywords:
				most = max(arguments, most)
			case !p.Optional:
				least++
			}
		}
		if least <= arguments && arguments <= most {
			return sig
		}
		if len(sig.Params) > len(best.Params) {
			best = sig
		}
	}
	return best
}

// says says whether an argument's own text names the parameter: "path", "get(file, "path")", "source_path".
func says(e syntax.Expr, param string) bool {
	word := ""
	switch e := syntax.Unparen(e).(type) {
	case *syntax.Ident:
		word = e.Name
	case *syntax.Await:
		return says(e.Operand, param)
	case *syntax.Async:
		return says(e.Operand, param)
	case *syntax.Call:
		id, ok := e.Callee.(*syntax.Ident)
		if !ok {
			return false
		}
		word = id.Name
		if key, ok := getKey(e); ok && id.Name == "get" {
			word = key
		}
	}
	word, param = strings.ToLower(word), strings.ToLower(strings.Trim(param, "_"))
	return word == param || strings.HasSuffix(word, "_"+param) || strings.HasSuffix(word, "."+param)
}

// getKey is the key in "get(hash, "key")".
func getKey(call *syntax.Call) (string, bool) {
	if len(call.Args) != 2 {
		return "", false
	}
	key, ok := call.Args[1].Value.(*syntax.StringLit)
	if !ok {
		return "", false
	}
	return key.Value, true
}

// builtinOf is the builtin that a name stands for, nil if it stands for something else.
func builtinOf(b *resolve.Binding) *bytecode.Builtin {
	if b == nil || b.Kind != resolve.Builtin {
		return nil
	}
	return &bytecode.Builtins[b.Index]
}
