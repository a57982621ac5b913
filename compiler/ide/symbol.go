package ide

import (
	"iter"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Navigation rests on two notions. A symbol is what can be meant: a local variable, a function, a Python function, a builtin; two
// symbols of a snapshot are equal if and only if the same thing is meant. An occurrence is a piece of text that means one. Finding a
// definition is to look at the occurrence under the cursor; references, highlights and renaming are filters over all occurrences.

// symbolKind says what a symbol is.
type symbolKind uint8

const (
	symbolLocal symbolKind = iota + 1
	symbolFunction
	// symbolPrelude is a function of the prelude.
	symbolPrelude
	symbolPython
	symbolBuiltin
	// symbolMissing is a name that is imported from where there is none.
	symbolMissing
)

// symbol is what a name stands for. It is comparable.
type symbol struct {
	kind symbolKind
	// path is the file that defines a local or function, or imports a missing name; the module of a Python function.
	path string
	// name is that of the definition: the function's own, not an alias.
	name string
	// item and decl are a local's: where it is bound first.
	item *syntax.Item
	decl *syntax.Name
}

// role says what an occurrence does with its symbol.
type role uint8

const (
	// roleDefine: the name of a function, or the first place that binds a local.
	roleDefine role = iota + 1
	// roleWrite is a later assignment or catch.
	roleWrite
	roleRead
	// roleImport is the name that an import asks for, roleAlias the one that it gives.
	roleImport
	roleAlias
	// roleArgument is the name of a named argument.
	roleArgument
)

// occurrence is a name in the text.
type occurrence struct {
	// Span is that of the name alone, without quotes or colon, in the file's offsets.
	Span source.Span
	Role role
	// Means is what is meant: several where a local may be without a value, the nearest first; none if that is unknown.
	Means []symbol
	// Node is the *syntax.Name or *syntax.Ident.
	Node syntax.Node
	// Def is the name of the file that is used, defined or imported; nil for locals and builtins.
	Def *resolve.Def
	// Func is the function around, nil at the top level.
	Func *resolve.Func
	// Call is the call whose callee this is, or whose argument is named.
	Call *syntax.Call
	// Async: the call starts a thread.
	Async bool
	// Known: it is known what is called, if only that it is no function of Hark.
	Known bool
}

// text is the name as the tree has it.
func (o *occurrence) text() string {
	switch n := o.Node.(type) {
	case *syntax.Name:
		return n.Text
	case *syntax.Ident:
		return n.Name
	}
	return ""
}

// means says whether a symbol is among what the occurrence means.
func (o *occurrence) means(s symbol) bool {
	for _, m := range o.Means {
		if m == s {
			return true
		}
	}
	return false
}

// targetOf is what a name of a file finally stands for.
func targetOf(def *resolve.Def) symbol {
	target := def.Target
	switch {
	case target == nil:
		return symbol{kind: symbolMissing, path: def.Path, name: def.Name}
	case target.Prelude:
		return symbol{kind: symbolPrelude, path: target.Path, name: target.Name}
	case target.Func != nil:
		return symbol{kind: symbolFunction, path: target.Path, name: target.Name}
	}
	return symbol{kind: symbolPython, path: target.Import.Module.Text, name: target.Import.Name.Text}
}

// meaningOf is what a binding of a function means, the nearest first.
func meaningOf(path string, item *syntax.Item, fn *resolve.Func, b *resolve.Binding) []symbol {
	if b == nil {
		return nil
	}
	var all []symbol
	switch b.Kind {
	case resolve.Capture:
		all = meaningOf(path, item, fn.Parent, fn.Captures[b.Index].From)
	case resolve.Local, resolve.Self:
		if decl := declaration(fn, b); decl != nil {
			all = []symbol{{kind: symbolLocal, path: path, name: decl.Text, item: item, decl: decl}}
		}
	case resolve.Builtin:
		all = []symbol{{kind: symbolBuiltin, name: bytecode.Builtins[b.Index].Name}}
	default:
		all = []symbol{targetOf(b.Def)}
	}
	return append(all, meaningOf(path, item, fn, b.Outer)...)
}

// declaration is where a Local, or the name that a lambda was assigned to, is bound first.
func declaration(fn *resolve.Func, b *resolve.Binding) *syntax.Name {
	if b.Kind == resolve.Local {
		return fn.Locals[b.Index].Decl
	}
	if fn.Parent == nil {
		return nil
	}
	for i := range fn.Parent.Locals {
		if fn.Parent.Locals[i].Name == fn.Name {
			return fn.Parent.Locals[i].Decl
		}
	}
	return nil
}

// nameSpan is the name's own text, without the quotes of a String or the colon of a named argument, in the file's offsets.
func nameSpan(item *syntax.Item, n *syntax.Name) source.Span {
	span := item.Abs(n.Span())
	switch {
	case n.Quoted && span.Len() >= 2:
		span.Start++
		span.End--
	case span.Len() == int32(len(n.Text))+1:
		span.Start++
	}
	return span
}

// walker finds the occurrences of one item.
type walker struct {
	program *resolve.Program
	path    string
	item    *syntax.Item
	info    *resolve.Info
	// names are those that are looked for; nil for all.
	names []string
	yield func(occurrence) bool
	done  bool

	// spawned is the call that an async before it starts, callee what the call before it calls: what is visited next is one of these.
	spawned *syntax.Call
	callee  syntax.Expr
	call    occurrence
	// arguments are the names of arguments that come up later.
	arguments map[*syntax.Name]occurrence
}

// occurrences are the names of an item, function by function.
func occurrences(p *resolve.Program, file *resolve.File, index int) iter.Seq[occurrence] {
	return withName(p, file, index, nil)
}

// withName are the occurrences in an item that are written as one of the names.
func withName(p *resolve.Program, file *resolve.File, index int, names []string) iter.Seq[occurrence] {
	return func(yield func(occurrence) bool) {
		w := &walker{program: p, path: file.Path, item: file.Tree.Items[index], info: file.Items[index], names: names, yield: yield}
		switch def := w.item.Def.(type) {
		case *syntax.FuncDef:
			if w.info.Def != nil && w.wants(def.Name.Text) {
				w.give(def.Name, occurrence{Role: roleDefine, Def: w.info.Def, Means: []symbol{targetOf(w.info.Def)}})
			}
			if len(w.info.Funcs) > 0 {
				w.function(w.info.Funcs[0])
			}
		case *syntax.ImportDef:
			w.imported(def)
		}
	}
}

func (w *walker) wants(name string) bool {
	return w.names == nil || slices.Contains(w.names, name)
}

func (w *walker) give(n *syntax.Name, o occurrence) {
	if w.done || n == nil || n.Text == "" || !w.wants(n.Text) {
		return
	}
	o.Node, o.Span = n, nameSpan(w.item, n)
	w.done = !w.yield(o)
}

func (w *walker) imported(def *syntax.ImportDef) {
	if w.info.Def == nil {
		return
	}
	means := []symbol{targetOf(w.info.Def)}
	w.give(def.Name, occurrence{Role: roleImport, Def: w.info.Def, Means: means})
	w.give(def.Alias, occurrence{Role: roleAlias, Def: w.info.Def, Means: means})
}

// function gives the names of a function, in the order of the text.
func (w *walker) function(fn *resolve.Func) {
	for _, param := range fn.ParamNodes() {
		w.bound(fn, param.Name)
	}
	if fn.Block() == nil {
		return
	}
	syntax.Walk(fn.Block(), func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Lambda:
			if inner := w.info.Func(n); inner != nil {
				w.function(inner)
			}
			return false
		case *syntax.Async:
			w.spawned, _ = n.Operand.(*syntax.Call)
		case *syntax.Call:
			w.calls(fn, n)
		case *syntax.Name:
			if argument, ok := w.arguments[n]; ok {
				w.give(n, argument)
			} else {
				w.bound(fn, n)
			}
		case *syntax.Ident:
			w.read(fn, n)
		}
		return !w.done
	})
}

// calls notes what a call's callee and the names of its arguments are.
func (w *walker) calls(fn *resolve.Func, call *syntax.Call) {
	w.callee, w.call = call.Callee, occurrence{Call: call, Async: call == w.spawned}
	for _, arg := range call.Args {
		if arg.Name == nil || !w.wants(arg.Name.Text) {
			continue
		}
		o := occurrence{Role: roleArgument, Func: fn, Call: call, Known: w.known(fn, call.Callee)}
		if param, ok := w.parameter(fn, call, arg.Name.Text); ok {
			o.Means = []symbol{param}
		}
		if w.arguments == nil {
			w.arguments = map[*syntax.Name]occurrence{}
		}
		w.arguments[arg.Name] = o
	}
}

// bound gives a name that binds a local.
func (w *walker) bound(fn *resolve.Func, n *syntax.Name) {
	b := w.info.Binding(n)
	if b == nil || !w.wants(n.Text) {
		return
	}
	o := occurrence{Role: roleWrite, Func: fn, Means: meaningOf(w.path, w.item, fn, b)}
	if len(o.Means) > 0 && o.Means[0].decl == n {
		o.Role = roleDefine
	}
	w.give(n, o)
}

func (w *walker) read(fn *resolve.Func, id *syntax.Ident) {
	if w.done || id.Name == "" || !w.wants(id.Name) {
		return
	}
	var o occurrence
	if w.callee == syntax.Expr(id) {
		o = w.call
	}
	b := w.info.Binding(id)
	o.Role, o.Func, o.Node, o.Span = roleRead, fn, id, w.item.Abs(id.Span())
	o.Means = meaningOf(w.path, w.item, fn, b)
	if b != nil {
		o.Def = b.Def
	}
	w.done = !w.yield(o)
}

// parameter is the parameter that a named argument of a call is for.
func (w *walker) parameter(fn *resolve.Func, call *syntax.Call, name string) (symbol, bool) {
	path, item, params := w.parameters(fn, call.Callee)
	for _, param := range params {
		if param.Name.Text == name {
			return symbol{kind: symbolLocal, path: path, name: name, item: item, decl: param.Name}, true
		}
	}
	return symbol{}, false
}

// parameters are those of the Hark function or lambda that a callee certainly is, and where they are written.
func (w *walker) parameters(fn *resolve.Func, callee syntax.Expr) (path string, item *syntax.Item, params []*syntax.Param) {
	callee = syntax.Unparen(callee)
	if lambda, ok := callee.(*syntax.Lambda); ok {
		return w.path, w.item, lambda.Params
	}
	id, ok := callee.(*syntax.Ident)
	if !ok {
		return "", nil, nil
	}
	b := w.info.Binding(id)
	if b == nil {
		return "", nil, nil
	}
	if b.Kind == resolve.Function {
		file, item := w.program.Locate(b.Def.Target)
		if def, ok := functionOf(item); ok {
			return file.Path, item, def.Params
		}
		return "", nil, nil
	}
	if lambda := fn.LambdaOf(b); lambda != nil {
		return w.path, w.item, lambda.Params
	}
	return "", nil, nil
}

// known says whether it is certain what a callee is.
func (w *walker) known(fn *resolve.Func, callee syntax.Expr) bool {
	switch callee := syntax.Unparen(callee).(type) {
	case *syntax.Lambda:
		return true
	case *syntax.Ident:
		b := w.info.Binding(callee)
		return b == nil || b.Kind >= resolve.Function || fn.LambdaOf(b) != nil
	}
	return false
}

// functionOf is the function that an item defines.
func functionOf(item *syntax.Item) (*syntax.FuncDef, bool) {
	if item == nil {
		return nil, false
	}
	def, ok := item.Def.(*syntax.FuncDef)
	return def, ok
}

// itemAt is the index of the item that an offset lies in or touches, -1 if there is none.
func itemAt(file *resolve.File, offset int32) int {
	item := file.Tree.ItemAt(offset)
	if item == nil {
		return -1
	}
	at, _ := slices.BinarySearchFunc(file.Tree.Items, item.Span.Start, func(it *syntax.Item, start int32) int { return int(it.Span.Start - start) })
	return at
}

// occurrenceAt is the name that an offset lies in or touches; false if there is none.
func (s *Snapshot) occurrenceAt(path string, offset int32) (found occurrence, ok bool) {
	file := s.file(path)
	if file == nil {
		return found, false
	}
	index := itemAt(file, offset)
	if index < 0 {
		return found, false
	}
	for o := range occurrences(s.program, file, index) {
		if o.Span.Contains(offset) {
			found, ok = o, true
		}
	}
	return found, ok
}

// named are all occurrences in a file of what may be written by one of these names: items whose text has none of them are left out.
func (s *Snapshot) named(file *resolve.File, names []string) iter.Seq2[int, occurrence] {
	return func(yield func(int, occurrence) bool) {
		for i, item := range file.Tree.Items {
			text := file.Tree.Text[item.Span.Start:item.Span.End]
			_, imports := item.Def.(*syntax.ImportDef) // a String there may spell a name with escapes
			if !imports && !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(text, name) }) {
				continue
			}
			for o := range withName(s.program, file, i, names) {
				if !yield(i, o) {
					return
				}
			}
		}
	}
}

// spellings are the names by which a file may speak of symbols.
func spellings(file *resolve.File, of []symbol) []string {
	var names []string
	for _, symbol := range of {
		names = append(names, symbol.name)
	}
	for _, def := range file.Scope.Defs {
		if slices.Contains(of, targetOf(def)) {
			names = append(names, def.Name)
		}
	}
	return names
}

// all are the occurrences in a file of one or another symbol, in the order of the text.
func (s *Snapshot) all(file *resolve.File, of ...symbol) iter.Seq2[int, occurrence] {
	return func(yield func(int, occurrence) bool) {
		for i, o := range s.named(file, spellings(file, of)) {
			if slices.ContainsFunc(of, o.means) && !yield(i, o) {
				return
			}
		}
	}
}
