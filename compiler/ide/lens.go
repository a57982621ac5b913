package ide

// Code lenses: what can be done with a function, and how often it is used, in the line above it.

import (
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// LensKind says what a code lens is for.
type LensKind uint8

const (
	// LensRun and LensDebug start a session with the function. They are above those that need no arguments, and above main,
	// on_upload and on_http.
	LensRun LensKind = iota + 1
	LensDebug
	// LensReferences says how often the function is used; LensUses finds that out.
	LensReferences
)

// Lens is a code lens above a function.
type Lens struct {
	Kind LensKind
	// Span is the function's name.
	Span     source.Span
	Function string
}

// Lenses are the code lenses of a file, in order. They are made without looking at any other file.
func Lenses(s *Snapshot, path string) []Lens {
	file := s.file(path)
	if file == nil {
		return nil
	}
	var all []Lens
	for i, item := range file.Tree.Items {
		fn, ok := item.Def.(*syntax.FuncDef)
		if !ok || fn.Name.Text == "" || file.Scope.Item(fn.Name.Text) != i {
			continue
		}
		lens := Lens{Span: item.Abs(fn.Name.Span()), Function: fn.Name.Text}
		kinds := []LensKind{LensReferences}
		if entry(fn) && fn.Body != nil {
			kinds = []LensKind{LensRun, LensDebug, LensReferences}
		}
		for _, lens.Kind = range kinds {
			all = append(all, lens)
		}
	}
	return all
}
