package types

import (
	"math/bits"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Facts is what is known of the types of a program. It never changes.
type Facts struct {
	program *resolve.Program
	files   map[string]*fileFacts
	layout  *layout
	// doubted are the functions that may be called with arguments that are not of the types that their parameters are annotated with.
	doubted map[key]bool
}

type fileFacts struct {
	items []*Item
	// faulty are the items with findings, doubts all of their doubts; quiet says of each item whether it is. shown: the types of all
	// expressions are kept.
	faulty []int
	doubts []key
	quiet  []bool
	shown  bool
}

// newFileFacts are those of a file with these items.
func newFileFacts(nodes []node, shown bool) *fileFacts {
	f := &fileFacts{shown: shown, items: make([]*Item, len(nodes)), quiet: make([]bool, len(nodes))}
	for i := range nodes {
		item := nodes[i].item
		f.items[i], f.quiet[i] = item, item.quiet()
		f.doubts = append(f.doubts, item.doubts...)
		if len(item.findings) > 0 {
			f.faulty = append(f.faulty, i)
		}
	}
	return f
}

// quiet says whether the item has to be looked at again only if it, or something that it uses, is not what it was: unlike an import, which
// depends on Python files, and unlike what uses itself.
func (i *Item) quiet() bool {
	return i.group == 1 && i.circle == nil && (i.info.Def == nil || i.info.Def.Import == nil)
}

// Item is what is known of one item's types.
type Item struct {
	info *resolve.Info
	uses []key
	// types are by node ID; nil if they are found out when they are asked for, with the lambdas, by later.
	types []Type
	later func() *Item
	// fn is the function that the item defines or imports, as callers go by it; nil if there is none. declared is what it is annotated
	// as giving.
	fn       *function
	declared Type
	owner    *owner
	lambdas  map[*resolve.Func]*function
	findings []finding
	// doubts are the functions that the item may call against their annotations.
	doubts []key
	// group is the number of items that use each other in a circle with this one, circle the circle.
	group  int
	circle *circle
	// ends are the ends that the function has, see frame.
	ends recursion
}

func (i *Item) doubt(k key) {
	if !slices.Contains(i.doubts, k) {
		i.doubts = append(i.doubts, k)
	}
}

// publish makes a function the one that the item defines.
func (i *Item) publish(fn *function) {
	fn.value = functionOf(fn)
	i.fn = fn
}

var noItem = &Item{}

// Of is the type of an expression's value at its place.
func (i *Item) Of(e syntax.Expr) Type { return i.at(e) }

// Name is the type of what the name of a parameter, an assignment or a catch is given there.
func (i *Item) Name(n *syntax.Name) Type { return i.at(n) }

func (i *Item) at(n syntax.Node) Type {
	i.complete()
	if id := n.ID(); id < len(i.types) {
		return i.types[id]
	}
	return Any
}

// Signature is how a function or lambda of the item is called, with inferred types.
func (i *Item) Signature(fn *resolve.Func) Signature {
	if fn.Lambda == nil {
		return i.signature()
	}
	i.complete()
	if known := i.lambdas[fn]; known != nil {
		return known.sig
	}
	return Signature{Name: fn.Name}
}

// signature is that of the item's function, with the result that it is annotated with if it is, and with the kind that an argument has to be
// of where there is only one.
func (i *Item) signature() Signature {
	if i.fn == nil {
		return Signature{}
	}
	sig := i.fn.sig
	if !i.declared.unknown() {
		sig.Result = i.declared
	}
	if i.fn.needs == nil {
		return sig
	}
	sig.Params = slices.Clone(sig.Params)
	for j, k := range i.fn.needs {
		if sig.Params[j].Type.unknown() && bits.OnesCount16(uint16(k)) == 1 {
			sig.Params[j].Type = of(k)
		}
	}
	return sig
}

// Needs are the kinds of which each argument of a function has to be, or a call certainly faults; nil if nothing is known of any.
func (f *Facts) Needs(b *resolve.Binding) []Kinds {
	if item := f.target(b); item != nil && item.fn != nil {
		return item.fn.needs
	}
	return nil
}

// target are the facts about the item that a name of a file stands for.
func (f *Facts) target(b *resolve.Binding) *Item {
	if b == nil || b.Kind != resolve.Function && b.Kind != resolve.Import {
		return nil
	}
	return f.find(named(b))
}

// find are the facts about the item that defines a name; nil if there is none.
func (f *Facts) find(k key) *Item {
	file, facts := f.program.File(k.path), f.files[k.path]
	if file == nil || facts == nil {
		return nil
	}
	if i := file.Scope.Item(k.name); i >= 0 && i < len(facts.items) {
		return facts.items[i]
	}
	return nil
}

// Signatures are the ways of calling what a name of a file, the prelude or a builtin stands for: several for some builtins, none if
// nothing is known. For a local name, ask for the type of its use: Item.Of(name).Signatures().
func (f *Facts) Signatures(b *resolve.Binding) []Signature {
	switch {
	case b == nil:
		return nil
	case b.Kind == resolve.Builtin:
		return builtinSignatures[b.Index].shown()
	case b.Kind != resolve.Function && b.Kind != resolve.Import:
		return nil
	}
	target := b.Def.Target
	if target.Prelude && preludeSignatures[target.Name] != nil {
		return preludeSignatures[target.Name].shown()
	}
	item := f.target(b)
	if item == nil || item.fn == nil || item.fn.python && !item.fn.signed {
		return nil
	}
	return []Signature{item.signature()}
}

// Diagnostics are what the types of a file show to be wrong, in the order of their places.
func (f *Facts) Diagnostics(file *resolve.File) []diag.Diagnostic {
	facts := f.files[file.Path]
	if facts == nil {
		return nil
	}
	var all []diag.Diagnostic
	for _, i := range facts.faulty {
		findings := facts.items[i].findings
		for j := range findings {
			all = append(all, f.diagnostic(&findings[j], file, i))
		}
	}
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) })
	return all
}

// diagnostic is a finding as a diagnostic of its file.
func (f *Facts) diagnostic(p *finding, file *resolve.File, index int) diag.Diagnostic {
	d, item := p.Diagnostic, file.Tree.Items[index]
	if def := file.Items[index].Def; p.assumes && (def == nil || f.doubted[key{def.Path, def.Name}]) {
		d.Severity = max(d.Severity, diag.Warning)
	}
	d.Span = item.Abs(d.Span)
	d.Related = slices.Clone(d.Related)
	for i := range d.Related {
		d.Related[i].Span = item.Abs(d.Related[i].Span)
	}
	for _, c := range p.defined {
		d.Related = append(d.Related, f.definition(c, file)...)
	}
	d.Fixes = slices.Clone(d.Fixes)
	for i := range d.Fixes {
		d.Fixes[i].Edits = slices.Clone(d.Fixes[i].Edits)
		for j := range d.Fixes[i].Edits {
			d.Fixes[i].Edits[j].Span = item.Abs(d.Fixes[i].Edits[j].Span)
		}
	}
	return d
}

// definition is where a function is defined, as a place that explains a problem of a file.
func (f *Facts) definition(c Callee, file *resolve.File) []diag.Related {
	of := f.program.File(c.Path)
	if of == nil || of.Scope.Def(c.Name) == nil {
		return nil
	}
	related := diag.Related{Span: f.program.NameSpan(of.Scope.Def(c.Name)), Message: "'" + c.Name + "' is defined here"}
	if of.Path != file.Path {
		related.File = of.Path
	}
	return []diag.Related{related}
}
