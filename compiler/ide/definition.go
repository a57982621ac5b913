package ide

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Target is where something is defined: its name, and the whole of the definition.
type Target struct {
	Place
	Extent source.Span
}

// Definition is where what is meant at an offset is defined, and the text that means it. A name that may be without a value has
// several definitions. Builtins are defined nowhere.
func Definition(s *Snapshot, path string, offset int32) (source.Span, []Target) {
	if module, span := s.moduleAt(path, offset); module != nil {
		return span, s.moduleTarget(module)
	}
	o, ok := s.occurrenceAt(path, offset)
	if !ok {
		return source.Span{}, nil
	}
	var targets []Target
	for _, meant := range o.Means {
		targets = append(targets, s.targets(meant)...)
	}
	return o.Span, targets
}

// targets are the places where a symbol is defined.
func (s *Snapshot) targets(of symbol) []Target {
	switch of.kind {
	case symbolLocal:
		place := Place{Path: of.path, Span: nameSpan(of.item, of.decl)}
		return []Target{{Place: place, Extent: place.Span}}
	case symbolFunction, symbolPrelude:
		file := s.file(of.path)
		if file == nil || file.Scope.Item(of.name) < 0 {
			return nil
		}
		item := file.Tree.Items[file.Scope.Item(of.name)]
		if def, ok := functionOf(item); ok {
			return []Target{{Place: Place{Path: of.path, Span: nameSpan(item, def.Name)}, Extent: item.Span}}
		}
	}
	return nil
}

// moduleAt is the import whose module is written at an offset.
func (s *Snapshot) moduleAt(path string, offset int32) (*syntax.ImportDef, source.Span) {
	file := s.file(path)
	if file == nil {
		return nil, source.Span{}
	}
	item := file.Tree.ItemAt(offset)
	if item == nil {
		return nil, source.Span{}
	}
	def, ok := item.Def.(*syntax.ImportDef)
	if !ok || def.Module.Text == "" || !item.Abs(def.Module.Span()).Contains(offset) {
		return nil, source.Span{}
	}
	return def, nameSpan(item, def.Module)
}

// moduleTarget is the start of the file that an import's module is.
func (s *Snapshot) moduleTarget(def *syntax.ImportDef) []Target {
	if def.Language != syntax.Hark {
		return nil
	}
	path, ok := resolve.ModulePath(def.Module.Text)
	if !ok || s.file(path) == nil {
		return nil
	}
	return []Target{{Place: Place{Path: path}}}
}
