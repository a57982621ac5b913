package resolve

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// undefined reports a name that means nothing.
func (r *resolver) undefined(f *frame, id *syntax.Ident) {
	r.info.guesses = true
	if r.file.mentions(id.Name) {
		return
	}
	p := r.report(diag.UndefinedName, id.Span(), "'"+id.Name+"' is not defined")
	if hint := hints[id.Name]; hint != "" {
		p.Message += "; " + hint
		return
	}
	if base, member, dotted := strings.Cut(id.Name, "."); dotted && member != "" && r.suppose(f, id, base) {
		r.member(p, id, base, member)
		return
	}
	near := synonyms[id.Name]
	if near == "" && r.suggestions > 0 {
		r.suggestions--
		near = r.near(f, id.Name)
	}
	if near != "" {
		p.Message += "; did you mean '" + near + "'"
		p.fix("change to '"+near+"'", diag.Edit{Span: id.Span(), New: near})
		r.suppose(f, id, near)
	}
}

// member explains "e.message", which looks like a part of e.
func (r *resolver) member(p *problem, id *syntax.Ident, base, member string) {
	if b := r.file.Scope.Lookup(member); b != nil {
		p.Message += ": dots are part of names; write '" + member + "(" + base + ")'"
		return
	}
	text := "get(" + base + ", \"" + member + "\")"
	p.Message += ": dots are part of names; did you mean '" + text + "'"
	p.fix("change to '"+text+"'", diag.Edit{Span: id.Span(), New: text})
}

// suppose takes a name that means nothing for another that is visible, so that this one is not reported as unused because of it.
// It says whether there is one.
func (r *resolver) suppose(f *frame, id *syntax.Ident, meant string) bool {
	for at := f; at != nil; at = at.parent {
		slot := at.slot(meant)
		if slot < 0 {
			continue
		}
		at.Locals[slot].Reads++
		if at == f {
			if r.supposed == nil {
				r.supposed = map[*syntax.Ident]int{}
			}
			r.supposed[id] = slot
		}
		return true
	}
	return r.global(meant) != nil
}

// everyName are the names that mean something in the file, in no particular order.
func (r *resolver) everyName() []string {
	if r.known == nil {
		for name := range r.file.Scope.Names {
			r.known = append(r.known, name)
		}
	}
	return r.known
}

// near is the visible name that a misspelt one is most likely meant to be.
func (r *resolver) near(f *frame, name string) string {
	g := guess{name: name}
	for at := f; at != nil; at = at.parent {
		for i := range at.Locals {
			g.consider(at.Locals[i].Name)
		}
	}
	for _, candidate := range r.everyName() {
		g.consider(candidate)
	}
	return g.best
}
