package ide

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
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
	case symbolPython:
		return s.pythonTargets(of)
	}
	return nil
}

// pythonTargets is where a Python function is defined, or, where the module does not tell, the module.
func (s *Snapshot) pythonTargets(of symbol) []Target {
	path, name, _ := s.pythonName(of.path, of.name)
	switch {
	case name != nil:
		return []Target{{Place: Place{Path: path, Span: name.Span}, Extent: name.Extent}}
	case path != "":
		return []Target{{Place: Place{Path: path}}}
	}
	return nil
}

// Declaration is where the file itself says what a name is: its import, the function, or the place that binds a local first.
func Declaration(s *Snapshot, path string, offset int32) (source.Span, []Target) {
	o, ok := s.occurrenceAt(path, offset)
	if !ok || o.Def == nil || o.Def.Path != path {
		return Definition(s, path, offset)
	}
	_, item := s.program.Locate(o.Def)
	if item == nil {
		return o.Span, nil
	}
	return o.Span, []Target{{Place: s.defPlace(o.Def), Extent: item.Span}}
}

// Implementation is the function behind a name of a file, in whatever file and language it is written.
func Implementation(s *Snapshot, path string, offset int32) (source.Span, []Target) {
	o, ok := s.occurrenceAt(path, offset)
	if !ok {
		return source.Span{}, nil
	}
	var targets []Target
	for _, meant := range o.Means {
		if meant.kind != symbolLocal {
			targets = append(targets, s.targets(meant)...)
		}
	}
	return o.Span, targets
}

// TypeDefinition is, for a future, the functions that the threads behind it may run; nothing for any other value. On async and await it
// is that of the future that they make or wait for.
func TypeDefinition(s *Snapshot, path string, offset int32) (source.Span, []Target) {
	file := s.file(path)
	if file == nil {
		return source.Span{}, nil
	}
	index := itemAt(file, offset)
	if index < 0 {
		return source.Span{}, nil
	}
	item, facts := file.Tree.Items[index], s.types.Item(file, index)
	nodes := item.Path(offset)
	for i := len(nodes) - 1; i >= 0; i-- {
		t, span, ok := typeAt(facts, nodes[i], offset-item.Span.Start)
		if !ok {
			continue
		}
		var targets []Target
		for _, callee := range t.Threads() {
			targets = append(targets, s.calleeTargets(callee, path, item)...)
		}
		return item.Abs(span), targets
	}
	return source.Span{}, nil
}

// typeAt is the type that a node has where the cursor touches it, and the text that it is asked about.
func typeAt(facts *types.Item, n syntax.Node, offset int32) (types.Type, source.Span, bool) {
	switch n := n.(type) {
	case *syntax.Ident:
		return facts.Of(n), n.Span(), true
	case *syntax.Name:
		return facts.Name(n), n.Span(), true
	case *syntax.Async:
		return facts.Of(n), n.Keyword, n.Keyword.Contains(offset)
	case *syntax.Await:
		return facts.Of(n.Operand), n.Keyword, n.Keyword.Contains(offset)
	}
	return types.Any, source.Span{}, false
}

// calleeTargets is where a function is defined that a thread runs; item is that in which the thread's future was found.
func (s *Snapshot) calleeTargets(callee types.Callee, path string, item *syntax.Item) []Target {
	file := s.file(callee.Path)
	if file == nil {
		return nil
	}
	if callee.Lambda != nil {
		if file.Path != path {
			return nil
		}
		span := item.Abs(callee.Lambda.Span())
		return []Target{{Place: Place{Path: path, Span: span}, Extent: span}}
	}
	if def := file.Scope.Def(callee.Name); def != nil {
		return s.targets(targetOf(def))
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
		if path, module := s.PythonModule(def.Module.Text); module != nil {
			return []Target{{Place: Place{Path: path}}}
		}
		return nil
	}
	path, ok := resolve.ModulePath(def.Module.Text)
	if !ok || s.file(path) == nil {
		return nil
	}
	return []Target{{Place: Place{Path: path}}}
}
