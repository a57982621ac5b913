package types

import (
	"fmt"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// acceptedKinds are the kinds that a builtin takes for each of its parameters, where its signature does not say it exactly.
var acceptedKinds = map[string][]Kinds{
	"with_timeout": {AnyKind &^ List, number},
	"to_json":      {AnyKind &^ (Symbol | Function | Future)},
	"get":          {Hash, keyKinds},
	"set":          {Hash, keyKinds, AnyKind},
}

// accepted are the kinds that a builtin takes for a parameter.
func accepted(name string, g generic, param, arguments int) Kinds {
	if row := acceptedKinds[name]; row != nil {
		return row[param]
	}
	if name == "min" || name == "max" {
		if arguments == 1 {
			return List
		}
		return number | String
	}
	var all Kinds
	for i := range g {
		if o := &g[i]; o.takes(arguments) {
			all |= o.param(param).Kinds()
		}
	}
	if all.Has(Float) {
		all |= Int
	}
	return all
}

// builtinCheck checks the arguments of a builtin.
func (in *inferrer) builtinCheck(f *frame, c *callInfo, name string) {
	defer in.elsewhere(f, c.spawned)()
	index, _ := bytecode.FindBuiltin(name)
	g := builtinSignatures[index]
	for i, arg := range c.Args {
		param := c.slot(i)
		k := accepted(name, g, param, len(c.Args))
		if name == "contains" && param == 1 {
			k = containedKinds(c.ordered()[0])
		}
		if (name == "hash" && param%2 == 0 || k == keyKinds) && name != "to_json" {
			in.spawnable(c, in.keyProblem(f, arg.Value, c.args[i]))
			continue
		}
		in.argumentCheck(f, c, name, arg.Value, c.args[i], k)
	}
	in.wantsText(f, c, name)
	in.constantCheck(f, c, name)
	switch name {
	case "join":
		in.joined(f, c)
	case "hash":
		in.paired(f, c)
	}
}

// paired checks that each key of hash has its value.
func (in *inferrer) paired(f *frame, c *callInfo) {
	if n := len(c.Args); n%2 == 1 {
		last := c.Args[n-1].Value
		in.spawnable(c, in.report(f, diag.ArgumentType, last.Span(), "'hash' takes keys and values in turn, and this key has no value"))
	}
}

func (in *inferrer) keyProblem(f *frame, e syntax.Expr, t Type) *finding {
	return in.check(f, diag.NotAKey, e, t, keyKinds, func(got string) string { return "a key of a Hash cannot be " + got })
}

// containedKinds are those that contains may be asked for.
func containedKinds(in Type) Kinds {
	switch in.Kinds() {
	case String:
		return String
	case Hash:
		return keyKinds
	}
	return AnyKind
}

// spawnable lowers a problem that is one of another thread.
func (in *inferrer) spawnable(c *callInfo, p *finding) {
	if p != nil && c.spawned {
		p.lower()
	}
}

func (in *inferrer) argumentCheck(f *frame, c *callInfo, name string, e syntax.Expr, t Type, accepted Kinds) *finding {
	p := in.check(f, diag.ArgumentType, e, t, accepted, func(got string) string {
		return "'" + name + "' takes " + nouns(accepted) + ", not " + got
	})
	in.spawnable(c, p)
	return p
}

// wantsText reports a future where its text is wanted: what is shown is the future, not its value.
func (in *inferrer) wantsText(f *frame, c *callInfo, name string) {
	if name != "print" && name != "str" && name != "format" {
		return
	}
	for i, arg := range c.Args {
		if t := c.args[i]; t.Kinds().Within(Future) && t.trust == 0 {
			in.futureAsValue(f, arg.Value, t).lower()
		}
	}
}

// joined checks the elements of what join joins. The List may be empty, so that it is not certain that there is one.
func (in *inferrer) joined(f *frame, c *callInfo) {
	t := c.ordered()[0]
	elem := elementType(restrict(t, List))
	if t.Kinds().Has(List) && judge(elem, String) == certain {
		in.report(f, diag.ArgumentType, c.argument(0).Span(), "'join' takes a List of Strings, not one of "+plurals(elem.Kinds()), t, elem).lower()
	}
}

// plurals are kinds as messages say them of elements.
func plurals(k Kinds) string {
	for _, row := range kindNames {
		if k == row.kind && row.kind != Null && row.kind != Hash {
			return map[Kinds]string{Function: "Functions"}[k] + choosePlural(row.name, k)
		}
	}
	return "others"
}

func choosePlural(name string, k Kinds) string {
	if k == Function {
		return ""
	}
	return name + "s"
}

// genericCheck checks the arguments of a function of the prelude. What it does with a function it may do with no element at all.
func (in *inferrer) genericCheck(f *frame, c *callInfo, name string) {
	o := &preludeSignatures[name][0]
	for i, arg := range c.Args {
		param := o.param(c.slot(i))
		if param.unknown() || param.Kinds() == AnyKind {
			continue
		}
		back := in.elsewhere(f, c.spawned || o.isFunction(c.slot(i)) && name != "retry_call")
		in.argumentCheck(f, c, name, arg.Value, c.args[i], param.Kinds())
		back()
		if o.isFunction(c.slot(i)) {
			in.callbackCheck(f, c, name, arg.Value, c.args[i], len(param.parts.fns[0].sig.Params))
		}
	}
}

// callbackCheck reports a function that is called with another number of arguments than it takes.
func (in *inferrer) callbackCheck(f *frame, c *callInfo, name string, e syntax.Expr, t Type, given int) {
	if t.Kinds() != Function || len(t.functions()) == 0 {
		return
	}
	in.elementsCross(f, c, name, t)
	for _, fn := range t.functions() {
		if fn.takes(given) {
			return
		}
	}
	in.report(f, diag.FunctionArity, e.Span(), fmt.Sprintf("'%s' calls this with %s, but it takes %s", name,
		diag.Count(given, "argument"), t.functions()[0].wants()), t).lower()
}

// takes says whether the function may be called with so many arguments.
func (f *function) takes(n int) bool {
	switch {
	case f.builtin >= 0:
		return bytecode.Builtins[f.builtin].Accepts(n)
	case f.python:
		return true
	}
	return n == len(f.sig.Params)
}

// wants is how many arguments it takes, in words.
func (f *function) wants() string {
	if f.builtin < 0 {
		return fmt.Sprint(len(f.sig.Params))
	}
	b := &bytecode.Builtins[f.builtin]
	switch {
	case b.Max < 0:
		return fmt.Sprintf("at least %d", b.Min)
	case b.Max != b.Min:
		return fmt.Sprintf("%d to %d", b.Min, b.Max)
	}
	return fmt.Sprint(b.Min)
}

// callable checks what a call calls. Of what the syntax shows to be no function, or of another number of arguments, names are told
// already.
func (in *inferrer) callable(f *frame, c *callInfo, t Type) {
	if shownBySyntax(syntax.Unparen(c.Callee)) {
		return
	}
	defer in.elsewhere(f, c.spawned)()
	p := in.check(f, diag.NotAFunction, c.Callee, t, Function, func(got string) string { return "this is called, but is " + got + ", no function" })
	in.spawnable(c, p)
	if p != nil || t.Kinds() != Function || len(t.functions()) == 0 || in.knownLambda(f, c.Callee) {
		return
	}
	for _, fn := range t.functions() {
		if fn.takes(len(c.Args)) || fn.callee == (Callee{}) && t.trust != 0 {
			return
		}
	}
	p = in.report(f, diag.FunctionArity, c.Parens, fmt.Sprintf("this function takes %s, not %d", t.functions()[0].wants(), len(c.Args)), t)
	in.spawnable(c, p)
}

// shownBySyntax says whether an expression is of a form that is no function, whatever its parts are.
func shownBySyntax(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit, *syntax.ListLit, *syntax.HashLit,
		*syntax.Unary, *syntax.Binary:
		return true
	}
	return false
}

// knownLambda says whether a callee is a lambda by its form or its only assignment.
func (in *inferrer) knownLambda(f *frame, callee syntax.Expr) bool {
	if _, ok := syntax.Unparen(callee).(*syntax.Lambda); ok {
		return true
	}
	id, ok := callee.(*syntax.Ident)
	if !ok {
		return false
	}
	b := in.info.Binding(id)
	return b != nil && resolve.OnlyLambda(f.fn, b) != nil
}

// awaitOfNone reports an await of what certainly is no future, unless its form shows that.
func (in *inferrer) awaitOfNone(f *frame, e *syntax.Await, t Type) {
	if t.IsNever() || t.trust != 0 || t.Kinds().Has(Future) || in.formShowsNoFuture(syntax.Unparen(e.Operand)) {
		return
	}
	what := nouns(t.Kinds())
	if t.Kinds().Has(List) {
		elem := elementType(restrict(t, List))
		if elem.IsNever() || elem.trust&^loose != 0 || elem.Kinds().Has(Future) {
			return
		}
		if t.Kinds() == List {
			what = "a List without futures"
		}
	}
	end := e.Keyword.End
	for text := in.file.Tree.Text[in.item.Span.Start:]; text[end] == ' ' && end < e.Operand.Span().Start; {
		end++
	}
	p := in.report(f, diag.AwaitOfNonFuture, e.Span(), "'await' of "+what+" is the value itself: there is no future in it")
	p.fix("remove 'await'", diag.Edit{Span: e.Keyword.Join(e.Keyword)})
	p.Fixes[0].Edits[0].Span.End = end
}

// formShowsNoFuture says whether names and syntax alone tell that an expression is no future: that is reported there.
func (in *inferrer) formShowsNoFuture(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident:
		b := in.info.Binding(e)
		return b != nil && (b.Kind == resolve.Function || b.Kind == resolve.Import || b.Kind == resolve.Builtin || b.Kind == resolve.Self)
	case *syntax.Lambda:
		return true
	case *syntax.ListLit:
		for _, elem := range e.Elems {
			if !in.formShowsNoFuture(syntax.Unparen(elem)) {
				return false
			}
		}
		return true
	case *syntax.Binary:
		return e.Op != syntax.Plus
	}
	return shownBySyntax(e)
}

// discarded reports futures that nobody can await, as nothing keeps the value of a call.
func (in *inferrer) discarded(f *frame, e syntax.Expr, t Type) {
	c, ok := syntax.Unparen(e).(*syntax.Call)
	if !ok || t.IsNever() || t.trust != 0 {
		return
	}
	id, ok := c.Callee.(*syntax.Ident)
	if !ok {
		return
	}
	b := in.info.Binding(id)
	if b == nil || b.Kind != resolve.Function {
		return
	}
	for _, arg := range c.Args {
		if mayHoldFuture(in.types[arg.Value.ID()]) {
			return
		}
	}
	what := "this thread"
	switch {
	case t.Kinds() == Future:
	case t.Kinds() == List && t.Elem().Kinds() == Future:
		what = "these threads"
	default:
		return
	}
	p := in.report(f, diag.DiscardedFuture, e.Span(), "nobody awaits "+what+", so nobody sees the result or the error")
	p.fix("await it", diag.Insert(e.Span().Start, "await ")).fix("say that it is meant: '_ = …'", diag.Insert(e.Span().Start, "_ = "))
}

// mayHoldFuture says whether a value may be a future or have one in it.
func mayHoldFuture(t Type) bool {
	k := t.Kinds()
	switch {
	case k.Has(Future) || k.Has(Function) && len(t.functions()) == 0:
		return true
	case k.Has(List) && t.Elem().Kinds().Has(Future), k.Has(Hash) && t.Value().Kinds().Has(Future):
		return true
	}
	return false
}
