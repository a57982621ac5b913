package ide

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// fixing looks for fixes of one problem that the problem does not carry.
type fixing struct {
	*actions
	d *diag.Diagnostic
	// item is the index of the problem's item, -1 if it is in none; nodes are those around the problem, the outermost first.
	item  int
	nodes []syntax.Node
	found []Action
}

// fixers look for fixes, by the code of the problem.
var fixers map[diag.Code]func(*fixing)

func init() {
	fixers = map[diag.Code]func(*fixing){
		diag.IllegalCharacter:         (*fixing).remove,
		diag.BadEscape:                (*fixing).escapeBackslash,
		diag.OpenComment:              (*fixing).closeComment,
		diag.MissingExpression:        (*fixing).writeNull,
		diag.UnexpectedText:           (*fixing).makeList,
		diag.TopLevelText:             (*fixing).intoMain,
		diag.BadName:                  (*fixing).lowerCase,
		diag.UnknownType:              (*fixing).knownType,
		diag.TypeArguments:            (*fixing).typeArguments,
		diag.AnnotatedResult:          (*fixing).resultType,
		diag.BadImport:                (*fixing).addCount,
		diag.BadAttribute:             (*fixing).remove,
		diag.DuplicateParameter:       (*fixing).setAside,
		diag.UndefinedName:            (*fixing).defineName,
		diag.UnusedLocal:              (*fixing).underscore,
		diag.UnusedParameter:          (*fixing).underscore,
		diag.HiddenName:               (*fixing).freshName,
		diag.UnreadValue:              (*fixing).unread,
		diag.DuplicateDefinition:      (*fixing).removeEarlier,
		diag.Unreachable:              (*fixing).removeUnreachable,
		diag.DuplicateKey:             (*fixing).removePair,
		diag.ImportedFile:             (*fixing).otherFile,
		diag.ImportedName:             (*fixing).otherName,
		diag.WrongCount:               (*fixing).arguments,
		diag.UnknownArgument:          (*fixing).nameArgument,
		diag.DuplicateArgument:        (*fixing).nameArgument,
		diag.PositionAfterName:        (*fixing).nameArgument,
		diag.NotAFunction:             (*fixing).callBuiltin,
		diag.ImportCount:              (*fixing).changeCount,
		diag.AsyncNeedsCall:           (*fixing).callIt,
		diag.UnawaitedFuture:          (*fixing).underscore,
		diag.MissingPython:            (*fixing).createPython,
		diag.LongTimeout:              (*fixing).lambdaTimeout,
		diag.UnknownAttribute:         (*fixing).removeAttribute,
		diag.UnknownAttributeArgument: (*fixing).removeAttribute,
		diag.MisplacedAttribute:       (*fixing).removeAttribute,
		diag.DuplicateAttribute:       (*fixing).removeAttribute,
		diag.TimeoutWithoutAsync:      (*fixing).startThread,
	}
}

// add offers a change of the file.
func (f *fixing) add(title string, edits ...diag.Edit) { f.addFiles(title, f.own(edits)) }

func (f *fixing) addFiles(title string, files []FileEdits) {
	f.found = append(f.found, Action{Title: title, Kind: QuickFix, Files: files, Problem: f.d})
}

// abs is the span of a node of the problem's item, in the file.
func (f *fixing) abs(n syntax.Node) source.Span { return f.file.Tree.Items[f.item].Abs(n.Span()) }

func (f *fixing) text(span source.Span) string { return f.file.Tree.Text[span.Start:span.End] }

// around is the innermost node of a type around the problem; the zero value if there is none.
func around[T syntax.Node](f *fixing) (found T) {
	for _, n := range f.nodes {
		if of, ok := n.(T); ok {
			found = of
		}
	}
	return found
}

// rename offers to give what is named at the problem another name, wherever it is used.
func (f *fixing) rename(name string) bool {
	files, err := Rename(f.s, f.file.Path, f.d.Span.Start, name)
	if err == nil && len(files) > 0 {
		f.addFiles("rename to '"+name+"'", files)
	}
	return err == nil
}

// underscore gives a name that nothing reads the sign that this is meant.
func (f *fixing) underscore() { f.rename("_" + f.text(f.d.Span)) }

// freshName gives a local a name that hides nothing.
func (f *fixing) freshName() {
	name := f.text(f.d.Span)
	for n := 2; n < 10; n++ {
		if f.rename(strings.TrimRight(name, "?.") + "_" + strconv.Itoa(n)) {
			return
		}
	}
}

// unread takes away an assignment whose value is not read: its name, or all of it where computing the value does nothing else.
func (f *fixing) unread() {
	assign := around[*syntax.Assign](f)
	if assign == nil {
		return
	}
	whole := f.abs(assign)
	if pure(f.file.Items[f.item], assign.Value) {
		f.add("remove the assignment", diag.Edit{Span: f.statement(whole)})
	}
	f.add("remove '"+assign.Name.Text+" ='", diag.Edit{Span: source.Span{Start: whole.Start, End: f.abs(assign.Value).Start}})
}

// statement extends the span of an expression of a block over its ";" and, if it is alone on its lines, over these.
func (a *actions) statement(span source.Span) source.Span {
	text := a.file.Tree.Text
	end := span.End
	for int(end) < len(text) && strings.IndexByte("; \t", text[end]) >= 0 {
		end++
	}
	start := span.Start
	for start > 0 && (text[start-1] == ' ' || text[start-1] == '\t') {
		start--
	}
	if alone := start == 0 || text[start-1] == '\n'; !alone || int(end) < len(text) && text[end] != '\n' {
		return source.Span{Start: span.Start, End: end}
	}
	return source.Span{Start: start, End: min(end+1, int32(len(text)))}
}

// removeEarlier takes away the definition that has no effect.
func (f *fixing) removeEarlier() {
	if len(f.d.Related) == 0 || f.d.Related[0].File != "" {
		return
	}
	if index, _ := f.covering(f.d.Related[0].Span); index >= 0 {
		f.add("remove the definition that has no effect", diag.Edit{Span: f.itemLines(index)})
	}
}

// itemLines is the text of an item with its ";", and the lines that it leaves empty.
func (a *actions) itemLines(index int) source.Span {
	text := a.file.Tree.Text
	span := a.statement(a.file.Tree.Items[index].Span)
	for int(span.End) < len(text) && text[span.End] == '\n' && (span.Start == 0 || strings.HasSuffix(text[:span.Start], "\n\n")) {
		span.End++
	}
	return span
}

// removeUnreachable takes away the rest of the block.
func (f *fixing) removeUnreachable() {
	block := around[*syntax.Block](f)
	if block == nil {
		return
	}
	for i, e := range block.Exprs {
		if f.abs(e).Start == f.d.Span.Start && i > 0 {
			last := block.Exprs[len(block.Exprs)-1]
			f.add("remove the code that never runs", diag.Edit{Span: source.Span{Start: f.abs(block.Exprs[i-1]).End, End: f.abs(last).End}})
		}
	}
}

// removePair takes away the pair of a Hash whose value is lost.
func (f *fixing) removePair() {
	hash := around[*syntax.HashLit](f)
	if hash == nil || len(f.d.Related) == 0 {
		return
	}
	for i, pair := range hash.Pairs {
		if f.abs(pair.Key).Start == f.d.Related[0].Span.Start && i+1 < len(hash.Pairs) && pure(f.file.Items[f.item], pair.Value) {
			f.add("remove the first of them", diag.Edit{Span: source.Span{Start: f.abs(pair.Key).Start, End: f.abs(hash.Pairs[i+1].Key).Start}})
		}
	}
}

// otherFile imports from the file whose name is most like the one that is not there.
func (f *fixing) otherFile() {
	def := around[*syntax.ImportDef](f)
	if def == nil {
		return
	}
	if near := NearestModule(def.Module.Text, f.file.Path, f.s.Paths()); near != "" {
		f.add("change to '"+near+"'", diag.Edit{Span: nameSpan(f.file.Tree.Items[f.item], def.Module), New: near})
	}
}

// otherName imports the name of the other file that is most like the one that it does not define, and keeps the name here; or defines it
// there.
func (f *fixing) otherName() {
	def := around[*syntax.ImportDef](f)
	if def == nil {
		return
	}
	path, _ := resolve.ModulePath(def.Module.Text)
	from := f.s.file(path)
	if from == nil {
		return
	}
	near := resolve.Nearest(def.Name.Text, func(yield func(string) bool) { maps.Keys(names(from))(yield) })
	if near != "" && def.Alias == nil {
		item := f.file.Tree.Items[f.item]
		f.add("change to '"+near+"', known here as '"+def.Name.Text+"'", diag.Edit{Span: nameSpan(item, def.Name), New: near},
			diag.Insert(item.Abs(def.Close).Start, ", :as "+def.Name.Text))
	}
	f.defineElsewhere(def, path)
}

func names(file *resolve.File) map[string]bool {
	all := map[string]bool{}
	for _, def := range file.Scope.Defs {
		all[def.Name] = true
	}
	return all
}

// callBuiltin reads an element of a List or a Hash by the function for that.
func (f *fixing) callBuiltin() {
	call := around[*syntax.Call](f)
	if call == nil || len(call.Args) != 1 || call.Args[0].Name != nil {
		return
	}
	reader := ""
	switch syntax.Unparen(call.Callee).(type) {
	case *syntax.ListLit:
		reader = "nth"
	case *syntax.HashLit:
		reader = "get"
	default:
		return
	}
	callee, open := f.abs(call.Callee), f.file.Tree.Items[f.item].Abs(call.Parens)
	f.add("read the element by '"+reader+"'", diag.Insert(callee.Start, reader+"("),
		diag.Edit{Span: source.Span{Start: callee.End, End: open.Start + 1}, New: ", "})
}

// callIt makes the operand of async a call, where it is the name of a function without parameters.
func (f *fixing) callIt() {
	async := around[*syntax.Async](f)
	if async == nil {
		return
	}
	if id, ok := syntax.Unparen(async.Operand).(*syntax.Ident); ok {
		f.add("call it: '"+id.Name+"()'", diag.Insert(f.abs(id).End, "()"))
	}
}

// startThread starts the call in a thread, to which a timeout applies, and awaits it.
func (f *fixing) startThread() {
	call := around[*syntax.Call](f)
	if call != nil {
		f.add("start it by 'async' and await it", diag.Insert(f.abs(call).Start, "await async "))
	}
}

// lambdaTimeout makes a timeout the longest that has an effect on AWS.
func (f *fixing) lambdaTimeout() { f.add("change to 900", diag.Edit{Span: f.d.Span, New: "900"}) }

// removeAttribute takes away an attribute or an argument of one; of two equal ones the first.
func (f *fixing) removeAttribute() {
	if f.item < 0 {
		return
	}
	at := f.d.Span
	if f.d.Code == diag.DuplicateAttribute && len(f.d.Related) > 0 {
		at = f.d.Related[0].Span
	}
	_, nodes := f.covering(at)
	inner := fixing{actions: f.actions, d: f.d, item: f.item, nodes: nodes}
	attr, arg := around[*syntax.Attr](&inner), around[*syntax.AttrArg](&inner)
	switch {
	case arg != nil:
		f.add("remove the argument", diag.Edit{Span: f.element(f.abs(arg))})
	case attr != nil:
		f.add("remove the attribute", diag.Edit{Span: f.attribute(f.abs(attr))})
	}
}

// attribute is the span of an attribute with its comma, or with "#[ ]" and the line if it is the only one.
func (f *fixing) attribute(span source.Span) source.Span {
	text := f.file.Tree.Text
	before := strings.TrimRight(text[:span.Start], " \t\r\n")
	after := strings.TrimLeft(text[span.End:], " \t\r\n,")
	if !strings.HasSuffix(before, "#[") || !strings.HasPrefix(after, "]") {
		return f.element(span)
	}
	return f.statement(source.Span{Start: int32(len(before)) - 2, End: int32(len(text)-len(after)) + 1})
}

// element is the span of an element of a list with the comma behind it, else before it.
func (f *fixing) element(span source.Span) source.Span {
	text := f.file.Tree.Text
	rest := strings.TrimLeft(text[span.End:], " \t\r\n")
	if strings.HasPrefix(rest, ",") {
		rest = strings.TrimLeft(rest[1:], " \t\r\n")
		return source.Span{Start: span.Start, End: int32(len(text) - len(rest))}
	}
	before := strings.TrimRight(text[:span.Start], " \t\r\n")
	if strings.HasSuffix(before, ",") {
		span.Start = int32(len(before)) - 1
	}
	return span
}

// pure says whether computing a value does nothing else and cannot fail.
func pure(info *resolve.Info, e syntax.Expr) bool {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit:
		return true
	case *syntax.Lambda:
		return !slices.ContainsFunc(info.Func(e).Captures, func(c resolve.Captured) bool { return c.State != resolve.Set })
	case *syntax.Ident:
		b := info.Binding(e)
		return b != nil && b.State == resolve.Set && b.Kind != resolve.Missing
	case *syntax.ListLit:
		return !slices.ContainsFunc(e.Elems, func(e syntax.Expr) bool { return !pure(info, e) })
	}
	return false
}
