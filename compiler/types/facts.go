package types

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Facts is what is known of the types of a program. It never changes.
type Facts struct{}

// Item is what is known of one item's types.
type Item struct{}

// Infer finds the types of a program. What an edit since earlier, which may be nil, cannot have changed is taken over from it.
func Infer(p *resolve.Program, python Python, earlier *Facts) *Facts { return &Facts{} }

// Item are the facts about one of the file's items, file.Tree.Items[index].
func (f *Facts) Item(file *resolve.File, index int) *Item { return &Item{} }

// Signatures are the ways of calling what a name of a file, the prelude or a builtin stands for: several for some builtins, none if
// nothing is known. For a local name, ask for the type of its use: Item.Of(name).Signatures().
func (f *Facts) Signatures(b *resolve.Binding) []Signature { return nil }

// Diagnostics are what the types of a file show to be wrong, in the order of their places.
func (f *Facts) Diagnostics(file *resolve.File) []diag.Diagnostic { return nil }

// Of is the type of an expression's value at its place.
func (i *Item) Of(e syntax.Expr) Type { return Any }

// Name is the type of what the name of a parameter, an assignment or a catch is given there.
func (i *Item) Name(n *syntax.Name) Type { return Any }

// Signature is how a function or lambda of the item is called, with inferred types.
func (i *Item) Signature(fn *resolve.Func) Signature { return Signature{} }
