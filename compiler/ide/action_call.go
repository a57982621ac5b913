package ide

import (
	"slices"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/source"
)

// paramsOf are the names of the parameters of what a call calls; false if they are not known, or there may be any number.
func (f *fixing) paramsOf(call *syntax.Call) ([]string, bool) {
	info := f.file.Items[f.item]
	var nodes []*syntax.Param
	switch callee := syntax.Unparen(call.Callee).(type) {
	case *syntax.Lambda:
		nodes = callee.Params
	case *syntax.Ident:
		b := info.Binding(callee)
		if b == nil {
			return nil, false
		}
		if b.Kind == resolve.Builtin {
			builtin := builtinOf(b)
			return builtin.Params, builtin.Max == len(builtin.Params)
		}
		fn := funcAround(info, callee.Span())
		if fn == nil {
			return nil, false
		}
		w := &walker{program: f.s.program, path: f.file.Path, item: f.file.Tree.Items[f.item], info: info}
		var item *syntax.Item
		if _, item, nodes = w.parameters(fn, callee); item == nil {
			return nil, false
		}
	default:
		return nil, false
	}
	var params []string
	for _, p := range nodes {
		params = append(params, p.Name.Text)
	}
	return params, true
}

// unfilled are the parameters that no argument is for.
func unfilled(call *syntax.Call, params []string) []string {
	var open []string
	for i, param := range params {
		given := slices.ContainsFunc(call.Args, func(arg *syntax.Arg) bool { return arg.Name != nil && arg.Name.Text == param })
		if !given && (i >= len(call.Args) || call.Args[i].Name != nil) {
			open = append(open, param)
		}
	}
	return open
}

// stand is a literal that may stand for an argument until the real one is written: of the type that the parameter is known to have.
func (f *fixing) stand(call *syntax.Call, param string) string {
	id, ok := syntax.Unparen(call.Callee).(*syntax.Ident)
	if !ok {
		return "null"
	}
	b := f.file.Items[f.item].Binding(id)
	needs := f.s.types.Needs(b)
	for _, sig := range f.s.types.Signatures(b) {
		for i, p := range sig.Params {
			k := p.Type.Kinds()
			if i < len(needs) {
				k &= needs[i]
			}
			if p.Name == param && !k.Has(types.Null) {
				return literalOf(k)
			}
		}
	}
	return "null"
}

// literalOf is a literal of one of the kinds.
func literalOf(k types.Kinds) string {
	for _, row := range []struct {
		kind    types.Kinds
		literal string
	}{
		{types.Int, "0"}, {types.Float, "0.0"}, {types.String, `""`}, {types.List, "[]"}, {types.Hash, "{}"}, {types.Bool, "false"},
		{types.Function, "lambda() { null }"},
	} {
		if k.Has(row.kind) {
			return row.literal
		}
	}
	return "null"
}

// arguments adds the arguments that are missing, as a literal, or takes away those that are too many.
func (f *fixing) arguments() {
	call := around[*syntax.Call](f)
	if call == nil {
		return
	}
	params, known := f.paramsOf(call)
	if !known {
		return
	}
	if extra := len(call.Args) - len(params); extra > 0 {
		f.dropArguments(call, len(params))
		return
	}
	missing := unfilled(call, params)
	named := slices.ContainsFunc(call.Args, func(arg *syntax.Arg) bool { return arg.Name != nil })
	text, as := "", ""
	for i, param := range missing {
		if i > 0 || len(call.Args) > 0 {
			text += ", "
		}
		if named {
			text += ":" + param + " "
		}
		literal := f.stand(call, param)
		text += literal
		if as = " as " + literal; i > 0 {
			as = ""
		}
	}
	if len(missing) > 0 {
		f.add("add the missing "+plainly(len(missing), "argument")+as, diag.Insert(f.argumentsEnd(call), text))
	}
}

func plainly(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// argumentsEnd is where another argument is added.
func (f *fixing) argumentsEnd(call *syntax.Call) int32 {
	if n := len(call.Args); n > 0 {
		return f.abs(call.Args[n-1]).End
	}
	return f.file.Tree.Items[f.item].Abs(call.Parens).Start + 1
}

// dropArguments takes away the arguments from an index on, if they do nothing.
func (f *fixing) dropArguments(call *syntax.Call, from int) {
	for _, arg := range call.Args[from:] {
		if arg.Name != nil || !pure(f.file.Items[f.item], arg.Value) {
			return
		}
	}
	start := f.abs(call.Args[from]).Start
	if from > 0 {
		start = f.abs(call.Args[from-1]).End
	}
	f.add("remove what is too many", diag.Edit{Span: source.Span{Start: start, End: f.abs(call.Args[len(call.Args)-1]).End}})
}

// nameArgument gives an argument the name of the only parameter that has none yet.
func (f *fixing) nameArgument() {
	call, arg := around[*syntax.Call](f), around[*syntax.Arg](f)
	if call == nil || arg == nil {
		return
	}
	params, known := f.paramsOf(call)
	if !known {
		return
	}
	open := unfilled(call, params)
	if arg.Name == nil { // it fills none by its position, as it stands behind a named one
		open = slices.DeleteFunc(slices.Clone(params), func(p string) bool { return filled(call, params, arg, p) })
	}
	if len(open) != 1 {
		return
	}
	if arg.Name == nil {
		f.add("give it the name '"+open[0]+"'", diag.Insert(f.abs(arg).Start, ":"+open[0]+" "))
		return
	}
	f.add("change to '"+open[0]+"'", diag.Edit{Span: nameSpan(f.file.Tree.Items[f.item], arg.Name), New: open[0]})
}

// filled says whether a parameter has an argument, leaving one argument out.
func filled(call *syntax.Call, params []string, without *syntax.Arg, param string) bool {
	for i, arg := range call.Args {
		switch {
		case arg == without:
		case arg.Name != nil && arg.Name.Text == param, arg.Name == nil && i < len(params) && params[i] == param:
			return true
		}
	}
	return false
}

// changeCount gives the import of a Python function the number of arguments of this call.
func (f *fixing) changeCount() {
	call := around[*syntax.Call](f)
	if call == nil {
		return
	}
	id, ok := syntax.Unparen(call.Callee).(*syntax.Ident)
	if !ok {
		return
	}
	b := f.file.Items[f.item].Binding(id)
	if b == nil || b.Kind != resolve.Import {
		return
	}
	file, item := f.s.program.Locate(b.Def.Target)
	def, ok := importOf(item)
	if !ok || def.Count == nil {
		return
	}
	n := strconv.Itoa(len(call.Args))
	f.addFiles("change the import's count to "+n, []FileEdits{{Path: file.Path, Edits: []diag.Edit{{Span: item.Abs(def.Count.Span()), New: n}}}})
}

func importOf(item *syntax.Item) (*syntax.ImportDef, bool) {
	if item == nil {
		return nil, false
	}
	def, ok := item.Def.(*syntax.ImportDef)
	return def, ok
}

// addCount completes an import of a Python function by the number of arguments that its source says.
func (f *fixing) addCount() {
	def := around[*syntax.ImportDef](f)
	if def == nil || def.Language != syntax.Python || def.Count != nil || def.Module == nil || def.Module.Text == "" {
		return
	}
	count := -1
	call, _ := f.anyCall(knownAs(def))
	if _, name, _ := f.s.PythonName(def); name != nil && (name.Kind == pyindex.Function || name.Kind == pyindex.Class) {
		count = countFor(name, call)
	} else if call != nil {
		count = len(call.Args)
	}
	if count >= 0 {
		f.add("add the number of arguments, "+strconv.Itoa(count), diag.Insert(f.abs(def.Module).End, ", "+strconv.Itoa(count)))
	}
}
