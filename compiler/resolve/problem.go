package resolve

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// problem is a diagnostic of an item whose own positions are relative to it, so that it stays true while the item moves.
type problem struct {
	diag.Diagnostic
	// defined adds the places where these names are defined, which may be in other files.
	defined []*Def
}

// in is the problem as a diagnostic of the item's file.
func (p *problem) in(program *Program, file *File, item *syntax.Item) diag.Diagnostic {
	d := p.Shift(item.Span.Start)
	for _, def := range p.defined {
		related := diag.Related{Span: program.NameSpan(def), Message: "'" + def.Name + "' is defined here"}
		if !file.defines(def) {
			related.File = def.Path
		}
		d.Related = append(d.Related, related)
	}
	return d
}

// report adds a problem at a place of the item and returns it, to be completed at once.
func (r *resolver) report(code diag.Code, span source.Span, message string) *problem {
	p := problem{Diagnostic: diag.New(code, message)}
	p.Span = span
	r.info.problems = append(r.info.problems, p)
	return &r.info.problems[len(r.info.problems)-1]
}

// relate adds another place of the item.
func (p *problem) relate(span source.Span, message string) *problem {
	p.Related = append(p.Related, diag.Related{Span: span, Message: message})
	return p
}

// definition adds the place where a name is defined.
func (p *problem) definition(def *Def) *problem {
	if def != nil && def.Target != nil {
		p.defined = append(p.defined, def.Target)
	}
	return p
}

// fix adds a change that is not certain.
func (p *problem) fix(title string, edits ...diag.Edit) *problem {
	p.Fixes = append(p.Fixes, diag.Fix{Title: title, Edits: edits})
	return p
}
