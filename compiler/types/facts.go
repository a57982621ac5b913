package types

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Python gives the signature of a Python function, by module and path of attributes; false if its source is not known.
type Python func(module, name string) (Signature, bool)

// Facts is what is known of the types of a program. It never changes.
type Facts struct{}

// Item is what is known of one item's types.
type Item struct{}

// Infer finds the types of a program. What an edit since earlier, which may be nil, cannot have changed is taken over from it.
func Infer(p *resolve.Program, python Python, earlier *Facts) *Facts { return &Facts{} }

// Item are the facts about one of the file's items, file.Tree.Items[index].
func (f *Facts) Item(file *resolve.File, index int) *Item { return &Item{} }

// Diagnostics are what the types of a file show to be wrong, in the order of their places.
func (f *Facts) Diagnostics(file *resolve.File) []diag.Diagnostic { return nil }

// Of is the type of an expression's value at its place.
func (i *Item) Of(e syntax.Expr) Type { return Any }

// Name is the type of what the name of a parameter, an assignment or a catch is given there.
func (i *Item) Name(n *syntax.Name) Type { return Any }

// Result is the type of what a function or lambda of the item returns.
func (i *Item) Result(fn *resolve.Func) Type { return Any }
