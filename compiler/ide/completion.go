package ide

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// CompletionKind says what a completion inserts, for the icon beside it.
type CompletionKind uint8

const (
	CompleteLocal CompletionKind = iota + 1
	CompleteParameter
	CompleteFunction
	CompletePython
	CompleteBuiltin
)

// Completion is a name that may stand at a place.
type Completion struct {
	Name string
	Kind CompletionKind
	// Detail is the signature, or how the name came to be, in a line; Doc is Markdown, "" if there is none.
	Detail, Doc string
	// Distance ranks: 0 for the names of the innermost function, more for each function around it, then the file's own
	// names, then those that every file has.
	Distance int
}

// The distances of names outside of functions: more than any nesting of functions has.
const (
	distanceFile = 1000 + iota
	distanceStandard
)

// Completions are the names in scope at offset that begin with what is written there, nearest first, and the word that they
// replace, in the file's offsets.
func Completions(s *Snapshot, path string, offset int32) ([]Completion, source.Span) {
	file := s.file(path)
	if file == nil {
		return nil, source.Span{Start: offset, End: offset}
	}
	word := wordAt(file.Tree.Text, offset)
	prefix := file.Tree.Text[word.Start:offset]
	found := map[string]Completion{}
	add := func(c Completion) {
		if old, ok := found[c.Name]; strings.HasPrefix(c.Name, prefix) && (!ok || c.Distance < old.Distance) {
			found[c.Name] = c
		}
	}
	addLocals(file, offset, add)
	for name, b := range file.Scope.Names {
		add(describe(name, b))
	}
	all := make([]Completion, 0, len(found))
	for _, c := range found {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Completion) int {
		return cmp.Or(a.Distance-b.Distance, strings.Compare(a.Name, b.Name))
	})
	return all, word
}

// addLocals adds the names of the functions around offset, from the innermost outward.
func addLocals(file *resolve.File, offset int32, add func(Completion)) {
	for i, item := range file.Tree.Items {
		if !item.Span.Contains(offset) {
			continue
		}
		distance := 0
		for fn := innermost(file.Items[i].Funcs, offset-item.Span.Start); fn != nil; fn = fn.Parent {
			for slot, local := range fn.Locals {
				kind, detail := CompleteLocal, "local"
				if slot < fn.Params {
					kind, detail = CompleteParameter, "parameter"
				}
				if !local.Decl.Span().Contains(offset - item.Span.Start) {
					add(Completion{Name: local.Name, Kind: kind, Detail: detail, Distance: distance})
				}
			}
			distance++
		}
	}
}

// innermost is the smallest of an item's functions whose body contains the offset, which is relative to the item.
func innermost(funcs []*resolve.Func, offset int32) *resolve.Func {
	var best *resolve.Func
	for _, fn := range funcs {
		body := fn.Block()
		if body == nil || !body.Span().Contains(offset) {
			continue
		}
		if best == nil || best.Block().Span().Covers(body.Span()) {
			best = fn
		}
	}
	return best
}

func describe(name string, b *resolve.Binding) Completion {
	c := Completion{Name: name, Kind: CompleteFunction, Distance: distanceFile}
	switch b.Kind {
	case resolve.Builtin:
		builtin := &bytecode.Builtins[b.Index]
		c.Kind, c.Detail, c.Doc, c.Distance = CompleteBuiltin, builtin.Signature, builtin.Doc, distanceStandard
	case resolve.Import:
		c.Kind, c.Detail = CompletePython, "Python, "+b.Def.Target.Import.Module.Text
	case resolve.Function:
		c.Detail, c.Doc = signature(b.Def.Target.Func), syntax.DocText(b.Def.Target.Func.Doc)
		if b.Def.Target.Prelude {
			c.Distance = distanceStandard
		}
	}
	return c
}

// signature is a function's head as one line, "name(a, b)".
func signature(fn *syntax.FuncDef) string {
	names := make([]string, len(fn.Params))
	for i, p := range fn.Params {
		names[i] = p.Name.Text
	}
	return fn.Name.Text + "(" + strings.Join(names, ", ") + ")"
}

// wordAt is the name, or the beginning of one, that ends at offset or goes on behind it.
func wordAt(text string, offset int32) source.Span {
	start, end := offset, offset
	for start > 0 && syntax.PartOfName(text[start-1]) {
		start--
	}
	for int(end) < len(text) && syntax.PartOfName(text[end]) {
		end++
	}
	return source.Span{Start: start, End: end}
}
