package resolve

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// hiding reports locals whose names mean something else around the function.
func (r *resolver) hiding(fn *Func) {
	for i := range fn.Locals {
		local := &fn.Locals[i]
		if local.Name == "" || strings.HasPrefix(local.Name, "_") {
			continue
		}
		if owner, slot := enclosing(fn, local.Name); owner != nil {
			r.hidesLocal(fn, i, owner, slot)
			continue
		}
		r.hidesGlobal(fn, i)
	}
}

// enclosing finds the local of that name in the functions around a lambda.
func enclosing(fn *Func, name string) (*Func, int) {
	for owner := fn.Parent; owner != nil; owner = owner.Parent {
		if slot := owner.slot(name); slot >= 0 {
			return owner, slot
		}
	}
	return nil, -1
}

// hidesLocal reports a local of a lambda that is called as one of a function around it. Where the lambda also reads the other one,
// or nobody reads its own, the author seems to believe that there is only one.
func (r *resolver) hidesLocal(fn *Func, slot int, owner *Func, outer int) {
	local, hidden := &fn.Locals[slot], owner.Locals[outer].Decl
	if slot < fn.Params || local.Catch || local.Reads > 0 && !fn.captures(local.Name) {
		r.report(diag.HiddenName, local.Decl.Span(), "'"+local.Name+"' hides the name of the function around this lambda").
			relate(hidden.Span(), "the hidden name").Severity = diag.Hint
		return
	}
	r.report(diag.HiddenName, local.Decl.Span(),
		"assigning '"+local.Name+"' in a lambda makes a new local: the function around it does not see the value").
		relate(hidden.Span(), "this '"+local.Name+"' stays as it is")
}

func (f *Func) captures(name string) bool {
	return slices.ContainsFunc(f.Captures, func(c Captured) bool { return c.Name == name })
}

// hidesGlobal reports a local that is called as a function. To take the name of the prelude's or of a builtin is usual.
func (r *resolver) hidesGlobal(fn *Func, slot int) {
	local := &fn.Locals[slot]
	b := r.file.Scope.Lookup(local.Name)
	if b == nil {
		return
	}
	what := map[Kind]string{Function: "the function", Import: "the import", Missing: "the import", Builtin: "the builtin"}[b.Kind]
	own := b.Def != nil && r.file.defines(b.Def)
	if !own && b.Kind == Function {
		what = "the prelude's function"
	}
	p := r.report(diag.HiddenName, local.Decl.Span(), "'"+local.Name+"' hides "+what+" of that name")
	if !own {
		p.Severity = diag.Hint
		return
	}
	p.definition(b.Def)
}
